"""Where it hurts: names of strategies that break other programs, a folder that cannot be written, a disk that is full, two
conversions of one place at once. The store is the old one or the new one, and every refusal is one line."""
import os
import pathlib
import subprocess
import sys
import tempfile

from under_test import PROGRAM, run

try:
    import pandas
except ImportError as absent:
    print("skipped:", absent)
    sys.exit(77)
if "Arrow    not" in run("--version").stdout:
    print("skipped: this build has no Arrow")
    sys.exit(77)
temporary = tempfile.TemporaryDirectory()
folder = pathlib.Path(temporary.name)


def refused(*arguments, **how):
    done = run(*arguments, code=1, **how)
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("heavyopt: "), done.stderr
    return done


names = ["a,b", 'say "x"', "../../etc/passwd", "/abs", "C:\\con", "\u20b9\U0001F600 emoji", "=1+1", "<b>&amp;</b>", "x" * 10000,
         "semi;colon", "tab\tinside", "line\nbreak", "'quote", "%s%n", "{json}", "-p", "$(id)", "a\u0301 \u202e rtl"]
table = pandas.DataFrame({"Date": pandas.date_range("2024-01-01", periods=9).strftime("%Y-%m-%d"),
                          **{n: [i * 1.5 - t for t in range(9)] for i, n in enumerate(names)}})
table.to_csv(folder / "t.csv", index=False)
want = None
for step, output in (("t.csv", "store"), ("store", "t2.csv"), ("t2.csv", "w.parquet"), ("w.parquet", "w.arrow"), ("w.arrow", "t3.csv")):
    run("export" if "." in output else "convert", folder / step, folder / output)
    if output.endswith(".csv"):
        got = pandas.read_csv(folder / output)
        assert list(got.columns[2:]) == names, [a for a, b in zip(got.columns[2:], names) if a != b]
        assert (got[names] == table[names]).all().all()
        want = want or (folder / output).read_bytes()
        assert (folder / output).read_bytes() == want
assert list(pandas.read_parquet(folder / "w.parquet").columns[2:]) == names
assert list(pandas.read_parquet(folder / "store/strategies.parquet")["name"]) == names
run("optimize", folder / "t.csv", "-p", "3", "--effort", "quick", "-o", folder / "runs", "--quiet", "--no-cache")
inside = {p.name for p in folder.iterdir()}
assert inside == {"t.csv", "store", "t2.csv", "w.parquet", "w.arrow", "t3.csv", "runs"}, inside

# two conversions of one place at once: both end well, and the store is one of the two
run("export", folder / "t.csv", folder / "short.csv", "--to", "2024-01-04")
for _ in range(5):
    both = [subprocess.Popen([PROGRAM, "convert", folder / name, folder / "place", "--quiet"], stderr=subprocess.PIPE, text=True)
            for name in ("t.csv", "short.csv")]
    for one in both:
        said = one.communicate()[1]
        assert one.returncode == 0 or "Traceback" not in said and said.count("\n") == 1, said
    run("export", folder / "place", folder / "x.csv")
    assert pandas.read_csv(folder / "x.csv").shape[0] in (9, 4)
assert not [p for p in folder.iterdir() if p.name.startswith(".")]

# as another user: a folder that may not be written
if os.geteuid() == 0:
    (folder / "closed").mkdir()
    os.chmod(folder, 0o755)
    nobody = {"user": 65534, "group": 65534, "env": {**os.environ, "HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent"}}
    for command, output in (("convert", "closed/store"), ("export", "closed/t.parquet"), ("export", "closed/t.csv")):
        assert "ermission denied" in refused(command, folder / "t.csv", folder / output, **nobody).stderr
    assert not list((folder / "closed").iterdir())

# a small disk: the old store stays when the new one does not fit
small = folder / "small"
small.mkdir()
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small], capture_output=True).returncode == 0:
    try:
        run("generate", "-o", folder / "big.csv", "-n", "500", "-d", "300", "--quiet")
        run("convert", folder / "t.csv", small / "store")
        before = {p: p.read_bytes() for p in small.rglob("*") if p.is_file()}
        said = refused("convert", folder / "big.csv", small / "store").stderr
        assert "No space left" in said, said
        for name in ("big.parquet", "big.arrow", "big.csv"):
            assert "No space left" in refused("export", folder / "big.csv", small / name).stderr
        assert before == {p: p.read_bytes() for p in small.rglob("*") if p.is_file()}
        print("a full disk leaves the old store, and nothing else")
    finally:
        subprocess.run(["umount", small], check=True)
print(f"{len(names)} hostile names through five formats; two writers at once")
