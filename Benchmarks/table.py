"""The tables of a run of the benchmark, as Markdown, from its lines of JSON."""
import math

BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
GAP = 1e-7


def page(results):
    parts = [machine(results), fits(results), passes(results), memory(results), networks(results), reads(results),
             scaling(results["machine"]), kernels(results["machine"])]
    return "\n\n".join(part for part in parts if part)


def write(text, path):
    with open(path) as file:
        before, rest = file.read().split(BEGIN, 1)
    with open(path, "w") as file:
        file.write(before + BEGIN + "\n\n" + text + "\n\n" + END + rest.split(END, 1)[1])


def row(cells):
    return "| " + " | ".join(cells) + " |"


def grid(header, rows):
    return "\n".join([row(header), row(["---"] + ["--:"] * (len(header) - 1)), *map(row, rows)])


def seconds(value):
    if value is None:
        return "-"
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"


def ratio(value):
    return f"{value:.0f}x" if value >= 20 else f"{value:.2g}x"


def ours(lines):
    return [line for line in lines if line["method"].startswith("surprisal") and "error" not in line]


def best_objective(lines):
    return min((entry["objective"] for line in lines for entry in line.get("trace", [])), default=math.nan)


def reached(line, best):
    """Seconds until the target was met, the packing of the rows included; None if it was not."""
    target = best + GAP * abs(best)
    return min((line.get("pack_seconds", 0) + entry["seconds"] for entry in line.get("trace", [])
                if entry["objective"] <= target), default=None)


def work(line):
    """Passes over the rows with set-up and curvature matrices, each of P / 8 passes: D (C D / 2) flops a row."""
    matrices = line["curvature_evaluations"]
    if not line["solver"].endswith("newton"):
        matrices = 0
    elif "sample curvature" in line["solver"]:
        matrices -= 1  # The one of the sample is part of the set-up.
    return line["passes"] + line["set_up_passes"] + matrices * line["parameter_bytes"] / 64


def machine(results):
    if not results["machine"]:
        return ""
    m = results["machine"][0]
    found = sorted({line["commit"] for lines in results.values() for line in ours(lines) if line.get("commit")})
    commits = f", commit {' and '.join(found)}" if found else ""
    scaled = "" if m["scale"] == 1 else f" **Workloads shrunk to {m['scale']:g} of their rows.**"
    return (f"{m['processor']}, {m['threads']} threads of {m['cores']} processors, {m['system']}; {m['date']}{commits}. "
            f"Peers: {m['peers']}, stopped after {m['cap']:g} s. Load at the start: {m['load']:.1f}.{scaled}")


def fits(results):
    peers = ["scipy-lbfgs", "torch-lbfgs", "sklearn-lbfgs", "sklearn-lbfgs:SKYLAKEX", "sklearn-newton-cholesky"]
    rows = []
    for name, lines in results.items():
        mine = [line for line in ours(lines) if line.get("trace")]
        if not mine:
            continue
        best = best_objective(lines)
        times = [time for time in (reached(line, best) for line in mine) if time is not None]
        if not times:
            rows.append([name, "not reached"] + ["-"] * (len(peers) + 2))
            continue
        time = min(times)
        first = mine[0]
        cells = [name, seconds(time), seconds(min(line.get("pack_seconds", 0) + line["fit_seconds"] for line in mine)),
                 f"{work(first):.1f}"]
        for peer in peers:
            line = next((line for line in lines if line["method"] == peer), None)
            cells.append(peer_cell(line, best, time))
        rows.append(cells)
    if not rows:
        return ""
    header = ["workload", "Surprisal", "whole fit", "passes", "SciPy L-BFGS", "PyTorch L-BFGS", "scikit-learn lbfgs",
              "the same, SKYLAKEX", "scikit-learn newton-cholesky"]
    return ("Time to the objective (best known plus a 1e-7th), the shorter of two runs, one before and one after the peers', and "
            "how many times longer these take in one run. Ours is with the packing of dense rows into blocks. *Whole fit* is with "
            "everything a fit reports; *passes* are those to a gradient of 1e-6, with set-up and curvature matrices by their "
            "flops.\n\n" + grid(header, rows))


def peer_cell(line, best, time):
    if line is None:
        return ""
    if "trace" not in line:
        return "> " + ratio(line["fit_seconds"] / time) if line.get("capped") else "failed"
    met = reached(line, best)
    if met is not None:
        return f"{ratio(met / time)} ({seconds(met)})"
    last = longest_run(line)
    return f"> {ratio(last / time)} ({'stopped' if line['capped'] else 'gave up'} at {seconds(last)})"


def longest_run(line):
    """The longest time that was not enough, whether it stopped by itself or was stopped. scikit-learn makes one run a
    tolerance, each from the start: only the longest of them counts."""
    runs = [entry["seconds"] for entry in line["trace"]]
    if not line["capped"]:
        return max(runs, default=0)
    if not line["method"].startswith("sklearn"):
        return line["fit_seconds"]
    return max([line.get("last_run_seconds", 0 if runs else line["fit_seconds"]), *runs])


def passes(results):
    rows = []
    for name, lines in results.items():
        mine = [line["pass_seconds"] for line in ours(lines) if line.get("pass_seconds")]
        if not mine:
            continue
        cells = [name, seconds(min(mine))]
        for peer in (("numpy", "scipy-sparse"), ("torch",)):
            line = next((line for line in lines if line["method"] in peer and line.get("pass_seconds")), None)
            cells.append(f"{ratio(line['pass_seconds'] / min(mine))} ({seconds(line['pass_seconds'])})" if line else "")
        rows.append(cells)
    if not rows:
        return ""
    return ("One objective and gradient.\n\n"
            + grid(["workload", "Surprisal", "NumPy, SciPy sparse", "PyTorch"], rows))


def memory(results):
    rows = []
    for name, lines in results.items():
        line = next((line for line in ours(lines) if line.get("peak_bytes") and line.get("data_bytes")), None)
        if line:
            limit = 1.3 * line["data_bytes"] + 32 * line["parameter_bytes"]
            base = line.get("base_bytes", 0)
            rows.append(
                [name] + [f"{value / 1e6:.0f} MB" for value in (
                    line["data_bytes"], line["parameter_bytes"], base, line["peak_bytes"] - base)]
                + [f"{(line['peak_bytes'] - base) / limit:.2f}"])
    if not rows:
        return ""
    return ("Memory while it fits, beside that of the program before it has data; the last column is the share of "
            "1.3 data + 32 parameter vectors.\n\n"
            + grid(["workload", "data", "parameters", "program", "peak beside it", "share"], rows))


def networks(results):
    rows, differences = [], []
    for name, lines in results.items():
        mine = [line for line in ours(lines) if line.get("epoch_seconds")]
        if not mine:
            continue
        least = {key: min(line[key] for line in mine)
                 for key in ("epoch_seconds", "predict_seconds", "double_predict_seconds")}
        differences += [line["largest_difference"] for line in mine]
        peers = {line["method"]: line for line in lines if line["method"].startswith("torch-network")}
        for what, key, own in (("epoch", "epoch_seconds", "epoch_seconds"),
                               ("prediction", "raw_predict_seconds", "predict_seconds"),
                               ("the same, PyTorch from standardised floats", "predict_seconds", "predict_seconds"),
                               ("prediction, ours in double precision", "raw_predict_seconds", "double_predict_seconds")):
            cells = [what, str(mine[0]["threads"]), seconds(least[own])]
            for method in ("torch-network", "torch-network-fused"):
                time = peers.get(method, {}).get(key)
                cells.append(f"{ratio(time / least[own])} ({seconds(time)})" if time else "")
            rows.append(cells)
    if not rows:
        return ""
    return ("A network with 256 hidden units (relu) on `wide`, hard labels, batches of 128: an epoch of AdamW, and the "
            "probabilities of all rows. PyTorch in single precision, prediction in the best of three batch sizes. Ours trains in "
            f"double precision and predicts in single, from doubles that it standardises itself; its probabilities differ from "
            f"those in double precision by at most {max(differences):.1g} of their value.\n\n"
            + grid(["", "threads", "Surprisal", "PyTorch, AdamW", "PyTorch, fused AdamW"], rows))


def reads(results):
    rows = []
    for name in ("csv", "csv17"):
        lines = results.get(name, [])
        mine = [line["read_seconds"] for line in ours(lines) if line.get("read_seconds")]
        other = next((line["read_seconds"] for line in lines if line["method"] == "pandas" and "read_seconds" in line), None)
        if mine and other:
            digits = "9 digits" if name == "csv" else "17 digits"
            rows.append([f"200 000 x 60, {digits}", seconds(min(mine)), f"{ratio(other / min(mine))} ({seconds(other)})"])
    return "Reading a CSV.\n\n" + grid(["file", "Surprisal", "pandas"], rows) if rows else ""


def scaling(lines):
    if not lines or not lines[0]["scaling"]:
        return ""
    rows = []
    for axis in ("N", "D", "C"):
        points = [(p["value"], p["seconds"]) for p in lines[0]["scaling"] if p["axis"] == axis]
        shown = ", ".join(f"{value}: {seconds(time)}" for value, time in points)
        rows.append([axis, f"{slope(points):.2f}", shown])
    return ("Seconds of a pass grow as this power of the number of examples, features and classes (200 000 x 100, "
            "10 classes where not said otherwise).\n\n" + grid(["", "slope", "measured"], rows))


def slope(points):
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)


def kernels(lines):
    return "Kernels and passes against the floor of the machine:\n\n```\n" + lines[0]["kernels"].strip() + "\n```" if lines else ""
