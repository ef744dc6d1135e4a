"""Tables in an S3 bucket, a moto server on the loopback: every format is read from there, stores and exports are written
there, parts of a store are read without the rest, errors come in one line and with the right exit code, and the program
ends cleanly after each of them. file:// URIs are local paths."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"
version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
server = pathlib.Path(sys.executable).parent / "moto_server"
if "Arrow    not" in version or not server.exists():
    print("skipped: this build has no Arrow, or there is no moto_server")
    sys.exit(77)
folder = pathlib.Path(tempfile.mkdtemp())
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
# what the AWS library keeps until its end is not our leak
environment = {**os.environ, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{port}", "TMPDIR": str(folder),
               "XDG_CACHE_HOME": str(folder / "cache"),
               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
    environment.pop(name, None)
moto = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def request(method, key, data=None):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Content-Type": "application/octet-stream"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/{key}", data=data, method=method, headers=headers)
    with opener.open(asked, timeout=30) as answer:
        return answer.read()


def run(*arguments, status=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, env=environment)
    assert done.returncode == status, (arguments, done.returncode, done.stderr)
    if status != 0:
        assert done.stderr.count("\n") == 1 and done.stderr.startswith("heavyopt: "), done.stderr
    return done


def exported(path, *options):
    run("export", path, folder / "out.csv", *options)
    return (folder / "out.csv").read_bytes()


def keys():
    """What the bucket holds."""
    text = request("GET", "desk?list-type=2&max-keys=1000").decode()
    return sorted(part.split("</Key>")[0] for part in text.split("<Key>")[1:])


try:
    for _ in range(200):
        try:
            request("PUT", "desk")
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    run("generate", "-o", folder / "t.csv", "-n", "40", "-d", "70", "--quiet")
    want = exported(folder / "t.csv")
    part = exported(folder / "t.csv", "--from", "2024-01-20", "--to", "2024-02-05")

    # written there and read from there: a store, files of each format, a CSV file that somebody put there, also packed
    run("convert", folder / "t.csv", "s3://desk/data/store")
    assert "data/store/strategies.parquet" in keys() and any(k.startswith("data/store/pnl/year=") for k in keys())
    assert exported("s3://desk/data/store") == want
    assert json.loads(run("inspect", "--json", "s3://desk/data/store").stdout)["format"] == "store"
    if "asan" in os.environ["HEAVYOPT_BUILD"]:
        print("a store written and read; the rest takes minutes under the sanitizer, the release run makes it")
        sys.exit(0)
    for name in ("wide.parquet", "wide.arrow", "wide.csv"):
        run("export", folder / "t.csv", f"s3://desk/{name}")
        assert exported(f"s3://desk/{name}") == want, name
    run("export", folder / "t.csv", "s3://desk/many/a=1/tall.parquet", "--layout", "tall")
    assert exported("s3://desk/many/a=1") == want
    subprocess.run(["gzip", "-k", folder / "t.csv"], check=True)
    request("PUT", "desk/in%20put/t.csv.gz", (folder / "t.csv.gz").read_bytes())
    assert exported("s3://desk/in%20put/t.csv.gz") == want
    query = f"?endpoint_override=127.0.0.1:{port}&scheme=http&region=us-east-1"
    assert exported("s3://desk/data/store" + query) == want
    run("export", folder / "t.csv", "s3://desk/query.parquet" + query)
    assert exported("s3://desk/query.parquet" + query) == want
    run("optimize", "s3://desk/data/store", "-p", "5", "--effort", "quick", "-o", folder / "runs", "--quiet")

    # a part of a store needs no other month: the file of one is gone, and nobody misses it
    months = [k for k in keys() if k.startswith("data/store/pnl/")]
    assert len(months) > 2
    kept = request("GET", "desk/" + months[-1])
    request("DELETE", "desk/" + months[-1])
    assert exported("s3://desk/data/store", "--to", "2024-02-05", "--from", "2024-01-20") == part
    assert "strategies" not in run("inspect", "s3://desk/data/store", status=3).stderr
    request("PUT", "desk/" + months[-1], kept)

    # a new store takes the place of the old one, with nothing left of it; what is no store stays
    run("convert", folder / "t.csv", "s3://desk/data/store", "--to", "2024-02-15", "--partition-by-date=false")
    assert [k for k in keys() if k.startswith("data/store/") and not k.endswith("/")] == [
        "data/store/periods.parquet", "data/store/pnl/part-0.parquet", "data/store/strategies.parquet"]
    request("PUT", "desk/other/note.txt", b"mine")
    assert "note.txt" in run("convert", folder / "t.csv", "s3://desk/other", status=2).stderr
    assert "other/strategies.parquet" not in keys()
    run("convert", "--append", folder / "t.csv", "s3://desk/data/store", status=2)
    # parts of two stores are never read as one
    request("PUT", "desk/data/store/periods.parquet", (folder / "t.csv").read_bytes())
    assert "periods.parquet" in run("inspect", "s3://desk/data/store", status=3).stderr

    # refusals, each in a line
    assert "nothing of that name" in run("inspect", "s3://desk/absent.csv", status=3).stderr
    assert "nothing of that name" in run("inspect", "s3://no-such-bucket/x.csv", status=3).stderr
    assert "NO_SUCH_BUCKET" in run("convert", folder / "t.csv", "s3://no-such-bucket/x", status=1).stderr
    said = run("inspect", "s3://me:secret@desk/wide.csv", status=2).stderr
    assert "AWS_ACCESS_KEY_ID" in said and "secret@" not in said
    run("inspect", "nosuchscheme://x/y.csv", status=4)
    request("PUT", "desk/bad.csv", b"Date,a\n2024-01-01,x\n2024-01-02,1\n2024-01-03,2\n")
    assert "s3://desk/bad.csv: line 2" in run("inspect", "s3://desk/bad.csv", status=3).stderr

    # file:// is a local path
    (folder / "a b").mkdir()
    run("export", folder / "t.csv", f"file://{folder}/a%20b/x.parquet")
    assert exported(f"file://{folder}/a%20b/x.parquet") == want and exported(folder / "a b/x.parquet") == want
    run("convert", folder / "t.csv", f"file://{folder}/a%20b/store")
    assert exported(f"file://localhost{folder}/a%20b/store") == want
    run("inspect", f"file://{folder}/none.csv", status=3)

    assert not [p for p in folder.iterdir() if p.name.startswith("heavyopt-")]  # nothing fetched is left
finally:
    moto.kill()
    moto.wait()
# nobody there: said in a line, after the retries, and no crash at the end
start = time.time()
run("inspect", "s3://desk/wide.csv", status=1)
print(f"S3 by moto: every format read and written; a silent server is given up after {time.time() - start:.1f} s")
