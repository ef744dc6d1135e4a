"""Whole runs of `heavyopt optimize`, every algorithm, on several fitnesses: check_run values their portfolios anew from the
table."""
import csv
import gzip
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from under_test import SLOW

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
    return json.loads(result.read_text(encoding="utf-8"))


table = work / "simulated.csv"
heavyopt("generate", "--strategies", "300", "--days", "50", "--seed", "11", "-o", table)
for metric in ("ratio",) if SLOW else ("ratio", "less max dd", "profit factor", "expectancy"):
    check(table, "-p", "7", "--metric", metric)
check(table, "-p", "7", "--drawdown-threshold", "1e9")
check(table, "-p", "3:5", "--fitness", "ratio")
check(table, "-p", "1")
# The other kinds: walked, bounded by a walk, and scored one by one.
quick = ("-p", "5", "-a", "hc,ga")
for kind in (["weighted"], ["weighted", "--weight", "sharpe=1", "--weight", "win_rate=3"],
             ["weighted", "--weight", "ulcer_index=-1", "--weight", "total_roi=1"], ["enhanced"],
             ["enhanced", "--capital", "50000"], ["penalised"], ["hybrid", "--capital", "200000"],
             ["ratio", "--convention", "legacy"])[3 if SLOW else 0::4 if SLOW else 1]:
    check(table, *quick, "--fitness", *kind)
check(table, *quick, "--penalty", "multiplicative")
check(table, *quick, "--sharpe-adjust")
check(table, *quick, "--robust", "blocks=4,duplicates=2")
check(table, *quick, "--robust", "blocks=3,take=mean,half-life=1", "--fitness", "ratio", "--convention", "legacy")
# The daily returns of 20 stocks that come with skfolio: optima by enumeration, known to 12 digits (made with
# itertools and NumPy, outside of this project).
spec = importlib.util.find_spec("skfolio")
if spec is None:
    print("left out: this Python has no skfolio, whose data set is wanted")
else:
    packed = pathlib.Path(spec.submodule_search_locations[0]) / "datasets/data/sp500_dataset.csv.gz"
    with gzip.open(packed, "rt") as f:
        rows = list(csv.reader(f))
    days = [[now[0][:10]] + [repr(float(b) / float(a) - 1) for a, b in zip(before[1:], now[1:])]
            for before, now in zip(rows[1:], rows[2:])]
    for name, kept, size, value, members in (
            ("2022", [day for day in days if day[0].startswith("2022")], 3, 4.580334015742, "LLY MRK XOM"),
            ("last82", days[-82:], 5, 4.581132740023, "JNJ LLY MRK PEP WMT")):
        table = work / f"stocks{name}.csv"
        with open(table, "w", newline="") as f:
            csv.writer(f).writerows([["Date", *rows[0][1:]], *kept])
        best = check(table, "-p", str(size), "--fitness", "ratio", "--returns", "fraction")["best"]
        if best["portfolio"] != members.split() or abs(best["fitness"] - value) > 1e-11 or not best["proven_optimum"]:
            print(f"expected {members} with {value}, got {best['portfolio']} with {best['fitness']}")
            failures += 1

data = pathlib.Path(os.environ.get("HEAVYOPT_TEST_DATA", source / "../shared/data"))
if SLOW:
    print("left out under the sanitizer: most goals, real tables; the release run has them")
elif (data / "enhanced_zones_2023.csv").exists():
    # At size 10 the best drawdown is a millionth of the equity: any other order of operations shows.
    check(data / "enhanced_zones_2023.csv", "-p", "10")
    check(data / "enhanced_zones_2023.csv", "-p", "4", "--period", "row")
    check(data / "enhanced_zones_2023.csv", "-p", "4", "--fitness", "zone", "--zone-weights", "1,2,3,4", "--metric", "roi")
    check(data / "enhanced_zones_2023.csv", "-p", "4", "--balance", "strategy=1", "--penalty-factor", "1e6")
else:
    print(f"left out: there is no real table in {data}")
worst = data / "sensex_25544_worst_days.csv.gz"
if worst.exists() and not SLOW:
    table = work / "worst.csv"
    table.write_bytes(gzip.decompress(worst.read_bytes()))
    best = check(table, "-a", "hc,rs")["best"]
    if "portfolio_drawdown" in best["portfolio"]:
        print("the derived column was taken for a strategy")
        failures += 1
sys.exit(1 if failures else 0)
