#!/usr/bin/env python3
"""The simulation of docs/shrinkage.md: prints its table and writes shrinkage.svg beside this file.

usage: shrinkage.py [--tool .build/release/surprisal] [--replicates 60]

Six hundred rows, three classes, two features; three annotators who are right 80, 60 and 45 % of the time, wrong
votes evenly over the other classes. Each reading of the same votes is one fit by the tool. Standard library alone.
"""
import argparse
import csv
import json
import math
import os
import random
import subprocess
import tempfile

CLASSES = ["a", "b", "c"]
ROWS = 600
SLOPES = {("b", "x1"): 1.0, ("b", "x2"): -1.0, ("c", "x1"): 1.5, ("c", "x2"): -0.5}
RIGHT = [0.80, 0.60, 0.45]
READINGS = [
    ("true classes", ["--target", "class"]),
    ("evidence, accuracies known", ["--evidence", "e_*"]),
    ("evidence, accuracies estimated", ["--labels", "labels.csv", "--key", "item", "--evidence", "e_*"]),
    ("vote shares as a belief", ["--probs", "s_*"]),
    ("evidence as a belief", ["--probs", "n_*"]),
    ("posterior as a belief", ["--probs", "p_*"]),
]


def draw(shares, generator):
    rest = generator.random()
    for place, share in enumerate(shares):
        rest -= share
        if rest < 0:
            return place
    return len(shares) - 1


def normalized(values):
    total = sum(values)
    return [value / total for value in values]


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def simulate(folder, generator):
    """features.csv with every label made of the votes, and votes.csv."""
    known, votes = [], []
    features = [(generator.gauss(0, 1), generator.gauss(0, 1)) for _ in range(ROWS)]
    for x1, x2 in features:
        logits = [0] + [SLOPES[k, "x1"] * x1 + SLOPES[k, "x2"] * x2 for k in CLASSES[1:]]
        known.append(draw(normalized([math.exp(z) for z in logits]), generator))
        wrong = [k for k in range(3) if k != known[-1]]
        votes.append([known[-1] if generator.random() < right else generator.choice(wrong) for right in RIGHT])
    prior = [known.count(k) / ROWS for k in range(3)]
    rows = []
    for item, ((x1, x2), own) in enumerate(zip(features, votes)):
        evidence = [
            math.prod(right if vote == k else (1 - right) / 2 for vote, right in zip(own, RIGHT)) for k in range(3)]
        posterior = normalized([e * p for e, p in zip(evidence, prior)])
        shares = [own.count(k) / len(own) for k in range(3)]
        rows.append([item, x1, x2, CLASSES[known[item]], *evidence, *normalized(evidence), *posterior, *shares])
    write(f"{folder}/features.csv", ["item", "x1", "x2", "class", *(f"{f}_{k}" for f in "enps" for k in CLASSES)], rows)
    write(f"{folder}/votes.csv", ["item", "annotator", "label"],
          [[item, f"ann{a}", CLASSES[vote]] for item, own in enumerate(votes) for a, vote in enumerate(own)])


def fit(tool, folder, flags):
    """Estimate and standard error of each slope."""
    text = subprocess.run(
        [tool, "fit", "features.csv", *flags, "--features", "x1,x2", "--json", "--quiet"],
        cwd=folder, capture_output=True, text=True, check=True).stdout
    found = {(c["class"], c["feature"]): (c["estimate"], c["std_error"]) for c in json.loads(text)["coefficients"]}
    return {slope: found[slope] for slope in SLOPES}


def run(tool, replicates):
    found = {name: [] for name, _ in READINGS}
    for replicate in range(replicates):
        with tempfile.TemporaryDirectory() as folder:
            simulate(folder, random.Random(1000 + replicate))
            subprocess.run(
                [tool, "aggregate", "votes.csv", "--method", "one-coin", "-o", "labels.csv", "--quiet"],
                cwd=folder, capture_output=True, check=True)
            for name, flags in READINGS:
                found[name].append(fit(tool, folder, flags))
    return found


def summary(found, slope):
    """Mean, 5 % and 95 % quantiles of the estimates, and how often the 95 % interval holds the truth."""
    values = sorted(fit[slope][0] for fit in found)
    held = [abs(fit[slope][0] - SLOPES[slope]) <= 1.959964 * fit[slope][1] for fit in found]
    low = values[int(0.05 * (len(values) - 1))]
    high = values[math.ceil(0.95 * (len(values) - 1))]
    return sum(values) / len(values), low, high, sum(held) / len(held)


def table(found):
    names = [f"{feature} of {k}" for k, feature in SLOPES]
    lines = ["| reading of the votes | " + " | ".join(names) + " | intervals that hold the truth |",
             "|---|" + "--:|" * (len(names) + 1),
             "| *truth* | " + " | ".join(f"{value:g}" for value in SLOPES.values()) + " | 95 % |"]
    for name, _ in READINGS:
        each = [summary(found[name], slope) for slope in SLOPES]
        held = sum(values[3] for values in each) / len(each)
        lines.append(f"| {name} | " + " | ".join(f"{values[0]:.2f}" for values in each) + f" | {100 * held:.0f} % |")
    return "\n".join(lines)


def figure(found):
    """One panel a slope, one line a reading: mean, and the range of nine replicates of ten."""
    left, width, gap, top, step = 215, 150, 22, 44, 26
    height = top + step * len(READINGS) + 34
    total = left + len(SLOPES) * (width + gap)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" '
           'font-family="sans-serif" font-size="12" role="img" '
           'aria-label="Slopes under six readings of the same votes">',
           f'<rect width="{total}" height="{height}" fill="#ffffff"/>']
    for row, (name, _) in enumerate(READINGS):
        out.append(f'<text x="{left - 14}" y="{top + step * row + 17}" text-anchor="end" fill="#222222">{name}</text>')
    for panel, (slope, truth) in enumerate(SLOPES.items()):
        x0 = left + panel * (width + gap)
        each = [summary(found[name], slope) for name, _ in READINGS]
        low = min([0, truth, *(values[1] for values in each)])
        high = max([0, truth, *(values[2] for values in each)])
        low, high = low - 0.06 * (high - low), high + 0.06 * (high - low)
        def at(value):
            return x0 + width * (value - low) / (high - low)
        bottom = top + step * len(READINGS)
        out.append(f'<text x="{x0 + width / 2}" y="18" text-anchor="middle" fill="#222222">'
                   f'slope of {slope[1]}, class {slope[0]}</text>')
        for value, color, label in ((0, "#bbbbbb", "0"), (truth, "#222222", f"truth {truth:g}".replace("-", "\u2212"))):
            out.append(f'<line x1="{at(value):.1f}" y1="{top - 8}" x2="{at(value):.1f}" y2="{bottom}" stroke="{color}"/>')
            out.append(f'<text x="{at(value):.1f}" y="{bottom + 16}" text-anchor="middle" fill="#555555">{label}</text>')
        for row, (mean, lower, upper, _) in enumerate(each):
            y = top + step * row + 13
            color = "#1f6f8b" if row < 3 else "#c0562b"
            out.append(f'<line x1="{at(lower):.1f}" y1="{y}" x2="{at(upper):.1f}" y2="{y}" stroke="{color}" '
                       'stroke-width="3" stroke-opacity="0.45"/>')
            out.append(f'<circle cx="{at(mean):.1f}" cy="{y}" r="4.5" fill="{color}"/>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=f"{here}/../../.build/release/surprisal")
    parser.add_argument("--replicates", type=int, default=60)
    given = parser.parse_args()
    found = run(os.path.abspath(given.tool), given.replicates)
    print(table(found))
    with open(f"{here}/shrinkage.svg", "w") as file:
        file.write(figure(found))


if __name__ == "__main__":
    main()
