#!/usr/bin/env python3
"""The Python package from numpy arrays, beside scikit-learn: speed, memory and the prediction of one row.

usage: python.py DATADIR [tall] [wide]     after `workloads.py DATADIR tall wide`
       with surprisal_ml and scikit-learn installed

LogisticRegression has no soft labels: its rows are repeated for each class, with the probabilities as
weights (the repetition is not timed). It gets as many iterations as take twenty times our time; if its
objective is then above ours, it is more than twenty times slower.
"""

import json
import os
import resource
import subprocess
import sys
import time
import timeit

import numpy as np

L2 = 1e-4


def objective(X, P, W, b):
    """The penalised mean cross entropy, in slices of rows."""
    total = 0.0
    for start in range(0, len(X), 100_000):
        rows = slice(start, start + 100_000)
        Z = X[rows] @ W.T + b
        top = Z.max(axis=1, keepdims=True)
        total += (top[:, 0] + np.log(np.exp(Z - top).sum(axis=1)) - (P[rows] * Z).sum(axis=1)).sum()
    return total / len(X) + L2 / 2 * (W ** 2).sum()


def load(folder, name):
    with open(f"{folder}/{name}/shape.json") as file:
        shape = json.load(file)
    return [np.fromfile(f"{folder}/{name}/{array}.f64").reshape(shape["rows"], shape[columns])
            for array, columns in (("x", "columns"), ("p", "classes"))]


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def timed(function):
    start, cpu = time.perf_counter(), time.process_time()
    result = function()
    return result, time.perf_counter() - start, time.process_time() - cpu


def ours(folder, name, errors):
    from surprisal_ml import SoftmaxClassifier
    X, P = load(folder, name)
    SoftmaxClassifier(l2=L2).fit(X[:1000], P[:1000])
    before = resident()
    model, seconds, cpu = timed(
        lambda: SoftmaxClassifier(l2=L2, std_errors=errors, n_jobs=-1).fit(X, P))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "cpu": cpu, "objective": objective(X, P, model.coef_, model.intercept_),
            "copies": (peak - before) / X.nbytes}


def theirs(folder, name, iterations):
    from sklearn.linear_model import LogisticRegression
    import warnings
    warnings.simplefilter("ignore")
    X, P = load(folder, name)
    rows, classes = P.shape
    repeated = np.repeat(X, classes, axis=0)
    labels = np.tile(np.arange(classes), rows)
    model, seconds, cpu = timed(lambda: LogisticRegression(
        C=1 / (L2 * rows), tol=1e-9, max_iter=int(iterations)).fit(
            repeated, labels, sample_weight=P.ravel()))
    return {"seconds": seconds, "cpu": cpu, "iterations": int(model.n_iter_.max()),
            "objective": objective(X, P, model.coef_, model.intercept_)}


def one_row():
    import ctypes
    from surprisal_ml import SoftmaxClassifier, _library, _tables
    generator = np.random.default_rng(0)
    X = generator.normal(size=(500, 20))
    model = SoftmaxClassifier(l2=0.01).fit(X, generator.dirichlet(np.ones(5), 500))
    row, keeper = X[:1].copy(), _library.Keeper()
    features, result, error = keeper.features(_tables.read(row)), np.empty((1, 5)), ctypes.c_void_p()
    arguments = (model._model._handle, 0, ctypes.byref(features), None, 1, result.ctypes.data, 5,
                 ctypes.byref(error))
    library = _library.library.surprisal_predict

    def best(function):
        # Many short series: some of them run without an interruption.
        return min(timeit.repeat(function, number=20, repeat=3000)) / 20 * 1e6
    return {"python": best(lambda: model.predict_proba(row)), "library": best(lambda: library(*arguments))}


def in_process(*arguments):
    """A measurement in a process of its own, so that memory is that of one."""
    text = subprocess.run([sys.executable, __file__, "--", *map(str, arguments)], check=True,
                          capture_output=True, text=True).stdout
    return json.loads(text)


def main(folder, names):
    row = in_process("one_row")
    print(f"one row: {row['python']:.1f} us from Python, {row['library']:.1f} us in the library, "
          f"{row['python'] - row['library']:.1f} us more", flush=True)
    for name in names:
        full = in_process("ours", folder, name, "auto")
        fit = in_process("ours", folder, name, "none")
        print(f"{name}: {fit['seconds']:.2f} s ({fit['cpu']:.2f} s of processors), objective "
              f"{fit['objective']:.10f}, {fit['copies']:.2f} copies of the features; with standard "
              f"errors {full['seconds']:.2f} s, {full['copies']:.2f} copies", flush=True)
        peer = in_process("theirs", folder, name, 3)
        while peer["cpu"] < 20 * fit["cpu"] and peer["objective"] > fit["objective"] + 1e-9:
            factor = max(1.5, 22 * fit["cpu"] / peer["cpu"])
            peer = in_process("theirs", folder, name, round(peer["iterations"] * factor))
        print(f"{name}: LogisticRegression {peer['seconds']:.1f} s ({peer['cpu']:.1f} s of processors), "
              f"{peer['iterations']} iterations, objective {peer['objective']:.10f}, above ours by "
              f"{peer['objective'] - fit['objective']:.2g}: more than "
              f"{peer['cpu'] / fit['cpu']:.1f} times slower by processors, "
              f"{peer['seconds'] / fit['seconds']:.1f} by the clock", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--":
        print(json.dumps(globals()[sys.argv[2]](*sys.argv[3:])))
    else:
        main(sys.argv[1], sys.argv[2:] or ["tall", "wide"])
