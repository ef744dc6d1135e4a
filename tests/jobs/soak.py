#!/usr/bin/env python3
"""Many jobs, several servers, and processes killed at random: every job ends exactly once.

    tests/jobs/soak.py [JOBS]     1000 when not given; HEAVYOPT_BUILD names the build folder

Eight submitters put the jobs in, two servers with two workers each run them; job processes and whole servers are
killed (SIGKILL) or stopped for a while (SIGSTOP) until all is done. Then the folders and the history are counted."""
import collections
import os
import random
import signal
import sys
import threading
import time

from share import Share, table

SUBMITTERS = 8


def submit(share, number, names):
    draw = random.Random(number)
    for name in names:
        share.job(name, input_file=f"table{draw.randrange(4)}.csv")
        time.sleep(draw.random() * 0.01)


def memory(server):
    try:
        with open(f"/proc/{server.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    except (OSError, StopIteration):
        return 0


def soak(jobs, kills_a_hundred=12):
    draw = random.Random(jobs)
    with Share() as share:
        # a sanitizer keeps what was freed, and that is no growth of ours
        share.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
        for i in range(4):
            table(share.root / f"input/table{i}.csv", seed=i)
        names = [f"job_{i:05}" for i in range(jobs)]
        start = lambda: share.start("--workers", "2", "--grace", "1")
        servers = [start(), start()]
        submitters = [threading.Thread(target=submit, args=(share, i, names[i::SUBMITTERS]))
                      for i in range(SUBMITTERS)]
        for thread in submitters:
            thread.start()
        begun, killed, stopped, sizes = time.monotonic(), collections.Counter(), [], collections.defaultdict(list)
        done = lambda: len(share.names("completed")) + len(share.names("failed"))
        budget = {"job": jobs * kills_a_hundred // 100, "server": max(2, jobs // 60), "pause": max(1, jobs // 100)}
        while done() < jobs or share.names("processing") or share.names("queue"):
            assert time.monotonic() - begun < 60 + 2 * jobs, share.log()[-4000:]
            time.sleep(draw.random() * 0.2)
            for i, server in enumerate(servers):
                if server.poll() is not None:
                    # SIGTERM ends one that had not begun to listen; it had no job either.
                    assert server.returncode in (0, -signal.SIGKILL, -signal.SIGTERM), \
                        (server.returncode, share.log()[-4000:])
                    servers[i] = start()
                sizes[servers[i].pid].append(memory(servers[i]))
            which = draw.choice(["job", "job", "server", "pause", "none", "none"])
            victim = draw.choice(servers)
            if budget.get(which, 0) <= 0:
                continue
            if which == "job" and share.children(victim):
                try:
                    os.kill(draw.choice(share.children(victim)), signal.SIGKILL)
                except (ProcessLookupError, IndexError):
                    continue
            elif which == "server":
                victim.send_signal(draw.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]))
                victim.wait(timeout=60)
            elif which == "pause":  # longer than the lease: its jobs go to the other, its results are thrown away
                victim.send_signal(signal.SIGSTOP)
                time.sleep(3.5)
                victim.send_signal(signal.SIGCONT)
            else:
                continue
            budget[which] -= 1
            killed[which] += 1
        for thread in submitters:
            thread.join()
        # what a lost attempt left behind is swept after a lease's time
        share.wait(lambda: not [p for p in (share.root / "output").iterdir() if p.name.startswith(".")], 30)
        for server in servers:
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=60) == 0
        completed, failed = share.names("completed"), share.names("failed")
        assert sorted(completed + failed) == names, "a job is lost or has two ends"
        ends = collections.Counter(line["job"].removesuffix(".json") for line in share.history()
                                   if line["event"] == "finished")
        twice = [name for name in names if ends[name] != 1]
        assert not twice, f"not ended exactly once: {[(n, ends[n]) for n in twice][:5]}"
        runs = [p.name for p in (share.root / "output").iterdir()]
        assert not [name for name in runs if name.startswith(".")], "a staging folder was left"
        assert len(runs) == len(completed), f"{len(runs)} run folders of {len(completed)} completed jobs"
        for name in failed:
            assert share.result(name)[1]["attempts"] == 3, share.result(name)
        growth = max((max(s[len(s) // 2:]) - max(s[:len(s) // 2 + 1]) for s in sizes.values() if len(s) > 40),
                     default=0)
        assert growth < 4096, f"a server grew by {growth} kB"
        print(f"{jobs} jobs: {len(completed)} completed, {len(failed)} failed after three attempts; killed "
              f"{killed['job']} job processes and {killed['server']} servers, paused {killed['pause']}; "
              f"{sum(line['event'] == 'rescued' for line in share.history())} taken over, "
              f"{sum(line['event'] == 'discarded' for line in share.history())} results thrown away; "
              f"memory grew by {growth} kB; {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    soak(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
