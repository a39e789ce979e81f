"""Votes of annotators."""

import ctypes

import numpy as np

from . import _library


class Votes:
    """Votes of annotators on the rows of `X`, in the place of `y` in a fit.

    Parameters
    ----------
    items : array of V integers
        The row that each vote is on, from 0.
    annotators : array of V
        Who voted.
    labels : array of V
        The classes that were voted for.
    weights : array of V, optional
        A vote of weight w counts as w equal votes.
    classes : array, optional
        The classes in their order; by default those of the votes, sorted.
    pseudo_counts : float or pair of floats, optional
        Right votes that each annotator is taken to have cast before the data for each class, and
        those for each wrong class if they differ.

    Examples
    --------
    >>> from surprisal_ml import SoftmaxClassifier, Votes
    >>> X = [[0.1], [0.4], [0.7], [0.9], [1.3], [1.5]]
    >>> votes = Votes([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], list("ab" * 6),
    ...               list("nnnnnyynyyyy"), pseudo_counts=1)
    >>> model = SoftmaxClassifier(l2=0.1).fit(X, votes=votes)
    >>> model.predict([[0.2], [1.4]])
    array(['n', 'y'], dtype='<U1')
    >>> model.annotators_["annotator"]
    array(['a', 'b'], dtype=object)
    """

    def __init__(
        self, items, annotators, labels, *, weights=None, classes=None, pseudo_counts=None,
    ):
        self.items = np.asarray(items)
        self.annotators = np.asarray(annotators)
        self.labels = np.asarray(labels)
        self.weights = None if weights is None else np.asarray(weights, dtype=np.float64)
        self.classes = np.unique(self.labels) if classes is None else np.asarray(classes)
        self.pseudo_counts = pseudo_counts
        arrays = {"items": self.items, "annotators": self.annotators, "labels": self.labels}
        if self.weights is not None:
            arrays["weights"] = self.weights
        for name, values in arrays.items():
            if values.shape != (len(self.labels.ravel()),):
                raise ValueError(f"the {name} of votes are a 1d array with an entry for each vote, "
                                 f"not of shape {values.shape}")

    def on_rows(self, rows, keeper, classes=None):
        """The structure of the library for votes on `rows` rows; `classes` are those of a model."""
        items = self.items
        if items.dtype.kind not in "iu":
            raise ValueError("the items of votes are the positions of rows of X, whole numbers")
        if len(items) and not (0 <= items.min() and items.max() < rows):
            wrong = items[(items < 0) | (items >= rows)][0]
            raise ValueError(f"the items of votes are the positions of rows of X, from 0 to "
                             f"{rows - 1}: {wrong} is none")
        votes = structure(
            items, self.annotators, self.labels, self.weights,
            self.classes if classes is None else classes, keeper)
        votes.item_count = rows
        return votes

    def prior(self):
        """The two pseudo-counts; None if there are none."""
        if self.pseudo_counts is None:
            return None
        return np.broadcast_to(np.asarray(self.pseudo_counts, dtype=np.float64), 2).tolist()


def first_seen(values):
    """The different values in the order of their first appearance, and the place of each value."""
    names, first, places = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return names[order], np.argsort(order)[places.ravel()]


def places(values, classes):
    """The place of each value among the classes."""
    known = {value: place for place, value in enumerate(np.asarray(classes).tolist())}
    try:
        return np.array([known[value] for value in np.asarray(values).tolist()], dtype=np.int64)
    except KeyError as unknown:
        raise ValueError(f"{unknown} is none of the classes {list(known)[:20]}") from None


def structure(items, annotators, labels, weights, classes, keeper):
    """The structure of the library, without names of items."""
    names, annotators = first_seen(annotators)
    votes = _library.Votes(
        ctypes.sizeof(_library.Votes), keeper.matrix(items), keeper.matrix(annotators),
        keeper.matrix(places(labels, classes)),
        None if weights is None else keeper.matrix(np.asarray(weights, dtype=np.float64)))
    for what, values in (("annotator", names), ("class", classes)):
        setattr(votes, what + "_names", keeper.keep(_library.texts(values.tolist())))
        setattr(votes, what + "_count", len(values))
    votes.restarts = -1
    return votes


def table(record):
    """The annotators of the record of a joint fit: a dict of arrays, and their matrices."""
    annotators = record["annotators"]
    columns = {"annotator": "name", "votes": "votes", "accuracy": "accuracy",
               "accuracy_std_error": "accuracy_std_error", "information": "information"}
    result = {
        name: np.array([_number(annotator[key]) for annotator in annotators],
                       dtype={"annotator": object, "votes": np.int64}.get(name, np.float64))
        for name, key in columns.items()}
    result["remarks"] = np.array(
        [", ".join(annotator["remarks"]) for annotator in annotators], dtype=object)
    count = len(record["class_shares"])
    matrices = np.array([
        [[np.nan] * count if row is None else row for row in annotator["confusion"]]
        for annotator in annotators])
    return result, matrices


def _number(value):
    return np.nan if value is None else value
