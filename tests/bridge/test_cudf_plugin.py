#!/usr/bin/env python3
"""The plug-in for NVIDIA devices, where it was built (-DHEAVYOPT_CUDF=ON): it shows one symbol and no path of this
machine, it loads from its own folder, and on a machine without a device a run says so in one line."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import under_test

build = pathlib.Path(os.environ["HEAVYOPT_BUILD"])
plugin = build / "heavyopt_cudf/libheavyopt_cudf.so"
if not plugin.exists():
    print("skipped: built without the plug-in (docs/GPU.md)")
    sys.exit(77)


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


symbols = [line.split()[-1] for line in said("nm", "-D", "--defined-only", plugin).splitlines()]
assert symbols == ["ho_device_plugin"], symbols
entries = said("readelf", "-d", plugin)
paths = [line.split("[")[1].rstrip("]") for line in entries.splitlines() if "RUNPATH" in line or "RPATH" in line]
assert paths == ["$ORIGIN"], paths
for library in ["libcudf.so", "librmm.so", "libcublas.so"]:
    assert f"[{library}" in entries, entries
assert "not found" not in said("ldd", plugin)
print(f"{plugin.stat().st_size} bytes, one symbol, RUNPATH {paths[0]}")

with tempfile.TemporaryDirectory(prefix="heavyopt-plugin-") as folder:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HEAVYOPT_GPU", "HEAVYOPT_CUDF"))}

    def run(*arguments):
        return under_test.run(*arguments, code=None, cwd=folder, env=environment)

    assert f"CUDA     {plugin}" in run("--version").stdout
    assert run("generate", "--strategies", "150", "--days", "20", "-o", "table.csv").returncode == 0
    optimize = ["optimize", "-i", "table.csv", "-p", "3", "--algorithms", "hc", "--effort", "quick", "--no-cache",
                "--no-bound", "--report", "none", "--json"]
    wished = run(*optimize, "--engine", "cuda")
    assert wished.returncode == 0, wished.stderr
    engine = json.loads(wished.stdout)["engine"]
    required = run(*optimize, "--gpu", "required")
    if engine["name"] == "cuda":
        print("with", engine["device"])
        assert required.returncode == 0, required.stderr
    else:
        warnings = [line for line in wished.stderr.splitlines() if "warning: no CUDA device: " in line]
        assert len(warnings) == 1, wished.stderr
        assert required.returncode == 4 and required.stderr.startswith("heavyopt: no CUDA device: "), required.stderr
        print(required.stderr.strip())
