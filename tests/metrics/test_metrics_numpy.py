"""`heavyopt evaluate` against the oracle: every measure and every fitness of portfolios of 1, 2 and 10 strategies, of a
table with several rows a day and of a random one with constant, equal and opposite columns, and the published
drawdowns of skfolio's AAPL series."""
import csv
import datetime
import gzip
import importlib.util
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

from under_test import SLOW

sys.dont_write_bytecode = True
try:
    import numpy as np
except ImportError:
    print("skipped: this Python has no NumPy")
    sys.exit(77)

source = pathlib.Path(os.environ["HEAVYOPT_SOURCE"])
program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
sys.path.insert(0, str(source / "tests/oracles"))
import oracle

if not program.exists():
    print("skipped: the program was not built")
    sys.exit(77)
if "evaluate" not in subprocess.run([program, "--help"], capture_output=True, text=True).stdout:
    print("skipped: this program has no command evaluate")
    sys.exit(77)

TOLERANCE = 1e-9
METRICS = ["ratio", "roi", "less max dd", "win percentage", "profit factor", "expectancy"]
folder = tempfile.TemporaryDirectory()
work = pathlib.Path(folder.name)
environment = dict(os.environ, XDG_CACHE_HOME=str(work / "cache"))
faults, comparisons = [], 0


def evaluate(path, portfolio, *options):
    names = work / "portfolio.txt"
    names.write_text("".join(f"{name}\n" for name in portfolio), encoding="utf-8")
    command = [program, "evaluate", "-i", path, "--portfolio", names, "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=work)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def compare(what, value, expected, size=None):
    """A number that is not finite is null in JSON."""
    global comparisons
    comparisons += 1
    if value is None or not math.isfinite(expected):
        same = value is None and not math.isfinite(expected)
    else:
        same = abs(value - expected) <= TOLERANCE * (abs(expected) if size is None else size)
    if not same:
        faults.append(f"{what}: {value!r}, the oracle says {expected!r}")


def compare_measures(what, result, expected):
    shown = result["metrics"]
    for key in sorted(set(shown) ^ set(expected)):
        faults.append(f"{what}: {key} is known to one side only")
    for key in sorted(set(shown) & set(expected)):
        compare(f"{what}: {key}", shown[key], expected[key])
    for sort, belongs in (("undefined", math.isnan), ("infinite", math.isinf)):
        if sort in result:
            wanted = {key for key, value in expected.items() if belongs(value)}
            if {key for key in result[sort] if key in expected} != wanted:
                faults.append(f"{what}: {sort} lists {result[sort]}, the oracle {sorted(wanted)}")


def compare_convention(what, result, expected):
    """The legacy convention takes the earlier optimizer's senses, wherever there are some."""
    senses = result["convention"]["metrics"]
    for sense in senses.values():
        compare(f"{what}: {sense['key']}", sense["value"], expected[sense["key"]])
    if {"sharpe", "sortino", "max_drawdown", "expectancy", "roi_dd_ratio"} - set(senses):
        faults.append(f"{what}: the legacy convention has only {sorted(senses)}")


def compare_fitness(what, path, columns, portfolio):
    drawdown = float(oracle.drawdowns(sum(columns) / len(columns), first_peak=True).max())
    for metric in METRICS:
        halves = (0.5 * drawdown, 2 * drawdown) if metric in ("ratio", "less max dd") else ()
        for threshold in (0.0, *halves):
            options = ["--fitness", "legacy", "--metric", metric]
            if threshold > 0:
                options += ["--drawdown-threshold", repr(threshold)]
            expected, size = oracle.fitness(columns, "legacy", metric, threshold)
            compare(f"{what}: {metric}, threshold {threshold:g}", evaluate(path, portfolio, *options)["fitness"],
                    expected, size)


KINDS = [["--fitness", "ratio", "--convention", "legacy"], ["--penalty", "multiplicative", "--penalty-weight", "0.3"],
         ["--metric", "less-max-dd", "--sharpe-adjust"], ["--fitness", "weighted"],
         ["--fitness", "weighted", "--convention", "legacy", "--total-roi-weight", "0"],
         ["--fitness", "weighted", "--weight", "sharpe=2", "--weight", "ulcer_index=-0.01", "--weight", "sortino-mar=1",
          "--minimum-acceptable-return", "12.5"],
         ["--fitness", "enhanced"], ["--fitness", "enhanced", "--capital", "9000", "--var-limit", "0.01"],
         ["--fitness", "penalised"], ["--fitness", "hybrid", "--legacy-weight", "0.4", "--sharpe-adjust"],
         ["--fitness", "hybrid", "--legacy-weight", "1", "--enhanced-weight", "3", "--capital", "2e5"]]


def compare_kinds(what, path, table, portfolio):
    """Every other kind of fitness, with the options that change it."""
    for options in KINDS:
        result = evaluate(path, portfolio, *options)
        settings = {key.replace("-", "_"): value for key, value in result["settings"].items()}
        columns = [table.values[name] for name in portfolio]
        expected, size = oracle.fitness(columns, settings["fitness"], settings["metric"], 0.0,
                                        **oracle.options_of(settings, table))
        compare(f"{what}: {' '.join(options)}", result["fitness"], expected, size)
        compare(f"{what}: score of {' '.join(options)}", result["scores"][settings["fitness"]], expected, size)


def compare_zones(path):
    table = oracle.Table(path)
    portfolio = table.names[2:6]
    for metric in METRICS[:1] if SLOW else METRICS:
        for weights in ("1,2,3,4", ""):
            options = ["--zone-weights", weights] if weights else []
            columns = oracle.zone_columns(path, portfolio, [float(w) for w in weights.split(",") if w])
            expected, size = oracle.fitness(columns, "zone", metric, 1.0)
            result = evaluate(path, portfolio, "--fitness", "zone", "--metric", metric, "--drawdown-threshold", "1",
                              *options)
            compare(f"zones by weight {weights}: {metric}", result["fitness"], expected, size)


def compare_table(path, portfolios):
    table = oracle.Table(path)
    for place, portfolio in enumerate(portfolios(table)):
        what = f"{pathlib.Path(path).name}, {len(portfolio)} strategies"
        columns = [table.values[name] for name in portfolio]
        result = evaluate(path, portfolio)
        if result["size"] != len(portfolio) or sorted(result["portfolio"]) != sorted(portfolio):
            faults.append(f"{what}: answers for {result['portfolio']}")
        compare_measures(what, result, oracle.measures(table.sum(portfolio), capital=table.capital))
        compare(f"{what}: ratio", result["scores"]["ratio"], *oracle.fitness(columns, "ratio"))
        with_capital = evaluate(path, portfolio, "--capital", "250000", "--risk-free-rate", "0.05",
                                "--periods-per-year", "200", "--minimum-acceptable-return", "120.5",
                                "--benchmark", table.names[1], "--convention", "legacy")
        expected = oracle.measures(table.sum(portfolio), 200.0, 0.05, 250000.0, 120.5, table.values[table.names[1]])
        compare_measures(f"{what}, with capital", with_capital, expected)
        compare_convention(what, with_capital, expected)
        if SLOW and len(portfolio) != 2:  # 30 runs a portfolio, the same lines of C in each
            continue
        compare_fitness(what, path, columns, portfolio)
        if place < 5:
            compare_kinds(what, path, table, portfolio)


def spaced(table):
    names = table.names
    if SLOW:
        return [names[1::max(1, len(names) // 10)][:10]]
    return [names[3:4], [names[0], names[-1]], names[1::max(1, len(names) // 10)][:10]]


def special(table):
    if SLOW:
        return [["constant"], ["twin a", "mirror"], ["constant", "zero", "twin a", "twin b", "mirror"]]
    return spaced(table) + [["constant"], ["constant", "zero"], ["twin a", "twin b"], ["twin a", "mirror"], ["loser"],
                            ["winner"], ["constant", "zero", "twin a", "twin b", "mirror"]]


def random_table(path):
    """Numbers with 17 digits, gaps, and the columns at which formulas break."""
    rng = np.random.default_rng(7)
    days = 61
    base = 1400 * rng.standard_normal((days, 40)) + 300 * rng.standard_normal((days, 1))
    base[rng.random(base.shape) < 0.05] = 0.0
    columns = {f"S {j}, {j}": base[:, j] for j in range(40)}
    columns |= {"constant": np.full(days, 0.1), "zero": np.zeros(days), "twin a": base[:, 5], "twin b": base[:, 5],
                "mirror": -base[:, 5], "loser": -np.abs(base[:, 6]) - 1, "winner": np.abs(base[:, 7]) + 1}
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(["Date", "Zone", "Day", *columns])
        for t in range(days):
            date = datetime.date(2024, 1, 1) + datetime.timedelta(days=t)
            cells = [repr(float(x[t])) if x[t] != 0 or not x.any() else "" for x in columns.values()]
            writer.writerow([date.isoformat(), "", date.strftime("%A"), *cells])


def returns_of_apple(path):
    """Simple returns of the AAPL prices in skfolio's S&P 500 data set; False where that is not installed."""
    found = importlib.util.find_spec("skfolio")
    if found is None:
        return False
    data = pathlib.Path(found.submodule_search_locations[0]) / "datasets/data/sp500_dataset.csv.gz"
    with gzip.open(data, "rt", newline="") as f:
        rows = list(csv.reader(f))
    place = rows[0].index("AAPL")
    prices = [float(row[place]) for row in rows[1:]]
    with open(path, "w", encoding="utf-8") as f:
        f.write("Date,AAPL\n")
        for t in range(1, len(prices)):
            f.write(f"{rows[t + 1][0][:10]},{prices[t] / prices[t - 1] - 1!r}\n")
    return True


# Published by skfolio, but for the two historical ones; first peak.
APPLE = {"max_drawdown_first_peak": 1.2480532424452897, "average_drawdown_first_peak": 0.2444492558204457,
         "ulcer_index_first_peak": 0.36064200471643704, "cdar_95_first_peak": 0.9276305463409901,
         "cvar_95_tail": -0.05924007327154103, "var_95": -0.03955443729375027, "cvar_95": -0.0592211581485143}


def compare_apple():
    path = work / "aapl.csv"
    if not returns_of_apple(path):
        print("left out: skfolio's data set is not installed")
        return
    result = evaluate(path, ["AAPL"], "--returns", "fraction")
    for key, expected in APPLE.items():
        compare(f"AAPL: {key}", result["metrics"][key], expected)
    compare_measures("AAPL", result, oracle.measures(oracle.Table(path).values["AAPL"]))


KELLY = [{}, {"capital": 5e5, "lot-capital": 70000}, {"kelly-use-leverage": True, "kelly-max-leverage": 1.2, "capital": 3e6},
         {"kelly-fallback-mode": "exclude", "kelly-win-rate": "active", "kelly-max-position-size": 0.9},
         {"kelly-fallback-mode": "min_position", "kelly-min-position-size": 0.02}]


def kelly_by_numpy(columns, options):
    """Fractions, then weights, money, lots and what they leave, for the members' columns."""
    least, most = options.get("kelly-min-position-size", 0.01), options.get("kelly-max-position-size", 0.25)
    mode, capital = options.get("kelly-fallback-mode", "equal_weight"), options.get("capital", 1e6)
    raw = []
    for x in columns:
        wins, losses = x[x > 0], -x[x < 0]
        p = len(wins) / (len(wins) + len(losses) if "kelly-win-rate" in options else len(x)) if len(wins) else 0.0
        raw.append(p - (1 - p) * losses.mean() / wins.mean() if len(wins) and len(losses) else math.nan)
    raw = np.array(raw)
    fraction = np.where(np.isnan(raw), least, np.clip(raw, least, most))
    edge = raw > 0
    if mode == "exclude":
        weight = np.where(edge, fraction, 0.0)
    elif edge.any():
        weight = fraction
    else:
        weight = np.full(len(raw), 1 / len(raw) if mode == "equal_weight" else least)
    limit = options.get("kelly-max-leverage", 2.0) if "kelly-use-leverage" in options else 1.0
    weight = weight * min(1.0, limit / weight.sum()) if weight.sum() > 0 else weight
    money = weight * capital
    lots = np.floor(money / options["lot-capital"]) if "lot-capital" in options else 0 * money
    left = money - lots * options.get("lot-capital", 0) if "lot-capital" in options else 0 * money
    return {"raw": raw, "fraction": fraction, "weight": weight, "allocated": money, "lots": lots, "rounded_away": left}


def compare_kelly(path):
    table = oracle.Table(path)
    names = [name for name in table.names if name.startswith("S ")]
    total = {name: table.values[name].sum() for name in names}
    ranked = sorted(names, key=total.get)
    for what, portfolio in (("best", ranked[-9:]), ("mixed", ranked[::6]), ("worst", ranked[:4] + ["loser"])):
        for options in KELLY:
            words = [w for key, value in options.items() for w in ([f"--{key}"] if value is True else [f"--{key}", str(value)])]
            kelly = evaluate(path, portfolio, "--kelly", *words)["kelly"]
            order = [m["name"] for m in kelly["members"]]
            wanted = kelly_by_numpy([table.values[name] for name in order], options)
            for key, values in wanted.items():
                for m, value in zip(kelly["members"], values):
                    compare(f"Kelly, {what}, {options}: {key} of {m['name']}", m[key], float(value),
                            max(1.0, abs(float(value))))
            compare(f"Kelly, {what}, {options}: leverage", kelly["leverage"], float(wanted["weight"].sum()))
            if kelly["with_edge"] != int((wanted["raw"] > 0).sum()):
                faults.append(f"Kelly, {what}, {options}: {kelly['with_edge']} members with an edge")
            if kelly["capital_assumed"] != ("capital" not in options):
                faults.append(f"Kelly, {what}, {options}: an assumed capital is told wrongly")


def compare_short():
    """Tables of one period, of two, and of equal ones."""
    for days in ((5, -3, 0), ([5, 5], [-3, -3], [2, -7]), ([0, 0, 0], [-2, -2, -9], [4, 4, 1e-9])):
        path = work / "short.csv"
        columns = [np.atleast_1d(np.array(x, float)) for x in days]
        rows = [f"2024-01-{t + 1:02d},{','.join(repr(float(x[t])) for x in columns)}\n" for t in range(len(columns[0]))]
        path.write_text("Date,a,b,c\n" + "".join(rows), encoding="utf-8")
        for name, x in zip("abc", columns):
            compare_measures(f"{list(x)}", evaluate(path, [name]), oracle.measures(x))


random_table(work / "random.csv")
compare_short()
compare_kelly(work / "random.csv")
compare_table(work / "random.csv", special)
data = pathlib.Path(os.environ.get("HEAVYOPT_TEST_DATA", source / "../shared/data"))
if (data / "enhanced_zones_2023.csv").exists():
    compare_table(data / "enhanced_zones_2023.csv", spaced)
    compare_zones(data / "enhanced_zones_2023.csv")
else:
    print(f"left out: {data} has no enhanced_zones_2023.csv")
compare_apple()

for fault in faults[:40]:
    print(fault)
print(f"{comparisons} numbers compared with the oracle, {len(faults)} faults")
sys.exit(1 if faults else 0)
