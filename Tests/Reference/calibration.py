"""Writes calibration.json: what numpy, scipy and scikit-learn say of the calibration of small
generated predictions.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn
    venv/bin/python Tests/Reference/calibration.py

Scalings are minimised by scipy (BFGS, then Newton steps with a Hessian by hand) over free parameters: every
parameter of vector scaling, the weights and intercepts of all classes but the first in matrix and Dirichlet
scaling. Covariances are inverses of the full information on these, or sandwiches, mapped to what is
reported. Isotonic regression is sklearn.isotonic.IsotonicRegression, class by class. Rows of predictions, and
of soft labels, are divided by their sum before use.
"""

import json
import os

import numpy as np
import scipy
import scipy.optimize as optimize
import scipy.stats as stats
import sklearn
from scipy.special import log_softmax, softmax
from sklearn.isotonic import IsotonicRegression


SHOWN = 12


def design(method, logs):
    """J, N x C x P: logits are offsets + J theta; theta is the deviation from the identity."""
    n, c = logs.shape
    u = logs - logs.mean(1, keepdims=True) if method in ("vector", "matrix") else logs
    eye = np.eye(c)
    if method == "temperature":
        return u, u[:, :, None]
    if method == "vector":
        slopes = u[:, :, None] * eye
        shifts = np.broadcast_to(eye, (n, c, c))
        return u, np.concatenate([slopes, shifts], 2)
    # Classes but the first: intercept, then the scores that are free.
    free = u[:, : c - 1] if method == "matrix" else u
    x = np.concatenate([np.ones((n, 1)), free], 1)
    d = x.shape[1]
    jacobian = np.zeros((n, c, (c - 1) * d))
    for k in range(1, c):
        jacobian[:, k, (k - 1) * d : k * d] = x
    return u, jacobian


def basis(method, c, penalty):
    """Orthonormal columns of the identified directions of theta."""
    if method != "vector":
        return None
    null = [np.concatenate([np.zeros(c), np.ones(c)])]
    if c == 2 and penalty == 0:
        null.append(np.array([1.0, -1, 0, 0]))
    return np.linalg.svd(np.array(null))[2][len(null) :].T


def fit(case):
    logs, labels = np.log(np.array(case["predictions"])), np.array(case["labels"], float)
    method, kind = case["method"], case["kind"]
    n, c = logs.shape
    weights = np.array(case.get("weights", case.get("frequencies", np.ones(n))), float)
    frequencies = np.array(case.get("frequencies", np.ones(n)), float)
    penalty = case.get("l2", 0.0)
    offsets, jacobian = design(method, logs)
    size = jacobian.shape[2]
    identified = basis(method, c, penalty)
    if identified is not None:
        jacobian = jacobian @ identified
    total = np.sum(weights * labels.sum(1)) if kind != "candidates" else weights.sum()
    penalized = np.zeros((size, size))
    if penalty:
        count = {"temperature": 1, "vector": c}[method]
        penalized[:count, :count] = penalty * total * np.eye(count)
    if identified is not None:
        penalized = identified.T @ penalized @ identified

    def parts(theta):
        z = offsets + jacobian @ theta
        q, lq = softmax(z, 1), log_softmax(z, 1)
        if kind == "candidates":
            inside = np.where(labels > 0, z, -np.inf)
            r = softmax(inside, 1)
            value = (np.logaddexp.reduce(inside, 1) - np.logaddexp.reduce(z, 1)) @ weights
            score = weights[:, None] * (r - q)
            information = np.zeros((len(theta), len(theta)))
            for i in range(n):
                k = np.diag(q[i]) - np.outer(q[i], q[i]) - np.diag(r[i]) + np.outer(r[i], r[i])
                information += weights[i] * jacobian[i].T @ k @ jacobian[i]
        else:
            m = labels.sum(1)
            value = weights @ (labels * lq).sum(1)
            score = weights[:, None] * (labels - m[:, None] * q)
            information = np.zeros((len(theta), len(theta)))
            for i in range(n):
                k = m[i] * (np.diag(q[i]) - np.outer(q[i], q[i]))
                information += weights[i] * jacobian[i].T @ k @ jacobian[i]
        rows = np.einsum("ncp,nc->np", jacobian, score)
        loss = -value + theta @ penalized @ theta / 2
        gradient = -rows.sum(0) + penalized @ theta
        return loss, gradient, information + penalized, rows

    start = np.zeros(jacobian.shape[2])
    theta = optimize.minimize(lambda t: parts(t)[:2], start, jac=True, method="BFGS").x
    for _ in range(20):
        _, gradient, hessian, _ = parts(theta)
        theta = theta - np.linalg.solve(hessian, gradient)
    loss, gradient, hessian, rows = parts(theta)
    assert np.abs(gradient).max() < 1e-9 * total, (case["name"], gradient)
    inverse = np.linalg.inv(hessian)
    robust = kind == "soft" or "weights" in case
    if robust:
        units = frequencies.sum() if "frequencies" in case else n
        meat = rows.T @ (rows / frequencies[:, None])
        covariance = units / (units - 1) * inverse @ meat @ inverse
    else:
        covariance = inverse
    freedom = len(theta)
    if penalty:
        statistic = None
    elif robust:
        statistic = theta @ np.linalg.solve(covariance, theta)
    else:
        statistic = 2 * (parts(start)[0] - loss)
    z = offsets + jacobian @ theta
    if identified is not None:
        theta, covariance = identified @ theta, identified @ covariance @ identified.T
    return {
        "deviations": theta.tolist(),
        "standard_errors": np.sqrt(np.diag(covariance)).tolist(),
        "loss": loss / total,
        "statistic": statistic,
        "freedom": freedom,
        "p_value": None if statistic is None else float(stats.chi2.sf(statistic, freedom)),
        "calibrated": softmax(z, 1).tolist(),
    }


def isotonic(case):
    predictions, labels = np.array(case["predictions"]), np.array(case["labels"], float)
    n, c = predictions.shape
    weights = np.array(case.get("weights", np.ones(n)), float)
    votes, shares = labels.sum(1), labels / labels.sum(1, keepdims=True)
    grid = np.linspace(0, 1, 41)
    curves, fitted = [], np.zeros((n, c))
    for k in range(c):
        model = IsotonicRegression(out_of_bounds="clip")
        model.fit(predictions[:, k], shares[:, k], sample_weight=weights * votes)
        curves.append(model.predict(grid).tolist())
        fitted[:, k] = model.predict(predictions[:, k])
    sums = fitted.sum(1, keepdims=True)
    calibrated = np.where(sums > 0, fitted / np.where(sums > 0, sums, 1), predictions)
    return {"grid": grid.tolist(), "curves": curves, "calibrated": calibrated.tolist()}


def generate(seed, n, c, kind, sharpness=1.8):
    rng = np.random.default_rng(seed)
    truth = softmax(rng.normal(size=(n, c)), 1)
    logits = sharpness * np.log(truth) + 0.4 * rng.normal(size=(n, c)) + 0.2 * np.arange(c)
    predictions = np.round(softmax(logits, 1) + 1e-3, 4)
    if kind == "soft":
        labels = np.array([rng.dirichlet(3 * p + 0.05) for p in truth])
        labels[::5] = np.eye(c)[labels[::5].argmax(1)]
        labels = np.round(labels, 3)
    elif kind == "counts":
        labels = np.array([rng.multinomial(rng.integers(1, 8), p) for p in truth])
    else:
        labels = np.eye(c)[[rng.choice(c, p=p) for p in truth]]
        if kind == "candidates":
            labels = np.maximum(labels, np.eye(c)[rng.integers(0, c, n)])
    return predictions, labels, rng


def cases():
    number = 0
    for kind in ("hard", "soft", "counts"):
        for method in ("temperature", "vector", "matrix", "dirichlet"):
            number += 1
            yield number, kind, method, 3, {}
    for method in ("temperature", "vector"):
        number += 1
        yield number, "candidates", method, 3, {}
    for method in ("temperature", "vector", "matrix"):
        number += 1
        yield number, "hard", method, 4, {"frequencies": True}
        number += 1
        yield number, "soft", method, 4, {"frequencies": True}
        number += 1
        yield number, "hard", method, 3, {"weights": True}
        number += 1
        yield number, "soft", method, 2, {}
    for method in ("temperature", "vector"):
        for kind in ("hard", "soft"):
            number += 1
            yield number, kind, method, 3, {"l2": 0.05}
            number += 1
            yield number, kind, method, 2, {"l2": 0.02}
    for kind, options in (("hard", {}), ("soft", {}), ("soft", {"weights": True}), ("counts", {})):
        number += 1
        yield number, kind, "isotonic", 3, options


def main():
    result = {
        "versions": {
            "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
        },
        "cases": [],
    }
    for number, kind, method, c, options in cases():
        n = 80
        predictions, labels, rng = generate(number, n, c, kind)
        as_written = predictions.tolist(), labels.tolist()
        predictions = predictions / predictions.sum(1, keepdims=True)
        if kind == "soft":
            labels = labels / labels.sum(1, keepdims=True)
        case = {
            "name": f"{number} {method} {kind} {c} {' '.join(options)}".strip(),
            "kind": kind, "method": method, "predictions": predictions.tolist(),
            "labels": labels.tolist(),
        }
        if "weights" in options:
            case["weights"] = (rng.integers(0, 9, n) / 4 + 0.25).tolist()
        if "frequencies" in options:
            case["frequencies"] = rng.integers(1, 4, n).tolist()
        if "l2" in options:
            case["l2"] = options["l2"]
        case.update(isotonic(case) if method == "isotonic" else fit(case))
        case["calibrated"] = case["calibrated"][:SHOWN]
        case["predictions"], case["labels"] = as_written
        result["cases"].append(case)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "calibration.json")
    with open(path, "w") as file:
        json.dump(result, file, indent=None, separators=(",", ":"))
        file.write("\n")


main()
