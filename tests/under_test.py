"""The program that tests run. ctest puts this folder into PYTHONPATH."""
import os
import subprocess

BUILD = os.environ["HEAVYOPT_BUILD"]
PROGRAM = os.path.join(BUILD, "heavyopt")
SLOW = os.path.basename(BUILD.rstrip("/")) == "asan"


def run(*arguments, code=0, **more):
    """What it printed, as text; it must end with that exit code, None: with any."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, **more)
    assert code is None or done.returncode == code, f"{arguments}: exit {done.returncode}, {done.stderr}"
    return done
