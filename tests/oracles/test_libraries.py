"""Which measure is which library's: `heavyopt metrics` against empyrical-reloaded 0.7.1, quantstats 0.0.86, skfolio 1.12.2,
scipy, pandas and NumPy, for hundreds of random series and real ones, in every convention, to 1e-9; and what evaluate
tells of a portfolio's members, months, weekdays and drawdowns against scipy and pandas. docs/METRICS.md has the
tables."""
import csv
import datetime
import functools
import gzip
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
SMALL = 0.02 / 252
Z = {95: scipy.stats.norm.ppf(0.05), 99: scipy.stats.norm.ppf(0.01)}


def within(fraction, low=0.01):
    return low if math.isnan(fraction) else min(max(fraction, low), 0.25)


@functools.lru_cache(maxsize=4)
def falls_of(values, from_zero):
    equity = pd.Series(values).cumsum()
    peak = equity.cummax()
    return ((peak.clip(lower=0) if from_zero else peak) - equity).to_numpy()


def falls(r, from_zero=True):
    """Drawdowns by pandas."""
    return falls_of(tuple(r), from_zero)


def ratio(a, b, otherwise):
    """As a library divides, but for a denominator of 0."""
    return a / b if b != 0 else otherwise


def over_fall(value, fall):
    return value / fall if fall > 1e-6 else math.copysign(math.inf, value) if value != 0 else 0.0


def of_skfolio(measure, **more):
    return lambda r, b: measure(skfolio.get_drawdowns(r, compounded=False), **more)


def of_first_peak(measure, **more):
    return lambda r, b: measure(-falls(r, False), **more)


def longest(flags):
    flags = pd.Series(flags)
    return float(flags.groupby((~flags).cumsum()).sum().max())


def raw_kelly(r, p):
    """Kelly's fraction with the win rate p; pandas' means of nothing are nan."""
    s = pd.Series(r)
    return p - (1 - p) / (s[s > 0].mean() / -s[s < 0].mean())


def kupiec(r, level):
    limit, share, n = r.mean() + Z[level] * r.std(ddof=1), 1 - level / 100, len(r)
    v = int((r < limit).sum())
    return max(0.0, -2 * (scipy.stats.binom.logpmf(v, n, share) - scipy.stats.binom.logpmf(v, n, v / n)))


def downside(r):
    excess = r - SMALL
    below = excess[excess < 0]
    if len(below) == 1:
        return math.nan
    return ratio((r.mean() - SMALL) * YEAR, below.std(ddof=1) if len(below) and np.ptp(below) > 0 else 0, math.inf)


def of_losses(r):
    lost = r[r < 0]
    return 0.0 if len(lost) == 0 else ratio(r.sum() * 252 / len(r), np.std(lost) * YEAR if np.ptp(lost) > 0 else 0, math.inf)


def mean_up_to(r, level):
    return r[r <= np.percentile(r, 100 - level)].mean()


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
    ("skfolio", "max_drawdown of first-peak falls", "max_drawdown_first_peak", of_first_peak(skfolio.max_drawdown)),
    ("skfolio", "average_drawdown of first-peak falls", "average_drawdown_first_peak",
     of_first_peak(skfolio.average_drawdown)),
    ("skfolio", "ulcer_index of first-peak falls", "ulcer_index_first_peak", of_first_peak(skfolio.ulcer_index)),
    ("skfolio", "cdar of first-peak falls", "cdar_95_first_peak", of_first_peak(skfolio.cdar, beta=0.95)),
    ("skfolio", "cdar of first-peak falls", "cdar_99_first_peak", of_first_peak(skfolio.cdar, beta=0.99)),
    ("skfolio", "value_at_risk, negated", "var_95_order", lambda r, b: -skfolio.value_at_risk(r, beta=0.95)),
    ("skfolio", "value_at_risk, negated", "var_99_order", lambda r, b: -skfolio.value_at_risk(r, beta=0.99)),
    ("skfolio", "cvar, negated", "cvar_95_tail", lambda r, b: -skfolio.cvar(r, beta=0.95)),
    ("skfolio", "cvar, negated", "cvar_99_tail", lambda r, b: -skfolio.cvar(r, beta=0.99)),
    ("skfolio", "standard_deviation * sqrt(252)", "volatility", lambda r, b: skfolio.standard_deviation(r) * YEAR),
    ("skfolio", "worst_realization, negated", "worst_period", lambda r, b: -skfolio.worst_realization(r)),
    ("scipy", "stats.skew", "skewness", lambda r, b: scipy.stats.skew(r) if np.ptp(r) > 0 else math.nan),
    ("scipy", "stats.kurtosis", "kurtosis", lambda r, b: scipy.stats.kurtosis(r) if np.ptp(r) > 0 else math.nan),
    ("scipy", "mean + sd * truncnorm.mean", "cvar_95_normal",
     lambda r, b: r.mean() + r.std(ddof=1) * scipy.stats.truncnorm.mean(-np.inf, Z[95])),
    ("scipy", "mean + sd * truncnorm.mean", "cvar_99_normal",
     lambda r, b: r.mean() + r.std(ddof=1) * scipy.stats.truncnorm.mean(-np.inf, Z[99])),
    ("scipy", "stats.binom.logpmf, a likelihood ratio", "var_95_normal_kupiec", lambda r, b: kupiec(r, 95)),
    ("scipy", "stats.binom.logpmf, a likelihood ratio", "var_99_normal_kupiec", lambda r, b: kupiec(r, 99)),
    ("NumPy", "percentile", "var_95", lambda r, b: np.percentile(r, 5)),
    ("NumPy", "percentile", "var_99", lambda r, b: np.percentile(r, 1)),
    ("NumPy", "percentile over the mean up to it", "var_to_cvar_95",
     lambda r, b: ratio(np.percentile(r, 5), mean_up_to(r, 95), 0)),
    ("NumPy", "percentile over the mean up to it", "var_to_cvar_99",
     lambda r, b: ratio(np.percentile(r, 1), mean_up_to(r, 99), 0)),
    ("NumPy", "percentile / std", "var_ratio_95", lambda r, b: abs(np.percentile(r, 5)) / r.std(ddof=1)),
    ("NumPy", "percentile / std", "var_ratio_99", lambda r, b: abs(np.percentile(r, 1)) / r.std(ddof=1)),
    ("NumPy", "mean / std * sqrt(252)", "sharpe_legacy", lambda r, b: r.mean() / np.std(r) * YEAR),
    ("NumPy", "(mean - .02 / 252) / std * sqrt(252)", "sharpe_platform", lambda r, b: (r.mean() - SMALL) / r.std(ddof=1) * YEAR),
    ("NumPy", "mean over std of the losses", "sortino_legacy", lambda r, b: of_losses(r)),
    ("NumPy", "mean over std of what is below .02 / 252", "sortino_platform", lambda r, b: downside(r)),
    ("NumPy", "mean + z * std", "var_95_normal_legacy", lambda r, b: r.mean() + Z[95] * np.std(r)),
    ("NumPy", "mean + z * std", "var_99_normal_legacy", lambda r, b: r.mean() + Z[99] * np.std(r)),
    ("NumPy", "clip, sum", "omega_mar",
     lambda r, b: ratio((r - HURDLE).clip(min=0).sum(), (HURDLE - r).clip(min=0).sum(), math.inf)),
    ("pandas", "sum", "total_roi", lambda r, b: pd.Series(r).sum()),
    ("pandas", "mean * 252", "annualized_return", lambda r, b: pd.Series(r).mean() * 252),
    ("pandas", "mean", "expectancy", lambda r, b: pd.Series(r).mean()),
    ("pandas", "mean of wins and of the rest", "expectancy_legacy",
     lambda r, b: (r > 0).mean() * np.nan_to_num(pd.Series(r[r > 0]).mean())
     - (r <= 0).mean() * np.nan_to_num(-pd.Series(r[r < 0]).mean())),
    ("pandas", "gt(0).mean", "win_rate", lambda r, b: pd.Series(r).gt(0).mean()),
    ("pandas", "gt(0).sum", "wins", lambda r, b: pd.Series(r).gt(0).sum()),
    ("pandas", "lt(0).sum", "losses", lambda r, b: pd.Series(r).lt(0).sum()),
    ("pandas", "eq(0).sum", "flat", lambda r, b: pd.Series(r).eq(0).sum()),
    ("pandas", "clip, sum", "profit_factor_legacy",
     lambda r, b: r.clip(min=0).sum() / -r.clip(max=0).sum() if -r.clip(max=0).sum() > 1e-6 else float((r > 0).any())),
    ("pandas", "means of wins and losses", "kelly_raw", lambda r, b: raw_kelly(r, (r > 0).mean())),
    ("pandas", "means of wins and losses, within 0.01 .. 0.25", "kelly", lambda r, b: within(raw_kelly(r, (r > 0).mean()))),
    ("pandas", "means of wins and losses, within 0 .. 0.25", "kelly_single",
     lambda r, b: within(raw_kelly(r, (r > 0).mean()), 0.0)),
    ("pandas", "mean / std * sqrt(252)", "sharpe", lambda r, b: pd.Series(r).mean() / pd.Series(r).std() * YEAR),
    ("pandas", "cumsum, cummax", "max_drawdown_first_peak", lambda r, b: falls(r, False).max()),
    ("pandas", "cumsum, cummax with 0 before", "max_drawdown", lambda r, b: falls(r).max()),
    ("pandas", "cumsum, cummax with 0 before", "average_drawdown", lambda r, b: falls(r).mean()),
    ("pandas", "cumsum, cummax, groupby", "drawdown_duration", lambda r, b: longest(falls(r) > 0)),
    ("pandas", "cumsum, cummax, groupby", "drawdown_duration_first_peak", lambda r, b: longest(falls(r, False) > 0)),
    ("pandas", "cumsum, cummax with 0 before / capital", "max_drawdown_of_capital", lambda r, b: math.nan),
    ("pandas", "sum over the fall", "roi_dd_ratio", lambda r, b: over_fall(r.sum(), falls(r).max())),
    ("pandas", "sum over the fall", "roi_dd_ratio_first_peak", lambda r, b: over_fall(r.sum(), falls(r, False).max())),
    ("pandas", "sum over the fall", "roi_dd_ratio_legacy",
     lambda r, b: oracle.small_ratio(r.sum(), falls(r, False).max())),
    ("pandas", "mean * 252 over the fall", "calmar", lambda r, b: over_fall(r.mean() * 252, falls(r).max())),
    ("pandas", "mean * 252 over the fall", "calmar_first_peak",
     lambda r, b: over_fall(r.mean() * 252, falls(r, False).max())),
    ("pandas", "sum or mean * 252 over the fall", "calmar_platform",
     lambda r, b: ratio(r.sum() if len(r) < 252 else r.mean() * 252, falls(r, False).max(), math.inf)),
]
# Where a library says something else by design, and for which series.
ties = lambda r: len(np.unique(r)) < len(r)
whole = lambda r: len(r) % 20 == 0
one_sided = lambda r: not ((r > 0).any() and (r < 0).any())
APART = {
    ("quantstats", "avg_win"): (one_sided, [-1, -2, -3], "no wins: an average of nothing"),
    ("quantstats", "avg_loss"): (one_sided, [1, 2, 3], "no losses: an average of nothing"),
    ("empyrical", "cvar_95"): (ties, [-9, -5, -5, -5] + 17 * [3], "of equal numbers at the percentile it takes some, here all count"),
    ("empyrical", "cvar_99"): (ties, [-9, -5, -5, -5] + 98 * [3], "of equal numbers at the percentile it takes some, here all count"),
    ("empyrical", "omega"): (one_sided, [1, 2, 3], "no losses: nothing divides"),
    ("quantstats", "sortino"): (one_sided, [1, 2, 3], "no shortfall: nothing divides"),
    ("skfolio", "var_95_order"): (whole, list(range(1, 21)), "5 % of 20 is 1, and 1 - 0.95 as a double is more"),
    ("quantstats", "kelly_active"): (one_sided, [1, 2, 3], "no losses: no odds, and the least fraction"),
}
# How far sums of different order may lie apart: relative to a size beside the value's own.
DUST = {"skewness": 1.0, "kurtosis": 1.0, "sharpe": 1.0, "sortino": 1.0, "sortino_mar": 1.0, "sharpe_legacy": 1.0,
        "sharpe_platform": 1.0, "information_ratio": 1.0, "var_95_normal_kupiec": 10.0, "var_99_normal_kupiec": 10.0}
OF_SIZE = ("drawdown", "normal", "expectancy", "total", "annual", "ulcer", "cdar", "roi_dd", "calmar", "sortino_legacy")


def tolerance(key, theirs, r):
    size = abs(theirs)
    if key in DUST:
        size = max(size, DUST[key])
    elif any(word in key for word in OF_SIZE):
        size = max(size, float(np.abs(r).max()) * (252 if "annual" in key or "calmar" in key else 1))
    return 1e-9 * size


def random_columns(seed, days, count):
    """Fractions: quantstats takes larger numbers for prices."""
    rng = np.random.default_rng(seed)
    columns = {"benchmark": 0.01 * rng.standard_normal(days)}
    for j in range(count):
        r = 0.001 * rng.standard_normal() + 0.012 * rng.standard_t(4, days)
        r = np.clip(r, -0.6, 0.6)
        if j % 4 == 1:
            r[rng.random(days) < 0.2] = 0.0  # days without a trade
        if j % 10 == 7:
            r = np.round(r, 2)  # ties
        columns[f"r{j}"] = r
    columns["gains"] = np.abs(columns["r3"]) + 0.001
    columns["losses"] = -np.abs(columns["r4"]) - 0.001
    return columns


def real_columns(data):
    """Real rupees as fractions of three million: whole days of the zones, and the worst days of some of the desk's."""
    table = oracle.Table(data / "enhanced_zones_2023.csv")
    yield "zones", {name: table.values[name] / 3e6 for name in table.names}
    packed = data / "sensex_25544_worst_days.csv.gz"
    if packed.exists():
        with gzip.open(packed, "rt") as f:
            rows = list(csv.reader(f))
        places = range(2, len(rows[0]) - 1, 300)
        yield "worst days", {rows[0][i]: np.array([float(row[i]) for row in rows[1:]]) / 3e6 for i in places}


def write(path, columns):
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(["Date", *columns])
        for t in range(len(next(iter(columns.values())))):
            day = datetime.date(2022, 1, 3) + datetime.timedelta(days=t)
            writer.writerow([day.isoformat(), *(repr(float(r[t])) for r in columns.values())])


def run(work, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          env=dict(os.environ, XDG_CACHE_HOME=str(work / "cache")))
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return done.stdout


def measured(work, path, benchmark, *options):
    """{measure: {strategy: value}}; a number that is not finite by its name, as CSV has it."""
    file = work / "measures.csv"
    run(work, "metrics", path, "-o", file, "-q", "--minimum-acceptable-return", repr(HURDLE), "--benchmark", benchmark, *options)
    with open(file, newline="", encoding="utf-8") as f:
        rows = list(csv.reader(f))
    return {key: {row[0].lstrip("'"): float(row[i]) for row in rows[1:]} for i, key in enumerate(rows[0]) if i > 0}


def same(ours, theirs, far):
    return ours == theirs or (math.isnan(ours) and math.isnan(theirs)) or abs(ours - theirs) <= far


def compare(what, columns, values, faults, every):
    """Each measure of each column against each library; quantstats, which is slow, for each `every`th one."""
    benchmark, count = next(iter(columns)), 0
    for place, (name, r) in enumerate(columns.items()):
        if name == benchmark:
            continue
        s, b = pd.Series(r), pd.Series(columns[benchmark])
        s.index = b.index = pd.date_range("2022-01-03", periods=len(r))
        for library, function, key, value in SAME:
            if library == "quantstats" and place % every != 0:
                continue
            theirs = float(value(s if library in ("empyrical", "quantstats") else r, b))
            count += 1
            if same(values[key][name], theirs, tolerance(key, theirs, r)):
                continue
            if (library, key) in APART and APART[library, key][0](r):
                continue
            faults.append(f"{what} {name}: {key} is {values[key][name]!r}, {library}'s {function} {theirs!r}")
    return count


def compare_capital(work, path, columns, faults):
    """With a capital of 1 fractions are of it, and the risk-free rate counts."""
    rate, count = 0.02 / 252, 0
    values = measured(work, path, next(iter(columns)), "--capital", "1", "--risk-free-rate", "0.02")
    for name, r in list(columns.items())[1:]:
        for key, theirs in (("sharpe", empyrical.sharpe_ratio(r, risk_free=rate)),
                            ("sortino", empyrical.sortino_ratio(r, required_return=rate)),
                            ("max_drawdown_of_capital", falls(r).max())):
            count += 1
            if not same(values[key][name], float(theirs), tolerance(key, float(theirs), r)):
                faults.append(f"{name} with capital: {key} is {values[key][name]!r}, a library says {theirs!r}")
    return count


def compare_conventions(work, path, benchmark, values, faults):
    """In each convention a word is the sense that the page says, and everything else stays."""
    page = (source / "docs/METRICS.md").read_text(encoding="utf-8").split("## Conventions")[1].split("\n\n")
    table = next(part for part in page if part.startswith("| default |")).splitlines()
    names = [cell.strip() for cell in table[0].strip("|").split("|")]
    count = 0
    for place, convention in enumerate(names[1:], 1):
        senses = {}
        for line in table[2:]:
            cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
            senses[cells[0]] = cells[0] if cells[place] == "the same" else cells[place]
        other = measured(work, path, benchmark, "--convention", convention)
        for key, column in other.items():
            for name, value in column.items():
                count += 1
                wanted = values[senses.get(key, key)][name]
                if not same(value, wanted, 0):
                    faults.append(f"{convention}: {key} of {name} is {value!r}, expected {wanted!r}")
    return count


def printed(value):
    return "undefined" if math.isnan(value) else "infinite" if value == math.inf else f"{value:.6g}"


def shown(series):
    if len(series) < 10:
        return " ".join(map(str, series))
    if series == list(range(series[0], series[-1] + 1)):
        return f"{series[0]} to {series[-1]}"
    return f"{' '.join(map(str, series[:4]))} and {len(series) - 4} times {series[-1]}"


def rows_of_page(work):
    """The rows that docs/METRICS.md must have, differences with the value of both."""
    for library, function, key, _ in SAME:
        yield f"| `{key}` | {library} `{function}` |"
    for (library, key), (_, series, why) in APART.items():
        path = work / "apart.csv"
        write(path, {"b": np.zeros(len(series)), "x": np.array(series, float)})
        ours = measured(work, path, "b")[key]["x"]
        function, call = next((f, c) for l, f, k, c in SAME if (l, k) == (library, key))
        s = pd.Series(np.array(series, float), index=pd.date_range("2022-01-03", periods=len(series)))
        theirs = float(call(s, s)) if "kelly" not in key else float(quantstats.kelly_criterion(s))
        yield f"| `{key}` | {library} `{function}` | {shown(series)} | {printed(theirs)} | {printed(ours)} | {why} |"


def compare_evaluate(work, path, columns, faults):
    """Ranks against scipy; months, weekdays, drawdowns and rolling figures against pandas."""
    names, count = list(columns), 0
    for members in (names[1:2], names[1:4], names[5:15]):
        file = work / "names.txt"
        file.write_text("".join(f"{name}\n" for name in members), encoding="utf-8")
        said = json.loads(run(work, "evaluate", path, file, "--json", "--returns", "fraction"))
        frame = pd.DataFrame({name: columns[name] for name in members})
        s = frame.sum(axis=1)
        s.index = pd.to_datetime(said["details"]["series"]["dates"])
        checks = {"effective": (said["relations"]["effective_bets"],
                                len(members) / (1 + (len(members) - 1) * max(0, said["relations"]["pearson"]))),
                  "diversification": (said["relations"]["diversification_ratio"], frame.std().sum() / s.std())}
        if len(members) > 1:
            upper = np.triu_indices(len(members), 1)
            ranks = np.atleast_2d(scipy.stats.spearmanr(frame).statistic)
            ranks = ranks if ranks.shape[0] > 1 else np.array([[1, ranks[0, 0]], [ranks[0, 0], 1]])
            pearson = frame.corr().to_numpy()[upper]
            checks |= {"spearman": (said["relations"]["spearman"], ranks[upper].mean()),
                       "pearson": (said["relations"]["pearson"], pearson.mean()),
                       "mean size": (said["relations"]["mean_size"], np.abs(pearson).mean()),
                       "largest": (said["relations"]["largest"]["value"], pearson.max()),
                       "share": (said["relations"]["share_above"], (pearson > 0.7).mean())}
        for month, total in s.groupby(s.index.strftime("%Y-%m")).sum().items():
            checks[month] = (next(m["total"] for m in said["details"]["months"] if m["label"] == month), total)
        for day, total in s.groupby(s.index.day_name()).sum().items():
            checks[day] = (next(d["total"] for d in said["details"]["weekdays"] if d["label"] == day), total)
        rolling = s.rolling(said["details"]["series"]["rolling_window"])
        for key, value in (("rolling_pnl", rolling.sum()), ("rolling_sharpe", rolling.mean() / rolling.std() * YEAR)):
            for t, (a, b) in enumerate(zip(said["details"]["series"][key], value)):
                checks[f"{key} {t}"] = (math.nan if a is None else a, b)
        under = pd.Series(falls(s), index=s.index)
        spells = under[under > 0].groupby((under == 0).cumsum())
        deepest = sorted(((-g.max(), g.index[0]) for _, g in spells))[:10]
        for fall, (depth, first) in zip(said["details"]["drawdowns"], deepest):
            g = under[first:][: int((under[first:] > 0).cummin().sum())]
            checks[f"depth {first}"] = (fall["depth"], -depth)
            checks[f"periods {first}"] = (fall["periods"], len(g))
            after = s.index[s.index > g.index[-1]]
            facts = (fall["trough"], fall["recovery"])
            if facts != (str(g.idxmax().date()), str(after[0].date()) if len(after) else None):
                faults.append(f"{members}: the fall from {first} has {facts}")
        for key, (ours, theirs) in checks.items():
            count += 1
            if not same(ours, theirs, 1e-9 * max(1, abs(theirs))):
                faults.append(f"{len(members)} members: {key} is {ours!r}, pandas and scipy say {theirs!r}")
    return count


def main():
    faults, count, series = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        tables = [(f"{days} days", random_columns(days, days, many)) for days, many in ((130, 110), (30, 110), (260, 90))]
        data = pathlib.Path(os.environ.get("HEAVYOPT_TEST_DATA", source / "../shared/data"))
        if (data / "enhanced_zones_2023.csv").exists():
            tables += list(real_columns(data))
        else:
            print(f"left out: there are no real tables in {data}")
        for what, columns in tables:
            path, benchmark = work / f"{what}.csv", next(iter(columns))
            write(path, columns)
            values = measured(work, path, benchmark)
            missing = set(values) - {key for _, _, key, _ in SAME} - set(oracle.WEEKDAYS)
            faults += [f"no library is asked about {key}" for key in sorted(missing)]
            series += len(columns) - 1
            count += compare(what, columns, values, faults, 3)
            count += compare_conventions(work, path, benchmark, values, faults)
        count += compare_capital(work, work / "130 days.csv", tables[0][1], faults)
        for size in (1e11, 1e-7):  # quantstats, which takes large numbers for prices, is not asked
            columns = {name: size * r for name, r in random_columns(9, 40, 12).items()}
            write(work / "size.csv", columns)
            values = measured(work, work / "size.csv", next(iter(columns)))
            count += compare(f"times {size:g}", columns, values, faults, len(columns) + 1)
        count += compare_evaluate(work, work / "130 days.csv", tables[0][1], faults)
        page = (source / "docs/METRICS.md").read_text(encoding="utf-8")
        faults += [f"docs/METRICS.md lacks: {line}" for line in rows_of_page(work) if line not in page]
    for fault in faults[:120]:
        print(fault)
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}"
                         for p in ("empyrical-reloaded", "quantstats", "skfolio", "scipy", "pandas", "numpy"))
    print(f"{count} numbers of {series} series compared with {versions}: {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
