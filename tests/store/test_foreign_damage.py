"""Damaged files of other programs: cut short, bytes flipped, written over. Each is read in a process of its own, which
must end by itself with a table or with one line of refusal, whatever the file says about itself. Files with checksums
never give another number."""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

from under_test import SLOW

try:
    import numpy
    import pyarrow
    import pyarrow.feather
    import pyarrow.parquet
except ImportError as absent:
    print("skipped:", absent)
    sys.exit(77)
program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if "Arrow    not" in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
    print("skipped: this build has no Arrow")
    sys.exit(77)
# a length that lies makes Arrow ask for a terabyte: that is refused memory, not a crash
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":allocator_may_return_null=1"
folder = pathlib.Path(tempfile.mkdtemp())
rng = random.Random(int(os.environ.get("DAMAGE_SEED", "1")))
rounds = int(os.environ.get("DAMAGE_ROUNDS", "8" if SLOW else "25"))
T, N = 50, 6
days = numpy.arange(T) + numpy.datetime64("2024-01-01")
table = pyarrow.table({"Date": days, "Zone": ["A", "B"] * (T // 2),
                       **{f"s{j}": numpy.array([rng.gauss(0, 99) for _ in range(T)]) for j in range(N)}})
tall = pyarrow.table({"date": numpy.repeat(days, N), "strategy": [f"s{j}" for j in range(N)] * T,
                      "pnl": [rng.gauss(0, 99) for _ in range(T * N)]})


def run(path):
    done = subprocess.run([program, "inspect", path], capture_output=True, text=True, errors="replace", timeout=60)
    assert done.returncode in (0, 1, 3), (path, done.returncode, done.stderr)
    said = [line for line in done.stderr.splitlines() if "WARNING: AddressSanitizer failed to allocate" not in line]
    if done.returncode != 0:
        assert len(said) == 1 and said[0].startswith("heavyopt: "), done.stderr
    return done.returncode


def damaged(data):
    kind = rng.randrange(5)
    at = rng.randrange(len(data))
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1:]
    if kind == 2:  # the footer, where lengths and counts are
        at = len(data) - 1 - rng.randrange(min(600, len(data) - 1))
        return data[:at] + rng.randbytes(1) + data[at + 1:]
    if kind == 3:
        return data[:at] + rng.choice([b"\xff" * 8, b"\0" * 8, rng.randbytes(4)]) + data[at + 8:]
    other = rng.randrange(len(data))
    return data[:at] + data[other:other + 40] + data[at + 40:]


outcomes = {}
for name, what, write in (
        ("plain.parquet", table, lambda t, p: pyarrow.parquet.write_table(t, p, compression="none")),
        ("small.parquet", table, lambda t, p: pyarrow.parquet.write_table(t, p, compression="zstd", row_group_size=9)),
        ("tall.parquet", tall, lambda t, p: pyarrow.parquet.write_table(t, p)),
        ("t.arrow", table, lambda t, p: pyarrow.feather.write_feather(t, p, compression="uncompressed")),
        ("lz4.arrow", tall, lambda t, p: pyarrow.feather.write_feather(t, p, compression="lz4"))):
    write(what, folder / name)
    data = (folder / name).read_bytes()
    assert run(folder / name) == 0
    for _ in range(rounds):
        (folder / name).write_bytes(damaged(data))
        status = run(folder / name)
        outcomes[status] = outcomes.get(status, 0) + 1

# pages with checksums: a flip in a page's values is seen
pyarrow.parquet.write_table(table, folder / "sums.parquet", compression="none", use_dictionary=False,
                            write_page_checksum=True)
data = (folder / "sums.parquet").read_bytes()
value = numpy.asarray(table["s3"])[20].tobytes()
at = data.index(value)
for bit in range(0, 64, 9) if SLOW else range(64):
    flipped = bytearray(data)
    flipped[at + bit // 8] ^= 1 << bit % 8
    (folder / "sums.parquet").write_bytes(flipped)
    assert run(folder / "sums.parquet") == 3, bit
print("damaged files ended as", dict(sorted(outcomes.items())))
