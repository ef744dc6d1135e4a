#!/usr/bin/env python3
"""Runs other programs' ways of doing the same work beside heavyopt, on the same table, and prints Markdown.

    bench/compare.py [--strategies N] [--days T] [--repeat R] [--seeds S] [--limits 1,5,30] [--only RACE] [--json FILE]
                     [--program build/release/heavyopt]

The peers come from PyPI into build/bench-venv, which this script makes; they run with all cores and the fastest settings
found. Files are in the page cache, code is compiled before it is timed. Programs take turns, R rounds, and the best of
each is kept, so that a slow minute of the machine hits all; what other work took meanwhile is told. Results are compared
before they are timed: a fast wrong answer is no answer. The search of each program runs S times, from other random
numbers, and the median is shown."""
import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, "build", "bench-venv")
PEERS = ["numpy", "numba", "pandas", "polars", "pyarrow", "duckdb", "pymoo", "pygad", "deap", "matplotlib"]
RACES = ["csv", "store", "memory", "correlation", "swaps", "sets", "search"]
TWICE_AT_MOST = 2.0  # seconds; what takes longer runs in the first round alone


def enter_venv():
    """Goes on inside the environment of the peers, made on first use; the mark, written last, names what is in it."""
    python, mark = os.path.join(VENV, "bin", "python3"), os.path.join(VENV, ".done")
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        return
    made = ""
    if os.path.exists(mark):
        with open(mark, encoding="utf-8") as f:
            made = f.read()
    if made != " ".join(PEERS):
        print("installing " + ", ".join(PEERS), file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        with open(mark, "w", encoding="utf-8") as f:
            f.write(" ".join(PEERS))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # the modules beside this one leave nothing in the tree
    os.execv(python, [python, *sys.argv])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strategies", type=int, default=25544)
    parser.add_argument("--days", type=int, default=82)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3, help="searches of each program")
    parser.add_argument("--limits", default="1,5,30", help="seconds at which the searches are compared")
    parser.add_argument("--only", choices=RACES, action="append",
                        help="this race alone (may be given several times), and not heavyopt's own table")
    parser.add_argument("--json", help="what is printed, as a document, into this file")
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "heavyopt"))
    return parser.parse_args()


class Contest:
    """Lines of work, each a race: entries take turns and keep their best. Times want to be small, rates large."""

    def __init__(self, program, path, folder, rounds):
        self.program, self.path, self.folder, self.rounds, self.lines = program, path, folder, rounds, []

    def bench(self, row):
        said = subprocess.run([self.program, "bench", "--json", "--quiet", "--input", self.path, "--folder",
                               self.folder, "--repeat", "2", "--row", row], check=True, stdout=subprocess.PIPE)
        return json.loads(said.stdout)["rows"][0]["best"]

    def run(self, work, unit, row, peers):
        """peers: name -> (things done, function); the rate is things a second in millions, for "s" the time."""
        from races import seconds

        best, slow = {}, set()
        for _ in range(self.rounds):
            values = {"heavyopt": self.bench(row)}
            for name, (things, function) in peers.items():
                if name in slow:
                    continue
                spent = seconds(function)
                if spent > TWICE_AT_MOST:
                    slow.add(name)
                values[name] = spent if unit == "s" else things / spent / 1e6
            for name, value in values.items():
                better = min if unit == "s" else max
                best[name] = value if name not in best else better(best[name], value)
        self.add(work, unit, best)

    def add(self, work, unit, best):
        ours = best["heavyopt"]
        self.lines.append({"work": work, "unit": unit, "values": best,
                           "ratios": {name: value / ours if unit in ("s", "MB") else ours / value
                                      for name, value in best.items() if name != "heavyopt"}})
        print(self.text(self.lines[-1]), file=sys.stderr)

    @staticmethod
    def text(line):
        others = ", ".join(f"{name} {value:.3g}" for name, value in line["values"].items() if name != "heavyopt")
        ratios = ", ".join(f"{value:.3g}" for value in line["ratios"].values())
        return f"| {line['work']}, {line['unit']} | {line['values']['heavyopt']:.3g} | {others} | {ratios} |"

    def print(self):
        if self.lines:
            print("| work | heavyopt | others | times as good |\n| --- | --- | --- | --- |")
            print("\n".join(self.text(line) for line in self.lines) + "\n")


class OtherWork:
    """The share of the machine that neither this script nor its children used since it was made."""

    def __init__(self):
        self.start = self.look()

    @staticmethod
    def look():
        with open("/proc/stat", encoding="ascii") as f:
            ticks = [int(n) / os.sysconf("SC_CLK_TCK") for n in f.readline().split()[1:]]
        user, nice, system, idle, wait, *rest = ticks
        return sum(os.times()[:4]), user + nice + system + sum(rest[:3]), idle + wait

    def share(self):
        own, busy, idle = (now - then for now, then in zip(self.look(), self.start))
        return max(0.0, busy - own) / (busy + idle)


def compare_correlation(contest, matrix):
    import race_correlation

    rows = race_correlation.race(contest.program, os.path.join(contest.folder, "store"), saved(contest, matrix),
                                 contest.rounds)
    contest.add("correlation of all pairs, summed up", "s", {name: spent for name, spent, _ in rows})
    contest.add("its peak memory", "MB", {name: peak / 1e6 for name, _, peak in rows})


def saved(contest, matrix):
    """The matrix as a file for peers that run in processes of their own."""
    import numpy

    path = os.path.join(contest.folder, "matrix.npy")
    numpy.save(path, matrix)
    return path


def compare_search(contest, matrix, args):
    import race_search

    with open(contest.path, encoding="utf-8") as f:
        names = f.readline().rstrip("\n").split(",")[3:]
    limits = [float(text) for text in args.limits.split(",")]
    paths = contest.path, os.path.join(contest.folder, "store")
    rows, lost = race_search.race(contest.program, paths, saved(contest, matrix),
                                  race_search.Oracle(matrix, names), limits, range(1, args.seeds + 1))
    return {"limits": limits, "seeds": args.seeds, "lost": lost,
            "rows": [{"name": name, "values": values, "note": note} for name, values, note in rows]}


def print_search(found):
    print("| search | " + " | ".join(f"after {limit:g} s" for limit in found["limits"]) +
          f" | until heavyopt's value of {found['limits'][0]:g} s |")
    print("| --- |" + " --- |" * (len(found["limits"]) + 1))
    for row in found["rows"]:
        print(f"| {row['name']} | " + " | ".join(f"{value:.2f}" for value in row["values"]) + f" | {row['note']} |")
    print("\n" + ("; ".join(found["lost"]) or "nobody beats heavyopt") + "\n")


def whole_run(program, path):
    """A run in a process of its own: wall time, and peak memory as the system counts it. A child's count begins with
    its parent's size, so this comes before anything large is loaded here."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        child = subprocess.Popen([program, "optimize", "-i", path, "-o", folder, "--no-cache", "--quiet"],
                                 stdout=subprocess.DEVNULL)
        _, status, use = os.wait4(child.pid, 0)
        child.returncode = status
        if status != 0:
            sys.exit(f"{program} optimize failed")
        return time.perf_counter() - start, use.ru_maxrss * 1024


def print_machine(document):
    machine, table = document["machine"], document["input"]
    print(f"{machine['processor']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB; "
          f"{machine['compiler']}; kernels {machine['kernels']}; heavyopt {document['version']}")
    print(f"Python {platform.python_version()}, " +
          ", ".join(f"{name} {version}" for name, version in document["peers"].items()))
    print(f"{table['strategies']:,} strategies x {table['periods']} periods, {table['bytes'] / 1e6:.1f} MB; portfolios "
          f"of 35; best of {document['rounds']} rounds; other work took {100 * document['other_work']:.0f} % of the "
          "machine\n")


def print_own(document):
    print("| heavyopt alone | best | median |\n| --- | --- | --- |")
    for row in document["rows"]:
        if row["best"] is not None:
            print(f"| {row['name']}, {row['unit']} | {row['best']:.3g} | {row['median']:.3g} |")
    for name, values in document["process"].items():
        print(f"| {name} | {min(values):.3g} | {statistics.median(values):.3g} |")


def main():
    args = arguments()
    enter_venv()
    if not os.access(args.program, os.X_OK):
        sys.exit(f"{args.program} is not built: ./demo builds it")
    import races

    other = OtherWork()
    folder = os.path.join(ROOT, "build", f"bench-{args.strategies}x{args.days}")
    rows = ["--row", "store_to_matrix"] if args.only else []
    said = subprocess.run([args.program, "bench", "--json", "--quiet", "--folder", folder, "--strategies",
                           str(args.strategies), "--days", str(args.days), "--repeat", str(args.repeat), *rows],
                          check=True, stdout=subprocess.PIPE)
    document = json.loads(said.stdout)
    path = document["input"]["path"]
    runs = [] if args.only else [whole_run(args.program, path) for _ in range(args.repeat)]
    document["process"] = {"a run in a process of its own, s": [run[0] for run in runs],
                           "its peak memory, MB": [run[1] / 1e6 for run in runs]} if runs else {}
    contest, matrix = Contest(args.program, path, folder, args.repeat), races.read_matrix(path)
    work = {"csv": races.compare_csv, "store": races.compare_store, "memory": races.compare_peaks,
            "correlation": compare_correlation,
            "swaps": races.compare_swaps, "sets": races.compare_sets}
    for name in RACES:
        if name in (args.only or RACES) and name in work:
            work[name](contest, matrix)
    document |= {"peers": {name: importlib.metadata.version(name) for name in PEERS}, "rounds": args.repeat,
                 "races": contest.lines,
                 "search": compare_search(contest, matrix, args) if "search" in (args.only or RACES) else None,
                 "other_work": other.share()}
    print_machine(document)
    contest.print()
    if document["search"]:
        print_search(document["search"])
    if not args.only:
        print_own(document)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump(document, f, indent=1)


if __name__ == "__main__":
    main()
