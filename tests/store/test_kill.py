"""`kill -9` at random moments of an append and of an export: the store is the old one or the new one, day by day, and
the file is the old one or the new one, byte by byte."""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
if "Arrow    not" in subprocess.run([program, "--version"], capture_output=True, text=True).stdout:
    print("skipped: this build has no Arrow")
    sys.exit(77)
rng = random.Random(int(time.time()))
ROUNDS = int(os.environ.get("KILL_ROUNDS", "15"))


def run(*arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def killed(*arguments, longest):
    """True when it came to its end before the signal."""
    writer = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.uniform(0, longest))
    writer.send_signal(signal.SIGKILL)
    return writer.wait() == 0


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    store = folder / "store"
    run("generate", "-o", folder / "all.csv", "-n", "3000", "-d", str(ROUNDS + 2))
    head, *rows = (folder / "all.csv").read_text().splitlines()
    (folder / "day.csv").write_text("\n".join([head, rows[0]]) + "\n")
    start = time.time()
    run("convert", folder / "day.csv", store)
    longest = 2 * (time.time() - start)
    have, ended = 1, 0
    for _ in range(ROUNDS):
        (folder / "day.csv").write_text("\n".join([head, rows[have]]) + "\n")
        whole = killed("convert", "--append", folder / "day.csv", store, longest=longest)
        report = json.loads(run("inspect", "--json", store))
        assert report["rows"] in ((have + 1,) if whole else (have, have + 1)), (report["rows"], have)
        assert report["strategies"] == 3000
        ended += report["rows"] > have
        have = report["rows"]
    run("convert", "--append", folder / "day.csv", store)  # sweeps up what the killed ones left
    assert not [p for p in folder.iterdir() if p.name.startswith(".")], list(folder.iterdir())
    (folder / "want.csv").write_text("\n".join([head, *rows[:json.loads(run("inspect", "--json", store))["rows"]]]) + "\n")
    run("export", store, folder / "got.csv")
    run("export", folder / "want.csv", folder / "same.csv")
    assert (folder / "got.csv").read_bytes() == (folder / "same.csv").read_bytes()

    file = folder / "out.parquet"
    contents = {}
    for codec in ("snappy", "zstd"):
        run("export", folder / "all.csv", file, "--compression", codec)
        contents[codec] = file.read_bytes()
    for i in range(ROUNDS):
        killed("export", folder / "all.csv", file, "--compression", ("snappy", "zstd")[i % 2], longest=longest)
        assert file.read_bytes() in contents.values()
print(f"{ROUNDS} appends killed, {ended} of them done before; {ROUNDS} exports killed")
