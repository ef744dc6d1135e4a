#!/usr/bin/env python3
"""Searches by a fitness that is scanned in double, with a plug-in whose device is the processor itself: by a walk's counts,
by one that the processor finishes, by its spread; with copies of columns, in parts, and with a device that is lost in the
middle of a scan. The document is that of the processor."""
from engines import calls_of, common, document, fake, here, run, table, warnings

log = here / "calls"
run("generate", "--strategies", 2300, "--days", 58, "--seed", 5, "-o", table)
copied = here / "copied.csv"
lines = [line.split(",") for line in table.read_text().splitlines()]
half = len(lines[0]) // 2
copied.write_text("\n".join(",".join(line + ([name + "_again" for name in line[half:]] if i == 0 else line[half:]))
                            for i, line in enumerate(lines)) + "\n")


def search(source, *arguments, fail="", **environment):
    log.unlink(missing_ok=True)
    done = run("optimize", "-i", source, "-p", 4, "--algorithms", "hc", *common, "--seed", 3, *arguments,
               HEAVYOPT_FAKE_LOG=str(log), HEAVYOPT_FAKE_DEVICE=fail, **environment)
    return document(done)[0], calls_of(log) if log.exists() else None, done


whole, parts, lost = ([], ""), (["--gpu-memory-limit", "0.0053"], ""), ([], "lost:5")
for source, fitness, ways in [(table, ["--metric", "profit factor"], [lost]),
                              (table, ["--fitness", "enhanced", "--capital", "1e6"], [whole]),
                              (copied, ["--fitness", "weighted", "--weight", "sortino=1"], [parts])]:
    truth, _, _ = search(source, *fitness)
    for more, fail in ways:
        same, calls, done = search(source, "--engine", "cuda", *fitness, *more, fail=fail, HEAVYOPT_CUDF=str(fake))
        print(fitness, more, fail, calls)
        assert same == truth and calls["taken"] == 0, (fitness, more, fail)
        assert calls["scans"] == 5 if fail else calls["scans"] > 10, calls
        assert len(warnings(done)) == (1 if fail else 0), done.stderr
print("done")
