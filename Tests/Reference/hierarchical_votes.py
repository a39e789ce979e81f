"""Writes hierarchical_votes.json: the lower bound of `aggregate --method hierarchical` and its maximum on small sets of
votes, by enumeration of all classes of all items.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python Tests/Reference/hierarchical_votes.py

For classes z, row k of the matrix of each annotator integrated over a Dirichlet density with exponents kappa m_k, the votes
have the probability p(votes | z) of Dirichlet-multinomial counts. The bound is sum_z q(z) [log p(z, votes) - log q(z)] for
independent q; here the sum has C^N terms. A weight that is not whole is rounded down or up, so that its mean is kept: the
logarithm is averaged over the roundings. The maximum is found by coordinate ascent from the shares of the votes, one item
at a time, with m by multiplicative steps and kappa by a search between. `marginal` is the exact logarithm of the
marginal likelihood at the same parameters, which the bound must not exceed.
"""

import itertools
import json
import os

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import digamma, gammaln

HERE = os.path.dirname(os.path.abspath(__file__))

# Item, annotator, label, weight.
PLAIN = [
    (0, 0, 0, 1), (0, 1, 0, 1), (0, 2, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (1, 3, 1, 1), (2, 0, 2, 1), (2, 2, 0, 1),
    (2, 3, 2, 1), (3, 1, 0, 1), (3, 2, 1, 1), (3, 3, 0, 1), (4, 0, 1, 1), (4, 1, 1, 1), (4, 2, 2, 1), (5, 0, 0, 1),
    (5, 1, 0, 1), (5, 3, 2, 1), (6, 0, 2, 1), (6, 1, 2, 1), (6, 2, 0, 1), (6, 3, 2, 1), (7, 0, 1, 1), (7, 3, 1, 1),
]
WEIGHTED = [(*vote[:3], [1, 2, 1, 3, 1][place % 5]) for place, vote in enumerate(PLAIN)]
# Annotator 0 votes twice on items 0 (alike) and 1 (differently).
REPEATED = WEIGHTED + [(0, 0, 0, 1), (1, 0, 2, 2)]
FRACTIONAL = [(*vote[:3], [1, 0.5, 1.25, 2][place % 4]) for place, vote in enumerate(PLAIN)]
CASES = {
    "plain": (PLAIN, [-1] * 8), "weighted": (WEIGHTED, [-1] * 8),
    "repeated": (REPEATED, [-1, 1, -1, -1, -1, -1, 2, -1]), "fractional": (FRACTIONAL, [-1] * 8),
}
ITEMS, ANNOTATORS, CLASSES = 8, 4, 3


def roundings(weights):
    """All roundings of the terms of a count, with their probabilities."""
    options = [[(np.floor(w), 1 - w % 1)] + ([(np.floor(w) + 1, w % 1)] if w % 1 else []) for w in weights]
    for choice in itertools.product(*options):
        yield sum(count for count, _ in choice), np.prod([share for _, share in choice])


class Bound:
    def __init__(self, votes, gold):
        self.gold = gold
        self.z = np.array(list(itertools.product(range(CLASSES), repeat=ITEMS)))
        self.z = self.z[np.all([(g < 0) | (self.z[:, i] == g) for i, g in enumerate(gold)], axis=0)]
        self.shares = np.zeros((ITEMS, CLASSES))
        for item, _, label, weight in votes:
            self.shares[item, label] += weight
        self.shares /= self.shares.sum(1, keepdims=True)
        for item, known in enumerate(gold):
            if known >= 0:
                self.shares[item] = np.eye(CLASSES)[known]
        # Terms of the counts of each annotator: weights by item, of all votes and by label.
        self.cells, self.rows = {}, {}
        for item, annotator, label, weight in votes:
            for counts, key in ((self.cells, (annotator, label)), (self.rows, annotator)):
                terms = counts.setdefault(key, {})
                terms[item] = terms.get(item, 0) + weight
        self.sums = {}

    def counts(self, terms, k):
        """For each z the possible sums of the terms of class k: a list of counts and probabilities."""
        key = (tuple(sorted(terms.items())), k)
        if key not in self.sums:
            items, weights = list(terms), list(terms.values())
            table = {}
            for pattern in itertools.product([0, 1], repeat=len(items)):
                kept = [w for w, keep in zip(weights, pattern) if keep]
                table[pattern] = list(roundings(kept))
            patterns = (self.z[:, items] == k).astype(int)
            self.sums[key] = (patterns, table)
        return self.sums[key]

    def mean_log(self, terms, k, alpha, function=gammaln):
        """For each z the mean of log Gamma(alpha + n) - log Gamma(alpha), or of the differences of its derivative."""
        patterns, table = self.counts(terms, k)
        value = {p: sum(share * (function(alpha + n) - function(alpha)) for n, share in sums) for p, sums in table.items()}
        code = patterns @ (1 << np.arange(patterns.shape[1]))
        lookup = np.zeros(1 << patterns.shape[1])
        for p, v in value.items():
            lookup[np.array(p) @ (1 << np.arange(len(p)))] = v
        return lookup[code]

    def log_votes(self, kappa, m):
        """log p(votes | z) for each z."""
        total = np.zeros(len(self.z))
        for k in range(CLASSES):
            for (_, label), terms in self.cells.items():
                total += self.mean_log(terms, k, kappa * m[k, label])
            for terms in self.rows.values():
                total -= self.mean_log(terms, k, kappa)
        return total

    def weights(self, q):
        return np.prod(q[np.arange(ITEMS), self.z], axis=1)

    def entropy(self, q):
        pi = q.mean(0)
        logs = np.log(np.where(q > 0, q, 1))
        return -(q * logs).sum() + (q * np.log(pi)).sum()

    def better(self, q, kappa, m):
        """m and kappa of a higher bound: multiplicative steps, which find small entries too, and a search."""
        weights = self.weights(q)
        for _ in range(3):
            slopes = np.zeros((CLASSES, CLASSES))
            for k in range(CLASSES):
                for (_, label), terms in self.cells.items():
                    slopes[k, label] += weights @ self.mean_log(terms, k, kappa * m[k, label], digamma)
            m = np.maximum(m * slopes / (m * slopes).sum(1, keepdims=True), 1e-290)
        log = np.log(kappa)
        found = minimize_scalar(
            lambda x: -weights @ self.log_votes(np.exp(x), m), bracket=(log - 0.01, log + 0.01), tol=1e-9)
        return np.exp(found.x), m

    def maximum(self):
        q = self.shares.copy()
        kappa, m = 2.0, np.full((CLASSES, CLASSES), 0.2) + 0.4 * np.eye(CLASSES)
        previous = -np.inf
        for sweep in range(1000):
            kappa, m = self.better(q, kappa, m)
            logs = self.log_votes(kappa, m)
            pi = q.mean(0)
            for item in range(ITEMS):
                if self.gold[item] >= 0:
                    continue
                means = np.zeros(CLASSES)
                for k in range(CLASSES):
                    fixed = q.copy()
                    fixed[item] = np.eye(CLASSES)[k]
                    means[k] = self.weights(fixed) @ logs
                post = pi * np.exp(means - means.max())
                q[item] = post / post.sum()
            value = self.entropy(q) + self.weights(q) @ logs
            if value - previous < 1e-13 and sweep > 60:
                break
            previous = value
        joint = np.log(q.mean(0))[self.z].sum(1) + logs
        marginal = joint.max() + np.log(np.exp(joint - joint.max()).sum())
        exact = np.exp(joint - marginal)
        return {
            "value": value, "concentration": kappa, "common": m.tolist(), "class_prior": q.mean(0).tolist(),
            "posterior": q.tolist(), "marginal": marginal, "sweeps": sweep,
            "exact_posterior": [[exact[self.z[:, i] == k].sum() for k in range(CLASSES)] for i in range(ITEMS)],
        }

    def at(self, q, kappa, m):
        """The bound at posteriors and parameters, with pi the mean of q."""
        return self.entropy(q) + self.weights(q) @ self.log_votes(kappa, m)


def main():
    generator = np.random.default_rng(7)
    result = {}
    for name, (votes, gold) in CASES.items():
        bound = Bound(votes, gold)
        q = generator.dirichlet(np.ones(CLASSES), ITEMS)
        for item, known in enumerate(gold):
            if known >= 0:
                q[item] = np.eye(CLASSES)[known]
        m = generator.dirichlet(np.ones(CLASSES), CLASSES)
        result[name] = {
            "votes": [list(vote) for vote in votes], "gold": gold, "maximum": bound.maximum(),
            "point": {
                "posterior": q.tolist(), "common": m.tolist(), "concentration": 2.5, "value": bound.at(q, 2.5, m),
            },
        }
        print(name, result[name]["maximum"]["value"], result[name]["maximum"]["concentration"],
              result[name]["maximum"]["marginal"], result[name]["maximum"]["sweeps"])
    with open(f"{HERE}/hierarchical_votes.json", "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
