#!/usr/bin/env python3
"""How time and memory grow with strategies and with days: measures a run of each shape and draws it.

    bench/growth.py [--folder DIR] [--large] [--effort quick|normal] [--json FILE] [--draw docs/growth.svg]
                    [--program build/release/heavyopt]

Tables are made by `heavyopt generate` in the folder and stay there. A run is a process of its own: `optimize` from the
CSV file without the cache; its seconds, its processor's seconds, its peak memory, and what `inspect` estimated before."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is left in the tree
from compare import ROOT, enter_venv  # noqa: E402

SIDE, DAYS, FEW = 25544, 82, 5000
BY_STRATEGIES = [(2000, DAYS), (5000, DAYS), (12500, DAYS), (SIDE, DAYS), (50000, DAYS), (100000, DAYS)]
BY_DAYS = [(FEW, 82), (FEW, 250), (FEW, 625), (FEW, 1250), (FEW, 2500)]
LARGE = [(SIDE, 2500)]  # ten years: 1.2 GB of CSV


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default=os.path.join(ROOT, "build", "growth"))
    parser.add_argument("--large", action="store_true", help="25,544 strategies over ten years too")
    parser.add_argument("--effort", default="normal", choices=["quick", "normal"])
    parser.add_argument("--json", help="the numbers into this file")
    parser.add_argument("--draw", help="a picture of them into this file, SVG or PNG")
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "heavyopt"))
    return parser.parse_args()


def process(command):
    """Seconds, processor's seconds and peak bytes of a process, and what it prints."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out)
        _, status, use = os.wait4(child.pid, 0)
        child.returncode = status
        if status != 0:
            sys.exit(" ".join(command) + " failed")
        spent = time.perf_counter() - start
        out.seek(0)
        return spent, use.ru_utime + use.ru_stime, use.ru_maxrss * 1024, out.read()


def measure(args, strategies, days):
    path = os.path.join(args.folder, f"{strategies}x{days}.csv")
    if not os.path.exists(path):
        process([args.program, "generate", "-n", str(strategies), "-d", str(days), "-o", path, "--quiet"])
    told = json.loads(process([args.program, "inspect", path, "--json", "--quiet"])[3])
    with tempfile.TemporaryDirectory() as folder:
        spent, busy, peak, said = process([args.program, "optimize", path, "-o", folder, "--no-cache", "--effort",
                                           args.effort, "--quiet", "--json"])
    row = {"strategies": strategies, "days": days, "bytes": told["bytes"], "load": json.loads(said)["timings"]["load"],
           "seconds": spent, "processor": busy, "peak": peak, "estimate": told["memory"]["optimize"]}
    print(text(row), file=sys.stderr)
    return row


def text(row):
    off = 100 * (row["estimate"] / row["peak"] - 1)
    return (f"| {row['strategies']:,} x {row['days']:,} | {row['bytes'] / 1e6:.0f} | {row['load']:.3f} | "
            f"{row['seconds']:.2f} | {row['processor']:.2f} | {row['peak'] / 1e6:.0f} | {row['estimate'] / 1e6:.0f} "
            f"({off:+.0f} %) |")


def draw(rows, path):
    import matplotlib

    matplotlib.use("svg" if path.endswith(".svg") else "agg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(8, 3))
    for axis, shapes, key, label in ((axes[0], BY_STRATEGIES, "strategies", f"strategies, over {DAYS} days"),
                                     (axes[1], BY_DAYS, "days", f"days, of {FEW:,} strategies")):
        found = [row for row in rows if (row["strategies"], row["days"]) in shapes]
        at = [row[key] for row in found]
        time_line, = axis.plot(at, [row["processor"] for row in found], "o-", color="#1f6fb4", label="processor, s")
        other = axis.twinx()
        peak_line, = other.plot(at, [row["peak"] / 1e6 for row in found], "s-", color="#c8501e", label="peak memory, MB")
        guess_line, = other.plot(at, [row["estimate"] / 1e6 for row in found], ":", color="#c8501e",
                                 label="estimated before, MB")
        axis.set_xlabel(label)
        for side in (axis, other):
            side.set_ylim(0, 1.35 * side.get_ylim()[1])  # room for the legend
            side.spines["top"].set_visible(False)
        axis.set_xlim(left=0)
        axis.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axis.legend(handles=[time_line, peak_line, guess_line], loc="upper left", frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None} if path.endswith(".svg") else None)


def main():
    args = arguments()
    enter_venv()
    os.makedirs(args.folder, exist_ok=True)
    shapes = list(dict.fromkeys(BY_STRATEGIES + BY_DAYS + (LARGE if args.large else [])))
    rows = [measure(args, *shape) for shape in shapes]
    print("| strategies x days | CSV, MB | load, s | run, s | processor, s | peak, MB | estimated, MB |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    print("\n".join(text(row) for row in rows))
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump(rows, f, indent=1)
    if args.draw:
        draw(rows, args.draw)


if __name__ == "__main__":
    main()
