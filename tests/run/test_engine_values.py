#!/usr/bin/env python3
"""A table's values in a device's memory, with a plug-in whose device is the processor itself: from a store's files where
these hold just the values, else from the table by Arrow, or part by part. What is made of them is the processor's to the
last digit: the certificate of a bound, byte by byte."""
import json
import pathlib

import numpy
import pyarrow.parquet

from engines import calls_of, common, document, fake, here, run, table, warnings

log = here / "calls"
MOMENTARY = ["seconds", "engine", "input", "certificate", "no_gpu", "gpu_memory_limit", "spill_to_host"]


def timeless(value):
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in MOMENTARY}
    return [timeless(v) for v in value] if isinstance(value, list) else value


def bound(source, name, *arguments, fail="", cuda=True):
    log.unlink(missing_ok=True)
    extra = dict(HEAVYOPT_CUDF=str(fake), HEAVYOPT_FAKE_DEVICE=fail, HEAVYOPT_FAKE_LOG=str(log)) if cuda else {}
    done = run("bound", source, "-p", 6, "--no-cache", "--certificate", name, "--json",
               *(["--engine", "cuda"] if cuda else []), *arguments, **extra)
    proof = json.loads((here / name).read_text())
    proof.pop("input")
    return timeless(json.loads(done.stdout)), proof, calls_of(log) if cuda else None, done


run("generate", "--strategies", 2300, "--days", 58, "--seed", 5, "-o", table)
run("convert", table, "store")
truth, proof, _, _ = bound(table, "cpu.json", cuda=False)

# Of a table: by Arrow, once.
same, proven, calls, done = bound(table, "arrow.json")
print("a table:", calls)
assert same == truth and proven == proof and not warnings(done)
assert json.loads(done.stdout)["engine"] == "fake device"
assert calls["arrays"] == 1 and calls["files"] == calls["parts"] == calls["taken"] == 0 and calls["weighs"] > 10

# Of a store: its files in their order, as pyarrow reads them, each column held against the table.
parts = sorted(pathlib.Path(here / "store/pnl").rglob("*.parquet"))
for part in parts:
    pyarrow.parquet.read_table(part, partitioning=None)["pnl"].to_numpy().tofile(f"{part}.numbers")
same, proven, calls, done = bound("store", "store.json")
print("a store:", calls)
assert same == truth and proven == proof and not warnings(done)
assert len(parts) > 1 and calls["files"] == len(parts) and calls["arrays"] == 0 and calls["taken"] == 0

# Files with another value than the table are not believed, nor files with too few: the table is sent.
numbers = numpy.fromfile(f"{parts[1]}.numbers")
for wrong in [numpy.append(numbers[:-1], numbers[-1] + 1e-9), numbers[:-1]]:
    wrong.tofile(f"{parts[1]}.numbers")
    same, proven, calls, done = bound("store", "wrong.json")
    assert same == truth and proven == proof and not warnings(done)
    assert calls["files"] == len(parts) and calls["arrays"] == 1 and calls["taken"] == 0

# In parts through a memory that is too small, and not at all through one that is much too small.
for limit, more in [(0.0051, True), (0.001, False)]:
    same, proven, calls, done = bound(table, "parts.json", "--gpu-memory-limit", limit)
    print("in parts:", calls)
    assert same == truth and proven == proof and not warnings(done)
    assert calls["arrays"] == 0 and (calls["parts"] > 10) == more and calls["taken"] == 0

# Lost on the way.
for n in [1, 7]:
    same, proven, calls, done = bound(table, "lost.json", fail=f"lost:{n}")
    assert same == truth and proven == proof and calls["weighs"] == n and calls["taken"] == 0
    assert len(warnings(done)) == 1 and "the device is lost" in warnings(done)[0], done.stderr

# Measures of every strategy: the same table, byte by byte.
def measures(source, name, *arguments, fail="", **environment):
    log.unlink(missing_ok=True)
    done = run("metrics", source, "-o", name, "--no-cache", "--capital", "1e6", *arguments, HEAVYOPT_FAKE_LOG=str(log),
               HEAVYOPT_FAKE_DEVICE=fail, **environment)
    return (here / name).read_bytes(), calls_of(log) if log.exists() else None, done


truth, calls, _ = measures(table, "cpu.csv")
assert calls is None
for source, more, fail, walks in [(table, [], "", 3), ("store", [], "", 3), (table, [], "lost:1", 1),
                                  (table, ["--gpu-memory-limit", "0.005"], "", 3)]:
    same, calls, done = measures(source, "cuda.csv", "--engine", "cuda", *more, fail=fail, HEAVYOPT_CUDF=str(fake))
    assert same == truth and calls["series"] == walks and calls["taken"] == 0, calls
    assert len(warnings(done)) == (1 if fail else 0), done.stderr

# Searches by a fitness that is scanned in double: of a walk's sums, its counts, its spread, and one that is finished by the
# processor; with copies of columns, in parts, and with a device that is lost in the middle of a scan.
copied = here / "copied.csv"
lines = [line.split(",") for line in table.read_text().splitlines()]
half = len(lines[0]) // 2
copied.write_text("\n".join(",".join(line + ([name + "_again" for name in line[half:]] if i == 0 else line[half:]))
                            for i, line in enumerate(lines)) + "\n")


def search(source, *arguments, fail="", **environment):
    log.unlink(missing_ok=True)
    done = run("optimize", "-i", source, "-p", 4, "--algorithms", "hc", *common, "--seed", 3, *arguments,
               HEAVYOPT_FAKE_LOG=str(log), HEAVYOPT_FAKE_DEVICE=fail, **environment)
    return document(done)[0], calls_of(log) if log.exists() else None, done


whole, parts, lost = ([], ""), (["--gpu-memory-limit", "0.0053"], ""), ([], "lost:5")
for source, fitness, ways in [(table, ["--metric", "profit factor"], [lost]),
                              (table, ["--fitness", "enhanced", "--capital", "1e6"], [whole]),
                              (copied, ["--fitness", "weighted", "--weight", "sortino=1"], [parts])]:
    truth, _, _ = search(source, *fitness)
    for more, fail in ways:
        same, calls, done = search(source, "--engine", "cuda", *fitness, *more, fail=fail, HEAVYOPT_CUDF=str(fake))
        print(fitness, more, fail, calls)
        assert same == truth and calls["taken"] == 0, (fitness, more, fail)
        assert calls["scans"] == 5 if fail else calls["scans"] > 10, calls
        assert len(warnings(done)) == (1 if fail else 0), done.stderr
print("done")
