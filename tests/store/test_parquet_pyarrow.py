"""A store of ours as pyarrow sees it: columns, types, row groups, notes, and the numbers of the CSV file it came from.
Also as one data set, with year and month out of the folders' names. Needs the program: `heavyopt convert`."""
import csv
import datetime
import json
import math
import os
import pathlib
import random
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
    import numpy
    import pyarrow
    import pyarrow.dataset
    import pyarrow.parquet
except ImportError as absent:
    skip(f"{absent}")

PNL = {"date": pyarrow.date32(), "period": pyarrow.int32(), "strategy": pyarrow.int32(), "pnl": pyarrow.float64()}
STRATEGIES = {"id": pyarrow.int32(), "name": pyarrow.string(), "group": pyarrow.string(),
              "window_start": pyarrow.int32(), "window_end": pyarrow.int32(), "stop_loss": pyarrow.float64(),
              "take_profit": pyarrow.float64(), "source": pyarrow.string()}
PERIODS = {"id": pyarrow.int32(), "date": pyarrow.date32(), "start_time": pyarrow.int32(),
           "end_time": pyarrow.int32(), "day": pyarrow.string(), "zone": pyarrow.string(),
           "market_regime": pyarrow.string(), "confidence": pyarrow.float64(), "threshold": pyarrow.float64(),
           "capital": pyarrow.float64()}


def check(schema, expected):
    for name, kind in expected.items():
        assert schema.field(name).type == kind, (name, schema.field(name))
        assert not schema.field(name).nullable, name


def make_csv(path, days, strategies):
    rng = random.Random(7)
    names = [f"SENSEX 1426-1456 SL{i}%TP32%" if i % 2 else f"own, \"name\" ₹{i}" for i in range(strategies)]
    first = datetime.date(2023, 11, 20)
    dates = [first + datetime.timedelta(days=3 * t) for t in range(days)]
    values = [[rng.choice([-0.0, 5e-324, rng.gauss(0, 1400), round(rng.gauss(0, 1400), 2)])
               for _ in names] for _ in dates]
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["Date", "Zone", "Day", *names])
        for date, row in zip(dates, values):
            writer.writerow([date, "", date.strftime("%A"), *map(repr, row)])
    return names, dates, numpy.array(values)


def same_bits(a, b):
    return numpy.array_equal(numpy.asarray(a).view(numpy.uint64), numpy.asarray(b).view(numpy.uint64))


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    names, dates, values = make_csv(folder / "in.csv", 61, 37)
    store = folder / "out"
    done = subprocess.run([program, "convert", folder / "in.csv", store], capture_output=True, text=True)
    if done.returncode == 2 and "convert" in done.stderr:
        skip(f"the program has no convert yet: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr

    assert {p.name for p in store.iterdir()} == {"strategies.parquet", "periods.parquet", "pnl"}
    strategies = pyarrow.parquet.ParquetFile(store / "strategies.parquet", page_checksum_verification=True)
    check(strategies.schema_arrow, STRATEGIES)
    table = strategies.read().to_pydict()
    assert table["id"] == list(range(37)) and table["name"] == names
    assert table["group"][1] == "SENSEX" and table["group"][0] == ""
    assert table["window_start"][1] == 14 * 3600 + 26 * 60 and table["window_end"][0] == -1
    assert table["stop_loss"][3] == 3 and table["take_profit"][3] == 32
    assert set(table["source"]) == {"in.csv"}
    notes = strategies.schema_arrow.metadata
    report = json.loads(notes[b"heavyopt.report"])
    assert report["rows"] == 61 and report["strategies"] == 37
    source = (folder / "in.csv").stat()
    assert int(notes[b"heavyopt.source_bytes"]) == source.st_size
    assert int(notes[b"heavyopt.source_mtime_ns"]) == source.st_mtime_ns
    assert notes[b"heavyopt.version"] and len(notes[b"heavyopt.source_hash"]) == 16

    periods = pyarrow.parquet.ParquetFile(store / "periods.parquet", page_checksum_verification=True)
    check(periods.schema_arrow, PERIODS)
    table = periods.read().to_pydict()
    assert table["id"] == list(range(61)) and table["date"] == dates
    assert table["day"] == [d.strftime("%A") for d in dates]

    parts = sorted((store / "pnl").rglob("*.parquet"))
    assert [str(p.relative_to(store)) for p in parts] == sorted(
        {f"pnl/year={d.year}/month={d.month:02}/part-0.parquet" for d in dates})
    tables = []
    for part in parts:
        file = pyarrow.parquet.ParquetFile(part, page_checksum_verification=True)
        check(file.schema_arrow, PNL)
        for i in range(file.num_row_groups):
            assert file.metadata.row_group(i).num_rows % 37 == 0
        tables.append(file.read())
    whole = pyarrow.concat_tables(tables)
    assert same_bits(whole["pnl"].to_numpy().reshape(61, 37), values)
    assert whole["strategy"].to_pylist() == list(range(37)) * 61
    assert whole["period"].to_pylist() == [t for t in range(61) for _ in range(37)]
    assert whole["date"].to_pylist() == [d for d in dates for _ in range(37)]

    data = pyarrow.dataset.dataset(store / "pnl", format="parquet", partitioning="hive")
    december = data.to_table(filter=(pyarrow.dataset.field("year") == 2023) & (pyarrow.dataset.field("month") == 12))
    chosen = [t for t, d in enumerate(dates) if (d.year, d.month) == (2023, 12)]
    assert same_bits(december["pnl"].to_numpy().reshape(-1, 37), values[chosen])
    one = data.to_table(filter=pyarrow.dataset.field("strategy") == 5).sort_by("period")
    assert same_bits(one["pnl"].to_numpy(), values[:, 5].copy())
    assert math.isclose(data.to_table()["pnl"].to_numpy().sum(), values.sum(), abs_tol=1e-6)
    print(f"{len(parts)} parts, {whole.num_rows} rows: equal in pyarrow {pyarrow.__version__}")
