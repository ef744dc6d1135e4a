"""Which measure is which library's: `heavyopt evaluate` against empyrical-reloaded 0.7.1, quantstats 0.0.86, skfolio
1.12.2, scipy, pandas and NumPy, for a hundred random series and real ones, to 1e-9. docs/METRICS.md has the table."""
import csv
import datetime
import importlib.metadata
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
try:
    import libraries
    import numpy as np
    import pandas as pd
    import scipy.stats
    empyrical = libraries.load("empyrical", "stats")
    quantstats = libraries.load("quantstats", "stats")
    skfolio = libraries.load("skfolio", "measures")
except ImportError as missing:
    print(f"skipped: {missing} (tools/setup --tests fetches it)")
    sys.exit(77)

source = pathlib.Path(os.environ["HEAVYOPT_SOURCE"])
program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists():
    print("skipped: the program was not built")
    sys.exit(77)
import oracle

warnings.simplefilter("ignore")
YEAR = math.sqrt(252)
HURDLE = 0.0004  # the minimum acceptable return of a period


def within(fraction):
    return min(max(fraction, 0.01), 0.25)


def drawdowns(r, from_zero):
    """By pandas."""
    equity = pd.Series(r).cumsum()
    peak = equity.cummax()
    return (peak.clip(lower=0) if from_zero else peak) - equity


def of_skfolio(measure, **more):
    return lambda r, b: measure(skfolio.get_drawdowns(r, compounded=False), **more)


# (library, its function, our measure, its value for the series r with the benchmark b)
SAME = [
    ("empyrical", "annual_volatility", "volatility", lambda r, b: empyrical.annual_volatility(r)),
    ("empyrical", "sharpe_ratio", "sharpe", lambda r, b: empyrical.sharpe_ratio(r)),
    ("empyrical", "sortino_ratio", "sortino", lambda r, b: empyrical.sortino_ratio(r)),
    ("empyrical", "sortino_ratio, required_return", "sortino_mar",
     lambda r, b: empyrical.sortino_ratio(r, required_return=HURDLE)),
    ("empyrical", "omega_ratio", "omega", lambda r, b: empyrical.omega_ratio(r)),
    ("empyrical", "value_at_risk", "var_95", lambda r, b: empyrical.value_at_risk(r, 0.05)),
    ("empyrical", "value_at_risk", "var_99", lambda r, b: empyrical.value_at_risk(r, 0.01)),
    ("empyrical", "conditional_value_at_risk", "cvar_95", lambda r, b: empyrical.conditional_value_at_risk(r, 0.05)),
    ("empyrical", "conditional_value_at_risk", "cvar_99", lambda r, b: empyrical.conditional_value_at_risk(r, 0.01)),
    ("empyrical", "tail_ratio", "tail_ratio", lambda r, b: empyrical.tail_ratio(r)),
    ("quantstats", "volatility", "volatility", lambda r, b: quantstats.volatility(r)),
    ("quantstats", "sharpe", "sharpe", lambda r, b: quantstats.sharpe(r)),
    ("quantstats", "sortino", "sortino", lambda r, b: quantstats.sortino(r)),
    ("quantstats", "win_rate", "win_rate_active", lambda r, b: quantstats.win_rate(r)),
    ("quantstats", "avg_win", "avg_win", lambda r, b: quantstats.avg_win(r)),
    ("quantstats", "avg_loss, negated", "avg_loss", lambda r, b: -quantstats.avg_loss(r)),
    ("quantstats", "payoff_ratio", "payoff_ratio", lambda r, b: quantstats.payoff_ratio(r)),
    ("quantstats", "profit_factor", "profit_factor", lambda r, b: quantstats.profit_factor(r)),
    ("quantstats", "kelly_criterion, within 0.01 .. 0.25", "kelly_active",
     lambda r, b: within(quantstats.kelly_criterion(r))),
    ("quantstats", "value_at_risk", "var_95_normal", lambda r, b: quantstats.value_at_risk(r, confidence=0.95)),
    ("quantstats", "value_at_risk", "var_99_normal", lambda r, b: quantstats.value_at_risk(r, confidence=0.99)),
    ("quantstats", "consecutive_losses", "longest_losing_run",
     lambda r, b: quantstats.consecutive_losses(r, prepare_returns=False)),
    ("quantstats", "information_ratio * sqrt(252)", "information_ratio",
     lambda r, b: quantstats.information_ratio(r, b) * YEAR),
    ("quantstats", "best", "best_period", lambda r, b: quantstats.best(r)),
    ("quantstats", "worst", "worst_period", lambda r, b: quantstats.worst(r)),
    ("skfolio", "max_drawdown", "max_drawdown", of_skfolio(skfolio.max_drawdown)),
    ("skfolio", "average_drawdown", "average_drawdown", of_skfolio(skfolio.average_drawdown)),
    ("skfolio", "ulcer_index", "ulcer_index", of_skfolio(skfolio.ulcer_index)),
    ("skfolio", "cdar", "cdar_95", of_skfolio(skfolio.cdar, beta=0.95)),
    ("skfolio", "cdar", "cdar_99", of_skfolio(skfolio.cdar, beta=0.99)),
    ("skfolio", "value_at_risk, negated", "var_95_order", lambda r, b: -skfolio.value_at_risk(r, beta=0.95)),
    ("skfolio", "value_at_risk, negated", "var_99_order", lambda r, b: -skfolio.value_at_risk(r, beta=0.99)),
    ("skfolio", "cvar, negated", "cvar_95_tail", lambda r, b: -skfolio.cvar(r, beta=0.95)),
    ("skfolio", "cvar, negated", "cvar_99_tail", lambda r, b: -skfolio.cvar(r, beta=0.99)),
    ("skfolio", "standard_deviation * sqrt(252)", "volatility", lambda r, b: skfolio.standard_deviation(r) * YEAR),
    ("skfolio", "worst_realization, negated", "worst_period", lambda r, b: -skfolio.worst_realization(r)),
    ("scipy", "stats.skew", "skewness", lambda r, b: scipy.stats.skew(r)),
    ("scipy", "stats.kurtosis", "kurtosis", lambda r, b: scipy.stats.kurtosis(r)),
    ("NumPy", "percentile", "var_95", lambda r, b: np.percentile(r, 5)),
    ("NumPy", "mean / std * sqrt(252)", "sharpe_legacy", lambda r, b: r.mean() / np.std(r) * YEAR),
    ("NumPy", "mean + z * std", "var_95_normal_legacy", lambda r, b: r.mean() + scipy.stats.norm.ppf(0.05) * np.std(r)),
    ("pandas", "mean / std * sqrt(252)", "sharpe", lambda r, b: pd.Series(r).mean() / pd.Series(r).std() * YEAR),
    ("pandas", "cumsum, cummax", "max_drawdown_first_peak", lambda r, b: drawdowns(r, False).max()),
    ("pandas", "cumsum, cummax with 0 before", "max_drawdown", lambda r, b: drawdowns(r, True).max()),
    ("pandas", "cumsum, cummax with 0 before", "average_drawdown", lambda r, b: drawdowns(r, True).mean()),
]
# Where a library says something else by design: on ties, or for series that only gain or only lose.
APART = {
    ("quantstats", "avg_win"): "without wins quantstats says nan, here it is 0",
    ("quantstats", "avg_loss"): "without losses quantstats says nan, here it is 0",
    ("empyrical", "cvar_95"): "of equal numbers at the percentile empyrical takes some, here all count",
    ("empyrical", "cvar_99"): "of equal numbers at the percentile empyrical takes some, here all count",
    ("quantstats", "profit_factor"): "without losses quantstats says 0 or inf by version, here it is infinite",
    ("quantstats", "payoff_ratio"): "without wins or losses quantstats says 0, here it is undefined",
    ("quantstats", "kelly_active"): "without wins or losses quantstats says nan, here it is the least fraction",
}


def table_of(path):
    """Fractions: quantstats takes larger numbers for prices."""
    rng = np.random.default_rng(12)
    days, columns = 130, {}
    for j in range(100):
        r = 0.001 * rng.standard_normal() + 0.012 * rng.standard_t(4, days)
        r = np.clip(r, -0.6, 0.6)
        if j % 4 == 1:
            r[rng.random(days) < 0.2] = 0.0  # days without a trade
        if j % 10 == 7:
            r = np.round(r, 2)  # ties
        columns[f"r{j}"] = r
    columns["gains"] = np.abs(columns["r3"]) + 0.001
    columns["losses"] = -np.abs(columns["r4"]) - 0.001
    write(path, columns)


def real_table(path, data):
    """Real rupees as fractions of three million."""
    table = oracle.Table(data)
    write(path, {name: table.values[name] / 3e6 for name in table.names})


def write(path, columns):
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(["Date", *columns])
        for t in range(len(next(iter(columns.values())))):
            day = datetime.date(2022, 1, 3) + datetime.timedelta(days=t)
            writer.writerow([day.isoformat(), *(repr(float(r[t])) for r in columns.values())])


def measured(work, path, name, benchmark):
    names = work / "names.txt"
    names.write_text(name + "\n")
    command = [program, "evaluate", "-i", path, "--portfolio", names, "--json", "--returns", "fraction",
               "--benchmark", benchmark, "--minimum-acceptable-return", repr(HURDLE)]
    done = subprocess.run(command, capture_output=True, text=True,
                          env=dict(os.environ, XDG_CACHE_HOME=str(work / "cache")))
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)["metrics"]


def same(ours, theirs, size):
    if ours is None or not math.isfinite(theirs):
        return ours is None and not math.isfinite(theirs)
    return abs(ours - theirs) <= 1e-9 * max(abs(theirs), size)


def compare(work, path, faults):
    table = oracle.Table(path)
    benchmark, count = table.names[0], 0
    for name in table.names[1:]:
        ours = measured(work, path, name, benchmark)
        r, b = pd.Series(table.values[name]), pd.Series(table.values[benchmark])
        r.index = b.index = pd.date_range("2022-01-03", periods=len(r))
        for library, function, key, value in SAME:
            theirs = float(value(r.to_numpy() if library in ("skfolio", "scipy", "NumPy", "pandas") else r, b))
            count += 1
            # drawdowns come back to 0 up to the dust of sums; a mean of moments cancels
            size = float(np.abs(r).max()) if "drawdown" in key or "normal" in key or key == "expectancy" else 0.0
            size = 1.0 if key in ("skewness", "kurtosis", "sharpe", "sortino", "sortino_mar", "sharpe_legacy",
                                  "information_ratio") else size
            if same(ours[key], theirs, size):
                continue
            ties = len(np.unique(r)) < len(r)
            one_sided = not ((r > 0).any() and (r < 0).any())
            if (library, key) in APART and (ties if key.startswith("cvar") else one_sided):
                continue
            faults.append(f"{path.name} {name}: {key} is {ours[key]!r}, {library}'s {function} {theirs!r}")
    return count


def main():
    faults, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        table_of(work / "random.csv")
        count += compare(work, work / "random.csv", faults)
        data = pathlib.Path(os.environ.get("HEAVYOPT_TEST_DATA", source / "../shared/data")) / "enhanced_zones_2023.csv"
        if data.exists():
            real_table(work / "real.csv", data)
            count += compare(work, work / "real.csv", faults)
        else:
            print(f"left out: there is no {data}")
    page = (source / "docs/METRICS.md").read_text(encoding="utf-8")
    for library, function, key, _ in SAME:
        line = f"| `{key}` | {library} `{function}` |"
        if line not in page:
            faults.append(f"docs/METRICS.md lacks: {line}")
    for fault in faults[:60]:
        print(fault)
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}"
                         for p in ("empyrical-reloaded", "quantstats", "skfolio", "scipy", "pandas", "numpy"))
    print(f"{count} numbers compared with {versions}: {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
