"""A CSV file that is larger than memory, or read some rows at a time: the same store, byte for byte, and the same words
where it is refused; the peak of memory does not grow with the file."""
import datetime
import filecmp
import gzip
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if "Arrow    not" in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
    print("skipped: this build has no Arrow")
    sys.exit(77)
rng = random.Random(11)
folder = pathlib.Path(tempfile.mkdtemp())


def run(*arguments):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)


def files(store):
    return sorted(p.relative_to(store) for p in store.rglob("*") if p.is_file())


def check_same(a, b, what):
    assert files(a) == files(b), what
    for name in files(a):
        assert filecmp.cmp(a / name, b / name, shallow=False), (what, name)


def stores_of(path, *options):
    """The store of a table whole, and of some rows at a time."""
    whole = folder / "whole.st"
    done = run("convert", path, whole, "--quiet", *options)
    assert done.returncode == 0, done.stderr
    for rows in (1, 7):
        part = folder / "part.st"
        done = run("convert", path, part, "--quiet", "--chunk-size", rows, *options)
        assert done.returncode == 0, done.stderr
        check_same(whole, part, (path, rows))


def write(name, header, rows):
    path = folder / name
    lines = ([header] if header else []) + rows
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# Zones that take turns, dates that do not ascend, a row that comes twice, a total, quoted names with line breaks.
NAMES = ["a", '"b, ""quoted""\nname"'] + [f"s{i}" for i in range(10)]
DAYS = [datetime.date(2024, 1, 1) + datetime.timedelta(days=i) for i in range(40)]
rows = []
for day in DAYS:
    for zone in "AB":
        values = [rng.choice(["", "1e3", f"{rng.gauss(0, 1400):.9f}"]) for _ in NAMES]
        total = sum(float(v or 0) for v in values)
        rows.append(f"{day:%d-%m-%Y},{zone}," + ",".join(values) + f",{total!r}")
rows.append(rows[5])
rng.shuffle(rows)
path = write("wide.csv", "Date,Zone," + ",".join(NAMES) + ",sum of all", rows)
stores_of(path)
with gzip.open(folder / "wide.csv.gz", "wb") as packed:
    packed.write(path.read_bytes())
stores_of(folder / "wide.csv.gz")
bare = write("bare.csv", None, [row.split(",", 2)[0] + ",1,2" for row in rows])
stores_of(bare, "--header-from", "Date,x,y")
tall = write("tall.csv", "date,strategy,pnl",
             [f"{day},s{i % 7},{rng.gauss(0, 1)!r}" for day in DAYS for i in range(9)])
stores_of(tall)

# The same words for a fault near the end.
for fault in ("2024-02-09,1", "2024-02-09,1,x", "2024-02-39,1,2", '2024-02-09,1,"2'):
    path = write("bad.csv", "Date,a,b", [f"{day},1,2" for day in DAYS[:39]] + [fault] + ["2024-03-01,3,4"])
    whole = run("inspect", path)
    assert whole.returncode == 3 and "line 41" in whole.stderr, whole.stderr
    part = run("inspect", path, "--chunk-size", 7)
    assert (part.returncode, part.stderr) == (whole.returncode, whole.stderr), (part.stderr, whole.stderr)

# [parquet] chunk_size counts more than [general], wherever it stands.
config = folder / "old.ini"
config.write_text("[parquet]\nchunk_size = 5\n[general]\nchunk_size = 7\n", encoding="utf-8")
shown = run("config", "convert", "-c", config).stdout
assert "chunk-size = 5" in shown, shown


def peak_of(*arguments):
    """Kilobytes in memory at most, and what it came to."""
    child = subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, said
    return usage.ru_maxrss


if "asan" not in os.environ["HEAVYOPT_BUILD"]:
    lines = [",".join(f"{rng.gauss(0, 1400):.2f}" for _ in range(2000)) for _ in range(8)]
    header = "Date," + ",".join(f"S{i}" for i in range(2000))
    day = datetime.date(2010, 1, 1)
    path = folder / "large.csv"
    with path.open("w", encoding="utf-8") as file:  # not all at once: a child's peak begins with what we have
        print(header, file=file)
        for i in range(2500):
            print(f"{day + datetime.timedelta(days=i)},{lines[i * 5 % 8]}", file=file)
    small = write("small.csv", header, [f"2024-01-01,{lines[0]}", f"2024-01-02,{lines[1]}"])
    free = peak_of("convert", path, folder / "whole.st", "--quiet", "--compression", "none")
    limited = peak_of("convert", path, folder / "part.st", "--quiet", "--compression", "none", "--memory-limit", 0.078)
    least = peak_of("convert", small, folder / "small.st", "--quiet", "--compression", "none")
    size = path.stat().st_size // 1024
    check_same(folder / "whole.st", folder / "part.st", "beside memory")
    assert not [p for p in folder.iterdir() if p.name.startswith(".heavyopt")]
    print(f"a text of {size} KB and numbers of {2500 * 2000 * 8 // 1024}: at most {limited} KB in memory, "
          f"{free} where it may, {least} for two rows")
    assert limited < least + size / 2 and limited < 66e3 < free
    done = run("inspect", path, "--memory-limit", 0.078)
    assert done.returncode == 1 and "more memory" in done.stderr, done.stderr
shutil.rmtree(folder)
print("ok: the same table for any number of rows at a time")
