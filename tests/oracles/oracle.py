"""Reads a table of strategies and works out measures and fitness in plain NumPy, sharing nothing with heavyopt but
the definitions of docs/METRICS.md. Reads what it needs of a table and no more; it checks no input for faults."""
import csv
import datetime
import gzip
import math
import re

import numpy as np

METADATA = {"date", "zone", "day", "start_time", "end_time", "market_regime", "regime_confidence_%",
            "market_regime_transition_threshold", "capital", "date_col", "day_col", "year", "month"}
MISSING = {"", r"\n", "null", "none", "na", "n/a", "-", "--"}
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
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


class Rows:
    """Which rows of a table count, and how much: as a run's settings and its document's "regimes" say."""

    def __init__(self, settings=None, regimes=None, regime=None):
        settings, regimes = settings or {}, regimes or {}
        self.days = {day[:3].lower() for day in settings.get("weekday") or []}
        wanted = regime or settings.get("regime")
        self.regime = None if wanted in (None, "each") else canonical(wanted)
        self.weighed = regimes.get("weighed", False)
        self.least = settings.get("regime_min_confidence", 70) if regimes.get("filter") == "rows" else None
        self.inclusive = settings.get("regime_inclusive", False)
        self.limit = settings.get("regime_transition_limit", 0.5)
        self.factor = settings.get("regime_transition_factor", 0.5)

    def counts(self, date, fact):
        if self.days and date.strftime("%a").lower() not in self.days:
            return False
        if self.regime is not None and canonical(fact["market_regime"]) != self.regime:
            return False
        sure = self.least is None or fact["confidence"] > self.least or \
            (self.inclusive and fact["confidence"] == self.least)
        return sure

    def weight(self, fact):
        if not self.weighed:
            return 1.0
        return fact["confidence"] / 100 * (self.factor if fact["transition"] > self.limit else 1.0)


class Table:
    """Some columns of a CSV file: values[name] is the series of the periods, names are all the strategies there."""

    def __init__(self, path, wanted=None, by_row=False, zone=None, shape=None):
        shape = shape or Rows()
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
        kept, largest, confidence = [], {}, []
        for row in rows:
            fact = {key: row[known[key]].strip() for key in ("start_time", "zone", "market_regime") if key in known}
            sure, transition = "regime_confidence_%", "market_regime_transition_threshold"
            fact["confidence"] = number(row[known[sure]]) if sure in known else 100.0
            fact["transition"] = number(row[known[transition]]) if transition in known else 0.0
            if sure in known:
                confidence.append(fact["confidence"] / 100)
            if "capital" in known:
                key = row[known["date"]].strip()
                largest[key] = max(largest.get(key, 0.0), number(row[known["capital"]]))
            if zone is None or fact.get("zone") == zone:
                date = row[known["date" if "date" in known else "date_col"]]
                kept.append((date, fact, [sign * number(row[i]) for i, sign in columns]))
        dates = dates_of([k[0] for k in kept])
        order = sorted(range(len(kept)), key=lambda i: (dates[i], kept[i][1].get("start_time", ""),
                                                        kept[i][1].get("zone", "")))
        periods, last = [], None
        self.dates, self.zones = [], []
        for i in order:
            if not shape.counts(dates[i], kept[i][1]):
                continue
            values = np.array(kept[i][2]) * shape.weight(kept[i][1])
            if by_row or dates[i] != last:
                periods.append(values)
                self.dates.append(dates[i])
                self.zones.append(kept[i][1].get("zone", ""))
            else:
                periods[-1] = periods[-1] + values
            last = dates[i]
        matrix = np.array(periods)
        self.confidence = sum(confidence) / len(confidence) if confidence else 1.0
        self.capital = sum(largest.values()) / len(largest) if largest else 0.0
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


def kupiec(r, limit, share):
    """Minus twice the logarithm of a likelihood ratio, with 0^0 = 1."""
    if math.isnan(limit):
        return math.nan
    n, v = len(r), int(np.sum(r < limit))
    ln = lambda p, k: k * math.log(p) if k else 0.0
    return max(0.0, -2 * (ln(share, v) + ln(1 - share, n - v) - ln(v / n, v) - ln(1 - v / n, n - v)))


def senses_of_drawdown(dd, mark):
    return {
        f"max_drawdown{mark}": float(dd.max()),
        f"average_drawdown{mark}": float(dd.mean()),
        f"ulcer_index{mark}": float(np.sqrt(np.mean(dd**2))),
        f"cdar_95{mark}": tail_mean(np.sort(dd)[::-1], 0.05),
        f"cdar_99{mark}": tail_mean(np.sort(dd)[::-1], 0.01),
        f"drawdown_duration{mark}": longest_run(dd > 0),
    }


def tails(r, mean, sd0, sd1, level, share, z):
    x, var = np.sort(r), percentile(r, share)
    cvar = float(r[r <= var].mean())
    normal = mean + z * sd1
    phi = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return {
        f"var_{level}": var,
        f"var_{level}_order": float(x[max(math.ceil(share * len(r) - 1e-9) - 1, 0)]),
        f"cvar_{level}": cvar,
        f"cvar_{level}_tail": tail_mean(x, share),
        f"var_{level}_normal": normal,
        f"var_{level}_normal_legacy": mean + z * sd0,
        f"cvar_{level}_normal": mean - sd1 * phi / share,
        f"var_to_cvar_{level}": divided(var, cvar, 0.0),
        f"var_ratio_{level}": abs(var) / sd1 if sd1 > 0 else math.nan,
        f"var_{level}_normal_kupiec": kupiec(r, normal, share),
    }


def information_ratio(r, benchmark, root):
    if benchmark is None:
        return math.nan
    a = r - benchmark
    sd = deviation(a, 1)
    return math.nan if math.isnan(sd) else divided(float(a.mean()) * root, sd, 0.0)


def measures(r, year=252.0, rate=0.02, capital=0.0, mar=0.0, benchmark=None):
    T, total, mean = len(r), float(r.sum()), float(r.mean())
    wins, losses = r[r > 0], r[r < 0]
    G, B = float(wins.sum()), float(-losses.sum())
    p = len(wins) / T
    avg_win = G / len(wins) if len(wins) else 0.0
    avg_loss = B / len(losses) if len(losses) else 0.0
    sd0, sd1, root = deviation(r, 0), deviation(r, 1), math.sqrt(year)
    dd, dd1 = drawdowns(r), drawdowns(r, first_peak=True)
    annual, hurdle, small = total * year / T, capital * rate / year, rate / year
    short_of = lambda h: float(np.sqrt(np.mean(np.minimum(r - h, 0) ** 2)))
    sortino = lambda h: divided((mean - h) * root, short_of(h), math.inf if mean > h else math.nan)
    above, below = float(np.maximum(r - mar, 0).sum()), float(np.maximum(mar - r, 0).sum())
    excess = (r - small)[r - small < 0]
    d = r - mean
    m2 = float(np.mean(d**2))
    spread = sd0 > 0
    none_or_inf = math.inf if G > 0 else math.nan
    if sd1 != 0 and T > 1:
        sharpe, sharpe_platform = (mean - hurdle) / sd1 * root, (mean - small) / sd1 * root
    else:
        sharpe, sharpe_platform = math.nan, 0.0
    if len(excess) == 1:
        sortino_platform = math.nan
    else:
        sortino_platform = divided((mean - small) * root, deviation(excess, 1) if len(excess) else 0, math.inf)
    kelly_raw = lambda p: p - (1 - p) * avg_loss / avg_win if len(wins) and len(losses) else math.nan
    clip = lambda x, low: low if math.isnan(x) else min(max(x, low), 0.25)
    active = divided(len(wins), len(wins) + len(losses), math.nan)
    good, bad = abs(-percentile(-r, 0.05)), abs(percentile(r, 0.05))
    losing_sd = deviation(losses, 0) if len(losses) else 0.0
    return {
        **senses_of_drawdown(dd, ""),
        **senses_of_drawdown(dd1, "_first_peak"),
        **tails(r, mean, sd0, sd1, 95, 0.05, -1.6448536269514722),
        **tails(r, mean, sd0, sd1, 99, 0.01, -2.3263478740408408),
        "total_roi": total,
        "annualized_return": annual,
        "win_rate": p,
        "win_rate_active": active,
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
        "profit_factor_legacy": G / B if B > 1e-6 else float(G > 0),
        "payoff_ratio": avg_win / avg_loss if len(wins) and len(losses) else math.nan,
        "kelly": clip(kelly_raw(p), 0.01),
        "kelly_raw": kelly_raw(p),
        "kelly_active": clip(kelly_raw(active), 0.01),
        "kelly_single": clip(kelly_raw(p), 0.0),
        "max_drawdown_of_capital": dd.max() / capital if capital > 0 else math.nan,
        "roi_dd_ratio": over_drawdown(total, dd.max()),
        "roi_dd_ratio_first_peak": over_drawdown(total, dd1.max()),
        "roi_dd_ratio_legacy": small_ratio(total, dd1.max()),
        "sharpe": sharpe,
        "sharpe_legacy": annual / (sd0 * root) if spread else 0.0,
        "sharpe_platform": sharpe_platform,
        "sortino": sortino(hurdle),
        "sortino_mar": sortino(mar),
        "sortino_legacy": divided(annual, losing_sd * root, math.inf) if len(losses) else 0.0,
        "sortino_platform": sortino_platform,
        "calmar": over_drawdown(annual, dd.max()),
        "calmar_first_peak": over_drawdown(annual, dd1.max()),
        "calmar_platform": divided(total if T < year else annual, dd1.max(), math.inf),
        "omega": divided(G, B, math.inf if G > 0 else 1.0),
        "omega_mar": divided(above, below, math.inf if above > 0 else 1.0),
        "tail_ratio": divided(good, bad, math.inf if good > 0 else math.nan),
        "information_ratio": information_ratio(r, benchmark, root),
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


def fitness(columns, kind="legacy", metric="ratio", threshold=0.0, **options):
    """The fitness of a portfolio, and the size of what it is a difference of (for relative tolerances). Options are
    those of the program, with their defaults; `columns` of the zone fitness are already zones by weight."""
    option = {"convention": "default", "penalty": "subtractive", "penalty_weight": 0.1, "sharpe_adjust": False,
              "capital": 0.0, "risk_free_rate": 0.02, "periods_per_year": 252.0, "minimum_acceptable_return": 0.0,
              "confidence": 1.0, "var_limit": 0.025, "legacy_weight": 0.3, "enhanced_weight": 0.0, "weights": USUAL}
    option |= options
    total = sum(columns[1:], columns[0].copy())
    known = measures(total, option["periods_per_year"], option["risk_free_rate"], option["capital"],
                     option["minimum_acceptable_return"])
    value, size = PLAIN[kind](columns, total, known, metric, threshold, option)
    if option["sharpe_adjust"] and value > 0:
        value *= 1.2 if known["sharpe"] > 2 else 0.8 if known["sharpe"] < 0.5 else 1.0
    return (-math.inf if math.isnan(value) else value), max(abs(value), size)


USUAL = {"roi_dd_ratio": 0.35, "total_roi": 0.25, "max_drawdown": 0.15, "win_rate": 0.15, "profit_factor": 0.1}


def ratio_fitness(columns, total, known, metric, threshold, option):
    if option["convention"] == "legacy":
        m = total / len(columns)
        value = small_ratio(float(m.sum()), float(drawdowns(m, first_peak=True).max()))
    else:
        value = small_ratio(float(total.sum()), float(drawdowns(total).max()))
    return value, abs(value)


def legacy_fitness(columns, total, known, metric, threshold, option):
    m = total / len(columns)
    value = legacy_value(m, metric)
    if option["penalty"] == "multiplicative":
        pairs = [abs(correlation(columns[i], columns[j])) for i in range(len(columns)) for j in range(i)]
        mean = sum(pairs) / len(pairs) if pairs else 0.0
        return value * (1 - option["penalty_weight"] * mean), abs(value)
    halved = metric in ("ratio", "less max dd") and drawdowns(m, first_peak=True).max() < threshold
    penalty = 10 * average_correlation(columns) * (0.5 if halved else 1.0)
    return value - penalty, max(abs(value), abs(penalty))


def zone_fitness(columns, total, known, metric, threshold, option):
    m = total / len(columns)
    value = legacy_value(m, metric)
    if metric == "ratio" or option["convention"] == "legacy":
        return value, abs(value)
    halved = metric == "less max dd" and drawdowns(m, first_peak=True).max() < threshold
    penalty = 0.5 * max(0.0, average_correlation(columns)) * (0.5 if halved else 1.0)
    return value - penalty, max(abs(value), penalty)


def weighted_fitness(columns, total, known, metric, threshold, option):
    parts = []
    for key, weight in option["weights"].items():
        if option["convention"] == "legacy" and key in ("roi_dd_ratio", "max_drawdown"):
            key += "_first_peak"
        value = 1 / (1 + known[key]) if key.startswith("max_drawdown") else known[key]
        value = 0.0 if math.isnan(value) else math.copysign(1000.0, value) if math.isinf(value) else value
        parts.append(weight * value)
    return sum(parts), max(abs(x) for x in parts)


def enhanced_fitness(columns, total, known, metric, threshold, option):
    sharpe, sortino, capital = known["sharpe"], known["sortino_mar"], option["capital"]
    if math.isnan(sharpe):
        return math.nan, 0.0
    gain = known["kelly"] * max(sharpe, 0.1) * option["confidence"]
    penalty = max(0.0, abs(known["var_95"]) / capital - option["var_limit"]) * 100 if capital > 0 else 0.0
    value = gain - penalty
    if value > 0 and sortino > sharpe:
        value *= 1 + 0.1 * min(sortino - sharpe, 10)
    return value, max(gain, penalty)


def penalised_fitness(columns, total, known, metric, threshold, option):
    drawdown = known["max_drawdown_first_peak" if option["convention"] == "legacy" else "max_drawdown"]
    ratio, large = float(total.sum()) / max(drawdown, 1e-4), max(0.0, drawdown - 500000) / 100000
    return ratio - 10 * max(0.0, 0.4 - known["win_rate"]) - large, max(abs(ratio), large, 4.0)


def hybrid_fitness(columns, total, known, metric, threshold, option):
    a = option["legacy_weight"]
    b = option["enhanced_weight"] or max(0.0, 1 - a)
    x, x_size = penalised_fitness(columns, total, known, metric, threshold, option)
    y, y_size = enhanced_fitness(columns, total, known, metric, threshold, option)
    return (a * x + b * y) / (a + b), max(a * x_size, b * y_size) / (a + b)


PLAIN = {"legacy": legacy_fitness, "ratio": ratio_fitness, "weighted": weighted_fitness, "enhanced": enhanced_fitness,
         "penalised": penalised_fitness, "hybrid": hybrid_fitness, "zone": zone_fitness}


def balance_penalty(portfolio, desired, factor):
    """Of labels and counts, {label: count}."""
    return factor * sum(abs(sum(name.lower().startswith(label.lower() + "_") for name in portfolio) - count)
                        for label, count in desired.items())


def numbers_of(texts):
    """{"a": 2.0} of ["a=2"]."""
    return {text.rpartition("=")[0]: float(text.rpartition("=")[2]) for text in texts}


def options_of(settings, table):
    """The options of fitness() from a run's settings, their names with '_'."""
    names = ("convention", "penalty", "penalty_weight", "sharpe_adjust", "risk_free_rate", "periods_per_year",
             "minimum_acceptable_return", "var_limit", "legacy_weight", "enhanced_weight")
    options = {name: settings[name] for name in names if settings.get(name) is not None}
    options["capital"] = settings.get("capital") or table.capital
    options["confidence"] = table.confidence
    weights = {key: settings.get(key + "_weight", weight) for key, weight in USUAL.items()}
    options["weights"] = {
        key.replace("-", "_"): weight for key, weight in numbers_of(settings.get("weight") or []).items()} or weights
    return options


def zone_columns(path, portfolio, weights=None, shape=None):
    """A series a date of the zones' rows times their weights, for each strategy of the portfolio."""
    rows = Table(path, sorted(set(portfolio)), by_row=True, shape=shape)
    zones = sorted({z for z in rows.zones if z.lower() not in ("", "outside market", "undefined", "nan")},
                   key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])
    weights = weights if weights and len(weights) == len(zones) else [1.0] * len(zones)
    weight_of = {zone: weight / sum(weights) for zone, weight in zip(zones, weights)}
    dates = sorted(set(rows.dates))
    place = {date: i for i, date in enumerate(dates)}
    columns = []
    for name in portfolio:
        series = np.zeros(len(dates))
        for date, zone, value in zip(rows.dates, rows.zones, rows.values[name]):
            series[place[date]] += weight_of.get(zone, 0.0) * value
        columns.append(series)
    return columns
