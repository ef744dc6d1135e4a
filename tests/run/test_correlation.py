"""`correlation` through the program, against numpy.corrcoef: the matrix in both types, the summary, a portfolio's
matrix; what it refuses, and what it leaves behind when it cannot finish."""
import csv
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

try:
    import numpy as np
except ImportError:
    print("skipped: this Python has no numpy")
    sys.exit(77)

PROGRAM = os.path.join(os.environ["HEAVYOPT_BUILD"], "heavyopt")
TABLE, STRATEGIES, DAYS = "table.csv", 700, 60


def run(*arguments, code=0, **more):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, **more)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}, {done.stderr}"
    return done


def document(*arguments):
    return json.loads(run("correlation", TABLE, "--json", "--quiet", *arguments).stdout)


def refused(words, code, *arguments, **more):
    before = sorted(os.listdir())
    done = run("correlation", *arguments, code=code, **more)
    assert words in done.stderr and done.stderr.count("\n") == 1 and done.stdout == "", done
    assert sorted(os.listdir()) == before, os.listdir()


def read_table():
    """A generated table with two constant columns added, one of them of a number that has no exact mean."""
    run("generate", "--strategies", str(STRATEGIES - 2), "--days", str(DAYS), "--seed", "5", "made.csv")
    with open("made.csv", encoding="utf-8", newline="") as made, \
            open(TABLE, "w", encoding="utf-8", newline="") as table:
        lines = made.read().splitlines()
        print(lines[0] + ',"FLAT, ONE",FLAT TWO', file=table)
        for line in lines[1:]:
            print(line + ",0.1,0", file=table)
    with open(TABLE, encoding="utf-8", newline="") as table:
        rows = list(csv.reader(table))
    return rows[0][3:], np.array([[float(cell) for cell in row[3:]] for row in rows[1:]])


def check_matrix(names, wanted):
    for wide, kind, tolerance in ((False, "<f4", 1e-6), (True, "<f8", 1e-12)):
        said = document("-o", "all.npy", *(["--float64"] if wide else []))
        matrix = np.load("all.npy")
        assert matrix.dtype == np.dtype(kind) and matrix.shape == wanted.shape, matrix.dtype
        assert (matrix == matrix.T).all() and (np.diag(matrix) == 1).all() and abs(matrix).max() <= 1
        gap = abs(matrix - wanted).max()
        assert gap < tolerance, f"{kind}: {gap} from numpy.corrcoef"
        with open(said["matrix"]["names"], encoding="utf-8") as f:
            assert f.read().splitlines() == names
        assert said["matrix"]["names"] == "all.names.txt" and said["matrix"]["bytes"] == os.path.getsize("all.npy")
    assert sorted(os.listdir()) == sorted([TABLE, "made.csv", "all.npy", "all.names.txt"]), os.listdir()


def check_summary(names, wanted, values):
    said = document()
    pairs = wanted[np.triu_indices(STRATEGIES, 1)]
    assert said["pairs"] == len(pairs) and said["constant"] == 2 and said["matrix"] is None
    assert abs(said["mean"] - pairs.mean()) < 1e-7 and abs(said["standard_deviation"] - pairs.std()) < 1e-6
    for row in said["quantiles"]:
        assert abs(row["value"] - np.quantile(pairs, row["share"])) < 1e-3, row
    for row in said["above"]:
        low, high = (pairs > row["from"] + 1e-6).sum(), (pairs > row["from"] - 1e-6).sum()
        assert low <= row["pairs"] <= high and row["share"] == row["pairs"] / len(pairs), (row, low, high)
    counts = said["histogram"]["counts"]
    assert len(counts) == 40 and sum(counts) == len(pairs)
    same = (values[:, :, None] == values[:, None, :]).all(axis=0)
    apart = np.where(same, -2, wanted)
    first, second = (names.index(name) for name in said["largest"]["pair"])
    assert abs(said["largest"]["correlation"] - apart.max()) < 1e-12 and not same[first, second]
    assert abs(wanted[first, second] - apart.max()) < 1e-12
    assert said["identical"] == sum(same[:j, j].any() for j in range(STRATEGIES))
    # Clusters by a walk over the graph of near-duplicates.
    near, left, sizes = wanted >= 0.99, set(range(STRATEGIES)), []
    while left:
        found, new = set(), {left.pop()}
        while new:
            found |= new
            new = {k for j in new for k in np.flatnonzero(near[j]) if k in left}
            left -= new
        sizes += [len(found)] if len(found) > 1 else []
    clusters = said["clusters"]
    assert clusters["count"] == len(sizes) and clusters["strategies"] == sum(sizes), (clusters, sizes)
    assert [c["size"] for c in clusters["largest"]] == sorted(sizes, reverse=True)[:10]
    for cluster in clusters["largest"]:
        members = [names.index(name) for name in cluster["members"]]
        assert len(members) == min(10, cluster["size"]) and (near[members].sum(axis=1) > 1).all(), cluster


def check_threads():
    said = [document("--threads", n) for n in ("1", "2", "7")]
    for one in said:
        for key in ("timings", "peak_memory_bytes", "engine"):
            del one[key]
    assert said[0] == said[1] == said[2], said


def check_portfolio(names, wanted):
    members = [3, 77, 500, names.index("FLAT, ONE")]
    with open("names.txt", "w", encoding="utf-8") as f:
        f.writelines(names[j] + "\n" for j in members)
    plain = run("correlation", TABLE, "--portfolio", "names.txt").stdout
    said = document("--portfolio", "names.txt", "-o", "small.csv")
    with open("small.csv", encoding="utf-8", newline="") as f:
        text = f.read()
    assert text == plain
    rows = list(csv.reader(text.splitlines()))
    chosen = [names[j] for j in members]
    assert rows[0][1:] == chosen == [row[0] for row in rows[1:]] == said["portfolio"], rows
    matrix = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]])
    assert (matrix == np.array(said["correlations"])).all() and (matrix == matrix.T).all()
    assert abs(matrix - wanted[np.ix_(members, members)]).max() < 1e-12
    off = matrix[np.triu_indices(len(members), 1)]
    assert abs(said["average_correlation"] - off.mean()) < 1e-12
    refused("CSV", 2, TABLE, "--portfolio", "names.txt", "-o", "small.npy")
    refused("nowhere/small.csv", 1, TABLE, "--portfolio", "names.txt", "-o", "nowhere/small.csv")


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def check_refusals():
    refused("FILE.npy", 2, TABLE, "-o", "all.csv")
    refused("FILE.npy", 2, TABLE, "-o", ".npy")
    refused("nowhere/all.npy", 1, TABLE, "-o", "nowhere/all.npy")
    os.mkdir("folder.npy")
    refused("folder.npy: exists and is no regular file", 1, TABLE, "-o", "folder.npy")
    # Python ignores SIGXFSZ, and here its child does: writing past the limit is an error, as on a full disk.
    with open("all.npy", "rb") as f:
        before = f.read()
    refused("all.npy: no room for a matrix of 1960128 bytes", 1, TABLE, "-o", "all.npy", preexec_fn=limit_files,
            restore_signals=False)
    with open("all.npy", "rb") as f:
        assert f.read() == before, "the old matrix is gone"


def check_interrupt():
    run("generate", "--strategies", "6000", "--days", "100", "large.csv")
    before = sorted(os.listdir())
    job = subprocess.Popen([PROGRAM, "correlation", "large.csv", "-o", "large.npy", "--float64", "--json"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while job.poll() is None and not any(name.startswith("large.npy.tmp") for name in os.listdir()):
        time.sleep(0.005)
    job.send_signal(signal.SIGINT)
    out, err = job.communicate()
    assert job.returncode == 130 and json.loads(out)["interrupted"] and "interrupted" in err, (job.returncode, out, err)
    assert sorted(os.listdir()) == before, os.listdir()


def main():
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        os.environ["HEAVYOPT_CACHE"] = cache
        os.chdir(folder)
        names, values = read_table()
        with np.errstate(all="ignore"):
            wanted = np.corrcoef(values, rowvar=False)
        flat = values.max(axis=0) == values.min(axis=0)
        assert flat.sum() == 2
        wanted[flat, :] = wanted[:, flat] = 0
        averaged = wanted.copy()
        np.fill_diagonal(wanted, 1)
        check_matrix(names, wanted)
        check_summary(names, averaged, values)
        check_threads()
        check_portfolio(names, wanted)
        check_refusals()
        check_interrupt()
        os.chdir("/")


main()
