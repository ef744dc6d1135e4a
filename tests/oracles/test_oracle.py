"""The oracle itself gives the worked examples' numbers, and check_run sees a planted error."""
import contextlib
import io
import json
import math
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
try:
    import numpy as np
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)

import check_run
import oracle


def near(what, value, expected, tolerance=1e-13):
    assert value == expected or abs(value - expected) <= tolerance * max(1, abs(expected)), (what, value, expected)


# Ten days, one of them flat; numbers by empyrical, quantstats and the earlier optimizer.
DAYS = np.array([-100.0, 50, 200, -150, 0, 300, -80, -40, 120, 60])
m = oracle.measures(DAYS)
for key, expected in {
    "max_drawdown": 150, "average_drawdown": 65, "ulcer_index": 88.48728722251576, "roi_dd_ratio": 2.4,
    "ulcer_index_first_peak": 81.11719916269298, "cdar_95": 150, "profit_factor": 1.972972972972973,
    "expectancy": 36, "expectancy_legacy": 26.75, "sharpe": 4.063172243604156, "sharpe_legacy": 4.282959605121885,
    "sharpe_platform": 4.06316328599339, "sortino": 8.97997772825746, "sortino_legacy": 14.428656744762048,
    "sortino_platform": 9.978491503399239, "calmar": 60.48, "calmar_platform": 2.4, "var_95": -127.5,
    "var_99": -145.5, "cvar_95": -150, "cvar_99": -150, "var_95_normal": -195.34749153771725,
    "var_99_normal": -291.19917218465454, "kelly": 0.1832191780821918,
}.items():
    near(key, m[key], expected)
near("with capital", oracle.measures(DAYS, capital=1e6)["sharpe"], -4.894438522718941)
near("cdar 75", oracle.tail_mean(np.sort(oracle.drawdowns(DAYS))[::-1], 0.25), 144)

# Two strategies, the six metrics.
PAIR = [np.array([-100.0, 60, 80, -30, 20]), np.array([40.0, -20, 10, 70, -50])]
near("correlation", oracle.correlation(*PAIR), -0.5657523818560181)
for metric, expected in {
    "ratio": 8.324190485226847, "roi": 45.65752381856018, "less max dd": -9.34247618143982,
    "win percentage": 6.2575238185601805, "profit factor": 7.54641270744907, "expectancy": 13.65752381856018,
}.items():
    near(metric, oracle.fitness(PAIR, metric=metric)[0], expected)
near("threshold", oracle.fitness(PAIR, threshold=100)[0], 5.495428575946757)
near("zero start", oracle.fitness(PAIR, "ratio")[0], 1.3333333333333333)

# One varying pair and two constant columns; identical columns at the edges of the ratio.
FOUR = [np.array(x, float) for x in ((1, 2, 3, 4), (2, 1, 4, 3), (0, 0, 0, 0), (5, 5, 5, 5))]
near("four", oracle.average_correlation(FOUR), 0.1)
near("three", oracle.average_correlation(FOUR[:3]), 0.2)
for series, expected in (((1, 2, 3), 590), ((0, 0, 0), 0), ((-5, 1, 1), -40), ((-1, -2, -3), -11.2)):
    near(series, oracle.fitness([np.array(series, float)] * 2)[0], expected)
near("one period", oracle.fitness([np.array([4.0])] * 2)[0], 400)
assert math.isnan(oracle.measures(np.array([4.0]))["sharpe"])
assert oracle.unique(["a", "b", "a", "a.1", "a"]) == ["a", "b", "a.2", "a.1", "a.3"]

# A table of two zones a day, and a result with one right and one wrong fitness.
with tempfile.TemporaryDirectory() as folder:
    table, result = pathlib.Path(folder, "t.csv"), pathlib.Path(folder, "r.json")
    lines = ["Date,zone,day,x, y"]
    for t in range(5):
        lines.append(f"0{t + 1}-08-2023,A,Monday,{PAIR[0][t] - 7},{PAIR[1][t]}")
        lines.append(f"0{t + 1}-08-2023,B,Monday,7,")
    table.write_text("\n".join(lines[:1] + lines[:0:-1]) + "\n")
    portfolio = ["x", "y"]
    entries = [{"name": "sa", "fitness": 8.324190485226847, "raw_fitness": 8.0, "portfolio": portfolio}]
    document = {"settings": {"fitness": "legacy", "metric": "ratio", "drawdown-threshold": 0}, "algorithms": entries,
                "best": {"algorithm": "sa", "size": 2, "fitness": 8.324190485226847, "portfolio": portfolio}}

    def run():
        result.write_text(json.dumps(document))
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = check_run.main(str(table), str(result))
        return code, out.getvalue()

    code, out = run()
    assert code == 0 and out.count("\n") == 2, out
    entries[0]["fitness"] += 1e-7
    code, out = run()
    assert code == 1 and "sa: DIFFERS" in out and "worse than sa" in out, out
print("the oracle gives the worked examples' numbers")
