"""Exported models predict what the tool predicts: in onnxruntime, and compiled from C."""

import csv
import ctypes
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

TOOL = os.environ.get("SURPRISAL_TOOL")
# Further folders of data, such as one with the data sets that are too large for the package.
DATA = [os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "Data")]
DATA += filter(None, os.environ.get("SURPRISAL_MORE_DATA", "").split(os.pathsep))

pytestmark = pytest.mark.skipif(TOOL is None, reason="SURPRISAL_TOOL names no tool")


def run(*arguments):
    result = subprocess.run([TOOL, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, (arguments, result.stderr)
    return result.stdout


def find(name):
    """The path of a file of data; None if no folder has it."""
    return next((path for path in (os.path.join(folder, name) for folder in DATA)
                 if os.path.exists(path)), None)


def read(path):
    """The columns of a CSV file: arrays of doubles if all cells are numbers or empty."""
    if path.endswith(".libsvm"):
        with open(path) as file:
            rows = [[cell.split(":") for cell in line.split()[1:]] for line in file]
        matrix = np.zeros((len(rows), max(int(row[-1][0]) for row in rows if row)))
        for place, row in enumerate(rows):
            for column, value in row:
                matrix[place, int(column) - 1] = float(value)
        return {f"f{column + 1}": matrix[:, column] for column in range(matrix.shape[1])}
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
# Every set of data, as a softmax regression and as a network.
SETS = {
    "alligators": ["alligators.csv", "--counts", "n_*", "--l2", "1e-3"],
    "pneumo": ["pneumo.csv", "--counts", "n_*", "--l2", "1e-3"],
    "synth-dense": ["synth_dense.csv", "--probs", "p_*", "--l2", "1e-3"],
    "synth-sparse": ["synth_sparse.libsvm", "--labels", "synth_sparse.labels.csv", "--probs",
                     "p_*", "--l2", "1e-3"],
    "heart": ["heart_scale.libsvm", "--target", "label", "--l2", "1e-3"],
    "sjaffe": ["SJAFFE.csv", "--probs", "p_*", "--l2", "1e-3"],
    "yeast": ["Yeast_cold.csv", "--probs", "p_*", "--l2", "1e-3"],
    "emotion6": ["emotion6.csv", "--probs", "p_*", "--normalize-labels", "--l2", "1e-3"],
    "movie": ["Movie.libsvm", "--labels", "Movie.labels.csv", "--probs", "p_*", "--l2", "1e-3"],
}
SMALL = ["--model", "mlp", "--hidden", "8", "--epochs", "3", "--seed", "2"]
for name, options in {"housing": HOUSING, "music": MUSIC, **SETS}.items():
    FITS.setdefault(name, options)
    FITS["network-" + name] = options + SMALL
FITS = {name: options for name, options in FITS.items()
        if options[0] == "gaps.csv" or find(options[0])}
METHODS = ("temperature", "vector", "matrix", "dirichlet", "isotonic")
CALIBRATIONS = [(base, method) for base in ("iris", "music", "ensemble", "gaps")
                for method in METHODS]
CALIBRATIONS += [(base, method) for base in ("relu", "network-digits", *SETS) if base in FITS
                 for method in ("temperature", "isotonic")]
MODELS = list(FITS) + [f"{base}+{method}" for base, method in CALIBRATIONS]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    generator = np.random.default_rng(5)
    for name in {word for options in FITS.values() for word in options if "." in word}:
        if path := find(name):
            shutil.copyfile(path, folder / name)
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


def located(folder, options):
    """Options with the paths of files."""
    return [str(folder / word) if word.endswith(".labels.csv") else word for word in options]


def labels(folder, options):
    """The options about labels."""
    options = located(folder, options)
    places = [place for place, word in enumerate(options)
              if word in ("--labels", "--probs", "--counts", "--target")]
    chosen = [word for place in places for word in options[place:place + 2]]
    return chosen + [word for word in options if word == "--normalize-labels"]


@pytest.fixture(scope="session")
def differences():
    """The largest differences of the session by kind of model, printed at its end."""
    largest = {}
    yield largest
    for kind, values in sorted(largest.items()):
        print(f"\n  {kind}: {max(value for value, _ in values):.2g}, and "
              f"{max(value / slope for value, slope in values):.2g} by the slope of the "
              f"calibration, over {len(values)} models", end="")


@pytest.fixture(scope="session")
def model(folder):
    made = {}

    def make(name):
        if name not in made:
            path = str(folder / (name.replace("+", "-") + ".json"))
            base, _, method = name.partition("+")
            if method:
                data, *options = FITS[base]
                run("calibrate", make(base), str(folder / data), *labels(folder, options),
                    "--method", method,
                    *([] if method in ("isotonic", "temperature") else ["--l2", "1e-2"]),
                    "-o", path, "--quiet")
            else:
                data, *options = FITS[name]
                run("fit", str(folder / data), *located(folder, options), "-o", path, "--quiet",
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
    kind = "coefficients_" if ending == ".csv" else ""
    path = str(folder / (kind + name.replace("+", "_").replace("-", "_") + ending))
    run("export", model(name), "-o", path, *options)
    return path


@pytest.mark.parametrize("single", [False, True], ids=["double", "single"])
@pytest.mark.parametrize("name", MODELS)
def test_onnx(folder, model, differences, name, single):
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
    slope = steepness(model(name))
    difference = np.abs(values - probabilities).max()
    kind = f"onnx {'single' if single else 'double'}, {name.partition('+')[2] or 'uncalibrated'}"
    differences.setdefault(kind, []).append((difference, slope))
    # A steep step of an isotonic function enlarges what rounding leaves of the features.
    assert difference <= (slope if "isotonic" in name else 1) * (1e-6 if single else 1e-12)
    label = next(value for key, value in found.items() if key != "probabilities")
    assert len(json.loads(properties["classes"])) == probabilities.shape[1]
    if not single:
        # Classes of equal probability may be told apart by rounding.
        ordered = np.sort(probabilities, axis=1)
        apart = ordered[:, -1] - ordered[:, -2] > 2e-12 * slope
        assert apart.any() and (label == labels)[apart].all()


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
def test_c(folder, model, differences, name):
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
    differences.setdefault(f"C, {name.partition('+')[2] or 'uncalibrated'}", []).append(
        (largest, steepness(model(name))))
    assert largest <= 1e-15 * steepness(model(name))


def cells(columns, inputs, kind, row):
    return [columns[source["name"]][row] for source in inputs if source["kind"] == kind]


@pytest.mark.skipif(shutil.which("swiftc") is None, reason="there is no swiftc")
def test_swift(folder, model, differences):
    """Models of every kind in one program, which gets the bits of numbers and prints those of results."""
    names = [name for name in MODELS if name in (
        "housing-interaction", "iris", "music", "gaps", "gaps-mean", "relu", "gelu", "tanh",
        "network-texts", "network-digits", "ensemble", "gaps+isotonic", "iris+matrix",
        "music+dirichlet", "ensemble+vector", "relu+temperature")]
    files, calls, lines, wanted = [], [], [], {}
    for name in names:
        files.append(exported(folder, name, model, ".swift"))
        stem = os.path.basename(files[-1])[:-len(".swift")]
        inputs = sources(model(name))
        texts = "" if all(source["kind"] == "number" for source in inputs) else ", $1"
        closure = f"{stem[0].upper() + stem[1:]}.probabilities($0{texts})"
        calls.append(f'  "{name}": {{ {closure if texts else "_ = $1; return " + closure} }},')
        wanted[name], _, columns = expected(folder, name, model)
        for row in range(len(wanted[name])):
            numbers = np.array(cells(columns, inputs, "number", row), dtype=float).view(np.uint64)
            lines.append("\t".join([name, " ".join(map(str, numbers)),
                                    *map(str, cells(columns, inputs, "text", row))]))
    (folder / "main.swift").write_text("\n".join([
        "let models: [String: ([Double], [String?]) -> [Double]?] = [", *calls, "]", """
        while let line = readLine() {
          let parts = line.split(separator: "\\t", omittingEmptySubsequences: false).map(String.init)
          let numbers = parts[1].split(separator: " ").map { Double(bitPattern: UInt64($0)!) }
          let result = models[parts[0]]!(numbers, Array(parts[2...]))!
          print(parts[0], result.map { "\\($0.bitPattern)" }.joined(separator: " "))
        }
        """]))
    program = str(folder / "swift-program")
    subprocess.run(["swiftc", "-O", "-swift-version", "6", "-warnings-as-errors", *files,
                    str(folder / "main.swift"), "-o", program], check=True)
    result = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True,
                            check=True)
    found = {name: [] for name in names}
    for line in result.stdout.splitlines():
        name, *bits = line.split(" ")
        found[name].append(np.array(bits, dtype=np.uint64).view(np.float64))
    for name in names:
        difference = np.abs(np.array(found[name]) - wanted[name]).max()
        slope = steepness(model(name))
        differences.setdefault(f"Swift, {name.partition('+')[2] or 'uncalibrated'}", []).append(
            (difference, slope))
        assert difference <= 1e-15 * slope, name


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
