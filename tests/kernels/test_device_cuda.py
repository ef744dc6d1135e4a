#!/usr/bin/env python3
"""The device kernels compile as CUDA with no warning: by nvcc for sm_80, sm_90 and PTX, and by NVRTC for the same, with
no spilled register and no contraction of a product with a sum. Nothing is run: a machine with the toolkit needs no
device for this. Without the toolkit the test is skipped."""
import ctypes
import ctypes.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

source = pathlib.Path(os.environ["HEAVYOPT_SOURCE"])
kernels = source / "src/kernels/device"
parts = ["words.h", "shapes.h", "swaps.inc", "sets.inc", "columns.inc"]
names = ["scan", "sieve", "keep", "walk_sets", "weigh", "units", "series"]
home = pathlib.Path(os.environ.get("CUDA_HOME", "/usr/local/cuda"))


def nvcc_of():
    return shutil.which("nvcc") or next((str(p) for p in [home / "bin/nvcc"] if p.exists()), None)


def by_nvcc(nvcc):
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "kernels.cu"
        text.write_text("".join(f'#include "kernels/device/{part}"\n' for part in parts))
        out = pathlib.Path(folder) / "kernels.fatbin"
        done = subprocess.run(
            [nvcc, "-std=c++17", "-O3", "-fmad=false", "-Xptxas", "-v", "-Werror", "all-warnings", f"-I{source}/src",
             "-fatbin", "-gencode", "arch=compute_80,code=sm_80", "-gencode",
             "arch=compute_90,code=[sm_90,compute_90]", "-o", out, text], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        told = done.stderr
        for name in names:
            assert told.count(f"Compiling entry function 'ho_device_{name}'") == 2, (name, told)
        spills = [line for line in told.splitlines() if "spill" in line]
        assert len(spills) == 2 * len(names), told
        assert all("0 bytes spill stores, 0 bytes spill loads" in line for line in spills), spills
        print(f"nvcc: {len(names)} kernels for sm_80, sm_90 and PTX, {out.stat().st_size} bytes, no spills")


def nvrtc_library():
    for path in [home / "lib64/libnvrtc.so", ctypes.util.find_library("nvrtc")]:
        if path and (not isinstance(path, pathlib.Path) or path.exists()):
            return ctypes.CDLL(str(path))
    return None


def by_nvrtc(nvrtc, target, size_call, text_call):
    program = ctypes.c_void_p()
    text = "".join((kernels / part).read_text() for part in parts).encode()
    assert nvrtc.nvrtcCreateProgram(ctypes.byref(program), text, b"kernels.cu", 0, None, None) == 0
    options = [f"--gpu-architecture={target}".encode(), b"--fmad=false", b"--std=c++17"]
    status = nvrtc.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    assert status == 0 and not log.value, log.value.decode()
    assert getattr(nvrtc, size_call)(program, ctypes.byref(size)) == 0 and size.value > 0
    made = ctypes.create_string_buffer(size.value)
    assert getattr(nvrtc, text_call)(program, made) == 0
    nvrtc.nvrtcDestroyProgram(ctypes.byref(program))
    return made.raw


nvcc = nvcc_of()
nvrtc = nvrtc_library()
if nvcc is None or nvrtc is None:
    print("skipped: no CUDA toolkit (nvcc and libnvrtc)")
    sys.exit(77)
by_nvcc(nvcc)
for target in ["sm_80", "sm_90"]:
    print(f"NVRTC: {target}, {len(by_nvrtc(nvrtc, target, 'nvrtcGetCUBINSize', 'nvrtcGetCUBIN'))} bytes")
ptx = by_nvrtc(nvrtc, "compute_90", "nvrtcGetPTXSize", "nvrtcGetPTX").decode()
assert all(f".entry ho_device_{name}" in ptx for name in names)
assert "fma." not in ptx.replace(".visible", ""), [line for line in ptx.splitlines() if "fma." in line][:3]
assert ".approx" not in ptx
print(f"NVRTC: PTX, {len(ptx)} bytes, no fused multiply-add and no approximate quotient")
