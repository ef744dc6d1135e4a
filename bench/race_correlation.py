#!/usr/bin/env python3
"""The race of the correlations of all strategies. Part of compare.py; by itself it is one way of one peer:

    race_correlation.py NAME MATRIX.npy

prints as JSON the seconds, the peak memory of the process, and the mean with the number of pairs over 0.9, which must
come out the same for all."""
import json
import os
import resource
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CLOSE = 0.9


def whole_matrix(x):
    """numpy.corrcoef, and what one asks of it, row by row."""
    import numpy

    with numpy.errstate(invalid="ignore"):
        matrix = numpy.corrcoef(x, rowvar=False)
    count, varying = len(matrix), int(numpy.isfinite(matrix.diagonal()).sum())
    total = sum(float(numpy.nansum(row)) for row in matrix)
    close = sum(int(numpy.count_nonzero(row >= CLOSE)) for row in matrix)
    return (total - varying) / (count * (count - 1)), (close - varying) // 2


def tiles(x, side=1024):
    """By hand: unit columns in single precision, products in tiles that stay in the cache, the matrix never kept."""
    import numpy

    from search_numba import unit_columns

    z = numpy.ascontiguousarray(unit_columns(x).T, dtype=numpy.float32)
    count, total, close, room = len(z), 0.0, 0, numpy.empty((side, side), numpy.float32)
    for i in range(0, count, side):
        for j in range(i, count, side):
            a, b = z[i:i + side], z[j:j + side]
            full = len(a) == side and len(b) == side
            tile = numpy.matmul(a, b.T, out=room if full else None)
            if i == j:
                tile[numpy.tril_indices(len(tile))] = 0
            total += float(tile.sum())
            close += int(numpy.count_nonzero(tile >= CLOSE))
    return total / (count * (count - 1) / 2), close


PEERS = {"NumPy by hand, tiles": tiles, "numpy.corrcoef": whole_matrix}


def peer(name, matrix):
    """OpenBLAS 0.3.31, in NumPy's wheels, crashes in a product of this size with its kernels for Sapphire Rapids and
    two threads; its AVX2 kernels do not."""
    command = [sys.executable, os.path.abspath(__file__), name, matrix]
    said = subprocess.run(command, stdout=subprocess.PIPE)
    if said.returncode < 0:
        print(f"{name} crashed; again with OPENBLAS_CORETYPE=Haswell", file=sys.stderr)
        said = subprocess.run(command, stdout=subprocess.PIPE, env={**os.environ, "OPENBLAS_CORETYPE": "Haswell"})
    said.check_returncode()
    return json.loads(said.stdout)


def heavyopt(program, store):
    said = subprocess.run([program, "correlation", "-i", store, "--json", "--quiet"], check=True,
                          stdout=subprocess.PIPE)
    found = json.loads(said.stdout)
    close = next(row["pairs"] for row in found["above"] if row["from"] == CLOSE)
    return {"seconds": found["timings"]["correlation"], "peak": found["peak_memory_bytes"], "mean": found["mean"],
            "close": close}


def race(program, store, matrix, rounds):
    """Rows of (name, best seconds, peak bytes); heavyopt first. The slow ones run once."""
    entries = {"heavyopt": lambda: heavyopt(program, store),
               **{name: lambda name=name: peer(name, matrix) for name in PEERS}}
    found = {name: [] for name in entries}
    for number in range(rounds):
        for name, run in entries.items():
            if number == 0 or found[name][0]["seconds"] < 2:
                found[name].append(run())
    first = found["heavyopt"][0]
    for name, runs in found.items():
        assert abs(runs[0]["mean"] - first["mean"]) < 1e-6, f"{name} comes to another mean"
        # a pair at the threshold is on either side of it, as rounding in single precision has it
        assert abs(runs[0]["close"] - first["close"]) <= 1e-5 * first["close"] + 5, f"{name} counts otherwise"
    return [(name, min(run["seconds"] for run in runs), max(run["peak"] for run in runs))
            for name, runs in found.items()]


def main():
    import numpy

    name, path = sys.argv[1:]
    x = numpy.load(path)
    start = time.perf_counter()
    mean, close = PEERS[name](x)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "mean": mean, "close": close}))


if __name__ == "__main__":
    main()
