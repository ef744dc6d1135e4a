#!/usr/bin/env python3
"""check_run.py INPUT.csv RESULT.json: reads the table anew and recomputes the fitness of every portfolio in a result
of `heavyopt optimize --json`. One line a portfolio; exit 1 when a fitness differs by more than 1e-9 relative, or a
portfolio is not what it says: its size, its names, the best of all."""
import json
import math
import sys

sys.dont_write_bytecode = True
import numpy as np
import oracle
import robust_goal

TOLERANCE = 1e-9


def plain(settings):
    return {key.replace("-", "_"): value for key, value in settings.items()}


class Checker:
    def __init__(self, path, table, settings, rows):
        self.path = path
        self.table = table
        self.rows = rows
        self.kind = settings.get("fitness") or "legacy"
        self.metric = (settings.get("metric") or "ratio").replace("_", " ").replace("-", " ")
        self.threshold = float(settings.get("drawdown_threshold") or 0)
        self.options = oracle.options_of(settings, table)
        weights = settings.get("zone_weights") or "" if self.kind == "zone" else ""
        self.zone_weights = [float(w) for w in weights.split(",") if w.strip()]
        self.balance = oracle.numbers_of(settings.get("balance") or [])
        self.factor = settings.get("penalty_factor") or 0.0
        self.robust = settings.get("robust") or ""
        self.faults = 0

    def duplicates(self, portfolio):
        """What near-duplicates among the members cost: the clusters are of all strategies."""
        if float(robust_goal.parts_of(self.robust)["duplicates"]) == 0:
            return 0.0
        whole = oracle.Table(self.path, shape=self.rows)
        root = robust_goal.clusters(np.column_stack(list(whole.values.values())))
        return robust_goal.duplicates_cost([whole.names.index(name) for name in portfolio], root, self.robust)

    def fitness(self, portfolio):
        if self.kind == "zone":
            columns = oracle.zone_columns(self.path, portfolio, self.zone_weights, self.rows)
        else:
            columns = [self.table.values[name] for name in portfolio]
        value, size = oracle.fitness(columns, self.kind, self.metric, self.threshold, **self.options)
        penalty = oracle.balance_penalty(portfolio, self.balance, self.factor)
        if self.robust:
            legacy = self.options.get("convention") == "legacy"
            value = robust_goal.fitness(columns, self.robust, self.kind, self.metric, self.threshold, legacy)
            penalty += self.duplicates(portfolio)
            size = max(size, abs(value))
        return value - penalty, max(size, penalty)

    def complain(self, label, text):
        print(f"{label}: {text}")
        self.faults += 1

    def check(self, label, portfolio, claimed):
        if len(set(portfolio)) != len(portfolio) or not portfolio:
            self.complain(label, "the same strategy twice, or none")
            return
        value, size = self.fitness(portfolio)
        claimed = -math.inf if claimed is None else claimed
        gap = 0.0 if claimed == value else abs(claimed - value) / max(size, 1e-300)
        text = f"size {len(portfolio)}, fitness {claimed!r}, recomputed {value!r}, relative difference {gap:.1e}"
        if gap <= TOLERANCE:
            print(f"{label}: {text}")
        else:
            self.complain(label, f"DIFFERS: {text}")


def main(path, result_path):
    with open(result_path, encoding="utf-8") as f:
        result = json.load(f)
    settings, entries, best = plain(result["settings"]), list(result["algorithms"]), result["best"]
    wanted = {name for entry in [*entries, best] for name in entry["portfolio"]}
    by_row, zone = settings.get("period") == "row", settings.get("zone") or None
    zones = result.get("zones") or {}
    zone = None if zone == "each" else zone
    regimes = result.get("regimes") or {}
    rows = oracle.Rows(settings, regimes)
    table = oracle.Table(path, sorted(wanted), by_row, zone, rows)
    checker = Checker(path, table, settings, rows)
    for entry in entries:
        checker.check(entry["name"], entry["portfolio"], entry["fitness"])
        raw = entry.get("raw_fitness")
        if raw is not None and entry["fitness"] is not None and raw > entry["fitness"]:
            checker.complain(entry["name"], f"polishing made it worse: {raw!r} before")
    label = f"best ({best['algorithm']})"
    checker.check(label, best["portfolio"], best["fitness"])
    if best.get("size", len(best["portfolio"])) != len(best["portfolio"]):
        checker.complain(label, f"says size {best['size']} and has {len(best['portfolio'])} members")
    better = [e["name"] for e in entries if e["fitness"] is not None and e["fitness"] > best["fitness"]]
    if better:
        checker.complain(label, f"worse than {', '.join(better)}")
    for regime in regimes.get("labels", []):
        if regime["searched"]:
            own = regime["best"]
            checker.rows = oracle.Rows(settings, regimes, regime["label"])
            checker.table = oracle.Table(path, own["portfolio"], by_row, zone, checker.rows)
            checker.check(regime["label"], own["portfolio"], own["fitness"])
    for part in zones.get("labels", []) if zones.get("by") == "labels" else []:
        own = part["best"]
        checker.rows, checker.kind = rows, zones["objective"]
        checker.table = oracle.Table(path, own["portfolio"], by_row, part["name"], rows)
        checker.check(f"zone {part['name']}", own["portfolio"], own["fitness"])
    return 1 if checker.faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
