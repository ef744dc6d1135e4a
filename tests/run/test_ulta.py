"""Inversion through the program: who is turned round is worked out by NumPy for both rules, portfolios are valued anew
by the oracle, the cache keeps the table as it was, and what switches it on and off is obeyed."""
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
random.seed(9)
T, N = 40, 30


def run(*arguments, code=0, **more):
    environment = dict(os.environ, XDG_CACHE_HOME=os.path.abspath("cache"), **more)
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=environment)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}, {done.stderr}"
    return done


def optimize(table, *options):
    text = run("optimize", table, "--json", "-e", "quick", "-a", "ga,hc", "-p", "4", "-o", "out",
               "--report", "none", "--no-bound", *options).stdout
    pathlib.Path("result.json").write_text(text, encoding="utf-8")
    return json.loads(text)


def make_table(path, per_day=1, regimes=False):
    start = datetime.date(2023, 1, 2)
    drift = [random.choice([-300, -150, -20, 0, 60]) for _ in range(N)]
    head = ["Date", "Zone", *(["Regime_Confidence_%"] if regimes else [])]
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(head + [f"s{j}" for j in range(N)])
        for t in range(T):
            for z in range(per_day):
                values = [round(random.gauss(drift[j], 250), 2) if random.random() < 0.9 else 0 for j in range(N)]
                out.writerow([(start + datetime.timedelta(t)).isoformat(), "ABCD"[z],
                              *([random.randint(60, 95)] if regimes else []), *values])


def ratio(x):
    worst = x.min()
    return np.inf if worst == 0 else x.sum() / abs(worst)


def wanted(path, rule, roi_threshold=0, least_days=10, share=0.6):
    """{name: (before, after)} by the rules as docs/RULES.md has them, on whole days."""
    table, found = oracle.Table(path), {}
    for name in table.names:
        x = table.values[name]
        negative = int((x < 0).sum())
        if rule == "ulta_legacy":
            turn = ratio(x) < 0
        else:
            turn = x.sum() < roi_threshold and negative >= least_days and negative / len(x) >= share
        if turn and ratio(-x) > ratio(x):
            found[name] = (x, -x, negative)
    return found


def check_report(result, expected, rule):
    inversion = result["inversion"]
    assert inversion["rule"] == rule and inversion["strategies"] == N and inversion["periods"] == T
    assert [one["original"] for one in inversion["list"]] == list(expected), (inversion, list(expected))
    assert inversion["inverted"] == len(expected)
    for one in inversion["list"]:
        x, turned, negative = expected[one["original"]]
        assert one["name"] == one["original"] + "_inv" and one["negative_periods"] == negative
        for side, series in (("before", x), ("after", turned)):
            said = one[side]
            numbers = {"total_roi": series.sum(), "worst_period": series.min(), "ratio": ratio(series),
                       "max_drawdown": oracle.drawdowns(series).max()}
            for key, value in numbers.items():
                if np.isinf(value):
                    assert said[key] is None and key in said["infinite"]
                else:
                    assert abs(said[key] - value) <= 1e-9 * max(1, abs(value)), (one["original"], key, said[key], value)
        better = (ratio(turned) - ratio(x)) / abs(ratio(x)) * 100
        assert np.isinf(better) or abs(one["improvement_percent"] - better) <= 1e-9 * abs(better)
    names = set(result["best"]["portfolio"])
    assert not any(name + "_inv" in names for name in names)
    assert any("turned round" in line and "costs" in line for line in result["warnings"])


def check_rules():
    some = False
    for path, per_day, regimes in (("days.csv", 1, False), ("zones.csv", 3, True)):
        make_table(path, per_day, regimes)
        for rule, options, more in (("ulta_threshold", (), {}), ("ulta_legacy", ("--ulta-rule", "ulta_legacy"), {}),
                                    ("ulta_threshold", ("--ulta-roi-threshold", "-2000", "--ulta-min-negative-days", "3",
                                                        "--ulta-negative-day-percentage", "0.5"),
                                     {"roi_threshold": -2000, "least_days": 3, "share": 0.5})):
            expected = wanted(path, rule, **more)
            assert 0 < len(expected) < N
            result = optimize(path, "--enable-ulta", "--regime-filter", "off", *options)
            check_report(result, expected, rule)
            assert check_run.main(path, "result.json") == 0
            some |= any(name.endswith("_inv") for name in result["best"]["portfolio"])
            pathlib.Path("names.txt").write_text("".join(f"{n}\n" for n in result["best"]["portfolio"]))
            if not regimes:
                again = json.loads(run("evaluate", path, "names.txt", "--json").stdout)
                assert again["fitness"] == result["best"]["fitness"]
                run("correlation", path, "--portfolio", "names.txt")
    assert some


def check_cache():
    """What the cache keeps is the table, also when it is written by a run that turns strategies round."""
    make_table("cached.csv", 2, True)
    plain = optimize("cached.csv", "--no-cache")
    optimize("cached.csv", "--enable-ulta")
    again = optimize("cached.csv")
    assert again["engine"]["from_cache"]
    drop = ("timings", "engine", "peak_memory_bytes", "kernels")
    assert {k: v for k, v in plain.items() if k not in drop and k != "settings"} == \
        {k: v for k, v in again.items() if k not in drop and k != "settings"}
    assert plain["inversion"] is None


def check_switches():
    refused = run("optimize", "days.csv", "--enable-ulta", "--disable-ulta", code=2)
    assert refused.stderr.count("\n") == 1 and "contradict" in refused.stderr
    assert "contradict" in run("optimize", "days.csv", "--enable-ulta", "--no-ulta", code=2).stderr
    pathlib.Path("on.ini").write_text("[ULTA]\nenabled = true\ninversion_method = negative_daily_returns\n"
                                      "min_negative_days = 12\n")
    assert optimize("days.csv", "-c", "on.ini")["inversion"]["min_negative_days"] == 12
    assert optimize("days.csv", "-c", "on.ini", "--no-ulta")["inversion"] is None
    assert optimize("days.csv", "-c", "on.ini", "--disable-ulta")["inversion"] is None
    pathlib.Path("off.ini").write_text("[OPTIMIZATION]\napply_ulta_logic = false\n")
    assert optimize("days.csv", "-c", "off.ini", "--enable-ulta")["inversion"]["inverted"] > 0
    for option, value in (("--ulta-negative-day-percentage", "60"), ("--ulta-rule", "ulta"),
                          ("--ulta-min-negative-days", "-1")):
        said = run("optimize", "days.csv", "--enable-ulta", option, value, code=2).stderr
        assert said.count("\n") == 1 and option in said, said


def check_files():
    run("optimize", "days.csv", "--enable-ulta", "-p", "4", "-e", "quick", "-a", "hc", "-o", "files", "--report", "html,text", "-q")
    folder = next(pathlib.Path("files").glob("run_*"))
    report = next(folder.glob("ulta_inversion_report_*.md"))
    text = report.read_text(encoding="utf-8")
    expected = wanted("days.csv", "ulta_threshold")
    assert all(f"| {name} |" in text for name in expected) and "Costs are not applied anew" in text
    assert text.count("periods lost |") == len(expected)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Strategies turned round" in page and "other costs" in page
    report.unlink()
    run("report", folder)
    assert report.read_text(encoding="utf-8") == text
    run("optimize", "days.csv", "-p", "4", "-e", "quick", "-a", "hc", "-o", "plain", "--report", "html,text", "-q")
    folder = next(pathlib.Path("plain").glob("run_*"))
    assert not list(folder.glob("ulta_*")) and "Strategies turned round" not in (folder / "report.html").read_text()


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    check_rules()
    check_cache()
    check_switches()
    check_files()
print("the strategies turned round are those that NumPy turns round")
