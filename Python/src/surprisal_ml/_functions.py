"""Functions of predictions and models."""

import copy
import ctypes
import json

import numpy as np

from . import _library, _tables, _votes
from ._base import KINDS, read_labels
from ._pages import Page, Result


def _data(y, classes, labels, sample_weight, keeper, clusters=None):
    kind, y, names = read_labels(y, labels)
    data = _library.Data(size=ctypes.sizeof(_library.Data))
    data.label_kind = KINDS[kind]
    if classes is None:
        classes = np.unique(y) if kind == "classes" else np.array(names or range(y.shape[1]))
    if kind == "classes":
        y = _votes.places(y, classes)
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
    keeper = _library.Keeper()
    data = _data(y, classes, labels, sample_weight, keeper, clusters)
    matrices = [keeper.matrix(np.asarray(values, dtype=np.float64)).contents
                for values in predictions.values()]
    return _library.result(
        "compare", (_library.Matrix * max(1, len(matrices)))(*matrices),
        _library.texts(list(predictions)), len(matrices), ctypes.byref(data),
        _library.threads(n_jobs))


def explain(probabilities, y, *, classes=None, labels=None, sample_weight=None):
    """What the cross entropy is a likelihood of: the dict of `surprisal explain --json`."""
    keeper = _library.Keeper()
    data = _data(y, classes, labels, sample_weight, keeper)
    matrix = keeper.matrix(np.asarray(probabilities, dtype=np.float64))
    return _library.result("explain", matrix, ctypes.byref(data))


def check(
    X, y, *, labels=None, likelihood=None, sample_weight=None, missing="error", n_jobs=None
):
    """What the data contain and whether they can be fitted: the dict of `surprisal check --json`.

    Columns, missing cells, classes, label entropy, dependent columns, and whether the likelihood has
    a maximum. Nothing is fitted. A fault of the labels is not raised but described by `["error"]`.
    """
    table, keeper = _tables.read(X, missing), _library.Keeper()
    data, features = _data(y, None, labels, sample_weight, keeper), keeper.features(table)
    return _library.result(
        "check", ctypes.byref(features), ctypes.byref(data),
        None if likelihood is None else likelihood.encode(), _library.threads(n_jobs))


def aggregate(
    items, annotators, labels, *, method="dawid-skene", weights=None, classes=None, restarts=None,
    random_state=0, n_jobs=None,
):
    """Makes labels of the votes of annotators: the dict of `surprisal aggregate --json`.

    A vote is an entry of each of the three arrays. `method` is dawid-skene, one-coin, pooled,
    hierarchical, glad, majority, shares or counts. Items and annotators are in the order of their first appearance.
    Beside the dict the result has the arrays `items_` and `classes_` of names, `labels_`, items x
    classes, and for a model `evidence_`, to which `SoftmaxClassifier(labels="evidence")` should be
    fitted: the posteriors in `labels_` include the prior of the classes already.
    """
    keeper = _library.Keeper()
    item_names, items = _votes.first_seen(items)
    classes = np.unique(labels) if classes is None else np.asarray(classes)
    votes = _votes.structure(items, annotators, labels, weights, classes, keeper)
    votes.item_names = keeper.keep(_library.texts(item_names.tolist()))
    votes.item_count = len(item_names)
    votes.seed, votes.restarts = int(random_state), -1 if restarts is None else int(restarts)
    result = _library.result(
        "aggregate", ctypes.byref(votes), method.encode(), _library.threads(n_jobs))
    result.items_, result.classes_ = item_names, classes
    result.labels_ = np.array([item["labels"] for item in result["items"]])
    if "evidence" in result["items"][0]:
        result.evidence_ = np.array([item["evidence"] for item in result["items"]])
    return result


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
    return Page(_library.take_text(text))


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
    kind, keeper = read_labels(y, estimator.labels)[0], _library.Keeper()
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
    found, text = _library.cross_validate(
        json.dumps(specification), table, data, settings, keeper,
        _library.threads(estimator.n_jobs), progress)
    return Result(json.loads(found), text)


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
