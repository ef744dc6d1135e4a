"""`walkforward --list-folds` against skfolio's walk-forward and combinatorial purged cross-validation."""
import datetime
import json
import os
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "oracles"))
try:
    import numpy as np
    import pandas as pd

    import libraries

    combinatorial = libraries.load("skfolio", "model_selection._combinatorial")
    walking = libraries.load("skfolio", "model_selection._walk_forward")
    combinatorial.sku.indexable = lambda *arrays: arrays
except ImportError as missing:
    print(f"skipped: this Python has no {missing.name}")
    sys.exit(77)

from under_test import run


def write_table(path, dates):
    with open(path, "w", encoding="utf-8", newline="") as table:
        print("Date,A,B,C", file=table)
        for t, date in enumerate(dates):
            print(f"{date},{t % 7 - 3},{t % 5 - 2},{t % 3 - 1}", file=table)


def folds(path, *arguments):
    said = json.loads(run("walkforward", path, "--no-cache", "-p", "2", "--list-folds", "--json", "--quiet", *arguments).stdout)

    def days(stretches):
        return [day for first, last in stretches for day in range(first, last + 1)]

    return [(days(f["train"]), days(f["test"])) for f in said["folds"]], said


def weekdays(first, count):
    day, out = first, []
    while len(out) < count:
        if day.weekday() < 5:
            out.append(day)
        day += datetime.timedelta(1)
    return out


def check_windows():
    dates = weekdays(datetime.date(2024, 1, 1), 83)
    write_table("table.csv", dates)
    for train, test, purge, anchored in ((40, 4, 0, False), (40, 5, 2, False), (10, 7, 1, True), (60, 22, 1, False),
                                         (82, 1, 0, False), (1, 1, 0, True)):
        got, _ = folds("table.csv", "--train", str(train), "--test", str(test), "--purge", str(purge),
                       *(["--anchored"] if anchored else []))
        cv = walking.WalkForward(test_size=test, train_size=train, expand_train=anchored, reduce_test=True,
                                 purged_size=purge)
        wanted = [(list(a), list(b)) for a, b in cv.split(np.zeros((83, 3)))]
        assert got == wanted, (train, test, purge, anchored, got, wanted)
    got, _ = folds("table.csv", "--folds", "10")
    assert len(got) == 10 and all(len(test) == 4 for _, test in got) and got[-1][1][-1] == 82
    assert len(got[0][0]) == 43 and got[0][1][0] == 43


def check_months():
    dates = weekdays(datetime.date(2023, 11, 1), 160)
    write_table("months.csv", dates)
    frame = pd.DataFrame(np.zeros((160, 3)), index=pd.DatetimeIndex(dates))
    for train, test, purge, anchored in ((3, 1, 0, False), (2, 2, 3, False), (2, 1, 1, True)):
        got, _ = folds("months.csv", "--train", f"{train}m", "--test", f"{test}m", "--purge", str(purge),
                       *(["--anchored"] if anchored else []))
        cv = walking.WalkForward(test_size=test, train_size=train, freq="MS", expand_train=anchored, reduce_test=True,
                                 purged_size=purge)
        wanted = [(list(a), list(b)) for a, b in cv.split(frame)]
        assert got == wanted, (train, test, purge, anchored, got, wanted)


def check_combinations():
    """The cases of skfolio's own tests among them: 5 groups with 2 tested are 10 splits and 4 paths, 3 with 2 are 3 and 2."""
    for days, groups, tested, purge, embargo in ((12, 3, 2, 0, 0), (12, 3, 2, 1, 0), (12, 3, 2, 0, 1), (50, 5, 2, 0, 0),
                                                 (83, 6, 2, 1, 2), (83, 6, 3, 2, 0), (100, 7, 4, 0, 3)):
        write_table("cv.csv", weekdays(datetime.date(2024, 1, 1), days))
        got, said = folds("cv.csv", "--cv", f"{groups},{tested}", "--purge", str(purge), "--embargo", str(embargo))
        cv = combinatorial.CombinatorialPurgedCV(groups, tested, purge, embargo)
        wanted = [(list(a), [int(i) for part in b for i in part]) for a, b in cv.split(np.zeros((days, 3)))]
        assert got == wanted, (days, groups, tested, purge, embargo)
        paths = cv.recombined_paths.T.tolist()
        assert said["paths"] == paths, (said["paths"], paths)
        if (groups, tested) == (5, 2):
            assert len(got) == 10 and len(paths) == 4
        if (groups, tested) == (3, 2):
            assert len(got) == 3 and len(paths) == 2


def check_zones():
    """A day with several rows is in one window with all of them."""
    with open("zones.csv", "w", encoding="utf-8", newline="") as table:
        print("Date,Zone,A,B", file=table)
        for date in weekdays(datetime.date(2024, 1, 1), 20):
            print(f"{date},Zone 1,1,2\n{date},Zone 2,-1,1", file=table)
    for period in ("day", "row"):
        got, said = folds("zones.csv", "--train", "10", "--test", "5", "--period", period)
        assert len(said["days"]) == 20 and [len(b) for _, b in got] == [5, 5]


def check_refusals():
    for words, arguments in (("both in days, or both", ["--train", "3m", "--test", "5"]),
                             ("expected days, as 40", ["--train", "many"]),
                             ("expected days, as 40", ["--test", "0"]),
                             ("leave no room", ["--train", "83"]),
                             ("leave none to train on", ["--folds", "83", "--test", "1"]),
                             ("as 6,2", ["--cv", "6"]),
                             ("as 6,2", ["--cv", "6,x"]),
                             ("3 to 30 groups", ["--cv", "2,1"]),
                             ("3 to 30 groups", ["--cv", "6,6"]),
                             ("a group has a day", ["--cv", "30,2", "--to", "2024-01-20"]),
                             ("no day to train on", ["--cv", "6,2", "--purge", "40"])):
        done = run("walkforward", "table.csv", "-p", "2", "--list-folds", *arguments, code=2)
        assert words in done.stderr and done.stderr.count("\n") == 1, (arguments, done.stderr)


with tempfile.TemporaryDirectory() as folder:
    os.environ["HEAVYOPT_CACHE"] = os.path.join(folder, "cache")
    os.chdir(folder)
    check_windows()
    check_months()
    check_combinations()
    check_zones()
    check_refusals()
print("windows, months and combinations as skfolio has them")
