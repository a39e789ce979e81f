"""Writes evaluation.json: what numpy, scipy and scikit-learn say of small generated predictions.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn
    venv/bin/python Tests/Reference/evaluation.py

Where scikit-learn or scipy define a number, theirs is used; the rest follows the definitions in the
documentation of the Evaluation module, written again from there and by other means (observations
are expanded, expectations are taken over every outcome). Numbers are written so that they read back to the same
doubles.
"""

import json
import os

import numpy as np
import scipy
import scipy.spatial.distance as distance
import scipy.stats as stats
import sklearn
import sklearn.metrics as metrics
from scipy.special import entr, rel_entr, xlogy

BINS = 15


def mean_error(values, weights, units, multiplicities):
    """Linearised standard error of a weighted mean, units possibly repeated."""
    values, weights = np.asarray(values, float), np.asarray(weights, float)
    expanded = np.repeat(np.arange(len(values)), multiplicities)
    mean = np.average(values[expanded], weights=weights[expanded])
    names = np.repeat(units, multiplicities) if units is not None else np.arange(len(expanded))
    residual = weights[expanded] * (values[expanded] - mean)
    sums = np.array([residual[names == name].sum() for name in np.unique(names)])
    n = len(sums)
    return np.sqrt(n / (n - 1) * np.sum(sums**2)) / weights[expanded].sum()


def reliability(confidence, outcome, weights, multiplicities, unit):
    """Equal-mass bins that never part equal confidences."""
    keep = weights > 0
    confidence, outcome, weights = confidence[keep], outcome[keep], weights[keep]
    multiplicities, unit = multiplicities[keep], unit[keep]
    values, inverse = np.unique(confidence, return_inverse=True)
    mass = np.bincount(inverse, weights=weights)
    middle = np.cumsum(mass) - mass / 2
    place = np.minimum(np.floor(middle * BINS / mass.sum()).astype(int), BINS - 1)[inverse]
    total, bins = weights.sum(), []
    z = stats.norm.ppf(0.975)
    for index in np.unique(place):
        here = place == index
        expanded = np.repeat(np.flatnonzero(here), multiplicities[here])
        u, c, o = unit[expanded], confidence[expanded], outcome[expanded]
        n, size = len(expanded), u.sum()
        c_mean, o_mean = np.average(c, weights=u), np.average(o, weights=u)
        gap = c_mean - o_mean
        kish = size**2 / np.sum(u**2)
        trials, gap_error = kish, 0.0
        if n > 1:
            scale = n / (n - 1) / size**2
            gap_error = np.sqrt(scale * np.sum((u * (c - o - gap)) ** 2))
            o_error = np.sqrt(scale * np.sum((u * (o - o_mean)) ** 2))
            if o_error > 0 and 0 < o_mean < 1:
                trials = o_mean * (1 - o_mean) / o_error**2
        # Wilson: the shares at which a score test does not reject, as roots of a quadratic.
        roots = np.roots([1 + z * z / trials, -(2 * o_mean + z * z / trials), o_mean**2])
        low, high = sorted(np.clip(np.real(roots), 0, 1))
        folded = stats.foldnorm.mean(abs(gap) / gap_error, scale=gap_error) if gap_error else abs(gap)
        bins.append(
            dict(rows=n, weight=size, confidence=c_mean, outcome=o_mean, low=low, high=high,
                 gap=gap, gap_error=gap_error, folded=folded))
    share = np.array([b["weight"] for b in bins]) / total
    gap = np.array([b.pop("gap") for b in bins])
    error = np.array([b.pop("gap_error") for b in bins])
    folded = np.array([b.pop("folded") for b in bins])
    return dict(
        bins=bins, ece=np.sum(share * abs(gap)),
        debiased=max(0.0, np.sum(share * (2 * abs(gap) - folded))),
        squared=np.sum(share * (gap**2 - error**2)))


def evaluate(kind, labels, q, weights, weight_kind, clusters):
    q = np.asarray(q)
    n, c = q.shape
    w = np.ones(n) if weights is None else np.asarray(weights, float)
    multiplicities = w.astype(int) if weight_kind == "frequency" else (w > 0).astype(int)
    votes = np.ones(n)
    if kind == "classes":
        p = np.eye(c)[labels]
    elif kind == "counts":
        votes = np.sum(labels, axis=1).astype(float)
        p = np.asarray(labels) / votes[:, None]
    else:
        p = np.asarray(labels)
    p, q = p / p.sum(axis=1, keepdims=True), q / q.sum(axis=1, keepdims=True)
    mass = w * votes
    unit = votes if weight_kind == "frequency" else mass
    row_unit = np.ones(n) if weight_kind == "frequency" else w

    def average(values):
        return np.average(values, weights=mass)

    cross = -xlogy(p, q).sum(axis=1)
    entropy, divergence = entr(p).sum(axis=1), rel_entr(p, q).sum(axis=1)
    outcomes = np.eye(c)
    brier = sum(p[:, y] * np.sum((outcomes[y] - q) ** 2, axis=1) for y in range(c))
    label, predicted = p.argmax(axis=1), q.argmax(axis=1)
    right = p[np.arange(n), predicted]
    correct = (label == predicted).astype(float)
    order = np.argsort(-q, axis=1, kind="stable")
    top = np.cumsum(np.take_along_axis(p, order, axis=1), axis=1)
    steps = np.cumsum(outcomes, axis=1)[:, :-1]
    rps = sum(p[:, y] * np.sum((steps[y] - np.cumsum(q, axis=1)[:, :-1]) ** 2, axis=1) for y in range(c))
    result = dict(
        rows=int(multiplicities.sum()), total_weight=mass.sum(), cross_entropy=average(cross),
        label_entropy=average(entropy), kl_divergence=average(divergence), brier=average(brier),
        brier_divergence=average(np.sum((p - q) ** 2, axis=1)),
        accuracy=np.average(correct, weights=w), expected_accuracy=average(right),
        top_k=[average(top[:, k]) for k in range(min(5, c))], ranked_probability_score=average(rps))
    mean = np.average(p, axis=0, weights=mass)
    result["null"] = dict(
        cross_entropy=average(-xlogy(p, mean).sum(axis=1)), kl=average(rel_entr(p, mean).sum(axis=1)))
    result["ldl"] = dict(
        chebyshev=average([distance.chebyshev(a, b) for a, b in zip(p, q)]),
        clark=average(np.sqrt(np.sum(((p - q) / np.where(p + q > 0, p + q, 1)) ** 2, axis=1))),
        canberra=average([distance.canberra(a, b) for a, b in zip(p, q)]),
        kl=average(divergence), cosine=average([1 - distance.cosine(a, b) for a, b in zip(p, q)]),
        intersection=average(np.minimum(p, q).sum(axis=1)))
    result["standard_errors"] = {
        name: dict(
            cross_entropy=mean_error(cross, u, by, m), kl=mean_error(divergence, u, by, m),
            brier=mean_error(brier, u, by, m), accuracy=mean_error(correct, r, by, m),
            expected_accuracy=mean_error(right, u, by, m))
        for name, by, u, r, m in [
            ("rows", None, unit, row_unit, multiplicities),
            ("clusters", np.asarray(clusters), unit, row_unit, multiplicities)]}
    result["top_label"] = reliability(q.max(axis=1), right, mass, multiplicities, unit)
    classes = [reliability(q[:, k], p[:, k], mass, multiplicities, unit) for k in range(c)]
    result["classwise_ece"] = np.mean([r["ece"] for r in classes])
    confusion = np.zeros((c, c))
    for i in range(n):
        confusion[:, predicted[i]] += mass[i] * p[i]
    result["confusion"] = confusion.tolist()
    if kind == "classes":
        sample = dict(sample_weight=w)
        known = dict(labels=range(c), **sample)
        result["scikit_learn"] = dict(
            log_loss=metrics.log_loss(labels, q, **known),
            accuracy=metrics.accuracy_score(labels, predicted, **sample),
            brier=metrics.brier_score_loss(labels, q, scale_by_half=False, **known),
            top_2=metrics.top_k_accuracy_score(labels, q, k=2, **known),
            confusion=metrics.confusion_matrix(labels, predicted, **known).tolist(),
            precision=list(metrics.precision_score(labels, predicted, average=None, **known)),
            recall=list(metrics.recall_score(labels, predicted, average=None, **known)),
            f1=list(metrics.f1_score(labels, predicted, average=None, **known)))
    return result


MASK = (1 << 64) - 1


def splitmix(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        value = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
        yield value ^ (value >> 31)


def below(bound, stream):
    while True:
        product = next(stream) * bound
        if (product & MASK) >= (1 << 64) % bound:
            return product >> 64


def bootstrap(values, masses, seed, replicates):
    seeds = splitmix(seed)
    means = []
    for _ in range(replicates):
        stream = splitmix(next(seeds))
        chosen = [below(len(values), stream) for _ in values]
        means.append(np.average(values[chosen], weights=masses[chosen]))
    return list(np.percentile(means, [2.5, 97.5]))


def compare(labels, first, second, weights):
    p = np.asarray(labels)
    difference = -xlogy(p, first).sum(axis=1) + xlogy(p, second).sum(axis=1)
    uniform = np.ones(len(p))
    right = [(p.argmax(axis=1) == q.argmax(axis=1)).astype(float) for q in (first, second)]
    return dict(
        cross_entropy=difference.mean(), standard_error=stats.sem(difference),
        weighted=np.average(difference, weights=weights),
        weighted_error=mean_error(difference, weights, None, uniform.astype(int)),
        accuracy=np.mean(right[0] - right[1]),
        accuracy_error=stats.sem(right[0] - right[1]),
        bootstrap=bootstrap(difference, uniform, 20, 200),
        weighted_bootstrap=bootstrap(difference, weights, 21, 200))


def make_cases():
    random = np.random.default_rng(7)
    cases = []
    shapes = [("classes", 60, 4), ("probabilities", 50, 5), ("counts", 40, 3)]
    for kind, n, c in shapes:
        q = random.dirichlet(np.full(c, 0.8), n)
        q[n // 2: n // 2 + 6] = q[n // 2]
        p = random.dirichlet(np.full(c, 0.7), n)
        if kind == "classes":
            labels = [int(random.choice(c, p=0.5 * row + 0.5 / c)) for row in q]
        elif kind == "probabilities":
            p[: n // 4, 1] = 0
            labels = (p / p.sum(axis=1, keepdims=True)).tolist()
        else:
            labels = [random.multinomial(random.integers(1, 30), row).tolist() for row in p]
        clusters = random.integers(0, 9, n).tolist()
        importance = np.round(random.gamma(2, 1, n), 3)
        importance[3] = 0
        frequency = random.integers(0, 4, n)
        for weight_kind, weights in [
            ("uniform", None), ("importance", importance.tolist()), ("frequency", frequency.tolist())
        ]:
            cases.append(
                dict(
                    name=f"{kind}_{weight_kind}", kind=kind, classes=c, labels=labels,
                    predictions=q.tolist(), weight_kind=weight_kind, weights=weights,
                    clusters=clusters,
                    expected=evaluate(kind, labels, q, weights, weight_kind, clusters)))
    n, c = 30, 3
    labels, first, second = (random.dirichlet(np.full(c, a), n) for a in (0.8, 2.0, 1.0))
    weights = np.round(random.gamma(2, 1, n), 3)
    pair = dict(
        labels=labels.tolist(), first=first.tolist(), second=second.tolist(),
        weights=weights.tolist(), expected=compare(labels, first, second, weights))
    return cases, pair


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return float(value)
    return int(value) if isinstance(value, np.integer) else value


if __name__ == "__main__":
    cases, pair = make_cases()
    made_with = {
        "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evaluation.json")
    with open(path, "w") as file:
        parts = [f'"made_with": {json.dumps(made_with)}', f'"pair": {json.dumps(plain(pair))}']
        lines = ",\n".join(json.dumps(plain(case), allow_nan=False) for case in cases)
        file.write("{" + ",\n".join(parts) + ',\n"cases": [\n' + lines + "\n]}\n")
