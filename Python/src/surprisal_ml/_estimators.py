"""Estimators with the habits of scikit-learn, which need not be installed."""

import numpy as np

from ._base import Classifier


class SoftmaxClassifier(Classifier):
    """Softmax regression by maximum likelihood, of classes or soft labels.

    Parameters
    ----------
    l2 : float, default 0
        The penalty l2/2 times the sum of squared coefficients, on the mean cross entropy.
    labels : {"probabilities", "counts", "candidates", "evidence"}, optional
        What a label array with a column for each class holds; probabilities by default.
    likelihood : str, optional
        `categorical`, `multinomial`, `candidate-set`, `evidence`, `dirichlet`,
        `continuous-categorical`, `dirichlet-multinomial` or `noisy-label`; by default that of the
        kind of labels.
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
        prior = {"name": self.prior} if self.prior else {"l2": float(self.l2)}
        return {
            "model": "softmax", "intercept": bool(self.fit_intercept),
            "prior": {**prior, "standardized": bool(self.standardize)},
            "likelihood": {"name": self.likelihood, "options": self.options or {}},
            "solver": self.solver, "tolerance": float(self.tol),
            "maximum_iterations": int(self.max_iter), "standard_errors": self.std_errors,
            "reference": None if self.reference is None else str(self.reference),
            "seed": _seed(self.random_state),
            "labels": {"class_weights": _class_weights(self.class_weight),
                       "smoothing": self.label_smoothing,
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


class MLPClassifier(Classifier):
    """A feed-forward network, or an ensemble of them.

    The defaults are those of `surprisal fit --model mlp`: training stops by itself, on rows that it
    holds out to find the number of steps before it trains on all of them.

    Parameters
    ----------
    hidden : sequence of int or "auto", default (256,)
        The units of each hidden layer; "auto" chooses them on the rows that are held out.
    activation : {"relu", "gelu", "tanh"}
    l2 : float, optional
        The penalty l2/2 times the sum of squared weights. By default
        chosen from 1e-5 to 1e-2 on the rows held out, if training stops by itself, else 0.
    labels, likelihood, options
        As for `SoftmaxClassifier`.
    dropout : float, default 0
    layer_norm, skip : bool
        Normalised sums of hidden layers; features that enter the logits directly too.
    ensemble : int, default 1
        The number of networks whose predictions are averaged.
    input_scale : {"columns", "common"}, optional
    solver : {"auto", "adamw", "sgd", "lbfgs"}
    epochs, batch_size : int, optional
    learning_rate, warm_up, clip : float, optional
    schedule : {"constant", "cosine", "plateau"}, optional
        These follow from the number of rows unless `epochs` or `schedule` are given.
    validation : float, optional
        The proportion of rows that are held out; 0 for none.
    patience : int, optional
    weight_decay : float, default 0
    tol : float
    max_iter : int
        For `solver="lbfgs"`.
    class_weight, label_smoothing, label_temperature, missing, random_state, n_jobs
        As for `SoftmaxClassifier`.
    """

    def __init__(
        self, hidden=(256,), *, activation="relu", l2=None, labels=None, likelihood=None,
        options=None, dropout=0.0, layer_norm=False, skip=False, ensemble=1, input_scale=None,
        solver="auto", epochs=None, batch_size=None, learning_rate=None, schedule=None,
        warm_up=None, clip=None, validation=None, patience=None, weight_decay=0.0, tol=1e-8,
        max_iter=1000, class_weight=None, label_smoothing=None, label_temperature=None,
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
        self.input_scale = input_scale
        self.solver = solver
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.warm_up = warm_up
        self.clip = clip
        self.validation = validation
        self.patience = patience
        self.weight_decay = weight_decay
        self.tol = tol
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.label_smoothing = label_smoothing
        self.label_temperature = label_temperature
        self.missing = missing
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _specification(self, kind):
        hidden = self.hidden
        if not isinstance(hidden, str):
            hidden = [int(units) for units in np.atleast_1d(hidden)]
        return {
            "model": "mlp", "prior": None if self.l2 is None else {"l2": float(self.l2)},
            "likelihood": {"name": self.likelihood, "options": self.options or {}},
            "solver": self.solver, "tolerance": float(self.tol),
            "maximum_iterations": int(self.max_iter), "seed": _seed(self.random_state),
            "labels": {"class_weights": _class_weights(self.class_weight),
                       "smoothing": self.label_smoothing,
                       "temperature": self.label_temperature},
            "network": {
                "hidden": hidden, "activation": self.activation, "dropout": float(self.dropout),
                "layer_norm": bool(self.layer_norm), "skip": bool(self.skip),
                "ensemble": int(self.ensemble), "input_scale": self.input_scale,
                "epochs": self.epochs, "batch_size": self.batch_size,
                "learning_rate": self.learning_rate, "schedule": self.schedule,
                "warm_up": self.warm_up, "clip": self.clip, "validation": self.validation,
                "patience": self.patience, "weight_decay": float(self.weight_decay),
            },
        }


def _class_weights(given):
    if not isinstance(given, dict):
        return given
    return {str(name): float(value) for name, value in given.items()}


def _seed(random_state):
    """A whole number; that of a generator is drawn from it."""
    if random_state is None:
        return int(np.random.randint(2**31))
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    draw = getattr(random_state, "integers", None) or random_state.randint
    return int(draw(2**31))
