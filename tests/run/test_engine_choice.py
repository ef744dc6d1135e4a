#!/usr/bin/env python3
"""The choice of an engine, on a machine that need not have a device. Without a plug-in a run says one line and is done by
the processor; with --gpu required it ends with exit code 4. A plug-in that cannot be used says why, and keys of the old
files choose as options do."""
from engines import build, common, document, fake, here, run, table, warnings


def optimize(*arguments, code=0, **environment):
    return run("optimize", "-i", table, "-p", 3, "--algorithms", "hc", *common, *arguments, code=code, **environment)


run("generate", "--strategies", 150, "--days", 20, "--seed", 5, "-o", table)
truth, engine = document(optimize())
assert engine["name"] == "cpu" and engine["device"] is None, engine

# No plug-in: one line, the processor, the same document; required: exit code 4; asked for nothing, said nothing.
for done in [optimize("--engine", "cuda"), optimize(HEAVYOPT_GPU="0")]:
    assert document(done)[0] == truth and document(done)[1]["name"] == "cpu"
    assert len(warnings(done)) == 1 and "the processor does the work" in warnings(done)[0], done.stderr
for done in [optimize("--no-gpu", "--gpu", "required"), optimize("--engine", "cpu", HEAVYOPT_GPU="required"),
             optimize(HEAVYOPT_GPU="off")]:
    assert not warnings(done), done.stderr
done = optimize("--gpu", "required", code=4)
assert len(done.stderr.splitlines()) == 1 and "/nonexistent/libheavyopt_cudf.so" in done.stderr, done.stderr
assert "--gpu -1" in optimize("--gpu", -1, code=2).stderr
assert "HEAVYOPT_GPU=first" in optimize(code=2, HEAVYOPT_GPU="first").stderr

# A file that is no plug-in, and a plug-in of another version, are told apart.
(here / "text.so").write_text("no library\n")
assert "cannot be loaded" in warnings(optimize("--engine", "cuda", HEAVYOPT_CUDF=str(here / "text.so")))[0]
assert "another version" in warnings(optimize("--engine", "cuda", HEAVYOPT_CUDF=str(fake),
                                                HEAVYOPT_FAKE_DEVICE="version"))[0]

# A driver, a device, its memory: different lines.
for fail, line in [("no-driver", "the driver is missing"), ("none", "no CUDA device of that number"),
                   ("memory", "no memory left")]:
    done = optimize("--engine", "cuda", HEAVYOPT_CUDF=str(fake), HEAVYOPT_FAKE_DEVICE=fail)
    assert len(warnings(done)) == 1 and line in warnings(done)[0] and document(done)[0] == truth, done.stderr
assert "of that number" in warnings(optimize("--gpu", 3, HEAVYOPT_CUDF=str(fake)))[0]

# Keys of the old configuration files.
config = here / "old.ini"
config.write_text("[general]\nuse_gpu = true\n[cudf]\ngpu_memory_limit_gb = 2\nspill_to_host = true\n")
assert document(optimize("--config", config, HEAVYOPT_CUDF=str(fake)))[1]["name"] == "cuda"
config.write_text("[parquet]\nuse_gpu = true\ncudf_enabled = false\n")
assert document(optimize("--config", config, HEAVYOPT_CUDF=str(fake)))[1]["name"] == "cpu"

# The version names the plug-in.
if not (build / "heavyopt_cudf/libheavyopt_cudf.so").exists():
    assert "the engine is cpu" in run("--version", HEAVYOPT_CUDF="").stdout
assert f"CUDA     {fake}" in run("--version", HEAVYOPT_CUDF=str(fake)).stdout
done = run("validate", table, "-p", 3, "--gpu", "required", code=4)
assert "libheavyopt_cudf.so" in done.stderr, done.stderr
print("done")
