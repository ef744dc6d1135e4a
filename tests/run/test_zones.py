"""Zones of the day through the program: by labels, by the clock and by names; portfolios of zones are valued anew by the
oracle, and what they come to together is worked out by NumPy."""
import collections
import csv
import datetime
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(os.environ["HEAVYOPT_SOURCE"]) / "tests/oracles"))
try:
    import check_run
    import numpy as np
    import oracle
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)

PROGRAM = os.path.join(os.environ["HEAVYOPT_BUILD"], "heavyopt")
random.seed(21)
DAYS = [day for day in (datetime.date(2023, 1, 2) + datetime.timedelta(n) for n in range(42)) if day.weekday() < 5]
N = 18


def run(*arguments, code=0):
    environment = dict(os.environ, XDG_CACHE_HOME=os.path.abspath("cache"))
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=environment)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}, {done.stderr}"
    return done


def optimize(table, *options):
    text = run("optimize", table, "--json", "-e", "quick", "-a", "hc,ga", "-p", "4", "--no-bound", "-o", "out", "--report",
               "none", *options).stdout
    pathlib.Path("result.json").write_text(text, encoding="utf-8")
    return json.loads(text)


def evaluated(result, table, *options):
    """The best portfolio of a run is worth the same to evaluate."""
    pathlib.Path("names.txt").write_text("".join(f"{name}\n" for name in result["best"]["portfolio"]), encoding="utf-8")
    again = json.loads(run("evaluate", table, "names.txt", "--json", *options).stdout)
    assert again["fitness"] == result["best"]["fitness"] and again["metrics"] == result["best"]["metrics"]


def refused(words, code, table, *options):
    said = run("optimize", table, "-q", "-o", "out", "-p", "4", *options, code=code)
    lines = [line for line in said.stderr.splitlines() if "warning" not in line]
    assert len(lines) == 1 and words in lines[0] and said.stdout == "", said.stderr


def write(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([head, *rows])


def values():
    return [round(random.gauss(15, 300), 2) if random.random() < 0.7 else 0 for _ in range(N)]


def make_tables():
    """The same numbers with labels (labels.csv), and with times only (times.csv): the labels are those of four equal
    parts of the market's day, which begin at 09:15:00, 10:48:45, 12:22:30 and 13:56:15."""
    starts = ["09:15:00", "10:48:44", "10:48:45", "12:22:30", "13:56:14", "15:29:59", "15:30:00", "09:14:59"]
    label = ["Zone 1", "Zone 1", "Zone 2", "Zone 3", "Zone 3", "Zone 4", "Outside Market", "Outside Market"]
    rows = [(day, start, zone, values()) for day in DAYS for start, zone in zip(starts, label)]
    names = [f"s{j}" for j in range(N)]
    for row in rows:
        if row[2] != "Zone 2":
            row[3][3] = 0  # s3 trades in Zone 2 alone
    write("times.csv", ["Date", "start_time", *names], [[d.isoformat(), s, *v] for d, s, z, v in rows])
    write("labels.csv", ["Date", "start_time", "zone", *names], [[d.isoformat(), s, z, *v] for d, s, z, v in rows])


def check_together(path, result, weights):
    """What the document says of the zones as a whole."""
    zones, whole = result["zones"], result["zones"]["combination"]
    labels, n = zones["labels"], len(zones["labels"])
    weights = np.array(weights) / sum(weights)
    series, totals, members = [], [], []
    for part, weight in zip(labels, weights, strict=True):
        own = part["best"]["portfolio"]
        table = oracle.Table(path, own, zone=part["name"])
        r = table.sum(own)
        assert abs(part["weight"] - weight) < 1e-15 and part["periods"] == len(r)
        assert abs(part["best"]["metrics"]["total_roi"] - r.sum()) <= 1e-9 * abs(r).max()
        first, last = part["sizes"]["first"], part["sizes"]["last"]
        fitness = part["sizes"]["fitness"]
        assert len(fitness) == last - first + 1 and max(fitness) == part["best"]["fitness"]
        assert len(own) == first + fitness.index(max(fitness))
        assert all(np.any(table.values[name]) for name in own), "a strategy that does nothing in the zone"
        series.append(dict(zip(table.dates, r)))
        totals.append(max(0.01, r.sum()))
        members.append(set(own))
    for i, k in itertools.product(range(n), range(n)):
        common = sorted(set(series[i]) & set(series[k]))
        expected = oracle.correlation(*(np.array([series[x][d] for d in common]) for x in (i, k))) if i != k else 1
        assert abs(zones["correlation"][i][k] - expected) < 1e-9 and zones["common_dates"][i][k] == len(common)
        both = len(members[i] & members[k]) / len(members[i] | members[k])
        assert abs(zones["jaccard"][i][k] - both) < 1e-15
    for part, total in zip(labels, totals):
        assert abs(part["allocation"] - total / sum(totals)) < 1e-12
    fitness = [part["best"]["fitness"] for part in labels]
    best = fitness.index(max(fitness))
    expected = {"weighted_average": sum(w * f for w, f in zip(weights, fitness)), "equal_weight": sum(fitness) / n,
                "best_zone": max(fitness)}[whole["method"]]
    assert abs(whole["fitness"] - expected) <= 1e-12 * abs(expected)
    union = members[best] if whole["method"] == "best_zone" else set().union(*members)
    assert set(whole["portfolio"]) == union and len(whole["portfolio"]) == whole["size"] == len(union)
    for name, zone in zip(whole["portfolio"], whole["zones"], strict=True):
        holders = [i for i in range(n) if name in members[i] and (whole["method"] != "best_zone" or i == best)]
        assert zone == labels[max(holders, key=lambda i: weights[i])]["name"]
    days = oracle.Table(path, whole["portfolio"])
    known = oracle.measures(days.sum(whole["portfolio"]))
    for key in ("total_roi", "max_drawdown", "sharpe", "var_95"):
        assert abs(whole["metrics"][key] - known[key]) <= 1e-9 * max(1, abs(known[key])), key
    value, size = oracle.fitness([days.values[name] for name in whole["portfolio"]])
    assert abs(whole["value"] - value) <= 1e-9 * size


def check_labels():
    for options, weights in (((), (1, 1, 1, 1)), (("--zone-weights", "1,2,0,5"), (1, 2, 0, 5)),
                             (("--zone-weights", "zone4:5, Zone 3 : 0,ZONE_2:2", "--zone-combination", "equal_weight"),
                              (1, 2, 0, 5)),
                             (("--zone-combination", "best_zone"), (1, 1, 1, 1))):
        result = optimize("labels.csv", "--zone", "each", "--zone-size", "3:5", *options)
        assert [part["name"] for part in result["zones"]["labels"]] == ["Zone 1", "Zone 2", "Zone 3", "Zone 4"]
        assert result["zones"]["by"] == "labels" and check_run.main("labels.csv", "result.json") == 0
        check_together("labels.csv", result, weights)
    part = optimize("labels.csv", "--zone", "Zone 2", "-p", "3")
    assert check_run.main("labels.csv", "result.json") == 0 and part["zones"] is None
    assert part["input"]["periods"] == len(DAYS)
    evaluated(part, "labels.csv", "--zone", "Zone 2")
    result = optimize("labels.csv", "--zone", "each", "--zone-size", "40")
    assert all(zone["sizes"]["last"] == zone["candidates"] for zone in result["zones"]["labels"])
    assert [zone["candidates"] for zone in result["zones"]["labels"]] == [N - 1, N, N - 1, N - 1]


def alike(a, b):
    for x, y in zip(a["zones"]["labels"], b["zones"]["labels"], strict=True):
        assert (x["name"], x["best"]["portfolio"], x["best"]["fitness"]) == \
            (y["name"], y["best"]["portfolio"], y["best"]["fitness"])


def check_clock():
    each = ("--zone", "each", "--zone-size", "3:4")
    alike(optimize("labels.csv", *each), optimize("times.csv", *each))
    assert optimize("times.csv", *each)["zones"]["by"] == "clock"
    plain = optimize("labels.csv", "--fitness", "zone", "--metric", "roi", "--zone-weights", "1,2,3,4")
    clock = optimize("times.csv", "--fitness", "zone", "--metric", "roi", "--zone-weights", "1,2,3,4")
    assert plain["best"]["portfolio"] == clock["best"]["portfolio"] and plain["best"]["fitness"] == clock["best"]["fitness"]
    assert any("begin in no zone" in line for line in clock["warnings"])
    evaluated(clock, "times.csv", "--fitness", "zone", "--metric", "roi", "--zone-weights", "1,2,3,4")
    free = ("--zone-method", "freeform", "--zone-boundaries", "09:15,10:48:45,12:22:30,13:56:15,15:30")
    alike(optimize("times.csv", *each), optimize("times.csv", *each, *free))
    custom = optimize("times.csv", *each, "--zone-method", "custom", "--zone-windows", "09:15-10:00,13:00-15:00")
    assert [zone["name"] for zone in custom["zones"]["labels"]] == ["Custom Zone 1", "Custom Zone 2"]
    two = optimize("labels.csv", *each, "--zone-override", "--zone-count", "2")
    assert [zone["name"] for zone in two["zones"]["labels"]] == ["Zone 1", "Zone 2"]
    again = optimize("labels.csv", *each)  # the cache kept the labels of the file
    assert len(again["zones"]["labels"]) == 4


def check_names():
    """A daily table, whose strategies' names tell when they begin."""
    names = [f"SENSEX {h}{m:02d}-{h + 1}{m:02d} SL{5 + j}%" for j, (h, m) in
             enumerate(itertools.product((9, 10, 11, 12, 13, 14), (20, 35, 50)))] + ["other"]
    write("names.csv", ["Date", *names], [[day.isoformat(), *values(), 5 - day.day % 3] for day in DAYS])
    zone_of = {name: 1 + int(((int(m[1]) * 60 + int(m[2])) * 60 - 33300) * 4 // 22500)
               for name in names if (m := re.match(r"SENSEX (\d+)(\d\d)-", name))}
    result = optimize("names.csv", "--zone", "each", "--zone-size", "2:3")
    assert result["zones"]["by"] == "names"
    table = oracle.Table("names.csv")
    for part in result["zones"]["labels"]:
        own = part["best"]["portfolio"]
        assert all(f"Zone {zone_of[name]}" == part["name"] for name in own), (part["name"], own)
        value, size = oracle.fitness([table.values[name] for name in own])
        assert abs(value - part["best"]["fitness"]) <= 1e-9 * size
        mine = [name for name in zone_of if f"Zone {zone_of[name]}" == part["name"]]
        best = max(oracle.fitness([table.values[n] for n in chosen])[0] for size in (2, 3)
                   for chosen in itertools.combinations(mine, size))
        assert abs(best - part["best"]["fitness"]) <= 1e-9 * abs(best)
    assert any("1 strategies begin in no zone" in line for line in result["warnings"])
    one = optimize("names.csv", "--zone", "Zone 3", "-p", "3")
    assert all(zone_of[name] == 3 for name in one["best"]["portfolio"])
    evaluated(one, "names.csv", "--zone", "Zone 3")
    other = next(name for name in zone_of if zone_of[name] == 1)
    pathlib.Path("names.txt").write_text(other + "\n")
    assert "no strategy is named" in run("evaluate", "names.csv", "names.txt", "--zone", "Zone 3", code=2).stderr
    assert "takes one by its name" in run("evaluate", "names.csv", "names.txt", "--zone", "each", code=2).stderr
    weighted = optimize("names.csv", "--fitness", "zone", "--metric", "roi", "--zone-weights", "zone1:3")
    own = weighted["best"]["portfolio"]
    weight = lambda name: (3 if zone_of.get(name) == 1 else 1) / 6 if name in zone_of else 0
    total = sum(weight(name) * table.values[name].sum() for name in own) / len(own)
    columns = [weight(name) * table.values[name] for name in own]
    expected = total - 0.5 * max(0, oracle.average_correlation(columns))
    assert abs(weighted["best"]["fitness"] - expected) <= 1e-9 * abs(total)
    for option, least, most in (("--max-strategies-per-zone", 0, 1), ("--min-strategies-per-zone", 1, 9),
                                ("--max-per-group", 0, 1)):
        found = optimize("names.csv", option, "zone=1" if option == "--max-per-group" else "1")
        for one in found["algorithms"]:
            count = collections.Counter(zone_of[name] for name in one["portfolio"] if name in zone_of)
            assert all(least <= count[zone] <= most for zone in (1, 2, 3, 4)), (option, count)
    refused("--max-strategies-per-zone 1", 2, "names.csv", "--max-strategies-per-zone", "1", "--exclude", "other", "-p", "5")


def check_configuration():
    pathlib.Path("zones.ini").write_text(
        "[ZONE_OPTIMIZATION]\nenabled = true\nzone_method = custom\ncustom_zone_windows = 09:15-12:00,12:00-15:30\n"
        "zone_specific_min_size = 2\nzone_specific_max_size = 3\n[ZONE_WEIGHTS]\ncustomzone1 = 3\n")
    result = optimize("times.csv", "-c", "zones.ini")
    assert [zone["name"] for zone in result["zones"]["labels"]] == ["Custom Zone 1", "Custom Zone 2"]
    assert [zone["weight"] for zone in result["zones"]["labels"]] == [0.75, 0.25]
    assert all(zone["sizes"]["last"] == 3 for zone in result["zones"]["labels"])
    pathlib.Path("limits.ini").write_text("[ZONE]\nenabled = on\nmax_strategies_per_zone = 1\n")
    found = optimize("names.csv", "-c", "limits.ini", "--zone-size", "2")
    assert found["settings"]["max-strategies-per-zone"] == 1 and found["settings"]["zone"] == "each"
    pathlib.Path("off.ini").write_text("[ZONE]\nenabled = off\nmax_strategies_per_zone = 1\n")
    assert optimize("names.csv", "-c", "off.ini")["settings"]["max-strategies-per-zone"] == 0


def check_files():
    run("optimize", "labels.csv", "-p", "4", "-e", "quick", "-a", "hc", "-o", "files", "-q", "--zone", "each",
        "--zone-size", "3")
    folder = next(pathlib.Path("files").glob("run_*"))
    result = json.loads((folder / "result.json").read_text())
    analysis, summary = next(folder.glob("zone_analysis_report_*.md")), folder / "zone_summary_report.md"
    text = analysis.read_text(encoding="utf-8")
    assert "## Zone 4" in text and "Jaccard" in text and "| Zone 1 |" in summary.read_text(encoding="utf-8")
    for zone in result["zones"]["labels"]:
        word = zone["name"].replace(" ", "_")
        own = next(folder.glob(f"best_portfolio_zone_{word}_*.txt")).read_text(encoding="utf-8")
        assert f"Zone: {zone['name']}, Size: 3" in own and all(f". {name}\n" in own for name in zone["best"]["portfolio"])
    assert "Zones of the day" in (folder / "report.html").read_text(encoding="utf-8")
    if list(folder.glob("correlation_heatmap_*.png")):
        assert (folder / "zone_correlation_heatmap.png").exists()
    analysis.unlink()
    run("report", folder)
    assert analysis.read_text(encoding="utf-8") == text


def check_refusals():
    refused("no zone 'Zone 5': did you mean Zone 1; its 4 are Zone 1 to Zone 4", 2, "labels.csv", "--zone", "Zone 5")
    refused("has no zone 'zone9'", 2, "labels.csv", "--zone", "each", "--zone-weights", "zone9:1")
    refused("expected numbers, as 1,2,3", 2, "labels.csv", "--zone", "each", "--zone-weights", "one,two")
    refused("expected numbers, as 1,2,3", 2, "labels.csv", "--zone", "each", "--zone-weights", "zone1:1,2")
    refused("--zone-size 9:3", 2, "labels.csv", "--zone", "each", "--zone-size", "9:3")
    refused("--market-open noon", 2, "times.csv", "--zone", "each", "--market-open", "noon")
    refused("--zone-boundaries 12:00,11:00", 2, "times.csv", "--zone", "each", "--zone-method", "freeform",
            "--zone-boundaries", "12:00,11:00")
    refused("none of 240 rows begins in a zone", 3, "times.csv", "--zone", "each", "--market-open", "16:00",
            "--market-close", "23:30")
    write("plain.csv", ["Date", *[f"s{j}" for j in range(N)]], [[day.isoformat(), *values()] for day in DAYS])
    refused("--zone-method freeform: --zone-boundaries tells where", 2, "times.csv", "--zone", "each", "--zone-method",
            "freeform")
    refused("the table tells no zones", 3, "plain.csv", "--zone", "each")
    refused("the table tells no zones", 3, "plain.csv", "--fitness", "zone")
    for wrong in ("1,2,3", "1,2,3,-4", "0,0,0,0"):
        result = optimize("labels.csv", "--zone", "each", "--zone-size", "2", "--zone-weights", wrong)
        assert [zone["weight"] for zone in result["zones"]["labels"]] == [0.25] * 4


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    make_tables()
    check_labels()
    check_clock()
    check_names()
    check_configuration()
    check_files()
    check_refusals()
print("zones, their portfolios and what they are together are as NumPy has them")
