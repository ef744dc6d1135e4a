"""`kill -9` at random moments of a conversion, an append and an export: the store is the old one or the new one, day by
day, and the file is the old one or the new one, byte by byte. A hundred of each: long_kill.sh."""
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
ROUNDS = int(os.environ.get("KILL_ROUNDS", "5"))


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
    run("generate", "-o", folder / "all.csv", "-n", "1500", "-d", str(ROUNDS + 2))
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
        assert report["strategies"] == 1500
        ended += report["rows"] > have
        have = report["rows"]
    run("convert", "--append", folder / "day.csv", store)  # sweeps up what the killed ones left
    assert not [p for p in folder.iterdir() if p.name.startswith(".")], list(folder.iterdir())
    (folder / "want.csv").write_text("\n".join([head, *rows[:json.loads(run("inspect", "--json", store))["rows"]]]) + "\n")
    run("export", store, folder / "got.csv")
    run("export", folder / "want.csv", folder / "same.csv")
    assert (folder / "got.csv").read_bytes() == (folder / "same.csv").read_bytes()

    # one table over another, and back: what is left is one of the two, to the byte
    sources, texts = (folder / "all.csv", folder / "fewer.csv"), {}
    run("export", sources[0], sources[1], "--strat-limit", "1000")
    for source in sources:
        run("export", source, folder / "same.csv")
        texts[(folder / "same.csv").read_bytes()] = source
    run("convert", sources[0], folder / "place")
    run("convert", sources[0], folder / "place.parquet")
    whole = {}
    for source in sources:
        run("convert", source, folder / "one.parquet")
        whole[(folder / "one.parquet").read_bytes()] = source
    now, converted = sources[0], 0
    for i in range(ROUNDS):
        source = sources[(i + 1) % 2]
        done = killed("convert", source, folder / "place", longest=longest)
        run("export", folder / "place", folder / "got.csv")
        before, now = now, texts[(folder / "got.csv").read_bytes()]
        assert now == source if done else now in (before, source), (now, before, source)
        converted += now == source
        killed("convert", source, folder / "place.parquet", longest=longest)
        assert (folder / "place.parquet").read_bytes() in whole
    run("convert", sources[0], folder / "place")
    assert not [p for p in folder.iterdir() if p.name.startswith(".")], list(folder.iterdir())

    file = folder / "out.parquet"
    contents = {}
    for codec in ("snappy", "zstd"):
        run("export", folder / "all.csv", file, "--compression", codec)
        contents[codec] = file.read_bytes()
    for i in range(ROUNDS):
        killed("export", folder / "all.csv", file, "--compression", ("snappy", "zstd")[i % 2], longest=longest)
        assert file.read_bytes() in contents.values()
print(f"kill -9 at {ROUNDS} moments of an append ({ended} had come into force), of a conversion ({converted} had), of one "
      f"into a file and of an export: each left the old or the new, never another")
