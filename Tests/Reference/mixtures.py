"""Small problems of likelihoods that are not concave: their optima by brute force.

    python mixtures.py record > mixtures.json
        100 problems of candidate sets, of Dirichlet-multinomial votes and of noisy labels with a
        known matrix, with the smallest objective found and what is proved about the maximum
    PYTHONPATH=Python/src SURPRISAL_LIBRARY=.../libsurprisalc.so python mixtures.py judge < mixtures.json
        compares the library's fits

Needs numpy and scipy. The objective is the mean negative log-likelihood without constants. Its
infimum is looked for from 19 random starts near and far, along every separating direction and, for
mixtures, from 60 fits to classes that are drawn given the labels. "none" is proved by a direction
along which no row decreases and some row increases, from linear programs over whole numbers for the
completions of the rows; "attained" by rows whose likelihood vanishes along every direction;
otherwise "open".
"""

import itertools
import json
import random
import sys
import warnings

from small_tables import conditions, decide, product, whole

KINDS = ["candidate-set", "dirichlet-multinomial", "noisy-label"]


def make(kind, index):
    r = random.Random(f"{kind} {index}")
    classes, width = r.randint(2, 4), r.randint(1, 2)
    intercept = width == 1 or r.random() < 0.8
    count = r.randint(6, 24)
    digits = r.choice([0, 1, 2])
    columns = [[round(r.gauss(0, 1.5), digits) for _ in range(count)] for _ in range(width)]
    size = r.choice([0.5, 2, 6])
    rule = [[r.gauss(0, size) for _ in range(width + 1)] for _ in range(classes)]

    def draw(i):
        import math
        scores = [w[-1] + sum(a * c[i] for a, c in zip(w, columns)) for w in rule]
        top = max(scores)
        return r.choices(range(classes), [math.exp(s - top) for s in scores])[0]

    problem = {"kind": kind, "index": index, "classes": classes, "columns": columns,
               "intercept": int(intercept)}
    if kind == "candidate-set":
        share = r.choice([0.2, 0.5, 0.8])
        problem["rows"] = []
        for i in range(count):
            y = draw(i)
            members = [int(k == y or r.random() < share) for k in range(classes)]
            if all(members):
                members[(y + 1) % classes] = 0
            problem["rows"].append(members)
        if not all(any(row[k] for row in problem["rows"]) for k in range(classes)):
            return make(kind, index + 1000)
    elif kind == "noisy-label":
        noise = r.choice([0.05, 0.1, 0.2])
        matrix = [[1 - noise * (classes - 1) if a == b else noise for b in range(classes)]
                  for a in range(classes)]
        problem["confusion"] = matrix
        problem["rows"] = [r.choices(range(classes), matrix[draw(i)])[0] for i in range(count)]
        if len(set(problem["rows"])) < classes:
            return make(kind, index + 1000)
    else:
        votes, spread = r.choice([2, 3, 6]), r.choice([0.5, 2.0, 8.0])
        problem["rows"] = []
        for i in range(count):
            y = draw(i)
            weights = [r.gammavariate(spread * (0.15 + (k == y)), 1) + 1e-9 for k in range(classes)]
            row = [0] * classes
            for _ in range(votes + r.randint(0, 2)):
                row[r.choices(range(classes), weights)[0]] += 1
            problem["rows"].append(row)
        if not all(any(row[k] for row in problem["rows"]) for k in range(classes)):
            return make(kind, index + 1000)
    return problem


class Objective:
    """The mean negative log-likelihood of coefficients against class 0, and log rho."""

    def __init__(self, problem):
        import numpy as np
        self.np, self.kind, self.c = np, problem["kind"], problem["classes"]
        x = np.array(problem["columns"], float).T
        if problem["intercept"]:
            x = np.hstack([x, np.ones((len(x), 1))])
        self.x, self.n = x, len(x)
        rows = np.array(problem["rows"])
        self.rows = rows
        self.weight = len(x)
        if self.kind == "candidate-set":
            self.terms = rows.astype(float)
        elif self.kind == "noisy-label":
            self.terms = np.array(problem["confusion"])[:, rows].T
        else:
            self.weight = rows.sum()
        self.size = (self.c - 1) * x.shape[1] + (self.kind == "dirichlet-multinomial")

    def __call__(self, point):
        np = self.np
        d = self.x.shape[1]
        free = (self.c - 1) * d
        b = np.vstack([np.zeros(d), point[:free].reshape(self.c - 1, d)])
        z = self.x @ b.T
        z -= z.max(1, keepdims=True)
        e = np.exp(z)
        total = e.sum(1, keepdims=True)
        q = e / total
        if self.kind != "dirichlet-multinomial":
            inner = (e * self.terms).sum(1)
            if (inner <= 0).any():
                return np.inf, np.zeros(self.size)
            value = (np.log(total[:, 0]) - np.log(inner)).sum()
            slope = q - e * self.terms / inner[:, None]
            return value / self.weight, (slope.T @ self.x)[1:].ravel() / self.weight
        rho = np.exp(np.clip(point[-1], -30, 30))
        # Products of (q_k + j rho) over the votes of class k, and of (1 + j rho) below them.
        value, slope, change = 0.0, np.zeros_like(q), 0.0
        for j in range(int(self.rows.max())):
            active = self.rows > j
            level = np.maximum(q, 1e-300) + j * rho
            value -= np.log(level[active]).sum()
            slope -= np.where(active, q / level, 0)
            change -= (j * rho / level)[active].sum()
        totals = self.rows.sum(1)
        for j in range(int(totals.max())):
            active = totals > j
            value += active.sum() * np.log1p(j * rho)
            change += active.sum() * j * rho / (1 + j * rho)
        slope = slope - q * slope.sum(1, keepdims=True)
        gradient = (slope.T @ self.x)[1:].ravel()
        return value / self.weight, np.append(gradient, change) / self.weight


def separating(problem):
    """Directions along which no row decreases and some row increases, one for the completions."""
    rows = whole(problem["columns"], problem["intercept"])
    classes, kind = problem["classes"], problem["kind"]
    if kind == "dirichlet-multinomial":
        supports = [[k for k in range(classes) if row[k]] for row in problem["rows"]]
        inequalities, equations = conditions(rows, supports, classes)
        found = decide(inequalities, equations)
        return ("none", [found]) if found else ("attained", [])
    if kind == "candidate-set":
        terms = problem["rows"]
    else:
        terms = [[problem["confusion"][k][y] for k in range(classes)] for y in problem["rows"]]

    def gains(direction):
        """Whether no row decreases and some increases along the direction."""
        width, gain = len(rows[0]), False
        blocks = [[0] * width] + [direction[k * width:(k + 1) * width] for k in range(classes - 1)]
        for row, term in zip(rows, terms):
            scores = [product(row, block) for block in blocks]
            top = {k for k in range(classes) if scores[k] == max(scores)}
            least, rest = min(term[k] for k in top), [k for k in range(classes) if k not in top]
            if any(term[k] > least for k in rest):
                return False
            gain = gain or any(term[k] < max(term[j] for j in top) for k in rest)
        return gain

    r, tried = random.Random(problem["index"]), 0
    best = [[k for k in range(classes) if term[k] == max(term)] for term in terms]
    number = 1
    for choice in best:
        number *= len(choice)
    completions = (
        itertools.product(*best) if number <= 256
        else ([r.choice(choice) for choice in best] for _ in range(256)))
    for completion in completions:
        # Members may exceed the chosen one only within its candidate set, so drop those pairs.
        inequalities = []
        for row, term, leader in zip(rows, terms, completion):
            pairs, _ = conditions([row], [[leader]], classes)
            others = [k for k in range(classes) if k != leader]
            inequalities += [v for v, k in zip(pairs, others) if term[k] < term[leader]]
        found = decide([list(v) for v in dict.fromkeys(map(tuple, inequalities))], [])
        if found and gains(found):
            return "none", [found]
    if kind == "candidate-set":
        known = [(row, term.index(1)) for row, term in zip(rows, terms) if sum(term) == 1]
        if known:
            inequalities, _ = conditions(
                [row for row, _ in known], [[k] for _, k in known], classes)
            if decide(inequalities, []) is None and full_rank(inequalities):
                return "attained", []
    return "open", []


def full_rank(vectors):
    import numpy as np
    return np.linalg.matrix_rank(np.array(vectors, float)) == len(vectors[0])


def minimize(problem, directions):
    import numpy as np
    from scipy.optimize import minimize as descend
    objective = Objective(problem)
    generator = np.random.default_rng(problem["index"])
    best = np.inf
    starts = [np.zeros(objective.size)]
    for scale in (0.3, 1, 3, 10, 30, 100):
        starts += [generator.normal(0, scale, objective.size) for _ in range(3)]
    for direction in directions:
        unit = np.array([float(v) for v in direction])
        unit = np.append(unit, np.zeros(objective.size - len(unit)))
        starts += [size * unit / np.abs(unit).max() for size in (3, 30)]
    if objective.kind != "dirichlet-multinomial":
        starts += [completed(objective, generator) for _ in range(60)]
    for start in starts:
        with np.errstate(all="ignore"):
            found = descend(objective, start, jac=True, method="L-BFGS-B",
                            options={"maxiter": 600, "ftol": 1e-15, "gtol": 1e-10})
        if not np.isfinite(found.fun):
            continue
        best = min(best, found.fun)
    return float(best)


def completed(objective, generator):
    """Three times the ridge fit to classes drawn with probabilities proportional to the terms."""
    import numpy as np
    from scipy.optimize import minimize as descend
    shares = objective.terms / objective.terms.sum(1, keepdims=True)
    drawn = np.eye(objective.c)[[generator.choice(objective.c, p=row) for row in shares]]
    width = objective.x.shape[1]

    def ridge(point):
        z = objective.x @ np.vstack([np.zeros(width), point.reshape(-1, width)]).T
        z -= z.max(1, keepdims=True)
        q = np.exp(z)
        q /= q.sum(1, keepdims=True)
        value = -np.log(np.maximum((q * drawn).sum(1), 1e-300)).mean() + 5e-4 * point @ point
        return value, ((q - drawn).T @ objective.x)[1:].ravel() / objective.n + 1e-3 * point

    found = descend(ridge, np.zeros(objective.size), jac=True, method="L-BFGS-B",
                    options={"maxiter": 30})
    return 3 * found.x


def record():
    result = []
    for kind in KINDS:
        for index in range(100):
            problem = make(kind, index)
            proof, directions = separating(problem)
            problem.update(proof=proof, best=float(f"{minimize(problem, directions):.12g}"))
            result.append(problem)
            print(kind, index, proof, problem["best"], file=sys.stderr, flush=True)
    print("[\n" + ",\n".join(json.dumps(p, separators=(",", ":")) for p in result) + "\n]")


def judge():
    import numpy as np
    from surprisal_ml import SoftmaxClassifier
    warnings.simplefilter("ignore")
    tally = {}
    for problem in json.load(sys.stdin):
        kind = problem["kind"]
        options = {}
        rows = np.array(problem["rows"])
        labels = {"candidate-set": "candidates", "dirichlet-multinomial": "counts"}.get(kind)
        if kind == "noisy-label":
            options = {"confusion": [v for row in problem["confusion"] for v in row],
                       "starting_diagonal": []}
        model = SoftmaxClassifier(
            labels=labels, likelihood=kind, options=options, n_jobs=1,
            fit_intercept=bool(problem["intercept"]))
        model.fit(np.array(problem["columns"]).T.copy(), rows)
        found = model._record
        missed = found["objective"] - problem["best"]
        state = (kind, problem["proof"], found["existence"], found["termination"])
        tally[state] = tally.get(state, 0) + 1
        # Far away the objective approaches its infimum as slowly as coefficients grow.
        isFalse = found["converged"] and found["existence"] == "attained" and (
            problem["proof"] == "none" or missed > 1e-6)
        if missed > 1e-6 or isFalse:
            tally["missed" if missed > 1e-6 else "false"] = tally.get(
                "missed" if missed > 1e-6 else "false", 0) + 1
            print("missed" if missed > 1e-6 else "false", *state[:1], problem["index"], *state[1:],
                  f"{missed:.2e}", flush=True)
    for state in sorted(tally, key=str):
        print(state, tally[state])


if __name__ == "__main__":
    record() if sys.argv[1] == "record" else judge()
