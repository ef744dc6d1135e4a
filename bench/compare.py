#!/usr/bin/env python3
"""Runs other programs' ways of doing the same work beside `heavyopt bench`, on the same table, and prints Markdown.

    bench/compare.py [--strategies N] [--days T] [--repeat R] [--only csv|store|swaps|sets]
                     [--program build/release/heavyopt]

The peers come from PyPI into build/bench-venv, which this script makes; they run with their own defaults (all cores).
What is timed ends with a float64 matrix or a value for each candidate in memory; files are in the page cache. Programs
take turns, R rounds, and the best of each is kept, so that a slow minute of the machine hits all; what other work took
meanwhile is told. Results are compared before they are timed: a fast wrong answer is no answer."""
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
PEERS = ["numpy", "numba", "pandas", "polars", "pyarrow"]
SIZE = 35


def enter_venv():
    """Goes on inside the environment of the peers, made on first use; the mark is written last."""
    python, mark = os.path.join(VENV, "bin", "python3"), os.path.join(VENV, ".done")
    if os.path.realpath(sys.prefix) == os.path.realpath(VENV):
        return
    if not os.path.exists(mark):
        print("installing " + ", ".join(PEERS), file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        open(mark, "w").close()
    os.execv(python, [python, *sys.argv])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strategies", type=int, default=25544)
    parser.add_argument("--days", type=int, default=82)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", choices=["csv", "store", "swaps", "sets"], action="append",
                        help="this race alone (may be given several times), and not heavyopt's own table")
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "release", "heavyopt"))
    return parser.parse_args()


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Contest:
    """Lines of work, each a race: entries take turns and keep their best. Times want to be small, rates large."""

    def __init__(self, program, path, folder, rounds):
        self.program, self.path, self.folder, self.rounds, self.lines = program, path, folder, rounds, []

    def bench(self, row):
        said = subprocess.run([self.program, "bench", "--json", "--quiet", "--input", self.path, "--folder",
                               self.folder, "--portfolio-size", str(SIZE), "--repeat", "2", "--row", row],
                              check=True, stdout=subprocess.PIPE)
        return json.loads(said.stdout)["rows"][0]["best"]

    def run(self, work, unit, row, peers):
        """peers: name -> (things done, function); the rate is things a second in millions, for "s" the time."""
        best = {}
        for _ in range(self.rounds):
            values = {"ours": self.bench(row)}
            for name, (things, function) in peers.items():
                spent = seconds(function)
                values[name] = spent if unit == "s" else things / spent / 1e6
            for name, value in values.items():
                better = min if unit == "s" else max
                best[name] = value if name not in best else better(best[name], value)
        ours = best.pop("ours")
        texts = [f"{name} {value:.3g}" for name, value in best.items()]
        ratios = [f"{value / ours if unit == 's' else ours / value:.3g}" for value in best.values()]
        self.lines.append(f"| {work}, {unit} | {ours:.3g} | {', '.join(texts)} | {', '.join(ratios)} |")
        print(self.lines[-1], file=sys.stderr)

    def print(self):
        print("| work | heavyopt | others | times as fast |\n| --- | --- | --- | --- |")
        print("\n".join(self.lines))


def fastest(variants):
    """The variant that a trial shows to be fastest."""
    return min(variants, key=lambda run: min(seconds(run) for _ in range(5)))


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


def read_matrix(path):
    import numpy

    with open(path, encoding="utf-8") as f:
        width = f.readline().count(",") + 1
    return numpy.loadtxt(path, delimiter=",", skiprows=1, usecols=range(3, width))


def compare_csv(contest, matrix):
    import numpy
    import pandas
    import polars
    from pyarrow import csv

    path = contest.path
    with open(path, encoding="utf-8") as f:
        names = f.readline().rstrip("\n").split(",")
    width = len(names)
    types = {name: polars.String if i < 3 else polars.Float64 for i, name in enumerate(names)}
    # Each with the fastest settings we found: types told beforehand, names left aside where they cost most, and for
    # pyarrow blocks that hold the header line, which is longer than its default block.
    blocks = csv.ReadOptions(block_size=16 << 20)
    readers = {
        "Polars": lambda: polars.read_csv(path, schema=types)[:, 3:].to_numpy(),
        "NumPy loadtxt": lambda: read_matrix(path),
        "pandas": lambda: pandas.read_csv(path, header=None, skiprows=1, usecols=range(3, width), dtype=numpy.float64,
                                          low_memory=False).to_numpy(),
        "pyarrow": lambda: csv.read_csv(path, read_options=blocks),
    }
    assert numpy.array_equal(matrix, readers["Polars"]()), "Polars reads other numbers"
    contest.run("CSV to matrix", "s", "csv_to_matrix", {name: (1, reader) for name, reader in readers.items()})


def compare_store(contest, matrix):
    import numpy
    import polars
    import pyarrow
    import pyarrow.dataset
    import pyarrow.parquet

    pnl, shape = os.path.join(contest.folder, "store", "pnl"), matrix.shape

    def by_arrow():
        return pyarrow.dataset.dataset(pnl, format="parquet", partitioning="hive").to_table(columns=["pnl"])[
            "pnl"].to_numpy().reshape(shape)

    def by_polars():
        return polars.scan_parquet(os.path.join(pnl, "**", "*.parquet"), hive_partitioning=False).select(
            "pnl").collect()["pnl"].to_numpy().reshape(shape)

    for reader in (by_arrow, by_polars):
        assert numpy.array_equal(reader(), matrix), "the store holds other numbers than the CSV"
    wide = os.path.join(contest.folder, "wide.parquet")
    if not os.path.exists(wide):
        names = [str(j) for j in range(shape[1])]
        pyarrow.parquet.write_table(pyarrow.table(list(matrix.T), names=names), wide)
    contest.run("store to matrix", "s", "store_to_matrix", {
        "pyarrow, same store": (1, by_arrow),
        "Polars, same store": (1, by_polars),
        "pyarrow, a column a strategy": (1, lambda: pyarrow.parquet.read_table(wide)),
        "Polars, a column a strategy": (1, lambda: polars.read_parquet(wide)),
    })


def unit_columns(matrix):
    import numpy

    centred = matrix - matrix.mean(axis=0)
    length = numpy.sqrt((centred * centred).sum(axis=0))
    return numpy.divide(centred, length, out=numpy.zeros_like(centred), where=length > 0)


def numpy_swaps(x, z, base, v, size):
    """Fitness of every candidate in the place of one member: mean profit over first-peak drawdown, less 10 times the
    average correlation. `base` and `v` are the set's sums without that member."""
    import numpy

    equity = (base[:, None] + x).cumsum(axis=0)
    drawdown = (numpy.maximum.accumulate(equity, axis=0) - equity).max(axis=0)
    correlation = (v @ v + 2 * (v @ z) + 1 - size) / (size * (size - 1))
    return equity[-1] / numpy.maximum(drawdown, 1e-6) - 10 * correlation


def numba_swaps(block):
    """The same, the way one writes it for speed in numba: a block of candidates that stays in the first-level cache,
    the candidate innermost so that the compiler can use vectors, threads over blocks, all liberties of fastmath. The
    columns are padded to whole blocks."""
    import numba
    import numpy

    @numba.njit(parallel=True, fastmath=True)
    def scan(x, z, bases, vs, out):
        periods, slots = x.shape[0], bases.shape[0]
        for number in numba.prange(x.shape[1] // block):
            first = number * block
            equity, peak = numpy.empty(block), numpy.empty(block)
            deepest, dot = numpy.empty(block), numpy.empty(block)
            for slot in range(slots):
                for j in range(block):
                    equity[j] = deepest[j] = dot[j] = 0.0
                    peak[j] = -1e300
                square = 0.0
                for t in range(periods):
                    add, weight = bases[slot, t], vs[slot, t]
                    square += weight * weight
                    profits, units = x[t, first:first + block], z[t, first:first + block]
                    for j in range(block):
                        e = equity[j] + (add + profits[j])
                        p = max(peak[j], e)
                        equity[j] = e
                        peak[j] = p
                        deepest[j] = max(deepest[j], p - e)
                        dot[j] += weight * units[j]
                for j in range(block):
                    correlation = (square + 2 * dot[j] + 1 - slots) / (slots * (slots - 1))
                    out[slot, first + j] = equity[j] / max(deepest[j], 1e-6) - 10 * correlation

    return scan


def compare_swaps(contest, matrix):
    import numpy

    count = matrix.shape[1]
    # Padded to whole blocks, and past a stride of whole pages, which would put a column into one cache set.
    padding = -count % 256 + 16
    x, z = (numpy.pad(part, ((0, 0), (0, padding))) for part in (matrix, unit_columns(matrix)))
    members = numpy.random.default_rng(1).choice(count, SIZE, replace=False)
    series, units = x[:, members].sum(axis=1), z[:, members].sum(axis=1)
    bases = numpy.ascontiguousarray((series[:, None] - x[:, members]).T)
    vs = numpy.ascontiguousarray((units[:, None] - z[:, members]).T)
    want, runs = numpy_swaps(x, z, bases[0], vs[0], SIZE), []
    for block in (16, 32, 64, 128):
        scan, out = numba_swaps(block), numpy.empty((SIZE, x.shape[1]))
        scan(x, z, bases, vs, out)  # compiles
        assert numpy.allclose(out[0, :count], want[:count], rtol=1e-9), "numba and NumPy score differently"
        runs.append(lambda scan=scan, out=out: scan(x, z, bases, vs, out))

    def one_slot(width):
        for first in range(0, count, width):
            part = slice(first, first + width)
            numpy_swaps(x[:, part], z[:, part], bases[0], vs[0], SIZE)

    widths = [lambda width=width: one_slot(width) for width in (256, 1024, 4096, count)]
    contest.run("swaps scored, float64", "million a second", "swaps",
                {"numba": (SIZE * count, fastest(runs)), "NumPy": (count, fastest(widths))})


def compare_sets(contest, matrix):
    import numba
    import numpy

    x, z = numpy.ascontiguousarray(matrix.T), numpy.ascontiguousarray(unit_columns(matrix).T)
    rng, count = numpy.random.default_rng(2), 20000
    sets = numpy.sort(numpy.array([rng.choice(x.shape[0], SIZE, replace=False) for _ in range(count)]), axis=1)

    def by_numpy(part):
        equity = x[part].sum(axis=1).cumsum(axis=1)
        drawdown = (numpy.maximum.accumulate(equity, axis=1) - equity).max(axis=1)
        v = z[part].sum(axis=1)
        correlation = ((v * v).sum(axis=1) - SIZE) / (SIZE * (SIZE - 1))
        return equity[:, -1] / numpy.maximum(drawdown, 1e-6) - 10 * correlation

    @numba.njit(parallel=True, fastmath=False)
    def by_numba(x, z, sets, out):
        periods, size = x.shape[1], sets.shape[1]
        for i in numba.prange(sets.shape[0]):
            w, v = numpy.zeros(periods), numpy.zeros(periods)
            for k in range(size):
                for t in range(periods):
                    w[t] += x[sets[i, k], t]
                    v[t] += z[sets[i, k], t]
            equity, peak, deepest, square = 0.0, -numpy.inf, 0.0, 0.0
            for t in range(periods):
                equity += w[t]
                peak = max(peak, equity)
                deepest = max(deepest, peak - equity)
                square += v[t] * v[t]
            out[i] = equity / max(deepest, 1e-6) - 10 * (square - size) / (size * (size - 1))

    out = numpy.empty(count)
    by_numba(x, z, sets, out)
    assert numpy.allclose(out[:500], by_numpy(sets[:500]), rtol=1e-9), "numba and NumPy score differently"
    some = 4000
    blocks = [lambda block=block: [by_numpy(sets[i:i + block]) for i in range(0, some, block)]
              for block in (20, 100, 500)]
    contest.run("unrelated sets scored, float64", "million a second", "sets",
                {"numba": (count, lambda: by_numba(x, z, sets, out)), "NumPy": (some, fastest(blocks))})


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


def print_machine(bench, rounds, other):
    machine, made = bench["machine"], bench["input"]
    print(f"{machine['processor']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB; "
          f"{machine['compiler']}; kernels {machine['kernels']}; heavyopt {bench['version']}")
    print(f"Python {platform.python_version()}, " +
          ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PEERS))
    print(f"{made['strategies']:,} strategies x {made['periods']} periods, {made['bytes'] / 1e6:.1f} MB; portfolios of "
          f"{SIZE}; best of {rounds} rounds; other work took {100 * other:.0f} % of the machine\n")


def main():
    args = arguments()
    enter_venv()
    if not os.access(args.program, os.X_OK):
        sys.exit(f"{args.program} is not built: ./demo builds it")
    other = OtherWork()
    folder = os.path.join(ROOT, "build", f"bench-{args.strategies}x{args.days}")
    rows = ["--row", "store_to_matrix"] if args.only else []
    said = subprocess.run([args.program, "bench", "--json", "--quiet", "--folder", folder, "--strategies",
                           str(args.strategies), "--days", str(args.days), "--repeat", str(args.repeat), *rows],
                          check=True, stdout=subprocess.PIPE)
    bench = json.loads(said.stdout)
    path = bench["input"]["path"]
    runs = [] if args.only else [whole_run(args.program, path) for _ in range(args.repeat)]
    contest, matrix = Contest(args.program, path, folder, args.repeat), read_matrix(path)
    races = {"csv": compare_csv, "store": compare_store, "swaps": compare_swaps, "sets": compare_sets}
    for name in args.only or races:
        races[name](contest, matrix)

    print_machine(bench, args.repeat, other.share())
    contest.print()
    if args.only:
        return
    print("\n| heavyopt alone | best | median |\n| --- | --- | --- |")
    for row in bench["rows"]:
        if row["best"] is not None:
            print(f"| {row['name']}, {row['unit']} | {row['best']:.3g} | {row['median']:.3g} |")
    times = [run[0] for run in runs]
    print(f"| the same in a process of its own, s | {min(times):.3g} | {statistics.median(times):.3g} |")
    print(f"| its peak memory, MB | {min(run[1] for run in runs) / 1e6:.0f} | "
          f"{statistics.median(run[1] for run in runs) / 1e6:.0f} |")


if __name__ == "__main__":
    main()
