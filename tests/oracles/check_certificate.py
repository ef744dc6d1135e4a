#!/usr/bin/env python3
"""check_certificate.py TABLE.csv CERTIFICATE.json: proves the bound of `heavyopt bound --certificate` anew from the table.
Every piece is recomputed (docs/BOUND.md has the formulas), and the pieces must leave no portfolio out. Exit 1 when one
claims too little, or some portfolio is not covered."""
import collections
import json
import sys

import numpy as np

sys.dont_write_bytecode = True
import oracle

NEAR = 1e-9  # relative, for sums in another order


class Certificate:
    def __init__(self, path, certificate):
        with open(certificate, encoding="utf-8") as f:
            self.c = json.load(f)
        self.goal, names = self.c["goal"], self.c["universe"]
        table = oracle.Table(path, names, self.c["period"] == "row")
        self.x = np.array([table.values[name] for name in names]).T
        self.forced = np.isin(names, self.c["include"])
        varies = self.x.max(axis=0) > self.x.min(axis=0)
        centred = self.x - self.x.mean(axis=0)
        self.z = np.where(varies, centred / np.where(varies, np.sqrt((centred**2).sum(axis=0)), 1), 0)
        self.varies = varies.astype(float)

    def best_sum(self, a):
        """The largest sum of a over a portfolio that keeps to the groups: what each group must give, then the largest."""
        groups = self.c.get("groups")
        if groups is None:
            others = np.sort(a[~self.forced])[::-1]
            return a[self.forced].sum() + others[:self.c["size"] - int(self.forced.sum())].sum()
        of, size, chosen = groups["of"], self.c["size"], list(np.flatnonzero(self.forced))
        order = chosen + [j for j in np.argsort(-a, kind="stable") if not self.forced[j]]
        held, taken = collections.Counter(of[j] for j in chosen), set(chosen)
        for limit, free in (("least", 0), ("most", np.inf)):
            for j in order:
                may = groups[limit][of[j]] if of[j] is not None and groups[limit] is not None else free
                if len(taken) < size and held[of[j]] < may and j not in taken:
                    held[of[j]] += 1
                    taken.add(j)
        chosen = sorted(taken)
        return a[chosen].sum()

    def depths(self):
        if self.goal["depth"] == "losses":
            return np.maximum(-self.x, 0).sum(axis=0)
        equity = self.x.cumsum(axis=0)
        start = equity[:1] if self.goal["depth"] == "drawdown from the first period" else 0 * equity[:1]
        return (np.maximum(np.maximum.accumulate(equity), start) - equity).max(axis=0)

    def value(self, piece, rate):
        y, g, w = np.array(piece["y"]), np.array(piece["g"]), piece["pair_weight"]
        if (y < 0).any() or (self.goal["depth"] == "drawdown from the first period" and y[0] != 0):
            raise SystemExit("weights that prove nothing")
        losses = self.goal["depth"] == "losses"
        length = y.max() if losses else np.maximum(y - np.append(y[1:], 0), 0).sum()
        cover, base = piece["cover"], piece["cover"] not in ("least depth", "depth")
        a = ((base + y) @ self.x) / self.goal["divisor"]
        top = w * (g @ g) + self.best_sum((rate if base else 1) * a - w * (2 * (g @ self.z) - self.varies))
        if cover == "least depth":
            return -top / length if length > 0 and top < 0 else 0.0
        if cover == "quotient":
            return self.goal["constant"] + length + top
        if cover == "no depth":
            return self.goal["constant"] + rate * length * self.goal["none"] + top
        if cover == "depth":
            far = piece["to"] if length > 1 else piece["from"]
            return top + ((length - 1) * (np.inf if far is None else far) if length != 1 else 0)
        return top

    def pieces(self, *covers):
        return [p for p in self.c["pieces"] if p["cover"] in covers]

    def sides(self):
        """Pair weight, and the depths at which it holds."""
        w, below = self.goal["pair_weight"], self.goal["halved_below"]
        return [(w, below, np.inf), (w / 2, 0, below)] if w > 0 and below > 0 else [(w, 0, np.inf)]

    def gaps(self, least):
        """Portfolios that no piece covers, in words."""
        none, greatest = self.goal["none"], self.best_sum(self.depths()) / self.goal["divisor"]
        for w, low, high in self.sides():
            mine = [p for p in self.c["pieces"] if p["pair_weight"] == w]
            if self.goal["shape"] == "total":
                if not [p for p in mine if p["cover"] == "total" and p["from"] == self.goal["factor"]]:
                    yield "totals"
            elif self.goal["shape"] == "depth":
                if not [p for p in mine if p["cover"] == "depth" and p["from"] <= low and (p["to"] or np.inf) >= high]:
                    yield f"depths of {low} to {high}"
            else:
                at, end = 1 / min(high, greatest) if greatest > none else np.inf, 1 / max(low, least, none)
                for p in sorted((p for p in mine if p["cover"] == "quotient"), key=lambda p: p["from"]):
                    at = max(at, p["to"]) if p["from"] <= at * (1 + NEAR) else at
                if at < end * (1 - NEAR):
                    yield f"depths under {1 / at}"
                rates = {p["from"] for p in mine if p["cover"] == "no depth"}
                if least <= none and low <= none and not {self.goal["gain_rate"], self.goal["loss_rate"]} <= rates:
                    yield "portfolios without depth"


def main(path, certificate):
    c = Certificate(path, certificate)
    least, faults = 0.0, 0
    for p in c.c["pieces"]:
        values = [c.value(p, p["from"]), c.value(p, p["to"])] if p["cover"] == "quotient" else [c.value(p, p["from"])]
        is_least = p["cover"] == "least depth"
        found = min(values) if is_least else max(values)
        slack = NEAR * max(abs(found), abs(p["value"]))
        if is_least:
            least = max(least, found)
        if (p["value"] > found + slack) if is_least else (p["value"] < found - slack or c.c["value"] < p["value"]):
            print(f"{p['cover']} from {p['from']} to {p['to']}: claims {p['value']!r}, proves {found!r}")
            faults += 1
    for gap in c.gaps(least):
        print(f"not covered: {gap}")
        faults += 1
    print(f"{len(c.c['pieces'])} pieces, {faults} faults: no portfolio of {c.c['size']} is above {c.c['value']!r}"
          if faults == 0 else f"{faults} faults: not proven")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
