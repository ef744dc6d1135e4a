"""`bound --prove` through the program says the same each time, on any number of threads."""
import json
import os
import pathlib
import subprocess
import tempfile

program = pathlib.Path(os.environ["HEAVYOPT_BUILD"]) / "heavyopt"


def heavyopt(*arguments):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def proof(table, threads):
    told = json.loads(heavyopt("bound", table, "-p", 8, "-t", threads, "--prove", "--prove-nodes", 80, "--json", "-q"))
    bound = told["bound"]
    assert bound["tree"]["nodes"] > 0, bound
    del bound["seconds"], bound["tree"]["seconds"]
    return bound


with tempfile.TemporaryDirectory() as name:
    table = pathlib.Path(name) / "table.csv"
    heavyopt("generate", table, "-q", "--seed", 31, "-n", 400, "-d", 50)
    first = proof(table, 1)
    for threads in (2, 7, 1):
        again = proof(table, threads)
        assert again == first, (threads, first, again)
    print(f"bound {first['value']:.6f} after {first['tree']['nodes']} nodes, four times")
