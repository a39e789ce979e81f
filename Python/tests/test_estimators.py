"""Estimators against their optimality conditions, numpy, the habits of scikit-learn and the tool."""

import csv
import importlib.util
import inspect
import json
import os
import pickle
import signal
import subprocess
import threading
import time
from collections import Counter

import numpy as np
import pytest

import surprisal_ml
from surprisal_ml import (
    MLPClassifier, SoftmaxClassifier, SurprisalError, aggregate, calibrate, check, compare,
    cross_validate, evaluate, explain, report,
)

TOOL = os.environ.get("SURPRISAL_TOOL")

rng = np.random.default_rng(7)
X = rng.normal(size=(300, 4))
LOGITS = X @ rng.normal(size=(4, 3))
P = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
P = 0.8 * P + 0.2 * rng.dirichlet(np.ones(3), size=300)
Y = np.array(["ant", "bee", "cat"])[P.argmax(axis=1)]


def test_soft_labels_meet_the_optimality_conditions():
    model = SoftmaxClassifier().fit(X, P)
    residual = model.predict_proba(X) - P
    assert np.abs(residual.mean(axis=0)).max() < 1e-7
    assert np.abs(X.T @ residual / len(X)).max() < 1e-7
    entropy = -(P * np.log(P)).sum(axis=1).mean()
    assert model.label_entropy_ == pytest.approx(entropy, abs=1e-12)
    cross = -(P * np.log(model.predict_proba(X))).sum(axis=1).mean()
    assert model.cross_entropy_ == pytest.approx(cross, abs=1e-12)
    assert model.cross_entropy_ == pytest.approx(
        model.label_entropy_ + model.kl_divergence_, abs=1e-12)


def test_coefficients_give_the_logits():
    model = SoftmaxClassifier(l2=0.01).fit(X, P)
    assert np.abs(X @ model.coef_.T + model.intercept_ - model.decision_function(X)).max() < 1e-12
    two = SoftmaxClassifier(l2=0.01).fit(X, Y == "ant")
    assert two.coef_.shape == (1, 4)
    assert ((two.decision_function(X) > 0) == two.predict(X)).all()


@pytest.mark.parametrize("form", ["fortran", "float32", "reversed", "strided", "list"])
def test_kinds_of_arrays_agree(form):
    expected = SoftmaxClassifier(l2=0.01).fit(X, P).predict_proba(X)
    other, tolerance = X, 0
    if form == "fortran":
        other = np.asfortranarray(X)
    elif form == "float32":
        other, tolerance = X.astype(np.float32), 1e-5
    elif form == "reversed":
        other = X[::-1][::-1]
    elif form == "strided":
        other = np.repeat(X, 2, axis=1)[:, ::2]
    else:
        other = X.tolist()
    found = SoftmaxClassifier(l2=0.01).fit(other, P).predict_proba(other)
    assert np.abs(found - expected).max() <= tolerance


COLORS = np.array(["blue", "green", "red"])[rng.integers(3, size=300)]


def frames(values):
    """The same table as every kind of frame, by the name of its module."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(values)
    texts = {name: "category" for name, column in values.items() if column.dtype.kind == "U"}
    result = {"pandas": frame, "pandas, categories": frame.astype(texts)}
    if importlib.util.find_spec("polars"):
        import polars
        result["polars"] = polars.DataFrame(values)
    if importlib.util.find_spec("pyarrow"):
        import pyarrow
        table = pyarrow.table({name: pyarrow.array(column) for name, column in values.items()})
        result["pyarrow"] = table
        result["pyarrow, chunks"] = pyarrow.concat_tables([table[:100], table[100:]])
        result["pyarrow, batch"] = table.to_batches()[0]
    return result


@pytest.mark.parametrize("kind", ["numbers", "texts", "0.7", "1.5"])
def test_inputs_have_the_bits_of_the_tool(tmp_path, kind):
    """The tool reads the same rows from a file: same coefficients and probabilities."""
    if not TOOL:
        pytest.skip("SURPRISAL_TOOL is not set: the tool is not compared with")
    names = [f"f{place + 1}" for place in range(4)]
    values = dict(zip(names, X.T.copy()))
    if kind == "texts":
        values["color"] = COLORS
    labels = {f"p_{place}": column for place, column in enumerate(P.T)}
    everything = {**values, **labels}
    if kind in ("0.7", "1.5"):
        # Of the first a good part of the entries is not zero.
        sparse = pytest.importorskip("scipy.sparse")
        matrix = sparse.csr_matrix(np.where(np.abs(X) > float(kind), X, 0))
        inputs = {"scipy": matrix, "scipy, other order": sparse.csc_matrix(matrix)}
        np.savetxt(tmp_path / "labels.csv", P, "%.17g", ",", header=",".join(labels), comments="")
        with open(tmp_path / "data.libsvm", "w") as file:
            for row in range(300):
                part = matrix[row]
                cells = [f"{column + 1}:{value!r}" for column, value in
                         zip(part.indices.tolist(), part.data.tolist())]
                file.write(" ".join(["0", *cells]) + "\n")
        arguments = ["data.libsvm", "--labels", "labels.csv"]
    else:
        inputs = frames(values)
        with open(tmp_path / "data.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(everything)
            writer.writerows(zip(*[column.tolist() for column in everything.values()]))
        arguments = ["data.csv"]
    subprocess.run(
        [TOOL, "fit", *arguments, "--probs", "p_*", "--l2", "0.01", "-o", "tool.json", "--quiet"],
        check=True, cwd=tmp_path)
    expected = SoftmaxClassifier.load(tmp_path / "tool.json")
    for name, form in inputs.items():
        model = SoftmaxClassifier(l2=0.01).fit(form, P)
        assert np.array_equal(model.coef_, expected.coef_), name
        assert np.array_equal(model.intercept_, expected.intercept_), name
        assert np.array_equal(model.covariance_, expected.covariance_), name
        assert np.array_equal(model.predict_proba(form), expected.predict_proba(form)), name


def test_text_columns_become_levels():
    pandas = pytest.importorskip("pandas")
    colors = COLORS
    frame = pandas.DataFrame({"x": X[:, 0], "color": colors})
    model = SoftmaxClassifier(l2=0.01).fit(frame, P)
    assert set(model.tidy()["feature"]) == {"(Intercept)", "x", "color[green]", "color[red]"}
    dummies = np.column_stack([X[:, 0], colors == "green", colors == "red"]).astype(float)
    expected = SoftmaxClassifier(l2=0.01).fit(dummies, P).predict_proba(dummies)
    assert np.abs(model.predict_proba(frame) - expected).max() < 1e-9
    # Levels are matched by text, whatever their order in the rows.
    assert np.array_equal(model.predict_proba(frame[::-1])[::-1], model.predict_proba(frame))
    with pytest.raises(SurprisalError, match="feature.level"):
        model.predict_proba(pandas.DataFrame({"x": [0.0], "color": ["pink"]}))


def test_weights_are_repeated_rows():
    counts = rng.integers(1, 4, size=300)
    weighted = SoftmaxClassifier(l2=0.01).fit(X, Y, sample_weight=counts)
    repeated = SoftmaxClassifier(l2=0.01).fit(np.repeat(X, counts, axis=0), np.repeat(Y, counts))
    assert np.abs(weighted.coef_ - repeated.coef_).max() < 1e-6


def test_saving_and_pickling_keep_every_bit(tmp_path):
    for model in [SoftmaxClassifier(l2=0.01), MLPClassifier(hidden=(5,), epochs=3)]:
        model.fit(X, Y)
        model.save(tmp_path / "model.json")
        expected = model.predict_proba(X)
        assert np.array_equal(type(model).load(tmp_path / "model.json").predict_proba(X), expected)
        again = pickle.loads(pickle.dumps(model))
        assert np.array_equal(again.predict_proba(X), expected)
        assert again.summary() == model.summary()


def test_the_tool_prints_the_same_summary_and_predicts_the_same(tmp_path):
    if not TOOL:
        pytest.skip("SURPRISAL_TOOL is not set: the tool is not compared with")
    models = [SoftmaxClassifier(l2=0.01).fit(X, P), MLPClassifier(hidden=(4,), epochs=3).fit(X, Y),
              SoftmaxClassifier(prior="jeffreys").fit(X[:30, :1], Y[:30])]
    models.append(calibrate(models[0], X, P, method="dirichlet", l2=0.1))
    for model in models:
        model.save(tmp_path / "model.json")
        found = tool(tmp_path, "summary", "model.json")
        assert found.strip("\n") == model.summary().strip("\n")
        features = X[:, :model.n_features_in_]
        np.save(tmp_path / "x.npy", features)
        rows = tool(tmp_path, "predict", "model.json", "x.npy").splitlines()[1:]
        rows = np.array([line.split(",")[1:4] for line in rows], dtype=float)
        assert np.array_equal(rows, model.predict_proba(features))


def test_networks_have_the_defaults_of_the_tool(tmp_path):
    if not TOOL:
        pytest.skip("SURPRISAL_TOOL is not set: the tool is not compared with")
    np.savetxt(tmp_path / "data.csv", np.column_stack([X, P.argmax(axis=1)]),
               "%.17g", ",", header="f1,f2,f3,f4,class", comments="")
    for options, parameters in [
            ([], {}), (["--epochs", "3"], {"epochs": 3}), (["--l2", "0"], {"l2": 0}),
            (["--solver", "lbfgs"], {"solver": "lbfgs"})]:
        tool(tmp_path, "fit", "data.csv", "--target", "class", "--model", "mlp", "--hidden", "4",
             *options, "-o", "model.bin", "--quiet")
        expected = MLPClassifier.load(tmp_path / "model.bin")
        model = MLPClassifier(hidden=(4,), **parameters).fit(X, P.argmax(axis=1))
        assert model.summary() == expected.summary()
        assert np.array_equal(model.predict_proba(X), expected.predict_proba(X)), options


def tool(folder, *arguments):
    """What the tool prints."""
    # A test runner may set COLUMNS, to which the tool would break its lines.
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=True,
                          env=environment, cwd=folder).stdout


def test_checks_and_labels_of_votes_are_those_of_the_tool(tmp_path):
    if not TOOL:
        pytest.skip("SURPRISAL_TOOL is not set: the tool is not compared with")
    np.savetxt(tmp_path / "data.csv", np.column_stack([X, P]), "%.17g", ",",
               header="f1,f2,f3,f4,0,1,2", comments="")
    found = str(check(X, P)).splitlines()
    expected = tool(tmp_path, "check", "data.csv", "--probs", "0,1,2").splitlines()
    assert expected[-1].startswith("next:") and found[1:] == expected[1:-1]
    assert check(X, 2 * P)["error"]["code"] == "label.sum"
    assert check(X[:5], P)["error"]["code"] == "rows.mismatch"
    items, annotators = np.repeat(np.arange(40), 5), np.tile(list("vwxyz"), 40)
    truth = rng.integers(2, size=40)
    votes = np.where(rng.random(200) < 0.8, truth[items], 1 - truth[items])
    with open(tmp_path / "votes.csv", "w") as file:
        file.write("item,annotator,label\n")
        file.writelines(f"{item},{who},{vote}\n" for item, who, vote
                        in zip(items, annotators, votes))
    labels = aggregate(items, annotators, votes)
    expected = tool(tmp_path, "aggregate", "votes.csv", "-o", "labels.csv").splitlines()
    assert str(labels).splitlines()[1:] == expected[1:]
    with open(tmp_path / "labels.csv") as file:
        rows = list(csv.DictReader(file))
    for kind, array in (("p_", labels.labels_), ("e_", labels.evidence_)):
        expected = [[float(row[kind + str(name)]) for name in labels.classes_] for row in rows]
        assert np.array_equal(array, expected)
    drawn = aggregate(items, annotators, votes, method="hierarchical")
    expected = tool(tmp_path, "aggregate", "votes.csv", "--method", "hierarchical").splitlines()
    assert str(drawn).splitlines()[1:] == expected[1:]
    assert np.shape(drawn["model"]["common_confusion"]) == (2, 2)
    able = aggregate(items, annotators, votes, method="glad")
    expected = tool(tmp_path, "aggregate", "votes.csv", "--method", "glad").splitlines()
    assert str(able).splitlines()[1:] == expected[1:]
    assert all(row["ability"] > 0 for row in able["annotators"])
    assert all(row["post_sd_log_difficulty"] > 0 for row in able["items"])
    model = SoftmaxClassifier(l2=0.1, labels="evidence").fit(
        (truth + rng.normal(size=40))[:, None], labels.evidence_)
    assert model.coef_[0, 0] > 0


def test_notebooks_show_pages():
    model = SoftmaxClassifier(l2=0.01).fit(X, P)
    page = report(model, X, P)
    assert "<svg" in page and "<script" not in page
    assert page._repr_html_().startswith('<iframe srcdoc="&lt;!DOCTYPE html')
    shown = model._repr_html_()
    assert "&lt;svg" in shown and "cross entropy" in shown and shown.count("<") == 2
    assert SoftmaxClassifier(l2=1)._repr_html_() == "<pre>SoftmaxClassifier(l2=1)</pre>"
    assert check(X, P)._repr_html_().startswith("<pre>arrays: 300 rows")


def test_calibration_and_evaluation():
    model = SoftmaxClassifier(l2=1.0).fit(X[:150], P[:150])
    calibrated = calibrate(model, X[150:], P[150:])
    before = evaluate(model.predict_proba(X[150:]), P[150:])["cross_entropy"]
    after = evaluate(calibrated.predict_proba(X[150:]), P[150:])["cross_entropy"]
    assert after < before
    assert -(P[150:] * np.log(model.predict_proba(X[150:]))).sum(axis=1).mean() == pytest.approx(before)


def test_errors_have_code_words():
    with pytest.raises(SurprisalError) as caught:
        SoftmaxClassifier().fit(X, 2 * P)
    assert caught.value.code == "label.sum"
    with pytest.raises(SurprisalError, match="specification.value"):
        SoftmaxClassifier(l2=-1).fit(X, P)
    with pytest.raises(ValueError, match="not fitted"):
        SoftmaxClassifier().predict(X)


def test_separation_is_a_warning():
    with pytest.warns(Warning, match="separat"):
        SoftmaxClassifier().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])


def test_random_calls_do_not_stop_the_process():
    for _ in range(200):
        rows, columns, classes = rng.integers(0, 5, size=3)
        features = rng.choice([0.0, 1.0, -1e308, 1e-320, np.nan, np.inf], size=(rows, columns))
        labels = rng.choice([0.0, 0.5, 1.0, -1.0, np.nan, 1e300], size=(rows, classes))
        model = SoftmaxClassifier(
            l2=rng.choice([0, 1e-300, 1.0, 1e300]), tol=rng.choice([1e-8, 0, np.nan]),
            solver=rng.choice(["auto", "lbfgs", "none"]), reference=rng.choice([None, "1", "x"]),
            labels=rng.choice(["probabilities", "counts", "candidates"]), max_iter=3)
        with np.errstate(all="ignore"):
            try:
                import warnings
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    model.fit(features, labels)
            except (ValueError, TypeError):
                pass


def test_threads_fit_at_once():
    results, both = [None] * 2, threading.Barrier(2, timeout=60)

    def fit(place):
        # No fit goes on before the other is on its way too.
        results[place] = SoftmaxClassifier(l2=0.01).fit(
            X, P, progress=lambda at: at["step"] > 1 or both.wait() >= 0).coef_

    workers = [threading.Thread(target=fit, args=(place,)) for place in range(2)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert not both.broken and np.array_equal(*results)
    assert np.array_equal(results[0], SoftmaxClassifier(l2=0.01).fit(X, P).coef_)


def test_an_interruption_stops_the_fit():
    import _thread

    # A background process of a shell ignores the signal, and Python then does too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        interrupted_fit(_thread.interrupt_main)
    finally:
        signal.signal(signal.SIGINT, before)


def interrupted_fit(interrupt_main):
    wide = rng.normal(size=(20000, 60))
    labels = rng.dirichlet(np.ones(10), size=20000)
    moments = []

    def interrupt():
        time.sleep(0.3)
        moments.append(time.monotonic())
        interrupt_main()

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        while True:
            MLPClassifier(hidden=(64,), epochs=1000).fit(wide, labels)
    assert time.monotonic() - moments[0] < 0.1


def test_progress_is_seen_and_stops():
    seen = []
    SoftmaxClassifier(l2=0.01).fit(X, P, progress=seen.append)
    assert [at["step"] for at in seen] == sorted(at["step"] for at in seen) and seen
    with pytest.raises(SurprisalError, match="call.stopped"):
        SoftmaxClassifier(l2=0.01).fit(X, P, progress=lambda at: False)


@pytest.mark.parametrize("estimator", [
    SoftmaxClassifier(), SoftmaxClassifier(l2=1e-3), MLPClassifier(),
    MLPClassifier(hidden=(4,), activation="tanh", l2=0.05, solver="lbfgs", max_iter=5000),
    MLPClassifier(hidden=(8,), l2=1e-3, epochs=30, batch_size=8, ensemble=2),
], ids=["softmax", "softmax with a prior", "network", "network by L-BFGS", "network in batches"])
def test_scikit_learn_finds_no_fault(capsys, estimator):
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    found = checks.check_estimator(estimator, on_fail=None, on_skip=None)
    counts = Counter(item["status"] for item in found)
    with capsys.disabled():
        print(f"\n  check_estimator, {estimator!r}: {dict(counts)}")
    assert [item["check_name"] for item in found
            if item["status"] not in ("passed", "skipped")] == []
    assert not any(item["expected_to_fail"] for item in found)
    assert counts["passed"] >= 40


@pytest.mark.parametrize("options", [
    {}, {"epochs": 5, "batch_size": 16}, {"validation": 0.2, "epochs": 8, "dropout": 0.3},
], ids=["default", "batches", "rows held out"])
def test_weights_of_networks_are_repetitions(options):
    counts = np.arange(60) % 4
    repeated = rng.permutation(np.repeat(np.arange(60), counts))
    network = MLPClassifier(hidden=(5,), **options)
    expected = network.fit(X[:60], P[:60], sample_weight=counts).predict_proba(X)
    assert np.array_equal(network.fit(X[repeated], P[repeated]).predict_proba(X), expected)
    assert not np.array_equal(network.fit(X[:60], P[:60]).predict_proba(X), expected)


def test_every_parameter_is_documented():
    for estimator in (SoftmaxClassifier, MLPClassifier):
        names = set(inspect.signature(estimator).parameters)
        assert [name for name in names if name not in estimator.__doc__] == []


def test_grid_search_with_soft_labels():
    selection = pytest.importorskip("sklearn.model_selection")
    from sklearn.base import clone
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    pipeline = make_pipeline(StandardScaler(), SoftmaxClassifier())
    search = selection.GridSearchCV(
        pipeline, {"softmaxclassifier__l2": [1e-3, 10.0]}, cv=selection.KFold(3)).fit(X, P)
    assert search.best_params_ == {"softmaxclassifier__l2": 1e-3}
    again = pickle.loads(pickle.dumps(search.best_estimator_))
    assert np.array_equal(again.predict_proba(X), search.predict_proba(X))
    unfitted = clone(again)[-1]
    assert unfitted.l2 == 1e-3 and not hasattr(unfitted, "coef_")
    scores = selection.cross_val_score(SoftmaxClassifier(l2=1e-3), X, P, cv=selection.KFold(3))
    assert scores.shape == (3,) and (scores < 0).all()
    assert surprisal_ml.__version__


def test_comparison_and_explanation_agree_with_the_evaluation():
    weak, strong = (SoftmaxClassifier(l2=l2).fit(X[:200], P[:200]) for l2 in (1.0, 1e-3))
    held, labels = X[200:], P[200:]
    found = compare({"weak": weak.predict_proba(held), "strong": strong.predict_proba(held)}, labels)
    text = json.dumps(found)
    for model in (weak, strong):
        score = model.evaluate(held, labels)
        assert repr(score["cross_entropy"]) in text
        reading = explain(model.predict_proba(held), labels)
        assert reading["cross_entropy"] == pytest.approx(score["cross_entropy"], abs=1e-12)
    with pytest.raises(SurprisalError, match="same name"):
        compare({"null": weak.predict_proba(held)}, labels)
    page = report(strong, held, labels, title="A <title>")
    assert page.startswith("<!DOCTYPE html>") and "A &lt;title&gt;" in page and "<svg" in page


def test_cross_validation_is_that_of_fits_by_hand():
    groups = np.arange(300) % 3
    found = cross_validate(
        SoftmaxClassifier(tol=1e-10), X, P, l2=[0.1, 0.01], folds=3, groups=groups)
    losses = {}
    for strength in (0.1, 0.01):
        total = 0.0
        for fold in range(3):
            held = groups == fold
            model = SoftmaxClassifier(l2=strength, tol=1e-10).fit(X[~held], P[~held])
            total -= (P[held] * model.predict_log_proba(X[held])).sum()
        losses[strength] = total / 300
    for row in found["path"]:
        assert row["loss"] == pytest.approx(losses[row["l2"]], abs=1e-9), found
    assert len(found["path"]) == 2
    seen = []
    with pytest.raises(SurprisalError, match="stopped"):
        cross_validate(SoftmaxClassifier(), X, P, folds=4,
                       progress=lambda at: seen.append(at["step"]) or len(seen) < 3)
    assert len(seen) >= 3


def test_export(tmp_path):
    model = SoftmaxClassifier(l2=0.01).fit(X, P)
    path = tmp_path / "model.csv"
    model.export(path)
    table = [line.split(",") for line in path.read_text().splitlines()]
    weights = np.array([[float(cell) for cell in line[1:]] for line in table[1:]])
    assert np.array_equal(weights, np.column_stack([model.intercept_, model.coef_]))
    model.export(tmp_path / "m.bin", float32=True, format="onnx")
    assert (tmp_path / "m.bin").read_bytes()[:2] == b"\x08\x08"
    with pytest.raises(SurprisalError) as failure:
        model.export(tmp_path / "m.bin")
    assert failure.value.code == "call.argument"


def test_fits_leak_no_memory():
    """The size of the process after 200 fits and after 1000 more."""
    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    if not os.path.exists("/proc/self/statm"):
        pytest.skip("there is no /proc here")

    def fits(count):
        for _ in range(count):
            model = SoftmaxClassifier(l2=0.01).fit(X, P)
            model.predict_proba(X)
            with pytest.raises(SurprisalError):
                SoftmaxClassifier(tol=-1).fit(X, P)

    fits(200)
    before = resident()
    fits(1000)
    # A leak of 1 KB in each would be 2 MB; the model alone takes more.
    assert resident() - before < 1.5e6
