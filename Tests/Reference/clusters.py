"""Writes clusters.json: Student's t and F by mpmath, the wild cluster bootstrap by enumeration, and the
errors by clusters of a logistic regression with one intercept a cluster, by numpy.

    python3 -m venv venv && venv/bin/pip install numpy mpmath
    venv/bin/python Tests/Reference/clusters.py
"""

import itertools
import json
import os

import mpmath as mp
import numpy as np

mp.mp.dps = 40


def f_tail(x, q, m):
    """P(q F > x)."""
    return mp.betainc(mp.mpf(m) / 2, mp.mpf(q) / 2, 0, mp.mpf(m) / (m + x), regularized=True)


def t_quantile(level, m):
    return bisect(lambda z: f_tail(z * z, 1, m) - (1 - mp.mpf(str(level))))


def bisect(tail):
    low, high = mp.mpf(0), mp.mpf(10) ** 9
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) > 0 else (low, middle)
    return low


def wild(values, sizes, groups):
    """The share of all sign vectors whose |t| of the ratio mean is at least that of the data."""
    names = sorted(set(groups))
    total = [sum(v * s for v, s, g in zip(values, sizes, groups) if g == name) for name in names]
    size = [sum(s for s, g in zip(sizes, groups) if g == name) for name in names]

    def square(sums):
        mean = sum(sums) / sum(size)
        rest = sum((x - mean * s) ** 2 for x, s in zip(sums, size))
        return mean**2 / rest

    bound = square(total) * (1 - 1e-12)
    draws = [square([v * t for v, t in zip(signs, total)]) for signs in itertools.product((1, -1), repeat=len(names))]
    return sum(value >= bound for value in draws) / len(draws)


def fixed_effects():
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(6), 20)
    x = rng.normal(size=120).round(3)
    y = (rng.random(120) < 1 / (1 + np.exp(-(0.8 * x + 0.4 * (groups - 2.5) / 2.5)))).astype(int)
    design = np.column_stack([x, np.eye(6)[groups]])
    beta = np.zeros(7)
    for _ in range(50):
        q = 1 / (1 + np.exp(-design @ beta))
        hessian = (design * (q * (1 - q))[:, None]).T @ design
        beta = beta + np.linalg.solve(hessian, design.T @ (y - q))
    scores = np.array([(design * (y - q)[:, None])[groups == g].sum(0) for g in range(6)])
    bread = np.linalg.inv(hessian)
    covariance = 6 / 5 * bread @ scores.T @ scores @ bread
    return {"x": x.tolist(), "y": y.tolist(), "groups": groups.tolist(),
            "estimate": beta[0], "std_error": float(np.sqrt(covariance[0, 0])),
            "p_value": float(f_tail(beta[0] ** 2 / covariance[0, 0], 1, 5))}


def main():
    tails = [{"x": x, "q": q, "m": m, "tail": float(f_tail(x, q, m))}
             for x in (0.01, 0.7, 3.2, 25.0, 400.0, 1e6) for q in (1, 2, 7) for m in (1, 3, 9, 40, 1e6)]
    quantiles = [{"level": level, "m": m, "value": float(t_quantile(level, m))}
                 for level in (0.5, 0.9, 0.95, 0.999) for m in (1, 2, 3, 7, 19, 200)]
    rng = np.random.default_rng(8)
    wilds = []
    for count in (2, 3, 5, 6, 9):
        groups = (list(range(count)) + rng.integers(0, count, 3 * count).tolist())
        labels = rng.integers(0, 3, len(groups)).tolist()
        first, second = [rng.dirichlet(np.ones(3), len(groups)).round(6) + 1e-7 for _ in range(2)]
        first, second = [p / p.sum(1, keepdims=True) for p in (first, second)]
        rows = np.arange(len(groups))
        values = np.log(second[rows, labels]) - np.log(first[rows, labels])
        wilds.append({"groups": groups, "labels": labels, "first": first.tolist(), "second": second.tolist(),
                      "p_value": wild(values, [1.0] * len(groups), groups)})
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clusters.json")
    with open(path, "w") as file:
        json.dump({"tails": tails, "quantiles": quantiles, "wild": wilds, "fixed_effects": fixed_effects()}, file)
        file.write("\n")


main()
