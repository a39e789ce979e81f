"""The shared library: its functions and structures by ctypes, and numpy arrays as its matrices."""

import ctypes
import os
import sys
import threading
from json import loads
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p

import numpy as np

from ._errors import SurprisalError
from ._pages import Result

_TYPES = {"float64": 0, "float32": 1, "int64": 2, "int32": 3, "uint8": 4}
OK, STOPPED = 0, 2


class Matrix(ctypes.Structure):
    _fields_ = [
        ("values", c_void_p), ("type", c_int32), ("rows", c_int64), ("columns", c_int64),
        ("row_stride", c_int64), ("column_stride", c_int64),
    ]


class Sparse(ctypes.Structure):
    _fields_ = [
        ("values", c_void_p), ("type", c_int32), ("starts", c_void_p), ("indices", c_void_p),
        ("index_type", c_int32), ("rows", c_int64), ("columns", c_int64),
    ]


class Column(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p), ("values", c_void_p), ("type", c_int32), ("stride", c_int64),
        ("levels", POINTER(c_char_p)), ("level_count", c_int64),
    ]


class Features(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t), ("matrix", POINTER(Matrix)), ("sparse", POINTER(Sparse)),
        ("table", POINTER(Column)), ("rows", c_int64), ("columns", c_int64),
        ("names", POINTER(c_char_p)), ("missing", c_char_p),
    ]


class Votes(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t), ("items", POINTER(Matrix)), ("annotators", POINTER(Matrix)),
        ("labels", POINTER(Matrix)), ("weights", POINTER(Matrix)),
        ("item_names", POINTER(c_char_p)), ("item_count", c_int64),
        ("annotator_names", POINTER(c_char_p)), ("annotator_count", c_int64),
        ("class_names", POINTER(c_char_p)), ("class_count", c_int64), ("seed", c_uint64),
        ("restarts", c_int32),
    ]


class Data(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t), ("label_kind", c_int32), ("labels", POINTER(Matrix)),
        ("class_names", POINTER(c_char_p)), ("class_count", c_int64),
        ("weights", POINTER(Matrix)), ("weights_are_frequencies", c_int32),
        ("offsets", POINTER(Matrix)), ("clusters", POINTER(Matrix)), ("cluster_name", c_char_p),
        ("votes", POINTER(Votes)),
    ]


class Folds(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t), ("folds", c_int32), ("repeats", c_int32), ("nested", c_int32),
        ("one_standard_error", c_int32), ("strengths", c_void_p), ("strength_count", c_int64),
    ]


class Progress(ctypes.Structure):
    _fields_ = [
        ("step", c_int64), ("most_steps", c_int64), ("objective", c_double),
        ("gradient_norm", c_double), ("member", c_int64),
    ]


ProgressFunction = ctypes.CFUNCTYPE(c_int32, c_void_p, POINTER(Progress))


class Run(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t), ("threads", c_int32), ("memory_limit", c_int64),
        ("progress", ProgressFunction), ("context", c_void_p), ("stop", POINTER(c_int32)),
    ]


def _load():
    name = "libsurprisal.dylib" if sys.platform == "darwin" else "libsurprisal.so"
    path = os.environ.get("SURPRISAL_LIBRARY")
    path = path or os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    library = ctypes.CDLL(path)
    pointer = c_void_p
    signatures = {
        "version": (c_char_p, []),
        "error_code": (c_char_p, [pointer]),
        "error_message": (c_char_p, [pointer]),
        "error_suggestion": (c_char_p, [pointer]),
        "error_free": (None, [pointer]),
        "free": (None, [pointer]),
        "model_free": (None, [pointer]),
        "fit": (c_int32, [c_char_p] + [pointer] * 5),
        "predict": (
            c_int32, [pointer, c_int32, pointer, pointer, c_int32, pointer, c_int64, pointer]),
        "add_votes": (c_int32, [pointer] * 3 + [c_int64, c_int64, pointer, pointer]),
        "save": (c_int32, [pointer, c_char_p, pointer]),
        "load": (c_int32, [c_char_p, pointer, pointer]),
        "to_bytes": (c_int32, [pointer] * 4),
        "export": (c_int32, [pointer, c_char_p, c_char_p, c_int32] + [pointer] * 3),
        "from_bytes": (c_int32, [c_char_p, c_int64, pointer, pointer]),
        "text": (pointer, [pointer, c_int32, c_char_p]),
        "array": (c_int32, [pointer, c_int32, pointer, c_int64, pointer, pointer, pointer]),
        "evaluate": (c_int32, [pointer, pointer, c_int32, pointer, pointer]),
        "evaluation_text": (c_int32, [pointer, pointer, c_int32, pointer, pointer]),
        "compare": (c_int32, [pointer, pointer, c_int64, pointer, c_int32] + [pointer] * 3),
        "explain": (c_int32, [pointer] * 5),
        "check": (c_int32, [pointer, pointer, c_char_p, c_int32] + [pointer] * 3),
        "aggregate": (c_int32, [pointer, c_char_p, c_int32] + [pointer] * 3),
        "report": (c_int32, [pointer] * 3 + [c_char_p, c_int32, pointer, pointer]),
        "cross_validate": (c_int32, [c_char_p] + [pointer] * 7),
        "calibrate": (c_int32, [pointer, c_char_p, c_double] + [pointer] * 6),
    }
    for word, (result, arguments) in signatures.items():
        function = getattr(library, "surprisal_" + word)
        function.restype, function.argtypes = result, arguments
    return library


library = _load()
_FEATURES_SIZE = ctypes.sizeof(Features)
_forked = False


def _after_fork():
    global _forked
    _forked = True


# The threads of the library do not survive a fork: a child works with its only one.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def threads(n_jobs):
    """The number of threads for the library; 0 is one for each processor."""
    if _forked:
        return 1
    if n_jobs is None:
        return 1
    return 0 if n_jobs < 0 else max(1, int(n_jobs))


def call(name, *arguments):
    """Calls a function whose last argument is the address of an error."""
    error = c_void_p()
    status = getattr(library, "surprisal_" + name)(*arguments, byref(error))
    check(status, error)


def check(status, error):
    if status == OK:
        return
    try:
        texts = [
            (getattr(library, "surprisal_error_" + part)(error) or b"").decode()
            for part in ("code", "message", "suggestion")
        ]
    finally:
        library.surprisal_error_free(error)
    raise SurprisalError(*texts)


def take_text(address):
    """The text at an address, which is freed."""
    if not address:
        return None
    try:
        return ctypes.string_at(address).decode()
    finally:
        library.surprisal_free(address)


def texts(values):
    """A list of texts; the array of addresses keeps them alive."""
    return (c_char_p * len(values))(*[str(value).encode() for value in values])


def result(name, *arguments):
    """The JSON object and the text of a function that ends with both."""
    json, text = c_void_p(), c_void_p()
    call(name, *arguments, byref(json), byref(text))
    return Result(loads(take_text(json)), take_text(text))


def numbers(array):
    """The array, or a copy as doubles if the library has no such numbers or strides."""
    if array.dtype.name not in _TYPES or not array.dtype.isnative:
        array = array.astype(np.float64)
    if any(stride % array.itemsize for stride in array.strides):
        array = np.ascontiguousarray(array)
    return array


class Keeper:
    """Builds the structures of a call and keeps what they point to alive."""

    def __init__(self):
        self.kept = []

    def keep(self, value):
        self.kept.append(value)
        return value

    def pointer(self, value):
        return ctypes.pointer(self.keep(value))

    def matrix(self, array):
        array = np.asarray(array)
        if array.ndim == 1:
            array = array.reshape(-1, 1)
        array = self.keep(numbers(array))
        size = array.itemsize
        return self.pointer(Matrix(
            array.ctypes.data, _TYPES[array.dtype.name], *array.shape,
            *[stride // size for stride in array.strides]))

    def sparse(self, array):
        if not array.has_canonical_format:
            array = array.copy()
            array.sum_duplicates()
        values = array.data
        if values.dtype.name not in ("float64", "float32"):
            values = values.astype(np.float64)
        starts, indices = array.indptr, array.indices
        if starts.dtype != indices.dtype or starts.dtype.name not in ("int32", "int64"):
            starts, indices = starts.astype(np.int64), indices.astype(np.int64)
        starts, indices, values = map(np.ascontiguousarray, (starts, indices, values))
        self.keep((values, starts, indices))
        return self.pointer(Sparse(
            values.ctypes.data, _TYPES[values.dtype.name], starts.ctypes.data,
            indices.ctypes.data, _TYPES[indices.dtype.name], *array.shape))

    def features(self, table):
        """`table` is what `_tables.read` makes of the caller's features."""
        result = Features(size=ctypes.sizeof(Features))
        if table.columns is not None:
            columns = (Column * max(1, len(table.columns)))()
            for place, (name, values, levels) in enumerate(table.columns):
                self.keep(values)
                columns[place] = Column(
                    str(name).encode(), values.ctypes.data, _TYPES[values.dtype.name],
                    values.strides[0] // values.itemsize if len(values) else 1)
                if levels is not None:
                    columns[place].levels = self.keep(texts(levels))
                    columns[place].level_count = len(levels)
            result.table = self.keep(columns)
            result.rows, result.columns = table.rows, len(table.columns)
            result.missing = self.keep(table.missing.encode())
            return self.keep(result)
        if table.is_sparse:
            result.sparse = self.sparse(table.matrix)
        else:
            result.matrix = self.matrix(table.matrix)
        if table.names is not None:
            result.names = self.keep(texts(table.names))
        return self.keep(result)


class Model:
    """A fitted model of the library."""

    def __init__(self, handle):
        self._handle = c_void_p(handle)

    def __del__(self):
        handle, self._handle = getattr(self, "_handle", None), None
        if handle and library is not None:
            library.surprisal_model_free(handle)

    def __reduce__(self):
        return Model.from_bytes, (self.to_bytes(),)

    def __deepcopy__(self, memo):
        return self

    @classmethod
    def _of(cls, name, *arguments):
        handle = c_void_p()
        call(name, *arguments, byref(handle))
        return cls(handle.value)

    @classmethod
    def from_bytes(cls, data):
        return cls._of("from_bytes", data, len(data))

    @classmethod
    def load(cls, path):
        return cls._of("load", os.fsencode(path))

    def save(self, path):
        call("save", self._handle, os.fsencode(path))

    def to_bytes(self):
        return self._bytes("to_bytes")

    def export(self, kind, name, single):
        return self._bytes("export", kind.encode(), name.encode(), int(single))

    def _bytes(self, function, *arguments):
        address, count = c_void_p(), c_int64()
        call(function, self._handle, *arguments, byref(address), byref(count))
        try:
            return ctypes.string_at(address, count.value)
        finally:
            library.surprisal_free(address)

    def text(self, which, data_name=None):
        name = None if data_name is None else data_name.encode()
        return take_text(library.surprisal_text(self._handle, which, name))

    def array(self, which):
        rows, columns = c_int64(), c_int64()
        call("array", self._handle, which, None, 0, byref(rows), byref(columns))
        result = np.empty((rows.value, columns.value))
        if result.size:
            call("array", self._handle, which, result.ctypes.data, result.size, byref(rows),
                 byref(columns))
        return result

    def predict(self, form, table, class_count, offsets=None, n_threads=1):
        keeper = Keeper()
        result = np.empty((table.rows, class_count))
        features = keeper.features(table)
        offsets = None if offsets is None else keeper.matrix(offsets)
        call("predict", self._handle, form, byref(features), offsets, n_threads,
             result.ctypes.data, result.size)
        return result

    def add_votes(self, votes, probabilities):
        """Makes probabilities those given votes too; returns the number of impossible rows."""
        impossible = c_int64()
        call("add_votes", self._handle, byref(votes), probabilities.ctypes.data,
             *probabilities.shape, byref(impossible))
        return impossible.value

    def predict_rows(self, form, X, class_count, n_threads):
        """As `predict`, of a matrix of doubles in fewer steps; None if the library finds a fault."""
        (rows, columns), (row, column) = X.shape, X.strides
        if (row | column) & 7:
            return None
        matrix = Matrix(
            X.__array_interface__["data"][0], 0, rows, columns, row >> 3, column >> 3)
        features = Features(_FEATURES_SIZE, ctypes.pointer(matrix))
        result, error = np.empty((rows, class_count)), c_void_p()
        if library.surprisal_predict(
                self._handle, form, byref(features), None, n_threads,
                result.__array_interface__["data"][0], result.size, byref(error)) == OK:
            return result
        library.surprisal_error_free(error)
        return None


def fit(specification, table, data, keeper, n_threads, progress=None):
    """A fitted model; `keeper` keeps what `data` points to."""
    features, handle = keeper.features(table), c_void_p()
    run(lambda settings, error: library.surprisal_fit(
        specification.encode(), byref(features), byref(data), settings, byref(handle), error),
        keeper, n_threads, progress)
    return Model(handle.value)


def cross_validate(specification, table, data, folds, keeper, n_threads, progress=None):
    """The JSON object of a cross-validation, and its text."""
    features, json, text = keeper.features(table), c_void_p(), c_void_p()
    run(lambda settings, error: library.surprisal_cross_validate(
        specification.encode(), byref(features), byref(data), byref(folds), settings, byref(json),
        byref(text), error), keeper, n_threads, progress)
    return take_text(json), take_text(text)


def run(function, keeper, n_threads, progress):
    """Runs in a thread of its own if this is the main one, so that Ctrl-C stops it at once.

    `function` takes the addresses of the settings and of an error, and returns a status.
    """
    stop = c_int32(0)
    settings = Run(size=ctypes.sizeof(Run), threads=n_threads, stop=ctypes.pointer(stop))
    failures = []
    if progress is not None:
        def show(_, at):
            at = at.contents
            try:
                return 1 if progress(
                    {"step": at.step, "most_steps": at.most_steps, "objective": at.objective,
                     "gradient_norm": at.gradient_norm}) is False else 0
            except BaseException as failure:  # handed on to the caller below
                failures.append(failure)
                return 1
        settings.progress = ProgressFunction(show)
    error, status = c_void_p(), []

    def work(kept=keeper):  # lives as long as the thread, also if nobody waits for it
        status.append(function(byref(settings), byref(error)))

    if threading.current_thread() is threading.main_thread():
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        try:
            while worker.is_alive():
                worker.join(0.02)
        except BaseException:
            stop.value = 1
            raise
    else:
        work()
    if failures:
        library.surprisal_error_free(error)
        raise failures[0]
    check(status[0], error)
