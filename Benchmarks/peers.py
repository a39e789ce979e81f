"""Runs one peer on one workload and prints what it reached when, as one line of JSON.

usage: peers.py FOLDER METHOD [--hard] [--l2 1e-4] [--tolerance 1e-6] [--cap 600] [--threads 2]

Methods: numpy, scipy-sparse (seconds of one objective-and-gradient pass), torch (the same),
scipy-lbfgs, torch-lbfgs, sklearn-lbfgs, sklearn-newton-cholesky, pandas (seconds of reading a CSV),
torch-network, torch-network-fused (seconds of an epoch of AdamW and of prediction, in single precision).
The objective is the same everywhere: mean cross entropy + l2 / 2 * squared weights, intercepts free.
"""
import argparse
import json
import resource
import signal
import time

import numpy as np


class CapReached(Exception):
    pass


def stop(*_):
    raise CapReached


class Trace:
    """Seconds and objective of each evaluation."""

    def __init__(self):
        self.start = time.perf_counter()
        self.entries = []
        self.run_start = 0

    def seconds(self):
        return time.perf_counter() - self.start

    def note(self, objective):
        self.entries.append({"seconds": self.seconds(), "objective": float(objective)})


class Problem:
    def __init__(self, folder, hard, l2):
        with open(f"{folder}/shape.json") as file:
            shape = json.load(file)
        n, d, c = shape["rows"], shape["columns"], shape["classes"]
        self.shape, self.l2 = (n, d, c), l2
        self.y = np.fromfile(f"{folder}/y.i64", dtype=np.int64)
        self.is_sparse = "entries" in shape
        if self.is_sparse:
            import scipy.sparse as sp
            self.x = sp.csr_matrix(
                (np.fromfile(f"{folder}/values.f64"), np.fromfile(f"{folder}/columns.u32", dtype=np.uint32).astype(np.int32),
                 np.fromfile(f"{folder}/starts.i64", dtype=np.int64).astype(np.int32)), shape=(n, d))
        else:
            self.x = np.fromfile(f"{folder}/x.f64").reshape(n, d)
        self.is_hard = hard or self.is_sparse
        self.p = np.eye(c)[self.y] if self.is_hard else np.fromfile(f"{folder}/p.f64").reshape(n, c)

    def value_and_gradient(self, theta):
        n, d, c = self.shape
        w, b = theta[:d * c].reshape(d, c), theta[d * c:]
        z = np.asarray(self.x @ w) + b
        z -= z.max(1, keepdims=True)
        e = np.exp(z)
        s = e.sum(1, keepdims=True)
        value = np.mean(np.log(s[:, 0]) - (self.p * z).sum(1)) + 0.5 * self.l2 * (w ** 2).sum()
        e /= s
        e -= self.p
        e /= n
        return value, np.concatenate([(np.asarray(self.x.T @ e) + self.l2 * w).ravel(), e.sum(0)])


def best_of(count, body):
    best = np.inf
    for _ in range(count):
        start = time.perf_counter()
        body()
        best = min(best, time.perf_counter() - start)
    return best


def best_times(count, body):
    """The least seconds and the least processor seconds."""
    times = []
    for _ in range(count):
        start, processor = time.perf_counter(), time.process_time()
        body()
        times.append((time.perf_counter() - start, time.process_time() - processor))
    return [min(column) for column in zip(*times)]


def numpy_pass(problem, given, trace):
    _, d, c = problem.shape
    theta = np.random.default_rng(0).normal(size=(d + 1) * c) * 0.01
    return {"pass_seconds": best_of(given.passes, lambda: problem.value_and_gradient(theta))}


def torch_objective(problem):
    import torch
    n, d, c = problem.shape
    if problem.is_sparse:
        x = torch.sparse_csr_tensor(
            torch.from_numpy(problem.x.indptr.astype(np.int64)),
            torch.from_numpy(problem.x.indices.astype(np.int64)), torch.from_numpy(problem.x.data), size=(n, d))
    else:
        x = torch.from_numpy(problem.x)
    labels = torch.from_numpy(problem.y) if problem.is_hard else torch.from_numpy(problem.p)
    w = torch.zeros(d, c, dtype=torch.float64, requires_grad=True)
    b = torch.zeros(c, dtype=torch.float64, requires_grad=True)

    def loss():
        w.grad = b.grad = None
        result = torch.nn.functional.cross_entropy(x @ w + b, labels) + 0.5 * problem.l2 * (w ** 2).sum()
        result.backward()
        return result

    return w, b, loss


def torch_pass(problem, given, trace):
    _, _, loss = torch_objective(problem)
    return {"pass_seconds": best_of(given.passes, loss)}


def scipy_lbfgs(problem, given, trace):
    from scipy.optimize import minimize
    _, d, c = problem.shape

    def objective(theta):
        value, gradient = problem.value_and_gradient(theta)
        trace.note(value)
        return value, gradient

    minimize(objective, np.zeros((d + 1) * c), jac=True, method="L-BFGS-B",
             options=dict(gtol=given.tolerance, ftol=0, maxiter=100_000, maxfun=200_000))
    return {}


def torch_lbfgs(problem, given, trace):
    import torch
    w, b, loss = torch_objective(problem)
    optimizer = torch.optim.LBFGS(
        [w, b], lr=1, max_iter=100_000, max_eval=200_000, tolerance_grad=given.tolerance, tolerance_change=0,
        history_size=10, line_search_fn="strong_wolfe")

    def closure():
        result = loss()
        trace.note(result.item())
        return result

    optimizer.step(closure)
    return {}


def sklearn_fit(solver):
    def fit(problem, given, trace):
        """A run at each tolerance until one reaches what can be reached: scikit-learn shows no trace."""
        from sklearn.linear_model import LogisticRegression
        if not problem.is_hard:
            raise SystemExit("scikit-learn takes no soft labels")
        n, d, c = problem.shape
        for tolerance in (1e-4, 1e-5, 1e-6, 1e-7, 1e-8):
            start = time.perf_counter()
            trace.run_start = trace.seconds()
            model = LogisticRegression(C=1 / (problem.l2 * n), tol=tolerance, solver=solver, max_iter=100_000)
            model.fit(problem.x, problem.y)
            seconds = time.perf_counter() - start
            value, _ = problem.value_and_gradient(np.concatenate([model.coef_.T.ravel(), model.intercept_]))
            trace.entries.append({"seconds": seconds, "objective": float(value), "tolerance": tolerance})
        return {}
    return fit


def torch_network(fused):
    def run(problem, given, trace):
        """Single precision. Training has the features standardised and rounded beforehand; prediction is timed so, and
        from the features as they are (doubles, not standardised), which is what ours starts from."""
        import torch
        n, d, c = problem.shape
        torch.manual_seed(1)
        raw = torch.from_numpy(problem.x)
        center, scale = raw.mean(0), raw.std(0, correction=0)
        x = ((raw - center) / scale).float()
        y = torch.from_numpy(problem.y)
        net = torch.nn.Sequential(torch.nn.Linear(d, given.hidden), torch.nn.ReLU(), torch.nn.Linear(given.hidden, c))
        optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0, fused=True if fused else None)

        def epoch():
            order = torch.randperm(n)
            for start in range(0, n, given.batch_size):
                rows = order[start:start + given.batch_size]
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(net(x[rows]), y[rows]).backward()
                optimizer.step()

        def predict(features, size):
            with torch.no_grad():
                return [torch.softmax(net(features(slice(i, i + size))), 1) for i in range(0, n, size)]

        result = {}
        result["epoch_seconds"], result["epoch_processor_seconds"] = best_times(given.passes + 1, epoch)
        for name, features in (("predict", lambda rows: x[rows]),
                               ("raw_predict", lambda rows: ((raw[rows] - center) / scale).float())):
            times = {size: best_times(given.passes, lambda: predict(features, size)) for size in (128, 1024, n)}
            size = min(times, key=lambda size: times[size][0])
            result[f"{name}_seconds"], result[f"{name}_processor_seconds"] = times[size]
            result[f"{name}_batch"] = size
        return result
    return run


METHODS = {
    "numpy": numpy_pass, "scipy-sparse": numpy_pass, "torch": torch_pass, "scipy-lbfgs": scipy_lbfgs,
    "torch-lbfgs": torch_lbfgs, "sklearn-lbfgs": sklearn_fit("lbfgs"),
    "sklearn-newton-cholesky": sklearn_fit("newton-cholesky"),
    "torch-network": torch_network(False), "torch-network-fused": torch_network(True),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("method", choices=[*METHODS, "pandas"])
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--l2", type=float, default=1e-4)
    parser.add_argument("--tolerance", type=float, default=1e-7)
    parser.add_argument("--cap", type=float, default=600)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--batch-size", type=int, default=128)
    given = parser.parse_args()
    if given.method == "pandas":
        import pandas as pd
        print(json.dumps({"read_seconds": best_of(3, lambda: pd.read_csv(f"{given.folder}/data.csv"))}))
        return
    problem = Problem(given.folder, given.hard, given.l2)
    if given.method.startswith("torch"):
        import torch
        torch.set_num_threads(given.threads)
    trace = Trace()
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, given.cap)
    capped = False
    result = {}
    try:
        result = METHODS[given.method](problem, given, trace)
    except CapReached:
        capped = True
    result.update(
        fit_seconds=trace.seconds(), last_run_seconds=trace.seconds() - trace.run_start, capped=capped, evaluations=len(trace.entries), trace=thin(trace.entries),
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    print(json.dumps(result))


def thin(entries):
    """Those that are lower than all before: what is needed to see when a target was met."""
    kept, best = [], np.inf
    for entry in entries:
        if entry["objective"] < best:
            best = entry["objective"]
            kept.append(entry)
    return kept


if __name__ == "__main__":
    main()
