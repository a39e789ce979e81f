"""What the estimators share: parameters, labels, fitting and predicting."""

import inspect
import json
import os
import warnings

import numpy as np

from . import _library, _pages, _tables, _votes
from ._errors import ConvergenceWarning, NotFittedError, of_sklearn

KINDS = {"classes": 0, "probabilities": 1, "counts": 2, "candidates": 3, "evidence": 4}


def read_labels(y, kind):
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
    if kind not in KINDS:
        raise ValueError(f"labels is one of {', '.join(KINDS)}, not {kind!r}")
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


class Estimator:
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


class Classifier(Estimator):
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

    def fit(
        self, X, y=None, sample_weight=None, *, votes=None, offsets=None, clusters=None,
        progress=None,
    ):
        """Fits the model.

        Parameters
        ----------
        X : array, sparse matrix or frame of N rows
            Features. Text columns of a frame become 0/1 columns, one for each level but the first.
        y : array of N classes, or N x C
            Classes; or, with a column for each class, what the parameter `labels` says.
        sample_weight : array of N, optional
        votes : Votes, optional
            Votes of annotators on the rows, in the place of `y`: the classifier and a confusion
            matrix for each annotator are fitted together. Rows without votes are left out.
        offsets : array of N x C, optional
            Added to the logits; predictions need them too.
        clusters : array of N, optional
            Which rows belong together, for standard errors; a network holds them out together.
        progress : function, optional
            Called with a dict after each step; returning False stops the fit.

        Returns
        -------
        self
        """
        labels = read_labels(y, self.labels) if votes is None else ("evidence", None, None)
        if votes is not None and y is not None:
            raise ValueError("the votes are the labels: y and votes cannot be given together")
        table = _tables.read(X, self.missing)
        _tables.require_rows(table)
        keeper = _library.Keeper()
        data = _library.Data(size=_library.ctypes.sizeof(_library.Data))
        kind = labels[0]
        if votes is None:
            _same_rows(table, labels[1])
            classes = self._label(data, keeper, *labels)
        else:
            classes = votes.classes
            data.votes = keeper.pointer(votes.on_rows(table.rows, keeper))
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
        if votes is not None:
            specification["pseudo_counts"] = votes.prior()
        if clusters is not None:
            data.clusters = keeper.matrix(np.unique(clusters, return_inverse=True)[1])
            data.cluster_name = b"cluster"
            if specification["model"] == "softmax":
                specification["standard_errors"] = "cluster:cluster"
        self._model = _library.fit(
            json.dumps(specification), table, data, keeper, _library.threads(self.n_jobs),
            progress)
        self.classes_ = classes
        self._describe(table)
        self._warn()
        return self

    def _label(self, data, keeper, kind, y, names):
        """Gives the data their labels; returns the classes."""
        data.label_kind = KINDS[kind]
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
        return classes

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
        for name in ("annotators_", "confusion_"):
            self.__dict__.pop(name, None)
        if record.get("votes"):
            self.annotators_, self.confusion_ = _votes.table(record["votes"])

    def _warn(self):
        for warning in self.warnings_:
            warnings.warn(f"[{warning['code']}] {warning['message']}",
                          of_sklearn(ConvergenceWarning), stacklevel=3)

    def _read(self, X):
        self._require_fitted()
        table = _tables.read(X, self.missing)
        names = getattr(self, "feature_names_in_", None)
        if table.names is not None and names is not None:
            if table.names != names.tolist():
                unseen = sorted(set(table.names) - set(names))
                absent = sorted(set(names) - set(table.names))
                raise ValueError(
                    "The feature names should match those that were passed during fit.\n"
                    + (_list("Feature names unseen at fit time:", unseen)
                       + _list("Feature names seen at fit time, yet now missing:", absent)
                       or "Feature names must be in the same order as they were in fit.\n"))
        elif table.names is not None:
            if table.names != self._inputs["inputs"]:
                warnings.warn(f"X has feature names, but {type(self).__name__} was fitted without "
                              "feature names", UserWarning, stacklevel=4)
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
        if offsets is None and type(X) is np.ndarray and X.ndim == 2 and X.dtype == np.float64:
            # A few rows at a time are common; whatever is unusual is left to the way below.
            state = self.__dict__
            if "_model" in state and "feature_names_in_" not in state \
                    and X.shape[1] == self.n_features_in_ and len(X):
                result = self._model.predict_rows(
                    form, X, len(self.classes_), _library.threads(self.n_jobs))
                if result is not None:
                    return result
        table = self._read(X)
        return self._model.predict(
            form, table, len(self.classes_), offsets, _library.threads(self.n_jobs))

    def predict_proba(self, X, offsets=None, *, votes=None):
        """Class probabilities, N x C, in the order of `classes_`.

        `votes` are votes of annotators on these rows, for a model that was fitted to votes; the
        probabilities are then those given features and votes.
        """
        result = self._predict(0, X, offsets)
        if votes is None:
            return result
        keeper = _library.Keeper()
        cast = votes.on_rows(len(result), keeper, self.classes_)
        impossible = self._model.add_votes(cast, result)
        strangers = set(votes.annotators.astype(str)) - set(self.annotators_["annotator"])
        if strangers:
            warnings.warn(f"votes of annotators that the model does not know, such as "
                          f"{min(strangers)}, were left out", UserWarning, stacklevel=2)
        if impossible:
            rows = "1 row" if impossible == 1 else f"{impossible} rows"
            warnings.warn(f"the model gives the votes on {rows} the probability zero whatever "
                          "the class is: they were left out; a fit with pseudo_counts has no "
                          "such zeros", UserWarning, stacklevel=2)
        return result

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

    def predict(self, X, offsets=None, *, votes=None):
        """The most probable class of each row."""
        best = self.predict_proba(X, offsets, votes=votes).argmax(axis=1)
        return self.classes_[best]

    def score(self, X, y, sample_weight=None):
        """Accuracy for classes. For labels with a column for each class: minus cross entropy."""
        kind, y, _ = read_labels(y, self.labels)
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

    def _repr_html_(self):
        if not self.__sklearn_is_fitted__():
            return _pages.preformatted(repr(self))
        return _pages.Page(self._model.text(6))._repr_html_()

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
