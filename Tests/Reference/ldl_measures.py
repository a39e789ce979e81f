"""Writes ldl_measures.json: what PyLDL says of the six label-distribution measures.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn
    venv/bin/pip install --no-deps python-ldl==0.1.2
    venv/bin/python Tests/Reference/ldl_measures.py

PyLDL replaces zeros by the spacing of doubles at one before it compares, so the distributions here
have none: then its numbers are those of the definitions. Its deep learning methods, and the packages
they need, are not loaded.
"""

import importlib.util
import json
import os
import sys
import types
from importlib.metadata import version

import numpy as np


def load_metrics():
    """pyldl.metrics without the package's own start."""
    root = importlib.util.find_spec("pyldl").submodule_search_locations[0]
    for name, path in [("pyldl", root), ("pyldl.algorithms", os.path.join(root, "algorithms"))]:
        module = types.ModuleType(name)
        module.__path__ = [path]
        sys.modules[name] = module
    return importlib.import_module("pyldl.metrics")


def main():
    metrics = load_metrics()
    names = ["chebyshev", "clark", "canberra", "kl_divergence", "cosine", "intersection"]
    random = np.random.default_rng(11)
    cases = []
    for classes, rows, shape in [(2, 20, 1.0), (6, 40, 0.6), (30, 25, 2.0)]:
        labels = random.dirichlet(np.full(classes, shape), rows)
        predictions = random.dirichlet(np.full(classes, 2 * shape), rows)
        assert labels.min() > 1e-12 and predictions.min() > 1e-12
        cases.append(
            dict(
                labels=labels.tolist(), predictions=predictions.tolist(),
                expected={name: float(getattr(metrics, name)(labels, predictions)) for name in names}))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ldl_measures.json")
    with open(path, "w") as file:
        head = json.dumps({"python-ldl": version("python-ldl"), "numpy": np.__version__})
        lines = ",\n".join(json.dumps(case, allow_nan=False) for case in cases)
        file.write('{"made_with": ' + head + ',\n"cases": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main()
