"""CSV files packed by gzip and zstd: the same table as the plain file, from the cache too; damage is named."""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if not program.exists() or "Arrow    not" in subprocess.run([program, "--version"], capture_output=True,
                                                            text=True).stdout:
    print("skipped: no program, or a build without Arrow")
    sys.exit(77)
folder = pathlib.Path(tempfile.mkdtemp())
os.environ["HEAVYOPT_CACHE"] = str(folder / "cache")


def inspect(path, status=0):
    done = subprocess.run([program, "inspect", "--json", path], capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout) if status == 0 else done.stderr


subprocess.run([program, "generate", "-o", folder / "t.csv", "-n", "300", "-d", "40"], check=True, capture_output=True)
text = (folder / "t.csv").read_bytes()
packed = {"one.csv.gz": gzip.compress(text), "two.csv.gz": gzip.compress(text[:5000]) + gzip.compress(text[5000:]),
          "stored.gz": gzip.compress(text, compresslevel=0)}
try:
    import pyarrow
    packed["t.csv.zst"] = pyarrow.Codec("zstd").compress(text, asbytes=True)
except ImportError:
    pass
subprocess.run([program, "convert", folder / "t.csv", folder / "plain"], check=True, capture_output=True)
same = ("pnl", "periods.parquet")
for name, data in packed.items():
    (folder / name).write_bytes(data)
    report = inspect(folder / name)
    assert report["strategies"] == 300 and report["periods"] == 40 and report["bytes"] == len(data), report
    store = folder / f"{name}.store"
    subprocess.run([program, "convert", folder / name, store], check=True, capture_output=True)
    for part in sorted((folder / "plain/pnl").rglob("*.parquet")):
        assert part.read_bytes() == (store / part.relative_to(folder / "plain")).read_bytes(), part
# the cache knows the packed file again
run = [program, "evaluate", "-i", folder / "one.csv.gz", "--portfolio"]
head = text.split(b"\n", 1)[0].decode().split(",")
(folder / "p.txt").write_text(head[5] + "\n")
for _ in range(2):
    done = subprocess.run([*run, folder / "p.txt"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
assert len(list((folder / "cache").iterdir())) == 1
# damage
whole = packed["one.csv.gz"]
for data, word in ((whole[:-9], "ends too early"), (whole[: len(whole) // 2], "ends too early"),
                   (whole[:2000] + b"\x00\xff\x00" + whole[2003:], ""), (b"\x1f\x8b", "ends too early"),
                   (gzip.compress(b"Date,a\n" + b" " * 200_000_000)[:100_000], "")):
    (folder / "bad.csv.gz").write_bytes(data)
    words = inspect(folder / "bad.csv.gz", 3)
    assert words.count("\n") == 1 and "bad.csv.gz" in words and word in words, words
if "t.csv.zst" in packed:  # four gigabytes out of nothing
    bomb = pyarrow.Codec("zstd").compress(b"Date,a\n" + b"0" * 300_000_000, asbytes=True)
    (folder / "bomb.zst").write_bytes(bomb)
    words = inspect(folder / "bomb.zst", 3)
    assert "that is no table" in words, words
print(f"{len(packed)} packed files read as the plain one")
