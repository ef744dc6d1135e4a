"""`overfit` through the program, against phacker, ffn, arch, SciPy and a NumPy of every measure by brute force."""
import csv
import datetime
import itertools
import json
import os
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "oracles"))
try:
    import numpy as np
    import phacker.cscv
    import phacker.stats
    from scipy import stats
    from scipy.sparse.csgraph import connected_components

    import libraries

    ffn = libraries.load("ffn", "core")
    arch = libraries.load("arch", "bootstrap.base")
    comparison = libraries.load("arch", "bootstrap.multiple_comparison")
    ffn.extend_pandas()
except ImportError as missing:
    print(f"skipped: this Python has no {missing.name}")
    sys.exit(77)
import pandas as pd

import streams
from under_test import SLOW, run


def overfit(table, *arguments):
    return json.loads(run("overfit", table, "--no-cache", "--json", "--quiet", *arguments).stdout)


def write_table(path, x):
    day = datetime.date(2015, 1, 1)
    with open(path, "w", encoding="utf-8", newline="") as table:
        print("Date," + ",".join(f"S{j}" for j in range(x.shape[1])), file=table)
        for t, row in enumerate(x):
            print(f"{day + datetime.timedelta(t)}," + ",".join(map(repr, map(float, row))), file=table)


def near(a, b, tolerance):
    assert abs(a - b) <= tolerance * max(1, abs(b)), f"{a!r} is not {b!r}"


def splits(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check_published():
    """phacker's README: 500 columns of noise, 12,870 splits, PBO 0.317."""
    rows = (192, 60, 8) if SLOW else (2000, 500, 16)
    x = np.random.default_rng(0).standard_normal(rows[:2])
    write_table("noise.csv", x)
    said = overfit("noise.csv", "-m", "sharpe", "--blocks", str(rows[2]), "--resamples", "0", "-o", "splits.csv")
    wanted, logits = phacker.cscv.cscv(x, S=rows[2])
    got = said["overfitting"]
    if not SLOW:
        assert wanted == 0.3168609168609169 and got["splits"] == 12870, wanted
    assert got["probability"] == wanted and got["ties"] == "low", got
    told = np.array([float(row["Logit"]) for row in splits("splits.csv")])
    assert abs(told - logits).max() < 1e-12


def measures(x):
    """Of each column."""
    total, equity = x.sum(axis=0), x.cumsum(axis=0)
    depth = np.maximum(np.maximum.accumulate(equity, axis=0), 0) - equity
    worst = depth.max(axis=0)
    gain, loss = np.where(x > 0, x, 0).sum(axis=0), np.where(x < 0, -x, 0).sum(axis=0)
    bare = np.where(total > 0, 100, 10) * total
    return {"sharpe": phacker.cscv.sharpe(x), "mean": x.mean(axis=0), "drawdown": -worst,
            "ratio": np.where(worst > 1e-6, total / np.where(worst > 1e-6, worst, 1), bare),
            "win_rate": (x > 0).mean(axis=0),
            "profit_factor": np.where(loss > 0, gain / np.where(loss > 0, loss, 1), np.where(gain > 0, np.inf, 0))}


def check_measures():
    """Every measure, periods that do not divide by the blocks, equal columns, columns that never trade."""
    rng = np.random.default_rng(3)
    x = np.round(rng.standard_normal((50, 40)) * 1000 + rng.standard_normal(40) * 50, 2)
    x[:, 7], x[:, 20], x[:, 31] = x[:, 3], 0, x[:, 3]
    x[:30, 12] = 0
    write_table("small.csv", x)
    blocks = np.array_split(np.arange(50), 6)
    assert [len(b) for b in blocks] == [9, 9, 8, 8, 8, 8]
    for name in measures(x):
        said = overfit("small.csv", "-m", name, "--blocks", "6", "--resamples", "0", "-o", "splits.csv")
        told, low, average = splits("splits.csv"), [], []
        for at, chosen in enumerate(itertools.combinations(range(6), 3)):
            here = np.concatenate([blocks[k] for k in chosen])
            there = np.concatenate([blocks[k] for k in range(6) if k not in chosen])
            inside, outside = measures(x[here])[name], measures(x[there])[name]
            best = int(np.argmax(inside))
            row = told[at]
            assert row["Blocks"] == " ".join(map(str, chosen)) and row["Winner"] == f"S{best}", (name, at, row)
            near(float(row["In sample"]), inside[best], 1e-12)
            near(float(row["Out of sample"]), outside[best], 1e-12)
            below = int((outside < outside[best] - 1e-9).sum())
            equal = int((abs(outside - outside[best]) <= 1e-9).sum()) if np.isfinite(outside[best]) else \
                int((outside == outside[best]).sum())
            assert (int(row["Below"]), int(row["Equal"])) == (below, equal), (name, at, row, below, equal)
            low.append((1 + below) / 41 <= 0.5)
            average.append((below + (1 + equal) / 2) / 41 <= 0.5)
        assert said["overfitting"]["probability"] == np.mean(low), name
        assert said["overfitting"]["probability_average_rank"] == np.mean(average), name


def check_second_opinion():
    """ffn ranks equal columns at their average; phacker ranks them low."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((96, 30)) + 0.05
    x[:, 4] += 0.15
    x[:, 10:25] = x[:, [4]]
    write_table("copies.csv", x)
    got = overfit("copies.csv", "-m", "sharpe", "--blocks", "8", "--resamples", "0")["overfitting"]
    assert got["probability"] == phacker.cscv.cscv(x, S=8)[0]
    assert got["probability_average_rank"] == ffn.calc_prob_backtest_overfitting(pd.DataFrame(x), n_blocks=8)
    assert got["probability"] > got["probability_average_rank"]
    mean = overfit("copies.csv", "-m", "mean", "--blocks", "8", "--resamples", "0")["overfitting"]
    assert mean["probability"] == phacker.cscv.cscv_reference(x, 8, lambda a: a.mean(axis=0))[0]


def check_sharpe():
    """Deflated, probabilistic and the length of a track record, with three ideas of how many trials there were."""
    rng = np.random.default_rng(8)
    common = rng.standard_t(5, size=(120, 1))
    x = rng.standard_t(4, size=(120, 50)) + common + 0.1
    x[:, 30] = x[:, 2] * 3 + 0.001 * rng.standard_normal(120)
    x[:, 31] = x[:, 30] + 0.001 * rng.standard_normal(120)
    write_table("trials.csv", x)
    got = overfit("trials.csv", "--resamples", "0")["sharpe"]
    ratios = x.mean(axis=0) / x.std(axis=0, ddof=1)
    best = int(ratios.argmax())
    r, value = x[:, best], ratios[best]
    error = float(phacker.stats.sharpe_se(r))
    assert got["best"] == f"S{best}"
    near(got["value"], value, 1e-12)
    near(got["skewness"], stats.skew(r), 1e-9)
    near(got["kurtosis"], stats.kurtosis(r) + 3, 1e-9)
    near(got["standard_error"], error, 1e-12)
    near(got["probability"], stats.norm.cdf(value / error), 1e-12)
    near(got["track_length"], 1 + 119 * error**2 * (stats.norm.ppf(0.95) / value) ** 2, 1e-9)
    rho = np.corrcoef(x.T)
    clusters = connected_components(rho >= 0.99)[0]
    assert clusters == 48
    for name, count in (("all", 50), ("clusters", clusters), ("effective", 50**2 / (rho**2).sum())):
        told = got["deflated"][name]
        near(told["trials"], count, 1e-5)
        luck = ffn.calc_expected_max_sharpe(told["trials"], ratios.std(ddof=1)) if name != "effective" else \
            told["luck"]
        near(told["luck"], luck, 1e-12)
        near(told["probability"], stats.norm.cdf((value - told["luck"]) / error), 1e-12)
    # ffn takes the moments without bias, which at 120 periods is nearly the same
    whole = ffn.calc_deflated_sharpe_ratio(pd.Series(r), ratios, annualized_trials=False)
    near(got["deflated"]["all"]["probability"], whole, 0.02)


def check_superior(kind):
    """The same draws given to arch: the same p-values, to the last resample."""
    rng = np.random.default_rng(11)
    x = rng.standard_normal((60, 25)) + rng.standard_normal((60, 1)) * 0.5 + np.linspace(-0.5, 0.3, 25)
    x[1:] += 0.4 * x[:-1]
    write_table("means.csv", x)
    block, count = (4.0, 300) if kind == "stationary" else (5.0, 301)
    got = overfit("means.csv", "--bootstrap", kind, "--block-length", str(block), "--resamples", str(count), "--seed",
                  "9")["superiority"]
    drawn = [np.array(streams.draw(kind, 9, "superior", i, 60, block, 60)) for i in range(count)]
    spa = comparison.SPA(np.zeros(60), -x, block_size=block, reps=count, studentize=False)
    given = iter(drawn)
    spa.bootstrap.update_indices = lambda: next(given)
    spa.compute()
    for name in ("lower", "consistent", "upper"):
        near(got["means"]["p"][name], spa.pvalues[name], 1e-12)
    assert got["reality_check_p"] == got["means"]["p"]["upper"]
    assert 0 < got["means"]["p"]["lower"] <= got["means"]["p"]["consistent"] <= got["means"]["p"]["upper"] < 1
    mean, root = x.mean(axis=0), np.sqrt(60)
    deviation = np.sqrt(spa._loss_diff_var)
    least = -deviation * np.sqrt(2 * np.log(np.log(60)) / 60)
    statistic = max((mean / deviation).max(), 0)
    near(got["studentized"]["statistic"], root * statistic, 1e-9)
    centres = {"lower": np.maximum(mean, 0), "consistent": np.where(mean >= least, mean, 0), "upper": mean}
    for name, centre in centres.items():
        largest = np.array([((x[d].mean(axis=0) - centre) / deviation).max() for d in drawn])
        near(got["studentized"]["p"][name], (largest > statistic).mean(), 1e-12)
        near(got["studentized"]["critical_5_percent"][name], root * np.quantile(largest, 0.95), 1e-9)


def check_block_length():
    """Politis and White's choice, as arch makes it, for series with more and less memory."""
    for seed, memory in ((1, 0), (2, 0.5), (3, 0.9), (4, -0.6)):
        x = np.random.default_rng(seed).standard_normal((150, 2))
        for t in range(1, 150):
            x[t] += memory * x[t - 1]
        write_table("memory.csv", x)
        wanted = arch.optimal_block_length(x.mean(axis=1))
        for kind in ("stationary", "circular"):
            got = overfit("memory.csv", "--bootstrap", kind, "--resamples", "2", "--blocks", "2")
            near(got["superiority"]["block_length"], max(1, float(wanted[kind].iloc[0])), 1e-9)


def check_threads():
    """The same bytes on any number of threads and by any set of kernels."""
    run("generate", "--strategies", "300", "--days", "40", "--seed", "5", "made.csv")
    texts = set()
    for threads, kernels in (("1", ""), ("2", ""), ("3", "ref"), ("7", "sse2")):
        environment = dict(os.environ, HEAVYOPT_CPU=kernels)
        done = run("overfit", "made.csv", "--no-cache", "--json", "--quiet", "-t", threads, "--blocks", "8", "--resamples",
                   "50", "-o", "splits.csv", env=environment)
        said = json.loads(done.stdout)
        del said["timings"], said["peak_memory_bytes"]
        with open("splits.csv", encoding="utf-8") as file:
            texts.add(json.dumps(said) + file.read())
    assert len(texts) == 1


def check_run():
    """The portfolios of a run, ranked among each other."""
    run("optimize", "made.csv", "-p", "4:6", "-a", "ga,sa,rs", "-e", "quick", "-o", "out", "--report", "none", "--no-bound")
    folder = os.path.join("out", os.listdir("out")[0])
    with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
        document = json.load(file)
    with open("made.csv", encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    column = {name: i for i, name in enumerate(table[0])}
    x = np.array([[float(cell or 0) for cell in row[3:]] for row in table[1:]])
    found = document["algorithms"] + [s for s in document["sizes"] if s["size"] != document["best"]["size"]]
    series = np.column_stack([x[:, [column[n] - 3 for n in a["portfolio"]]].sum(axis=1) for a in found])
    got = overfit("made.csv", "--run", folder, "-m", "mean", "--blocks", "8", "--resamples", "0")["portfolios"]
    assert got["columns"] == 5
    near(got["probability"], phacker.cscv.cscv_reference(series, 8, lambda a: a.mean(axis=0))[0], 0.05)
    run("generate", "--strategies", "20", "--days", "40", "--seed", "6", "other.csv")
    done = run("overfit", "other.csv", "--run", folder, code=3)
    assert "another table" in done.stderr and done.stderr.count("\n") == 1, done.stderr


def check_refusals():
    assert "even number" in run("overfit", "made.csv", "--blocks", "7", code=2).stderr
    assert "1 or more" in run("overfit", "made.csv", "--block-length", "0.5", code=2).stderr
    run("generate", "--strategies", "20", "--days", "10", "--seed", "6", "short.csv")
    assert "the table has 10 periods" in run("overfit", "short.csv", code=2).stderr
    run("generate", "--strategies", "1", "--days", "30", "--seed", "6", "one.csv")
    assert "nothing to choose from" in run("overfit", "one.csv", code=3).stderr


with tempfile.TemporaryDirectory() as folder:
    os.environ["HEAVYOPT_CACHE"] = os.path.join(folder, "cache")
    os.chdir(folder)
    check_published()
    check_measures()
    check_second_opinion()
    check_sharpe()
    check_superior("stationary")
    check_superior("circular")
    check_block_length()
    check_threads()
    check_run()
    check_refusals()
print("overfitting, Sharpe ratios and tests of superiority as phacker, ffn, arch and SciPy have them")
