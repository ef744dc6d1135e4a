"""A run that is interrupted ends with 130 and leaves the best so far; a second signal ends it at once."""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists():
    print(f"skipped: {program} is not built")
    sys.exit(77)
faults = []


def table(path, strategies, days):
    draw = random.Random(5)
    with open(path, "w") as out:
        print("Date", *(f"S{j}" for j in range(strategies)), sep=",", file=out)
        for t in range(days):
            cells = (f"{draw.gauss(10, 1400):.4f}" for _ in range(strategies))
            print(f"2023-{1 + t // 28:02d}-{1 + t % 28:02d}", *cells, sep=",", file=out)


def start(folder, *more):
    return subprocess.Popen(
        [program, "optimize", "t.csv", "-p", "20", "-o", "out", "--effort", "thorough", "--no-cache", "--json", *more],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until_it_searches(run):
    """The signal should meet the search, not the loader: a CPU's share of work says that it is under way."""
    ticks = 0
    while run.poll() is None and ticks < 0.8 * os.sysconf("SC_CLK_TCK"):
        time.sleep(0.05)
        fields = pathlib.Path(f"/proc/{run.pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])


with tempfile.TemporaryDirectory() as folder:
    table(f"{folder}/t.csv", 3000, 60)
    for number in (signal.SIGINT, signal.SIGTERM):
        run = start(folder)
        wait_until_it_searches(run)
        if run.poll() is not None:
            print("skipped: the run was over before a signal could reach it")
            sys.exit(77)
        asked = time.monotonic()
        run.send_signal(number)
        out, err = run.communicate(timeout=120)
        took = time.monotonic() - asked
        print(f"{number.name}: exit {run.returncode} after {took:.2f} s")
        if run.returncode != 130:
            faults.append(f"{number.name}: exit {run.returncode}, not 130\n{err}")
            continue
        best = json.loads(out)["best"]
        if len(set(best["portfolio"])) != 20 or not best["fitness"] > -1e300:
            faults.append(f"{number.name}: the best so far is no portfolio of 20")
        written = sorted(p.name for p in pathlib.Path(folder, "out").rglob("*"))
        if not any(name.endswith(".json") for name in written):
            faults.append(f"{number.name}: nothing was written: {written}")
        for path in pathlib.Path(folder, "out").rglob("*.json"):
            json.loads(path.read_text())
        if any("tmp" in name for name in written):
            faults.append(f"{number.name}: temporary files are left: {written}")

    # A branch and bound: what is proven by then is told.
    run = subprocess.Popen([program, "bound", "t.csv", "-p", "20", "--prove", "--prove-nodes", "100000000", "--no-cache",
                            "--json"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until_it_searches(run)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=120)
    print(f"bound: exit {run.returncode}")
    if run.returncode == 130:
        tree = json.loads(out)["bound"]["tree"]
        if tree is not None and tree["stopped_by"] != "cancelled":
            faults.append(f"bound: the tree says that it was stopped by {tree['stopped_by']}")
    elif "HiGHS is not in this build" not in err:
        faults.append(f"bound: exit {run.returncode}, not 130\n{err}")

for fault in faults:
    print("FAULT:", fault)
sys.exit(1 if faults else 0)
