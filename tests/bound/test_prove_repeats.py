"""`--prove` through the program says the same each time, on any number of threads, and what it finds is a run's best."""
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
    words = ("optimize", table, "-p", 8, "-a", "rs", "-e", "quick", "--prove", "--prove-nodes", 300, "--report", "none",
             "-o", pathlib.Path(name) / "runs", "--json", "-q")
    one, two = (json.loads(run(*words, "-t", threads).stdout) for threads in (1, 2))
    exact = [a for a in one["algorithms"] if a["name"] == "branch and bound"]
    assert len(exact) == 1 and one["best"]["algorithm"] == "branch and bound", one["best"]
    assert exact[0]["trace"] == [], "nodes are no portfolios: its work is drawn beside no other's"
    assert one["best"]["fitness"] <= one["bound"]["value"] and one["best"] == two["best"]
    print(f"bound {first['value']:.6f} after {first['tree']['nodes']} nodes, four times")
