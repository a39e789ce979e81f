"""Errors and warnings. Those of scikit-learn are theirs too, if scikit-learn is loaded."""

import sys


class SurprisalError(ValueError):
    """What the library refuses: `code` is the word that `surprisal explain-error` explains."""

    def __init__(self, code, message, suggestion=""):
        self.code, self.message, self.suggestion = code, message, suggestion
        super().__init__(f"[{code}] {message}" + (f"\n  {suggestion}" if suggestion else ""))

    def __reduce__(self):
        return type(self), (self.code, self.message, self.suggestion)


class NotFittedError(ValueError, AttributeError):
    """A model is asked for what it has only after `fit`."""


class ConvergenceWarning(UserWarning):
    """The fit ended before its optimum, or there is none."""


def of_sklearn(own):
    """The class of scikit-learn with the name of this one, if scikit-learn is loaded."""
    exceptions = sys.modules.get("sklearn.exceptions")
    return getattr(exceptions, own.__name__, own) if exceptions else own
