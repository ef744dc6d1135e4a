#!/usr/bin/env python3
"""How good the bound is and what it takes: tables for docs/BOUND.md.

    bench/bound.py [--folder DIR] [--seconds 10] [--only sets|candles|small|tables]
                   [--program build/release/heavyopt] [TABLE ...]

sets: ten generated tables of 25,544 x 82, a tall and a wide one, the bounds of the ratio and of the legacy fitness on one
thread, the best portfolio of the search guided by them, and what is left of the gap after branch and bound. candles: the
same of ten tables of back-tests on candles of 30 minutes, and of four what is left after six times the seconds. small: few
members, and groups limited. tables: TABLE for every K of 3, 5 and 10, to the end."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left in the tree
from compare import ROOT  # noqa: E402

SETS = [(25544, 82, seed) for seed in range(1, 11)]
TALL, WIDE = (25544, 1000, 7), (100000, 82, 3)
SMALL = [(seed, size, rules) for seed in (1, 3)
         for size, rules in ((5, []), (10, []), (20, []), (35, ["--max-per-group", "window=1"]),
                             (35, ["--max-per-group", "entry=1"]))]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default=os.path.join(ROOT, "build", "bound"))
    parser.add_argument("--seconds", type=float, default=10, help="for branch and bound")
    parser.add_argument("--only", choices=["sets", "candles", "small", "tables"])
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "heavyopt"))
    parser.add_argument("tables", nargs="*")
    return parser.parse_args()


def run(args, *words):
    """The document of a command, and its peak memory in bytes."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([args.program, *map(str, words), "--json", "--quiet"], stdout=out)
        _, status, use = os.wait4(child.pid, 0)
        child.returncode = status
        if status != 0:
            sys.exit(" ".join(map(str, words)) + " failed")
        out.seek(0)
        return json.loads(out.read()), use.ru_maxrss * 1024


def store(args, strategies, days, seed, candle=0):
    """A generated table as a store, so that reading costs little."""
    path = os.path.join(args.folder, f"{strategies}x{days}-{seed}" + (f"-{candle}" if candle else ""))
    if not os.path.exists(path):
        os.makedirs(args.folder, exist_ok=True)
        table = path + ".csv"
        subprocess.run([args.program, "generate", table, "-n", str(strategies), "-d", str(days), "--seed", str(seed),
                        "--candle", str(candle), "--quiet"], check=True)
        subprocess.run([args.program, "convert", table, path, "--quiet"], check=True)
        os.remove(table)
    return path


def number(value):
    return "none" if value is None else f"{value:.5g}"


def share(value):
    return "" if value is None else f"{100 * value:.2f} %"


def bound_cells(args, path, fitness):
    told, peak = run(args, "bound", path, "-p", 35, "-t", 1, "--fitness", fitness)
    b = told["bound"]
    return f"{number(b['value'])} | {b['seconds']:.3f} s, {b['rounds']}", b, peak


def proven(args, path, size, *rules, seconds=None):
    """The bound's part of a run with the guided search alone and branch and bound."""
    with tempfile.TemporaryDirectory() as folder:
        told, _ = run(args, "optimize", path, "-p", size, "-a", "lp", *rules, "--prove", "--prove-time",
                      args.seconds if seconds is None else seconds, "--report", "none", "-o", folder)
    return told["best"], told["bound"]


def gap_cells(best, bound):
    tree = bound["tree"] or {}
    before = tree.get("gap_before", bound["gap"])
    after = "proven" if tree.get("proven") or bound["by"] == "enumeration" else share(bound["gap"])
    return f"{best['fitness']:.5g} | {share(before)} | {after} | {tree.get('nodes', 0):,}"


COLUMNS = ("table", "different", "ratio's bound", "time, programmes", "legacy bound", "time, programmes", "peak, MB",
           "best found", "gap")


def head(args, *more):
    columns = [*COLUMNS, f"after {args.seconds:g} s", "nodes", *more]
    print("| " + " | ".join(columns) + " |")
    print("| --- " * len(columns) + "|")


def both_bounds(args, name, path):
    """A table's row, up to the nodes."""
    ratio, _, _ = bound_cells(args, path, "ratio")
    legacy, b, peak = bound_cells(args, path, "legacy")
    return f"| {name} | {b['distinct']:,} | {ratio} | {legacy} | {peak / 1e6:.0f} | {gap_cells(*proven(args, path, 35))} |"


def sets(args):
    head(args)
    for strategies, days, seed in [*SETS, TALL, WIDE]:
        name = f"{strategies:,} x {days:,}, seed {seed}"
        print(both_bounds(args, name, store(args, strategies, days, seed)), flush=True)


def candles(args):
    head(args, f"after {6 * args.seconds:g} s")
    for strategies, days, seed in SETS:
        path = store(args, strategies, days, seed, 30)
        row = both_bounds(args, f"seed {seed}", path)
        long = gap_cells(*proven(args, path, 35, seconds=6 * args.seconds)).split(" | ")[2] if seed <= 4 else ""
        print(f"{row} {long} |", flush=True)


def small(args):
    print(f"| table | members | limit | best found | gap | after {args.seconds:g} s | nodes |")
    print("| --- " * 7 + "|")
    for seed, size, rules in SMALL:
        path = store(args, 25544, 82, seed)
        print(f"| seed {seed} | {size} | {' '.join(rules)} | {gap_cells(*proven(args, path, size, *rules))} |", flush=True)


def tables(args):
    print("| table | members | best | gap | after branch and bound | nodes |")
    print("| --- " * 6 + "|")
    for path in args.tables:
        for size in (3, 5, 10):
            cells = gap_cells(*proven(args, path, size, seconds=0))
            print(f"| {os.path.basename(path)} | {size} | {cells} |", flush=True)


def main():
    args = arguments()
    for name, make in (("sets", sets), ("candles", candles), ("small", small), ("tables", tables)):
        if args.only in (None, name):
            make(args)
            print()


if __name__ == "__main__":
    main()
