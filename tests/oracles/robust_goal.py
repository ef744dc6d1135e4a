"""`--robust` in plain NumPy: a fitness over blocks of the periods, and what near-duplicates cost; docs/ROBUSTNESS.md."""
import numpy as np

import oracle


def parts_of(text):
    parts = {"take": "minimum", "quantile": "0.25", "half-life": "0", "drawdown": "deepest", "duplicates": "0", "blocks": "0"}
    parts.update(part.split("=") for part in text.replace(",", " ").split())
    return parts


def block_rows(periods, count):
    """Neighbouring blocks, the first ones one period longer."""
    return np.array_split(np.arange(periods), count)


def taken(values, parts):
    if parts["take"] == "minimum":
        return float(np.min(values))
    if parts["take"] == "quantile":
        return float(np.quantile(values, float(parts["quantile"])))
    life = float(parts["half-life"])
    weights = 0.5 ** (np.arange(len(values))[::-1] / life) if life > 0 else np.ones(len(values))
    return float(np.average(values, weights=weights))


def clusters(columns):
    """Which columns hang together by chains of pairs that correlate 0.99 or more; the first one of each names it."""
    varies = columns.std(axis=0) > 0
    close = np.zeros((columns.shape[1],) * 2, bool)
    close[np.ix_(varies, varies)] = np.corrcoef(columns[:, varies], rowvar=False) >= 0.99
    root = np.arange(columns.shape[1])
    for _ in root:
        before = root.copy()
        for j in range(len(root)):
            root[j] = min(root[j], *root[close[j]]) if close[j].any() else root[j]
        if (before == root).all():
            break
    return root


def fitness(columns, text, kind="legacy", metric="ratio", threshold=0.0, legacy=False):
    """Of a portfolio, whatever its near-duplicates cost. Fitness kinds: legacy and ratio; `legacy` is the convention."""
    parts, total = parts_of(text), sum(columns)
    if parts["blocks"] == "0":
        return oracle.fitness(columns, kind, metric, threshold, convention="legacy" if legacy else "default")[0]
    from_first = kind == "legacy" or legacy
    m = total / len(columns) if from_first else total
    blocks = [m[rows] for rows in block_rows(len(m), int(parts["blocks"]))]
    depths = [float(oracle.drawdowns(b, from_first).max()) for b in blocks]
    if (metric == "ratio" or kind == "ratio") and parts["drawdown"] == "deepest":
        value = oracle.small_ratio(taken([b.sum() for b in blocks], parts), max(depths))
    elif metric == "ratio" or kind == "ratio":
        value = taken([oracle.small_ratio(float(b.sum()), d) for b, d in zip(blocks, depths)], parts)
    else:
        value = taken([oracle.legacy_value(b, metric) for b in blocks], parts)
    if kind == "ratio":
        return value
    halved = metric in ("ratio", "less max dd") and max(depths) < threshold
    return value - 10 * oracle.average_correlation(columns) * (0.5 if halved else 1.0)


def duplicates_cost(members, root, text):
    """Of members as column numbers: each after the first of its cluster."""
    return float(parts_of(text)["duplicates"]) * (len(members) - len({root[j] for j in members}))
