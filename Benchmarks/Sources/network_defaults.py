"""`fit --model mlp` without another option, beside a sweep, the linear fit and scikit-learn: the table of docs/networks.md.

    python network_defaults.py TOOL DATA_FOLDER [--no-sweep] [ring spirals moons digits ...]

Scores are of rows that no fit has seen: 3000 further rows of the generated data, five folds of a seeded order of the others (two of the larger ones),
whose scores are put together. The sweep is a network of the same layers for each number of passes and each rate, on all training rows; "best" is the one with the smallest
divergence on the test rows themselves, which no method could choose. "linear" is the better of softmax regression without a prior and with one that
`cv` chose in the training rows. scikit-learn's MLPClassifier has as many hidden units, standardised features (pixels: one scale) and passes until
its own loss settles. Times are seconds of processor time on one thread, so that other programs do not count; ours with reading, scikit-learn's
of the fit alone.
"""
import csv
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import LabelBinarizer

EPOCHS, RATES = [10, 30, 100, 300, 1000], [3e-4, 1e-3, 3e-3, 1e-2]
LABELS = {"digits": ["--target", "class"], "housing": ["--counts", "n_*"]}
FILES = {"housing": "housing_design.csv"}
GENERATED = {"ring": 3000, "spirals": 1500, "moons": 1000}
ALL = [*GENERATED, "digits", "emotion6", "SJAFFE", "Music", "housing"]
FOLDS, FEWER_FOLDS, TEST_ROWS, MOST_WORK = 5, {"digits": 2, "emotion6": 2}, 3000, 6e7


def generate(name, count, seed):
    """Rows of two features and a class, which is not certain in moons."""
    draw = random.Random(f"{name} {seed}")
    rows = []
    for _ in range(count):
        if name == "ring":
            x, y = draw.uniform(-1, 1), draw.uniform(-1, 1)
            kind = int(0.4 < math.hypot(x, y) < 0.8)
        elif name == "spirals":
            kind, turn = draw.randrange(3), math.sqrt(draw.random())
            angle = 2 * math.pi * (1.25 * turn + kind / 3)
            x = turn * math.cos(angle) + draw.gauss(0, 0.02)
            y = turn * math.sin(angle) + draw.gauss(0, 0.02)
        else:
            kind, angle = draw.randrange(2), math.pi * draw.random()
            x, y = (1 - math.cos(angle), 0.5 - math.sin(angle)) if kind else (math.cos(angle), math.sin(angle))
            x, y = x + draw.gauss(0, 0.2), y + draw.gauss(0, 0.2)
        rows.append([repr(x), repr(y), f"c{kind}"])
    return ["x", "y", "class"], rows


def splits(name, data):
    """Header and pairs of training and test rows."""
    if name in GENERATED:
        header, train = generate(name, GENERATED[name], "train")
        return header, [(train, generate(name, TEST_ROWS, "test")[1])]
    with open(data / FILES.get(name, f"{name}.csv"), newline="") as file:
        header, *rows = list(csv.reader(file))
    random.Random(20).shuffle(rows)
    parts = [rows[i::FOLDS] for i in range(FOLDS)]
    used = parts[: FEWER_FOLDS.get(name, FOLDS)]
    return header, [([r for p in parts if p is not part for r in p], part) for part in used]


def arrays(name, header, rows, classes):
    """Features, label distributions and weights."""
    if name == "digits" or name in GENERATED:
        index = header.index("class")
        labels = numpy.array([[float(r[index] == c) for c in classes] for r in rows])
        features = [i for i in range(len(header)) if i != index]
    else:
        prefix = "n_" if name == "housing" else "p_"
        columns = [header.index(prefix + c) for c in classes]
        labels = numpy.array([[float(r[i]) for i in columns] for r in rows])
        features = [i for i, h in enumerate(header) if not h.startswith(prefix)]
    weights = labels.sum(axis=1) if name == "housing" else numpy.ones(len(rows))
    labels = labels / labels.sum(axis=1, keepdims=True)
    return numpy.array([[float(r[i]) for i in features] for r in rows]), labels, weights


def run(*arguments):
    done = subprocess.run([TOOL, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def processor_time_of_tools():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


class SoftMLP(MLPClassifier):
    """MLPClassifier for label distributions, which its loss takes and its check of y does not."""

    def _validate_input(self, X, y, incremental, reset):
        self._label_binarizer = LabelBinarizer().fit(numpy.arange(max(y.shape[1], 3))[: y.shape[1]])
        self.classes_ = numpy.arange(y.shape[1])
        self.n_features_in_ = X.shape[1]
        return X, y


class Scores:
    """Divergence and whether the largest class is right, row by row, of all splits."""

    def __init__(self):
        self.kl, self.right, self.weights = [], [], []

    def add(self, predicted, labels, weights):
        with numpy.errstate(divide="ignore", invalid="ignore"):
            terms = numpy.where(labels > 0, labels * (numpy.log(labels) - numpy.log(predicted)), 0)
        self.kl += list(terms.sum(axis=1))
        self.right += list(predicted.argmax(axis=1) == labels.argmax(axis=1))
        self.weights += list(weights)

    @property
    def mean(self):
        return float(numpy.average(self.kl, weights=self.weights))

    @property
    def accuracy(self):
        return float(numpy.average(self.right, weights=self.weights))

    def minus(self, other):
        """Mean paired difference and half of its 95 % interval over rows."""
        d, w = numpy.array(self.kl) - numpy.array(other.kl), numpy.array(self.weights)
        mean = numpy.average(d, weights=w)
        return float(mean), float(1.96 * numpy.sqrt(((w * (d - mean)) ** 2).sum()) / w.sum())


class Study:
    def __init__(self, name, data, folder):
        self.name, self.folder = name, folder
        self.header, self.pairs = splits(name, data)
        self.labels = LABELS.get(name, ["--target", "class"] if name in GENERATED else ["--probs", "p_*"])
        for i, (train, test) in enumerate(self.pairs):
            write(folder / f"train{i}.csv", self.header, train)
            write(folder / f"test{i}.csv", self.header, test)

    def score(self, tag, *options, command="fit", outcome=None):
        """A fit of each training part; its scores and seconds."""
        scores, seconds = Scores(), 0.0
        for i, (_, test) in enumerate(self.pairs):
            model = self.folder / f"{tag}-{i}.model"
            start = processor_time_of_tools()
            text = run(command, self.folder / f"train{i}.csv", *self.labels, *options, "-o", model, "--quiet", "--json",
                       "--threads", 1)
            seconds += processor_time_of_tools() - start
            if outcome is not None:
                outcome.append(json.loads(text))
            head, *lines = [line.split(",") for line in run("predict", model, self.folder / f"test{i}.csv").splitlines()]
            self.classes = [h[2:] if h[:2] in ("p_", "n_") else h for h in head[1:]]
            _, labels, weights = arrays(self.name, self.header, test, self.classes)
            scores.add(numpy.array([[float(v) for v in line[1:]] for line in lines]), labels, weights)
        return scores, seconds

    def sweep(self):
        """The best of all passes and rates, and which it was; two at a time."""
        work = len(self.pairs[0][0]) * len(self.pairs) * (len(self.header) + 10)
        grid = [(e, r) for e in EPOCHS for r in RATES if work * e <= MOST_WORK]

        def one(pair):
            options = ["--model", "mlp", "--epochs", pair[0], "--learning-rate", pair[1]]
            return self.score(f"sweep-{pair[0]}-{pair[1]}", *options)[0], pair

        with ThreadPoolExecutor(2) as pool:
            return min(pool.map(one, grid), key=lambda found: found[0].mean)

    def peer(self, hidden):
        scores, seconds = Scores(), 0.0
        for train, test in self.pairs:
            x, y, _ = arrays(self.name, self.header, train, self.classes)
            u, v, w = arrays(self.name, self.header, test, self.classes)
            spread = x.std(axis=0)
            spread = math.sqrt((spread**2).mean()) if self.name == "digits" else numpy.where(spread > 0, spread, 1)
            mean = x.mean(axis=0)
            start = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                net = SoftMLP(hidden_layer_sizes=hidden, max_iter=2000, random_state=1)
                if y.shape[1] == 2:
                    net = MLPClassifier(hidden_layer_sizes=hidden, max_iter=2000, random_state=1)
                    y = y.argmax(axis=1)
                net.fit((x - mean) / spread, y)
            seconds += time.process_time() - start
            scores.add(net.predict_proba((u - mean) / spread), v, w)
        return scores, seconds


def study(name, data, sweeps):
    with tempfile.TemporaryDirectory() as place:
        task = Study(name, data, Path(place))
        outcome = []
        network, seconds = task.score("default", "--model", "mlp", outcome=outcome)
        plain, _ = task.score("plain")
        tuned, _ = task.score("tuned", "--standardize", "--refit", "min", "--folds", 3, "--l2", "1e-5:1:6", command="cv")
        linear = min(plain, tuned, key=lambda s: s.mean)
        peer, peer_seconds = task.peer((256,))
        difference, half = network.minus(linear)
        best, pair = task.sweep() if sweeps else (None, None)
        cells = [
            name, f"{network.mean:.4f}", f"{best.mean:.4f} ({pair[0]}, {pair[1]:g})" if best else "",
            f"{network.mean / best.mean:.2f}" if best else "",
            "{:+.4f} ± {:.4f}".format(*network.minus(best)) if best else "",
            f"{plain.mean:.4f}, {tuned.mean:.4f}", f"{difference:+.4f} ± {half:.4f}", f"{peer.mean:.4f}",
            f"{network.accuracy:.3f}", f"{linear.accuracy:.3f}", f"{peer.accuracy:.3f}",
            f"{seconds:.2f}", f"{peer_seconds:.2f}", f"{seconds / peer_seconds:.2f}"]
        print("| " + " | ".join(cells) + " |", flush=True)
        for result in outcome:
            t = result.get("training") or {}
            t = t[0] if isinstance(t, list) else t
            print("#", name, json.dumps({k: v for k, v in t.items() if not isinstance(v, (list, dict))}), file=sys.stderr)


if __name__ == "__main__":
    names = [a for a in sys.argv[3:] if a[0] != "-"] or ALL
    TOOL = sys.argv[1]
    heads = ["data", "network, KL", "best of the sweep (passes, rate)", "ratio", "difference", "linear, KL (no prior, cv)",
             "network - linear", "scikit-learn, KL", "accuracy", "linear", "scikit-learn", "seconds", "scikit-learn", "ratio"]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|", flush=True)
    for each in names:
        study(each, Path(sys.argv[2]), "--no-sweep" not in sys.argv)
