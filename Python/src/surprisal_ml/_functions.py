"""Functions of predictions and models."""

import copy
import ctypes
import json

import numpy as np

from . import _library, _tables
from ._estimators import _KINDS, _labels


def _data(y, classes, labels, sample_weight, keeper, clusters=None):
    kind, y, names = _labels(y, labels)
    data = _library.Data(size=ctypes.sizeof(_library.Data))
    data.label_kind = _KINDS[kind]
    if classes is None:
        classes = np.unique(y) if kind == "classes" else np.array(names or range(y.shape[1]))
    if kind == "classes":
        classes = np.asarray(classes)
        places = {value: place for place, value in enumerate(classes.tolist())}
        try:
            y = np.array([places[value] for value in y.tolist()], dtype=np.int64)
        except KeyError as unknown:
            raise ValueError(f"{unknown} is none of the classes {list(places)[:20]}") from None
    data.labels = keeper.matrix(y)
    data.class_names = keeper.keep(_library.texts(np.asarray(classes).tolist()))
    data.class_count = len(classes)
    if sample_weight is not None:
        data.weights = keeper.matrix(np.asarray(sample_weight, dtype=np.float64))
    if clusters is not None:
        data.clusters = keeper.matrix(np.unique(clusters, return_inverse=True)[1])
    return data


def _evaluation(name, probabilities, y, classes, labels, sample_weight, n_jobs):
    keeper, text = _library.Keeper(), ctypes.c_void_p()
    data = _data(y, classes, labels, sample_weight, keeper)
    matrix = keeper.matrix(np.asarray(probabilities, dtype=np.float64))
    _library.call(name, matrix, ctypes.byref(data), _library.threads(n_jobs), ctypes.byref(text))
    return _library.take_text(text)


def evaluate(probabilities, y, *, classes=None, labels=None, sample_weight=None, n_jobs=None):
    """Compares probabilities, N x C, with labels: the dict of `surprisal evaluate --json`.

    `cross_entropy = label_entropy + kl_divergence`; the label entropy is the floor.
    """
    return json.loads(_evaluation(
        "evaluate", probabilities, y, classes, labels, sample_weight, n_jobs))


def evaluation_summary(
    probabilities, y, *, classes=None, labels=None, sample_weight=None, n_jobs=None
):
    """The text that `surprisal evaluate` prints."""
    return _evaluation(
        "evaluation_text", probabilities, y, classes, labels, sample_weight, n_jobs)


def compare(
    predictions, y, *, classes=None, labels=None, sample_weight=None, clusters=None, n_jobs=None
):
    """Compares several predictions of the same rows: the dict of `surprisal compare --json`.

    `predictions` has an N x C array for each name. Differences are from the one with the smallest
    cross entropy, with standard errors; `clusters` says which rows belong together.
    """
    keeper, text = _library.Keeper(), ctypes.c_void_p()
    data = _data(y, classes, labels, sample_weight, keeper, clusters)
    matrices = [keeper.matrix(np.asarray(values, dtype=np.float64)).contents
                for values in predictions.values()]
    _library.call(
        "compare", (_library.Matrix * max(1, len(matrices)))(*matrices),
        _library.texts(list(predictions)), len(matrices), ctypes.byref(data),
        _library.threads(n_jobs), ctypes.byref(text), None)
    return json.loads(_library.take_text(text))


def explain(probabilities, y, *, classes=None, labels=None, sample_weight=None):
    """What the cross entropy is a likelihood of: the dict of `surprisal explain --json`."""
    keeper, text = _library.Keeper(), ctypes.c_void_p()
    data = _data(y, classes, labels, sample_weight, keeper)
    matrix = keeper.matrix(np.asarray(probabilities, dtype=np.float64))
    _library.call("explain", matrix, ctypes.byref(data), ctypes.byref(text), None)
    return json.loads(_library.take_text(text))


def report(estimator, X, y, *, title=None, sample_weight=None, clusters=None, offsets=None):
    """The HTML page of `surprisal report` on rows, with its pictures: a text."""
    keeper, text = _library.Keeper(), ctypes.c_void_p()
    matrix = keeper.matrix(estimator.predict_proba(X, offsets))
    data = _data(
        y, estimator.classes_, estimator.labels, sample_weight, keeper, clusters)
    _library.call(
        "report", estimator._model._handle, matrix, ctypes.byref(data),
        None if title is None else title.encode(), _library.threads(estimator.n_jobs),
        ctypes.byref(text))
    return _library.take_text(text)


def cross_validate(
    estimator, X, y, *, l2=None, folds=10, repeats=1, nested=False, choose="min", groups=None,
    sample_weight=None, offsets=None, progress=None,
):
    """Cross-validates a `SoftmaxClassifier` along strengths: the dict of `surprisal cv --json`.

    `l2` are the strengths, by default 15 from 1e-6 to 10; the estimator's own has no effect. Rows
    of a group are held out together. `choose` is "min" or "1se"; `nested` chooses within each fold
    too, so that the scores are honest.
    """
    if choose not in ("min", "1se"):
        raise ValueError(f"choose is 'min' or '1se', not {choose!r}")
    kind, keeper = _labels(y, estimator.labels)[0], _library.Keeper()
    table = _tables.read(X, estimator.missing)
    _tables.require_rows(table)
    data = _data(y, None, estimator.labels, sample_weight, keeper, groups)
    if offsets is not None:
        data.offsets = keeper.matrix(np.asarray(offsets, dtype=np.float64))
    settings = _library.Folds(
        size=ctypes.sizeof(_library.Folds), folds=int(folds), repeats=int(repeats),
        nested=int(bool(nested)), one_standard_error=int(choose == "1se"))
    if l2 is not None:
        strengths = keeper.keep(np.atleast_1d(np.asarray(l2, dtype=np.float64)).copy())
        settings.strengths, settings.strength_count = strengths.ctypes.data, strengths.size
    specification = {**estimator._specification(kind), "standard_errors": "auto"}
    return json.loads(_library.cross_validate(
        json.dumps(specification), table, data, settings, keeper,
        _library.threads(estimator.n_jobs), progress))


def calibrate(estimator, X, y, *, method="temperature", l2=None, sample_weight=None):
    """A copy of a fitted estimator whose probabilities are calibrated on rows it has not seen.

    `method` is temperature, vector, matrix, dirichlet or isotonic. `calibration_` of the result is
    the dict of `surprisal calibrate --json`.
    """
    estimator._require_fitted()
    keeper = _library.Keeper()
    table = _tables.read(X, estimator.missing)
    data = _data(y, estimator.classes_, estimator.labels, sample_weight, keeper)
    features = keeper.features(table)
    handle, text = ctypes.c_void_p(), ctypes.c_void_p()
    _library.call(
        "calibrate", estimator._model._handle, method.encode(), -1.0 if l2 is None else float(l2),
        ctypes.byref(features), ctypes.byref(data), None, ctypes.byref(handle), ctypes.byref(text))
    result = copy.copy(estimator)
    result._model = _library.Model(handle.value)
    result.calibration_ = json.loads(_library.take_text(text))
    result._record = json.loads(result._model.text(2))
    return result
