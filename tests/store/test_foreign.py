"""Tables that other programs wrote, in whatever types they have: the matrix that heavyopt makes of them is the one
they were written from, bit for bit (or to the bits that a narrower type keeps)."""
import datetime
import decimal
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from under_test import SLOW


def skip(why):
    print("skipped:", why)
    sys.exit(77)


program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists():
    skip("the program is not built")
try:
    import numpy
    import pyarrow
    import pyarrow.dataset
    import pyarrow.feather
    import pyarrow.ipc
    import pyarrow.parquet
except ImportError as absent:
    skip(f"{absent}")
if "Arrow    not" in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
    skip("this build has no Arrow")

N, T = 13, 29
rng = random.Random(3)
names = [f"SENSEX 1426-1456 SL{j}%TP32%" for j in range(N - 2)] + ["own, \"name\" \u20b9", "x" * 10000]
first = datetime.date(2023, 11, 20)
dates = [first + datetime.timedelta(days=2 * t) for t in range(T)]
values = numpy.array([[rng.choice([-0.0, 5e-324, rng.gauss(0, 1400), round(rng.gauss(0, 900), 2)])
                       for _ in names] for _ in dates])
folder = pathlib.Path(tempfile.mkdtemp())
count = 0


def run(*arguments, status=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done


def read(path, *options):
    """(names, dates, matrix, stderr) of a table as heavyopt reads it."""
    store = folder / "store"
    shutil.rmtree(store, ignore_errors=True)
    done = run("convert", path, store, *options)
    head = pyarrow.parquet.read_table(store / "strategies.parquet")["name"].to_pylist()
    periods = pyarrow.parquet.read_table(store / "periods.parquet").to_pydict()
    tall = pyarrow.dataset.dataset(store / "pnl").to_table(["period", "strategy", "pnl"])
    tall = tall.sort_by([("period", "ascending"), ("strategy", "ascending")])
    return head, periods, tall["pnl"].to_numpy().reshape(-1, len(head)), done.stderr


def same_bits(a, b):
    a, b = numpy.ascontiguousarray(a, dtype=float), numpy.ascontiguousarray(b, dtype=float)
    return a.shape == b.shape and numpy.array_equal(a.view(numpy.uint64), b.view(numpy.uint64))


def expect(path, want=values, want_names=names, want_dates=dates, *options):
    global count
    count += 1
    head, periods, got, words = read(path, *options)
    assert head == list(want_names), (path, head)
    assert periods["date"] == list(want_dates), (path, periods["date"])
    assert same_bits(got, want), (path, numpy.argwhere(got != want)[:5])
    return periods, words


def refuse(path, *words, options=(), status=3):
    global count
    count += 1
    done = run("inspect", path, *options, status=status)
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr, (word, done.stderr)


def table(kind=pyarrow.date32(), day=lambda d: d, columns=None, extra=()):
    cells = {"Date": pyarrow.array([day(d) for d in dates], kind)}
    cells.update(extra)
    cells.update(columns if columns is not None else {n: values[:, j].copy() for j, n in enumerate(names)})
    return pyarrow.table(cells)


def midnight(d):
    return datetime.datetime(d.year, d.month, d.day)


def write(what, name="t.parquet", **options):
    pyarrow.parquet.write_table(what, folder / name, **options)
    return folder / name


# how pages are written
for options in ({}, {"use_dictionary": False}, {"data_page_version": "2.0"}, {"row_group_size": 7},
                {"use_dictionary": False, "column_encoding": {n: "BYTE_STREAM_SPLIT" for n in names}},
                {"write_page_checksum": True}, {"write_page_index": True}, {"data_page_size": 64},
                *({"compression": c} for c in ("none", "snappy", "gzip", "brotli", "lz4", "zstd"))):
    expect(write(table(), **options))

# dates
for unit in ("s", "ms", "us", "ns"):
    expect(write(table(pyarrow.timestamp(unit), midnight)))
    expect(write(table(pyarrow.timestamp(unit), lambda d: midnight(d).replace(hour=15, minute=30))))
expect(write(table(pyarrow.timestamp("ns"), midnight), use_deprecated_int96_timestamps=True))
expect(write(table(pyarrow.date64(), midnight)))
expect(write(table(pyarrow.string(), lambda d: d.strftime("%d-%m-%Y"))))
expect(write(table(pyarrow.large_string(), lambda d: d.strftime("%d-%b-%Y"))))
for zone in ("Asia/Kolkata", "America/New_York", "+05:30", "UTC"):
    stamps = pyarrow.compute.assume_timezone(pyarrow.array([midnight(d) for d in dates], pyarrow.timestamp("us")), zone)
    there = table().set_column(0, "Date", stamps)
    expect(write(there))
    pyarrow.feather.write_feather(there, folder / "t.feather")
    expect(folder / "t.feather")
    _, words = expect(write(there, store_schema=False))  # the zone's name is lost: midnight all the same
    assert zone == "UTC" or "midnight" in words, words

# numbers
whole = numpy.rint(values)
for kind in (pyarrow.int16(), pyarrow.int32(), pyarrow.int64(), pyarrow.float32(), pyarrow.float64()):
    cells = {n: pyarrow.array(whole[:, j], pyarrow.float64()).cast(kind) for j, n in enumerate(names)}
    expect(write(table(columns=cells)), whole + 0.0 if pyarrow.types.is_integer(kind) else whole)
for kind in (pyarrow.uint8(), pyarrow.uint16(), pyarrow.uint32(), pyarrow.uint64(), pyarrow.int8()):
    small = abs(whole) % 100
    cells = {n: pyarrow.array(small[:, j].astype(int), kind) for j, n in enumerate(names)}
    expect(write(table(columns=cells)), small)
    pyarrow.feather.write_feather(table(columns=cells), folder / "t.feather")
    expect(folder / "t.feather", small)
expect(write(table(columns={"a": pyarrow.array(values[:, 0], pyarrow.float32()), "b": values[:, 1].copy()})),
       numpy.stack([values[:, 0].astype(numpy.float32), values[:, 1]], axis=1), ["a", "b"])
for precision, scale in ((9, 2), (18, 4), (30, 6), (50, 10)):
    make = pyarrow.decimal128 if precision <= 38 else pyarrow.decimal256
    cents = [[decimal.Decimal(repr(round(float(x), 2))) for x in values[:, j]] for j in range(N)]
    cells = {n: pyarrow.array(cents[j], make(precision, scale)) for j, n in enumerate(names)}
    want = numpy.array([[float(x) for x in column] for column in cents]).T + 0.0
    for integers in (False, True):
        if precision <= 38:
            expect(write(table(columns=cells), store_decimal_as_integer=integers), want)
    pyarrow.feather.write_feather(table(columns=cells), folder / "t.feather")
    expect(folder / "t.feather", want)
expect(write(table(columns={n: pyarrow.array([repr(float(x)) for x in values[:, j]]) for j, n in enumerate(names)})))
expect(write(table(columns={"a": values[:, 0].copy(), "up": pyarrow.array([t % 2 == 0 for t in range(T)])})),
       numpy.stack([values[:, 0], [t % 2 == 0 for t in range(T)]], axis=1), ["a", "up"])

# nulls are missing cells
holes = [[None if (t + j) % 5 == 0 else float(values[t, j]) for t in range(T)] for j in range(N)]
filled = numpy.array([[0.0 if x is None else x for x in column] for column in holes]).T
hole_table = table(columns={n: pyarrow.array(holes[j], pyarrow.float64()) for j, n in enumerate(names)})
_, words = expect(write(hole_table, row_group_size=4), filled)
assert f"missing cells taken as 0: {sum(c.count(None) for c in holes)}" in words, words
refuse(write(hole_table), "row ", "missing cell", options=("--missing", "error"))
pyarrow.feather.write_feather(hole_table, folder / "t.feather")
expect(folder / "t.feather", filled)

# labels, times, facts of rows
zones = ["AB"[t % 2] for t in range(T)]
extra = {"Zone": pyarrow.array(zones).dictionary_encode(), "start_time": pyarrow.array([datetime.time(9, 15)] * T),
         "market_regime": pyarrow.array([None if t == 3 else "Bull" for t in range(T)]),
         "Regime_Confidence_%": pyarrow.array([57.5] * T, pyarrow.float32()), "capital": pyarrow.array([10**6] * T)}
for name in ("t.parquet", "t.feather"):
    if name == "t.parquet":
        write(table(extra=extra))
    else:
        pyarrow.feather.write_feather(table(extra=extra), folder / name, compression="lz4")
    periods, _ = expect(folder / name)
    assert periods["zone"] == zones and periods["start_time"] == [33300] * T and periods["capital"] == [1e6] * T
    assert periods["market_regime"][2:4] == ["Bull", ""] and periods["confidence"][0] == 0.575

# Arrow's own files
with pyarrow.OSFile(str(folder / "t.arrow"), "wb") as out, pyarrow.ipc.new_file(out, table().schema) as writer:
    for start in range(0, T, 6):
        writer.write_table(table().slice(start, 6))
expect(folder / "t.arrow")
with pyarrow.OSFile(str(folder / "t.arrows"), "wb") as out, pyarrow.ipc.new_stream(out, table().schema) as writer:
    writer.write_table(table())
expect(folder / "t.arrows")

# what is not a strategy is left out as from a CSV file; what cannot be read is named
odd = {"symbol": pyarrow.array(["x"] * T), "note": pyarrow.array(["text"] * T), "list": pyarrow.array([[1.0]] * T),
       "struct": pyarrow.array([{"a": 1}] * T), "when": pyarrow.array(dates), "total": values[:, 3].copy()}
_, words = expect(write(table(extra=odd)))
assert "text" in words and "derived" in words, words
refuse(write(pyarrow.table({"Day": ["Mon"], "a": [1.0]})), "no column is named Date")
refuse(write(table().slice(0, 0)), "no rows")
refuse(write(table(columns={"a": numpy.array([1.0] * 3 + [numpy.nan] + [1.0] * (T - 4))})), "row 4", "nan-as-missing")
refuse(write(table(columns={"a": numpy.array([1.0] * 3 + [numpy.inf] + [1.0] * (T - 4))})), "row 4", "not finite")
refuse(write(table(columns={"a": ["1"] * (T - 1) + ["1,2,3"]})), f"row {T}", "\"1,2,3\" is not a number")
expect(write(table(columns={"a": numpy.where(numpy.arange(T) == 3, numpy.nan, 1.0), "b": values[:, 0].copy()})),
       numpy.stack([numpy.where(numpy.arange(T) == 3, 0.0, 1.0), values[:, 0]], axis=1), ["a", "b"], dates,
       "--nan-as-missing")

# tall
melted = [(d, n, float(values[t, j])) for t, d in enumerate(dates) for j, n in enumerate(names)]


def tall(order=lambda rows: rows, titles=("date", "strategy", "pnl"), kind=pyarrow.date32()):
    rows = order(list(melted))
    return pyarrow.table({titles[0]: pyarrow.array([r[0] for r in rows]).cast(kind), titles[1]: [r[1] for r in rows],
                          titles[2]: [r[2] for r in rows]})


plain = values
for titles in (("date", "strategy", "pnl"), ("trading_date", "strategy_id", "daily_returns"),
               ("Date", "Strategy Name", "Net PNL")):
    expect(write(tall(titles=titles)), plain)
expect(write(tall(kind=pyarrow.timestamp("ms"))), plain)
expect(write(tall(), row_group_size=50), plain)
expect(write(tall(lambda rows: sorted(rows, key=lambda r: names.index(r[1])))), plain)
shuffled = list(melted)
rng.shuffle(shuffled)
seen = list(dict.fromkeys(r[1] for r in shuffled))
expect(write(tall(lambda _: shuffled)), plain[:, [names.index(n) for n in seen]], seen)
coded = tall().set_column(1, "strategy", tall()["strategy"].dictionary_encode())
pyarrow.feather.write_feather(coded, folder / "t.feather")
expect(folder / "t.feather", plain)
gaps = [r for i, r in enumerate(melted) if i % 7 != 3]
want = plain.copy()
want.reshape(-1)[[i for i in range(T * N) if i % 7 == 3]] = 0
seen = list(dict.fromkeys(r[1] for r in gaps))
expect(write(tall(lambda _: gaps)), want[:, [names.index(n) for n in seen]], seen)
twice = tall(lambda rows: rows + rows)  # two amounts of one cell are summed
expect(write(twice), plain + plain)
refuse(write(pyarrow.table({"date": pyarrow.array([dates[0]]), "strategy": ["a"], "pnl": [numpy.inf]})), "not finite")
refuse(write(pyarrow.table({"date": pyarrow.array([None], pyarrow.date32()), "strategy": ["a"], "pnl": [1.0]})),
       "row 1 has no date")

# folders
shutil.rmtree(folder / "parts", ignore_errors=True)
pyarrow.dataset.write_dataset(
    table(extra={"year": pyarrow.array([d.year for d in dates]), "month": pyarrow.array([d.month for d in dates])}),
    folder / "parts", format="parquet", partitioning=["year", "month"], partitioning_flavor="hive")
expect(folder / "parts")
shutil.rmtree(folder / "parts")
pyarrow.dataset.write_dataset(table(extra={"Zone": pyarrow.array(zones)}), folder / "parts", format="parquet",
                              partitioning=["Zone"], partitioning_flavor="hive")
periods, _ = expect(folder / "parts")
assert periods["zone"] == zones
shutil.rmtree(folder / "parts")
(folder / "parts").mkdir()
pyarrow.parquet.write_table(table().slice(0, 10), folder / "parts/a.parquet")
pyarrow.parquet.write_table(table().slice(10).select(["Date", *names[::-1][:-1]]), folder / "parts/b.parquet")
want = values.copy()
want[10:, 0] = 0  # the second file has no such column
expect(folder / "parts", want)
pyarrow.parquet.write_table(table(columns={names[0]: ["1"] * T}), folder / "parts/c.parquet")
refuse(folder / "parts", names[0], "of one kind in one file and of another")

# the writers that traders have
try:
    import pandas
    frame = pandas.DataFrame(values, columns=names, index=pandas.DatetimeIndex([midnight(d) for d in dates]))
    frame.to_parquet(folder / "t.parquet")
    head, periods, got, _ = read(folder / "t.parquet")
    assert head == names and periods["date"] == dates and same_bits(got, values)
    frame.rename_axis("Date").reset_index().to_feather(folder / "t.feather")
    expect(folder / "t.feather")
except ImportError as absent:
    print("without", absent)
try:
    import polars
    frame = polars.DataFrame({"Date": dates, **{n: values[:, j] for j, n in enumerate(names)}})
    frame.write_parquet(folder / "t.parquet")
    expect(folder / "t.parquet")
    frame.write_ipc(folder / "t.arrow", compression="zstd")
    expect(folder / "t.arrow")
    frame.unpivot(index="Date", variable_name="strategy", value_name="pnl").write_parquet(folder / "t.parquet")
    expect(folder / "t.parquet", plain)
except ImportError as absent:
    print("without", absent)
try:
    import duckdb
    arrow = table()
    duckdb.sql(f"COPY (SELECT * FROM arrow) TO '{folder}/t.parquet' (FORMAT parquet, CODEC 'zstd')")
    expect(folder / "t.parquet")
    long = tall()
    duckdb.sql(f"COPY (SELECT * FROM long) TO '{folder}/t.parquet' (FORMAT parquet, PARQUET_VERSION v2)")
    expect(folder / "t.parquet", plain)
except ImportError as absent:
    print("without", absent)

# a hundred thousand columns
columns = 3000 if SLOW else 100000
wide = numpy.array([[rng.randrange(-9999, 9999) / 7 for _ in range(columns)] for _ in range(3)])
many = pyarrow.table([pyarrow.array(dates[:3])] + [pyarrow.array(c) for c in wide.T],
                     names=["Date"] + [f"s{j}" for j in range(columns)])
expect(write(many, use_dictionary=False), wide, [f"s{j}" for j in range(columns)], dates[:3])

report = json.loads(run("inspect", "--json", write(table())).stdout)
assert report["strategies"] == N and report["periods"] == T and report["format"] == "arrow"
shutil.rmtree(folder)
print(f"{count} tables of other programs read")
