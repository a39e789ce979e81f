"""Coverage of Wald and profile intervals on five small designs, by simulation with the built tool.

usage: profile_coverage.py TOOL DATA [SAMPLES]      DATA: the folder of iris.csv and votes_sim_features.csv

For each design, coefficients are drawn once, then SAMPLES sets of labels; every slope of every fit is
compared with its 95 % intervals. Maximum likelihood (`--profile`) and Firth's method (`--prior jeffreys`).
Fits without standard errors (separated ones, under maximum likelihood) are counted apart. numpy only.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def columns(path, names, count):
    with open(path) as file:
        rows = list(csv.DictReader(file))
    places = np.linspace(0, len(rows) - 1, count).astype(int)
    return np.array([[float(rows[i][name]) for name in names] for i in places])


def designs(data):
    """Name, design, classes, size of the coefficients."""
    with open(f"{data}/iris.csv") as file:
        iris = file.readline().strip().split(",")
    return [
        ("iris, 2 columns, 30 rows, 3 classes", columns(f"{data}/iris.csv", iris[:2], 30), 3, 0.8),
        ("iris, 1 column, 20 rows, 2 classes", columns(f"{data}/iris.csv", iris[2:3], 20), 2, 1.0),
        ("votes_sim, 2 columns, 40 rows, 3 classes",
         columns(f"{data}/votes_sim_features.csv", ["x1", "x2"], 40), 3, 1.0),
        ("doses 1 to 10, four rows each, 2 classes", np.repeat(np.arange(1, 11.0), 4)[:, None], 2, 1.5),
        ("two groups of 12, 3 classes", np.repeat([0.0, 1.0], 12)[:, None], 3, 1.2),
    ]


def sample(tool, folder, flags, X, B, seed):
    """(truth, estimate, error, profile) of each slope; None if a class does not occur."""
    generator = np.random.default_rng(seed)
    logits = np.c_[np.zeros(len(X)), np.c_[np.ones(len(X)), X] @ B]
    P = np.exp(logits - logits.max(1, keepdims=True))
    P /= P.sum(1, keepdims=True)
    labels = (P.cumsum(1) < generator.random(len(X))[:, None]).sum(1).clip(0, P.shape[1] - 1)
    if len(set(labels)) < P.shape[1]:
        return None
    path = f"{folder}/{seed}.csv"
    with open(path, "w") as file:
        file.write(",".join(f"x{j}" for j in range(X.shape[1])) + ",y\n")
        for row, label in zip(X, labels):
            file.write(",".join(repr(float(v)) for v in row) + f",k{label}\n")
    run = subprocess.run([tool, "fit", path, "--target", "y", "--json", "--quiet", "-j", "1", *flags],
                         capture_output=True, text=True)
    os.remove(path)
    if run.returncode not in (0, 3):
        raise SystemExit(run.stderr)
    found = []
    for entry in json.loads(run.stdout)["coefficients"]:
        if entry["feature"] != "(Intercept)":
            truth = B[1 + int(entry["feature"][1:]), int(entry["class"][1:]) - 1]
            found.append((truth, entry["estimate"], entry["std_error"], entry.get("profile")))
    return found


def end(value, infinite):
    return infinite if value is None else float(value)


def main():
    tool, data = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 600
    for title, flags in (("maximum likelihood", ["--profile"]), ("jeffreys", ["--prior", "jeffreys"])):
        print(title)
        for index, (name, raw, classes, size) in enumerate(designs(data)):
            X = (raw - raw.mean(0)) / raw.std(0)
            B = np.random.default_rng(index).normal(size=(X.shape[1] + 1, classes - 1)) * size
            B[0] *= 0.3
            with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
                runs = pool.map(lambda seed: sample(tool, folder, flags, X, B, seed),
                                range(1000 * index, 1000 * index + count))
                slopes = [slope for run in runs if run for slope in run]
            both = [slope for slope in slopes if slope[2] is not None and slope[3] is not None]
            wald = np.mean([abs(e - t) <= 1.959964 * s for t, e, s, _ in both])
            profile = np.mean([end(p["low"], -np.inf) <= t <= end(p["high"], np.inf) for t, _, _, p in both])
            print(f"  {name}: Wald {wald:.3f}, profile {profile:.3f} of {len(both)}; "
                  f"{len(slopes) - len(both)} without", flush=True)


main()
