"""Networks beside linear fits on held-out rows: the numbers of docs/networks.md.

    python networks.py TOOL DATA_FOLDER [digits emotion6 SJAFFE ...]

Five folds of a seeded order; the predictions of all folds are put together, so that every row is predicted once by a model that has not seen it. The linear
model is softmax regression whose prior is chosen by cross-validation inside the training rows (`cv`); on digits, whose columns have one
unit, both priors are about features of one scale. The strength of the network's prior is chosen by a fifth of the training rows; five networks are then trained on all
training rows with it and averaged. `compare` gives the paired intervals.
"""
import csv
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

TOOL, DATA = sys.argv[1], Path(sys.argv[2])
SETTINGS = {
    "digits": dict(labels=["--target", "class"], folds=5, linear=[],
                   layers=["--hidden", "256", "--dropout", "0.3", "--input-scale", "common"],
                   epochs=60, strengths=["1e-5", "1e-4", "1e-3", "1e-2"], members=5),
    "emotion6": dict(labels=["--probs", "p_*"], folds=5, linear=["--standardize"],
                     layers=["--hidden", "64", "--dropout", "0.3"],
                     epochs=60, strengths=["1e-2", "3e-2", "1e-1", "3e-1"], members=5),
    "SJAFFE": dict(labels=["--probs", "p_*"], folds=5, linear=["--standardize"],
                   layers=["--hidden", "64", "--dropout", "0.3", "--skip"],
                   epochs=100, strengths=["1e-2", "3e-2", "1e-1", "3e-1"], members=5),
}


def run(*arguments):
    done = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def network(train, setting, folder, seed):
    """The strength with the smallest divergence on a fifth of the rows; then an ensemble with it, on all of them."""
    common = [train, *setting["labels"], "--model", "mlp", *setting["layers"], "--epochs", setting["epochs"],
              "--batch-size", 32, "--seed", seed, "--json", "--quiet"]
    scores = {}
    for strength in setting["strengths"]:
        result = json.loads(run("fit", *common, "--l2", strength, "--validation", "0.2"))
        scores[strength] = result["validation"]["kl_divergence"]
    best = min(scores, key=scores.get)
    path = folder / "network.model"
    run("fit", *common, "--l2", best, "--ensemble", setting["members"], "-o", path)
    return path, best


def study(name):
    setting = SETTINGS[name]
    with open(DATA / f"{name}.csv", newline="") as file:
        header, *rows = list(csv.reader(file))
    order = list(range(len(rows)))
    random.Random(20).shuffle(order)
    parts = [order[i::5] for i in range(5)][: setting["folds"]]
    found = {"linear": {}, "network": {}}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for fold, held in enumerate(parts):
            chosen = set(held)
            train, test = folder / "train.csv", folder / "test.csv"
            write(train, header, [r for i, r in enumerate(rows) if i not in chosen])
            write(test, header, [rows[i] for i in sorted(chosen)])
            linear = folder / "linear.json"
            run("cv", train, *setting["labels"], "--folds", 5, *setting["linear"], "--refit", "min", "-o", linear, "--quiet")
            net, best = network(train, setting, folder, fold + 1)
            print(f"{name} fold {fold + 1}: network l2 {best}", flush=True)
            for kind, model in (("linear", linear), ("network", net)):
                text = run("predict", model, test).splitlines()
                head = text[0].split(",")[1:]
                for index, line in zip(sorted(chosen), text[1:]):
                    found[kind][index] = line.split(",")[1:]
        kept = sorted(found["linear"])
        write(folder / "rows.csv", header, [rows[i] for i in kept])
        for kind, predictions in found.items():
            write(folder / f"{kind}.csv", head, [predictions[i] for i in kept])
        both = [a for kind in found for a in ("--predictions", folder / f"{kind}.csv")]
        print(run("compare", folder / "rows.csv", *setting["labels"], *both, "--names", "linear,network",
                  "--against", "linear"))


for name in sys.argv[3:] or list(SETTINGS):
    study(name)
