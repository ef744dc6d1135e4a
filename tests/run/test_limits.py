"""`optimize` under limits, checked by NumPy: what every algorithm returns keeps to them, the best of a small table is the
best of all portfolios that do, and what cannot be kept is refused in one line that names it."""
import collections
import csv
import gzip
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from under_test import SLOW

try:
    import numpy as np
except ImportError:
    print("skipped: this Python has no numpy")
    sys.exit(77)

PROGRAM = os.path.join(os.environ["HEAVYOPT_BUILD"], "heavyopt")
SOURCE = pathlib.Path(os.environ["HEAVYOPT_SOURCE"])


def run(*arguments, code=0, **more):
    environment = dict(os.environ, XDG_CACHE_HOME=os.path.abspath("cache"), **more)
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=environment)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}, {done.stderr}"
    return done


def optimize(table, *options, **more):
    return json.loads(run("optimize", "-i", table, "-o", "out", "--effort", "quick", "--report", "none", "--json",
                          *options, **more).stdout)


def refused(words, *options, code=2):
    done = run("optimize", "-i", "table.csv", "-o", "out", "--effort", "quick", "-p", 10, *options, code=code)
    said = [line for line in done.stderr.splitlines() if not line.startswith("heavyopt: warning: ")]
    assert len(said) == 1 and words in said[0] and done.stdout == "", done.stderr


class Table:
    def __init__(self, path):
        opened = gzip.open(path, "rt") if str(path).endswith(".gz") else open(path, encoding="utf-8", newline="")
        with opened as lines:
            rows = list(csv.reader(lines))
        first = {"start_time": 9, "Zone": 3, "Day": 2}[rows[0][1]]
        by_day = collections.OrderedDict()
        for row in rows[1:]:
            values = np.array([float(cell) for cell in row[first:]])
            by_day[row[0]] = by_day.get(row[0], 0) + values
        self.names, self.x = rows[0][first:], np.array(list(by_day.values()))
        self.at = {name: j for j, name in enumerate(self.names)}

    def correlation(self, members):
        x = self.x[:, members] - self.x[:, members].mean(axis=0)
        norm = np.sqrt((x * x).sum(axis=0))
        flat = np.ptp(self.x[:, members], axis=0) == 0
        z = np.where(flat, 0, x / np.where(norm == 0, 1, norm))
        matrix = z.T @ z
        np.fill_diagonal(matrix, -1)
        return matrix.max()


def window(name):
    part = re.match(r"(\S+) (\d{3,4})-(\d{3,4}) SL", name)
    return tuple(f"{int(time):04d}" for time in part.group(2, 3)) if part else None


def check(table, found, correlation=1, per_window=None, per_symbol=None, active=0, distinct=False, apart=()):
    """Every portfolio of the document. Returns the names of the best."""
    for one in found["algorithms"]:
        members = [table.at[name] for name in one["portfolio"]]
        where = f"{one['name']}: {one['portfolio']}"
        assert len(set(members)) == one["size"], where
        assert table.correlation(members) <= correlation + 1e-9, where
        windows = collections.Counter(window(name) for name in one["portfolio"])
        windows.pop(None, None)
        assert per_window is None or max(windows.values()) <= per_window, where
        symbols = collections.Counter(name.split(" ")[0] for name in one["portfolio"])
        assert per_symbol is None or min(symbols.get(symbol, 0) for symbol in per_symbol[1]) >= per_symbol[0], where
        assert (table.x[:, members] != 0).sum(axis=0).min() >= active, where
        assert not distinct or len({table.x[:, j].tobytes() for j in members}) == len(members), where
        for line in apart:
            assert len(set(line) & set(one["portfolio"])) <= 1, where
    best, pair = found["best"]["portfolio"], found["limits"]["largest_correlation"]
    assert abs(table.correlation([table.at[name] for name in best]) - pair["value"]) < 1e-9
    assert abs(table.correlation([table.at[pair["first"]], table.at[pair["second"]]]) - pair["value"]) < 1e-9
    return best


def make_table():
    run("generate", "--strategies", 400, "--days", 40, "--seed", 9, "-o", "made.csv")
    with open("made.csv", encoding="utf-8", newline="") as made:
        rows = list(csv.reader(made))
    names = rows[0][3:]
    for j in range(0, 400, 3):  # a second symbol, a name without a shape, idle and equal strategies
        names[j] = names[j].replace("SENSEX", "NIFTY")
    names[7] = "by hand"
    for number, row in enumerate(rows[1:]):
        for j in range(0, 400, 10):
            row[3 + j] = "0" if number > 5 else row[3 + j]
        for j in range(50, 90):
            row[3 + j] = row[3 + j + 40]
    with open("table.csv", "w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows([rows[0][:3] + names, *rows[1:]])
    return Table("table.csv")


def check_generated(table):
    check(table, optimize("table.csv", "-p", 12, "--max-correlation", "0.3"), correlation=0.3)
    found = optimize("table.csv", "-p", "9:11", "--max-per-group", 1, "--min-per-group", "symbol=4")
    check(table, found, per_window=1, per_symbol=(4, ("SENSEX", "NIFTY")))
    assert [line["size"] for line in found["sizes"]] == [9, 10, 11]
    assert any("tell no window" in line and "by hand" in line for line in found["warnings"]), found["warnings"]

    best = check(table, optimize("table.csv", "-p", 10, "--distinct", "--min-active-days", 20), active=20, distinct=True)
    with open("apart.txt", "w", encoding="utf-8") as apart:
        apart.write("\ufeff\n" + "\t".join(best[:4]) + "\n\n " + best[4] + " \t\t" + best[5] + "\r\n")
    options = ("-p", 10, "--distinct", "--min-active-days", 20, "--exclusive", "apart.txt", "--max-correlation", "0.6",
               "--max-per-group", "entry=3", "--include", best[0])
    found = optimize("table.csv", *options)
    best = check(table, found, 0.6, active=20, distinct=True, apart=(best[:4], best[4:6]))
    idle = int(((table.x != 0).sum(axis=0) < 20).sum())
    assert found["limits"]["left_out_inactive"] == idle > 30
    listed = {line["member"]: line["copies"] for line in found["limits"]["copies"]}
    for name in best:
        same = [n for n in table.names if n != name and (table.x[:, table.at[n]] == table.x[:, table.at[name]]).all()]
        assert listed.get(name, []) == same, name
    for threads, cpu in ((3, "sse2"),) if SLOW else ((1, "ref"), (3, "sse2")):
        other = optimize("table.csv", *options, "--threads", threads, HEAVYOPT_CPU=cpu)
        for key in ("timings", "engine", "kernels", "peak_memory_bytes"):
            other[key] = found[key]
        assert other == found, f"{threads} threads, {cpu}"


def check_small():
    """The best of all portfolios of 4 of 18, by the ratio of total to drawdown."""
    run("generate", "--strategies", 18, "--days", 30, "--seed", 4, "-o", "small.csv")
    table = Table("small.csv")
    most = 0.25
    best, count = (-np.inf, None), 0
    for members in itertools.combinations(range(18), 4):
        windows = collections.Counter(window(table.names[j]) for j in members)
        if max(windows.values()) > 1 or table.correlation(list(members)) > most:
            continue
        count += 1
        equity = np.concatenate([[0], table.x[:, list(members)].sum(axis=1).cumsum()])
        drawdown = (np.maximum.accumulate(equity) - equity).max()
        best = max(best, (equity[-1] / drawdown, members))
    found = optimize("small.csv", "-p", 4, "--fitness", "ratio", "--max-correlation", most, "--max-per-group", 1)
    names = [table.names[j] for j in best[1]]
    assert found["best"]["portfolio"] == names and found["best"]["proven_optimum"], (found["best"], names)
    assert found["algorithms"][-1]["name"] == "enumeration" and found["algorithms"][-1]["evaluations"] == count > 10


def check_refusals(table):
    refused("--max-correlation -0.9: no set of 10 of the 400 candidates", "--max-correlation", "-0.9")
    refused("--max-per-group symbol=4: at most 9 of 10 can be chosen", "--max-per-group", "symbol=4")
    refused("--min-per-group symbol=6: a set of 10 is too small, the groups need 12", "--min-per-group", "symbol=6")
    refused("400 strategies, 0 without those that", "--min-active-days", 41)
    refused("by symbol, window, entry, exit or zone", "--max-per-group", "zoo=3")
    refused("zone of any strategy", "--max-per-group", "zone=3", "--market-open", "20:00", "--market-close", "21:00")
    refused("--max-per-group zone=2: at most 8 of 10 can be chosen", "--max-per-group", "zone=2", "--exclude", "by hand")
    refused("nowhere.txt: No such file", "--exclusive", "nowhere.txt", code=3)
    for text, words in (("by hand\n", "line 1: two names or more"), ("by hand\tby hnd\n", "did you mean by hand?"),
                        ("\n\nby hand\tnobody at all here\n", "line 3: no strategy is named nobody")):
        pathlib.Path("bad.txt").write_text(text, encoding="utf-8")
        refused(words, "--exclusive", "bad.txt")
    first, second = table.names[0], table.names[1]
    pathlib.Path("pair.txt").write_text(f"{first}\t{second}\n", encoding="utf-8")
    refused(f"--exclusive: {first} and {second} may not be together", "--exclusive", "pair.txt", "--include", first,
            "--include", second)
    refused("--min-active-days 20: --include " + table.names[0], "--min-active-days", 20, "--include", table.names[0])


def check_real(data):
    zones = data / "enhanced_zones_2023.csv"
    if zones.exists():
        table = Table(zones)
        found = optimize(zones, "-p", 8, "--max-correlation", "0.2", "--distinct", "--regime-weights", "off")
        check(table, found, correlation=0.2, distinct=True)
    else:
        print(f"left out: there is no real table in {data}")
    worst = data / "sensex_25544_worst_days.csv.gz"
    if worst.exists() and not SLOW:
        pathlib.Path("worst.csv").write_bytes(gzip.decompress(worst.read_bytes()))
        table = Table("worst.csv")
        found = optimize("worst.csv", "-a", "hc,ga,ils", "--max-correlation", "0.8", "--distinct")
        check(table, found, correlation=0.8, distinct=True)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    made = make_table()
    check_generated(made)
    check_small()
    check_refusals(made)
    check_real(pathlib.Path(os.environ.get("HEAVYOPT_TEST_DATA", SOURCE / "../shared/data")).resolve())
    os.chdir("/")
