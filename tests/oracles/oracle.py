"""Reads a table of strategies and works out measures and fitness in plain NumPy, sharing nothing with heavyopt but
the definitions of docs/METRICS.md. Reads what it needs of a table and no more; it checks no input for faults."""
import csv
import datetime
import gzip
import math

import numpy as np

METADATA = {"date", "zone", "day", "start_time", "end_time", "market_regime", "regime_confidence_%",
            "market_regime_transition_threshold", "capital", "date_col", "day_col", "year", "month"}
MISSING = {"", r"\n", "null", "none", "na", "n/a", "-", "--"}
DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d-%b-%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d"]


def number(text):
    text = text.strip()
    return 0.0 if text.lower() in MISSING else float(text.replace(",", ""))


def canonical(name):
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def dates_of(texts):
    days = [t.strip().replace("T", " ").split(" ")[0] for t in texts]
    for form in DATE_FORMATS:
        try:
            return [datetime.datetime.strptime(day, form).date() for day in days]
        except ValueError:
            continue
    raise SystemExit("the dates follow no known format")


def unique(names):
    """The 2nd, 3rd ... of a name become name.1, name.2, the next that is free."""
    taken, out = set(names), []
    seen = set()
    for name in names:
        new, n = name, 0
        while new in seen or (n > 0 and new in taken):
            n += 1
            new = f"{name}.{n}"
        seen.add(new)
        out.append(new)
    return out


def lines_of(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rb") as f:
        data = f.read()
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    if '"' in text:
        return csv.reader(text.splitlines(keepends=True))
    return (line.split(",") for line in text.splitlines() if line.strip())


class Table:
    """Some columns of a CSV file: values[name] is the series of the periods, names are all the strategies there."""

    def __init__(self, path, wanted=None, by_row=False, zone=None):
        rows = iter(lines_of(path))
        header = [h.strip() for h in next(rows)]
        known = {canonical(h): i for i, h in enumerate(header) if canonical(h) in METADATA}
        places = [i for i, h in enumerate(header) if canonical(h) not in METADATA and h]
        self.names = unique([header[i] for i in places])
        place_of = dict(zip(self.names, places))
        wanted = self.names if wanted is None else list(dict.fromkeys(wanted))
        columns = []
        for name in wanted:
            base = name if name in place_of else name.removesuffix("_inv")
            if base not in place_of:
                raise SystemExit(f"{path}: no column '{name}'")
            columns.append((place_of[base], 1.0 if base == name else -1.0))
        kept = []
        for row in rows:
            fact = {key: row[known[key]].strip() for key in ("start_time", "zone") if key in known}
            if zone is None or fact.get("zone") == zone:
                date = row[known["date" if "date" in known else "date_col"]]
                kept.append((date, fact, [sign * number(row[i]) for i, sign in columns]))
        dates = dates_of([k[0] for k in kept])
        order = sorted(range(len(kept)), key=lambda i: (dates[i], kept[i][1].get("start_time", ""),
                                                        kept[i][1].get("zone", "")))
        periods, last = [], None
        for i in order:
            values = kept[i][2]
            if by_row or dates[i] != last:
                periods.append(np.array(values))
            else:
                periods[-1] = periods[-1] + values
            last = dates[i]
        matrix = np.array(periods)
        self.values = {name: matrix[:, i] for i, name in enumerate(wanted)}

    def sum(self, portfolio):
        return sum((self.values[name] for name in portfolio[1:]), self.values[portfolio[0]].copy())


def drawdowns(r, first_peak=False):
    equity = np.cumsum(r)
    peak = np.maximum.accumulate(equity)
    return (peak if first_peak else np.maximum(peak, 0)) - equity


def deviation(x, ddof):
    if len(x) <= ddof:
        return math.nan
    return 0.0 if x.max() == x.min() else float(np.std(x, ddof=ddof))


def percentile(r, share):
    x, h = np.sort(r), (len(r) - 1) * share
    if abs(h - round(h)) < 1e-9:
        return float(x[round(h)])
    return float(np.interp(h, np.arange(len(x)), x))


def tail_mean(worst_first, share):
    """The quantile function integrated over the tail."""
    k = share * len(worst_first)
    weights = np.clip(k - np.arange(len(worst_first)), 0, 1)
    return float(weights @ worst_first / k)


def longest_run(flags):
    longest = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        longest = max(longest, run)
    return float(longest)


def over_drawdown(value, drawdown):
    if drawdown > 1e-6:
        return value / drawdown
    return 0.0 if value == 0 else math.copysign(math.inf, value)


def divided(a, b, otherwise):
    return a / b if b != 0 else otherwise


def measures(r, year=252.0, rate=0.02, capital=0.0):
    T, total, mean = len(r), float(r.sum()), float(r.mean())
    wins, losses = r[r > 0], r[r < 0]
    G, B = float(wins.sum()), float(-losses.sum())
    p = len(wins) / T
    avg_win = G / len(wins) if len(wins) else 0.0
    avg_loss = B / len(losses) if len(losses) else 0.0
    sd0, sd1, root = deviation(r, 0), deviation(r, 1), math.sqrt(year)
    dd, dd1 = drawdowns(r), drawdowns(r, first_peak=True)
    annual, hurdle, small = total * year / T, capital * rate / year, rate / year
    short = float(np.sqrt(np.mean(np.minimum(r - hurdle, 0) ** 2)))
    excess = (r - small)[r - small < 0]
    d = r - mean
    m2 = float(np.mean(d**2))
    spread = sd0 > 0
    var95, var99 = percentile(r, 0.05), percentile(r, 0.01)
    z95, z99 = 1.6448536269514722, 2.3263478740408408
    phi = lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    none_or_inf = math.inf if G > 0 else math.nan
    if sd1 != 0 and T > 1:
        sharpe, sharpe_platform = (mean - hurdle) / sd1 * root, (mean - small) / sd1 * root
    else:
        sharpe, sharpe_platform = math.nan, 0.0
    if len(excess) == 1:
        sortino_platform = math.nan
    else:
        sortino_platform = divided((mean - small) * root, deviation(excess, 1) if len(excess) else 0, math.inf)
    kelly = min(max(p - (1 - p) * avg_loss / avg_win, 0.01), 0.25) if len(wins) and len(losses) else 0.01
    losing_sd = deviation(losses, 0) if len(losses) else 0.0
    return {
        "total_roi": total,
        "annualized_return": annual,
        "win_rate": p,
        "win_rate_active": divided(len(wins), len(wins) + len(losses), math.nan),
        "wins": float(len(wins)),
        "losses": float(len(losses)),
        "flat": float(np.sum(r == 0)),
        "avg_win": avg_win,
        "avg_loss": avg_loss,
        "best_period": float(r.max()),
        "worst_period": float(r.min()),
        "profit_factor": divided(G, B, none_or_inf),
        "expectancy": (G - B) / T,
        "expectancy_legacy": p * avg_win - (1 - p) * avg_loss,
        "volatility": sd1 * root,
        "skewness": float(np.mean(d**3)) / m2**1.5 if spread else math.nan,
        "kurtosis": float(np.mean(d**4)) / m2**2 - 3 if spread else math.nan,
        "longest_losing_run": longest_run(r < 0),
        "kelly": kelly,
        "max_drawdown": float(dd.max()),
        "max_drawdown_first_peak": float(dd1.max()),
        "average_drawdown": float(dd.mean()),
        "average_drawdown_first_peak": float(dd1.mean()),
        "ulcer_index": float(np.sqrt(np.mean(dd**2))),
        "ulcer_index_first_peak": float(np.sqrt(np.mean(dd1**2))),
        "cdar_95": tail_mean(np.sort(dd)[::-1], 0.05),
        "cdar_95_first_peak": tail_mean(np.sort(dd1)[::-1], 0.05),
        "drawdown_duration": longest_run(dd > 0),
        "roi_dd_ratio": over_drawdown(total, dd.max()),
        "sharpe": sharpe,
        "sharpe_legacy": annual / (sd0 * root) if spread else 0.0,
        "sharpe_platform": sharpe_platform,
        "sortino": divided((mean - hurdle) * root, short, math.inf if mean > hurdle else math.nan),
        "sortino_legacy": divided(annual, losing_sd * root, math.inf) if len(losses) else 0.0,
        "sortino_platform": sortino_platform,
        "calmar": over_drawdown(annual, dd.max()),
        "calmar_platform": divided(total if T < year else annual, dd1.max(), math.inf),
        "omega": divided(G, B, math.inf if G > 0 else 1.0),
        "var_95": var95,
        "var_99": var99,
        "cvar_95": float(r[r <= var95].mean()),
        "cvar_99": float(r[r <= var99].mean()),
        "cvar_95_tail": tail_mean(np.sort(r), 0.05),
        "cvar_99_tail": tail_mean(np.sort(r), 0.01),
        "var_95_normal": mean - z95 * sd1,
        "var_99_normal": mean - z99 * sd1,
        "cvar_95_normal": mean - sd1 * phi(z95) / 0.05,
        "cvar_99_normal": mean - sd1 * phi(z99) / 0.01,
    }


def correlation(a, b):
    if a.max() == a.min() or b.max() == b.min():
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def average_correlation(columns):
    pairs = [correlation(columns[i], columns[j]) for i in range(len(columns)) for j in range(i)]
    return sum(pairs) / len(pairs) if pairs else 0.0


def small_ratio(total, drawdown):
    if drawdown > 1e-6:
        return total / drawdown
    return (100 if total > 0 else 10) * total


def legacy_value(m, metric):
    total, drawdown = float(m.sum()), float(drawdowns(m, first_peak=True).max())
    wins, losses = m[m > 0], m[m < 0]
    gain, loss, p = float(wins.sum()), float(-losses.sum()), len(wins) / len(m)
    if metric == "ratio":
        return small_ratio(total, drawdown)
    if metric == "roi":
        return total
    if metric == "less max dd":
        return -drawdown
    if metric == "win percentage":
        return p
    if metric == "profit factor":
        return gain / loss if loss > 1e-6 else float(gain > 0)
    if metric == "expectancy":
        return p * divided(gain, len(wins), 0.0) - (1 - p) * divided(loss, len(losses), 0.0)
    raise SystemExit(f"no metric '{metric}'")


def fitness(columns, kind="legacy", metric="ratio", threshold=0.0):
    """The fitness of a portfolio, and the size of what it is a difference of (for relative tolerances)."""
    total = sum(columns[1:], columns[0].copy())
    if kind == "ratio":
        value = small_ratio(float(total.sum()), float(drawdowns(total).max()))
        return value, abs(value)
    if kind != "legacy":
        raise SystemExit(f"no fitness '{kind}' here")
    m = total / len(columns)
    halved = metric in ("ratio", "less max dd") and drawdowns(m, first_peak=True).max() < threshold
    penalty = 10 * average_correlation(columns) * (0.5 if halved else 1.0)
    value = legacy_value(m, metric)
    return value - penalty, max(abs(value - penalty), abs(value), abs(penalty))
