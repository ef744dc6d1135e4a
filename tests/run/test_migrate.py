"""Migration: what changes and what does not, the way back by both ways, and kill -9 at every step."""
import hashlib
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
cache = pathlib.Path(build) / "CMakeCache.txt"
injects = cache.exists() and "HEAVYOPT_INJECT:BOOL=ON" in cache.read_text()

CONFIG = ("; the desk's own\r\n[ULTA]\r\nenabled = true   # kept\r\n\r\n[OPTIMIZATION]\r\noptimization_metric=ratio").encode()
OLD = {"backend/csv_only_heavydb_workflow.py": b"print('old')\n",
       "backend/samba_job_queue_processor.py": b"#!/usr/bin/python3\nprint('queue')\n",
       "config/production_config.ini": CONFIG,
       "jobs/queue/.keep": b""}


def installation(without=()):
    root = pathlib.Path(tempfile.mkdtemp(prefix="heavyopt it's a share "))
    for name, text in OLD.items():
        if name in without:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
        os.utime(path, (1e9, 1.6e9))
    (root / "backend/samba_job_queue_processor.py").chmod(0o755) if "backend/samba_job_queue_processor.py" not in without else None
    draw = random.Random(3)
    (root / "input").mkdir()
    for name in ("one.csv", "two.csv"):
        lines = ["Date," + ",".join(f"S{j}" for j in range(20))]
        lines += [f"2024-01-{t + 1:02}," + ",".join(f"{draw.gauss(0, 900):.4f}" for _ in range(20)) for t in range(9)]
        (root / "input" / name).write_text("\n".join(lines) + "\n")
    (root / "input/bad.csv").write_text("no table\n")
    return root


def run(root, *arguments, code=0, **environment):
    done = subprocess.run([program, *arguments, "--share", str(root)], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, **environment))
    assert code is None or done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done


def tree(root):
    """Every file but backups and Parquet: mode, time and bytes; and the folders."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.startswith(("migration_backup_", ".migration_backup_part", "data")):
            continue
        found[name] = ("folder",) if path.is_dir() else \
            (path.stat().st_mode, int(path.stat().st_mtime), hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def backup_of(root):
    return sorted(root.glob("migration_backup_*"))


def a_dry_run_writes_nothing():
    root = installation()
    before = sorted(p for p in root.rglob("*"))
    said = run(root, "migrate", "--dry-run").stdout
    assert "would change config/production_config.ini" in said and "  + [parquet]" in said, said
    assert "would add backend/parquet_cudf_workflow.py" in said and "would convert input/one.csv" in said, said
    assert sorted(p for p in root.rglob("*")) == before
    shutil.rmtree(root)


def a_migration_changes_what_it_says_and_no_more():
    root = installation()
    old = tree(root)
    done = run(root, "migrate", code=1)  # the bad table fails one check, and is no reason to stop
    assert "tables: NOT good" in done.stdout and "left out" in done.stdout, done.stdout
    run(root, "rollback")
    assert tree(root) == old
    (root / "input/bad.csv").unlink()
    old = tree(root)
    time.sleep(1.1)  # another second, another backup
    done = run(root, "migrate", "--json")
    report = json.loads(done.stdout)
    assert report["status"] == "completed" and len(report["converted"]) == 2 and not report["failed"], report
    assert all(report["checks"].values()), report
    config = (root / "config/production_config.ini").read_bytes()
    assert config.startswith(CONFIG) and config.count(b"\r\n[parquet]\r\n") == 1 and b"\n" not in config.replace(b"\r\n", b"")
    assert (root / "backend/csv_only_heavydb_workflow.py").read_bytes() == OLD["backend/csv_only_heavydb_workflow.py"]
    for name in ("samba_job_queue_processor.py", "parquet_cudf_workflow.py"):
        subprocess.run([sys.executable, "-m", "py_compile", str(root / "backend" / name)], check=True)
    shutil.rmtree(root / "backend/__pycache__")
    environment = dict(os.environ, PATH=f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}")
    shim = subprocess.run([sys.executable, root / "backend/samba_job_queue_processor.py", "--once", "--quiet"],
                          env=environment, capture_output=True, text=True)
    assert shim.returncode == 0, shim.stderr
    for folder in ("jobs/processing", "jobs/completed", "jobs/failed", "jobs/status", "jobs/cancel", "jobs/history",
                   "logs", "output"):
        shutil.rmtree(root / folder)
    manifest = json.loads((pathlib.Path(report["backup_directory"]) / "manifest.json").read_text())
    assert {f["path"] for f in manifest["originals"]} == set(OLD) - {"jobs/queue/.keep"}, manifest
    for line in manifest["originals"]:
        copy = pathlib.Path(report["backup_directory"]) / line["path"]
        assert hashlib.sha256(copy.read_bytes()).hexdigest() == line["sha256"]
    now, count = tree(root), len(backup_of(root))
    assert "nothing to do" in run(root, "migrate").stdout and tree(root) == now and len(backup_of(root)) == count
    shell = subprocess.run(["sh", pathlib.Path(report["backup_directory"]) / "rollback.sh"], cwd="/", capture_output=True,
                           text=True)
    assert shell.returncode == 0, shell.stderr
    assert tree(root) == old and (root / "data/parquet/strategies").is_dir()
    run(root, "rollback", code=2)
    shutil.rmtree(root)


def what_was_not_there_goes_again():
    root = installation(without=set(OLD) - {"jobs/queue/.keep"})
    shutil.rmtree(root / "input")
    (root / "input").mkdir()
    old = tree(root)
    for back in (["rollback"], None):
        run(root, "migrate", "--skip-data")
        assert (root / "backend/parquet_cudf_workflow.py").exists() and (root / "config/parquet_arrow_config.ini").exists()
        if back:
            run(root, *back)
        else:
            subprocess.run(["sh", backup_of(root)[-1] / "rollback.sh"], check=True, capture_output=True)
        assert tree(root) == old, tree(root)
        time.sleep(1.1)
    shutil.rmtree(root)


def damage_and_changes_are_seen():
    root = installation()
    run(root, "migrate", "--skip-data", "--backup-dir", str(root / "migration_backup_own"))
    now = tree(root)
    copy = root / "migration_backup_own/config/production_config.ini"
    whole = copy.read_bytes()
    copy.write_bytes(whole + b"x")
    assert "is not what the manifest says; nothing was changed" in run(root, "rollback", code=3).stderr
    shell = subprocess.run(["sh", root / "migration_backup_own/rollback.sh"], capture_output=True, text=True)
    assert shell.returncode == 1 and tree(root) == now
    copy.write_bytes(whole)
    (root / "config/parquet_arrow_config.ini").write_text("[optimization]\nportfolio_size = 9\n")
    assert "changed text lies in the backup" in run(root, "rollback").stdout
    assert (root / "migration_backup_own/parquet_arrow_config.ini").read_text().endswith("= 9\n")
    run(root, "migrate", "--backup-dir", str(root / "migration_backup_own"), code=2)
    run(root / "backend", "migrate", code=2)
    shutil.rmtree(root)


def killed(root, point, how):
    """A migration that dies at the n-th point, or after some time where the build has no points."""
    if injects:
        return run(root, "migrate", *how, code=None, HEAVYOPT_KILL_AT=str(point)).returncode == -signal.SIGKILL
    child = subprocess.Popen([program, "migrate", *how, "--share", str(root)], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    time.sleep(0.002 * point)
    child.kill()
    return child.wait() == -signal.SIGKILL


def a_kill_at_any_step_loses_nothing():
    points, backs = 0, 0
    for point in range(1, 200 if injects else 16):
        root = installation()
        (root / "input/bad.csv").unlink()
        old = tree(root)
        if not killed(root, point, ["--skip-data"]) and injects:
            shutil.rmtree(root)
            break
        points += 1
        if point % 2:  # a second run finishes
            run(root, "migrate", "--skip-data")
            assert "nothing to do" in run(root, "migrate", "--skip-data").stdout
            assert not [path for path in root.rglob(".*") if path.name.startswith((".heavyopt_", ".migration_"))]
        if backup_of(root) and (backup_of(root)[-1] / "manifest.json").exists():
            backs += 1
            if point % 4 < 2:
                run(root, "rollback")
            else:
                subprocess.run(["sh", backup_of(root)[-1] / "rollback.sh"], check=True, capture_output=True)
        assert tree(root) == old, (point, set(tree(root).items()) ^ set(old.items()))
        shutil.rmtree(root)
    assert points > (20 if injects else 5), points
    print(f"killed at {points} points, taken back {backs} times")


for test in (a_dry_run_writes_nothing, a_migration_changes_what_it_says_and_no_more, what_was_not_there_goes_again,
             damage_and_changes_are_seen, a_kill_at_any_step_loses_nothing):
    begun = time.monotonic()
    test()
    print(f"{test.__name__.replace('_', ' ')}: {time.monotonic() - begun:.1f} s", flush=True)
