#!/usr/bin/env python3
"""On a CUDA device, whole runs: `optimize`, `bound` and `metrics` find what they find on the processor, and so does
`correlation` but for last digits; a table says how long they took. `ctest -L gpu` runs this; without a device it is skipped and says why."""
import json
import os
import sys
import tempfile
import time

import under_test

STRATEGIES, DAYS = 25544, 82
folder = tempfile.TemporaryDirectory(prefix="heavyopt-gpu-")
environment = {k: v for k, v in os.environ.items() if not k.startswith("HEAVYOPT_GPU")}


def run(*arguments, code=0):
    begun = time.monotonic()
    done = under_test.run(*arguments, code=code, cwd=folder.name, env=environment)
    return done, time.monotonic() - begun


def generate(name, strategies, days):
    run("generate", "--strategies", strategies, "--days", days, "--seed", 1, "-o", name)


generate("small.csv", 130, 5)
tried, _ = run("correlation", "small.csv", "--no-cache", "--gpu", "required", "--json", code=None)
if tried.returncode == 4:
    print("skipped:", tried.stderr.strip().removeprefix("heavyopt: "))
    sys.exit(77)
assert tried.returncode == 0, tried.stderr

generate("table.csv", STRATEGIES, DAYS)
run("convert", "table.csv", "store")
print(f"{json.loads(tried.stdout)['engine']}; {STRATEGIES} strategies x {DAYS} days\n")
print("| work, from the store | cpu | cuda |\n| --- | --- | --- |")
whole, pairs, double, bound, measures = {}, {}, {}, {}, {}
for command, what, more in [("optimize", whole, ["-p", 35, "--report", "none"]),
                            ("optimize", double, ["-p", 35, "--report", "none", "--fitness", "weighted"]),
                            ("bound", bound, ["-p", 35]), ("metrics", measures, []), ("correlation", pairs, [])]:
    seconds = {}
    for engine in ["cpu", "cuda"]:
        done, seconds[engine] = run(command, "-i", "store", "--no-cache", "--json", *more, "--engine", engine)
        assert "warning: " not in done.stderr, done.stderr
        what[engine] = json.loads(done.stdout)
    print(f"| {command} {' '.join(more[4:])}, end to end | {seconds['cpu']:.2f} s | {seconds['cuda']:.2f} s |")
for what in [whole, double]:
    for engine in ["cpu", "cuda"]:
        assert what[engine].pop("engine")["name"] == engine
        for name in ["timings", "kernels", "peak_memory_bytes"]:
            what[engine].pop(name, None)
    assert what["cpu"] == what["cuda"]
for engine in ["cpu", "cuda"]:
    bound[engine]["bound"].pop("seconds")
assert bound["cpu"]["bound"] == bound["cuda"]["bound"]
assert measures["cpu"]["values"] == measures["cuda"]["values"]
assert abs(pairs["cpu"]["mean"] - pairs["cuda"]["mean"]) < 1e-6
for name in ["pairs", "constant", "identical", "largest", "clusters"]:
    assert pairs["cpu"][name] == pairs["cuda"][name], name
