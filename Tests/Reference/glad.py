"""Writes glad.json: the maximum of the posterior density of the model with abilities and difficulties, found by
Newton's method of numpy and scipy on all parameters at once, the value there in 50 digits by mpmath, and standard
errors from the inverse of the whole Hessian.

    python3 -m venv venv && venv/bin/pip install numpy scipy mpmath
    venv/bin/python Tests/Reference/glad.py

The parameters are alpha (annotators) and log odds of the classes against the last one. Difficulties are summed out:
b = -log difficulty is one of 16 values in steps of a half, with probabilities proportional to the normal density of mean
1 and standard deviation 1. The density is written out vote by vote, class by class and value by value; the derivative of
the value is by complex steps.
"""

import json
import os

import mpmath
import numpy as np
from scipy.optimize import minimize

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = {
    "two": dict(items=30, annotators=6, classes=2, seed=1, share=0.7, weighted=False, gold=0),
    "three": dict(items=25, annotators=7, classes=3, seed=2, share=0.8, weighted=True, gold=5),
}


def simulated(items, annotators, classes, seed, share, weighted, gold):
    random = np.random.default_rng(seed)
    truth = random.integers(classes, size=items)
    ability = random.normal(1, 1, annotators)
    ease = np.exp(random.normal(0.5, 0.7, items))
    votes = []
    for item in range(items - 1):  # the last item has no votes
        for annotator in range(annotators):
            if random.random() < share:
                right = random.random() < 1 / (1 + np.exp(-ability[annotator] * ease[item]))
                wrong = (truth[item] + 1 + random.integers(classes - 1)) % classes
                votes.append((item, annotator, int(truth[item] if right else wrong)))
    weights = [float(w) for w in random.choice([0.5, 1, 2], len(votes))] if weighted else [1.0] * len(votes)
    known = [int(truth[i]) if i < gold else -1 for i in range(items)]
    return votes, weights, known


GRID = [1 + (q - 7.5) / 2 for q in range(16)]


def shares_of_grid(number):
    densities = [number.exp(-(b - number.mpf(1)) ** 2 / 2 if number is mpmath else -(b - 1) ** 2 / 2) for b in grid(number)]
    return [d / sum(densities) for d in densities]


def grid(number):
    return [1 + (number.mpf(q) - number.mpf("7.5")) / 2 for q in range(16)] if number is mpmath else GRID


def states(parameters, votes, weights, known, annotators, items, classes, number=np):
    """The log density of the votes of each item with each class and value of b: items x classes x 16."""
    alpha = parameters[:annotators]
    odds = list(parameters[annotators:]) + [0 * parameters[0]]
    total = sum(number.exp(o) for o in odds)
    values, omega = grid(number), shares_of_grid(number)
    logs = [[[o - number.log(total) + number.log(w) for w in omega] for o in odds] for _ in range(items)]
    for (item, annotator, label), weight in zip(votes, weights):
        for q, b in enumerate(values):
            x = alpha[annotator] * number.exp(b)
            # log sigma(x) and log sigma(-x), with no overflow at the sizes of x here
            right, wrong = -number.log(1 + number.exp(-x)), -number.log(1 + number.exp(x))
            wrong -= number.log(number.mpf(classes - 1) if number is mpmath else classes - 1)
            for k in range(classes):
                logs[item][k][q] += weight * (right if k == label else wrong)
    return [logs[i] if known[i] < 0 else [logs[i][known[i]]] for i in range(items)]


def value(parameters, votes, weights, known, annotators, items, classes, number=np):
    """The log-likelihood and the log prior."""
    rows = states(parameters, votes, weights, known, annotators, items, classes, number)
    likelihood = 0
    for item in sorted({vote[0] for vote in votes}):
        likelihood += number.log(sum(number.exp(v) for row in rows[item] for v in row))
    prior = sum(-(p - 1) ** 2 / 2 for p in parameters[:annotators])
    prior -= annotators * number.log(2 * number.pi) / 2
    return likelihood, prior


def moments(parameters, *data):
    """The posterior mean and standard deviation of log difficulty, by item."""
    means, deviations = [], []
    for rows in states(parameters, *data):
        weights = np.exp(np.array(rows)).sum(axis=0)
        weights /= weights.sum()
        mean = weights @ np.array(GRID)
        means.append(-mean)
        deviations.append(np.sqrt(weights @ (np.array(GRID) - mean) ** 2))
    return means, deviations


def gradient(parameters, *data):
    result = np.zeros(len(parameters))
    for j in range(len(parameters)):
        moved = parameters.astype(complex)
        moved[j] += 1e-30j
        result[j] = sum(value(moved, *data)).imag / 1e-30
    return result


def shares(parameters, sizes):
    odds = np.append(parameters[sizes[0]:], 0)
    return np.exp(odds) / np.exp(odds).sum()


def accuracies(parameters, sizes):
    """The probability of a right vote of each annotator on an item of unknown difficulty."""
    return np.array([sum(w / (1 + np.exp(-alpha * np.exp(b))) for b, w in zip(GRID, shares_of_grid(np)))
                     for alpha in parameters[:sizes[0]]])


def delta(function, parameters, covariance):
    """Standard errors of functions of the parameters, by derivatives from complex steps."""
    columns = []
    for j in range(len(parameters)):
        moved = parameters.astype(complex)
        moved[j] += 1e-30j
        columns.append(function(moved).imag / 1e-30)
    slopes = np.array(columns).T
    return np.sqrt(np.diag(slopes @ covariance @ slopes.T)).tolist()


def main():
    answers = {}
    for name, options in SETS.items():
        votes, weights, known = simulated(**options)
        sizes = (options["annotators"], options["items"], options["classes"])
        data = (votes, weights, known) + sizes
        start = np.concatenate([np.ones(sizes[0]), np.zeros(sizes[2] - 1)])
        best = minimize(lambda p: -sum(value(p, *data)), start, jac=lambda p: -gradient(p, *data), method="BFGS",
                        options=dict(gtol=1e-6)).x
        for _ in range(4):
            step = 1e-5
            hessian = np.array([(gradient(best + step * e, *data) - gradient(best - step * e, *data)) / (2 * step)
                                for e in np.eye(len(best))])
            best = best - np.linalg.solve((hessian + hessian.T) / 2, gradient(best, *data))
        largest = np.abs(gradient(best, *data)).max()
        assert largest < 1e-12, largest
        assert np.linalg.eigvalsh((hessian + hessian.T) / 2).max() < 0
        covariance = np.linalg.inv(-(hessian + hessian.T) / 2)
        errors = np.sqrt(np.diag(covariance))
        mpmath.mp.dps = 50
        likelihood, prior = value([mpmath.mpf(float(p)) for p in best], *data, number=mpmath)
        means, deviations = moments(best, *data)
        answers[name] = dict(
            annotators=sizes[0], items=sizes[1], classes=sizes[2],
            item=[v[0] for v in votes], annotator=[v[1] for v in votes], label=[v[2] for v in votes],
            weight=weights, gold=known, log_likelihood=float(likelihood), log_prior=float(prior),
            ability=best[:sizes[0]].tolist(), ability_error=errors[:sizes[0]].tolist(),
            log_difficulty=means, log_difficulty_error=deviations,
            class_prior_error=delta(lambda p: shares(p, sizes), best, covariance),
            accuracy=accuracies(best, sizes).tolist(),
            accuracy_error=delta(lambda p: accuracies(p, sizes), best, covariance),
            class_prior=shares(best, sizes).tolist())
        print(name, len(votes), float(likelihood), float(prior), largest)
    with open(os.path.join(HERE, "glad.json"), "w") as file:
        json.dump(answers, file)
        file.write("\n")


main()
