#!/usr/bin/env python3
"""How often plain and robust selection find planted edges, and what their choices earn later; prints Markdown.

    bench/robust.py [--seeds 50] [--strategies 1000] [--size 10] [--edges 25] [--decoys 50] [--edge-size 0.25]
                    [--fitness legacy] [--only TEXT] [--program build/release/heavyopt] [--json FILE]

For each seed `heavyopt generate` makes a table of 164 days in which some strategies earn more on every day (edges) and
others as much in all over the first 82 days, but within a stretch of 20 of them (decoys). Each way of choosing sees the
first 82 days; the other 82 tell what its portfolio earned. All ways have the same algorithms and the same effort. Beside
them: a portfolio drawn at random, the strategies best alone, and what nobody can choose: the edges themselves."""
import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SEEN, DAYS = 82, 164
WAYS = [("plain: ratio of all days", []),
        ("blocks=4", ["--robust", "blocks=4"]),
        ("blocks=6", ["--robust", "blocks=6"]),
        ("blocks=8", ["--robust", "blocks=8"]),
        ("blocks=12", ["--robust", "blocks=12"]),
        ("blocks=6, each over its own drawdown", ["--robust", "blocks=6,drawdown=own"]),
        ("blocks=6, take=quantile", ["--robust", "blocks=6,take=quantile"]),
        ("blocks=6, take=mean", ["--robust", "blocks=6,take=mean"]),
        ("blocks=6, take=mean, half-life=2", ["--robust", "blocks=6,take=mean,half-life=2"]),
        ("near-duplicates cost 1", ["--robust", "duplicates=1"]),
        ("blocks=6, near-duplicates cost 1", ["--robust", "blocks=6,duplicates=1"]),
        ("blocks=12, near-duplicates cost 1", ["--robust", "blocks=12,duplicates=1"])]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--strategies", type=int, default=1000)
    parser.add_argument("--size", type=int, default=10)
    parser.add_argument("--edges", type=int, default=25)
    parser.add_argument("--decoys", type=int, default=50)
    parser.add_argument("--edge-size", type=float, default=0.25)
    parser.add_argument("--fitness", default="legacy")
    parser.add_argument("--only", help="beside the plain way those with this in their name", default="")
    parser.add_argument("--algorithms", default="sa,hc,ils")
    parser.add_argument("--effort", default="quick")
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "heavyopt"))
    parser.add_argument("--json", help="every portfolio's figures, as a document, into this file")
    return parser.parse_args()


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    names = rows[0][3:]
    return rows, names, {name: [float(row[j + 3]) for row in rows[1:]] for j, name in enumerate(names)}


def profit_and_ratio(values):
    """Profit a day and return over drawdown."""
    equity = peak = drawdown = 0.0
    for value in values:
        equity += value
        peak = max(peak, equity)
        drawdown = max(drawdown, peak - equity)
    return equity / len(values), equity / drawdown if drawdown > 0 else float("inf")


def later(series, members):
    """Both of a portfolio on the days that were not seen."""
    return profit_and_ratio([sum(series[name][t] for name in members) for t in range(SEEN, DAYS)])


def alone(values):
    """Return over drawdown of one strategy on the days that are seen."""
    return profit_and_ratio(values[:SEEN])[1]


def correlation(a, b):
    x, y = ([v - statistics.fmean(s[:SEEN]) for v in s[:SEEN]] for s in (a, b))
    size = (sum(v * v for v in x) * sum(v * v for v in y)) ** 0.5
    return sum(v * w for v, w in zip(x, y)) / size if size > 0 else 0.0


def near_duplicates(series, members):
    """Members that are nearly the same as an earlier one."""
    return sum(any(correlation(series[name], series[other]) >= 0.99 for other in members[:k])
               for k, name in enumerate(members))


def choose(options, table, to, way):
    done = subprocess.run([options.program, "optimize", table, "--no-cache", "--to", to, "-p", str(options.size),
                           "-a", options.algorithms, "-f", options.fitness, "-e", options.effort, "--no-bound",
                           "--report", "none", "-o", "out", "--json", "--quiet", *way], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{way}: {done.stderr}")
    return json.loads(done.stdout)["best"]["portfolio"]


def one_seed(options, seed, found):
    subprocess.run([options.program, "generate", "table.csv", "--strategies", str(options.strategies), "--days", str(DAYS),
                    "--seed", str(seed), "--edges", str(options.edges), "--decoys", str(options.decoys), "--edge-size",
                    str(options.edge_size), "--sample-days", str(SEEN), "--decoy-days", "20", "--truth", "truth.csv"],
                   check=True, capture_output=True)
    rows, names, series = read("table.csv")
    with open("truth.csv", encoding="utf-8", newline="") as file:
        truth = {row["Strategy"]: row["Kind"] for row in csv.DictReader(file)}
    picks = [(name, choose(options, "table.csv", rows[SEEN][0], way)) for name, way in WAYS
             if name == WAYS[0][0] or options.only in name]
    rng = random.Random(seed)
    picks.append(("best alone", sorted(names, key=lambda n: -alone(series[n]))[:options.size]))
    picks.append(("at random", rng.sample(names, options.size)))
    picks.append(("the edges themselves", rng.sample([n for n in truth if truth[n] == "edge"], options.size)))
    for name, members in picks:
        profit, ratio = later(series, members)
        kinds = [truth.get(member, "none") for member in members]
        found.setdefault(name, []).append({"seed": seed, "edges": kinds.count("edge"), "decoys": kinds.count("decoy"),
                                           "profit": profit, "ratio": ratio,
                                           "duplicates": near_duplicates(series, members)})


def mean_and_error(values):
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return statistics.fmean(values), error


def table(options, found):
    first = WAYS[0][0]
    print(f"| way of choosing {options.size} of {options.strategies} | edges | decoys | near-duplicates | "
          "profit a day later | more than plain | median return / drawdown later |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    for name, results in found.items():
        profit, error = mean_and_error([r["profit"] for r in results])
        more, of_more = mean_and_error([r["profit"] - p["profit"] for r, p in zip(results, found[first])])
        edges, of_edges = mean_and_error([r["edges"] for r in results])
        print(f"| {name} | {edges:.2f} ± {of_edges:.2f} | {statistics.fmean(r['decoys'] for r in results):.2f} | "
              f"{statistics.fmean(r['duplicates'] for r in results):.2f} | "
              f"{profit:.0f} ± {error:.0f} | " + ("" if name == first else f"{more:+.0f} ± {of_more:.0f}") +
              f" | {statistics.median(r['ratio'] for r in results):.2f} |")


def main():
    options = arguments()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HEAVYOPT_CACHE"] = os.path.join(folder, "cache")
        options.program = os.path.abspath(options.program)
        target = os.path.abspath(options.json) if options.json else None
        os.chdir(folder)
        for seed in range(1, options.seeds + 1):
            one_seed(options, seed, found)
            print(f"seed {seed} of {options.seeds}", file=sys.stderr)
    if target:
        with open(target, "w", encoding="utf-8") as file:
            json.dump({"options": vars(options), "found": found}, file)
    table(options, found)


main()
