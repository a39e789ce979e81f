"""Estimators with the habits of scikit-learn, which need not be installed."""

import inspect
import json
import os
import warnings

import numpy as np

from . import _library, _tables
from ._errors import ConvergenceWarning, NotFittedError, of_sklearn

_KINDS = {"classes": 0, "probabilities": 1, "counts": 2, "candidates": 3}


def _labels(y, kind):
    """The kind of labels, their array and the classes, if `y` tells them."""
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None")
    names = None
    if hasattr(y, "columns") and hasattr(y, "to_numpy"):
        names = [str(name) for name in y.columns] if len(y.columns) > 1 else None
    y = np.asarray(y)
    if y.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    if kind is None:
        is_matrix = y.ndim == 2 and y.shape[1] > 1
        kind = "probabilities" if is_matrix else "classes"
    if kind not in _KINDS:
        raise ValueError(f"labels is one of {', '.join(_KINDS)}, not {kind!r}")
    if kind != "classes":
        if y.ndim != 2:
            raise ValueError(f"{kind} are an array with a column for each class")
        return kind, np.asarray(y, dtype=np.float64), names
    if y.ndim == 2 and y.shape[1] == 1:
        warnings.warn(
            "A column-vector y was passed when a 1d array was expected.",
            of_sklearn(type("DataConversionWarning", (UserWarning,), {})), stacklevel=4)
        y = y.ravel()
    if y.ndim != 1:
        raise ValueError(f"y should be a 1d array of classes, got an array of shape {y.shape}")
    if y.dtype.kind == "f":
        if not np.isfinite(y).all():
            raise ValueError("Input y contains NaN or infinity.")
        if (y != np.floor(y)).any():
            raise ValueError("Unknown label type: continuous. Classes are not fractions; "
                             "probabilities are an array with a column for each class")
    if y.dtype.kind == "O" and not all(isinstance(value, str) for value in y):
        if any(value is None or value != value for value in y):
            raise ValueError("Input y contains NaN.")
    return kind, y, names


def _same_rows(table, y, what="y"):
    if table.rows != len(y):
        raise ValueError(f"Found input variables with inconsistent numbers of samples: X has "
                         f"{table.rows} rows, {what} has {len(y)}")


class _Estimator:
    """Parameters by name, as `sklearn.base.BaseEstimator` has them."""

    @classmethod
    def _parameter_names(cls):
        names = inspect.signature(cls.__init__).parameters
        return sorted(name for name in names if name != "self")

    def get_params(self, deep=True):
        """The parameters and their values; those of an estimator among them as `name__part`."""
        result = {}
        for name in self._parameter_names():
            value = getattr(self, name)
            if deep and hasattr(value, "get_params") and not isinstance(value, type):
                result.update(
                    (f"{name}__{part}", item) for part, item in value.get_params().items())
            result[name] = value
        return result

    def set_params(self, **parameters):
        """Sets parameters by name; returns the estimator."""
        for name, value in parameters.items():
            first, _, rest = name.partition("__")
            if first not in self._parameter_names():
                raise ValueError(f"Invalid parameter {first!r} for estimator {self}. "
                                 f"Valid parameters are: {self._parameter_names()!r}.")
            if rest:
                getattr(self, first).set_params(**{rest: value})
            else:
                setattr(self, first, value)
        return self

    def __repr__(self):
        defaults = inspect.signature(type(self).__init__).parameters
        given = [
            f"{name}={getattr(self, name)!r}" for name in self._parameter_names()
            if repr(getattr(self, name)) != repr(defaults[name].default)
        ]
        return f"{type(self).__name__}({', '.join(given)})"

    def __sklearn_clone__(self):
        import copy
        return type(self)(**copy.deepcopy(self.get_params(deep=False)))

    def __sklearn_is_fitted__(self):
        return hasattr(self, "_model")

    def _require_fitted(self):
        if not self.__sklearn_is_fitted__():
            raise of_sklearn(NotFittedError)(
                f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with "
                "appropriate arguments before using this estimator.")


class _Classifier(_Estimator):
    _estimator_type = "classifier"

    def __sklearn_tags__(self):
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags
        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(sparse=True),
        )

    def _specification(self, kind):
        raise NotImplementedError

    def fit(self, X, y=None, sample_weight=None, *, offsets=None, clusters=None, progress=None):
        """Fits the model.

        Parameters
        ----------
        X : array, sparse matrix or frame of N rows
            Features. Text columns of a frame become 0/1 columns, one for each level but the first.
        y : array of N classes, or N x C
            Classes; or, with a column for each class, what the parameter `labels` says.
        sample_weight : array of N, optional
        offsets : array of N x C, optional
            Added to the logits; predictions need them too.
        clusters : array of N, optional
            Which rows belong together, for standard errors.
        progress : function, optional
            Called with a dict after each step; returning False stops the fit.

        Returns
        -------
        self
        """
        kind, y, names = _labels(y, self.labels)
        table = _tables.read(X, self.missing)
        _tables.require_rows(table)
        _same_rows(table, y)
        keeper = _library.Keeper()
        data = _library.Data(size=_library.ctypes.sizeof(_library.Data))
        data.label_kind = _KINDS[kind]
        if kind == "classes":
            classes, y = np.unique(y, return_inverse=True)
            if len(classes) < 2:
                raise ValueError(f"{type(self).__name__} can't train when only one class is "
                                 f"present: every label is {classes[0]!r}")
            y = y.astype(np.int64)
        else:
            classes = np.array(names) if names else np.arange(y.shape[1])
        data.labels = keeper.matrix(y)
        data.class_names = keeper.keep(_library.texts(classes.tolist()))
        data.class_count = len(classes)
        if sample_weight is not None:
            weights = np.asarray(sample_weight, dtype=np.float64)
            if weights.ndim == 0:
                weights = np.full(table.rows, float(weights))
            if weights.ndim != 1:
                raise ValueError("Sample weights must be 1D array or scalar")
            _same_rows(table, weights, "sample_weight")
            data.weights = keeper.matrix(weights)
        if offsets is not None:
            data.offsets = keeper.matrix(np.asarray(offsets, dtype=np.float64))
        specification = self._specification(kind)
        if clusters is not None:
            data.clusters = keeper.matrix(np.unique(clusters, return_inverse=True)[1])
            data.cluster_name = b"cluster"
            specification["standard_errors"] = "cluster:cluster"
        self._model = _library.fit(
            json.dumps(specification), table, data, keeper, _library.threads(self.n_jobs),
            progress)
        self.classes_ = classes
        self._describe(table)
        self._warn()
        return self

    def _describe(self, table):
        """Sets the attributes that follow from the model."""
        self._inputs = json.loads(self._model.text(5))
        self._record = json.loads(self._model.text(2))
        self.n_features_in_ = len(self._inputs["inputs"])
        if table is not None and table.names is not None:
            self.feature_names_in_ = np.array(table.names, dtype=object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        record = self._record
        self.n_iter_ = record["iterations"]
        self.converged_ = record["converged"]
        self.cross_entropy_ = record["cross_entropy"]
        self.label_entropy_ = record["label_entropy"]
        self.kl_divergence_ = record["kl_divergence"]
        self.loglik_, self.aic_, self.bic_ = (
            record["log_likelihood"], record["aic"], record["bic"])
        self.warnings_ = record["warnings"]

    def _warn(self):
        for warning in self.warnings_:
            warnings.warn(f"[{warning['code']}] {warning['message']}",
                          of_sklearn(ConvergenceWarning), stacklevel=3)

    def _read(self, X):
        self._require_fitted()
        table = _tables.read(X, self.missing)
        names = getattr(self, "feature_names_in_", None)
        if table.names is not None and names is not None:
            if list(table.names) != list(names) and sorted(table.names) == sorted(names):
                raise ValueError("The feature names should match those that were passed during "
                                 "fit.\nFeature names must be in the same order as they were in "
                                 "fit.\n")
            unseen = sorted(set(table.names) - set(names))
            absent = sorted(set(names) - set(table.names))
            if unseen or absent:
                raise ValueError(
                    "The feature names should match those that were passed during fit.\n"
                    + _list("Feature names unseen at fit time:", unseen)
                    + _list("Feature names seen at fit time, yet now missing:", absent))
        elif table.names is not None:
            warnings.warn(f"X has feature names, but {type(self).__name__} was fitted without "
                          "feature names", UserWarning, stacklevel=3)
            table.names = None
        elif names is not None and table.columns is None:
            warnings.warn("X does not have valid feature names, but "
                          f"{type(self).__name__} was fitted with feature names", UserWarning,
                          stacklevel=3)
        if table.width != self.n_features_in_:
            raise ValueError(f"X has {table.width} features, but {type(self).__name__} is expecting "
                             f"{self.n_features_in_} features as input")
        _tables.require_rows(table)
        return table

    def _predict(self, form, X, offsets):
        table = self._read(X)
        return self._model.predict(
            form, table, len(self.classes_), offsets, _library.threads(self.n_jobs))

    def predict_proba(self, X, offsets=None):
        """Class probabilities, N x C, in the order of `classes_`."""
        return self._predict(0, X, offsets)

    def predict_log_proba(self, X, offsets=None):
        """Logarithms of the class probabilities: finite even if a probability underflows."""
        return self._predict(1, X, offsets)

    def logits(self, X, offsets=None):
        """Logits, N x C."""
        return self._predict(2, X, offsets)

    def decision_function(self, X):
        """Logits, N x C; of two classes their difference, N numbers."""
        logits = self.logits(X)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits

    def predict(self, X, offsets=None):
        """The most probable class of each row."""
        best = self.predict_proba(X, offsets).argmax(axis=1)
        return self.classes_[best]

    def score(self, X, y, sample_weight=None):
        """Accuracy for classes. For labels with a column for each class: minus cross entropy."""
        kind, y, _ = _labels(y, self.labels)
        if kind == "classes":
            return float(np.average(self.predict(X) == y, weights=sample_weight))
        return -self.evaluate(X, y, sample_weight)["cross_entropy"]

    def evaluate(self, X, y, sample_weight=None):
        """Scores with their floor, as `surprisal evaluate --json` has them: a dict."""
        from ._functions import evaluate
        return evaluate(self.predict_proba(X), y, classes=self.classes_, labels=self.labels,
                        sample_weight=sample_weight)

    def summary(self, all=False, data_name=None):
        """The text that `surprisal summary` prints."""
        self._require_fitted()
        return self._model.text(1 if all else 0, data_name)

    def to_dict(self):
        """The object that `surprisal summary --json` prints."""
        self._require_fitted()
        return json.loads(self._model.text(2))

    def save(self, path):
        """Writes the file that `surprisal predict` and `load` read."""
        self._require_fitted()
        self._model.save(path)

    def export(self, path, float32=False, format=None):
        """Writes the model for other programs, as `surprisal export` does.

        `format` is onnx, safetensors, csv, c or swift, by default the ending of `path`; `float32`
        is for ONNX alone. Raises `SurprisalError` for a model of which a part would be lost.
        """
        self._require_fitted()
        stem, ending = os.path.splitext(os.path.basename(os.fspath(path)))
        kind = format or ending.lstrip(".").lower()
        content = self._model.export(kind, stem, float32)
        with open(path, "wb") as file:
            file.write(content)

    @classmethod
    def load(cls, path):
        """The estimator of a model file, also of one that the command line wrote."""
        result = cls()
        result._model = _library.Model.load(path)
        result._describe(None)
        result.classes_ = np.array(result._inputs["classes"])
        return result


def _list(title, names):
    return "".join([title + "\n"] + [f"- {name}\n" for name in names[:5]]) if names else ""


class SoftmaxClassifier(_Classifier):
    """Softmax regression by maximum likelihood, of classes or soft labels.

    Parameters
    ----------
    l2 : float, default 0
        The penalty l2/2 times the sum of squared coefficients, on the mean cross entropy.
    labels : {"probabilities", "counts", "candidates"}, optional
        What a label array with a column for each class holds; probabilities by default.
    likelihood : str, optional
        `categorical`, `multinomial`, `candidate-set`, `dirichlet`, `continuous-categorical`,
        `dirichlet-multinomial` or `noisy-label`; by default that of the kind of labels.
    options : dict, optional
        Options of the likelihood, lists of numbers by name.
    prior : {"jeffreys"}, optional
        Firth's penalty in the place of `l2`.
    fit_intercept, standardize : bool
    solver : {"auto", "newton", "newton-cg", "lbfgs"}
    tol : float
    max_iter : int
    std_errors : {"auto", "information", "sandwich", "quasi", "none"}
    reference : str, optional
        The class that coefficients are compared with.
    class_weight : "balanced" or dict, optional
    label_smoothing, label_temperature : float, optional
    missing : {"error", "mean", "indicator"}
    random_state : int
    n_jobs : int, optional
        Threads; -1 for all processors. It changes no result.

    Examples
    --------
    >>> import numpy as np
    >>> from surprisal_ml import SoftmaxClassifier
    >>> X = np.array([[0.1], [0.4], [0.9], [1.3]])
    >>> P = np.array([[0.9, 0.1], [0.7, 0.3], [0.4, 0.6], [0.1, 0.9]])
    >>> SoftmaxClassifier().fit(X, P).predict_proba([[0.5]]).round(3)
    array([[0.672, 0.328]])
    """

    def __init__(
        self, l2=0.0, *, labels=None, likelihood=None, options=None, prior=None,
        fit_intercept=True, standardize=False, solver="auto", tol=1e-8, max_iter=1000,
        std_errors="auto", reference=None, class_weight=None, label_smoothing=None,
        label_temperature=None, missing="error", random_state=1, n_jobs=None,
    ):
        self.l2 = l2
        self.labels = labels
        self.likelihood = likelihood
        self.options = options
        self.prior = prior
        self.fit_intercept = fit_intercept
        self.standardize = standardize
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.std_errors = std_errors
        self.reference = reference
        self.class_weight = class_weight
        self.label_smoothing = label_smoothing
        self.label_temperature = label_temperature
        self.missing = missing
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _specification(self, kind):
        weights = self.class_weight
        if isinstance(weights, dict):
            weights = {str(name): float(value) for name, value in weights.items()}
        prior = {"name": self.prior} if self.prior else {"l2": float(self.l2)}
        return {
            "model": "softmax", "intercept": bool(self.fit_intercept),
            "prior": {**prior, "standardized": bool(self.standardize)},
            "likelihood": {"name": self.likelihood, "options": self.options or {}},
            "solver": self.solver, "tolerance": float(self.tol),
            "maximum_iterations": int(self.max_iter), "standard_errors": self.std_errors,
            "reference": None if self.reference is None else str(self.reference),
            "seed": _seed(self.random_state),
            "labels": {"class_weights": weights, "smoothing": self.label_smoothing,
                       "temperature": self.label_temperature},
        }

    def _describe(self, table):
        super()._describe(table)
        array = self._model.array(0)
        if len(array) == 2:
            array = array[1:] - array[:1]
        self.coef_ = np.ascontiguousarray(array[:, :-1])
        self.intercept_ = array[:, -1].copy()

    @property
    def covariance_(self):
        """The covariance of the coefficients of `tidy()` that have a standard error, in order."""
        self._require_fitted()
        return self._model.array(1)

    def tidy(self):
        """The coefficients against the reference class: a dict of arrays, one entry each.

        `pandas.DataFrame(model.tidy())` makes a frame of it.
        """
        self._require_fitted()
        rows = self._record["coefficients"]
        keys = ["class", "feature", "estimate", "std_error", "z", "p_value", "low", "high"]
        result = {key: [row[key] for row in rows] for key in keys}
        for key in keys[2:]:
            result[key] = np.array(
                [np.nan if value is None else value for value in result[key]], dtype=float)
        for key in keys[:2]:
            result[key] = np.array(result[key], dtype=object)
        return result


class MLPClassifier(_Classifier):
    """A feed-forward network, or an ensemble of them.

    Parameters are those of `surprisal fit --model mlp`; `hidden` are the units of each layer.
    """

    def __init__(
        self, hidden=(256,), *, activation="relu", l2=0.0, labels=None, likelihood=None,
        options=None, dropout=0.0, layer_norm=False, skip=False, ensemble=1, solver="auto",
        epochs=30, batch_size=128, learning_rate=None, schedule="cosine", validation=None,
        patience=None, weight_decay=0.0, class_weight=None, label_smoothing=None,
        missing="error", random_state=1, n_jobs=None,
    ):
        self.hidden = hidden
        self.activation = activation
        self.l2 = l2
        self.labels = labels
        self.likelihood = likelihood
        self.options = options
        self.dropout = dropout
        self.layer_norm = layer_norm
        self.skip = skip
        self.ensemble = ensemble
        self.solver = solver
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.validation = validation
        self.patience = patience
        self.weight_decay = weight_decay
        self.class_weight = class_weight
        self.label_smoothing = label_smoothing
        self.missing = missing
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _specification(self, kind):
        weights = self.class_weight
        if isinstance(weights, dict):
            weights = {str(name): float(value) for name, value in weights.items()}
        return {
            "model": "mlp", "prior": {"l2": float(self.l2)},
            "likelihood": {"name": self.likelihood, "options": self.options or {}},
            "solver": self.solver, "seed": _seed(self.random_state),
            "labels": {"class_weights": weights, "smoothing": self.label_smoothing},
            "network": {
                "hidden": [int(units) for units in np.atleast_1d(self.hidden)],
                "activation": self.activation, "dropout": float(self.dropout),
                "layer_norm": bool(self.layer_norm), "skip": bool(self.skip),
                "ensemble": int(self.ensemble), "epochs": int(self.epochs),
                "batch_size": int(self.batch_size), "learning_rate": self.learning_rate,
                "schedule": self.schedule, "validation": self.validation,
                "patience": self.patience, "weight_decay": float(self.weight_decay),
            },
        }


def _seed(random_state):
    """A whole number; that of a generator is drawn from it."""
    if random_state is None:
        return int(np.random.randint(2**31))
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    draw = getattr(random_state, "integers", None) or random_state.randint
    return int(draw(2**31))
