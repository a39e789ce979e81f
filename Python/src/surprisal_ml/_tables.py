"""Features of every kind that users have, as the library takes them."""

import numpy as np

from . import _library


class Table:
    """Features: a matrix, dense or sparse, or columns of numbers and texts."""

    def __init__(self, matrix=None, names=None, columns=None, rows=0, missing="error"):
        self.matrix, self.names, self.columns, self.missing = matrix, names, columns, missing
        self.is_sparse = matrix is not None and hasattr(matrix, "tocsr")
        self.rows = rows if matrix is None else matrix.shape[0]

    @property
    def width(self):
        return self.matrix.shape[1] if self.columns is None else len(self.columns)


def _column(values):
    """Numbers or codes of a column, and its levels if it holds texts."""
    values = np.asarray(values)
    if values.dtype.kind in "biuf":
        return _library.numbers(values), None
    missing = np.array([value is None or value != value for value in values], dtype=bool)
    present = values[~missing]
    try:
        if not any(isinstance(value, str) for value in present):
            numbers = np.full(len(values), np.nan)
            numbers[~missing] = present.astype(np.float64)
            return numbers, None
    except (TypeError, ValueError):
        pass
    levels, places = np.unique([str(value) for value in present], return_inverse=True)
    codes = np.full(len(values), -1, dtype=np.int32)
    codes[~missing] = places.ravel()
    return codes, list(levels)


def _named_columns(X):
    """Names and columns of a frame of pandas or polars, or a table of pyarrow; None otherwise."""
    names = getattr(X, "column_names", None)
    if names is not None and hasattr(X, "column"):
        # A chunked array always copies if it must; an array has to be told that it may.
        return [(name, np.asarray(X.column(name))) for name in names]
    names = getattr(X, "columns", None)
    if names is None or not hasattr(X, "__getitem__"):
        return None
    if hasattr(X, "iloc"):
        return [(name, X.iloc[:, place].to_numpy()) for place, name in enumerate(names)]
    return [(name, X[name].to_numpy()) for name in names]


def _homogeneous(X):
    """The names and the matrix of a frame of pandas with one type of number, without a copy."""
    types = set(X.dtypes) if hasattr(X, "iloc") and hasattr(X, "dtypes") else ()
    if len(types) == 1 and (kind := types.pop()).__class__.__module__.startswith("numpy") \
            and kind.kind in "biuf" and all(isinstance(name, str) for name in X.columns):
        return list(X.columns), X.to_numpy()
    return None


def read(X, missing="error"):
    """The table of features `X`; raises ValueError or TypeError for what is none."""
    if isinstance(X, Table):
        return X
    if hasattr(X, "tocsr"):
        if X.dtype.kind == "c":
            raise ValueError("Complex data not supported")
        return Table(matrix=X.tocsr())
    if missing == "error" and (frame := _homogeneous(X)):
        return Table(matrix=frame[1], names=frame[0])
    named = _named_columns(X)
    if named is not None:
        all_texts = all(isinstance(name, str) for name, _ in named)
        names = [str(name) for name, _ in named] if all_texts else None
        if names is None and missing == "error" and named:
            return Table(matrix=np.column_stack([values for _, values in named]))
        names = names or [f"f{place + 1}" for place in range(len(named))]
        columns = [(name, *_column(values)) for name, (_, values) in zip(names, named)]
        table = Table(names=names, columns=columns, rows=len(named[0][1]), missing=missing)
        return table
    X = np.asarray(X)
    if X.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    if X.dtype.kind in "OUS":
        X = X.astype(np.float64)
    if X.ndim != 2:
        raise ValueError(
            f"Expected 2D array, got {'scalar' if X.ndim == 0 else str(X.ndim) + 'D'} array "
            "instead. Reshape your data: X.reshape(-1, 1) for one feature, X.reshape(1, -1) for "
            "one row")
    if missing != "error":
        columns = [(f"f{place + 1}", np.ascontiguousarray(X[:, place], dtype=np.float64), None)
                   for place in range(X.shape[1])]
        return Table(columns=columns, rows=len(X), missing=missing)
    return Table(matrix=X)


def require_rows(table):
    if table.rows == 0:
        raise ValueError(f"Found array with 0 sample(s) (shape={(0, table.width)}) while a minimum "
                         "of 1 is required.")
    if table.width == 0:
        raise ValueError(f"Found array with 0 feature(s) (shape={(table.rows, 0)}) while a minimum "
                         "of 1 is required.")
    matrix = table.matrix
    if matrix is None:
        return
    values = matrix.data if table.is_sparse else matrix
    if values.dtype.kind == "f" and not np.isfinite(values.sum()) \
            and not np.isfinite(values).all():
        raise ValueError("Input X contains NaN or infinity: a NaN is a missing value, for which "
                         "missing='mean' or missing='indicator' takes a substitute")
