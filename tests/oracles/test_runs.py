"""Whole runs of `heavyopt optimize`, every algorithm, on several fitnesses: check_run values their portfolios anew from the
table."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import check_run
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)

source = pathlib.Path(os.environ["HEAVYOPT_SOURCE"])
program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists():
    print("skipped: the program was not built")
    sys.exit(77)
offered = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
if "optimize" not in offered or "generate" not in offered:
    print("skipped: this program has no command optimize or generate")
    sys.exit(77)

folder = tempfile.TemporaryDirectory()
work = pathlib.Path(folder.name)
environment = dict(os.environ, XDG_CACHE_HOME=str(work / "cache"))
failures = 0


def heavyopt(*arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, env=environment, cwd=work)
    if done.returncode != 0:
        raise SystemExit(f"heavyopt {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def check(table, *options):
    global failures
    print(f"-- {pathlib.Path(table).name} {' '.join(options)}")
    result = work / "result.json"
    result.write_text(heavyopt("optimize", "-i", table, "--effort", "quick", "-o", work / "out", "--json", *options),
                      encoding="utf-8")
    failures += check_run.main(str(table), str(result))


table = work / "simulated.csv"
heavyopt("generate", "--strategies", "300", "--days", "50", "--seed", "11", "-o", table)
for metric in ("ratio", "less max dd", "profit factor", "expectancy"):
    check(table, "-p", "7", "--metric", metric)
check(table, "-p", "7", "--drawdown-threshold", "1e9")
check(table, "-p", "3:5", "--fitness", "ratio")
check(table, "-p", "1")
data = pathlib.Path(os.environ.get("HEAVYOPT_TEST_DATA", source / "../shared/data")) / "enhanced_zones_2023.csv"
if data.exists():
    check(data, "-p", "4")
    check(data, "-p", "4", "--period", "row")
else:
    print(f"left out: there is no {data}")
sys.exit(1 if failures else 0)
