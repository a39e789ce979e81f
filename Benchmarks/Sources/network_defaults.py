"""`fit --model mlp` without another option, beside a sweep, the linear fit, scikit-learn and PyTorch: the table of docs/networks.md.

    python network_defaults.py TOOL DATA_FOLDER [--no-sweep] [--seeds=N] [ring spirals moons digits ...]

Scores are of rows that no fit has seen: 3000 further rows of the generated data, five folds of a seeded order of the others (two of the larger ones),
whose scores are put together. The sweep is a network of the same layers for each number of passes and each rate, on all training rows; "best" is the one with the smallest
divergence on the test rows themselves, which no method could choose. "linear" is the better of softmax regression without a prior and with one that
`cv` chose in the training rows. scikit-learn's MLPClassifier has as many hidden units, standardised features (pixels: one scale) and passes until
its own loss settles. PyTorch trains the same layers with AdamW at its default rate, in batches of 32, single precision; a fifth of the rows is held out, and the
parameters best on them are kept, thirty passes without better ones being the end. With --seeds, every network is trained with so many seeds, and the score of a
row is their mean: the least of twenty scores from one seed is partly luck. Times are seconds of processor time on one thread for one seed, so that other
programs do not count; ours with reading, those of the others of the fit alone.
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
import torch
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import LabelBinarizer

EPOCHS, RATES = [10, 30, 100, 300, 1000], [3e-4, 1e-3, 3e-3, 1e-2]
LABELS = {"digits": ["--target", "class"], "housing": ["--counts", "n_*"]}
FILES = {"housing": "housing_design.csv"}
GENERATED = {"ring": 3000, "spirals": 1500, "moons": 1000}
ALL = [*GENERATED, "digits", "emotion6", "SJAFFE", "Music", "housing"]
HIDDEN = 256
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

    def add(self, predictions, labels, weights):
        """Rows and their predictions by the network of each seed."""
        with numpy.errstate(divide="ignore", invalid="ignore"):
            terms = [numpy.where(labels > 0, labels * (numpy.log(labels) - numpy.log(p)), 0).sum(axis=1) for p in predictions]
        self.kl += list(numpy.mean(terms, axis=0))
        self.right += list(numpy.mean([p.argmax(axis=1) == labels.argmax(axis=1) for p in predictions], axis=0))
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
    def __init__(self, name, data, folder, seeds):
        self.name, self.folder, self.seeds = name, folder, seeds
        self.header, self.pairs = splits(name, data)
        self.labels = LABELS.get(name, ["--target", "class"] if name in GENERATED else ["--probs", "p_*"])
        for i, (train, test) in enumerate(self.pairs):
            write(folder / f"train{i}.csv", self.header, train)
            write(folder / f"test{i}.csv", self.header, test)

    def score(self, tag, *options, command="fit", seeds=1, outcome=None):
        """Fits of each training part; their scores, and seconds of one seed."""
        scores, seconds = Scores(), 0.0
        for i, (_, test) in enumerate(self.pairs):
            predictions = []
            for seed in range(1, seeds + 1):
                model = self.folder / f"{tag}-{i}-{seed}.model"
                start = processor_time_of_tools()
                text = run(command, self.folder / f"train{i}.csv", *self.labels, *options, "-o", model, "--quiet", "--json",
                           "--threads", 1, *(["--seed", seed] if seeds > 1 else []))
                seconds += (processor_time_of_tools() - start) / seeds
                if outcome is not None:
                    outcome.append(json.loads(text))
                head, *lines = [line.split(",") for line in run("predict", model, self.folder / f"test{i}.csv").splitlines()]
                predictions.append(numpy.array([[float(v) for v in line[1:]] for line in lines]))
            self.classes = [h[2:] if h[:2] in ("p_", "n_") else h for h in head[1:]]
            _, labels, weights = arrays(self.name, self.header, test, self.classes)
            scores.add(predictions, labels, weights)
        return scores, seconds

    def sweep(self):
        """The best of all passes and rates, and which it was; two at a time."""
        work = len(self.pairs[0][0]) * len(self.pairs) * (len(self.header) + 10)
        grid = [(e, r) for e in EPOCHS for r in RATES if work * e <= MOST_WORK]

        def one(pair):
            options = ["--model", "mlp", "--epochs", pair[0], "--learning-rate", pair[1]]
            return self.score(f"sweep-{pair[0]}-{pair[1]}", *options, seeds=self.seeds)[0], pair

        with ThreadPoolExecutor(2) as pool:
            return min(pool.map(one, grid), key=lambda found: found[0].mean)

    def peer(self, train):
        """Scores of a function that returns the predictions for (features, labels, weights, new features, seed)."""
        scores, seconds = Scores(), 0.0
        for rows, test in self.pairs:
            x, y, weights = arrays(self.name, self.header, rows, self.classes)
            u, v, w = arrays(self.name, self.header, test, self.classes)
            spread = x.std(axis=0)
            spread = math.sqrt((spread**2).mean()) if self.name == "digits" else numpy.where(spread > 0, spread, 1)
            mean = x.mean(axis=0)
            start = time.process_time()
            predictions = [train((x - mean) / spread, y, weights, (u - mean) / spread, s + 1) for s in range(self.seeds)]
            seconds += (time.process_time() - start) / self.seeds
            scores.add(predictions, v, w)
        return scores, seconds


def with_sklearn(x, y, weights, new, seed):
    """All rows count equally: it takes no weights together with distributions."""
    net = (MLPClassifier if y.shape[1] == 2 else SoftMLP)(hidden_layer_sizes=(HIDDEN,), max_iter=2000, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net.fit(x, y.argmax(axis=1) if y.shape[1] == 2 else y)
    return net.predict_proba(new)


def with_torch(x, y, weights, new, seed):
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    x, y, weights, new = (torch.tensor(a, dtype=torch.float32) for a in (x, y, weights / weights.mean(), new))
    order = torch.randperm(len(x))
    held, rows = order[: len(x) // 5], order[len(x) // 5 :]
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, y.shape[1]))
    optimizer = torch.optim.AdamW(net.parameters())

    def loss(batch):
        return -(weights[batch] * (y[batch] * torch.log_softmax(net(x[batch]), 1)).sum(1)).mean()

    best, kept, since = math.inf, None, 0
    while since < 30:
        for batch in rows[torch.randperm(len(rows))].split(32):
            optimizer.zero_grad()
            loss(batch).backward()
            optimizer.step()
        with torch.no_grad():
            score, since = float(loss(held)), since + 1
        if score < best:
            best, kept, since = score, {k: v.clone() for k, v in net.state_dict().items()}, 0
    net.load_state_dict(kept)
    with torch.no_grad():
        return torch.softmax(net(new).double(), 1).numpy()


def study(name, data, sweeps, seeds):
    with tempfile.TemporaryDirectory() as place:
        task = Study(name, data, Path(place), seeds)
        outcome = []
        network, seconds = task.score("default", "--model", "mlp", seeds=seeds, outcome=outcome)
        plain, _ = task.score("plain")
        tuned, _ = task.score("tuned", "--standardize", "--refit", "min", "--folds", 3, "--l2", "1e-5:1:6", command="cv")
        linear = min(plain, tuned, key=lambda s: s.mean)
        sklearn, sklearn_seconds = task.peer(with_sklearn)
        pytorch, pytorch_seconds = task.peer(with_torch)
        best, pair = task.sweep() if sweeps else (None, None)
        cells = [
            name, f"{network.mean:.4f}", f"{best.mean:.4f} ({pair[0]}, {pair[1]:g})" if best else "",
            f"{network.mean / best.mean:.2f}" if best else "",
            "{:+.4f} ± {:.4f}".format(*network.minus(best)) if best else "",
            f"{plain.mean:.4f}, {tuned.mean:.4f}", "{:+.4f} ± {:.4f}".format(*network.minus(linear)),
            f"{sklearn.mean:.4f}", f"{pytorch.mean:.4f}",
            *(f"{s.accuracy:.3f}" for s in (network, linear, sklearn, pytorch)),
            f"{seconds:.2f}", f"{sklearn_seconds:.2f}", f"{pytorch_seconds:.2f}"]
        print("| " + " | ".join(cells) + " |", flush=True)
        for result in outcome:
            t = result.get("training") or {}
            t = t[0] if isinstance(t, list) else t
            print("#", name, json.dumps({k: v for k, v in t.items() if not isinstance(v, (list, dict))}), file=sys.stderr)
        return seconds, sklearn_seconds, pytorch_seconds


if __name__ == "__main__":
    names = [a for a in sys.argv[3:] if a[0] != "-"] or ALL
    count = next((int(a.split("=")[1]) for a in sys.argv[3:] if a.startswith("--seeds=")), 1)
    TOOL = sys.argv[1]
    heads = ["data", "network, KL", "best of the sweep (passes, rate)", "ratio", "difference", "linear, KL (no prior, cv)",
             "network - linear", "scikit-learn, KL", "PyTorch, KL", "accuracy", "linear", "scikit-learn", "PyTorch",
             "seconds", "scikit-learn", "PyTorch"]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|", flush=True)
    times = [study(each, Path(sys.argv[2]), "--no-sweep" not in sys.argv, count) for each in names]
    print("seconds in all: " + ", ".join(f"{sum(t):.1f}" for t in zip(*times)))
