"""Writes vote_peers.json: accuracy and log score against true classes of Dawid and Skene's model by crowd-kit and
peerannot, on published votes and on two simulated sets with unequal annotators.

    python3 -m venv venv && venv/bin/pip install crowd-kit peerannot
    venv/bin/python Tests/Reference/vote_peers.py

The simulated votes are those of VoteFixture.simulated, draw for draw, so that no file is needed; their number and a
checksum are recorded. Both programs run as they are by default, and with enough steps to end by themselves. A true
class with a probability below 1e-12 counts as one of 1e-12, in favour of the program.
"""

import csv
import json
import math
import os

import numpy as np
import pandas as pd
from crowdkit.aggregation import DawidSkene
from peerannot.models.aggregation.dawid_skene import DawidSkene as PeerDawidSkene

from joint_votes import uniforms

HERE = os.path.dirname(os.path.abspath(__file__))
SIMULATED = {
    "seven": dict(items=500, classes=3, seed=41, share=0.6, accuracies=[0.95, 0.9, 0.8, 0.6, 0.5, 0.4, 0.35]),
    "twelve": dict(items=800, classes=4, seed=42, share=0.4,
                   accuracies=[0.95, 0.9, 0.85, 0.7, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.3]),
}


def simulated(items, classes, seed, share, accuracies):
    draw = uniforms(seed)
    truth = [min(classes - 1, int(next(draw) * next(draw) * classes * 1.5)) for _ in range(items)]
    votes = []
    for item in range(items):
        for annotator, accuracy in enumerate(accuracies):
            if next(draw) >= share:
                continue
            right = next(draw) < accuracy
            other = (truth[item] + 1 + int(next(draw) * (classes - 1))) % classes
            votes.append((item, annotator, truth[item] if right else other))
    return votes, dict(enumerate(truth))


def textual_entailment():
    with open(f"{HERE}/../Data/rte.csv") as file:
        votes = [(row["item"], row["annotator"], int(row["label"])) for row in csv.DictReader(file)]
    with open(f"{HERE}/../Data/rte_gold.csv") as file:
        return votes, {row["item"]: int(row["gold"]) for row in csv.DictReader(file)}


def scores(posterior, truth):
    """Accuracy, and the mean of -log p of the true class."""
    right = [max(posterior[item], key=lambda k: posterior[item][k]) == known for item, known in truth.items()]
    loss = [-math.log(max(posterior[item].get(known, 0), 1e-12)) for item, known in truth.items()]
    return {"accuracy": float(np.mean(right)), "log_score": float(np.mean(loss))}


def crowd_kit(votes, **options):
    table = DawidSkene(**options).fit_predict_proba(pd.DataFrame(votes, columns=["task", "worker", "label"]))
    return {item: row.to_dict() for item, row in table.iterrows()}


def peerannot(votes, **options):
    items = list(dict.fromkeys(vote[0] for vote in votes))
    workers = list(dict.fromkeys(vote[1] for vote in votes))
    answers = {place: {} for place in range(len(items))}
    at, by = ({name: place for place, name in enumerate(names)} for names in (items, workers))
    for item, annotator, label in votes:
        answers[at[item]][by[annotator]] = label
    model = PeerDawidSkene(answers, n_workers=len(workers), n_classes=1 + max(vote[2] for vote in votes))
    model.run(**options)
    return {item: dict(enumerate(map(float, row))) for item, row in zip(items, model.get_probas())}


def main():
    result = {}
    for name in ["rte", *SIMULATED]:
        votes, truth = textual_entailment() if name == "rte" else simulated(**SIMULATED[name])
        truth = {item: known for item, known in truth.items() if item in {vote[0] for vote in votes}}
        result[name] = {
            "votes": len(votes),
            "checksum": 0 if name == "rte" else sum((i + 1) * (a + 1) * (k + 1) for i, a, k in votes),
            "peers": [
                {"program": "crowd-kit", **scores(crowd_kit(votes), truth)},
                {"program": "crowd-kit, 2000 steps", **scores(crowd_kit(votes, n_iter=2000, tol=0), truth)},
                {"program": "peerannot", **scores(peerannot(votes), truth)},
                {"program": "peerannot, 400 steps", **scores(peerannot(votes, epsilon=1e-12, maxiter=400), truth)},
            ],
        }
        result[name].update({} if name == "rte" else {"simulation": SIMULATED[name]})
    with open(f"{HERE}/vote_peers.json", "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
