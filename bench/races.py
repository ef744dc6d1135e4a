"""The races that run inside compare.py's own process: reading a CSV file, reading the store, scoring. Each checks that
all come to the same numbers before anything is timed."""
import os
import time

SIZE = 35


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fastest(variants):
    """The variant that a trial shows to be fastest."""
    return min(variants, key=lambda run: min(seconds(run) for _ in range(5)))


def read_matrix(path):
    import numpy

    with open(path, encoding="utf-8") as f:
        width = f.readline().count(",") + 1
    return numpy.loadtxt(path, delimiter=",", skiprows=1, usecols=range(3, width))


def compare_csv(contest, matrix):
    import duckdb
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
    columns = {f"c{i}": "VARCHAR" if i < 3 else "DOUBLE" for i in range(width)}

    def by_duckdb():
        table = duckdb.read_csv(path, header=False, skiprows=1, columns=columns, auto_detect=False, delimiter=",",
                                max_line_size=16 << 20)
        return table.fetchnumpy()

    readers = {
        "Polars": lambda: polars.read_csv(path, schema=types)[:, 3:].to_numpy(),
        "NumPy loadtxt": lambda: read_matrix(path),
        "pandas": lambda: pandas.read_csv(path, header=None, skiprows=1, usecols=range(3, width), dtype=numpy.float64,
                                          low_memory=False).to_numpy(),
        "pyarrow": lambda: csv.read_csv(path, read_options=blocks),
        "DuckDB": by_duckdb,
    }
    assert numpy.array_equal(matrix, readers["Polars"]()), "Polars reads other numbers"
    contest.run("CSV to matrix", "s", "csv_to_matrix", {name: (1, reader) for name, reader in readers.items()})


def compare_store(contest, matrix):
    import numpy
    import polars
    import pyarrow.dataset

    pnl, shape = os.path.join(contest.folder, "store", "pnl"), matrix.shape

    def by_arrow():
        return pyarrow.dataset.dataset(pnl, format="parquet", partitioning="hive").to_table(columns=["pnl"])[
            "pnl"].to_numpy().reshape(shape)

    def by_polars():
        return polars.scan_parquet(os.path.join(pnl, "**", "*.parquet"), hive_partitioning=False).select(
            "pnl").collect()["pnl"].to_numpy().reshape(shape)

    for reader in (by_arrow, by_polars):
        assert numpy.array_equal(reader(), matrix), "the store holds other numbers than the CSV"
    contest.run("store to matrix", "s", "store_to_matrix", {
        "pyarrow, same store": (1, by_arrow),
        "Polars, same store": (1, by_polars),
    })
    compare_formats(contest, matrix)


# Other layouts: heavyopt's row, its title, the file that the row leaves in the folder, and what its peers run on it.
FORMATS = [
    ("csv_to_matrix", "CSV, a column a strategy", "strategies.csv", {"Polars": "polars.read_csv(path)"}),
    ("store_to_matrix", "store", "store", {
        "Polars": "polars.scan_parquet(path + '/pnl/**/*.parquet', hive_partitioning=False).select('pnl').collect()"}),
    ("wide_parquet", "Parquet, a column a strategy", "exported.parquet", {
        "Polars": "polars.read_parquet(path).select(polars.selectors.float()).to_numpy()",
        "pyarrow, as columns": "pyarrow.parquet.read_table(path)"}),
    ("wide_arrow", "Arrow file, a column a strategy", "exported.arrow", {
        "Polars": "polars.read_ipc(path).select(polars.selectors.float()).to_numpy()",
        "pyarrow, as columns": "pyarrow.feather.read_table(path, memory_map=False)"}),
    ("tall_parquet", "Parquet, a row a date and strategy", "tall.parquet", {
        "Polars, not pivoted": "polars.read_parquet(path)",
        "pandas": "pandas.read_parquet(path).pivot(index='Date', columns='strategy', values='pnl').to_numpy()"}),
    ("tall_csv", "CSV, a row a date and strategy", "tall.csv", {
        "Polars, not pivoted": "polars.read_csv(path)",
        "pyarrow, not pivoted": "pyarrow.csv.read_csv(path)",
        "pandas": "pandas.read_csv(path, engine='pyarrow').pivot(index='Date', columns='strategy', values='pnl').to_numpy()"}),
]
MODULES = "import pandas, polars, polars.selectors, pyarrow.csv, pyarrow.feather, pyarrow.parquet"


def compare_formats(contest, matrix):
    """The very files that heavyopt's rows leave behind. What peers make of them is looked at before they are timed."""
    import numpy

    modules = {}
    exec(MODULES, modules)
    for row, title, name, peers in FORMATS[2:]:
        contest.bench(row)  # writes the file
        path = os.path.join(contest.folder, name)
        got = eval(list(peers.values())[-1 if "tall" in row else 0], modules, {"path": path})
        same = numpy.array_equal(numpy.sort(got, axis=1), numpy.sort(matrix, axis=1))  # a pivot puts columns in order
        assert same, f"other numbers come from {name}"
        contest.run(f"{title}, to matrix", "s", row, {
            peer: (1, lambda code=compile(code, peer, "eval"), path=path: eval(code, modules, {"path": path}))
            for peer, code in peers.items()})


def compare_peaks(contest, _):
    """Peak memory of a process that reads the table and does nothing else. Peers' have Python and the one library."""
    import subprocess
    import sys

    # the system's count of a child begins with its parent's size: a small process stands between
    between = ("import os, subprocess, sys; child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
               "_, status, use = os.wait4(child.pid, 0); print(use.ru_maxrss * 1024 / 1e6 if status == 0 else 'failed')")

    def peak(*command):
        return float(subprocess.run([sys.executable, "-c", between, *command], check=True, stdout=subprocess.PIPE).stdout)

    for row, title, name, peers in FORMATS:
        contest.bench(row)
        path = os.path.join(contest.folder, name)
        values = {"heavyopt": peak(contest.program, "inspect", path, "--json")}
        for peer, code in peers.items():
            library = "import " + ", ".join(m for m in MODULES[len("import "):].split(", ")
                                            if m.split(".")[0] == code.split(".")[0])
            values[peer] = peak(sys.executable, "-c", f"{library}; path = {path!r}; {code}")
        contest.add(f"{title}: peak memory", "MB", values)


def numpy_swaps(x, z, base, v, size):
    """Fitness of every candidate in the place of one member: mean profit over first-peak drawdown, less 10 times the
    average correlation. `base` and `v` are the set's sums without that member."""
    import numpy

    equity = (base[:, None] + x).cumsum(axis=0)
    drawdown = (numpy.maximum.accumulate(equity, axis=0) - equity).max(axis=0)
    correlation = (v @ v + 2 * (v @ z) + 1 - size) / (size * (size - 1))
    return equity[-1] / numpy.maximum(drawdown, 1e-6) - 10 * correlation


def compare_swaps(contest, matrix):
    import numpy
    from search_numba import Neighbourhood, unit_columns

    count, x, z = matrix.shape[1], matrix, unit_columns(matrix)
    members = numpy.random.default_rng(1).choice(count, SIZE, replace=False)
    slots = numpy.arange(SIZE)
    base = x[:, members].sum(axis=1) - x[:, members[0]]
    v = z[:, members].sum(axis=1) - z[:, members[0]]
    want = numpy_swaps(x, z, base, v, SIZE)
    want[members] = -numpy.inf

    def numba_scan(block, dtype, tolerance):
        near = Neighbourhood(x, z, SIZE, block, dtype)
        value, candidate = near.best(members, slots)  # compiles
        assert numpy.isclose(value[0], want.max(), rtol=tolerance), "numba and NumPy score differently"
        assert numpy.isclose(want[candidate[0]], want.max(), rtol=tolerance), "numba finds another candidate"
        return lambda: near.best(members, slots)

    def one_slot(width):
        for first in range(0, count, width):
            part = slice(first, first + width)
            numpy_swaps(x[:, part], z[:, part], base, v, SIZE)

    blocks = (32, 64, 128, 256)
    double = fastest([numba_scan(block, numpy.float64, 1e-9) for block in blocks])
    single = fastest([numba_scan(block, numpy.float32, 1e-3) for block in blocks])
    widths = fastest([lambda width=width: one_slot(width) for width in (256, 1024, 4096, count)])
    contest.run("swaps scored, float64", "million a second", "swaps",
                {"numba": (SIZE * count, double), "numba, float32": (SIZE * count, single), "NumPy": (count, widths)})


def compare_sets(contest, matrix):
    import numba
    import numpy
    from search_numba import unit_columns

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
            w, v = numpy.zeros(periods, x.dtype), numpy.zeros(periods, x.dtype)
            for k in range(size):
                for t in range(periods):
                    w[t] += x[sets[i, k], t]
                    v[t] += z[sets[i, k], t]
            equity, peak, deepest, square = x.dtype.type(0), w[0], x.dtype.type(0), x.dtype.type(0)
            for t in range(periods):
                equity += w[t]
                peak = max(peak, equity)
                deepest = max(deepest, peak - equity)
                square += v[t] * v[t]
            out[i] = equity / max(deepest, 1e-6) - 10 * (square - size) / (size * (size - 1))

    runs = {}
    for name, dtype, tolerance in (("numba", numpy.float64, 1e-9), ("numba, float32", numpy.float32, 1e-2)):
        columns, out = [part.astype(dtype) for part in (x, z)], numpy.empty(count)
        by_numba(*columns, sets, out)
        assert numpy.allclose(out[:500], by_numpy(sets[:500]), rtol=tolerance, atol=tolerance), \
            "numba and NumPy score differently"
        runs[name] = (count, lambda columns=columns, out=out: by_numba(*columns, sets, out))
    some = 4000
    runs["NumPy"] = (some, fastest([lambda block=block: [by_numpy(sets[i:i + block]) for i in range(0, some, block)]
                                    for block in (20, 100, 500)]))
    contest.run("unrelated sets scored", "million a second", "sets", runs)
