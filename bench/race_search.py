#!/usr/bin/env python3
"""The race of the searches: which portfolio heavyopt and others have after 1, 5 and 30 seconds, and how long the
others need for what heavyopt has after one. Part of compare.py; by itself it is one search of one peer:

    race_search.py NAME MATRIX.npy SECONDS SEED

prints as JSON what was the best when. A peer has its matrix in memory and its code compiled before its time begins;
of heavyopt, as its user calls it, the time limit of the search counts, and what the whole process took is told. No
value is believed: all are worked out again by the oracle of the tests."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SIZE = 35
NUMBA = {"numba, steepest swaps": ("float64", SIZE), "numba, steepest swaps, float32": ("float32", SIZE),
         "numba, slot by slot, float32": ("float32", 1)}


class Record:
    """The best set at each moment; the clock starts when the search is ready."""

    def __init__(self, seconds):
        self.seconds, self.begun, self.steps = seconds, None, []

    def start(self):
        self.begun = time.perf_counter()

    def __call__(self, value, members):
        now = time.perf_counter() - self.begun
        if now <= self.seconds and (not self.steps or value > self.steps[-1][1]):
            self.steps.append((now, float(value), [int(j) for j in members]))
        return now < self.seconds


def score_many(x, z, sets, size):
    """Legacy fitness of each row of sets; x and z hold a strategy a row."""
    import numpy

    values = numpy.empty(len(sets))
    for first in range(0, len(sets), 20):
        part = sets[first:first + 20]
        equity = x[part].sum(axis=1).cumsum(axis=1)
        drawdown = (numpy.maximum.accumulate(equity, axis=1) - equity).max(axis=1)
        v = z[part].sum(axis=1)
        correlation = ((v * v).sum(axis=1) - size) / (size * (size - 1))
        values[first:first + 20] = equity[:, -1] / numpy.maximum(drawdown, 1e-6) - 10 * correlation
    return values


def search(name, matrix, seconds, seed):
    import numpy

    from search_numba import swap_search, unit_columns
    from search_peers import LIBRARIES, Scores, Sets, Stop

    x = numpy.load(matrix)
    z, record = unit_columns(x), Record(seconds)
    by_strategy = [numpy.ascontiguousarray(part.T) for part in (x, z)]
    if name in NUMBA:
        dtype, slots = NUMBA[name]
        swap_search(x, z, SIZE, getattr(numpy, dtype), slots, seed,
                    lambda members: score_many(*by_strategy, members[None], SIZE)[0], record)
        return record.steps
    scores = Scores(record, lambda sets: score_many(*by_strategy, sets, SIZE))
    sets = Sets(x.shape[1], SIZE, seed)
    record.start()
    try:
        LIBRARIES[name](sets, scores, seed)
    except Stop:
        pass
    return record.steps


def wide_vectors():
    """numba takes half of AVX-512's width where the compiler thinks that better; here the whole is."""
    import llvmlite.binding

    features = llvmlite.binding.get_host_cpu_features()
    if not features.get("avx512f"):
        return {}
    return {"NUMBA_CPU_NAME": llvmlite.binding.get_host_cpu_name(),
            "NUMBA_CPU_FEATURES": features.flatten() + ",-prefer-256-bit"}


class Oracle:
    def __init__(self, matrix, names):
        sys.path.insert(0, os.path.join(ROOT, "tests", "oracles"))
        import oracle

        self.fitness, self.matrix, self.place = oracle.fitness, matrix, {name: j for j, name in enumerate(names)}

    def value(self, members):
        assert len(set(members)) == len(members) == SIZE, "no set of the size asked for"
        return self.fitness([self.matrix[:, j].copy() for j in members])[0]

    def of_names(self, names):
        return self.value([self.place[name] for name in names])


def heavyopt(program, path, oracle, seconds, seed, arguments):
    """The portfolio's value, the seconds of the search and of the process."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        said = subprocess.run([program, "optimize", "-i", path, "-o", folder, "--json", "--quiet", "-p", str(SIZE),
                               "--seed", str(seed), "--time-limit", str(seconds), *arguments],
                              check=True, stdout=subprocess.PIPE)
        whole = time.perf_counter() - start
    found = json.loads(said.stdout)
    value = oracle.of_names(found["best"]["portfolio"])
    assert abs(value - found["best"]["fitness"]) < 1e-8 * abs(value), "heavyopt reports another value than the oracle"
    return value, found["timings"]["search"], whole


def value_at(steps, seconds, oracle):
    done = [step for step in steps if step[0] <= seconds]
    return oracle.value(done[-1][2]) if done else float("nan")


def peer(name, matrix, seconds, seed, wide):
    said = subprocess.run([sys.executable, os.path.abspath(__file__), name, matrix, str(seconds), str(seed)],
                          check=True, stdout=subprocess.PIPE, env={**os.environ, **wide})
    return json.loads(said.stdout)


def middle(values):
    return statistics.median(values)


OURS = {"heavyopt": ["--effort", "thorough"], "heavyopt, from the store": ["--effort", "thorough"],
        "heavyopt --algorithms ils": ["--effort", "thorough", "--algorithms", "ils"]}


def race(program, paths, matrix, oracle, limits, seeds):
    """paths: CSV and store. Rows of (name, values at the limits, note); the medians of the seeds."""
    from search_peers import LIBRARIES

    rows, wide, longest = [], wide_vectors(), max(limits)
    values = {name: {limit: [] for limit in limits} for name in [*OURS, *NUMBA, *LIBRARIES]}
    used, whole, reached = {}, {}, {name: [] for name in [*NUMBA, *LIBRARIES]}
    for seed in seeds:
        for name, arguments in OURS.items():
            for limit in limits:
                path, cache = (paths[1], []) if "store" in name else (paths[0], ["--no-cache"])
                value, searched, total = heavyopt(program, path, oracle, limit, seed, arguments + cache)
                values[name][limit].append(value)
                used.setdefault((name, limit), []).append(searched)
                whole.setdefault((name, limit), []).append(total)
                print(f"seed {seed}: {name}, {limit:g} s: {value:.4f}, search {searched:.2f} s, process {total:.2f} s",
                      file=sys.stderr)
        goal = values["heavyopt"][min(limits)][-1]
        for name in reached:
            steps = peer(name, matrix, longest, seed, wide)
            for limit in limits:
                values[name][limit].append(value_at(steps, limit, oracle))
            reached[name].append(next((step[0] for step in steps if step[1] >= goal), float("inf")))
            print(f"seed {seed}: {name}: " + ", ".join(f"{values[name][limit][-1]:.4f}" for limit in limits) +
                  f"; heavyopt's {goal:.4f} after {reached[name][-1]:.2f} s", file=sys.stderr)
    for name, found in values.items():
        if name in reached:
            time_needed = middle(reached[name])
            note = f"{time_needed:.1f} s" if time_needed < longest else f"not in {longest:g} s"
        else:
            note = "process " + ", ".join(f"{middle(whole[name, limit]):.2f}" for limit in limits) + " s"
        rows.append((name, [middle(found[limit]) for limit in limits], note))
    losses = [f"{name} beats heavyopt at {limit:g} s" for name in reached for limit in limits
              if middle(values[name][limit]) > middle(values["heavyopt"][limit])]
    return rows, losses


def main():
    name, matrix, seconds, seed = sys.argv[1:]
    print(json.dumps(search(name, matrix, float(seconds), int(seed))))


if __name__ == "__main__":
    main()
