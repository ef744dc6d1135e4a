"""Tables that come in other ways than as a plain CSV file: in a ZIP archive, as an XLSX workbook, without a header, with
another word for NULL, as HeavyDB's COPY TO writes them with each of its options, as a folder of several files. Each is
the table that the plain file is, bit for bit, or is refused in one line."""
import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import zipfile

try:
    import numpy
    import openpyxl
    import pandas
except ImportError as absent:
    print("skipped:", absent)
    sys.exit(77)
program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
if "Arrow    not" in version or "archives not" in version:
    print("skipped: this build has no Arrow, or reads no workbooks")
    sys.exit(77)
rng = random.Random(3)
folder = pathlib.Path(tempfile.mkdtemp())
DAYS = [datetime.date(2024, 1, 1) + datetime.timedelta(days=t) for t in range(30)]
NAMES = ["SENSEX 1426-1456 SL73%TP32%", 'with "quotes", commas', "\u20b9 rupees", "last"]
# of 15 digits at most: openpyxl writes no more than 16
VALUES = [[rng.choice([-0.0, 1e-300, round(rng.gauss(0, 1400), 9)]) for _ in NAMES] for _ in DAYS]


def run(*arguments, status=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, (arguments, done.returncode, done.stderr)
    if status != 0:
        assert done.stderr.count("\n") == 1, done.stderr
    return done


def exported(path, *options, status=0):
    """The table as the program's own CSV; or the words of a refusal."""
    done = run("export", path, folder / "out.csv", *options, status=status)
    return (folder / "out.csv").read_bytes() if status == 0 else done.stderr


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def write(path, rows, header=None, delimiter=",", quote=True):
    lines = [delimiter.join(quoted(n) for n in header)] if header else []
    lines += [delimiter.join(quoted(str(c)) if quote else str(c) for c in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


ROWS = [[d.isoformat(), *map(repr, r)] for d, r in zip(DAYS, VALUES)]
write(folder / "plain.csv", ROWS, ["Date", *NAMES])
WANT = exported(folder / "plain.csv")

# a ZIP archive of one file, and what else a packer leaves in it
with zipfile.ZipFile(folder / "t.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.write(folder / "plain.csv", "some/where/plain.csv")
    z.writestr("__MACOSX/some/where/._plain.csv", "x")
assert exported(folder / "t.zip") == WANT
assert json.loads(run("inspect", "--json", folder / "t.zip").stdout)["format"] == "zip"
with zipfile.ZipFile(folder / "two.zip", "w") as z:
    z.writestr("a.csv", "x")
    z.writestr("b.csv", "x")
assert "2 files" in exported(folder / "two.zip", status=3)
data = bytearray((folder / "t.zip").read_bytes())
data[200] ^= 4
(folder / "flip.zip").write_bytes(data)
assert "damaged" in exported(folder / "flip.zip", status=3)

# workbooks: true dates or texts, lines above the header, the table on any sheet, wide or tall
for true_dates in (True, False):
    book = openpyxl.Workbook()
    book.active.append(["A cover sheet"])
    sheet = book.create_sheet("table")
    sheet.append(["made by somebody"])
    sheet.append([])
    sheet.append(["Date", "Day", *NAMES])
    for day, row in zip(DAYS, VALUES):
        sheet.append([day if true_dates else day.isoformat(), day.strftime("%A"), *row])
    book.save(folder / "t.xlsx")
    assert exported(folder / "t.xlsx") == WANT
(folder / "table.png.xls").write_bytes((folder / "t.xlsx").read_bytes())  # its content says what it is
assert exported(folder / "table.png.xls") == WANT
sheet["C7"] = "=1/0"
sheet["D9"] = None
sheet["E10"] = "abc"
book.save(folder / "bad.xlsx")
assert 'line 10' in exported(folder / "bad.xlsx", status=3)
sheet["E10"] = 5
book.save(folder / "bad.xlsx")
assert "missing cells taken as 0: 2" in run("inspect", folder / "bad.xlsx").stderr
(folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
assert "Save As" in exported(folder / "old.xls", status=3)
book = openpyxl.Workbook()
book.active.append(["trading_date", "strategy", "pnl"])
for day, row in zip(DAYS, VALUES):
    for name, value in zip(NAMES, row):
        book.active.append([day, name, value])
book.save(folder / "tall.xlsx")
assert exported(folder / "tall.xlsx") == WANT
book = openpyxl.Workbook()
book.active.append(["no", "date column here is none"])
book.save(folder / "none.xlsx")
assert "column called Date" in exported(folder / "none.xlsx", status=3)

# no header: the names from another file, from a list of names, or as they are typed; lines are counted as the file has them
write(folder / "bare.csv", ROWS)
write(folder / "bare.tsv", ROWS, delimiter="\t", quote=False)
(folder / "names.txt").write_text("\n".join(["Date", *(quoted(n) for n in NAMES)]) + "\n", encoding="utf-8")
assert exported(folder / "bare.csv", "--header-from", folder / "plain.csv") == WANT
assert exported(folder / "bare.tsv", "--header-from", folder / "plain.csv") == WANT
assert exported(folder / "bare.csv", "--header-from", folder / "names.txt") == WANT
assert exported(folder / "bare.csv", "--header-from", ",".join(["Date", *(quoted(n) for n in NAMES)])) == WANT
assert "gives 2 names, the first row has 5" in exported(folder / "bare.csv", "--header-from", "Date,x", status=2)
assert "no column is named Date" in exported(folder / "bare.csv", status=3)
write(folder / "wrong.csv", [*ROWS[:3], ["2024-01-04", "abc", 1, 1, 1]])
assert "line 4" in exported(folder / "wrong.csv", "--header-from", folder / "plain.csv", status=3)

# HeavyDB's COPY TO: every option that changes the file; names made fit for SQL
SQL = ["date_col", "day_col", "sensex_1426_1456_sl73pct_tp32pct", "b", "c", "d"]
holes = [[d.isoformat(), d.strftime("%A"), *(None if (t + j) % 7 == 0 else v for j, v in enumerate(r))]
         for t, (d, r) in enumerate(zip(DAYS, VALUES))]
reference = None
for quote in (True, False):
    for delimiter in (",", "\t", ";"):
        for null in ("\\N", "", "NULL", "nothing"):
            for header in (True, False):
                rows = [[null if c is None else repr(c) if isinstance(c, float) else c for c in row] for row in holes]
                lines = [delimiter.join(SQL)] if header else []
                lines += [delimiter.join(quoted(c) if quote else c for c in row) for row in rows]
                (folder / "heavy.csv").write_text("\n".join(lines) + "\n")
                options = ["--null", "nothing"] if null == "nothing" else []
                options += [] if header else ["--header-from", ",".join(SQL)]
                got = exported(folder / "heavy.csv", *options)
                reference = reference or got
                assert got == reference, (quote, delimiter, null, header)
frame = pandas.DataFrame(holes, columns=SQL)  # as the Arrow results of its Python client come: all bits, NULL as null
frame["date_col"] = [d for d in DAYS]
frame.to_parquet(folder / "heavy.parquet")
assert exported(folder / "heavy.parquet") == reference
frame.drop(columns="day_col").melt("date_col", var_name="strategy_id", value_name="daily_returns").to_parquet(
    folder / "long.parquet")
assert exported(folder / "long.parquet") == reference
assert numpy.allclose(pandas.read_csv(folder / "out.csv").iloc[:, 2:].to_numpy(),
                      [[v or 0 for v in row[2:]] for row in holes], rtol=0, atol=0)
assert "nothing" in exported(folder / "heavy.csv", "--header-from", ",".join(SQL), status=3) or null != "nothing"
(folder / "long.csv").write_text('strategy_id,trading_date,daily_returns,zone_name\n"7","2024-01-01","1.5","A"\n'
                                 '"7","2024-01-01","gone","B"\n"9","2024-01-02","true","gone"\n')
assert '"true" is no amount' in exported(folder / "long.csv", "--null", "gone", status=3)
(folder / "long.csv").write_text((folder / "long.csv").read_text().replace("true", "2"))
assert exported(folder / "long.csv", "--null", "gone").decode().splitlines()[1:] == [
    "2024-01-01,A,Monday,1.5,0", "2024-01-01,B,Monday,0,0", "2024-01-02,,Tuesday,0,2"]

# several files of a folder: side by side, CSV files first, gaps 0, as pandas joins them
(folder / "many").mkdir()
first = pandas.DataFrame({"Date": [d.isoformat() for d in DAYS[:20]], "Zone": ["A", "B"] * 10,
                          "x": [r[0] for r in VALUES[:20]], "y": [r[1] for r in VALUES[:20]]})
second = pandas.DataFrame({"Date": [d.isoformat() for d in DAYS[10:]], "Zone": ["A", "B"] * 10,
                           "x": [r[2] for r in VALUES[10:]]})
third = pandas.DataFrame({"Date": [d.isoformat() for d in DAYS[5:15]], "Zone": "A", "z": range(10)})
first.to_csv(folder / "many/b one.csv", index=False)
second.to_csv(folder / "many/c.csv", index=False)
third.to_excel(folder / "many/a.xlsx", index=False)
(folder / "many/~$a.xlsx").write_bytes(b"locked")
done = run("export", folder / "many", folder / "out.csv")
got = pandas.read_csv(folder / "out.csv", keep_default_na=False)
frames = [f.set_index(["Date", "Zone"]).add_prefix(p) for f, p in ((first, "b one_"), (second, "c_"), (third, "a_"))]
want = pandas.concat(frames, axis=1).fillna(0).sort_index()
assert list(got.columns[3:]) == list(want.columns), list(got.columns)
assert list(zip(got["Date"], got["Zone"])) == list(want.index)
assert numpy.array_equal(got.iloc[:, 3:].to_numpy(dtype=float), want.to_numpy(dtype=float))
report = json.loads(run("inspect", "--json", folder / "many").stdout)
assert report["format"] == "folder" and len(report["sources"]) == 3, report
assert "more than one file has a strategy \"x\"" in exported(folder / "many", "--prefix", "never", status=3)
(folder / "single").mkdir()
(folder / "single/plain.csv").write_bytes((folder / "plain.csv").read_bytes())
assert exported(folder / "single") == WANT
assert b"plain_last" in exported(folder / "single", "--prefix", "always")
(folder / "empty").mkdir()
assert "without tables" in exported(folder / "empty", status=3)
run("optimize", folder / "many", "-p", "2", "--effort", "quick", "-o", folder / "runs", "--quiet")
print("zip, xlsx, headerless, nulls, 48 ways of COPY TO, folders: the same table")
