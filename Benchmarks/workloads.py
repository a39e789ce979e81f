"""Writes the workloads as raw arrays: DIR/NAME/{shape.json, x.f64, p.f64, y.i64 or starts, columns, values}.

usage: workloads.py DIR [--scale 1.0] NAME...

Features are correlated (each with the one before, 0.7), of unequal scale and mean, as tables are.
A softmax model with noise makes the soft labels; hard ones are their largest. --scale shrinks the rows,
for trying things out.
"""
import argparse
import json
import os

import numpy as np

DENSE = {
    # rows, columns, classes, seed
    "tall": (1_000_000, 100, 10, 1),
    "wide": (60_000, 784, 10, 2),
    "classes": (50_000, 256, 1000, 3),
    "path": (10_000, 500, 5, 5),
}
NAMES = [*DENSE, "separable", "sparse", "digits", "csv", "csv17"]


def soft(rng, logits, concentration):
    """Distributions around softmax(logits)."""
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    draws = rng.gamma(np.maximum(concentration * p, 1e-3)) + 1e-300
    return draws / draws.sum(1, keepdims=True)


def dense(rows, columns, classes, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, columns))
    for j in range(1, columns):
        x[:, j] = 0.7 * x[:, j - 1] + 0.714 * x[:, j]
    x *= np.exp(rng.uniform(-1, 1, columns))
    x += rng.normal(0, 0.5, columns)
    w = rng.standard_normal((columns, classes)) * (2 / np.sqrt(columns))
    return x, soft(rng, (x / (x.std(0) + 1e-12)) @ w, 5.0)


def sparse(rows, columns, classes, entries, seed):
    """Rows of unit norm with columns as frequent as words are."""
    import scipy.sparse as sp
    rng = np.random.default_rng(seed)
    place = np.minimum((rng.pareto(1.1, (rows, entries)) * 20).astype(np.int64), columns - 1)
    values = np.log1p(rng.poisson(1.0, rows * entries)) + 0.3
    x = sp.csr_matrix((values, place.ravel(), np.arange(0, rows * entries + 1, entries)), shape=(rows, columns))
    x.sum_duplicates()
    x = (sp.diags(1 / np.sqrt(np.asarray(x.multiply(x).sum(1)).ravel())) @ x).tocsr()
    x.sort_indices()
    w = rng.standard_normal((columns, classes)) * 2
    p = soft(rng, np.asarray(x @ w), 20.0)
    return x, np.array([rng.choice(classes, p=row) for row in p])


def write(folder, shape, **arrays):
    os.makedirs(folder, exist_ok=True)
    for name, array in arrays.items():
        kind = {"f": "f64", "i": "i64", "u": "u32"}[array.dtype.kind]
        np.ascontiguousarray(array).tofile(f"{folder}/{name}.{kind}")
    with open(f"{folder}/shape.json", "w") as file:
        json.dump(shape, file)


def make(directory, name, scale):
    folder = f"{directory}/{name}"
    if os.path.exists(f"{folder}/shape.json") or os.path.exists(f"{folder}/data.csv"):
        return
    if name in DENSE:
        rows, columns, classes, seed = DENSE[name]
        rows = max(int(rows * scale), 20 * classes)
        x, p = dense(rows, columns, classes, seed)
        y = p.argmax(1)
        write(folder, dict(rows=rows, columns=columns, classes=classes), x=x, p=p, y=y.astype(np.int64))
    elif name == "separable":
        # So few rows of so many features that hyperplanes separate the classes.
        x, p = dense(3000, 784, 10, 2)
        write(folder, dict(rows=3000, columns=784, classes=10), x=x, p=p, y=p.argmax(1).astype(np.int64))
    elif name == "sparse":
        rows, columns, classes = int(100_000 * scale), int(50_000 * scale), 20
        x, y = sparse(rows, columns, classes, 80, 4)
        write(folder, dict(rows=rows, columns=columns, classes=classes, entries=x.nnz),
              starts=x.indptr.astype(np.int64), columns=x.indices.astype(np.uint32), values=x.data,
              y=y.astype(np.int64))
    elif name == "digits":
        from sklearn.datasets import load_digits
        d = load_digits()
        write(folder, dict(rows=len(d.target), columns=64, classes=10), x=d.data / 16,
              p=np.eye(10)[d.target], y=d.target.astype(np.int64))
    elif name in ("csv", "csv17"):
        import pandas as pd
        x, p = dense(int(200_000 * scale), 50, 10, 6)
        table = pd.DataFrame(x, columns=[f"f{j + 1}" for j in range(50)])
        for k in range(10):
            table[f"p_c{k}"] = p[:, k]
        os.makedirs(folder, exist_ok=True)
        table.to_csv(f"{folder}/data.csv", index=False, float_format="%.9g" if name == "csv" else "%.17g")
    else:
        raise SystemExit(f"unknown workload {name}, expected one of {' '.join(NAMES)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--scale", type=float, default=1.0)
    given = parser.parse_args()
    for name in given.names:
        make(given.directory, name, given.scale)
