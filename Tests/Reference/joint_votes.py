"""Writes joint_votes.json: accuracy and log score against true classes of majority votes and of Dawid and Skene's model
by crowd-kit, on two simulated sets whose classes depend on features.

    python3 -m venv venv && venv/bin/pip install crowd-kit
    venv/bin/python Tests/Reference/joint_votes.py

The sets are those of VotedRows.simulated, draw for draw, so that no file is needed; the number of votes and a checksum
are recorded. crowd-kit runs as it is by default. A true class with a probability below 1e-12 counts as one of 1e-12, in
favour of the program; ties of a majority are shared.
"""

import json
import math
import os

import numpy as np
import pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote

HERE = os.path.dirname(os.path.abspath(__file__))
MASK = (1 << 64) - 1
SETS = {
    "three": dict(rows=1000, seed=51, share=1, accuracies=[0.8, 0.65, 0.6, 0.5],
                  coefficients=[[0.3, 1.2, -0.8], [-0.4, -0.7, 1.1]]),
    "four": dict(rows=1200, seed=52, share=1, accuracies=[0.75, 0.6, 0.5, 0.45],
                 coefficients=[[0.3, 1.2, -0.8, 0.4], [-0.4, -0.7, 1.1, 0.9], [0.2, -1.0, -0.9, 0.5]]),
}


def uniforms(seed):
    """SplitMix64, 53 bits a draw."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield ((z ^ (z >> 31)) >> 11) * 2.0**-53


def confusion(right, classes):
    wrong = (1 - right) / (classes - 1)
    return [[right if k == label else wrong for label in range(classes)] for k in range(classes)]


def simulated(rows, seed, share, accuracies, coefficients):
    numbers = uniforms(seed)
    classes = len(coefficients) + 1

    def draw(shares):
        rest = next(numbers)
        for k, part in enumerate(shares):
            rest -= part
            if rest < 0:
                return k
        return len(shares) - 1

    features = [[-1.7 + 3.4 * next(numbers) for _ in coefficients[0][1:]] for _ in range(rows)]
    truth = []
    for row in features:
        logits = [0.0] + [c[0] + sum(a * b for a, b in zip(c[1:], row)) for c in coefficients]
        terms = [math.exp(z - max(logits)) for z in logits]
        truth.append(draw([t / sum(terms) for t in terms]))
    matrices = [confusion(right, classes) for right in accuracies]
    votes = []
    for row in range(rows):
        for annotator, matrix in enumerate(matrices):
            if share == 1 or next(numbers) < share:
                votes.append((row, annotator, draw(matrix[truth[row]])))
    return votes, truth


def scores(posterior, truth):
    items = [item for item in range(len(truth)) if item in posterior]
    right = [max(posterior[item], key=lambda k: posterior[item][k]) == truth[item] for item in items]
    loss = [-math.log(max(posterior[item].get(truth[item], 0), 1e-12)) for item in items]
    return {"accuracy": float(np.mean(right)), "log_score": float(np.mean(loss)), "items": len(items)}


def table(method, votes):
    frame = pd.DataFrame(votes, columns=["task", "worker", "label"])
    return {item: row.to_dict() for item, row in method.fit_predict_proba(frame).iterrows()}


def main():
    result = {}
    for name, simulation in SETS.items():
        votes, truth = simulated(**simulation)
        result[name] = {
            "simulation": simulation,
            "votes": len(votes),
            "checksum": sum((i + 1) * (a + 1) * (k + 1) for i, a, k in votes),
            "peers": [
                {"program": "majority", **scores(table(MajorityVote(), votes), truth)},
                {"program": "crowd-kit", **scores(table(DawidSkene(), votes), truth)},
            ],
        }
    with open(f"{HERE}/joint_votes.json", "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
