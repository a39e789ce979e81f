"""Exported models predict what the tool predicts: in onnxruntime, and compiled from C."""

import csv
import ctypes
import json
import os
import subprocess
import sys

import numpy as np
import pytest

TOOL = os.environ.get("SURPRISAL_TOOL")
DATA = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "Data")

pytestmark = pytest.mark.skipif(TOOL is None, reason="SURPRISAL_TOOL names no tool")


def run(*arguments):
    result = subprocess.run([TOOL, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, (arguments, result.stderr)
    return result.stdout


def read(path):
    """The columns of a CSV file: arrays of doubles if all cells are numbers or empty."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    columns = {}
    for place, name in enumerate(rows[0]):
        cells = [row[place] for row in rows[1:]]
        try:
            columns[name] = np.array([float(cell) if cell else np.nan for cell in cells])
        except ValueError:
            columns[name] = np.array(cells, dtype=object)
    return columns


HOUSING = ["housing.csv", "--counts", "n_*"]
IRIS = ["iris.csv", "--target", "class", "--l2", "1e-3"]
DIGITS = ["digits.csv", "--target", "class", "--l2", "1e-3"]
MUSIC = ["Music.csv", "--probs", "p_*", "--l2", "1e-3"]
GAPS = ["gaps.csv", "--target", "class", "--l2", "1e-2", "--missing", "indicator"]
NETWORK = ["--model", "mlp", "--hidden", "8,6", "--epochs", "20", "--seed", "3"]

FITS = {
    "housing": HOUSING,
    "housing-interaction": HOUSING + ["--interaction", "Infl:Type", "--l2", "1e-3"],
    "iris": IRIS,
    "iris-no-intercept": IRIS + ["--no-intercept"],
    "digits": DIGITS,
    "music": MUSIC,
    "gaps": GAPS,
    "gaps-mean": GAPS[:-1] + ["mean", "--interaction", "x:color"],
    "relu": IRIS + NETWORK,
    "gelu": IRIS + NETWORK + ["--activation", "gelu", "--skip"],
    "tanh": IRIS + NETWORK + ["--activation", "tanh", "--layer-norm", "--input-scale", "columns"],
    "network-digits": DIGITS + ["--model", "mlp", "--hidden", "32", "--epochs", "5"],
    "network-texts": GAPS + NETWORK + ["--layer-norm", "--skip"],
    "ensemble": IRIS + NETWORK + ["--ensemble", "3"],
}
CALIBRATIONS = [
    (base, method) for base in ("iris", "music", "ensemble", "gaps")
    for method in ("temperature", "vector", "matrix", "dirichlet", "isotonic")
]
MODELS = list(FITS) + [f"{base}+{method}" for base, method in CALIBRATIONS]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    generator = np.random.default_rng(5)
    for name in ("housing.csv", "iris.csv", "digits.csv", "Music.csv"):
        (folder / name).write_bytes(open(os.path.join(DATA, name), "rb").read())
    with open(folder / "gaps.csv", "w") as file:
        file.write('color,x,"size ""in"" cm",label,class\n')
        for row in range(120):
            color = ["red", "blue", "grün", "", "a\"b\\c?"][generator.integers(5)]
            x = "" if row % 11 == 3 else repr(float(generator.normal()))
            size = generator.integers(1, 5)
            label = ["u", "v"][generator.integers(2)]
            score = (color == "red") + (0 if x == "" else float(x)) + generator.normal()
            quoted = '"' + color.replace('"', '""') + '"' if color else ""
            file.write(f"{quoted},{x},{size},{label},{'yes' if score > 0.3 else 'nö'}\n")
    return folder


@pytest.fixture(scope="session")
def model(folder):
    made = {}

    def make(name):
        if name not in made:
            path = str(folder / (name.replace("+", "-") + ".json"))
            base, _, method = name.partition("+")
            if method:
                data, *labels = FITS[base]
                run("calibrate", make(base), str(folder / data), *labels[:2], "--method", method,
                    *([] if method in ("isotonic", "temperature") else ["--l2", "1e-2"]),
                    "-o", path, "--quiet")
            else:
                data, *options = FITS[name]
                run("fit", str(folder / data), *options, "-o", path, "--quiet",
                    *([] if "mlp" in options else ["--std-errors", "none"]))
            made[name] = path
        return made[name]

    return make


def expected(folder, name, model):
    """Probabilities of the rows that the model was fitted to, the predicted class, the columns."""
    data = str(folder / FITS[name.partition("+")[0]][0])
    lines = list(csv.reader(run("predict", model(name), data).splitlines()))
    labels = np.array([line[0] for line in lines[1:]], dtype=object)
    return np.array([[float(cell) for cell in line[1:]] for line in lines[1:]]), labels, read(data)


def exported(folder, name, model, ending, *options):
    path = str(folder / (name.replace("+", "_").replace("-", "_") + ending))
    run("export", model(name), "-o", path, *options)
    return path


@pytest.mark.parametrize("single", [False, True], ids=["double", "single"])
@pytest.mark.parametrize("name", MODELS)
def test_onnx(folder, model, name, single):
    onnx = pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    path = exported(folder, name, model, "32.onnx" if single else ".onnx",
                    *(["--float32"] if single else []))
    graph = onnx.load(path)
    onnx.checker.check_model(graph, full_check=True)
    properties = {entry.key: entry.value for entry in graph.metadata_props}
    features = json.loads(properties["features"])
    probabilities, labels, columns = expected(folder, name, model)
    number = np.float32 if single else np.float64
    session = runtime.InferenceSession(path)
    names = [value.name for value in session.get_inputs()]
    if names == ["features"]:
        feed = {"features": np.column_stack([columns[name] for name in features]).astype(number)}
    else:
        assert names and set(names) <= set(features)
        feed = {key: columns[key].reshape(-1, 1) for key in names}
        feed = {key: value if value.dtype == object else value.astype(number)
                for key, value in feed.items()}
    outputs = [value.name for value in session.get_outputs()]
    found = dict(zip(outputs, session.run(outputs, feed)))
    assert outputs[0].endswith("probabilities") or outputs[0].endswith("label")
    values = found["probabilities"]
    assert values.dtype == number and values.shape == probabilities.shape
    bound = steepness(model(name)) * (1e-6 if single else 1e-12)
    assert np.abs(values - probabilities).max() <= bound
    label = next(value for key, value in found.items() if key != "probabilities")
    assert len(json.loads(properties["classes"])) == probabilities.shape[1]
    if not single:
        assert (label == labels).all()


def test_onnx_unknown_cells(folder, model):
    """What the tool refuses has probabilities that are no numbers."""
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(exported(folder, "housing", model, ".onnx"))
    feed = {value.name: np.array([["Low"], ["Tower"], [""]], dtype=object)
            for value in session.get_inputs()}
    assert np.isnan(session.run(["probabilities"], feed)[0]).all()
    session = runtime.InferenceSession(exported(folder, "iris", model, ".onnx"))
    rows = np.array([[5.1, 3.5, 1.4, 0.2], [5.1, np.nan, 1.4, 0.2]])
    values = session.run(["probabilities"], {"features": rows})[0]
    assert np.isnan(values).any(axis=1).tolist() == [False, True]


def compiled(folder, name, model):
    source = exported(folder, name, model, ".c")
    library = source[:-2] + ".so"
    subprocess.run(["cc", "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                    source, "-o", library, "-lm"], check=True)
    stem = os.path.basename(source)[:-2]
    loaded = ctypes.CDLL(library)
    return getattr(loaded, f"{stem}_predict"), loaded, stem


@pytest.mark.skipif(sys.platform == "win32", reason="compiles with cc")
@pytest.mark.parametrize("name", MODELS)
def test_c(folder, model, name):
    predict, library, stem = compiled(folder, name, model)
    probabilities, _, columns = expected(folder, name, model)
    inputs = sources(model(name))
    numbers = [source["name"] for source in inputs if source["kind"] == "number"]
    texts = [source["name"] for source in inputs if source["kind"] == "text"]
    count = probabilities.shape[1]
    assert ctypes.c_int.in_dll(library, f"{stem}_class_count").value == count
    largest = 0.0
    for row in range(len(probabilities)):
        result = (ctypes.c_double * count)()
        values = (ctypes.c_double * max(1, len(numbers)))(*[columns[key][row] for key in numbers])
        arguments = [values, result]
        if texts:
            cells = [str(columns[key][row]).encode() for key in texts]
            arguments.insert(1, (ctypes.c_char_p * len(texts))(*cells))
        assert predict(*arguments) == 0
        largest = max(largest, np.abs(np.array(result) - probabilities[row]).max())
    assert largest <= 1e-15 * steepness(model(name))


def document(path):
    """The JSON object of a model file."""
    content = open(path, "rb").read()
    if content[8:9] == b"{":
        length = int.from_bytes(content[:8], "little")
        content = json.loads(content[8:8 + length])["__metadata__"]["surprisal"]
    return json.loads(content)


def steepness(path):
    """How many times an error of its input the map of a calibration has in its output, at least 1."""
    map = (document(path)["calibration"] or {}).get("map", {})
    slopes = [1.0, map.get("temperature", {}).get("slope", 1.0)]
    for function in map.get("isotonic", {}).get("functions", []):
        slopes += list(np.diff(function["values"]) / np.diff(function["thresholds"]))
    slopes += map.get("vector", {}).get("slopes", [])
    for kind in ("matrix", "dirichlet"):
        for row in map.get(kind, {}).get("scores", {}).get("weights", []):
            slopes.append(np.abs(row).sum())
    return max(slopes)


def sources(path):
    """The columns of a model file, in its order."""
    result = []
    for source in document(path)["encoding"]["sources"]:
        kind = "number" if source["kind"] == {"number": {}} else "text"
        result.append({"name": source["name"], "kind": kind})
    return result


def test_coefficients(folder, model):
    """Logits from the CSV and the safetensors file, the standardisation folded in."""
    probabilities, _, columns = expected(folder, "iris", model)
    with open(exported(folder, "iris", model, ".csv"), newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:2] == ["class", "(intercept)"]
    table = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]])
    features = np.column_stack([columns[name] for name in rows[0][2:]])
    logits = features @ table[:, 1:].T + table[:, 0]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.abs(shares - probabilities).max() < 1e-12
    content = open(exported(folder, "iris", model, ".safetensors"), "rb").read()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8:8 + length])
    assert header["weight"]["shape"] == [3, 4] and header["bias"]["shape"] == [3]
    first, last = header["weight"]["data_offsets"]
    weights = np.frombuffer(content[8 + length:][first:last]).reshape(3, 4)
    assert (weights == table[:, 1:]).all()
    assert json.loads(header["__metadata__"]["classes"]) == [row[0] for row in rows[1:]]


@pytest.mark.parametrize("name, ending", [
    ("ensemble", ".csv"), ("iris+vector", ".csv"), ("iris+vector", ".safetensors")])
def test_refused(folder, model, name, ending):
    path = str(folder / ("refused" + ending))
    result = subprocess.run([TOOL, "export", model(name), "-o", path], capture_output=True,
                            text=True)
    assert result.returncode == 65 and "error[export.lost]" in result.stderr
    assert not os.path.exists(path)
