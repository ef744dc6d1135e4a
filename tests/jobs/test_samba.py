"""The share as Windows machines see it: the sample share/smb.conf in a Samba server on the loopback, smbclient putting
tables and jobs and fetching results, a heavyopt server on the same folder. Samba comes from Debian (tools/setup
--programs); skipped aloud where it may not be installed or run."""
import getpass
import json
import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time

from share import Share, end, table

source = pathlib.Path(os.environ.get("HEAVYOPT_SOURCE", "."))
NEEDED = ("smbd", "smbclient", "smbpasswd", "testparm")


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def have():
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    return all(shutil.which(program) for program in NEEDED)


class Samba:
    """The sample's settings; what a test must change is the place, the user and the port."""

    def __init__(self, share):
        self.work = share.root.with_name(share.root.name + "-samba")
        for folder in ("lock", "state", "cache", "pid", "private", "ncalrpc", "log"):
            (self.work / folder).mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        sample = (source / "share/smb.conf").read_text()
        mine = ["interfaces = 127.0.0.1/8", "bind interfaces only = yes", f"smb ports = {self.port}",
                *(f"{name} directory = {self.work / name}" for name in ("lock", "state", "cache", "pid")),
                f"private dir = {self.work / 'private'}", f"ncalrpc dir = {self.work / 'ncalrpc'}",
                f"log file = {self.work / 'log/log.%m'}"]
        sample = sample.replace("[global]\n", "[global]\n" + "\n".join(mine) + "\n")
        sample = sample.replace("path = /srv/heavyopt", f"path = {share.root}").replace("@traders", getpass.getuser())
        sample = sample.replace("force group = traders\n", "")
        self.conf = self.work / "smb.conf"
        self.conf.write_text(sample)
        subprocess.run(["smbpasswd", "-c", self.conf, "-a", "-s", getpass.getuser()], input="pw1\npw1\n", text=True,
                       check=True, capture_output=True)
        self.process = subprocess.Popen(["smbd", "-F", "--no-process-group", "-s", self.conf], start_new_session=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def client(self, commands, check=True, password="pw1"):
        done = subprocess.run(["smbclient", "-p", str(self.port), "-U", f"{getpass.getuser()}%{password}",
                               "//127.0.0.1/heavyopt", "-c", commands], capture_output=True, text=True, check=False,
                              cwd=self.work, timeout=60)
        assert not check or done.returncode == 0, (commands, done.stdout, done.stderr)
        return done

    def await_start(self):
        until = time.monotonic() + 30
        while self.client("ls", check=False).returncode != 0:
            if time.monotonic() > until or self.process.poll() is not None:
                return False
            time.sleep(0.1)
        return True

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.work, ignore_errors=True)


def the_sample_is_one_that_samba_takes():
    said = subprocess.run(["testparm", "-s", str(source / "share/smb.conf")], capture_output=True, text=True, check=False)
    assert said.returncode == 0 and not re.search(r"unknown|ignoring|error", said.stderr, re.I), said.stderr
    assert "guest ok" not in said.stdout, "Windows refuses guests"


def job_text(name, table_name):
    """As the old launcher wrote it: CR LF, a byte order mark, a number as text, and more than anybody asked for."""
    job = {"job_id": name, "input_file": f"L:\\input\\{table_name}", "portfolio_size": "10", "job_type": "csv_optimization",
           "timestamp": "Fri 11/27/2026 10:15", "execution_mode": "auto", "input_format": "csv", "config": {"effort": "quick"},
           "client_info": {"computer_name": "DESK1", "username": "jürgen", "drive_letter": "L:"}}
    return ("\ufeff" + json.dumps(job, indent=1, ensure_ascii=False).replace("\n", "\r\n")).encode()


def clients_put_and_fetch(share, samba):
    local = samba.work / "local.csv"
    table(local, 30)
    samba.client("put local.csv input/part.tmp; rename input/part.tmp input/desk.csv")
    put = share.root / "input/desk.csv"
    assert put.read_bytes() == local.read_bytes() and not put.stat().st_mode & stat.S_IXUSR, "the archive bit shows"
    os.symlink("/etc", share.root / "input/etc")
    assert samba.client("get input/etc/passwd passwd", check=False).returncode != 0, "a link leads out of the share"
    server = share.start("--workers", "2")
    names = [f"smb_{i}" for i in range(8)]
    for name in names:
        (samba.work / f"{name}.json").write_bytes(job_text(name, "desk.csv"))

    def submit(mine):
        for i, name in enumerate(mine):  # renamed into the queue, and straight into it
            if i % 2:
                samba.client(f"put {name}.json jobs/queue/{name}.tmp; rename jobs/queue/{name}.tmp jobs/queue/{name}.json")
            else:
                samba.client(f"put {name}.json jobs/queue/{name}.json")

    clients = [threading.Thread(target=submit, args=(names[i::4],)) for i in range(4)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for name in names:
        folder, result = share.result(name)
        assert folder == "completed" and result["client_info"]["username"] == "jürgen", result
        assert result["best"]["size"] == 10 and result["execution_mode"] == "auto"
    finished = [line["job"] for line in share.history() if line["event"] == "finished"]
    assert sorted(finished) == sorted(f"{name}.json" for name in names), "each ends once"
    place = result["output_dir"]
    samba.client(f"get jobs/completed/{names[-1]}.json got.json; get {place}/report.html got.html")
    assert json.loads((samba.work / "got.json").read_text()) == result
    assert (samba.work / "got.html").read_bytes() == (share.root / place / "report.html").read_bytes()
    assert "NT_STATUS" not in samba.client("ls jobs/queue/*", check=False).stdout or not share.names("queue")
    assert end(server) == 0


def the_server_replaces_what_a_client_holds_open(share, samba):
    """Excel and browsers keep results open; the next job under the name must not fail for it."""
    share.put("held", json.loads(job_text("held", "desk.csv").decode("utf-8-sig")))
    server = share.start()
    share.result("held")
    holder = subprocess.Popen(["smbclient", "-p", str(samba.port), "-U", f"{getpass.getuser()}%pw1",
                               "//127.0.0.1/heavyopt"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, text=True)
    holder.stdin.write("open jobs/completed/held.json\n")
    holder.stdin.flush()
    time.sleep(1)
    share.put("held", json.loads(job_text("held", "desk.csv").decode("utf-8-sig")))
    share.wait(lambda: sum(line["event"] == "finished" and line["job"] == "held.json" for line in share.history()) == 2)
    assert share.result("held")[0] == "completed"
    holder.stdin.close()
    holder.wait(timeout=20)
    assert end(server) == 0


if not have():
    told = subprocess.run([source / "tools/setup", "--programs"], capture_output=True, text=True, check=False)
    if not have():
        skip("no Samba here: " + (told.stderr or told.stdout).strip())
if os.geteuid() != 0:
    skip("smbd runs as root alone")
the_sample_is_one_that_samba_takes()
with Share() as here:
    server = Samba(here)
    try:
        if not server.await_start():
            skip("smbd does not start here")
        assert server.client("ls", check=False, password="wrong").returncode != 0, "a wrong password is let in"
        for test in (clients_put_and_fetch, the_server_replaces_what_a_client_holds_open):
            begun = time.monotonic()
            test(here, server)
            print(f"{test.__name__.replace('_', ' ')}: {time.monotonic() - begun:.1f} s", flush=True)
    finally:
        server.stop()
