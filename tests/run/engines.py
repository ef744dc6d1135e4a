"""A run with an engine: the program, the plug-in whose device is the processor itself (tests/bridge/fake_device.c), and the
part of a document that no engine may change."""
import json
import os
import pathlib
import tempfile

import under_test

build = pathlib.Path(under_test.BUILD)
fake = build / "tests/fake_device.so"
clean = {k: v for k, v in os.environ.items() if not k.startswith(("HEAVYOPT_GPU", "HEAVYOPT_CUDF", "HEAVYOPT_FAKE"))}
clean["HEAVYOPT_CUDF"] = "/nonexistent/libheavyopt_cudf.so"
folder = tempfile.TemporaryDirectory(prefix="heavyopt-engine-")
here = pathlib.Path(folder.name)
table = here / "table.csv"
common = ["--effort", "quick", "--no-cache", "--no-bound", "--report", "none", "--json"]


def run(*arguments, code=0, **environment):
    return under_test.run(*arguments, code=code, cwd=here, env={**clean, **environment})


def warnings(done):
    return [line for line in done.stderr.splitlines() if "warning: " in line]


def document(done):
    whole = json.loads(done.stdout)
    engine = whole["engine"]
    for name in ["timings", "engine", "kernels", "peak_memory_bytes", "files", "output"]:
        whole.pop(name, None)
    return whole, engine


def calls_of(log):
    """What the fake device counted, at its last end."""
    return {name: int(count) for name, count in (line.split() for line in log.read_text().splitlines())}
