"""Writes sandwich.json: standard errors of softmax regressions, row by row in plain numpy.

    python3 Tests/Reference/sandwich.py [folder of the shared data]

Needs numpy, extended precision of 80 bits. Coefficients are contrasts with the first class on the scale of the features as they
stand: no standardisation, no blocks. Under a ridge penalty the coefficients of all classes are free
and the first intercept is zero. Every row contributes kron(score or curvature, x); the optimum is
found by Newton's method until the mean gradient is below 1e-15. Frequencies are checked by repeating rows.
Without the folder the cases of shared data are kept as they stand in the file.
"""

import csv
import json
import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent


def inverse(a):
    """Refined in extended precision: badly conditioned features leave double no digits to compare."""
    x = np.linalg.inv(a.astype(float)).astype(np.longdouble)
    for _ in range(6):
        x = x @ (2 * np.eye(len(a), dtype=np.longdouble) - a @ x)
    return x


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Problem:
    """Rows x (with a leading one), labels p (shares, votes or 0/1 sets), weights, penalty."""

    def __init__(self, features, labels, kind, weights=None, precision=0.0):
        self.x = np.column_stack([np.ones(len(features)), features]).astype(np.longdouble)
        self.p = np.asarray(labels, np.longdouble)
        self.kind = kind
        self.w = np.asarray(np.ones(len(self.x)) if weights is None else weights, np.longdouble)
        self.precision = precision
        n, d = self.x.shape
        classes = self.p.shape[1]
        self.classes = classes
        # free[j] = (class, column) of coordinate j
        if precision > 0:
            self.free = [(k, c) for k in range(classes) for c in range(d) if k > 0 or c > 0]
        else:
            self.free = [(k, c) for k in range(1, classes) for c in range(d)]
        self.penalty = np.array([precision if c > 0 else 0.0 for _, c in self.free])

    def coefficients(self, theta):
        b = np.zeros((self.classes, self.x.shape[1]), dtype=np.longdouble)
        for value, place in zip(theta, self.free):
            b[place] = value
        return b

    def derivatives(self, theta):
        """log-likelihood, scores of rows (weighted) and observed information."""
        b = self.coefficients(theta)
        q = softmax(self.x @ b.T)
        with np.errstate(divide="ignore"):
            if self.kind == "candidates":
                inside = (q * self.p).sum(axis=1)
                value = self.w @ np.log(inside)
                r = q * self.p / inside[:, None]
                total = np.ones(len(q))
            else:
                total = self.p.sum(axis=1)
                value = self.w @ np.where(self.p > 0, self.p * np.log(q), 0).sum(axis=1)
                r = self.p
        ks = [k for k, _ in self.free]
        cs = [c for _, c in self.free]
        residual = (r - total[:, None] * q) * self.w[:, None]
        scores = residual[:, ks] * self.x[:, cs]
        information = np.zeros((len(ks), len(ks)), dtype=np.longdouble)
        for i in range(len(q)):
            curvature = total[i] * (np.diag(q[i]) - np.outer(q[i], q[i]))
            if self.kind == "candidates":
                curvature = curvature - (np.diag(r[i]) - np.outer(r[i], r[i]))
            xi = self.x[i][cs]
            information += self.w[i] * curvature[np.ix_(ks, ks)] * np.outer(xi, xi)
        return value, scores, information

    def fit(self):
        theta = np.zeros(len(self.free), dtype=np.longdouble)
        scale = self.w @ self.p.sum(axis=1) if self.kind == "counts" else self.w.sum()
        for _ in range(200):
            value, scores, information = self.derivatives(theta)
            gradient = scores.sum(axis=0) - self.penalty * theta
            if np.abs(gradient).max() / scale < 1e-16:
                break
            h = (information + np.diag(self.penalty)).astype(float)
            shift = 0.0
            while np.linalg.eigvalsh(h + shift * np.diag(np.diag(h).clip(1e-9))).min() <= 0:
                shift = max(2 * shift, 0.1)
            step = np.linalg.solve(h + shift * np.diag(np.diag(h).clip(1e-9)), gradient.astype(float))
            length = 1.0
            objective = value - 0.5 * self.penalty @ theta**2
            while length > 1e-9:
                new = theta + length * step
                found = self.derivatives(new)[0] - 0.5 * self.penalty @ new**2
                if found >= objective - 1e-16 * abs(objective):
                    break
                length /= 2
            theta = theta + length * step
        assert np.abs(gradient).max() / scale < 1e-15, np.abs(gradient).max() / scale
        self.theta = theta
        return self

    def covariance(self, errors, units=None, repeats=None):
        """Of the contrasts with the first class, class by class, intercept first."""
        _, scores, information = self.derivatives(self.theta)
        bread = inverse(information + np.diag(self.penalty))
        if errors == "information":
            result = bread
        else:
            if errors == "cluster":
                units = np.asarray(units)
                groups = np.array([scores[units == g].sum(axis=0) for g in np.unique(units)])
                count = len(groups)
                meat = groups.T @ groups
            elif repeats is not None:
                # one row of frequency f is f rows of weight one
                count = int(sum(repeats))
                each = np.repeat(scores / np.asarray(repeats, float)[:, None], repeats, axis=0)
                meat = each.T @ each
            else:
                count = len(scores)
                meat = scores.T @ scores
            result = count / (count - 1) * bread @ meat @ bread
        d = self.x.shape[1]
        map_ = np.zeros(((self.classes - 1) * d, len(self.free)))
        for j, (k, c) in enumerate(self.free):
            if k > 0:
                map_[(k - 1) * d + c, j] += 1
            else:
                for other in range(1, self.classes):
                    map_[(other - 1) * d + c, j] -= 1
        return map_ @ result @ map_.T, map_ @ self.theta


def case(name, problem, errors, extra=None, keep=True, units=None, repeats=None):
    covariance, estimates = problem.fit().covariance(errors, units=units, repeats=repeats)
    found = {
        "name": name, "kind": problem.kind, "errors": errors, "precision": problem.precision,
        "estimates": estimates.astype(float).tolist(),
        "standard_errors": np.sqrt(np.diag(covariance)).astype(float).tolist(),
        "first_row": covariance[0].astype(float).tolist(),
    }
    if keep:
        found["features"] = problem.x[:, 1:].astype(float).tolist()
        found["labels"] = problem.p.astype(float).tolist()
    found.update(extra or {})
    return found


def generated():
    random = np.random.default_rng(20260101)
    n, d, classes = 60, 3, 3
    x = np.round(random.normal(size=(n, d)) * [1, 3, 0.5] + [0, 10, -2], 3)
    b = random.normal(size=(classes, d + 1)) * [0.3, 0.8, 0.2, 0.8]
    q = softmax(np.column_stack([np.ones(n), x - x.mean(axis=0)]) @ b.T)
    draws = np.array([random.choice(classes, p=row) for row in q])
    hard = np.eye(classes)[draws]
    raw = np.array([random.dirichlet(4 * row + 0.1) for row in q])
    soft = np.round(raw * 64)
    soft[:, 0] += 64 - soft.sum(axis=1)
    soft = np.clip(soft, 0, None)
    soft = soft / soft.sum(axis=1, keepdims=True)
    votes = np.array([random.multinomial(random.integers(1, 9), row) for row in q]).astype(float)
    sets = np.maximum(hard, (random.random((n, classes)) < 0.25))
    weights = np.round(random.gamma(2.0, 1.0, n) * 4) / 4 + 0.25
    repeats = random.integers(1, 4, n)
    units = np.sort(random.integers(0, 17, n))[random.permutation(n)]
    w, f, g = ({"weights": weights.tolist()}, {"frequencies": repeats.tolist()},
               {"clusters": units.tolist()})
    yield case("soft", Problem(x, soft, "soft"), "sandwich")
    yield case("soft, information", Problem(x, soft, "soft"), "information")
    yield case("soft, importance weights", Problem(x, soft, "soft", weights), "sandwich", w)
    yield case("soft, frequencies", Problem(x, soft, "soft", repeats), "sandwich", f,
               repeats=repeats)
    yield case("soft, clusters", Problem(x, soft, "soft"), "cluster", g, units=units)
    yield case("soft, ridge", Problem(x, soft, "soft", precision=3.0), "sandwich")
    yield case("hard", Problem(x, hard, "hard"), "information")
    yield case("hard, frequencies", Problem(x, hard, "hard", repeats), "information", f)
    yield case("hard, clusters with frequencies", Problem(x, hard, "hard", repeats), "cluster",
               {**f, **g}, units=units)
    yield case("hard, posterior", Problem(x, hard, "hard", precision=3.0), "information",
               {"errors": "laplace"})
    yield case("counts", Problem(x, votes, "counts"), "information")
    yield case("counts, sandwich", Problem(x, votes, "counts"), "sandwich")
    yield case("candidates", Problem(x, sets, "candidates"), "information")
    # repeating rows must give what frequencies give
    once = Problem(x, soft, "soft", repeats).fit().covariance("sandwich", repeats=repeats)[0]
    again = Problem(np.repeat(x, repeats, axis=0), np.repeat(soft, repeats, axis=0), "soft")
    assert np.allclose(once, again.fit().covariance("sandwich")[0], rtol=1e-9, atol=0)


def shared(folder):
    for name, path in [("synth_dense", "synth_dense.csv"), ("yeast_cold", "Yeast_cold.csv")]:
        with open(folder / path) as file:
            rows = list(csv.reader(file))
        names, values = rows[0], np.array(rows[1:], float)
        isLabel = np.array([item.startswith("p_") for item in names])
        p = values[:, isLabel]
        problem = Problem(values[:, ~isLabel], p / p.sum(axis=1, keepdims=True), "soft")
        units = np.arange(len(p)) % 50
        extra = {"shared": path}
        yield case(name, problem, "sandwich", extra, keep=False)
        yield case(name + ", clusters", problem, "cluster", {**extra, "cluster_modulus": 50},
                   keep=False, units=units)


if __name__ == "__main__":
    path = HERE / "sandwich.json"
    cases = list(generated())
    if len(sys.argv) > 1:
        cases += shared(pathlib.Path(sys.argv[1]))
    elif path.exists():
        cases += [item for item in json.loads(path.read_text()) if "shared" in item]
    path.write_text("[\n" + ",\n".join(json.dumps(item) for item in cases) + "\n]\n")
