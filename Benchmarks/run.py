#!/usr/bin/env python3
"""Runs Surprisal and its peers on the same workloads, side by side, and prints one table of ratios.

usage: run.py [--directory work] [--python PYTHON] [--scale 1.0] [--only NAME,...] [--cap 600] [--threads 2]
              [--fresh] [--table] [--write ../docs/performance.md]

PYTHON has the packages of requirements.txt (python3 -m venv venv; venv/bin/pip install -r requirements.txt).
Each result is kept as a line of JSON in DIRECTORY/results; what is there is not run again, so that a run
that was stopped goes on where it was. --table prints the table of what is there; --write puts it into a page
between its marks. A full run takes some hours, most of them the peers'.
"""
import argparse
import json
import os
import platform
import subprocess
import sys
import time

import table

HERE = os.path.dirname(os.path.abspath(__file__))

# name: (folder, hard labels, l2, peers)
DENSE = ["numpy", "torch", "scipy-lbfgs", "torch-lbfgs"]
HARD = DENSE + ["sklearn-lbfgs", "sklearn-lbfgs:SKYLAKEX"]
FITS = {
    "digits-1e-4": ("digits", True, 1e-4, HARD + ["sklearn-newton-cholesky"]),
    "digits-1e-6": ("digits", True, 1e-6, HARD + ["sklearn-newton-cholesky"]),
    "digits-1e-8": ("digits", True, 1e-8, HARD + ["sklearn-newton-cholesky"]),
    "separable": ("separable", True, 1e-6, HARD),
    "sparse": ("sparse", True, 1e-4,
               ["scipy-sparse", "torch", "scipy-lbfgs", "torch-lbfgs", "sklearn-lbfgs", "sklearn-lbfgs:SKYLAKEX"]),
    "wide": ("wide", False, 1e-4, DENSE),
    "wide-hard": ("wide", True, 1e-4, HARD),
    "tall": ("tall", False, 1e-4, DENSE),
    "tall-hard": ("tall", True, 1e-4, HARD),
    "classes": ("classes", False, 1e-4, DENSE),
}
# name: threads (None: those of the run). Training and prediction of a network on the hard labels of "wide".
NETWORKS = {"network": None, "network-1": 1}
READS = {"csv": "csv", "csv17": "csv17"}
NAMES = ["machine", *READS, *FITS, *NETWORKS]


def environment(threads, core=None):
    result = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        result[name] = str(threads)
    result["SWIFT_BACKTRACE"] = "enable=no"
    if core:
        result["OPENBLAS_CORETYPE"] = core
    return result


def run(command, timeout, env):
    """The last line a command prints, as JSON; what went wrong otherwise."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=env)
    except subprocess.TimeoutExpired:
        return {"error": "killed", "fit_seconds": timeout, "capped": True}
    if done.returncode != 0:
        return {"error": (done.stderr.strip().splitlines() or ["?"])[-1][:200]}
    return json.loads(done.stdout.strip().splitlines()[-1])


class Bench:
    def __init__(self, given):
        self.given = given
        self.data = f"{given.directory}/data-{given.scale:g}"
        self.results = f"{given.directory}/results-{given.scale:g}"
        os.makedirs(self.results, exist_ok=True)
        self.commit = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty"],
                                     capture_output=True, text=True).stdout.strip()

    def file(self, name):
        return f"{self.results}/{name}.jsonl"

    def known(self, name):
        if not os.path.exists(self.file(name)):
            return []
        with open(self.file(name)) as file:
            return [json.loads(line) for line in file]

    def measure(self, name, method, command, timeout, core=None, threads=None):
        if any(result["method"] == method and ("error" not in result or result.get("capped"))
               for result in self.known(name)):
            return
        print(f"{name}: {method} ...", end=" ", flush=True)
        start = time.time()
        result = run(command, timeout, environment(threads or self.given.threads, core))
        result.update(workload=name, method=method, load=os.getloadavg()[0], commit=self.commit,
                      date=time.strftime("%Y-%m-%d"))
        with open(self.file(name), "a") as file:
            file.write(json.dumps(result) + "\n")
        print(result.get("error") or f"{time.time() - start:.1f} s", flush=True)

    def write_data(self, name):
        subprocess.run(
            [self.given.python, f"{HERE}/workloads.py", self.data, name, "--scale", str(self.given.scale)], check=True)

    def fit(self, name):
        folder, hard, l2, peers = FITS[name]
        self.write_data(folder)
        common = [f"{self.data}/{folder}", "--l2", str(l2), "--threads", str(self.given.threads)]
        common += ["--hard"] if hard else []
        ours = [f"{HERE}/.build/release/FitBenchmark", *common]
        limit = self.given.cap + 600
        self.measure(name, "surprisal", [*ours, "--tolerance", "1e-6"], limit)
        for peer in peers:
            method, _, core = peer.partition(":")
            command = [self.given.python, f"{HERE}/peers.py", *common, "--cap", str(self.given.cap)]
            self.measure(name, peer, [*command[:2], command[2], method, *command[3:]], limit, core or None)
        # Again at the end, in case the machine changed meanwhile; to more digits, for the best objective.
        self.measure(name, "surprisal, again", [*ours, "--tolerance", "1e-8"], limit)

    def network(self, name):
        """Ours between the peers: the processor may change its speed meanwhile."""
        self.write_data("wide")
        threads = NETWORKS[name] or self.given.threads
        common = [f"{self.data}/wide", "--hard", "--threads", str(threads)]
        ours = [f"{HERE}/.build/release/FitBenchmark", *common, "--network"]
        peer = [self.given.python, f"{HERE}/peers.py", common[0]]
        for method, command in (
                ("surprisal", ours), ("torch-network", [*peer, "torch-network", *common[1:]]),
                ("torch-network-fused", [*peer, "torch-network-fused", *common[1:]]), ("surprisal, again", ours)):
            self.measure(name, method, command, self.given.cap + 600, threads=threads)

    def read(self, name):
        folder = READS[name]
        self.write_data(folder)
        tool = f"{HERE}/../.build/release/surprisal"
        command = [tool, "fit", f"{self.data}/{folder}/data.csv", "--probs", "p_c*", "--l2", "1e-2",
                   "--max-iterations", "1", "--timing", "--json", "--quiet", "--std-errors", "none"]
        ours = ["sh", "-c", '"$@" | tr -d "\\n"', "sh", *command]
        # The file comes into the memory of the system first; both have the best of three after that.
        for method in ("surprisal", "surprisal, second", "surprisal, third"):
            self.measure(name, method, ours, 600)
        self.measure(name, "pandas", [self.given.python, f"{HERE}/peers.py", f"{self.data}/{folder}", "pandas"], 600)
        self.measure(name, "surprisal, again", ours, 600)

    def machine(self):
        if self.known("machine"):
            return
        kernels = f"{HERE}/.build/release/KernelBenchmark"
        env = environment(self.given.threads)
        threads = str(self.given.threads)
        print("machine, kernels and scaling ...", flush=True)
        text = subprocess.run([kernels, "10", threads], capture_output=True, text=True, env=env, check=True).stdout
        scaling = subprocess.run(
            [kernels, "5", threads, "scaling"], capture_output=True, text=True, env=env, check=True).stdout
        versions = subprocess.run(
            [self.given.python, "-c",
             "import numpy,scipy,sklearn,torch,pandas;"
             "print(', '.join(f'{m.__name__} {m.__version__}' for m in (numpy,scipy,sklearn,torch,pandas)))"],
            capture_output=True, text=True).stdout.strip()
        result = dict(
            method="machine", processor=processor(), cores=os.cpu_count(), system=platform.platform(),
            threads=self.given.threads, kernels=text, scaling=[json.loads(line) for line in scaling.splitlines()],
            peers=versions, date=time.strftime("%Y-%m-%d"), scale=self.given.scale, cap=self.given.cap,
            load=os.getloadavg()[0])
        with open(self.file("machine"), "w") as file:
            file.write(json.dumps(result) + "\n")


def processor():
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def build(names):
    products = []
    if any(name in FITS or name in NETWORKS for name in names):
        products.append((HERE, "FitBenchmark"))
    if "machine" in names:
        products.append((HERE, "KernelBenchmark"))
    if any(name in READS for name in names):
        products.append((f"{HERE}/..", "surprisal"))
    for folder, product in products:
        subprocess.run(["swift", "build", "-c", "release", "--package-path", folder, "--product", product],
                       check=True, stdout=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", default=f"{HERE}/work")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only")
    parser.add_argument("--cap", type=float, default=600)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="forget the results that are there")
    parser.add_argument("--table", action="store_true", help="run nothing")
    parser.add_argument("--write", metavar="PAGE", help="put the table into this page")
    given = parser.parse_args()
    names = given.only.split(",") if given.only else NAMES
    for name in names:
        if name not in NAMES:
            raise SystemExit(f"unknown workload {name}, expected some of {', '.join(NAMES)}")
    bench = Bench(given)
    if not given.table:
        build(names)
        for name in names:
            if given.fresh and os.path.exists(bench.file(name)):
                os.remove(bench.file(name))
            if name == "machine":
                bench.machine()
            elif name in NETWORKS:
                bench.network(name)
            elif name in READS:
                bench.read(name)
            else:
                bench.fit(name)
    page = table.page({name: bench.known(name) for name in NAMES})
    print(page)
    if given.write:
        table.write(page, given.write)


if __name__ == "__main__":
    main()
