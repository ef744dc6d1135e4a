"""A panel in and out by the Arrow C Data Interface, from a program that links libheavyopt: here Python, by ctypes."""
import ctypes
import datetime
import hmac  # before the library, which brings the system's libcrypto: a Python with one of its own minds the order
import os
import pathlib
import random
import re
import subprocess
import sys

assert hmac
build = pathlib.Path(os.environ["HEAVYOPT_BUILD"])
try:
    import pyarrow
except ImportError as absent:
    print("skipped:", absent)
    sys.exit(77)
if "Arrow    not" in subprocess.run([build / "heavyopt", "--version"], capture_output=True, text=True).stdout:
    print("skipped: a build without Arrow")
    sys.exit(77)
needed = subprocess.run(["ldd", build / "libheavyopt.so"], capture_output=True, text=True).stdout
sanitizer = re.findall(r"lib(?:asan|stdc\+\+)\S* => (\S+)", needed)
if "libasan" in needed and "libasan" not in os.environ.get("LD_PRELOAD", ""):  # it wants to be loaded first
    leaks = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"  # Python's own
    os.execve(sys.executable, [sys.executable, *sys.argv],
              dict(os.environ, LD_PRELOAD=":".join(sorted(sanitizer)), ASAN_OPTIONS=leaks))
library = ctypes.CDLL(str(build / "libheavyopt.so"))
pointer = ctypes.c_void_p
for name, result, arguments in (
        ("ho_panel_import_arrow", ctypes.c_int, [pointer, pointer, ctypes.c_int, pointer, pointer, pointer]),
        ("ho_panel_export_arrow", ctypes.c_int, [pointer, pointer, pointer]),
        ("ho_panel_row", ctypes.POINTER(ctypes.c_double), [pointer, ctypes.c_size_t]),
        ("ho_panel_name", ctypes.c_char_p, [pointer, ctypes.c_size_t]),
        ("ho_panel_periods", ctypes.c_size_t, [pointer]), ("ho_panel_strategies", ctypes.c_size_t, [pointer]),
        ("ho_panel_free", None, [pointer]), ("ho_load_report_clear", None, [pointer])):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments
stream = ctypes.create_string_buffer(64)
report = ctypes.create_string_buffer(4096)  # more than the struct is
error = ctypes.create_string_buffer(1024)


def take(reader):
    """The panel of a reader as (status, handle)."""
    reader._export_to_c(ctypes.addressof(stream))
    panel = pointer()
    status = library.ho_panel_import_arrow(stream, None, 1, ctypes.byref(panel), report, error)
    assert not any(stream.raw[24:32]), "the stream was not released"
    return status, panel


rng = random.Random(1)
names = ["a", "b \u20b9", "total of none"]
days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=t) for t in range(30)]
table = pyarrow.table({"Date": days, **{n: [rng.choice([-0.0, rng.gauss(0, 99)]) for _ in days] for n in names}})
status, panel = take(table.to_reader(max_chunksize=7))
assert status == 0, error.value
assert (library.ho_panel_periods(panel), library.ho_panel_strategies(panel)) == (30, 3)
assert [library.ho_panel_name(panel, j).decode() for j in range(3)] == names
for t in range(30):
    row = library.ho_panel_row(panel, t)
    assert [repr(row[j]) for j in range(3)] == [repr(table[n][t].as_py()) for n in names]
library.ho_load_report_clear(report)

assert library.ho_panel_export_arrow(panel, stream, error) == 0, error.value
library.ho_panel_free(ctypes.byref(panel))  # the stream has a copy
back = pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(stream)).read_all()
assert back.column_names == ["Date", "Day", *names] and back["Date"].to_pylist() == days
assert [repr(x) for n in names for x in back[n].to_pylist()] == [repr(x) for n in names for x in table[n].to_pylist()]
status, panel = take(back.to_reader())
assert status == 0 and library.ho_panel_strategies(panel) == 3
library.ho_panel_free(ctypes.byref(panel))
library.ho_load_report_clear(report)


def broken():
    yield table.to_batches()[0]
    raise ValueError("the well ran dry")


status, panel = take(pyarrow.RecordBatchReader.from_batches(table.schema, broken()))
assert status != 0 and b"ran dry" in error.value and not panel, error.value
status, panel = take(table.drop_columns(["Date"]).to_reader())
assert status != 0 and b"no column is named Date" in error.value and not panel
print("panels went in and out")
