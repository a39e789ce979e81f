"""Random small problems that are badly scaled, and their optima at 60 digits.

    python precision.py record > precision.json
        the seeds of the recorded problems with objective, coefficients and standard errors
    python precision.py judge TOOL COUNT [KIND...]
        fits COUNT problems of each kind with the command and compares

Needs gmpy2. A problem is made from its seed in exact steps, so that the tests make the same one:
whole numbers of SplitMix64, sums, products and quotients of doubles, no functions.
"""

import json
import os
import subprocess
import sys
import tempfile

import gmpy2
from gmpy2 import mpfr

gmpy2.get_context().precision = 220
KINDS = ["outlier", "two outliers", "rows", "collinear", "offset", "imbalance"]


class Random:
    def __init__(self, seed):
        self.state = seed & (2**64 - 1)

    def next(self):
        mask = 2**64 - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def below(self, count):
        return self.next() % count

    def unit(self):
        return (self.next() >> 11) * 2.0**-53

    def normal(self):
        total = -6.0
        for _ in range(12):
            total += self.unit()
        return total


def power(exponent):
    value = 1.0
    for _ in range(abs(exponent)):
        value *= 10.0
    return value if exponent >= 0 else 1.0 / value


class Problem:
    """Features, labels of classes as weights (N x C), and the options of a fit."""

    def __init__(self, kind, index):
        r = Random(KINDS.index(kind) * 1_000_000 + index)
        self.kind, self.index = kind, index
        isImbalance, isCollinear = kind == "imbalance", kind == "collinear"
        self.classes = 2 + r.below(2)
        self.columns = 2 + r.below(2) if isCollinear else 1 + r.below(3)
        self.rows = 60 + r.below(100) if isImbalance else 12 + r.below(29)
        n, d, c = self.rows, self.columns, self.classes
        z = [[r.normal() for _ in range(d)] for _ in range(n)]
        slopes = [[r.normal() for _ in range(d)] for _ in range(c)]
        winners = []
        for i in range(n):
            scores = []
            for k in range(c):
                score = 2.0 * r.normal()
                for j in range(d):
                    score += slopes[k][j] * z[i][j]
                scores.append(score)
            winners.append(scores.index(max(scores)))
        if isImbalance:
            winners = [0] * n
            for _ in range(4):
                winners[r.below(n)] = 1 + r.below(c - 1)
        for k in range(c):
            winners[k] = k
        self.labels = ["classes", "shares", "counts"][r.below(3)]
        self.targets = [self.target(r, k, isImbalance) for k in winners]
        self.weights = None
        if r.below(4) == 0:
            self.weights = [0.5 + r.unit() for _ in range(n)]
        self.offsets = None
        if r.below(5) == 0:
            self.offsets = [[r.normal() for _ in range(c)] for _ in range(n)]
        self.intercept = r.below(6) != 0
        self.l2 = power(-r.below(5)) if r.below(4) == 0 else 0.0
        self.features = z
        self.stretch(r, kind)

    def target(self, r, winner, isImbalance):
        c = self.classes
        if self.labels == "classes":
            return [1.0 if k == winner else 0.0 for k in range(c)]
        if self.labels == "counts":
            if isImbalance:
                return [float(1 + r.below(1000)) if k == 0 else float(k == winner) for k in range(c)]
            return [float(r.below(4) + (3 if k == winner else 0)) for k in range(c)]
        if isImbalance:
            rest = [power(-3 - r.below(5)) * r.unit() for _ in range(1, c)]
            return [1.0 - sum(rest, 0.0)] + rest
        raw = [r.unit() + (1.0 if k == winner else 0.0) for k in range(c)]
        total = raw[0]
        for value in raw[1:]:
            total += value
        return [value / total for value in raw]

    def stretch(self, r, kind):
        x, n, d = self.features, self.rows, self.columns
        if kind in ("outlier", "two outliers"):
            for _ in range(1 if kind == "outlier" else 2):
                i, j, size = r.below(n), r.below(d), power(4 + r.below(12))
                x[i][j] = size if r.below(2) == 0 else -size
        elif kind == "rows":
            single = r.below(2) == 0
            for i in range(n):
                whole = r.below(41) - 20
                for j in range(d):
                    x[i][j] *= 2.0 ** (r.below(61) - 40 if single else whole)
        elif kind == "collinear":
            size = power(4 + r.below(6))
            for i in range(n):
                x[i][d - 1] = x[i][0] + x[i][d - 1] / size
        elif kind == "offset":
            for j in range(d):
                size = power(4 + r.below(10))
                for i in range(n):
                    x[i][j] += size

    # What the command reads.

    def table(self):
        names = [f"x{j}" for j in range(self.columns)]
        cells = [[repr(v) for v in row] for row in self.features]
        if self.labels == "classes":
            names.append("y")
            for row, target in zip(cells, self.targets):
                row.append(f"k{target.index(1.0)}")
        else:
            names += [f"p_k{k}" for k in range(self.classes)]
            for row, target in zip(cells, self.targets):
                row += [repr(v) if self.labels == "shares" else str(int(v)) for v in target]
        if self.weights:
            names.append("w")
            for row, weight in zip(cells, self.weights):
                row.append(repr(weight))
        if self.offsets:
            names += [f"o_k{k}" for k in range(self.classes)]
            for row, values in zip(cells, self.offsets):
                row += [repr(v) for v in values]
        return "\n".join(",".join(row) for row in [names] + cells) + "\n"

    def flags(self):
        result = {
            "classes": ["--target", "y"],
            "shares": ["--probs", "p_*", "--sum-tolerance", "1e-12"],
            "counts": ["--counts", "p_*"],
        }[self.labels]
        if self.weights:
            result = result + ["--weight", "w"]
        if self.offsets:
            result = result + ["--offset", "o_*"]
        if not self.intercept:
            result = result + ["--no-intercept"]
        if self.l2:
            result = result + ["--l2", repr(self.l2)]
        return result


class Truth:
    """Newton's method at 220 bits, on the user's scale.

    Parameters are class by class the intercept and the weights; under a flat prior those of class 0
    are zero, under a Gaussian one only its intercept.
    """

    def __init__(self, problem):
        self.p = problem
        d = problem.columns
        self.width = d + (1 if problem.intercept else 0)
        ones = [mpfr(1)] if problem.intercept else []
        self.x = [ones + [mpfr(v) for v in row] for row in problem.features]
        weights = problem.weights or [1.0] * problem.rows
        self.t = [[mpfr(w) * mpfr(v) for v in row] for w, row in zip(weights, problem.targets)]
        self.total = sum(sum(row) for row in self.t)
        self.lam = mpfr(problem.l2) * self.total
        c = problem.classes
        first = [
            (k, j)
            for k in range(c)
            for j in range(self.width)
            if k > 0 or (problem.l2 and (j > 0 or not problem.intercept))
        ]
        self.free = first
        self.place = {position: i for i, position in enumerate(first)}

    def isPenalized(self, j):
        return self.p.l2 > 0 and (j > 0 or not self.p.intercept)

    def expand(self, theta, curvature=True, scores=False):
        p, size = self.p, len(self.free)
        value, gradient = mpfr(0), [mpfr(0)] * size
        matrix = [[mpfr(0)] * size for _ in range(size)]
        rows = []
        for i in range(p.rows):
            x, t = self.x[i], self.t[i]
            logits = [mpfr(p.offsets[i][k]) if p.offsets else mpfr(0) for k in range(p.classes)]
            for (k, j), v in zip(self.free, theta):
                logits[k] += v * x[j]
            top = max(logits)
            e = [gmpy2.exp(v - top) for v in logits]
            s = sum(e)
            logSum = gmpy2.log(s)
            q = [v / s for v in e]
            sumT = sum(t)
            value -= sum(a * (b - top - logSum) for a, b in zip(t, logits))
            residual = [sumT * a - b for a, b in zip(q, t)]
            if scores:
                rows.append([residual[k] * x[j] for k, j in self.free])
            for a, (k, j) in enumerate(self.free):
                gradient[a] += residual[k] * x[j]
                if not curvature:
                    continue
                for b in range(a + 1):
                    m, l = self.free[b]
                    h = sumT * (q[k] * sum(q[:k] + q[k + 1 :]) if k == m else -q[k] * q[m])
                    matrix[a][b] += h * x[j] * x[l]
        for a, (k, j) in enumerate(self.free):
            if self.isPenalized(j):
                value += self.lam / 2 * theta[a] ** 2
                gradient[a] += self.lam * theta[a]
                matrix[a][a] += self.lam
        return value, gradient, matrix, rows

    @staticmethod
    def factor(matrix):
        size = len(matrix)
        low = [[mpfr(0)] * size for _ in range(size)]
        for i in range(size):
            for j in range(i + 1):
                s = matrix[i][j] - sum(low[i][k] * low[j][k] for k in range(j))
                if i == j:
                    if not s > matrix[i][i] * mpfr(2) ** -200:
                        return None
                    low[i][i] = gmpy2.sqrt(s)
                else:
                    low[i][j] = s / low[j][j]
        return low

    @staticmethod
    def solve(low, right):
        size = len(low)
        y = list(right)
        for i in range(size):
            y[i] = (y[i] - sum(low[i][k] * y[k] for k in range(i))) / low[i][i]
        for i in reversed(range(size)):
            y[i] = (y[i] - sum(low[k][i] * y[k] for k in range(i + 1, size))) / low[i][i]
        return y

    def minimize(self):
        """Whether there is a minimum."""
        theta = [mpfr(0)] * len(self.free)
        value, gradient, matrix, _ = self.expand(theta)
        for _ in range(300):
            low = self.factor(matrix)
            if low is None:
                return False
            step = self.solve(low, gradient)
            decrement = sum(a * b for a, b in zip(step, gradient))
            if decrement < mpfr(10) ** -80:
                self.theta, self.value, self.low = theta, value, low
                return True
            length = mpfr(1)
            while True:
                following = [a - length * b for a, b in zip(theta, step)]
                new = self.expand(following, curvature=False)[0]
                if new <= value - length * decrement / 10000 or length < 1e-12:
                    break
                length /= 2
            theta = following
            value, gradient, matrix, _ = self.expand(theta)
            change = max(
                abs(sum(step[self.place[k, j]] * x[j] for j in range(self.width) if (k, j) in self.place))
                for x in self.x
                for k in range(self.p.classes)
            )
            if decrement < mpfr(10) ** -30 and change > 0.1:
                return False
        return False

    def contrast(self, vector, k, j):
        return vector[self.place[k, j]] - (
            vector[self.place[0, j]] if (0, j) in self.place else mpfr(0)
        )

    def contrasts(self):
        return [(k, j) for k in range(1, self.p.classes) for j in range(self.width)]

    def coefficients(self):
        return [self.contrast(self.theta, k, j) for k, j in self.contrasts()]

    def errors(self):
        """Information, Laplace, or sandwich of rows, as the command chooses."""
        p, size = self.p, len(self.free)
        columns = []
        for k, j in self.contrasts():
            unit = [mpfr(0)] * size
            unit[self.place[k, j]] = mpfr(1)
            if (0, j) in self.place:
                unit[self.place[0, j]] = mpfr(-1)
            columns.append((unit, self.solve(self.low, unit)))
        if p.labels != "shares" and not p.weights:
            return [gmpy2.sqrt(sum(a * b for a, b in zip(u, v))) for u, v in columns]
        rows = self.expand(self.theta, curvature=False, scores=True)[3]
        n = mpfr(p.rows)
        return [
            gmpy2.sqrt(n / (n - 1) * sum(sum(a * b for a, b in zip(v, s)) ** 2 for s in rows))
            for _, v in columns
        ]

    def above(self, model):
        """How far the objective of a model file, in exact arithmetic, is above the minimum."""
        c, d = self.p.classes, self.p.columns
        standardization = model["standardization"]
        centers, scales = standardization["centers"], standardization["scales"]
        softmax = model["model"]["softmax"]
        parameters = [mpfr(v) for row in softmax["weights"] for v in row]
        parameters += [mpfr(v) for v in softmax["intercepts"] or []]
        value = mpfr(0)
        for i in range(self.p.rows):
            z = [
                (mpfr(v) - mpfr(m)) / mpfr(s)
                for v, m, s in zip(self.p.features[i], centers, scales)
            ]
            logits = []
            for k in range(c):
                logit = mpfr(self.p.offsets[i][k]) if self.p.offsets else mpfr(0)
                logit += sum(parameters[k * d + j] * z[j] for j in range(d))
                logits.append(logit + (parameters[c * d + k] if self.p.intercept else 0))
            top = max(logits)
            logSum = top + gmpy2.log(sum(gmpy2.exp(v - top) for v in logits))
            value -= sum(a * (b - logSum) for a, b in zip(self.t[i], logits))
        for k in range(c):
            for j in range(d):
                value += self.lam / 2 * (parameters[k * d + j] / mpfr(scales[j])) ** 2
        return (value - self.value) / self.total


def solvable(kind, count):
    """The first problems of a kind that have a minimum, with their index and their solution."""
    index = found = 0
    while found < count:
        index += 1
        problem = Problem(kind, index)
        truth = Truth(problem)
        if truth.minimize():
            found += 1
            yield index, problem, truth


def judge(tool, count, kinds):
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
    folder = tempfile.mkdtemp()
    data, file = folder + "/d.csv", folder + "/m.json"
    header = "kind fits refused aliased unfinished understated coefficients errors dashed words worst-gap worst-beta worst-se"
    print(header)
    for kind in kinds:
        tally = dict.fromkeys(header.split()[1:10], 0)
        worst = [0.0, 0.0, 0.0]
        for index, problem, truth in solvable(kind, count):
            open(data, "w").write(problem.table())
            try:
                run = subprocess.run(
                    [tool, "fit", data, "--json", "--quiet", "-o", file] + problem.flags()
                    + ["--features", "x*"],
                    capture_output=True, text=True, env=environment, timeout=60)
            except subprocess.TimeoutExpired:
                tally["refused"] += 1
                note(kind, index, "takes more than a minute")
                continue
            if run.returncode not in (0, 3):
                tally["refused"] += 1
                note(kind, index, "refused", run.stderr.strip()[:200])
                continue
            result = json.loads(run.stdout)
            codes = [w["code"] for w in result["warnings"]]
            words = [c for c in codes if c.startswith(("fit.", "feature."))]
            states = [c["state"] for c in result["coefficients"]]
            if any(s == "aliased" for s in states):
                tally["aliased"] += 1
                note(kind, index, "aliased", codes)
                continue
            if not result["converged"]:
                tally["unfinished"] += 1
                note(kind, index, "unfinished", result["termination"], codes)
                continue
            tally["fits"] += 1
            tally["words"] += bool(words)
            gap = float(truth.above(json.load(open(file))))
            printed = result["gap_estimate"]
            # No estimate is no claim.
            ratio = gap / max(printed, 1e-26) if printed is not None else 0.0
            errors = [float(v) for v in truth.errors()]
            off = max(
                abs(float((mpfr(c["estimate"]) - b))) / e
                for c, b, e in zip(result["coefficients"], truth.coefficients(), errors))
            shown = [c["std_error"] for c in result["coefficients"]]
            wrong = max((abs(s / e - 1) for s, e in zip(shown, errors) if s is not None), default=0)
            tally["dashed"] += any(s is None for s in shown)
            if ratio > 10:
                note(kind, index, "understated", f"{gap:.2e} printed {printed:.2e}", words)
                tally["understated"] += 1
            if off > 1e-3:
                note(kind, index, "coefficients", f"{off:.2e}", words)
                tally["coefficients"] += not words
            if wrong > 1e-3:
                note(kind, index, "errors", f"{wrong:.2e}", words)
                tally["errors"] += not words
            if not words:
                worst = [max(worst[0], ratio), max(worst[1], off), max(worst[2], wrong)]
        print(kind.replace(" ", "-"), *tally.values(), *(f"{v:.1e}" for v in worst), flush=True)


def note(*items):
    print("  ", *items, file=sys.stderr, flush=True)


def record():
    result = []
    for kind in KINDS:
        for index, problem, truth in solvable(kind, 20):
            result.append({
                "kind": kind, "index": index,
                "objective": float(truth.value / truth.total),
                "coefficients": [float(v) for v in truth.coefficients()],
                "errors": [float(v) for v in truth.errors()],
            })
    lines = ",\n".join(json.dumps(entry) for entry in result)
    print("[\n" + lines + "\n]")


if __name__ == "__main__":
    if sys.argv[1] == "record":
        record()
    else:
        judge(sys.argv[2], int(sys.argv[3]), sys.argv[4:] or KINDS)
