"""Market regimes and weekdays through the program: rows are joined, filtered and weighed as an own calculation does it,
every portfolio is valued anew by the oracle, and bad input is refused in one line."""
import csv
import datetime
import json
import os
import pathlib
import random
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
CLOSE = 15 * 3600 + 30 * 60
LABELS = ["Bull Trend", "Bear_Trend", "Sideways"]
random.seed(4)


def run(*arguments, code=0):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}, {done.stderr}"
    return done


def optimize(table, *options):
    text = run("optimize", table, "--json", "--quiet", "--no-cache", "-e", "quick", "-a", "ga,hc", "--no-bound", "--report", "none",
               "-o", "out", "-p", "3", *options).stdout
    with open("result.json", "w", encoding="utf-8") as f:
        f.write(text)
    return json.loads(text)


def refused(words, code, table, *options):
    done = run("optimize", table, "--quiet", "--no-cache", "-o", "out", "-p", "3", *options, code=code)
    assert words in done.stderr and done.stderr.count("\n") == 1 and done.stdout == "", done


def clock(seconds):
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def make_marks(days):
    """Marks of each day at uneven moments, in shuffled order, one moment twice: the later row of the file wins."""
    marks = []
    for day in days:
        for time in sorted(random.sample(range(9 * 3600 + 900, CLOSE, 60), 12)):
            marks.append([day.isoformat(), clock(time), random.choice(LABELS), round(random.uniform(0.55, 0.95), 3),
                          round(random.uniform(0.25, 0.75), 3)])
    random.shuffle(marks)
    marks.append([*marks[0][:2], "Sideways", 0.5, 0.25])
    with open("marks.csv", "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([["Date", "Time", "Market Regime", "Confidence Score", "Transition Threshold Score"],
                                 *marks])
    return {(day, time): (label, sure, change) for day, time, label, sure, change in marks}


def of_start(marks, day, start):
    times = sorted(time for date, time in marks if date == day)
    return marks[day, max([time for time in times if time <= start], default=times[0])]


def of_day(marks, day):
    times = sorted(time for date, time in marks if date == day)
    ends = [*times[1:], clock(CLOSE)]
    seconds = [sum(int(x) * y for x, y in zip(e.split(":"), (3600, 60, 1))) -
               sum(int(x) * y for x, y in zip(t.split(":"), (3600, 60, 1))) for t, e in zip(times, ends)]
    held = {}
    for time, length in zip(times, seconds):
        held[marks[day, time][0]] = held.get(marks[day, time][0], 0) + length
    label = max(held, key=held.get)
    means = [sum(marks[day, t][k] * s for t, s in zip(times, seconds)) / sum(seconds) for k in (1, 2)]
    return (label, *means)


def write_table(path, rows, marks=None, starts=True):
    """rows: (date, start, values). With marks the joined columns are written too."""
    head = ["Date", *(["start_time"] if starts else [])]
    head += ["market_regime", "Regime_Confidence_%", "Market_regime_transition_threshold"] if marks else []
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(head + [f"s{j}" for j in range(len(rows[0][2]))])
        for date, start, values in rows:
            day = date.isoformat()
            line = [day, *([start] if starts else [])]
            if marks:
                label, sure, change = of_start(marks, day, start) if starts else of_day(marks, day)
                line += [label, repr(100 * sure), repr(change)]
            out.writerow(line + [repr(v) for v in values])


def make_rows(days, times):
    return [(day, time, [random.choice([0.0, round(random.gauss(20, 300), 3)]) for _ in range(14)]) for day in days for time in times]


def same(a, b):
    """Documents of the same search: the fitness to rounding (a share times 100 and back may miss the last digit)."""
    for x, y in zip(a["algorithms"], b["algorithms"], strict=True):
        assert x["portfolio"] == y["portfolio"], (x["name"], x["portfolio"], y["portfolio"])
        assert abs(x["fitness"] - y["fitness"]) <= 1e-9 * abs(x["fitness"]), x["name"]


def check_join(days):
    marks = make_marks(days)
    for times, starts in ((["09:20:00", "11:47:00", "15:29:59"], True), (["-"], False)):
        rows = make_rows(days, times)
        write_table("plain.csv", rows, None, starts)
        write_table("joined.csv", rows, marks, starts)
        wanted = optimize("joined.csv", "--regime-filter", "off")
        got = optimize("plain.csv", "--regime-filter", "off", "--regime-file", "marks.csv")
        same(wanted, got)
        assert got["regimes"]["weighed"] and any("the last was taken" in w for w in got["warnings"])
        count = lambda d: {x["label"]: x["rows"] for x in d["regimes"]["labels"] if x["rows"]}
        assert count(wanted) == count(got)
    return marks, rows


def check_rules(days):
    rows = make_rows(days, ["09:20:00", "12:00:00"])
    marks = make_marks(days)
    write_table("joined.csv", rows, marks)
    for options in (["--weekday", "Mon", "--weekday", "friday"], ["--regime-filter", "rows"], ["--regime-weights", "off"],
                    ["--regime", "bull-trend"], ["--regime", "each"], ["--period", "row", "--regime-transition-limit", "0.4"],
                    ["--regime-min-confidence", "0", "--regime-transition-factor", "0.1"]):
        result = optimize("joined.csv", *options, *([] if "rows" in options else ["--regime-filter", "off"]))
        assert check_run.main("joined.csv", "result.json") == 0, options
        check_results(result, rows, marks, options)
        check_evaluate(result, options)
        plain = result["regimes"]["unweighted"]
        assert (plain is None) == ("off" in options and "--regime-weights" in options)
        if options == ["--regime", "each"]:
            searched = [label for label in result["regimes"]["labels"] if label["searched"]]
            assert searched and all(label["kept_rows"] >= 10 for label in searched)
    means = [mean_confidence(rows, marks, j) for j in range(14)]
    middle = (sorted(means)[6] + sorted(means)[7]) / 2
    confident = optimize("joined.csv", "--regime-min-confidence", repr(middle))
    sure = {f"s{j}" for j in range(14) if means[j] > middle}
    assert set(confident["best"]["portfolio"]) <= sure and confident["regimes"]["strategies_left_out"] == 7


def check_evaluate(result, options):
    """evaluate knows the same rows and weights, where it is asked for them."""
    pathlib.Path("names.txt").write_text("".join(f"{name}\n" for name in result["best"]["portfolio"]), encoding="utf-8")
    weights = [] if "--regime-weights" in options else ["--regime-weights", "on"]
    if "each" in options:
        return
    again = json.loads(run("evaluate", "joined.csv", "names.txt", "--json", "--no-cache", *options, *weights).stdout)
    assert again["fitness"] == result["best"]["fitness"] and again["metrics"] == result["best"]["metrics"], options


def check_results(result, rows, marks, options):
    """What the best portfolio came to in each regime, without weights; confidences of members; limits of risk."""
    regimes, own = result["regimes"], result["best"]["portfolio"]
    settings = check_run.plain(result["settings"])
    kept = oracle.Rows(settings, regimes)
    total = 0
    for label in regimes["labels"]:
        days = {}
        for day, start, values in rows:
            name, sure, change = of_start(marks, day.isoformat(), start)
            fact = {"market_regime": name, "confidence": 100 * sure, "transition": change}
            if name != label["label"] or not kept.counts(day, fact):
                continue
            key = (day, start) if settings["period"] == "row" else day
            days[key] = days.get(key, 0.0) + sum(values[int(s[1:])] for s in own)
        total += len(days)
        if not days:
            assert label["result"] is None
            continue
        known = oracle.measures(np.array(list(days.values())))
        for key in ("total_roi", "max_drawdown", "win_rate", "sharpe", "cvar_95"):
            said, wanted = label["result"]["metrics"][key], known[key]
            assert (said is None) if not np.isfinite(wanted) else abs(said - wanted) <= 1e-9 * max(1, abs(wanted)), key
        factor = {"Bull Trend": 1.2, "Bear_Trend": 0.8, "Sideways": 1}[label["label"]]
        assert label["risk"] == {"factor": factor, "var_limit": 0.025 * factor, "max_position_size": 0.25 * factor,
                                 "max_leverage": 2 * factor if factor > 0.8 else 1}
    assert total > 0
    if "--weekday" in options or "--regime" in options or "rows" in options:
        return
    sure = [mean_confidence(rows, marks, int(s[1:])) / 100 for s in own]
    for one, confidence in zip(regimes["members"], sure, strict=True):
        assert abs(one["confidence"] - confidence) < 1e-12 and abs(one["weight"] - confidence / sum(sure)) < 1e-12


def check_file():
    run("optimize", "joined.csv", "-q", "--no-cache", "-e", "quick", "-a", "hc", "-p", "3", "-o", "files", "--report", "text")
    folder = next(pathlib.Path("files").glob("run_*"))
    report = json.loads(next(folder.glob("regime_report_*.json")).read_text())
    result = json.loads((folder / "result.json").read_text())
    assert report.pop("weighted")["metrics"] == result["best"]["metrics"] and report == result["regimes"]


def mean_confidence(rows, marks, j):
    active = [100 * of_start(marks, day.isoformat(), start)[1] for day, start, values in rows if values[j] != 0]
    return sum(active) / len(active)


def check_refusals(days):
    refused("'Funday' is no weekday", 2, "joined.csv", "--weekday", "Funday")
    refused("did you mean Sideways", 2, "joined.csv", "--regime", "Sidewayz")
    refused("no market regimes", 2, "plain.csv", "--regime", "each")
    refused("--regime-weights on: the table tells no confidence", 2, "plain.csv", "--regime-weights", "on")
    refused("--regime-filter rows: the table tells no confidence", 2, "plain.csv", "--regime-filter", "rows")
    refused("none is left", 3, "joined.csv", "--regime-filter", "rows", "--regime-min-confidence", "100")
    refused("are left, --regime-filter takes out", 2, "joined.csv", "--regime-min-confidence", "99")
    refused("marks that are not there", 3, "plain.csv", "--regime-file", "marks that are not there")
    for text, words in (("", "no row of market regimes"), ("Date,Time\n", "no column Market Regime"),
                        ("Date,Time,Market Regime,Confidence Score,Transition Threshold Score\n", "no row"),
                        ("Date,Time,Market Regime,Confidence Score,Transition Threshold Score\n2023-01-02,9.5,a,1,1\n",
                         "line 2: Time is"),
                        ("Date,Time,Market Regime,Confidence Score,Transition Threshold Score\n2023-01-02,09:15\n",
                         "line 2 has 2 fields"),
                        ("Date,Time,Market Regime,Confidence Score,Transition Threshold Score\n"
                         "2023-01-02,09:15,a,nan,0.5\n", "line 2: Confidence Score is"),
                        ("Date,Time,Market Regime,Confidence Score,Transition Threshold Score\n"
                         "1999-01-04,09:15,a,0.9,0.5\n", "no row for any date")):
        with open("bad.csv", "w", encoding="utf-8") as f:
            f.write(text)
        refused(words, 3, "plain.csv", "--regime-file", "bad.csv")
    with open("percent.csv", "w", encoding="utf-8") as f:
        print("Date,Time,Market Regime,Confidence Score,Transition Threshold Score", file=f)
        for day in days[1:]:
            print(f"{day},09:15,calm,80,0.3", file=f)
    result = optimize("plain.csv", "--regime-file", "percent.csv")
    small = optimize("joined.csv", "--regime-min-confidence", "0.7")
    assert small["regimes"]["confidence"]["threshold"] == 0.7
    assert any("0.7 was taken as a fraction: 70 %" in w for w in small["warnings"]), small["warnings"]
    assert any("taken as percent" in w for w in result["warnings"]), result["warnings"]
    assert any("that it lacks: 1" in w for w in result["warnings"]), result["warnings"]


start = datetime.date(2023, 1, 2)
DAYS = [day for day in (start + datetime.timedelta(n) for n in range(60)) if day.weekday() < 5]
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    check_join(DAYS)
    check_rules(DAYS)
    check_file()
    check_refusals(DAYS)
print("regimes are joined, filtered and weighed as they are by hand")
