#!/usr/bin/env python3
"""With a plug-in whose device is the processor itself a run's document is that of the
processor: of a table that the device holds whole, of one that goes through it in parts, and after the device is lost on
the way."""
import json

from engines import calls_of, common, document, fake, here, run, table, warnings

log = here / "calls"


def search(*arguments, **environment):
    log.unlink(missing_ok=True)
    return run("optimize", "-i", table, "-p", 20, "--algorithms", "hc,rs", *common, *arguments,
               HEAVYOPT_FAKE_LOG=str(log), **environment)


def on_fake(*arguments, fail="", **environment):
    return search("--engine", "cuda", *arguments, HEAVYOPT_CUDF=str(fake), HEAVYOPT_FAKE_DEVICE=fail, **environment)


run("generate", "--strategies", 2500, "--days", 30, "--seed", 5, "-o", table)

# With a device: the same document, and the device has worked and holds nothing at the end.
truth, engine = document(search())
done = on_fake()
same, engine = document(done)
assert same == truth and engine["name"] == "cuda" and engine["device"] == "fake device", engine
calls = calls_of(log)
print("a whole table:", calls)
assert calls["holds"] == 2 and calls["sieves"] > 10 and calls["sets"] > 10 and calls["taken"] == 0

# Memory for a part of the table only: it spills, or says that it may not.
done = on_fake("--gpu-memory-limit", 0.001)
calls = calls_of(log)
print("in parts:", calls)
assert document(done)[0] == truth and not warnings(done) and calls["holds"] == calls["sieves"] > 100, calls
done = on_fake("--gpu-memory-limit", 0.001, "--spill-to-host=false")
assert document(done)[0] == truth and "may not spill" in warnings(done)[0], done.stderr
done = on_fake("--gpu-memory-limit", 0.0001)
assert document(done)[0] == truth and "do not fit" in warnings(done)[0], done.stderr

# A device that is lost after some calls: one line, and nothing of the result is.
done = on_fake(fail="lost:2")
assert document(done)[0] == truth
assert len(warnings(done)) == 1 and "the device is lost" in warnings(done)[0], done.stderr

# Correlations: the same numbers but for their last digits, by the device or what is left of it.
truth = json.loads(run("correlation", table, "--no-cache", "--json").stdout)
for fail, more in [("", 0), ("lost:2", 1)]:
    log.unlink()
    done = run("correlation", table, "--no-cache", "--json", "--engine", "cuda", HEAVYOPT_CUDF=str(fake),
               HEAVYOPT_FAKE_DEVICE=fail, HEAVYOPT_FAKE_LOG=str(log))
    got, calls = json.loads(done.stdout), calls_of(log)
    assert got["engine"] == "fake device" and len(warnings(done)) == more, done.stderr
    assert calls["tiles"] == (2 if fail else 15) and calls["taken"] == 0, calls
    assert abs(got["mean"] - truth["mean"]) < 1e-6 and got["pairs"] == truth["pairs"]
    for name in ["constant", "identical", "largest", "clusters"]:
        assert got[name] == truth[name], name
print("done")
