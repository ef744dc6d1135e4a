"""report.html: one whole file that asks for nothing else, says what result.json says, and takes hostile names for
text. Small and odd tables have a page too."""
import datetime
import html
import html.parser
import json
import math
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

from under_test import SLOW

PROGRAM = os.path.join(os.environ["HEAVYOPT_BUILD"], "heavyopt")
HOSTILE = ["<script>alert(1)</script>", "=cmd()|' /C calc'!A0", "\"quoted\" & 'single'", "😀 emoji", "</style><b>bold",
           "x' onload='alert(1)"]
VOID = {"meta"}


class Page(html.parser.HTMLParser):
    """Checks that what is opened is closed in order, and gathers texts and attributes."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts, self.attributes = [], {}, [], []
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag, attributes):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:], self.getpos())
        self.open.pop()

    def handle_data(self, data):
        self.texts.append(data)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def write_table(path, names, days, value):
    with open(path, "w", encoding="utf-8") as table:
        print("Date," + ",".join(quoted(name) for name in names), file=table)
        for day in range(days):
            cells = [f"{value(day, column):.6f}" for column in range(len(names))]
            print(f"2024-{1 + day // 28:02d}-{1 + day % 28:02d}," + ",".join(cells), file=table)


def make(table, *options):
    done = subprocess.run([PROGRAM, "optimize", table, "--effort", "quick", "--no-cache", "--quiet", "-o", "out", *options],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder = re.search(r"out/run_\S+", done.stdout + done.stderr) or sorted(os.scandir("out"), key=lambda e: e.name)[-1]
    folder = folder.group(0) if isinstance(folder, re.Match) else folder.path
    with open(os.path.join(folder, "report.html"), encoding="utf-8") as page, \
            open(os.path.join(folder, "result.json"), encoding="utf-8") as result:
        return page.read(), json.load(result)


def check_alone(text, page):
    """Nothing is fetched: no address, no import, links to places of the page only, and a policy that forbids more."""
    assert not re.search(r"(?:https?:)?//[a-z]", text.replace("http://www.w3.org/2000/svg", "")), "an address"
    assert "@import" not in text and "url(" not in text
    for name, value in page.attributes:
        assert name not in ("src", "srcset", "data", "action") and not name.startswith("on"), (name, value)
        if name == "href":
            assert value.startswith("#"), value
            assert ("id", value[1:]) in page.attributes, value
    assert any(value and "default-src 'none'" in value for _, value in page.attributes)


def grouped(value):
    return f"{abs(value):,.0f}"


def check_numbers(text, result):
    metrics = result["best"]["metrics"]
    assert "₹" + grouped(metrics["total_roi"]) in text
    data = json.loads(re.search(r"<script type=application/json id=data>(.*?)</script>", text, re.S).group(1))
    series = result["details"]["series"]
    assert data["names"] == result["best"]["portfolio"] and data["dates"] == series["dates"]
    for key in ("pnl", "equity", "drawdown"):
        assert all(math.isclose(a, b, rel_tol=1e-8, abs_tol=1e-9) for a, b in zip(data[key], series[key], strict=True))
    assert math.isclose(series["equity"][-1], metrics["total_roi"], rel_tol=1e-12)
    assert math.isclose(max(series["drawdown"]), metrics["max_drawdown"], rel_tol=1e-12, abs_tol=1e-12)
    months = sum(month["total"] for month in result["details"]["months"])
    assert math.isclose(months, metrics["total_roi"], rel_tol=1e-9)
    assert sum(result["details"]["histogram"]["counts"]) == len(series["pnl"])
    members = result["details"]["members"]
    assert [member["name"] for member in members] == result["best"]["portfolio"]
    assert math.isclose(sum(member["total_roi"] for member in members), metrics["total_roi"], rel_tol=1e-9)


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


def fall_of(equity):
    peak, deepest = 0.0, 0.0
    for value in equity:
        peak = max(peak, value)
        deepest = max(deepest, peak - value)
    return deepest


def table_of(text, anchor, number=0):
    """Rows of cells of a part's table."""
    part = text[text.index(f"<h2 id={anchor}>"):].split("<h2 ", 2)[1]
    table = re.findall(r"<table.*?</table>", part, re.S)[number]
    rows = re.findall(r"<tr.*?</tr>", table, re.S)
    return [[html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
            for row in rows]


def check_desk():
    """A desk's names: windows of the day, stops, copies; and who else could have been chosen."""
    names = ["SENSEX 915-1015 SL7%", "SENSEX 945-1100 SL12.5%TP20%", "SENSEX 1000-1530 SL30%TP50%", "no window at all",
             "NIFTY 1430-1500 SL9%", "SENSEX 1430-1500 SL10%"]
    value = lambda day, column: round(300 * math.sin(1 + day * (min(column, 4) + 1) * 0.7) + 40 - 4 * (day == 58), 6)
    write_table("desk.csv", names, 60, value)
    text, result = make("desk.csv", "-p", "6", "--seed", "9", "--include", names[0])
    details, page = result["details"], Page(text)
    check_alone(text, page)
    members = {m["name"]: m for m in details["members"]}
    assert members[names[1]]["opens"] == "09:45" and members[names[1]]["closes"] == "11:00"
    assert (members[names[1]]["stop_loss"], members[names[1]]["take_profit"]) == (12.5, 20)
    assert members[names[0]]["take_profit"] is None and members[names[3]]["opens"] is None
    assert details["members"][members[names[5]]["same_as"]]["name"] == names[4] and members[names[4]]["same_as"] is None
    assert details["open_positions"] == [["09:15", 1], ["09:45", 2], ["10:00", 3], ["10:15", 2], ["11:00", 1],
                                         ["14:30", 3], ["15:00", 1], ["15:30", 0]]
    assert "<b>3 at once</b>" in text and "at 10:00" in text and "they are 5 different ones" in text
    rows = {row[1].split(" = ")[0]: row for row in table_of(text, "members")[1:]}
    assert rows[names[1]][2:5] == ["09:45–11:00", "12.5\u00a0%", "20\u00a0%"], rows[names[1]]
    dates = [datetime.date.fromisoformat(date) for date in details["series"]["dates"]]
    for column, name in enumerate(names):
        for day in range(5):
            total = sum(value(t, column) for t, date in enumerate(dates) if date.weekday() == day)
            assert near(members[name]["weekdays"][day], total), (name, day)
    matrix, close = details["correlation"], details["close_pairs"]
    pairs = sorted(((matrix[i][k], i, k) for i in range(6) for k in range(i)), reverse=True)
    assert close["count"] == sum(pair[0] > 0.7 for pair in pairs) > 0
    assert [pair[2] for pair in close["closest"]] == [pair[0] for pair in pairs if pair[0] > 0.7][:10]
    assert f"{close['count']} of 15 pairs are correlated above 0.7" in text
    pnl = details["series"]["pnl"]
    assert near(details["extremes"]["best_total"], sum(sorted(pnl)[-5:]))
    assert [line["pnl"] for line in details["extremes"]["worst"]] == sorted(pnl)[:5]
    assert details["under_water"] == sum(depth > 0 for depth in details["series"]["drawdown"])
    open_ones = [line for line in details["drawdowns"] if line["recovery"] is None]
    assert (details["series"]["drawdown"][-1] > 0) == (len(open_ones) == 1)
    assert ("still open" in text) == (len(open_ones) == 1)
    for key in ("best_singles", "all_strategies"):
        rival = details[key]
        assert near(rival["max_drawdown"], fall_of(rival["equity"])) and near(rival["total_roi"], rival["equity"][-1])
        assert near(rival["same_drawdown"] * rival["max_drawdown"], result["best"]["metrics"]["max_drawdown"])
    again = shlex.split(result["repeat"])
    assert again[:3] == ["heavyopt", "optimize", "desk.csv"] and "'SENSEX 915-1015 SL7%'" in result["repeat"]
    other = make(*again[2:])[1]
    assert other["best"] == result["best"] and other["settings"] == result["settings"]


def check_zones():
    """Rows of a date in zones with regimes: what the portfolio earned in each."""
    names = [f"s{i}" for i in range(5)]
    with open("zones.csv", "w", encoding="utf-8") as table:
        print("Date,zone,market_regime,Regime_Confidence_%," + ",".join(names), file=table)
        for day in range(20):
            for zone in range(3):
                cells = [f"{math.sin(1 + day + zone * 2.3 + column):.6f}" for column in range(5)]
                regime = ["<b>Bull", "Bear"][(day + zone) % 2]
                print(f"2024-01-{day + 1:02d},{'CAB'[zone]},{regime},90," + ",".join(cells), file=table)
    text, result = make("zones.csv", "-p", "3", "--regime-weights", "off")
    check_alone(text, Page(text))
    chosen = [names.index(name) for name in result["best"]["portfolio"]]
    for zone, label in enumerate("CAB"):
        rows = [sum(float(f"{math.sin(1 + day + zone * 2.3 + column):.6f}") for column in chosen) for day in range(20)]
        told = {part["label"]: part for part in result["details"]["zones"]}[label]
        assert near(told["total"], sum(rows)) and (told["rows"], told["wins"]) == (20, sum(row > 0 for row in rows))
    assert [row[0] for row in table_of(text, "parts")[1:]] == ["A", "B", "C"]
    assert [row[0] for row in table_of(text, "parts", 1)[1:]] == ["<b>Bull", "Bear"]
    total = sum(part["total"] for part in result["details"]["regimes"])
    assert near(total, result["best"]["metrics"]["total_roi"])
    text, weighed = make("zones.csv", "-p", "3", "--legacy-files")
    told = json.loads(next(pathlib.Path("out").glob(f"*/regime_report_{weighed['timings']['stamp']}.json")).read_text())
    assert told["weighted"]["metrics"] == weighed["best"]["metrics"] and told["unweighted"]["metrics"]
    by_regime = table_of(text, "parts", 2)
    assert sorted(row[0] for row in by_regime[1:]) == ["<b>Bull", "Bear"] and len(by_regime[0]) == 7
    assert sum(label["rows"] for label in told["labels"]) == 60 and "<b>Weighed:</b>" in text
    assert sorted(result["data"]["zones"]) == ["A", "B", "C"] and result["data"]["rows"] == 60


def check_grouping():
    write_table("rich.csv", ["a", "b", "c"], 10, lambda day, column: 12345678.0 if day == 9 else 0.0)
    assert "₹3,70,37,034" in make("rich.csv", "-p", "3", "--grouping", "indian")[0]
    assert "₹37,037,034" in make("rich.csv", "-p", "3")[0]


def check_hostile():
    names = HOSTILE + [f"plain {i}" for i in range(6)]
    write_table("hostile.csv", names, 60, lambda day, column: 100 * math.sin(1 + day * (column + 1) * 0.7) + 20)
    text, result = make("hostile.csv", "-p", str(len(names)))
    page = Page(text)
    check_alone(text, page)
    check_numbers(text, result)
    assert page.tags["script"] == 2 and page.tags["style"] == 1 and "b" in page.tags
    seen = "".join(page.texts)
    for name in HOSTILE:
        assert name in seen, name
    assert "<script>alert" not in text and "</style><b>bold" not in text


def check_odd_tables():
    """One day, one strategy; only losses; nothing but zeros; hundreds of members; years of days."""
    for strategies, days, size, value in ((1, 1, 1, lambda day, column: 5.0),
                                          (4, 3, 2, lambda day, column: -1.0 - column - day),
                                          (5, 40, 3, lambda day, column: 0.0),
                                          (*((24, 90, 20) if SLOW else (130, 300, 120)), lambda day, column: math.cos(day * 1.3 + column) * 1e7)):
        write_table("odd.csv", [f"s{i}" for i in range(strategies)], days, value)
        text, result = make("odd.csv", "-p", str(size), "-a", "hc")
        page = Page(text)
        check_alone(text, page)
        check_numbers(text, result)
        drawn = re.findall(r" d='([^']*)'", text)
        assert drawn and not any("nan" in path or "inf" in path for path in drawn), (strategies, days)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    check_hostile()
    check_odd_tables()
    check_grouping()
    check_desk()
    check_zones()
print("the page stands alone, agrees with result.json and shows hostile names as text")
