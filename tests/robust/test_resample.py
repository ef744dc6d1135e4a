"""`resample` through the program: the same draws made with NumPy, and arch's bootstrap beside them."""
import csv
import json
import os
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "oracles"))
try:
    import numpy as np

    import libraries

    arch = libraries.load("arch", "bootstrap.base")
except ImportError as missing:
    print(f"skipped: this Python has no {missing.name}")
    sys.exit(77)

import streams
from under_test import run


def resample(*arguments):
    return json.loads(run("resample", "table.csv", "names.txt", "--no-cache", "--json", "--quiet", *arguments).stdout)


def near(a, b, tolerance=1e-9):
    assert abs(a - b) <= tolerance * max(1, abs(b)), f"{a!r} is not {b!r}"


def make_table():
    run("generate", "table.csv", "--strategies", "30", "--days", "70", "--seed", "5")
    with open("table.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with open("names.txt", "w", encoding="utf-8") as file:
        print("\n".join(rows[0][3:9]), file=file)
    return np.array([[float(x) for x in row[3:9]] for row in rows[1:]]).sum(axis=1)


def check_draws(r, kind, block, length, count):
    """Every band is a quantile of the very draws."""
    got = resample("--bootstrap", kind, "--block-length", str(block), "--horizon", str(length), "--resamples", str(count),
                   "--seed", "3", "--capital", "9000")
    series = np.array([r[streams.draw(kind, 3, "resample", i, len(r), block, length)] for i in range(count)])
    equity = series.cumsum(axis=1)
    depth = (np.maximum(np.maximum.accumulate(equity, axis=1), 0) - equity).max(axis=1)
    loss = np.maximum(-equity.min(axis=1), 0)
    shares = {"5%": 5, "25%": 25, "median": 50, "75%": 75, "95%": 95}
    wanted = {"total_roi": equity[:, -1], "max_drawdown": depth, "roi_dd_ratio": equity[:, -1] / depth,
              "win_rate": (series > 0).mean(axis=1), "expectancy": series.mean(axis=1),
              "volatility": series.std(axis=1, ddof=1) * np.sqrt(252)}
    bands = got["bands"]
    for key, values in wanted.items():
        for name, share in shares.items():
            near(bands["measures"][key][name], np.percentile(values, share))
    for name, share in shares.items():
        assert np.allclose(bands["equity"][name], np.percentile(equity, share, axis=0))
    for name in ("5%", "90%", "99%"):
        near(got["deepest"][name]["max_drawdown"], np.percentile(depth, int(name[:-1])))
        near(got["deepest"][name]["loss"], np.percentile(loss, int(name[:-1])))
    near(bands["ruin"], (loss >= 9000).mean())
    assert 0 < bands["ruin"] < 1 and bands["periods"] == length and bands["resamples"] == count


def check_against_arch(r):
    """The spread of resampled means, and the block length, as arch finds them with draws of its own."""
    optimal = arch.optimal_block_length(r)
    for kind, bootstrap in (("stationary", arch.StationaryBootstrap), ("circular", arch.CircularBlockBootstrap)):
        got = resample("--bootstrap", kind, "--resamples", "4000")["bands"]
        near(got["block_length"], max(1, float(optimal[kind].iloc[0])))
        got = resample("--bootstrap", kind, "--block-length", "4", "--resamples", "4000")["bands"]["measures"]["expectancy"]
        means = bootstrap(4, r, seed=1).apply(np.mean, 4000)[:, 0]
        spread = np.percentile(means, 95) - np.percentile(means, 5)
        near(got["95%"] - got["5%"], spread, 0.06)
        assert abs(got["median"] - np.median(means)) < 0.06 * spread


def check_refusals():
    assert "1 or more" in run("resample", "table.csv", "names.txt", "--block-length", "0.2", code=2).stderr
    with open("wrong.txt", "w", encoding="utf-8") as file:
        print("NOBODY", file=file)
    assert "wrong.txt: line 1" in run("resample", "table.csv", "wrong.txt", code=2).stderr
    done = run("resample", "table.csv", "names.txt", "--horizon", "1000000", "--resamples", "1000000", code=1)
    assert "GB" in done.stderr and done.stderr.count("\n") == 1, done.stderr


def check_threads():
    texts = set()
    for threads in ("1", "2", "5"):
        said = resample("-t", threads, "--resamples", "77")
        del said["timings"]
        texts.add(json.dumps(said))
    assert len(texts) == 1


with tempfile.TemporaryDirectory() as folder:
    os.environ["HEAVYOPT_CACHE"] = os.path.join(folder, "cache")
    os.chdir(folder)
    r = make_table()
    check_draws(r, "stationary", 3.5, 70, 200)
    check_draws(r, "stationary", 1, 20, 101)
    check_draws(r, "circular", 5, 100, 150)
    check_against_arch(r)
    check_refusals()
    check_threads()
print("bands, drawdowns and ruin are those of the draws, and the draws are as arch's")
