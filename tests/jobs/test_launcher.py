"""The launcher that traders double-click, run by Wine's cmd against a real server: menu, sizes, tables by number and by
name, options, progress, the report opened, a job that fails. Wine comes from Debian (tools/setup --programs); the
test is skipped aloud where it may not be installed. What the file holds is checked anyhow."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

from share import Share, end, table

source = pathlib.Path(os.environ.get("HEAVYOPT_SOURCE", "."))
launcher = source / "share/Samba_Only_HeavyDB_Launcher.bat"


def the_file_is_what_windows_needs():
    raw = launcher.read_bytes()
    assert raw.isascii() and raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r"), "ASCII with CR LF"
    for line in raw.decode().splitlines():
        assert not re.search(r"password *=|/user:", line, re.I), f"a password: {line}"
        assert "such as" in line or not re.search(r"\\\\[a-z0-9.-]+\\[a-z]", line, re.I), f"an address: {line}"
    text = raw.decode()
    called = set(re.findall(r"(?:call :|goto )(\w+)", text))
    assert called <= set(re.findall(r"^:(\w+)", text, re.M)), "a label is missing"


class Launcher:
    """A launcher that runs; answers are given when it has asked, for Wine's `set /p` swallows whatever is there."""

    def __init__(self, work, share, **environment):
        shutil.copy(launcher, work / "l.bat")
        self.said, self.begun = "", time.monotonic()
        self.process = subprocess.Popen(["wine", "cmd", "/c", "l.bat"], cwd=work, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        env=dict(os.environ, **environment))
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for byte in iter(lambda: self.process.stdout.read(1), b""):
            self.said += byte.decode("cp1252").replace("\r", "")

    def wait(self, words, seconds=60):
        """Waits for the words in what was said since the last time."""
        until = time.monotonic() + seconds
        while words not in self.said:
            assert time.monotonic() < until, f"waited for {words!r}:\n{self.said}"
            time.sleep(0.02)
        before, _, self.said = self.said.partition(words)
        return before

    def answer(self, prompt, text):
        before = self.wait(prompt)
        time.sleep(0.3)
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        return before

    def end(self):
        self.process.stdin.close()
        code = self.process.wait(timeout=60)
        self.reader.join(5)
        return code


def wine(work):
    """A Wine of its own, whose browser writes down what it is asked to open; None: there is none."""
    if shutil.which("wine") is None:
        done = subprocess.run([source / "tools/setup", "--programs"], capture_output=True, text=True, check=False)
        if shutil.which("wine") is None:
            print("no Wine here:", (done.stderr or done.stdout).strip())
            return None
    opened, browser = work / "opened", work / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >>"{opened}"\n')
    browser.chmod(0o755)
    os.environ.update(WINEPREFIX=str(work / "wine"), WINEDEBUG="-all")
    os.environ.pop("DISPLAY", None)
    for command in (["wineboot", "-i"], ["reg", "add", r"HKCU\Software\Wine\WineBrowser", "/v", "Browsers", "/d",
                                         str(browser), "/f"]):
        with contextlib.suppress(subprocess.TimeoutExpired):
            if subprocess.run(["wine", *command], capture_output=True, check=False, timeout=120).returncode == 0:
                continue
        print("Wine does not start here")
        return None
    return opened


def a_trader_runs_jobs(share, work, opened):
    (share.root / "config").mkdir()
    (share.root / "config/production_config.ini").write_bytes(
        b"[PORTFOLIO_OPTIMIZATION]\r\nhft_portfolio_size: 12 ; short\r\ndefault_portfolio_size = 900\r\n"
        b"[optimize]\r\neffort = quick\r\nreport = html\r\n")
    table(share.root / "input/my table.csv", 40)
    (share.root / "input/broken.csv").write_text("Date,A,B\nno date,1,2\n")
    os.utime(share.root / "input/broken.csv", (1e9, 1e9))
    server = share.start()
    trader = Launcher(work, share, HEAVYOPT_DRIVE="Z:" + str(share.root).replace("/", "\\"))
    menu = trader.wait("Your choice: ")
    assert "HFT, 12 strategies" in menu and "Complete optimization, 35 strategies" in menu, menu
    trader.process.stdin.write(b"2\n")
    trader.process.stdin.flush()
    listed = trader.answer("Table, its number or name (Enter: 1): ", "MY TABLE.csv")
    assert all(name in listed for name in ("broken.csv", "my table.csv", "small.csv")), listed
    trader.wait("  completed\n")
    run = trader.wait("Your choice: ")
    assert re.search(r"Results: Z:.*\\output\\run_\d+_\d+\n", run), run
    trader.process.stdin.write(b"4\n")
    trader.process.stdin.flush()
    trader.answer("Strategies, 10 to 100 (Enter: 35): ", "13")
    trader.answer("Options, such as effort=quick max-correlation=0.7 (Enter: none): ", "seed=7 max-correlation=0.99")
    listed = trader.answer("Table, its number or name (Enter: 1): ", "")
    number = re.search(r"(\d)  my table\.csv", listed).group(1)
    trader.wait("  failed\n") if "1  broken.csv" in listed else trader.wait("  completed\n")
    trader.answer("Your choice: ", "4")
    trader.answer("Strategies, 10 to 100 (Enter: 35): ", "13")
    trader.answer("Options, such as effort=quick max-correlation=0.7 (Enter: none): ", "seed=7 max-correlation=0.99")
    trader.answer("Table, its number or name (Enter: 1): ", number)
    trader.wait("  completed\n")
    trader.answer("Your choice: ", "1")
    trader.answer("Table, its number or name (Enter: 1): ", "no such.csv")
    trader.wait("There is no such table in input.")
    trader.answer("Your choice: ", "4")
    trader.answer("Strategies, 10 to 100 (Enter: 35): ", "101")
    trader.wait("That is no number from 10 to 100.")
    trader.answer("Your choice: ", "5")
    assert "queue: 0\n" in trader.wait("failed:")
    trader.answer("Your choice: ", "7")
    assert trader.end() == 0
    jobs = [json.loads((share.root / f"jobs/completed/{name}.json").read_text()) for name in share.names("completed")]
    by_size = {job["portfolio_size"]: job for job in jobs}
    assert by_size[12]["input_file"] == "MY TABLE.csv" and by_size[12]["job_type"] == "hft_optimization", by_size[12]
    assert by_size[13]["config"] == {"seed": "7", "max-correlation": "0.99"}, by_size[13]
    settings = json.loads((share.root / by_size[13]["output_dir"] / "result.json").read_text())["settings"]
    assert (settings["seed"], settings["max-correlation"], settings["effort"]) == (7, 0.99, "quick"), settings
    share.wait(lambda: opened.exists() and opened.read_text().count("report.html") >= 2, 20)
    assert end(server) == 0


def a_trader_without_a_share_is_told(share, work):
    lost = Launcher(work, share, APPDATA="Z:" + str(work / "appdata").replace("/", "\\"))
    (work / "appdata").mkdir()
    lost.answer("heavyopt: ", r"\\nowhere\heavyopt")
    lost.wait("The share was not found")
    lost.answer("Press Enter. ", "")
    lost.end()


the_file_is_what_windows_needs()
with Share() as here:
    place = here.root / "desktop"
    place.mkdir()
    opens = wine(place)
    if opens is None:
        print("skipped: the launcher was read and not run")
        sys.exit(77)
    a_trader_runs_jobs(here, place, opens)
    a_trader_without_a_share_is_told(here, place)
    subprocess.run(["wineserver", "-k"], check=False, capture_output=True)
print("the launcher puts jobs in, shows them, opens the report, and tells what is wrong")
