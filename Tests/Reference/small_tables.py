"""Random small tables that are badly scaled: how long they take, and whether a maximum exists.

    python small_tables.py record > small_tables.json
        60 tables, most of them with outliers, and whether the maximum exists
    PYTHONPATH=Python/src SURPRISAL_LIBRARY=.../libsurprisalc.so \\
        python small_tables.py COUNT SAMPLE [TOOL SHARE]

Fits COUNT tables of 8 to 40 rows (outliers of 1e3 to 1e15, whole numbers, ties, columns that are
nearly dependent) with the library, compares the verdicts of SAMPLE of them with linear programs
over whole numbers, and gives SHARE tables to `check` and `fit` of a TOOL. Needs numpy.

The program decides for the decimal numbers of the table. With the rows a of all conditions
a . B >= 0 and a . B = 0, there is no direction B with some a . B > 0 if and only if minus the sum
of the inequalities is a combination of them, with factors that are not negative, and of the
equations. Each answer is checked: the combination is added up, the direction is multiplied.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import warnings
from fractions import Fraction


def decide(inequalities, equations):
    """A direction as fractions, or None if there is none."""
    if not inequalities:
        return None
    size, count = len(inequalities[0]), len(inequalities)
    vectors = inequalities + equations
    lines = []
    for place in range(size):
        unit = [1 if other == place else 0 for other in range(size)]
        lines.append([v[place] for v in vectors] + unit + [-sum(v[place] for v in inequalities)])
    scale, used = 1, {}

    def pivot(row, column):
        nonlocal scale
        if lines[row][column] < 0:
            lines[row] = [-v for v in lines[row]]
        entry = lines[row][column]
        for other in range(size):
            if other != row:
                factor = lines[other][column]
                lines[other] = [
                    (a * entry - factor * b) // scale for a, b in zip(lines[other], lines[row])]
        scale = entry

    for column in range(count, len(vectors)):
        row = next((r for r in range(size) if r not in used and lines[r][column]), None)
        if row is not None:
            pivot(row, column)
            used[row] = column
    rows = [r for r in range(size) if r not in used]
    basis = dict.fromkeys(rows, -1)
    for row in rows:
        if lines[row][-1] < 0:
            lines[row] = [-v for v in lines[row]]
    while True:
        open_rows = [r for r in rows if basis[r] < 0]
        if all(lines[r][-1] == 0 for r in open_rows):
            factors = [Fraction(0)] * len(vectors)
            for row, column in list(basis.items()) + list(used.items()):
                if column >= 0:
                    factors[column] = Fraction(lines[row][-1], scale)
            assert all(f >= 0 for f in factors[:count])
            for place in range(size):
                total = sum(f * v[place] for f, v in zip(factors, vectors))
                assert total == -sum(v[place] for v in inequalities)
            return None
        entering = next((c for c in range(count) if sum(lines[r][c] for r in open_rows) > 0), None)
        if entering is None:
            start = len(vectors)
            return [-sum(lines[r][start + p] for r in open_rows) for p in range(size)]
        leaving = min(
            (r for r in rows if lines[r][entering] > 0),
            key=lambda r: (Fraction(lines[r][-1], lines[r][entering]), basis[r]))
        pivot(leaving, entering)
        basis[leaving] = entering


def product(vector, direction):
    return sum(a * b for a, b in zip(vector, direction))


def conditions(rows, supports, classes):
    """Inequalities and equations of directions; rows are whole numbers, with the intercept's 1."""
    inequalities, equations = [], []
    for row, support in zip(rows, supports):
        for other in range(classes):
            if other == support[0]:
                continue
            vector = [0] * (classes * len(row))
            for place, value in enumerate(row):
                vector[support[0] * len(row) + place] += value
                vector[other * len(row) + place] -= value
            vector = vector[len(row):]
            (equations if other in support else inequalities).append(vector)
    unique = lambda vectors: [list(v) for v in dict.fromkeys(map(tuple, vectors))]
    return unique(inequalities), unique(equations)


def whole(columns, intercept):
    """The decimal numbers of columns as rows of whole numbers, each column times a power of ten."""
    result = []
    for column in columns:
        values = [Fraction(repr(v)) for v in column]
        scale = 1
        while any((v * scale).denominator != 1 for v in values):
            scale *= 10
        result.append([int(v * scale) for v in values])
    return [list(row) + ([1] if intercept else []) for row in zip(*result)]


def judge(columns, intercept, supports, classes):
    """"attained", or "none" and how many pairs of row and class are separated."""
    inequalities, equations = conditions(whole(columns, intercept), supports, classes)
    left, freed = inequalities, 0
    while left:
        direction = decide(left, equations)
        if direction is None:
            break
        values = [product(v, direction) for v in left]
        assert all(v >= 0 for v in values) and any(values)
        assert all(product(v, direction) == 0 for v in equations)
        freed += sum(v > 0 for v in values)
        left = [v for v, value in zip(left, values) if value == 0]
    return ("none", freed) if freed else ("attained", 0)


def table(seed):
    r = random.Random(seed)
    count, width, classes = r.randint(8, 40), r.randint(1, 3), r.randint(2, 4)
    whole_numbers = r.random() < 0.5
    columns = []
    for _ in range(width):
        size = r.choice([1, 2, 5, 9, 100])
        columns.append([
            float(r.randint(-size, size)) if whole_numbers else round(r.gauss(0, 1), r.choice([1, 3, 9]))
            for _ in range(count)])
    kind = r.choice(["plain", "outlier", "outlier", "outliers", "collinear", "offset"])
    if kind in ("outlier", "outliers"):
        for _ in range(1 if kind == "outlier" else r.randint(2, 3)):
            value = r.choice([-1, 1]) * 10.0 ** r.uniform(3, 15)
            columns[r.randrange(width)][r.randrange(count)] = (
                float(round(value)) if whole_numbers else value)
    elif kind == "collinear" and width > 1:
        gap = 10.0 ** -r.randint(1, 9)
        columns[1] = [round(a + gap * r.choice([-1, 0, 1]), 12) for a in columns[0]]
    elif kind == "offset":
        shift = float(10 ** r.randint(3, 12))
        columns[0] = [round(a + shift, 3) for a in columns[0]]
    rule = [[r.gauss(0, 1) for _ in range(width + 1)] for _ in range(classes)]
    noise = r.choice([0.0, 0.0, 0.3, 1.0, 5.0])
    centers = [sorted(c)[count // 2] for c in columns]
    labels = []
    for i in range(count):
        scores = [
            w[-1] + noise * r.gauss(0, 1)
            + sum(a * (c[i] - m) for a, c, m in zip(w, columns, centers)) for w in rule]
        labels.append(scores.index(max(scores)))
    used = sorted(set(labels))
    if len(used) < 2:
        labels[0] = (used[0] + 1) % classes
        used = sorted(set(labels))
    return kind, columns, [used.index(label) for label in labels], len(used)


def record():
    result, left = [], {"plain": 5, "outlier": 20, "outliers": 15, "collinear": 10, "offset": 10}
    seed = 0
    while any(left.values()):
        kind, columns, labels, classes = table(seed)
        seed += 1
        if len(labels) > 20 or not left[kind]:
            continue
        left[kind] -= 1
        verdict, separated = judge(columns, True, [[y] for y in labels], classes)
        result.append({"seed": seed - 1, "kind": kind, "columns": columns, "labels": labels,
                       "classes": classes, "verdict": verdict, "separated": separated})
    print("[\n" + ",\n".join(json.dumps(case) for case in result) + "\n]")


def main():
    import numpy as np
    from surprisal_ml import SoftmaxClassifier, SurprisalError
    warnings.simplefilter("ignore")
    count, sample = int(sys.argv[1]), int(sys.argv[2])
    tallies, slowest, wrong, judged, refused = {}, (0.0, 0), [], 0, 0
    every = max(count // sample, 1) if sample else count + 1
    for seed in range(count):
        kind, columns, labels, classes = table(seed)
        start = time.process_time()
        try:
            model = SoftmaxClassifier(n_jobs=1).fit(np.array(columns).T.copy(), np.array(labels))
        except SurprisalError as error:
            refused += 1
            print("refused", seed, kind, str(error)[:200], flush=True)
            continue
        seconds = time.process_time() - start
        slowest = max(slowest, (seconds, seed))
        if seconds > 5:
            print("slow", seed, kind, f"{seconds:.1f} s", flush=True)
        record = model._record
        verdict = record["existence"]
        key = (kind, verdict, record["termination"])
        tallies[key] = tallies.get(key, 0) + 1
        if seed % every == 0:
            kept = sorted({
                int(c["feature"][1:]) - 1 for c in record["coefficients"]
                if c["feature"].startswith("f") and c["state"] != "aliased"})
            truth, _ = judge([columns[c] for c in kept], True, [[y] for y in labels], classes)
            judged += 1
            if verdict != truth:
                wrong.append((seed, kind, verdict, truth))
                print("verdict", *wrong[-1], record["termination"], flush=True)
    for key in sorted(tallies, key=str):
        print(*key, tallies[key])
    contradicted = sum(verdict != "undecided" for _, _, verdict, _ in wrong)
    print(f"{count} tables, {refused} refused, slowest {slowest[0]:.2f} s (seed {slowest[1]})")
    print(f"{judged} judged, {contradicted} contradicted, {len(wrong) - contradicted} not decided")
    if len(sys.argv) > 3:
        with_tool(sys.argv[3], int(sys.argv[4]))


def with_tool(tool, share):
    """The verdicts of `check` and `fit`, which must agree unless one is undecided."""
    slowest, apart = 0.0, 0
    for seed in range(share):
        kind, columns, labels, _ = table(seed)
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "t.csv")
            with open(file, "w") as out:
                names = [f"f{i + 1}" for i in range(len(columns))]
                out.write(",".join(names + ["y"]) + "\n")
                for row, label in zip(zip(*columns), labels):
                    out.write(",".join([repr(v) for v in row] + [f"c{label}"]) + "\n")
            found = []
            for command in ("check", "fit"):
                start = time.process_time()
                run = subprocess.run(
                    [tool, command, file, "--target", "y", "--features", "f*", "--json"],
                    capture_output=True, text=True)
                slowest = max(slowest, time.process_time() - start)
                result = json.loads(run.stdout)["existence"]
                found.append(result if isinstance(result, str) else result["verdict"])
            pair = ("none" if found[0] == "separated" else found[0], found[1])
            if pair[0] != pair[1] and "undecided" not in pair:
                apart += 1
                print("check and fit", seed, kind, *found, flush=True)
    print(f"{share} with the tool, slowest {slowest:.2f} s, {apart} with two verdicts")


if __name__ == "__main__":
    record() if sys.argv[1] == "record" else main()
