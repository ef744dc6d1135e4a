"""A store of ours as DuckDB, Polars, pandas and pyarrow read it: the numbers of the CSV file, bit for bit. The SQL is
that of docs/STORE.md. Also after an append that brought strategies and took some away."""
import csv
import datetime
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile


def skip(why):
    print("skipped:", why)
    sys.exit(77)


program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists():
    skip("the program is not built")
try:
    import duckdb
    import numpy
    import pandas
    import polars
    import pyarrow.dataset
except ImportError as absent:
    skip(f"{absent}")
version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
if "Arrow    not" in version:
    skip("this build has no Arrow")


def write(path, names, dates, values):
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["Date", *names])
        for date, row in zip(dates, values):
            writer.writerow([date, *map(repr, map(float, row))])


def run(*arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def same_bits(a, b):
    a, b = numpy.ascontiguousarray(a, dtype=numpy.float64), numpy.ascontiguousarray(b, dtype=numpy.float64)
    return a.shape == b.shape and numpy.array_equal(a.view(numpy.uint64), b.view(numpy.uint64))


def check(folder, names, dates, values):
    """The store is folder/out; the working directory is the folder, as the SQL of the docs has it."""
    os.chdir(folder)
    page = (pathlib.Path(os.environ["HEAVYOPT_SOURCE"]) / "docs/STORE.md").read_text(encoding="utf-8")
    queries = re.search(r"```sql\n(.*?)```", page, re.S).group(1).split(";")
    rows = duckdb.sql(queries[0]).fetchnumpy()
    assert same_bits(rows["pnl"].reshape(values.shape), values)
    assert list(rows["name"][:len(names)]) == names
    assert list(rows["date"].astype("datetime64[D]")[::len(names)]) == [numpy.datetime64(d) for d in dates]
    best = duckdb.sql(queries[1]).fetchall()
    december = values[[d.year == 2023 and d.month == 12 for d in dates]].sum(axis=0)
    assert len(best) == 10 and abs(best[0][1] - december.max()) < 1e-6

    table = polars.scan_parquet("out/pnl/**/*.parquet", hive_partitioning=True).sort("period", "strategy").collect()
    assert same_bits(table["pnl"].to_numpy().reshape(values.shape), values)
    frame = pandas.read_parquet("out/pnl").sort_values(["period", "strategy"])
    assert same_bits(frame["pnl"].to_numpy().reshape(values.shape), values)
    assert {"year", "month"} <= set(frame.columns)
    arrow = pyarrow.dataset.dataset("out/pnl", partitioning="hive").to_table()
    assert arrow.num_rows == values.size
    assert list(pandas.read_parquet("out/strategies.parquet")["name"]) == names


rng = random.Random(11)
names = [f"SENSEX 1426-1456 SL{i}%TP32%" if i % 2 else f"own, 'name' \u20b9{i}" for i in range(29)]
first = datetime.date(2023, 11, 20)
dates = [first + datetime.timedelta(days=2 * t) for t in range(40)]
values = numpy.array([[rng.choice([-0.0, 5e-324, rng.gauss(0, 1400)]) for _ in names] for _ in dates])
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    old = names[:-3]  # three strategies come later
    write(folder / "old.csv", old, dates[:25], values[:25, :-3])
    run("convert", folder / "old.csv", folder / "out", "--compression", "zstd")
    check(folder, old, dates[:25], values[:25, :-3])
    write(folder / "new.csv", names[2:], dates[25:], values[25:, 2:])  # and two have gone
    run("convert", "--append", folder / "new.csv", folder / "out")
    values[:25, -3:] = 0
    values[25:, :2] = 0
    check(folder, names, dates, values)
    os.chdir("/")
print(f"equal in DuckDB {duckdb.__version__}, Polars {polars.__version__}, pandas {pandas.__version__}")
