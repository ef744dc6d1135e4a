#!/usr/bin/env python3
"""A table's values in a device's memory, with a plug-in whose device is the processor itself: from a store's files where
these hold just the values, else from the table by Arrow, or part by part. What is made of them is the processor's to the
last digit: the certificate of a bound, byte by byte."""
import json
import pathlib

import numpy
import pyarrow.parquet

from engines import calls_of, fake, here, run, table, warnings

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

# Files with another value than the table are not believed: the table is sent.
numbers = numpy.fromfile(f"{parts[1]}.numbers")
numbers[-1] += 1e-9
numbers.tofile(f"{parts[1]}.numbers")
same, proven, calls, done = bound("store", "wrong.json")
assert same == truth and proven == proof and not warnings(done)
assert calls["files"] == len(parts) and calls["arrays"] == 1 and calls["taken"] == 0

# In parts through a memory that is too small, and not at all through one that is much too small.
for limit, more in [(0.0051, True), (0.001, False)]:
    same, proven, calls, done = bound(table, "parts.json", "--gpu-memory-limit", limit)
    print("in parts:", calls)
    assert same == truth and proven == proof and len(warnings(done)) == (0 if more else 1)
    assert more or "do not fit" in warnings(done)[0], done.stderr
    assert calls["arrays"] == 0 and (calls["parts"] > 10) == more and calls["taken"] == 0

# Lost on the way, or out of memory there.
for fail, line in [("lost:7", "the device is lost"), ("full:1", "no memory left")]:
    same, proven, calls, done = bound(table, "lost.json", fail=fail)
    assert same == truth and proven == proof and calls["weighs"] == int(fail[5:]) and calls["taken"] == 0
    assert len(warnings(done)) == 1 and line in warnings(done)[0], done.stderr

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
print("done")
