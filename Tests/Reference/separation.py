"""Whether the maximum of a multinomial logit likelihood exists, by exact rational arithmetic.

Run: python3 separation.py > separation.json  (standard library only; about a minute)

Each case has whole-number features, an intercept or none, and for every row the classes its label
gives a share to. With rows i, classes k with and j without a share, a direction B must have
x_i . (B_k - B_k') = 0 and x_i . (B_k - B_j) >= 0. The linear program

    maximise sum t  subject to  t_ij <= x_i . (B_k - B_j),  0 <= t_ij <= 1,  equations as above

has all t = 0 iff the maximum exists; at its optimum t_ij = 1 exactly for the pairs that some
direction separates, because directions add up. It is solved by the simplex method with Bland's
rule on fractions. "finite" lists, for each independent column and the intercept, the groups of
classes whose coefficients have finite differences: those in the span of what is not separated.
"""

import json
import random
from fractions import Fraction


def simplex(rows, bounds, cost):
    """Maximise cost . x with rows x <= bounds (all >= 0) and x >= 0; returns x."""
    columns, count = len(cost), len(rows)
    table = []
    for index, (row, bound) in enumerate(zip(rows, bounds)):
        line = {j: Fraction(v) for j, v in enumerate(row) if v}
        line[columns + index] = Fraction(1)
        line[-1] = Fraction(bound)
        table.append(line)
    basis = [columns + index for index in range(count)]
    objective = {j: Fraction(-v) for j, v in enumerate(cost) if v}
    while True:
        entering = min((j for j, v in objective.items() if j >= 0 and v < 0), default=None)
        if entering is None:
            break
        best = None
        for index, line in enumerate(table):
            if line.get(entering, 0) > 0:
                key = (line.get(-1, 0) / line[entering], basis[index])
                if best is None or key < best[0]:
                    best = (key, index)
        pivot = best[1]
        factor = table[pivot][entering]
        table[pivot] = {j: v / factor for j, v in table[pivot].items()}
        for line in [line for index, line in enumerate(table) if index != pivot] + [objective]:
            factor = line.get(entering, 0)
            if factor:
                for j, v in table[pivot].items():
                    value = line.get(j, 0) - factor * v
                    if value:
                        line[j] = value
                    else:
                        line.pop(j, None)
        basis[pivot] = entering
    point = [Fraction(0)] * (columns + count)
    for index, column in enumerate(basis):
        point[column] = table[index].get(-1, Fraction(0))
    return point[:columns]


class Span:
    """A vector space in echelon form."""

    def __init__(self):
        self.rows = {}

    def reduce(self, vector):
        vector = [Fraction(v) for v in vector]
        for place in range(len(vector)):
            if vector[place] and place in self.rows:
                factor = vector[place]
                vector = [v - factor * r for v, r in zip(vector, self.rows[place])]
        return vector

    def add(self, vector):
        vector = self.reduce(vector)
        place = next((i for i, v in enumerate(vector) if v), None)
        if place is None:
            return False
        self.rows[place] = [v / vector[place] for v in vector]
        return True

    def contains(self, vector):
        return not any(self.reduce(vector))


def independent_columns(features, intercept):
    span, result = Span(), []
    if intercept:
        span.add([1] * len(features))
    for column in range(len(features[0])):
        if span.add([row[column] for row in features]):
            result.append(column)
    return result


def judge(features, intercept, supports, classes):
    columns = independent_columns(features, intercept)
    design = [[row[c] for c in columns] + ([1] if intercept else []) for row in features]
    width = len(columns) + (1 if intercept else 0)
    free = (classes - 1) * width

    def difference(row, first, second):
        vector = [0] * (classes * width)
        for place, value in enumerate(design[row]):
            vector[first * width + place] += value
            vector[second * width + place] -= value
        return vector[:free]

    ties, gaps = [], []
    for row, support in enumerate(supports):
        for other in range(classes):
            if other in support[1:]:
                ties.append(difference(row, support[0], other))
            elif other != support[0]:
                gaps.append(difference(row, support[0], other))
    rows, bounds = [], []
    count = len(gaps)
    for index, gap in enumerate(gaps):
        unit = [1 if other == index else 0 for other in range(count)]
        rows.append([-v for v in gap] + gap + unit)
        bounds.append(0)
        rows.append([0] * (2 * free) + unit)
        bounds.append(1)
    for tie in ties:
        rows.append([-v for v in tie] + tie + [0] * count)
        rows.append(tie + [-v for v in tie] + [0] * count)
        bounds += [0, 0]
    slack = simplex(rows, bounds, [0] * (2 * free) + [1] * count)[2 * free:]
    assert all(value in (0, 1) for value in slack)
    separated = sum(int(value) for value in slack)
    verdict = "attained" if separated == 0 else "complete" if separated == count else "quasi"
    if any(len(support) > 1 for support in supports) and verdict == "complete":
        verdict = "quasi"  # several classes of a row keep equal logits
    span = Span()
    for tie in ties:
        span.add(tie)
    for gap, value in zip(gaps, slack):
        if value == 0:
            span.add(gap)
    finite = []
    for place in range(width):
        groups = []
        for index in range(classes):
            for group in groups:
                vector = [0] * (classes * width)
                vector[group[0] * width + place] += 1
                vector[index * width + place] -= 1
                if span.contains(vector[:free]):
                    group.append(index)
                    break
            else:
                groups.append([index])
        finite.append(groups)
    return verdict, separated, columns, finite


def make(generator):
    classes, width, count = generator.randint(2, 4), generator.randint(1, 3), generator.randint(4, 12)
    size = generator.choice([1, 2, 3, 9])
    features = [[generator.randint(-size, size) for _ in range(width)] for _ in range(count)]
    if generator.random() < 0.1:
        for row in features:
            row[-1] = row[0] * generator.choice([1, 1, 1]) if width > 1 else 1
    intercept = generator.random() < 0.8
    rule = [[generator.randint(-2, 2) for _ in range(width + 1)] for _ in range(classes)]
    if classes > 2 and generator.random() < 0.4:
        rule[2] = rule[1]
    kind = generator.choice(["random", "rule", "noisy", "noisy", "ties", "shares", "shares"])
    supports = []
    for row in features:
        scores = [sum(a * x for a, x in zip(r, row)) + (r[-1] if intercept else 0) for r in rule]
        best = [k for k in range(classes) if scores[k] == max(scores)]
        label = [generator.choice(best)]
        if kind == "random" or (kind == "noisy" and generator.random() < 0.2):
            label = [generator.randrange(classes)]
        elif kind == "ties":
            label = best
        elif kind == "shares":
            label = sorted(set(best + [k for k in range(classes) if generator.random() < 0.15]))
        supports.append(label)
    return {"features": features, "intercept": intercept, "classes": classes, "supports": supports}


def main():
    generator = random.Random(20260302)
    result = []
    wanted = {("attained", False): 75, ("quasi", False): 75, ("complete", False): 75,
              ("attained", True): 25, ("quasi", True): 50, ("complete", True): 0}
    while len(result) < 300:
        case = make(generator)
        shared = any(len(support) > 1 for support in case["supports"])
        if all(len(support) == case["classes"] for support in case["supports"]):
            continue
        verdict, separated, columns, finite = judge(
            case["features"], case["intercept"], case["supports"], case["classes"])
        if not wanted[verdict, shared]:
            continue
        wanted[verdict, shared] -= 1
        case.update(verdict=verdict, separated=separated, independent=columns, finite=finite)
        result.append(case)
    lines = ",\n".join(json.dumps(case) for case in result)
    print(f"[\n{lines}\n]")


main()
