"""The ratio's bound against SciPy's HiGHS on the whole programme, all strategies at once: column generation must come
to its optimum from above, and hardly above it. The programme is that of A. Charnes and W. Cooper, Naval Research
Logistics Quarterly 9 (1962): with s for 1 over the drawdown and y = s x,
    largest profit . y,  drawdown of y at most 1,  sum of y = K s,  0 <= y <= s,
and sum of y over a group <= most s where groups are limited."""
import csv
import json
import pathlib
import sys
import tempfile

from under_test import run

try:
    import numpy as np
    from scipy import sparse
    from scipy.optimize import linprog
except ImportError as missing:
    print(f"skipped: this Python has no {missing.name}")
    sys.exit(77)


def whole(x, size, groups, most):
    """groups: of each strategy. Variables: y (N), s, equity (T), peak (T), free; peak >= equity, peak >= the one before, peak >= 0 at first."""
    periods, count = x.shape
    eye, none = sparse.eye(periods), sparse.csr_matrix
    before = sparse.eye(periods, k=-1)
    column = np.ones((periods, 1))
    above = sparse.vstack([
        sparse.hstack([none((periods, count + 1)), eye, -eye]),            # equity - peak <= 0
        sparse.hstack([none((periods, count + 1 + periods)), before - eye]),  # last peak - peak <= 0
        sparse.hstack([none((periods, count + 1)), -eye, eye]),            # peak - equity <= 1
        sparse.hstack([sparse.eye(count), none(-np.ones((count, 1))), none((count, 2 * periods))])])  # y - s <= 0
    limits = np.concatenate([np.zeros(2 * periods), column.ravel(), np.zeros(count)])
    if most is not None:
        member = none(np.array([[g == group for g in groups] for group in sorted(set(groups))], dtype=float))
        held = sparse.hstack([member, none(np.full((member.shape[0], 1), -most)), none((member.shape[0], 2 * periods))])
        above, limits = sparse.vstack([above, held]), np.concatenate([limits, np.zeros(member.shape[0])])
    equal = sparse.vstack([
        sparse.hstack([none(-x), none((periods, 1)), eye - before, none((periods, periods))]),
        sparse.hstack([none(np.ones((1, count))), none([[-size]]), none((1, 2 * periods))])])
    goal = np.concatenate([-x.sum(axis=0), np.zeros(1 + 2 * periods)])
    free = [(0, None)] * (count + 1) + [(None, None)] * periods + [(0, None)] * periods
    done = linprog(goal, above.tocsr(), limits, equal.tocsr(), np.zeros(periods + 1), free, method="highs")
    assert done.status == 0, done.message
    return -done.fun


def check(folder, seed, strategies, days, size, most=None):
    table = folder / f"{seed}.csv"
    run("generate", table, "-q", "--seed", seed, "-n", strategies, "-d", days)
    with open(table, newline="") as file:
        rows = list(csv.reader(file))
    kept = [i for i, name in enumerate(rows[0]) if i > 0 and name not in ("Day", "Zone")]
    x = np.array([[float(row[i]) for i in kept] for row in rows[1:]])
    assert x.shape == (days, strategies), x.shape
    rules = [] if most is None else ["--max-per-group", f"entry={most}"]
    told = json.loads(run("bound", table, "-p", size, "--fitness", "ratio", *rules, "--json", "-q").stdout)
    bound = told["bound"]["value"]
    optimum = whole(x, size, [rows[0][i].split()[1].split("-")[0] for i in kept], most)
    print(f"{strategies} x {days}, {size} members, {most} of an entry time at most: bound {bound:.9f}, SciPy {optimum:.9f}")
    assert optimum * (1 - 1e-7) <= bound <= optimum * (1 + 1e-5), (seed, bound, optimum)


with tempfile.TemporaryDirectory() as name:
    for seed, shape in enumerate([(60, 40, 5), (400, 60, 12), (300, 200, 20), (2000, 82, 35), (1000, 82, 35, 1)], 21):
        check(pathlib.Path(name), seed, *shape)
