"""Certificates of every kind of bound hold when NumPy checks them against the table; a certificate that claims more than it
proves, or leaves portfolios out, does not pass. What the command says is what the certificate proves."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
source = pathlib.Path(os.environ["HEAVYOPT_SOURCE"])
sys.path.insert(0, str(source / "tests/oracles"))
try:
    import check_certificate
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)
program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists():
    print("skipped: no program")
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


def check(label, wanted, happened):
    global failures
    if wanted != happened:
        print(f"FAILED: {label}")
        failures += 1


def passes(certificate):
    try:
        return check_certificate.main(work / "table.csv", certificate) == 0
    except SystemExit as refused:
        print(refused)
        return False


heavyopt("generate", "--strategies", 400, "--days", 60, "-o", "table.csv")
first = (work / "table.csv").read_text().split("\n")[0].split(",")[-1].strip()
goals = [(), ("--fitness", "ratio"), ("--metric", "roi"), ("--metric", "less max dd"), ("--metric", "profit factor"),
         ("--metric", "expectancy"), ("--drawdown-threshold", 200), ("--metric", "less max dd", "--drawdown-threshold", 200),
         ("--include", first), ("--exclude", first, "--fitness", "ratio"), ("--max-per-group", "entry=1"),
         ("--fitness", "ratio", "--max-per-group", "entry=2", "--max-per-group", "window=1", "--include", first)]
for size in (1, 4, 20):
    for goal in goals:
        said = json.loads(heavyopt("bound", "table.csv", "-p", size, *goal, "--certificate", "c.json", "--json"))
        c = json.loads((work / "c.json").read_text())
        print(size, *goal, end=": ")
        check(f"{size} {goal}: the certificate", True, passes(work / "c.json"))
        if said["bound"]["useful"]:
            check(f"{size} {goal}: the value said", c["value"], said["bound"]["value"])

heavyopt("bound", "table.csv", "-p", 20, "--certificate", "c.json")
honest = json.loads((work / "c.json").read_text())
for label, forge in [
        ("a smaller bound", lambda c: c.update(value=c["value"] * 0.999)),
        ("a piece that claims too little", lambda c: c["pieces"][2].update(value=c["pieces"][2]["value"] * 0.999)),
        ("a piece that is missing", lambda c: c["pieces"].pop(2)),
        ("a smaller penalty", lambda c: [p.update(pair_weight=p["pair_weight"] * 2) for p in c["pieces"]]),
        ("weights below nothing", lambda c: c["pieces"][2]["y"].__setitem__(3, -1.0)),
        ("a least drawdown from nowhere", lambda c: c["pieces"][0].update(value=c["pieces"][0]["value"] * 1.01))]:
    forged = json.loads(json.dumps(honest))
    forge(forged)
    (work / "forged.json").write_text(json.dumps(forged))
    check(f"{label} passes", False, passes(work / "forged.json"))

# limits of groups make the bound tighter, and what it knows of them stands in the proof
limited = json.loads(heavyopt("bound", "table.csv", "-p", 20, "--max-per-group", "entry=1", "--certificate", "c.json", "--json"))
check("a bound that knows the groups is below one that does not", True, limited["bound"]["value"] < honest["value"])
check("the rule is named", "--max-per-group entry=1", limited["bound"]["limits"])
forged = json.loads((work / "c.json").read_text())
forged["groups"]["most"] = [2] * len(forged["groups"]["most"])
(work / "forged.json").write_text(json.dumps(forged))
check("more members of a group pass", False, passes(work / "forged.json"))
sys.exit(1 if failures else 0)
