"""Where OpenBLAS does not know the processor, a command that multiplies matrices is begun again with the right kernels;
what somebody has chosen stays."""
import os
import pathlib
import re
import sys
import tempfile

from under_test import run

flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
if flags is None or not {"avx2", "fma"} <= set(flags[1].split()):
    print("skipped: this processor has no AVX2")
    sys.exit(77)


def cores(*arguments, **environment):
    """The kernels of each time that OpenBLAS was loaded."""
    inherited = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    done = run(*arguments, env={**inherited, "OPENBLAS_VERBOSE": "2", **environment})
    return re.findall(r"^Core: (\w+)$", done.stderr + done.stdout, re.M)


if not cores("--version"):
    print("skipped: the BLAS of this build does not tell its kernels")
    sys.exit(77)
with tempfile.TemporaryDirectory() as name:
    table = pathlib.Path(name) / "table.csv"
    run("generate", table, "-q", "-n", 50, "-d", 20)
    chosen = cores("correlation", table)
    assert 1 <= len(chosen) <= 2 and chosen[-1] not in ("Prescott", "Core2", "Nehalem", "Generic"), chosen
    assert set(cores("correlation", table, OPENBLAS_CORETYPE="Prescott")) == {"Prescott"}
    assert len(cores("inspect", table)) == 1  # nothing is begun again where nothing is multiplied
    print("kernels of OpenBLAS:", *chosen)
