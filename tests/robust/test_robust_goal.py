"""`--robust` and the planted edges of `generate` through the program: fitness by blocks as NumPy has it, the best of all
sets where they can be counted out, and tables that differ from the plain ones by what the truth says."""
import csv
import itertools
import json
import os
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "oracles"))
sys.dont_write_bytecode = True
try:
    import numpy as np

    import robust_goal
except ImportError as missing:
    print(f"skipped: this Python has no {missing.name}")
    sys.exit(77)

from under_test import PROGRAM, SLOW, run

GOALS = [("legacy", "ratio", "blocks=4"), ("legacy", "ratio", "blocks=3,take=mean,half-life=1.5"),
         ("ratio", "ratio", "blocks=5,take=quantile,quantile=0.3"), ("ratio", "ratio", "blocks=4 drawdown=own"),
         ("legacy", "roi", "blocks=7"), ("legacy", "less max dd", "blocks=4,take=mean"),
         ("legacy", "profit factor", "blocks=2,take=mean"), ("legacy", "ratio", "duplicates=3"),
         ("ratio", "ratio", "blocks=3,duplicates=0.4")]


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0][3:], np.array([[float(x) for x in row[3:]] for row in rows[1:]])


def optimize(table, size, kind, metric, robust, *more):
    said = run("optimize", table, "--no-cache", "-p", str(size), "-f", kind, "-m", metric, "--robust", robust, "-e", "quick",
               "--no-bound", "--report", "none", "--json", "--quiet", "-o", "out", *more)
    return json.loads(said.stdout)


def make_small():
    """12 strategies over 30 days, some of them near-duplicates of others."""
    rng = np.random.default_rng(3)
    x = np.round(1000 * rng.standard_normal((30, 12)) + 150, 2)
    for copy, of in ((3, 1), (7, 1), (9, 8), (11, 10)):
        x[:, copy] = np.round(x[:, of] * 1.1 + 30 * rng.standard_normal(30), 2)
    with open("small.csv", "w", encoding="utf-8") as file:
        print("Date," + ",".join(f"S{j}" for j in range(12)), file=file)
        for t, row in enumerate(x):
            print(f"2024-01-{t + 1:02d}," + ",".join(repr(float(v)) for v in row), file=file)
    return x


def check_the_best(x, kind, metric, robust):
    """The search finds the best of all 220 sets, and says what NumPy says of it."""
    root = robust_goal.clusters(x)
    value = {}
    for members in itertools.combinations(range(12), 3):
        columns = [x[:, j] for j in members]
        value[members] = robust_goal.fitness(columns, robust, kind, metric) - robust_goal.duplicates_cost(members, root, robust)
    top = max(value.values())
    for found in optimize("small.csv", 3, kind, metric, robust, "-a", "hc,ga", "--set",
                          "ga.population_size=60")["algorithms"]:
        members = tuple(sorted(int(name[1:]) for name in found["portfolio"]))
        assert abs(found["fitness"] - value[members]) <= 1e-9 * max(1, abs(top)), (kind, metric, robust, found, value[members])
        assert abs(found["fitness"] - top) <= 1e-9 * max(1, abs(top)), (kind, metric, robust, found, top)
    assert len(set(root)) == 8


def check_larger_runs():
    """Values at a size that no one enumerates, the same on any number of threads."""
    names, x = read("edges.csv")
    place = {name: j for j, name in enumerate(names)}
    for kind, metric, robust in GOALS[:2]:
        texts = set()
        for threads in ("1", "3"):
            said = optimize("edges.csv", 9, kind, metric, robust, "-a", "sa,ga", "-t", threads, "--drawdown-threshold", "900")
            texts.add(json.dumps([said["best"]["portfolio"], said["best"]["fitness"]]))
        assert len(texts) == 1
        best = said["best"]
        value = robust_goal.fitness([x[:, place[n]] for n in best["portfolio"]], robust, kind, metric, 900)
        assert abs(best["fitness"] - value) <= 1e-9 * max(1, abs(value)), (robust, best["fitness"], value)


def check_edges():
    """The planted table is the plain one and what the truth says, and decoys earn in the sample what edges earn."""
    shape = ("--strategies", "200", "--days", "90", "--seed", "4", "--zones", "2")
    run("generate", "plain.csv", *shape)
    planted = ("--edges", "7", "--decoys", "5", "--edge-size", "0.5", "--sample-days", "40", "--decoy-days", "8")
    run("generate", "edges.csv", *shape, *planted, "--truth", "truth.csv", "-t", "1")
    run("generate", "again.csv", *shape, *planted, "-t", "3")
    assert open("edges.csv", "rb").read() == open("again.csv", "rb").read()
    names, plain = read("plain.csv")
    x = read("edges.csv")[1]
    days = lambda table: table.reshape(90, 2, -1).sum(axis=1)
    truth = list(csv.DictReader(open("truth.csv", encoding="utf-8")))
    assert [row["Kind"] for row in truth] == ["edge"] * 7 + ["decoy"] * 5
    wanted = np.zeros((90, 200))
    for row in truth:
        first, last, rupees = int(row["First Day"]), int(row["Last Day"]), float(row["Rupees a Day"])
        wanted[first - 1:last, names.index(row["Strategy"])] += rupees
        deviation = days(plain)[:40, names.index(row["Strategy"])].std(ddof=1)
        size = 0.5 if row["Kind"] == "edge" else 0.5 * 40 / 8
        assert abs(rupees - size * deviation) <= 1e-9 * rupees and last <= (90 if row["Kind"] == "edge" else 40)
        assert last - first + 1 == (90 if row["Kind"] == "edge" else 8)
    assert np.allclose(days(x) - days(plain), wanted, atol=1e-6)
    run("generate", "edges.csv", "--strategies", "200", "--days", "60", "--seed", "4", *planted)


def check_page():
    """The page says what the fitness is of."""
    run("optimize", "small.csv", "--no-cache", "-p", "3", "-a", "hc", "--robust", "blocks=4", "--report", "html", "-o", "told")
    with open(os.path.join("told", os.listdir("told")[0], "report.html"), encoding="utf-8") as file:
        assert "The search took it as <code>--robust blocks=4</code>" in file.read()


def check_bench():
    """The table of docs/ROBUSTNESS.md can be made again: the edges themselves are edges, and earn."""
    script = os.path.join(os.environ["HEAVYOPT_SOURCE"], "bench", "robust.py")
    done = subprocess.run([sys.executable, script, "--program", PROGRAM, "--seeds", "2", "--strategies", "60", "--size", "3",
                           "--edges", "5", "--decoys", "5", "--edge-size", "1", "--only", "blocks=4"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = {row.split("|")[1].strip(): row.split("|")[2:] for row in done.stdout.splitlines()}
    assert rows["the edges themselves"][0].split()[0] == "3.00" and float(rows["the edges themselves"][3].split()[0]) > 0
    assert {"blocks=4", "plain: ratio of all days", "best alone", "at random"} < set(rows)


def check_refusals():
    for robust, words in (("blocks=2.5", "blocks=2 to 24"), ("blocks=24,take=most", "take="), ("take=mean", "blocks="),
                          ("quantile=2,blocks=3", "quantile"), ("blocks", "'blocks'"), ("x" * 300, "blocks=")):
        done = run("optimize", "small.csv", "--no-cache", "-p", "3", "--robust", robust, code=2)
        assert words in done.stderr and done.stderr.count("\n") == 1, done.stderr
    for more in (("-f", "penalised"), ("--penalty", "multiplicative")):
        assert "blocks go with" in run("optimize", "small.csv", "-p", "3", "--robust", "blocks=4", *more, code=2).stderr
    few = run("optimize", "small.csv", "-p", "3", "--to", "2024-01-03", "--robust", "blocks=4", "--no-cache", code=2)
    assert "4 blocks of 3" in few.stderr, few.stderr
    assert "strategies" in run("generate", "no.csv", "--strategies", "10", "--edges", "6", "--decoys", "5", code=2).stderr
    assert "at most" in run("generate", "no.csv", "--days", "20", "--edges", "1", "--sample-days", "30", code=2).stderr


with tempfile.TemporaryDirectory() as folder:
    os.environ["HEAVYOPT_CACHE"] = os.path.join(folder, "cache")
    os.chdir(folder)
    x = make_small()
    for goal in GOALS[1::2] if SLOW else GOALS:
        check_the_best(x, *goal)
    check_edges()
    check_larger_runs()
    check_page()
    if not SLOW:
        check_bench()
    check_refusals()
print("the best sets by blocks and with near-duplicates are those of NumPy; planted edges are what the truth says")
