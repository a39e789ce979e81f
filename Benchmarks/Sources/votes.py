#!/usr/bin/env python3
"""Dawid and Skene's model on simulated votes: `surprisal aggregate` from file to summary, and crowd-kit beside it.

usage: votes.py [--directory work/votes] [--tool ../.build/release/surprisal] [--threads 2] [--only 2m,10m,peer]

Lines of JSON: seconds of the whole run, reading of the file included, processor seconds, and the most memory. The
annotators are right 35 to 95 % of the time, errors go to the two classes that follow. "peer" is the largest of the
sizes that crowd-kit ends in minutes, both in one run; the packages are numpy, pandas and crowd-kit.
"""
import argparse
import json
import os
import subprocess
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
# items, votes of each, annotators, classes
SIZES = {"2m": (100_000, 20, 2000, 10), "10m": (1_000_000, 10, 2000, 10), "peer": (10_000, 20, 200, 10)}


def write_votes(path, items, each, annotators, classes):
    generator = np.random.default_rng(17)
    accuracies = generator.uniform(0.35, 0.95, annotators)
    known = (classes * np.sqrt(generator.random(items))).astype(int)
    item = np.repeat(np.arange(items), each)
    annotator = generator.integers(0, annotators, items * each)
    error = np.where(generator.random(items * each) < 0.7, 1, 2)
    right = generator.random(items * each) < accuracies[annotator]
    label = np.where(right, known[item], (known[item] + error) % classes)
    with open(path, "w") as file:
        file.write("item,annotator,label\n")
        for start in range(0, len(item), 100_000):
            part = slice(start, start + 100_000)
            file.writelines(f"i{i},a{a},c{k}\n" for i, a, k in zip(item[part], annotator[part], label[part]))


def ours(given, path):
    labels, summary = f"{given.directory}/labels.csv", f"{given.directory}/summary.json"
    start = time.perf_counter()
    with open(summary, "w") as file:
        child = subprocess.Popen(
            [given.tool, "aggregate", path, "--restarts", "0", "-o", labels, "--threads", str(given.threads),
             "--json"], stdout=file)
        _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"{given.tool} aggregate {path}: status {status}")
    with open(summary) as file:
        model = json.load(file)["model"]
    return dict(
        method="surprisal", seconds=seconds, steps=model["iterations"], log_likelihood=model["log_likelihood"],
        processor_seconds=used.ru_utime + used.ru_stime, peak_megabytes=used.ru_maxrss / 1024)


def crowd_kit(path):
    import pandas
    from crowdkit.aggregation import DawidSkene

    start, busy = time.perf_counter(), time.process_time()
    table = pandas.read_csv(path, names=["task", "worker", "label"], skiprows=1)
    model = DawidSkene(n_iter=1000, tol=1e-9)
    model.fit(table)
    return dict(
        method="crowd-kit", seconds=time.perf_counter() - start, processor_seconds=time.process_time() - busy,
        steps=len(model.loss_history_))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", default=f"{HERE}/../work/votes")
    parser.add_argument("--tool", default=f"{HERE}/../../.build/release/surprisal")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="2m,10m,peer")
    given = parser.parse_args()
    os.makedirs(given.directory, exist_ok=True)
    for name in given.only.split(","):
        path = f"{given.directory}/{name}.csv"
        if not os.path.exists(path):
            write_votes(path, *SIZES[name])
        results = [ours(given, path)]
        if name == "peer":
            results += [crowd_kit(path), ours(given, path)]
        for result in results:
            print(json.dumps(dict(workload=name, votes=SIZES[name][0] * SIZES[name][1], **result)), flush=True)


if __name__ == "__main__":
    main()
