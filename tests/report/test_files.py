"""The files of a run as its readers get them: workbook, CSV, page and JSON agree; hostile names do no harm; charts
that cannot be drawn cost nothing but themselves; the files can be made again from the document."""
import csv
import datetime
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists():
    print(f"skipped: {program} is not built")
    sys.exit(77)
work = pathlib.Path(tempfile.mkdtemp(prefix="heavyopt-files-"))
hostile = ["<script>alert(1)</script>", "=cmd()|'/c calc'!A0", '"quoted", with a comma', "-1+2", "@SUM(1)", "+7",
           "\U0001F600 नमस्ते", "a`touch x`b'c\\d$(e)", "tab\tinside", "{/Symbol a}_x^2 &amp; &"]
faults = []


def check(good, text):
    if not good:
        faults.append(text)
        print("FAULT:", text)


def run(*arguments, path=None, **more):
    environment = dict(os.environ, HEAVYOPT_CACHE=str(work / "cache"))
    if path is not None:
        environment["PATH"] = str(path)
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, env=environment, **more)


def optimize(output, *more, path=None):
    said = run("optimize", work / "in.csv", "-p", 10, "-o", work / output, "-e", "quick", "-q", *more, path=path)
    check(said.returncode == 0, f"{output}: exit code {said.returncode}: {said.stderr}")
    return sorted((work / output).glob("run_*"))[-1], said.stderr


def table():
    state = 4711
    names = hostile + [f"plain {i}" for i in range(4)]
    with open(work / "in.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Date", *names])
        for t in range(70):
            row = [(datetime.date(2024, 1, 1) + datetime.timedelta(days=t)).isoformat()]
            for j in range(len(names)):
                state = state * 16807 % 2147483647
                row.append(round(state / 2147483647 * 4000 - 1900 + 20 * (j < len(hostile)), 4))
            writer.writerow(row)


def near(a, b):
    return a == b or (isinstance(a, (int, float)) and isinstance(b, (int, float)) and math.isclose(a, b, rel_tol=1e-15))


def check_workbook(folder, document):
    try:
        import openpyxl
    except ImportError:
        print("openpyxl is not here: the workbook is left out")
        return
    books = list(folder.glob("*.xlsx"))
    if not books:
        print("no libxlsxwriter in this build: the workbook is left out")
        return
    book = openpyxl.load_workbook(books[0])
    for sheet in book:
        check(sheet.freeze_panes is not None, f"{sheet.title}: the heads do not stay in view")
        for row in sheet.iter_rows():
            check(all(cell.data_type != "f" and cell.hyperlink is None for cell in row), f"{sheet.title}: a formula")
    column = lambda sheet, i: [row[i] for row in book[sheet].iter_rows(min_row=2, values_only=True)]
    details = document["details"]
    check(column("Best Portfolio", 0) == [m["name"] for m in details["members"]], "workbook: names")
    check(all(map(near, column("Best Portfolio", 2), [m["total_roi"] for m in details["members"]])), "workbook: profits")
    heads = [cell.value for cell in next(book["Best Portfolio"].iter_rows(max_row=1))]
    for day, name in enumerate(["Monday", "Tuesday"]):
        told = column("Best Portfolio", heads.index(f"{name}, rupees"))
        check(all(map(near, told, [m["weekdays"][day] for m in details["members"]])), f"workbook: {name}")
    choices = [row for row in book["Other Choices"].iter_rows(min_row=2, values_only=True)]
    metrics, singles = document["best"]["metrics"], details["best_singles"]
    check(near(choices[0][5], metrics["roi_dd_ratio"] * metrics["max_drawdown"]), "workbook: the portfolio itself")
    check(near(choices[1][2], singles["total_roi"]) and near(choices[1][3], singles["max_drawdown"]), "workbook: singles")
    for i, key in enumerate(["pnl", "equity", "drawdown"]):
        check(all(map(near, column("Daily Equity", i + 1), details["series"][key])), f"workbook: {key}")
    dates = column("Daily Equity", 0)
    check([d.date().isoformat() for d in dates] == details["series"]["dates"], "workbook: dates are dates")
    check(len(book["Daily Equity"]._charts) == 2, "workbook: native charts")
    told = dict(zip(column("Metrics", 3), column("Metrics", 1)))
    check(all(near(told[k], v) for k, v in document["best"]["metrics"].items() if v is not None), "workbook: measures")
    for a, row in zip(document["algorithms"], book["Algorithm Results"].iter_rows(min_row=2, values_only=True)):
        check(row[0] == a["name"] and near(row[2], a["fitness"]), "workbook: algorithms")
    for k, row in enumerate(book["Correlations"].iter_rows(min_row=2, min_col=2, values_only=True)):
        check(all(map(near, row, details["correlation"][k])), "workbook: correlations")


def check_csv(folder, document):
    for path in folder.glob("*.csv"):
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                for cell in row:
                    number = cell.replace(".", "").replace("e", "").replace("-", "").replace("+", "").isdigit()
                    check(number or cell in ("-inf", "inf") or cell[:1] not in "=+-@\t\r" or cell == "",
                          f"{path.name}: a formula: {cell}")
    with open(next(folder.glob("portfolio_composition*")), newline="", encoding="utf-8") as file:
        names = [row["Strategy_Name"] for row in csv.DictReader(file)]
    check([n[1:] if n[:1] == "'" else n for n in names] == document["best"]["portfolio"], "CSV: names come back")
    with open(folder / "portfolio_metrics.csv", newline="") as file:
        told = {row["Key"]: float(row["Value"]) for row in csv.DictReader(file)}
    check(all(told[k] == v for k, v in document["best"]["metrics"].items() if v is not None), "CSV: measures")


def check_page(folder, document):
    page = (folder / "report.html").read_text(encoding="utf-8")
    check("<script>alert" not in page and "&lt;script&gt;alert(1)" in page, "the page runs a name")
    check("://" not in page.replace("http://www.w3.org/2000/svg", ""), "the page refers to a network")


def check_charts(folder, said):
    if shutil.which("gnuplot") is None:
        print("no gnuplot here: the charts are left out")
        check("gnuplot is not installed" in said, "no gnuplot, and nothing said")
        return
    check(said == "", f"something about the charts: {said}")
    pictures = sorted(folder.glob("*.png"))
    check(len(pictures) == 11, f"{len(pictures)} charts")
    check(all(p.read_bytes()[:4] == b"\x89PNG" for p in pictures), "a chart is no PNG")
    for picture in pictures:
        svg = xml.dom.minidom.parse(str(picture.with_suffix(".svg")))
        check(svg.documentElement.tagName == "svg", f"{picture.name}: no SVG beside it")
        check(not svg.getElementsByTagName("script"), f"{picture.name}: a script in the SVG")
    check(not (folder / "x").exists() and not list(folder.glob(".*")), "something was left behind")


def check_documented(folder, document):
    """Every file stands in the table of docs/FORMATS.md."""
    told = (pathlib.Path(os.environ["HEAVYOPT_SOURCE"]) / "docs/FORMATS.md").read_text(encoding="utf-8")
    algorithms = "|".join(a["name"] for a in document["algorithms"])
    for path in folder.iterdir():
        name = path.name.replace(document["timings"]["stamp"], "STAMP").replace(".svg", ".png")
        name = re.sub(r"Size\d+_", "SizeSIZE_", name)
        name = re.sub(f"^({algorithms})_result", "ALGORITHM_result", name)
        check(f"`{name}`" in told, f"docs/FORMATS.md does not tell of {name}")


def check_again(folder):
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    for name in before:
        if name not in ("result.json", "strategy_metrics.csv", "algorithm_results.csv") and "summary" not in name:
            (folder / name).unlink()
    said = run("report", folder, "--legacy-files", "--chart-format", "both")
    check(said.returncode == 0, f"report: {said.stderr}")
    after = {p.name: p.read_bytes() for p in folder.iterdir()}
    check(before.keys() == after.keys(), f"report: other files: {before.keys() ^ after.keys()}")
    for name in before.keys() & after.keys():
        check(before[name] == after[name], f"report: {name} is not the same")
    check(run("report", work / "in.csv").returncode == 3, "report of a table is not refused")
    check(run("report", work / "nowhere").returncode == 3, "report of nothing is not refused")


def check_choice():
    folder, _ = optimize("none", "--report", "none")
    check([p.name for p in folder.iterdir()] == ["result.json"], "--report none leaves other files")
    folder, _ = optimize("some", "--report", "html,text")
    check(len(list(folder.iterdir())) == 3, "--report html,text leaves other files")
    said = run("optimize", work / "in.csv", "-p", 3, "-o", work / "bad", "--report", "htm")
    check(said.returncode == 2 and "html" in said.stderr and not (work / "bad").exists(), "--report htm is not refused")
    said = run("optimize", work / "in.csv", "-p", 3, "-o", work / "bad", "--plots", work / "nowhere")
    check(said.returncode == 2 and "nowhere" in said.stderr, "--plots of nothing is not refused")


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def check_without_gnuplot():
    folder, said = optimize("missing", path="/nonexistent")
    check("no charts: gnuplot is not installed" in said and said.count("\n") == 1, f"gnuplot missing: {said}")
    check((folder / "report.html").exists() and not list(folder.glob("*.png")), "gnuplot missing: other files")
    tools = work / "tools"
    tools.mkdir()
    (tools / "gnuplot").write_text(f"#!/bin/sh\n/bin/sleep 600 &\necho $! >>{work}/pids\nwait\n")
    (tools / "gnuplot").chmod(0o755)
    folder, said = optimize("hanging", "--chart-time", "0.5", path=tools)
    check("11 charts are missing" in said and said.count("\n") == 1, f"gnuplot hanging: {said}")
    check((folder / "report.html").exists() and not list(folder.glob(".*")), "gnuplot hanging: other files")
    pids = [int(p) for p in (work / "pids").read_text().split()]
    check(pids and not any(map(alive, pids)), "gnuplot hanging: its children live on")


def check_scripts():
    if shutil.which("gnuplot") is None:
        return
    own = work / "own scripts'"
    own.mkdir()
    (own / "months.gp").write_text("this is no command\n")
    (own / "weekdays.gp").write_text("set title 'mine'\nplot [0:1] x\n")
    folder, said = optimize("own", "--report", "charts", "--plots", own)
    check(said.count("no chart") == 1 and "no chart monthly_profits" in said, f"a broken script: {said}")
    check(len(list(folder.glob("*.png"))) == 10, "a broken script costs more than its chart")


def check_compare(folder):
    other, _ = optimize("other", "--report", "none", "--seed", "7")
    said = run("compare", folder, other, "--json", "-o", work / "compared")
    document = json.loads(said.stdout)
    mine, theirs = ({*r["portfolio"]} for r in document["runs"])
    check(document["shared"] == [[10, len(mine & theirs)], [len(mine & theirs), 10]], "compare: shared strategies")
    check({*document["common"]} == mine & theirs, "compare: strategies of every portfolio")
    check(shutil.which("gnuplot") is None or (work / "compared/equity_comparison.png").exists(), "compare: no chart")
    check(run("compare", folder).returncode == 2, "compare of one run is not refused")


table()
names = [word for name in hostile for word in ("--include", name)]
first, words = optimize("out", "--legacy-files", "--chart-format", "both", *names)
result = json.loads((first / "result.json").read_text(encoding="utf-8"))
check({*hostile} == {*result["best"]["portfolio"]}, f"the hostile names are not chosen: {result['best']['portfolio']}")
check_workbook(first, result)
check_csv(first, result)
check_page(first, result)
check_charts(first, words)
check_documented(first, result)
check_again(first)
check_choice()
check_without_gnuplot()
check_scripts()
check_compare(first)
shutil.rmtree(work)
print(len(faults), "faults")
sys.exit(1 if faults else 0)
