"""Multi-class probabilistic classifiers by maximum likelihood, soft labels included."""

from . import _library
from ._errors import ConvergenceWarning, NotFittedError, SurprisalError
from ._estimators import MLPClassifier, SoftmaxClassifier
from ._functions import (
    aggregate, calibrate, check, compare, cross_validate, evaluate, evaluation_summary, explain,
    report,
)
from ._votes import Votes

__version__ = _library.library.surprisal_version().decode()

__all__ = [
    "ConvergenceWarning", "MLPClassifier", "NotFittedError", "SoftmaxClassifier",
    "SurprisalError", "Votes", "aggregate", "calibrate", "check", "compare", "cross_validate", "evaluate",
    "evaluation_summary", "explain", "report",
]
