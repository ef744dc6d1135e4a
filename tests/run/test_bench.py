"""`generate` and `bench` through the program: the documents hold what they promise, the file is what they say, and no
folder stays behind. Times are not looked at."""
import csv
import json
import os
import subprocess
import sys
import tempfile

from under_test import SLOW

PROGRAM = os.path.join(os.environ["HEAVYOPT_BUILD"], "heavyopt")
STRATEGIES = 80 if SLOW else 300
ROWS = ["csv_to_matrix", "store_written", "store_to_matrix", "csv_written", "tall_csv", "wide_parquet", "tall_parquet",
        "wide_arrow", "correlation", "measures", "swaps", "swaps_ratio", "swaps_counted",
        "swaps_one_thread", "sets", "sets_one_thread", "polish", "optimize", "optimize_large"]


def run(*arguments, code=0, folder="."):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, cwd=folder,
                          env={**os.environ, "TMPDIR": folder})
    assert done.returncode == code, f"{arguments}: exit {done.returncode}, {done.stderr}"
    return done


def check_generate(folder):
    said = json.loads(run("generate", "--strategies", "60", "--days", "9", "--seed", "7", "a.csv", "--json",
                          folder=folder).stdout)
    path = os.path.join(folder, "a.csv")
    assert said["bytes"] == os.path.getsize(path) and said["strategies"] == 60 and said["seed"] == 7, said
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.reader(f))
    assert rows[0][:3] == ["Date", "Zone", "Day"] and len(set(rows[0])) == 63, rows[0][:5]
    assert len(rows) == 10 and all(len(row) == 63 for row in rows)
    for row in rows[1:]:
        assert all(cell == repr(float(cell)).removesuffix(".0") for cell in row[3:]), row
    run("generate", "--strategies", "60", "--days", "9", "--seed", "7", "-o", "b.csv", "--threads", "7", folder=folder)
    with open(path, "rb") as a, open(os.path.join(folder, "b.csv"), "rb") as b:
        assert a.read() == b.read(), "threads change the bytes"
    run("generate", folder=folder, code=2)
    run("generate", "nowhere/a.csv", folder=folder, code=1)


def check_bench(folder):
    before = sorted(os.listdir(folder))
    said = json.loads(run("bench", "--strategies", str(STRATEGIES), "--days", "20", "--repeat", "1", "--portfolio-size", "5",
                          "--json", folder=folder).stdout)
    assert [row["key"] for row in said["rows"]] == ROWS, said["rows"]
    for row in said["rows"]:
        assert row["best"] is None and row["note"] or row["best"] > 0 and len(row["samples"]) == 1, row
    assert said["input"]["strategies"] == STRATEGIES and said["machine"]["kernels"], said
    assert sorted(os.listdir(folder)) == before, "a folder stayed behind"
    words = run("bench", "--input", "a.csv", "--row", "csv_to_matrix", "--repeat", "2", folder=folder).stdout
    assert "CSV to matrix" in words and "store" not in words, words
    refused = run("bench", "--row", "nonsense", folder=folder, code=2)
    assert "nonsense" in refused.stderr and "csv_to_matrix" in refused.stderr, refused.stderr


def main():
    if not os.access(PROGRAM, os.X_OK):
        print(f"skipped: {PROGRAM} is not built")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        check_generate(folder)
        check_bench(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
