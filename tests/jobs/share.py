"""A share for the tests of jobs/: folders, tables, servers that are started and ended, results."""
import contextlib
import datetime
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

build = os.environ.get("HEAVYOPT_BUILD", "build/release")
program = os.path.join(build, "heavyopt")
if not os.access(program, os.X_OK):
    print(f"skipped: {program} is not built")
    sys.exit(77)


def table(path, strategies=14, days=8, seed=1):
    draw = random.Random(seed)
    lines = ["Date," + ",".join(f"S{j}" for j in range(strategies))]
    for t in range(days):
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=t)
        lines.append(f"{day}," + ",".join(f"{draw.gauss(20, 900):.2f}" for _ in range(strategies)))
    path.write_text("\n".join(lines) + "\n")
    os.utime(path, (time.time() - 60,) * 2)  # not one that is still copied


class Share:
    """with Share() as share: ... ; servers that still run at the end are killed."""

    def __enter__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="heavyopt-share-"))
        self.servers = []
        self.environment = dict(os.environ, HEAVYOPT_CACHE=str(self.root / "cache"), OMP_NUM_THREADS="1")
        for folder in ("input", "jobs/queue"):
            (self.root / folder).mkdir(parents=True)
        table(self.root / "input/small.csv")
        return self

    def __exit__(self, *_):
        for server in self.servers:
            if server.poll() is None:
                server.kill()
            server.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, *options):
        fast = ["--poll", "0.1", "--lease", "3", "--heartbeat", "0.5", "--retry-pause", "0.2", "--input-wait", "2",
                "--threads", "1"]
        log = open(self.root / f"server{len(self.servers)}.txt", "w")
        server = subprocess.Popen([program, "serve", "--share", str(self.root), "--quiet", *fast, *options],
                                  stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment)
        log.close()
        self.servers.append(server)
        return server

    def run(self, *arguments, code=0):
        done = subprocess.run([program, *map(str, arguments), "--share", str(self.root)], capture_output=True,
                              text=True, env=self.environment, timeout=300)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def put(self, name, job):
        """Writes a job file as a client does: under another name first."""
        part = self.root / f"jobs/queue/{name}.tmp"
        part.write_bytes(job if isinstance(job, bytes) else json.dumps(job).encode())
        part.rename(self.root / f"jobs/queue/{name}.json")

    def job(self, name, **fields):
        self.put(name, {"job_id": name, "input_file": "small.csv", "portfolio_size": 10, "timestamp": "now",
                        "config": {"effort": "quick"}, **fields})

    def result(self, name, seconds=180):
        """('completed', {...}) or ('failed', {...})."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for folder in ("completed", "failed"):
                with contextlib.suppress(FileNotFoundError):
                    return folder, json.loads((self.root / f"jobs/{folder}/{name}.json").read_text())
            time.sleep(0.05)
        raise AssertionError(f"{name} has no result after {seconds} s: {self.log()}")

    def names(self, folder):
        return sorted(p.stem for p in (self.root / "jobs" / folder).glob("*.json"))

    def log(self):
        said = [p.read_text() for p in (self.root / "logs").glob("*.log*")]
        return "".join(said) + "".join(p.read_text() for p in self.root.glob("server*.txt"))

    def history(self):
        lines = []
        for file in (self.root / "jobs/history").glob("*.jsonl"):
            lines += [json.loads(line) for line in file.read_text().splitlines()]
        return sorted(lines, key=lambda line: line["clock"])

    def children(self, server):
        """Processes of jobs."""
        try:
            return [int(p) for p in
                    pathlib.Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]
        except OSError:
            return []

    def wait(self, what, seconds=180):
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"waited {seconds} s in vain: {self.log()}"
            time.sleep(0.02)


def end(server, number=signal.SIGTERM, seconds=180):
    server.send_signal(number)
    return server.wait(timeout=seconds)
