"""Functions of predictions and models."""

import copy
import ctypes
import json

import numpy as np

from . import _library, _tables
from ._estimators import _KINDS, _labels


def _data(y, classes, labels, sample_weight, keeper):
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
