"""Trade logs of all eight formats, made here, come out of `heavyopt consolidate` as pandas adds them up: by day, or by day
and zone. Headers anywhere, true dates and texts, amounts as people write them, files that are none, a configuration."""
import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

try:
    import numpy
    import openpyxl
    import pandas
except ImportError as absent:
    print("skipped:", absent)
    sys.exit(77)
program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if "archives not" in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
    print("skipped: this build reads no workbooks")
    sys.exit(77)
rng = random.Random(5)
START = datetime.date(2024, 1, 1)
MARKETS = {7: (16 * 3600, 23.5 * 3600), 8: (9.25 * 3600, 15.5 * 3600)}


def moment(low=9, high=15):
    day = START + datetime.timedelta(days=rng.randrange(40))
    return datetime.datetime.combine(day, datetime.time(rng.randint(low, high), rng.randrange(60), rng.randrange(60)))


def amount():
    return round(rng.gauss(0, 1400), rng.choice([0, 2, 15]))


def zone_of(when, kind):
    low, high = MARKETS[kind]
    seconds = when.hour * 3600 + when.minute * 60 + when.second
    if not low <= seconds < high:
        return "Outside Market"
    return f"Zone {int((seconds - low) // ((high - low) / 4)) + 1}"


class Expected:
    """Long rows, and the table that pandas makes of them."""

    def __init__(self):
        self.rows = []

    def add(self, strategy, when, pnl, kind=None):
        self.rows.append({"Date": when.date(), "strategy": strategy, "pnl": pnl,
                          "Zone": zone_of(when, kind) if kind else "All"})

    def check(self, path):
        table = pandas.DataFrame(self.rows).pivot_table(index=["Date", "Zone"], columns="strategy", values="pnl",
                                                        aggfunc="sum", fill_value=0, sort=True)
        table = table[list(dict.fromkeys(row["strategy"] for row in self.rows))]
        got = pandas.read_csv(path)
        assert list(got.columns[:3]) == ["Date", "Zone", "Day"], list(got.columns)
        assert list(got.columns[3:]) == list(table.columns), (list(got.columns[3:]), list(table.columns))
        dates = pandas.to_datetime(got["Date"])
        assert list(zip(dates.dt.date, got["Zone"])) == list(table.index)
        assert list(got["Day"]) == list(dates.dt.day_name())
        numpy.testing.assert_allclose(got.iloc[:, 3:].to_numpy(), table.to_numpy(), rtol=1e-12, atol=1e-9)


def run(*arguments, status=0):
    done = subprocess.run([program, "consolidate", "--json", *arguments], capture_output=True, text=True)
    assert done.returncode == status, (done.returncode, done.stderr)
    return json.loads(done.stdout) if status == 0 else done.stderr


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def text_amount(value):
    plain = repr(value)
    return rng.choice([plain, f"INR {plain}", f"\u20b9{plain}", f"({plain[1:]})" if value < 0 else plain,
                       f"\u2212{plain[1:]}" if value < 0 else f"Rs. {plain}"])


def make(folder):
    """The files of all formats below folder/Input; what each format is to become."""
    wants = {n: Expected() for n in range(1, 9)}
    root = folder / "Input"
    for name in ("Backinzo_Files", "Python_Files", "TV_Files", "Consolidated_Files", "Backinzo_Multi_Files",
                 "Python_Multi_Files", "TV_Zone_Files", "Python_Multi_Zone_Files"):
        (root / name).mkdir(parents=True)
    for name in ("Bank Nifty, 9-20", "a.b"):  # 1: seven lines before the header; one file already cleaned
        lines = [f"Preamble {i},x" for i in range(7)] if name == "a.b" else []
        lines.append("Trade,Date,Entry,Exit,P/L")
        for i in range(60):
            when, pnl = moment(), amount()
            wants[1].add(name, when, pnl)
            lines.append(f'{i},{when.strftime("%d-%b-%Y %H:%M:%S")},1,2,"{pnl:,.15g}"')
        lines += ["60,not a date,1,2,5", "61,01-Jan-2024 10:00:00,1,2,"]
        (root / "Backinzo_Files" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("straddle", "strangle"):  # 2: dates as texts, or true ones
        rows = [["Exit Date", "Entry", "Net PNL"]]
        for _ in range(50):
            when, pnl = moment(), amount()
            wants[2].add(name, when, pnl)
            rows.append([when.strftime("%Y-%m-%d") if name == "straddle" else when, 1, pnl])
        rows.append([START.isoformat(), 1, None])
        workbook(root / "Python_Files" / f"{name}.xlsx", {"Setting": [["x", 1]], "PORTFOLIO Trans": rows})
    for name in ("TV one", "TV two"):  # 3: exits alone count
        rows = [["Trade #", "Type", "Signal", "Date/Time", "Price", "Profit INR", "Profit %"]]
        for i in range(40):
            when, pnl = moment(), amount()
            wants[3].add(name, when, pnl)
            rows.append([i, "Entry long", "b", (when - datetime.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S"), 1, 77, 1])
            rows.append([i, "Exit long", "s", when.strftime("%Y-%m-%d %H:%M:%S"), 1, pnl, 1])
        if name == "TV one":
            workbook(root / "TV_Files" / f"{name}.xlsx", {"Overview": [["a"]], "List of trades": rows})
        else:
            rows = [[*r[:5], r[5] if i == 0 else text_amount(float(r[5])), r[6]] for i, r in enumerate(rows)]
            text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
            (root / "TV_Files" / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    rows = [["Report"], [], ["Date", "Profit"]]  # 4: lines before the header
    for _ in range(30):
        when, pnl = moment(), amount()
        wants[4].add("all", when, pnl)
        rows.append([when.strftime("%d-%m-%Y"), pnl])
    workbook(root / "Consolidated_Files" / "all.xlsx", {"1": [["x"]], "2.1": rows})
    header = ["No", "Date"] + [f"c{i}" for i in range(11)] + ["S1", "S 2", "S3"]  # 5: from the 14th column on
    lines = ["pre,amble"] * 7 + [",".join(header)]
    for i in range(30):
        when, values = moment(), [amount() for _ in range(3)]
        for name, value in zip(header[13:], values):
            wants[5].add(f"multi_{name}", when, value)
        lines.append(",".join(map(str, [i, when.strftime("%d/%m/%Y")] + [0] * 11 + [repr(v) for v in values])))
    (root / "Backinzo_Multi_Files" / "multi.csv").write_text("\n".join(lines) + "\n")
    for file in ("x", "y"):  # 6: a sheet a strategy; the sheet "B Trans" comes in both files
        sheets = {"Portfolio Trans": [["Exit Date", "Net PNL"], ["2024-01-01", 1e9]]}
        for name in ("A" + file, "B"):
            rows = [["No", "Exit Date", "Net PNL"]]
            for _ in range(20):
                when, pnl = moment(), amount()
                wants[6].add(name, when, pnl)
                rows.append([1, when.strftime("%Y-%m-%d"), pnl])
            sheets[f" {name} Trans "] = rows
        sheets["Bare Trans"] = [["Exit Date", "Something"], ["2024-01-01", 1]]
        workbook(root / "Python_Multi_Files" / f"{file}.xlsx", sheets)
    for name in ("zone a", "zone b"):  # 7: zones by the time of entry
        rows = [["Trade #", "Type", "Date/Time", "Profit USD"]]
        for i in range(60):
            when, pnl = moment(15, 23), amount()
            wants[7].add(name, when, pnl, 7)
            rows.append([i, "Entry short", when.strftime("%Y-%m-%d %H:%M:%S") if i % 2 else when, pnl])
            rows.append([i, "Exit short", when.strftime("%Y-%m-%d %H:%M:%S"), 1e6])
        workbook(root / "TV_Zone_Files" / f"{name}.xlsx", {"List of trades": rows})
    for file, portfolio in (("p", True), ("q", False)):  # 8: a portfolio with its setting, or a sheet a strategy
        sheets = {"TV Setting": [["x"]]} if portfolio else {}
        for sheet in ("Portfolio Trans", "C Trans"):
            rows = [["Entry Date", "Enter On", "PNL"]]
            for i in range(40):
                when, pnl = moment(9, 15), amount()
                if portfolio == (sheet == "Portfolio Trans"):
                    wants[8].add(file if portfolio else f"{file}_C", when, pnl, 8)
                rows.append([when.date() if i % 2 else when.strftime("%Y-%m-%d"),
                             when.time() if i % 3 else when.strftime("%H:%M:%S"), pnl])
            sheets[sheet] = rows
        workbook(root / "Python_Multi_Zone_Files" / f"{file}.xlsx", sheets)
    return wants


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    wants = make(folder)
    old = folder / "Input/Python_Files/old.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    (folder / "Input/TV_Files/~$TV one.xlsx").write_bytes(b"locked")
    (folder / "Input/TV_Files/other.csv").write_text("a,b\n1,2\n")
    before = {p: p.read_bytes() for p in (folder / "Input").rglob("*") if p.is_file()}
    told = run(folder)
    assert [f["format"] for f in told["formats"]] == list(range(1, 9))
    for part in told["formats"]:
        assert len(part["written"]) == 1
        wants[part["format"]].check(part["written"][0])
        assert part["trades"] == len(wants[part["format"]].rows)
        assert part["by_zone"] == (part["format"] > 6)
    by = {f["format"]: f for f in told["formats"]}
    first = {pathlib.Path(f["path"]).name: f for f in by[1]["files"]}["a.b.csv"]
    assert (first["trades"], first["bad_dates"], first["no_amounts"]) == (60, 1, 1), first
    assert "Save As" in {pathlib.Path(f["path"]).name: f for f in by[2]["files"]}["old.xls"]["skipped"]
    assert {pathlib.Path(f["path"]).name for f in by[3]["files"]} == {"TV one.xlsx", "TV two.csv", "other.csv"}
    assert by[3]["files"][0]["other_rows"] == 40
    assert "no header" in [f for f in by[3]["files"] if f["path"].endswith("other.csv")][0]["skipped"]
    assert any("more than one file" in line and '"B"' in line for line in by[6]["warnings"]), by[6]["warnings"]
    assert "Bare Trans" in by[6]["files"][0]["skipped_sheets"][0]
    assert before == {p: p.read_bytes() for p in (folder / "Input").rglob("*") if p.is_file()}  # read, never written
    assert all(pathlib.Path(f["written"][0]).parent == folder / "Output/Optimize" for f in told["formats"])

    # any number of threads, and its own folder, give the same bytes; the table is one that the program reads
    one = run(folder / "Input", folder / "one", "--threads", "1", "--only", "7")
    three = run(folder, folder / "three.csv", "--threads", "3", "--only", "7")
    assert pathlib.Path(one["formats"][0]["written"][0]).read_bytes() == (folder / "three.csv").read_bytes()
    done = subprocess.run([program, "inspect", "--json", folder / "three.csv"], capture_output=True, text=True)
    assert done.returncode == 0 and json.loads(done.stdout)["rows"] == three["formats"][0]["rows"], done.stderr
    assert "one file" in run(folder, folder / "x.csv", status=2)
    assert "1 to 8" in run(folder, "--only", "9", status=2)

    # files in no folder of a format are read as what fits best; a single one too
    loose = folder / "loose"
    loose.mkdir()
    for path in ("Backinzo_Files/a.b.csv", "Python_Multi_Files/x.xlsx", "TV_Zone_Files/zone a.xlsx", "TV_Files/other.csv"):
        (loose / pathlib.Path(path).name).write_bytes((folder / "Input" / path).read_bytes())
    told = run(loose, folder / "guessed")
    assert told["guessed"] and [f["format"] for f in told["formats"]] == [1, 3, 6], told["formats"]
    assert len(told["unread"]) == 1 and "other.csv" in told["unread"][0]
    assert run(loose / "a.b.csv", folder / "single.parquet")["formats"][0]["trades"] == 60

    # a configuration: other folder, other columns, doubled percents, zones of its own; unknown keys are warned of
    (folder / "mine").mkdir()
    workbook(folder / "mine/w.xlsx", {"Own": [["no", "sort", "When", "Gain"], [1, "entry", "01.02.24 0930", 5], [2, "entry", "01.02.24 1500", -3],
                                              [3, "entry", "02.02.24 1200", 7]]})
    (folder / "c.ini").write_text("[DEBUG]\nenable_debug = true\n[TELEGRAM]\ntoken = x\n[FORMAT_7_Mine]\nfolder = mine ; ours\n"
                                  "sheet_name = Own\ndate_column_name = When\npnl_column_name = Loss, Gain\n"
                                  "date_format = %%d.%%m.%%y %%H%%M\nmarket_open_time = 09:00\nmarket_close_time = 16:00\n"
                                  "zone_method = custom\ncustom_zone_windows = 09:00-10:00, 14:00-16:00\nfoldr = y\n")
    told = run(folder, folder / "mine.csv", "--formats", folder / "c.ini")
    assert any("foldr" in line and "folder" in line for line in told["warnings"])
    assert (folder / "mine.csv").read_text().splitlines() == [
        '"Date","Zone","Day","w"' if (folder / "mine.csv").read_text()[0] == '"' else "Date,Zone,Day,w",
        "2024-02-01,Custom Zone 1,Thursday,5", "2024-02-01,Custom Zone 2,Thursday,-3", "2024-02-02,Undefined,Friday,7"]
    (folder / "c.ini").write_text("[FORMAT_1_X]\ndate_format1 = %d-%Q\n")
    assert "%Q" in run(folder, "--formats", folder / "c.ini", status=2)

    # parts of 500 strategies, as the old tool cut them
    many = folder / "many/Input/TV_Zone_Files"
    many.mkdir(parents=True)
    rows = [["Trade #", "Type", "Date/Time", "Profit"], [1, "Entry", datetime.datetime(2024, 1, 1, 17), 1.5]]
    workbook(many / "s0.xlsx", {"List of trades": rows})
    for i in range(1, 503):
        os.link(many / "s0.xlsx", many / f"s{i:03}.xlsx")
    told = run(folder / "many", "--split")
    parts = told["formats"][0]["written"]
    assert [p.rsplit("_", 1)[1] for p in parts] == ["part1.csv", "part2.csv"]
    assert [len(open(p).readline().split(",")) for p in parts] == [503, 6]

    # nothing left: the first reason is the reason
    empty = folder / "none"
    (empty / "Input/TV_Files").mkdir(parents=True)
    assert "no trade was read" in run(empty, status=3)
    (empty / "Input/TV_Files/x.xlsx").write_bytes(b"PK\3\4 and no more")
    assert "damaged" in run(empty, status=3)
print("eight formats as pandas adds them up:", {n: len(w.rows) for n, w in wants.items()}, "trades")
