"""`walkforward` through the program: a fold sees its training days and nothing else, and finds on them what `optimize`
finds; what it tells of the tested days, a NumPy of few lines tells too; the same bytes on any number of threads."""
import csv
import datetime
import json
import os
import random
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: this Python has no numpy")
    sys.exit(77)

import streams
from under_test import SLOW, run

SEARCH = ["-p", "5", "-a", "sa", "--set", "sa.max_iterations=2000", "-e", "quick", "--no-bound", "--fitness", "legacy"]
FOLDS = ["--train", "24", "--test", "6"]


def document(command, table, *arguments):
    return json.loads(run(command, table, *SEARCH, "--no-cache", "--report", "none", "-o", "out", "--json", "--quiet",
                          *arguments).stdout)


def walk(table, *arguments):
    return document("walkforward", table, "--random-portfolios", "50", "--resamples", "50", *arguments)["out_of_sample"]


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def write(path, head, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def near(a, b, tolerance=1e-9):
    assert (a is None and b is None) or abs(a - b) <= tolerance * max(1, abs(b)), f"{a!r} is not {b!r}"


def make_table():
    """Zones of no meaning left out: date, zone, day, then a column a strategy; some lose steadily, for inversion."""
    run("generate", "table.csv", "--strategies", "90", "--days", "54", "--seed", "11")
    head, rows = read("table.csv")
    head = [head[0], *head[3:]]
    rows = [[row[0], *row[3:]] for row in rows]
    for row in rows:
        for j in range(1, 26):
            row[j] = repr(-abs(float(row[j])) * 0.4 + 0.5 * float(row[j]) - 90)
    write("table.csv", head, rows)
    return head[1:], [row[0] for row in rows], np.array([[float(x) for x in row[1:]] for row in rows])


def chosen(fold):
    return fold["portfolio"], fold["fitness"], fold["algorithm"], fold["train"]["measures"], fold["turned_round"]


def check_no_leak():
    """A signal planted in the tested days changes no choice made before them, and every one made after."""
    head, rows = read("table.csv")
    ways = [[*FOLDS, "--enable-ulta", "--ulta-min-negative-days", "5"], [*FOLDS, "--anchored"]]
    for arguments in ways[:1] if SLOW else ways:
        plain = walk("table.csv", *arguments)["folds"]
        first = plain[2]["test"]["stretches"][0][0]
        planted = [list(row) for row in rows]
        for t in range(first, len(rows)):
            for j in range(1, len(head)):
                planted[t][j] = repr(50000.0 + j + t if 60 <= j < 70 else float(planted[t][j]) - 9000)
        write("planted.csv", head, planted)
        after = walk("planted.csv", *arguments)["folds"]
        for i in range(3):
            assert chosen(after[i]) == chosen(plain[i]), (arguments, i)
        assert after[0]["test"] == plain[0]["test"] and after[1]["test"] == plain[1]["test"]
        assert after[2]["test"]["measures"] != plain[2]["test"]["measures"]
        assert chosen(after[3]) != chosen(plain[3]) and chosen(after[4]) != chosen(plain[4])


def check_no_leak_of_groups():
    """The same for a split of groups, whose training lies on both sides of its tests."""
    head, rows = read("table.csv")
    plain = walk("table.csv", "--cv", "4,2", "--purge", "1")["folds"]
    spoiled = [list(row) for row in rows]
    unseen = set(range(54)) - {d for a, b in plain[1]["train"]["stretches"] for d in range(a, b + 1)}
    for t in unseen:
        for j in range(1, len(head)):
            spoiled[t][j] = repr(float((7 * t + 13 * j) % 1000 - 500) * 40)
    write("spoiled.csv", head, spoiled)
    after = walk("spoiled.csv", "--cv", "4,2", "--purge", "1")["folds"]
    assert chosen(after[1]) == chosen(plain[1])
    assert sum(chosen(a) != chosen(b) for a, b in zip(after, plain)) == 5


def check_the_whole_pipeline(dates):
    """A fold finds what `optimize` finds on a table of its training days: inversion, limits, search, to the bit."""
    more = ["--enable-ulta", "--ulta-min-negative-days", "5", "--max-correlation", "0.6", "--distinct", "--min-active-days",
            "3", "-p", "4:6"]
    found = walk("table.csv", *FOLDS, *more)["folds"]
    assert len(found) == 5 and any(fold["turned_round"] > 0 for fold in found)
    for fold in found[1:2] if SLOW else found[::2]:
        alone = document("optimize", "table.csv", "--from", fold["train"]["from"], "--to", fold["train"]["to"], *more)
        best = alone["best"]
        assert (best["portfolio"], best["fitness"], best["algorithm"], best["size"]) == \
            (fold["portfolio"], fold["fitness"], fold["algorithm"], fold["size"])
        assert alone["inversion"]["inverted"] == fold["turned_round"]


def side(series):
    equity = np.cumsum(series)
    depth = (np.maximum(np.maximum.accumulate(equity), 0) - equity).max()
    total = equity[-1]
    return {"periods": len(series), "total_roi": total, "max_drawdown": depth,
            "roi_dd_ratio": total / depth if depth > 1e-6 else None, "expectancy": series.mean(),
            "sharpe": series.mean() / series.std(ddof=1) if len(series) > 1 else None}


def compare_sides(told, series):
    for key, value in side(series).items():
        near(told[key], value)


def random_sets(seed, split, strategies, size, count):
    """The draws of the program: first places of a shuffle that goes on from draw to draw."""
    rng, pool, sets = streams.Stream(seed, "random portfolios of a fold", split), list(range(strategies)), []
    for _ in range(count):
        for i in range(size):
            at = i + rng.below(strategies - i)
            pool[i], pool[at] = pool[at], pool[i]
        sets.append(sorted(pool[:size]))
    return sets


def better(a, b):
    """Return over drawdown, then profit; what has no drawdown is above all."""
    def key(s):
        ratio = s["roi_dd_ratio"]
        return (np.inf if ratio is None and s["total_roi"] > 0 else ratio, s["total_roi"])
    return key(a) > key(b)


def check_figures(names, dates, x):
    told = walk("table.csv", *FOLDS, "--seed", "7")
    column = {name: j for j, name in enumerate(names)}
    joined, before, rivals, below_all = [], None, [[] for _ in range(50)], []
    for i, fold in enumerate(told["folds"]):
        days = [slice(s["stretches"][0][0], s["stretches"][0][1] + 1) for s in (fold["train"], fold["test"])]
        members = sorted(column[name] for name in fold["portfolio"])
        assert [fold["test"]["from"], fold["test"]["to"]] == [dates[days[1]][0], dates[days[1]][-1]]
        compare_sides(fold["train"]["measures"], x[days[0]][:, members].sum(axis=1))
        tested = x[days[1]][:, members].sum(axis=1)
        compare_sides(fold["test"]["measures"], tested)
        compare_sides(fold["against"]["all_strategies"], x[days[1]].sum(axis=1) * 5 / len(names))
        below = 0
        for k, chosen_set in enumerate(random_sets(7, i, len(names), 5, 50)):
            drawn = x[days[1]][:, chosen_set].sum(axis=1)
            rivals[k].append(drawn)
            below += better(side(tested), side(drawn))
        near(fold["against"]["better_than_random"], below / 50)
        below_all.append(below)
        if before is None:
            assert fold["overlap_with_before"] is None
        else:
            near(fold["overlap_with_before"], len(set(before) & set(members)) / len(set(before) | set(members)))
            compare_sides(fold["against"]["portfolio_before"], x[days[1]][:, before].sum(axis=1))
        joined.append(tested)
        before = members
    series = np.concatenate(joined)
    compare_sides(told["joined"]["measures"], series)
    assert np.allclose(told["joined"]["equity"], np.cumsum(series)) and told["joined"]["dates"] == dates[24:]
    drawn = [np.concatenate(parts) for parts in rivals]
    below = sum(better(side(series), side(r)) for r in drawn)
    assert told["joined"]["random_portfolios"]["below"] == below
    near(told["joined"]["random_portfolios"]["p_value"], (1 + 50 - below) / 51)
    near(told["joined"]["random_portfolios"]["equity"]["median"][-1], np.median([r.sum() for r in drawn]))
    near(told["lower_half"], np.mean([2 * b <= 50 for b in below_all]))
    kept = told["kept"]
    near(kept["expectancy_out"], series.mean())
    near(kept["share"], series.mean() / np.mean([f["train"]["measures"]["expectancy"] for f in told["folds"]]))
    assert kept["stretch"] == 24 and kept["share_5%"] <= kept["share_95%"]
    near(kept["ratio_out"], np.median([side(series[t:t + 24])["roi_dd_ratio"] for t in range(len(series) - 23)]))
    near(told["joined"]["metrics"]["total_roi"], series.sum())
    block = told["bands"]["block_length"]
    equity = np.array([series[streams.draw("stationary", 7, "out of sample", i, len(series), block, len(series))].cumsum()
                       for i in range(50)])
    depth = (np.maximum(np.maximum.accumulate(equity, axis=1), 0) - equity).max(axis=1)
    for share in ("50%", "95%"):
        near(told["deepest"][share]["max_drawdown"], np.percentile(depth, int(share[:-1])))
    near(told["deepest"]["90%"]["loss"], np.percentile(np.maximum(-equity.min(axis=1), 0), 90))
    assert f"{len(told['folds'])} folds" in told["verdict"] and "54 days" in told["limits"]


def kelly_lots(x):
    """Kelly's fractions within 0.01 and 0.95, in proportion, as many lots in all as members."""
    f = []
    for r in x.T:
        win, loss, p = r[r > 0].mean(), -r[r < 0].mean(), (r > 0).mean()
        f.append(min(max(p - (1 - p) * loss / win, 0.01), 0.95))
    return np.array(f) / sum(f) * len(f)


def check_sizes(names, x):
    """With --kelly the test is told in the sizes of the training days too, turned-round members included."""
    told = walk("table.csv", *FOLDS, "--kelly", "--kelly-max-position-size", "0.95", "--enable-ulta",
                "--ulta-min-negative-days", "5")
    column, joined, turned = {name: j for j, name in enumerate(names)}, [], 0
    for fold in told["folds"]:
        days = [slice(s["stretches"][0][0], s["stretches"][0][1] + 1) for s in (fold["train"], fold["test"])]
        members = np.column_stack([x[:, column[name.removesuffix("_inv")]] * (-1 if name.endswith("_inv") else 1)
                                   for name in fold["portfolio"]])
        turned += sum(name.endswith("_inv") for name in fold["portfolio"])
        lots = kelly_lots(members[days[0]])
        assert np.allclose(fold["kelly_lots"], lots) and max(lots) > min(lots)
        compare_sides(fold["against"]["kelly_sized"], members[days[1]] @ lots)
        joined.append(members[days[1]] @ lots)
    assert turned > 0
    compare_sides(told["joined"]["kelly_sized"]["measures"], np.concatenate(joined))
    plain = walk("table.csv", *FOLDS, "-a", "rs")
    assert plain["joined"]["kelly_sized"] is None and plain["folds"][0]["kelly_lots"] is None


def check_paths(names, x):
    """A path joins, group after group, what the splits did there."""
    told = walk("table.csv", "--cv", "4,2")
    column = {name: j for j, name in enumerate(names)}
    listed = json.loads(run("walkforward", "table.csv", *SEARCH, "--cv", "4,2", "--list-folds", "--json", "--quiet").stdout)
    groups = [(0, 13), (13, 26), (26, 39), (39, 54)]
    assert told["kind"] == "combinatorial" and len(told["folds"]) == 6 and len(told["paths"]) == 3
    for path, told_path in zip(listed["paths"], told["paths"]):
        parts = []
        for (first, end), split in zip(groups, path):
            members = [column[name] for name in told["folds"][split]["portfolio"]]
            parts.append(x[first:end][:, members].sum(axis=1))
        compare_sides(told_path["measures"], np.concatenate(parts))
    assert told["joined"] is None and "6 splits" in told["verdict"]


def check_rows():
    """Days of two zones, regimes and weekdays left out: trained on the rows of the training days, measured unweighted."""
    rng = random.Random(4)
    head, rows = read("table.csv")
    out = []
    for row in rows:
        for zone in ("Zone 1", "Zone 2"):
            out.append([row[0], zone, rng.choice(["Bull", "Bear"]), rng.choice(["60", "80", "90"]),
                        *(repr(float(x) / 2 + rng.gauss(0, 100)) for x in row[1:31])])
    write("zones.csv", ["Date", "Zone", "Market_Regime", "Regime_Confidence_%", *head[1:31]], out)
    more = ["--weekday", "Monday", "--weekday", "Tuesday", "--weekday", "Thursday", "-p", "3"]
    told = walk("zones.csv", "--train", "16", "--test", "6", *more)
    fold = told["folds"][1]
    alone = document("optimize", "zones.csv", "--from", fold["train"]["from"], "--to", fold["train"]["to"], *more)
    assert (alone["best"]["portfolio"], alone["best"]["fitness"]) == (fold["portfolio"], fold["fitness"])
    near(alone["regimes"]["unweighted"]["metrics"]["total_roi"], fold["train"]["measures"]["total_roi"])
    assert alone["best"]["metrics"]["total_roi"] != fold["train"]["measures"]["total_roi"]
    more = ["--zone", "Zone 2", "-p", "3", "--regime-weights", "off"]
    fold = walk("zones.csv", "--train", "30", "--test", "12", *more)["folds"][1]
    alone = document("optimize", "zones.csv", "--from", fold["train"]["from"], "--to", fold["train"]["to"], *more)
    assert (alone["best"]["portfolio"], alone["best"]["fitness"]) == (fold["portfolio"], fold["fitness"])
    near(alone["best"]["metrics"]["total_roi"], fold["train"]["measures"]["total_roi"])


def check_threads():
    texts = set()
    for threads in ("1", "3"):
        said = document("walkforward", "table.csv", *FOLDS, "-t", threads, "--random-portfolios", "40", "--resamples", "40",
                        "--enable-ulta")
        for key in ("timings", "peak_memory_bytes", "engine", "kernels"):
            said.pop(key)
        said["out_of_sample"].pop("seconds")
        texts.add(json.dumps(said))
    assert len(texts) == 1


def check_report():
    """The page and the summary tell the verdict; the report can be made again from the document."""
    done = run("walkforward", "table.csv", *SEARCH, *FOLDS, "--no-cache", "--report", "html,csv,text", "-o", "told", "--ruin",
               "100000")
    folder = os.path.join("told", os.listdir("told")[0])
    with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
        said = json.load(file)
    verdict = said["out_of_sample"]["verdict"]
    assert said["repeat"].startswith("heavyopt walkforward table.csv") and "--train 24" in said["repeat"], said["repeat"]
    assert verdict in done.stdout, done.stdout
    with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
        page = file.read()
    assert "Profit of the tested days drawn anew" in page and "Loss of the capital" in page
    assert "Would it have held up?" in page and verdict in page and "id=held" in page
    _, rows = read(os.path.join(folder, "walkforward_folds.csv"))
    assert len(rows) == 5 and rows[0][0] == "1"
    again = run("report", folder, "--report", "html")
    with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
        assert file.read() == page, again.stdout
    run("optimize", "table.csv", *SEARCH, "--no-cache", "--report", "html,csv", "-o", "plain")
    folder = os.path.join("plain", os.listdir("plain")[0])
    assert "walkforward_folds.csv" not in os.listdir(folder)


def check_noise():
    """Without an edge a choice is any of its random portfolios: the shares that it beats are uniform over the folds (the
    distance of Kolmogorov and Smirnov passes 1.63 once in a hundred times), and half of the folds are in the lower half."""
    rng = np.random.default_rng(8)
    first = datetime.date(2023, 1, 1)
    write("noise.csv", ["Date", *(f"S{j}" for j in range(30))],
          [[(first + datetime.timedelta(t)).isoformat(), *(f"{v:.2f}" for v in day)]
           for t, day in enumerate(rng.standard_normal((164, 30)) * 1000)])
    told = document("walkforward", "noise.csv", "--train", "20", "--test", "3", "--random-portfolios", "99",
                    "--resamples", "5", "-a", "hc", "--set", "hc.max_iterations=50")["out_of_sample"]
    shares = np.sort([fold["against"]["better_than_random"] for fold in told["folds"]])
    steps = np.arange(len(shares) + 1) / len(shares)
    distance = max((steps[1:] - shares).max(), (shares - steps[:-1]).max()) * len(shares) ** 0.5
    assert len(shares) == 48 and distance < 1.63, distance
    assert 0.35 < told["lower_half"] < 0.65, told["lower_half"]


def check_refusals():
    for words, code, arguments in (("fold 1, trained from", 2, ["-p", "85", "--min-active-days", "25"]),
                                   ("no algorithm is named", 2, ["-a", "xy"]),
                                   ("strategies", 2, ["-p", "200"])):
        done = run("walkforward", "table.csv", *SEARCH, *FOLDS, *arguments, code=code)
        assert words in done.stderr and done.stderr.count("\n") == 1, done.stderr


with tempfile.TemporaryDirectory() as folder:
    os.environ["HEAVYOPT_CACHE"] = os.path.join(folder, "cache")
    os.chdir(folder)
    names, dates, x = make_table()
    check_no_leak()
    check_no_leak_of_groups()
    check_the_whole_pipeline(dates)
    check_figures(names, dates, x)
    check_sizes(names, x)
    check_paths(names, x)
    check_rows()
    check_threads()
    check_report()
    if not SLOW:
        check_noise()
    check_refusals()
print("folds see their training days alone, and their tests are what NumPy says")
