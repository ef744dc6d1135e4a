"""`bound --prove` through the program says the same each time, on any number of threads."""
import json
import pathlib
import tempfile

from under_test import run


def proof(table, threads):
    told = json.loads(run("bound", table, "-p", 8, "-t", threads, "--prove", "--prove-nodes", 80, "--json", "-q").stdout)
    bound = told["bound"]
    assert bound["tree"]["nodes"] > 0, bound
    del bound["seconds"], bound["tree"]["seconds"]
    return bound


with tempfile.TemporaryDirectory() as name:
    table = pathlib.Path(name) / "table.csv"
    run("generate", table, "-q", "--seed", 31, "-n", 400, "-d", 50)
    first = proof(table, 1)
    for threads in (2, 7, 1):
        again = proof(table, threads)
        assert again == first, (threads, first, again)
    print(f"bound {first['value']:.6f} after {first['tree']['nodes']} nodes, four times")
