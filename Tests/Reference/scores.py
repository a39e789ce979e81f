"""Writes scores.json: scores of predicted probabilities by scikit-learn, statsmodels, scipy and definitions.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn statsmodels
    venv/bin/python Tests/Reference/scores.py

Votes and frequencies are expanded into observations. Spiegelhalter's mean and variance are taken over every
outcome of every observation; the recalibration is maximised by scipy, and its standard error is a sandwich
over rows (or clusters) of derivatives by differences, with statsmodels beside it for two classes.
"""

import itertools
import json
import os

import numpy as np
import scipy.optimize as optimize
import sklearn.metrics as metrics
import statsmodels.api as sm


def softmax(z):
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


def hand_till(y, q):
    present = np.unique(y)
    q = q.round(13)  # what differs by rounding alone is tied
    if q.shape[1] == 2:
        return metrics.roc_auc_score(y, q[:, 1])
    areas = []
    for i, j in itertools.permutations(present, 2):
        own, other = q[y == i, i], q[y == j, i]
        areas.append(((own[:, None] > other) + 0.5 * (own[:, None] == other)).mean())
    if len(present) == q.shape[1]:
        assert abs(np.mean(areas) - metrics.roc_auc_score(y, q, multi_class="ovo")) < 1e-12
    return np.mean(areas)


def spiegelhalter(y, q):
    outcomes = np.array([[np.sum((np.eye(q.shape[1])[k] - row) ** 2) for k in range(q.shape[1])] for row in q])
    mean = (q * outcomes).sum(1)
    variance = (q * (outcomes - mean[:, None]) ** 2).sum(1)
    return (outcomes[np.arange(len(y)), y] - mean).sum() / np.sqrt(variance.sum())


def line(y, q, units, has_slope):
    """Estimates and sandwich errors of softmax(a + b log q), a of the first class zero."""
    classes = q.shape[1]
    u = np.log(q)

    def rows(theta):
        a = np.concatenate([[0], theta[: classes - 1]])
        b = theta[classes - 1] if has_slope else 1.0
        return np.log(softmax(a + b * u))[np.arange(len(y)), y]

    def score_rows(theta):
        a = np.concatenate([[0], theta[: classes - 1]])
        b = theta[classes - 1] if has_slope else 1.0
        rest = np.eye(classes)[y] - softmax(a + b * u)
        return np.column_stack([rest[:, 1:], (rest * u).sum(1)])[:, : len(theta)]

    start = np.array([0.0] * (classes - 1) + ([1.0] if has_slope else []))
    fit = optimize.minimize(lambda t: -rows(t).sum(), start, jac=lambda t: -score_rows(t).sum(0), method="BFGS",
                            options={"gtol": 1e-9})
    theta = optimize.root(lambda t: score_rows(t).sum(0), fit.x, tol=1e-13).x
    step = 1e-6
    hessian = np.array([(score_rows(theta + step * e).sum(0) - score_rows(theta - step * e).sum(0)) / (2 * step)
                        for e in np.eye(len(theta))])
    bread = np.linalg.inv(-(hessian + hessian.T) / 2)
    names = np.unique(units)
    totals = np.array([score_rows(theta)[units == name].sum(0) for name in names])
    n = len(names)
    covariance = n / (n - 1) * bread @ totals.T @ totals @ bread
    if classes == 2 and has_slope:
        glm = sm.GLM(y, sm.add_constant(u[:, 1] - u[:, 0]), family=sm.families.Binomial()).fit(tol=1e-14)
        assert np.allclose(glm.params, theta, atol=1e-8)
    return theta, np.sqrt(np.diag(covariance))


def scores(y, q, units):
    classes = q.shape[1]
    predicted = q.argmax(1)
    onehot = np.eye(classes)[y]
    null = onehot.mean(0)
    brier = lambda p: ((onehot - p) ** 2).sum(1).mean()
    rps = lambda p: ((np.cumsum(onehot, 1) - np.cumsum(p, 1))[:, :-1] ** 2).sum(1).mean()
    loglik = lambda p: np.log(p[np.arange(len(y)), y]).sum()
    n = len(y)
    l0, l1 = loglik(np.tile(null, (n, 1))), loglik(q)
    present = [k for k in range(classes) if (y == k).any()]
    slope = line(y, q, units, True)
    shift = line(y, q, units, False)
    return {
        "auc": hand_till(y, q), "kappa": metrics.cohen_kappa_score(y, predicted),
        "mcc": metrics.matthews_corrcoef(y, predicted), "brier_skill": 1 - brier(q) / brier(np.tile(null, (n, 1))),
        "rps_skill": 1 - rps(q) / rps(np.tile(null, (n, 1))),
        "nagelkerke_r2": (1 - np.exp(2 / n * (l0 - l1))) / (1 - np.exp(2 / n * l0)),
        "tjur_r2": np.mean([q[y == k, k].mean() - q[y != k, k].mean() for k in present]),
        "spiegelhalter_z": spiegelhalter(y, q),
        "slope": slope[0][-1], "slope_error": slope[1][-1],
        "intercepts": shift[0].tolist(), "intercept_errors": shift[1].tolist(),
    }


def main():
    rng = np.random.default_rng(11)
    cases = []
    for classes, kind, rows in ((2, "classes", 60), (3, "classes", 80), (4, "counts", 30), (3, "frequency", 40),
                                (3, "clusters", 80), (2, "counts", 25)):
        q = np.maximum(rng.dirichlet(np.ones(classes), rows), 0.02).round(3)
        q = q / q.sum(1, keepdims=True)
        truth = softmax(0.7 * np.log(q) + rng.normal(size=(rows, classes)) * 0.3)
        case = {"name": f"{kind}_{classes}", "kind": kind, "classes": classes, "predictions": q.tolist()}
        if kind == "counts":
            counts = np.array([rng.multinomial(rng.integers(1, 9), p) for p in truth])
            case["labels"] = counts.astype(float).tolist()
            y = np.concatenate([np.repeat(np.arange(classes), c) for c in counts])
            where = np.repeat(np.arange(rows), counts.sum(1))
            units = where
        else:
            y = np.array([rng.choice(classes, p=p) for p in truth])
            case["labels"] = y.tolist()
            where, units = np.arange(rows), np.arange(rows)
            if kind == "frequency":
                frequencies = rng.integers(1, 4, rows)
                case["weights"] = frequencies.astype(float).tolist()
                y, where = np.repeat(y, frequencies), np.repeat(where, frequencies)
                units = np.arange(len(y))
            if kind == "clusters":
                units = rng.integers(0, 12, rows)
                case["clusters"] = units.tolist()
        case["expected"] = {key: value if isinstance(value, list) else float(value)
                            for key, value in scores(y, q[where], units).items()}
        cases.append(case)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scores.json")
    with open(path, "w") as file:
        json.dump(cases, file)
        file.write("\n")


main()
