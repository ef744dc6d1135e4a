"""inspect --quality: each oddity that is put into a clean table is found and named, and a clean table has none."""
import datetime
import json
import os
import pathlib
import random
import subprocess
import tempfile

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
rng = random.Random(5)
T, N = 40, 12
days, day = [], datetime.date(2024, 1, 1)
while len(days) < T:
    if day.weekday() < 5:
        days.append(day)
    day += datetime.timedelta(days=1)


def clean():
    return [[d, *(rng.gauss(0, 100) for _ in range(N))] for d in days]


def look(rows, names=None, zones=None):
    names = names or [f"s{j}" for j in range(len(rows[0]) - 1)]
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as out:
        out.write(",".join(["Date", *(["Zone"] if zones else []), *names]) + "\n")
        for i, row in enumerate(rows):
            out.write(",".join(map(str, [row[0], *([zones[i]] if zones else []), *map(repr, row[1:])])) + "\n")
        out.flush()
        run = lambda *more: subprocess.run([program, "inspect", out.name, "--quality", *more], capture_output=True,
                                           text=True)
        done = run("--json")
        assert done.returncode == 0, done.stderr
        words = run().stdout
        found = {f["kind"]: f for f in json.loads(done.stdout)["quality"]}
        for f in found.values():
            assert f["what"] in words and f["action"] in words and f["examples"][0] in words, (f, words)
        if not found:
            assert "nothing odd was found" in words
        return found


assert look(clean()) == {}

rows = clean()
del rows[7:9]  # 2024-01-10, 2024-01-11
found = look(rows)
assert set(found) == {"weekdays"} and found["weekdays"]["examples"] == ["2024-01-10, a Wednesday",
                                                                         "2024-01-11, a Thursday"]
rows = clean()
del rows[10:18]
assert look(rows)["gaps"]["examples"] == ["2024-01-12 to 2024-01-25: 13 days"]

rows = clean()
rows[5][0] = datetime.date(2024, 1, 6)
rows.sort()
assert look(rows)["weekends"]["examples"] == ["2024-01-06, a Saturday"]

rows = clean()
rows[9][1:] = rows[3][1:]
rows[20][1:] = [0.0] * N
found = look(rows)
assert found["rows"]["examples"] == ["2024-01-12 is 2024-01-04 again"]
assert found["zero_rows"]["examples"] == ["2024-01-29"] and len(found) == 2

rows = clean()
for t, row in enumerate(rows):
    row[4] = row[2]
    row[6] = 5.0
    row[8] = 7.5 if t in (3, 9) else 0.0
found = look(rows)
assert found["columns"]["examples"] == ["s3 is s1"] and found["constant"]["examples"] == ["s5: 5"]
assert found["sparse"]["examples"] == ["s7: 38 of 40 days"] and len(found) == 3, found

rows = clean()
rows[11][3] = 1e5
found = look(rows)
assert found["outliers"]["count"] == 1 and "s2 on 2024-01-16: 100000" in found["outliers"]["examples"][0]
assert "s2" in found["scale"]["examples"][0]

rows = clean()
total = peak = 0.0
for row in rows:
    total += row[2]
    peak = max(peak, total)
    row[5] = total
    row[9] = peak - total
    row[10] = total - peak
found = look(rows)
assert found["running_sum"]["examples"] == ["s4, of s1"], found
assert sorted(found["drawdown"]["examples"]) == ["s8, of s1", "s9, of s1"], found

rows = [r for d in clean() for r in ([d[0], *d[1:]], [d[0], *(rng.gauss(0, 90) for _ in range(N))])]
del rows[5]
zones = [z for _ in days for z in "AB"]
del zones[5]
found = look(rows, zones=zones)
assert set(found) == {"zones"} and found["zones"]["examples"] == ["2024-01-03: 1 of 2"], found
print("every oddity was found, and none where there is none")
