#!/usr/bin/env python3
"""How good the algorithms are: runs each of them over several seeds on simulated tables, beside steepest swaps from
random starts with the same work, and prints the tables of docs/ALGORITHMS.md.

    bench/quality.py [--build build/release] [--seeds 10] [--tables A,B,C,D,E,F] [--sizes 35,50,100] [--effort normal]
                     [--fitness legacy] [--algorithms lp,ils] [--keep FILE]
    bench/quality.py --from FILE                 # the tables again from what --keep kept
    bench/quality.py --record RUN.json ...       # documents of `optimize --json` into bench/best_known.json

The distance is from the best known value of a table (bench/best_known.json, by the hash of its data): the best that
any run of any effort found. Work is counted, so values repeat anywhere; seconds are of the machine at hand, one
algorithm with its polishing, while another runs beside it."""
import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BEST_KNOWN = os.path.join(ROOT, "bench", "best_known.json")
# name, options of generate
TABLES = [("A: 25,544 x 82, seed 1", ["--seed", "1"]), ("B: 25,544 x 82, seed 2", ["--seed", "2"]),
          ("C: 25,544 x 82, seed 3", ["--seed", "3"]),
          ("D: 1,000 x 1,000, seed 4", ["--seed", "4", "-n", "1000", "-d", "1000"]),
          ("E: 25,544 x 82, candles of 30 minutes, seed 2", ["--seed", "2", "--candle", "30"]),
          ("F: 25,544 x 82, candles of 30 minutes, seed 3", ["--seed", "3", "--candle", "30"])]


def load_best_known():
    if not os.path.exists(BEST_KNOWN):
        return {}
    with open(BEST_KNOWN) as file:
        return json.load(file)


def key(size, kind):
    return str(size) if kind == "legacy" else f"{size} {kind}"


def note(best_known, data, size, kind, fitness, how):
    """Keeps the value if it is the best so far."""
    sizes = best_known.setdefault(data, {})
    if fitness > sizes.get(key(size, kind), {"fitness": float("-inf")})["fitness"]:
        sizes[key(size, kind)] = {"fitness": fitness, "found_by": how}


def save(best_known):
    with open(BEST_KNOWN, "w") as file:
        json.dump(best_known, file, indent=2, sort_keys=True)
        file.write("\n")


def record(paths):
    best_known = load_best_known()
    for path in paths:
        with open(path) as file:
            run = json.load(file)
        settings = run["settings"]
        for size in run["sizes"]:
            how = f"{size['algorithm']}, effort {settings['effort']}, seed {settings['seed']}"
            note(best_known, run["input"]["hash"], size["size"], settings["fitness"], size["fitness"], how)
    save(best_known)


def measure(arguments):
    """Lines of heavyopt_quality, each with the name of its table."""
    program = os.path.join(arguments.build, "bench", "heavyopt_quality")
    folder = os.path.join(arguments.build, "quality")
    subprocess.run(["cmake", "--build", arguments.build, "--target", "heavyopt_quality", "heavyopt_program"],
                   check=True, stdout=sys.stderr)
    os.makedirs(folder, exist_ok=True)
    lines = []
    for number, (name, options) in enumerate(TABLES):
        if name[0] not in arguments.tables.split(","):
            continue
        table = os.path.join(folder, f"{number}.csv")
        if not os.path.exists(table):
            subprocess.run([os.path.join(arguments.build, "heavyopt"), "generate", table, "-q", *options], check=True)
        for size in arguments.sizes.split(","):
            only = [f"algorithms={arguments.algorithms}"] if arguments.algorithms else []
            done = subprocess.run([program, table, "1", str(arguments.seeds), f"effort={arguments.effort}",
                                   f"portfolio-size={size}", f"fitness={arguments.fitness}", *only],
                                  check=True, stdout=subprocess.PIPE, text=True)
            lines += [dict(json.loads(line), table=name, fitness_kind=arguments.fitness)
                      for line in done.stdout.splitlines()]
            print(f"{name}, {size}: done", file=sys.stderr)
    return lines


def row(results, best):
    fitness = [r["fitness"] for r in results]
    raw = statistics.mean(r["raw"] for r in results)
    mean = statistics.mean(fitness)
    evaluations = statistics.mean(r["evaluations"] + r["polish_evaluations"] for r in results)
    seconds = statistics.mean(r["seconds"] for r in results)
    return (f"| {results[0]['algorithm']} | {raw:.2f} | {mean:.2f} | {min(fitness):.2f} – {max(fitness):.2f} | "
            f"{100 * (best - mean) / abs(best):.1f} % | {evaluations / 1e6:.1f} | {seconds:.2f} |")


def print_tables(lines):
    best_known = load_best_known()
    groups = defaultdict(lambda: defaultdict(list))
    for line in lines:
        how = f"{line['algorithm']}, budget of {line['work'] / 1e6:g} million, seed {line['seed']}"
        kind = line.get("fitness_kind", "legacy")
        note(best_known, line["data"], line["size"], kind, line["fitness"], how)
        groups[line["table"], line["size"], kind, line["data"]][line["algorithm"]].append(line)
    save(best_known)
    for (table, size, kind, data), algorithms in groups.items():
        best = best_known[data][key(size, kind)]
        seeds = len({line["seed"] for results in algorithms.values() for line in results})
        goal = "" if kind == "legacy" else f", fitness {kind}"
        print(f"\n**{table}, size {size}{goal}**, {seeds} seeds: best known {best['fitness']:.2f} ({best['found_by']})\n")
        print("| algorithm | raw | polished | least – most | below best known | million evaluations | CPU seconds |")
        print("| --- " * 7 + "|")
        for results in algorithms.values():
            print(row(results, best["fitness"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--sizes", default="35,50,100")
    parser.add_argument("--tables", default="A,B,C,D,E,F")
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--fitness", default="legacy")
    parser.add_argument("--algorithms")
    parser.add_argument("--keep")
    parser.add_argument("--from", dest="kept", nargs="+")
    parser.add_argument("--record", nargs="+")
    arguments = parser.parse_args()
    if arguments.record:
        record(arguments.record)
        return
    if arguments.kept:
        lines = []
        for path in arguments.kept:
            with open(path) as file:
                lines += [json.loads(line) for line in file]
    else:
        lines = measure(arguments)
    if arguments.keep:
        with open(arguments.keep, "w") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
    print_tables(lines)


if __name__ == "__main__":
    main()
