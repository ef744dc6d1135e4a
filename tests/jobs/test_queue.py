"""The queue as clients and servers meet it: good jobs, hostile ones, limits, faults of the share, the end of a server."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from share import Share, end, program, table

LONG = {"config": {"effort": "thorough"}, "input_file": "large.csv", "portfolio_size": 20}


def a_job_is_run_and_its_fields_come_back():
    with Share() as share:
        share.start()
        name = share.run("submit", share.root / "input/small.csv", "-p", "10", "--with", "effort=quick",
                         "--with", "seed=7").stdout.strip()
        folder, result = share.result(name)
        assert folder == "completed" and result["status"] == "completed" and result["return_code"] == 0, result
        run = share.root / result["output_dir"]
        assert sorted(result["output_files"]) == sorted(p.name for p in run.iterdir()), result
        document = json.loads((run / "result.json").read_text())
        assert document["settings"]["seed"] == 7 and len(document["best"]["portfolio"]) == 10
        assert result["best"]["strategies"] == document["best"]["portfolio"]
        assert str(run) in result["stdout"] and ".job-" not in json.dumps(result), result["stdout"]
        done = share.run("submit", "SMALL.csv", "-p", "11", "--with", "effort=quick", "--wait", "60", "--json")
        assert json.loads(done.stdout)["best"]["size"] == 11
        assert f"completed   {name}" in share.run("jobs").stdout
        late = share.run("submit", "small.csv", "-p", "10", "--with", "effort=quick", "--with", "weekday=Monday",
                         "--with", "report=none").stdout.strip()
        seen = json.loads(share.run("jobs", "watch", late, "--seconds", "60", "--json").stdout)
        assert seen["state"] == "completed" and seen["job"]["output_files"] == ["result.json"], seen
        assert json.loads(share.run("jobs", "watch", "--json").stdout)["counts"]["queue"] == 0
        share.run("jobs", "watch", "nobody", code=2)
        assert json.loads(share.run("jobs", "show", name, "--json", "-q").stdout)["job"]["job_id"] == name
        status = json.loads((share.root / "jobs/status/current_status.json").read_text())
        assert status["max_concurrent_jobs"] == 4, status


def old_launchers_are_understood():
    with Share() as share:
        share.start()
        old = {"job_id": "job_1_old", "input_file": "L:\\input\\Small.CSV", "portfolio_size": "12",
               "job_type": "hft_optimization", "timestamp": "Mon 01/01/2024 10:00:00,00", "execution_mode": "gpu",
               "client_info": {"computer_name": "DESK", "username": "Jos\u00e9", "drive_letter": "L:"},
               "config": {"optimization": {"portfolio_size": 40}, "effort": "quick"}}
        share.put("job_1_old", b"\xef\xbb\xbf" + json.dumps(old).replace("\n", "\r\n").encode())
        share.put("job_2_old", json.dumps(dict(old, job_id="job_2_old"), ensure_ascii=False).encode("cp1252"))
        for name in ("job_1_old", "job_2_old"):
            folder, result = share.result(name)
            assert folder == "completed", result
            assert result["client_info"]["username"] == "Jos\u00e9" and result["best"]["size"] == 12, result


def hostile_jobs_fail_alone():
    with Share() as share:
        outside = share.root / "secret.csv"
        table(outside)
        (share.root / "input/link.csv").symlink_to(outside)
        (share.root / "input/bad.csv").write_text("Date,a,b\n2024-01-01,1\n")
        os.utime(share.root / "input/bad.csv", (1, 1))
        share.start()
        good = {"job_id": "x", "input_file": "small.csv", "timestamp": "t"}
        cases = {
            "parent": (dict(good, input_file="../secret.csv"), "outside of input/"),
            "absolute": (dict(good, input_file=str(outside)), "outside of input/"),
            "symlink": (dict(good, input_file="link.csv"), "outside of input/"),
            "device": (dict(good, input_file="/dev/zero"), "expected a .csv"),
            "missing": (dict(good, input_file="nobody.csv"), "not in input/"),
            "noinput": ({"job_id": "x", "timestamp": "t"}, "input_file is missing"),
            "noid": ({"input_file": "small.csv", "timestamp": "t"}, "job_id is missing"),
            "badid": (dict(good, job_id="../x"), "job_id ../x: expected"),
            "large": (dict(good, portfolio_size=101), "portfolio_size: expected"),
            "float": (dict(good, portfolio_size=12.5), "portfolio_size: expected"),
            "words": (dict(good, portfolio_size="many"), "portfolio_size: expected"),
            "types": (dict(good, input_file=["small.csv"]), "input_file is missing"),
            "config": (dict(good, config=[1]), "config: expected an object"),
            "value": (dict(good, config={"seed": "soon"}), "seed = soon: expected a whole number"),
            "toomany": (dict(good, portfolio_size=15), "15"),
            "table": (dict(good, input_file="bad.csv"), "line 2"),
            "array": ([1, 2], "no job in JSON"),
            "deep": (b"[" * 100000, "no job in JSON"),
            "nul": (b"\0" * 100, "no job in JSON"),
            "huge": (b" " * (2 << 20), "larger than 1 MiB"),
            "empty": (b"", "no job in JSON"),
        }
        for name, (job, _) in cases.items():
            share.put(name, job)
        os.symlink("/etc/passwd", share.root / "jobs/queue/passwd.json")
        os.mkfifo(share.root / "jobs/queue/fifo.json")
        (share.root / "jobs/queue/folder.json").mkdir()
        share.put("current_status", good)
        share.put("a b;$(touch pwned)", good)
        share.job("good")
        assert share.result("good")[0] == "completed"
        for name, (_, words) in cases.items():
            folder, result = share.result(name)
            assert folder == "failed" and words in result["error"], (name, result)
        for name in ("passwd", "fifo", "current_status", "a b;$(touch pwned)"):
            assert share.result(name)[0] == "failed", name
        assert "root:" not in (share.root / "jobs/failed/passwd.json").read_text()
        assert share.servers[0].poll() is None and not list(share.root.rglob("pwned"))
        # Unknown fields are copied and never acted on; settings that name places are not for a job to make.
        share.job("sly", status="completed", output_dir="/etc", config={"effort": "quick", "output": "/tmp/sly",
                  "input": "/etc/passwd", "optimize.names": "@/etc/passwd", "threads": 999}, anything={"x": [1, None]})
        folder, result = share.result("sly")
        assert folder == "completed" and result["output_dir"].startswith("output/run_"), result
        assert result["anything"] == {"x": [1, None]} and not pathlib.Path("/tmp/sly").exists()
        assert "config output is not for a job to set" in share.log()


def what_is_still_copied_is_waited_for():
    with Share() as share:
        share.start()
        share.job("early", input_file="late.csv")
        time.sleep(0.5)
        whole = (share.root / "input/small.csv").read_bytes()
        with open(share.root / "input/late.csv", "wb") as late:
            for at in range(0, len(whole), len(whole) // 6 + 1):
                late.write(whole[at:at + len(whole) // 6 + 1])
                late.flush()
                time.sleep(0.3)
        assert share.result("early")[0] == "completed", share.result("early")
        queue = share.root / "jobs/queue/slow.json"  # a client that writes in place
        text = json.dumps({"job_id": "slow", "input_file": "small.csv", "portfolio_size": 10, "timestamp": "t",
                           "config": {"effort": "quick"}})
        queue.write_text(text[:30])
        time.sleep(1)
        queue.write_text(text)
        assert share.result("slow")[0] == "completed", share.result("slow")


def limits_and_cancelling_end_a_job():
    with Share() as share:
        table(share.root / "input/large.csv", 3000, 200)
        hurried = share.start("--workers", "1", "--timeout", "3")
        share.job("long", **LONG)
        share.wait(lambda: "long" in share.names("processing"))
        share.job("waits", **LONG)
        share.run("jobs", "cancel", "waits")
        share.wait(lambda: (share.root / "jobs/status/long.json").exists())
        folder, result = share.result("long")
        assert folder == "failed" and "time limit of 3 s" in result["error"], result
        assert share.result("waits")[1]["status"] == "cancelled"
        end(hurried)
        share.start("--workers", "1")
        share.job("stop", **LONG)
        share.wait(lambda: "stop" in share.names("processing"))
        status = share.root / "jobs/status/stop.json"
        share.wait(lambda: status.exists() and json.loads(status.read_text())["best_fitness"] is not None)
        share.run("jobs", "cancel", "stop")
        folder, result = share.result("stop")
        assert folder == "failed" and result["status"] == "cancelled", result
        assert result["best"]["size"] == 20, result["best"]  # the best so far
        share.run("jobs", "cancel", "stop", code=2)
        share.run("jobs", "show", "nobody", code=2)


def a_failed_job_is_tried_again_and_again_on_demand():
    with Share() as share:
        table(share.root / "input/large.csv", 3000, 200)
        server = share.start()
        share.job("dies", **LONG)
        for _ in range(3):
            share.wait(lambda: share.children(server))
            victim = share.children(server)[0]
            os.kill(victim, signal.SIGKILL)
            share.wait(lambda: victim not in share.children(server))
        folder, result = share.result("dies")
        assert folder == "failed" and result["attempts"] == 3 and "signal 9" in result["error"], result
        share.job("dies2", input_file="nobody.csv")
        share.result("dies2")
        table(share.root / "input/nobody.csv")
        share.run("jobs", "retry", "dies2")
        share.wait(lambda: "dies2" in share.names("completed"))
        assert [e["event"] for e in share.history() if e["job"] == "dies.json"].count("given back") == 2


def a_dead_servers_job_is_taken_over():
    with Share() as share:
        table(share.root / "input/large.csv", 3000, 200)
        first = share.start()
        share.job("orphan", **dict(LONG, config={"effort": "quick"}))
        share.wait(lambda: "orphan" in share.names("processing") and share.children(first))
        child = share.children(first)[0]
        first.kill()
        first.wait()
        share.wait(lambda: not pathlib.Path(f"/proc/{child}").exists(), 10)  # it dies with its server
        share.start()
        folder, result = share.result("orphan")
        assert folder == "completed" and result["attempts"] == 2, result
        # A lease of another machine, whose clock is a day ahead: only its silence counts.
        share.job("foreign")
        lease = {"token": "t", "worker": "far", "attempt": 1, "host": "elsewhere", "pid": 1, "heartbeat": 5}
        os.rename(share.root / "jobs/queue/foreign.json", share.root / "jobs/processing/foreign.json")
        path = share.root / "jobs/processing/foreign.lease"
        for beat in range(6):  # it lives, for longer than a lease
            path.write_text(json.dumps(dict(lease, heartbeat=beat)))
            os.utime(path, (time.time() + 86400,) * 2)
            time.sleep(0.8)
        assert share.names("processing") == ["foreign"], share.log()
        assert share.result("foreign")[1]["attempts"] == 2
        # The folder of an attempt that nobody works on any more, and one that somebody does.
        for name in (".job-lost", ".job-held"):
            (share.root / "output" / name / "run_1").mkdir(parents=True)
        (share.root / "jobs/processing/held.lease").write_text(json.dumps(dict(lease, token="held")))
        share.wait(lambda: not (share.root / "output/.job-lost").exists(), 20)
        assert (share.root / "output/.job-held/run_1").is_dir()
        # A clock that jumped back leaves a pause far in the future: it does not hold.
        (share.root / "jobs/status/jump.json").write_text(json.dumps({"attempts": 1, "retry_after": 2 ** 40}))
        share.job("jump")
        assert share.result("jump")[0] == "completed"


def a_server_stops_gracefully():
    with Share() as share:
        table(share.root / "input/large.csv", 3000, 200)
        server = share.start("--grace", "60")
        share.job("short")
        share.wait(lambda: share.names("processing") or share.names("completed"))
        assert end(server) == 0 and share.names("completed") == ["short"], share.log()
        server = share.start("--grace", "0.2")
        share.job("long", **LONG)
        share.wait(lambda: share.children(server))
        assert end(server) == 0
        assert share.names("queue") == ["long"] and not share.names("processing"), share.log()
        assert json.loads((share.root / "jobs/status/long.json").read_text())["attempts"] == 0


def the_log_is_opened_again():
    with Share() as share:
        server = share.start()
        log = share.root / "logs/heavyopt_serve.log"
        share.wait(lambda: log.exists())
        log.rename(log.with_suffix(".log.1"))
        server.send_signal(signal.SIGHUP)
        share.wait(lambda: log.exists())
        assert server.poll() is None


def the_hook_gets_results_and_hurts_nobody():
    with Share() as share:
        hook = share.root / "my hook.sh"
        hook.write_text(f'#!/bin/sh\ncat >"{share.root}/said.$1.$$"\nexit 3\n')
        hook.chmod(0o755)
        server = share.start("--notify", f'"{hook}" "a b;c"')
        share.job("one")
        assert share.result("one")[0] == "completed"
        share.wait(lambda: list(share.root.glob("said.a b;c.*")))
        share.wait(lambda: json.loads(next(iter(share.root.glob("said.a b;c.*"))).read_text() or "{}"))
        said = json.loads(next(iter(share.root.glob("said.a b;c.*"))).read_text())
        assert said["job_id"] == "one" and said["best"]["size"] == 10
        share.wait(lambda: "notify: ended with code 3" in share.log())
        assert end(server) == 0
        (share.root / "config").mkdir(exist_ok=True)
        (share.root / "config/production_config.ini").write_text("[notify]\ncommand = /no/such/program\n")
        share.start()
        share.job("two")
        assert share.result("two")[0] == "completed"
        share.wait(lambda: "notify: /no/such/program" in share.log())
    with Share() as share:
        share.run("serve", "--notify", '"open', code=2)


def a_share_that_cannot_be_written_is_waited_for():
    """A small file system that fills up, and that becomes read-only for a while."""
    with Share() as share:
        disk = share.root / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(disk)], capture_output=True)
        if mounted.returncode != 0:
            print("skipped: no file system can be mounted here")
            return
        outer = share.root
        try:
            share.root = disk
            (disk / "input").mkdir()
            (disk / "jobs/queue").mkdir(parents=True)
            table(disk / "input/small.csv")
            server = share.start()
            share.wait(lambda: (disk / "jobs/status").is_dir())
            full = disk / "full"
            out = os.open(full, os.O_WRONLY | os.O_CREAT)
            with contextlib.suppress(OSError):
                while True:
                    os.write(out, b"x" * 4096)
            os.close(out)
            share_free = os.statvfs(disk).f_bavail
            assert share_free < 2, share_free
            try:
                share.job("one")
            except OSError:  # not even the client's file finds room
                with open(full, "r+b") as out:
                    out.truncate(os.path.getsize(full) - 8192)
                share.job("one")
            time.sleep(1.5)
            assert server.poll() is None and share.names("completed") == [], share.log()
            full.unlink()
            assert share.result("one")[0] == "completed", share.result("one")
            share.job("two")
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=False, capture_output=True)
            time.sleep(1)
            assert server.poll() is None
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
            assert share.result("two")[0] == "completed", share.result("two")
            assert end(server) == 0
        finally:
            share.root = outer
            for running in share.servers:
                if running.poll() is None:
                    running.kill()
                    running.wait()
            subprocess.run(["umount", "-l", str(disk)], check=False)


def new_tables_become_jobs():
    with Share() as share:
        table(share.root / "input/small.csv", 40)
        share.environment["HEAVYOPT_OPTIMIZE_EFFORT"] = "quick"  # of jobs that say nothing of it
        share.start("--watch-input")
        table(share.root / "input/desk_ps12.csv", seed=3)
        share.wait(lambda: len(share.names("completed")) == 2)
        jobs = [json.loads((share.root / f"jobs/completed/{name}.json").read_text()) for name in share.names("completed")]
        assert {job["input_file"]: job["portfolio_size"] for job in jobs} == {"desk_ps12.csv": 12, "small.csv": 35}
        time.sleep(1)
        assert len(share.names("completed")) == 2 and not share.names("queue")


def several_servers_and_versions_share_the_work():
    """Leases of a later version may hold more than this one knows."""
    with Share() as share:
        for i in range(12):
            share.job(f"job{i}")
        servers = [share.start("--workers", "2"), share.start("--workers", "2")]
        path = share.root / "jobs/processing/later.lease"
        share.wait(lambda: path.parent.exists())
        path.write_text(json.dumps({"token": "t", "format": 9, "worker": {"name": "x"}, "attempt": "two",
                                    "heartbeat": []}))
        share.put("later", {"job_id": "later", "input_file": "small.csv", "portfolio_size": 10, "timestamp": "t",
                            "config": {"effort": "quick"}})
        for i in range(12):
            assert share.result(f"job{i}")[0] == "completed"
        assert share.result("later")[0] == "completed"
        ends = [e["job"] for e in share.history() if e["event"] == "finished"]
        assert len(ends) == len(set(ends)) == 13, ends
        for server in servers:
            assert end(server) == 0


def usage_is_checked():
    with Share() as share:
        share.run("submit", "nobody.csv", code=3)
        share.run("submit", "small.csv", "--name", "../x", code=2)
        share.run("submit", "small.csv", "--with", "seed", code=2)
        share.run("submit", "small.csv", "-p", "5", code=2)
        share.run("submit", "small.csv", "--name", "twice")
        share.run("submit", "small.csv", "--name", "twice", code=2)
        share.run("serve", "--heartbeat", "50", "--lease", "60", code=2)
        assert (share.root / "jobs/queue/twice.json").exists()
        none = subprocess.run([program, "jobs", "--share", str(share.root / "input")], capture_output=True, text=True)
        assert none.returncode == 2 and "has no folder jobs/queue" in none.stderr, none


tests = [value for value in list(globals().values()) if getattr(value, "__module__", "") == "__main__"
         and callable(value) and value.__name__[0].islower()]
wanted = sys.argv[1:]
for test in tests:
    if wanted and test.__name__ not in wanted:
        continue
    begun = time.monotonic()
    test()
    print(f"{test.__name__.replace('_', ' ')}: {time.monotonic() - begun:.1f} s", flush=True)
