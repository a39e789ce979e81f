"""Joint fits of features and votes against the tool, and what is refused."""

import os
import pickle
import subprocess

import numpy as np
import pytest

from surprisal_ml import MLPClassifier, SoftmaxClassifier, SurprisalError, Votes

TOOL = os.environ.get("SURPRISAL_TOOL")

rng = np.random.default_rng(3)
X = rng.normal(size=(160, 2)).round(3)
TRUTH = np.array(["ant", "bee", "cat"])[
    (X @ rng.normal(size=(2, 3)) * 2 + rng.gumbel(size=(160, 3))).argmax(axis=1)]
# Three votes on each row but the last ten, in no order.
ITEMS = rng.permutation(np.repeat(np.arange(150), 3))
WHO = rng.choice(list("vwxyz"), size=450)
RIGHT = rng.random(450) < 0.75
LABELS = np.where(RIGHT, TRUTH[ITEMS], rng.choice(["ant", "bee", "cat"], size=450))


def fit_of_the_tool(folder, *options):
    with open(folder / "rows.csv", "w") as file:
        file.write("item,f1,f2\n")
        file.writelines(f"{place},{x!r},{y!r}\n" for place, (x, y) in enumerate(X.tolist()))
    with open(folder / "votes.csv", "w") as file:
        file.write("item,annotator,label\n")
        file.writelines(f"{item},{who},{label}\n" for item, who, label in zip(ITEMS, WHO, LABELS))
    done = subprocess.run(
        [TOOL, "fit", "rows.csv", "--votes", "votes.csv", "--quiet", "-o", "model.json", *options],
        cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "model.json"


@pytest.mark.parametrize("model, pseudo_counts, options", [
    (SoftmaxClassifier(), 1, ["--pseudo-counts", "1"]),
    (SoftmaxClassifier(l2=0.01, standardize=True), None, ["--l2", "0.01", "--standardize"]),
    (MLPClassifier(hidden=(3,), l2=0.01, epochs=4), (2, 0.5),
     ["--model", "mlp", "--hidden", "3", "--l2", "0.01", "--epochs", "4",
      "--pseudo-counts", "2,0.5"]),
], ids=["pseudo-counts", "prior", "network"])
def test_models_are_those_of_the_tool(tmp_path, model, pseudo_counts, options):
    if not TOOL:
        pytest.skip("SURPRISAL_TOOL is not set: the tool is not compared with")
    path = fit_of_the_tool(tmp_path, *options)
    model.fit(X, votes=Votes(ITEMS, WHO, LABELS, pseudo_counts=pseudo_counts))
    model.save(tmp_path / "own.json")
    assert (tmp_path / "own.json").read_bytes() == path.read_bytes()
    loaded = type(model).load(path)
    assert loaded.loglik_ == model.loglik_ and loaded.to_dict()["rows"] == 150
    assert np.array_equal(loaded.confusion_, model.confusion_)
    answers = subprocess.run(
        [TOOL, "predict", "own.json", "rows.csv", "--annotator", "v"], cwd=tmp_path,
        capture_output=True, text=True).stdout.splitlines()
    found = np.array([line.split(",")[1:] for line in answers[1:]], dtype=float)
    place = model.annotators_["annotator"].tolist().index("v")
    assert np.allclose(found, model.predict_proba(X) @ model.confusion_[place], atol=1e-12)


@pytest.mark.parametrize("model", [SoftmaxClassifier(l2=0.01), MLPClassifier((3,), epochs=4)],
                         ids=["softmax", "network"])
def test_votes_on_new_rows_are_those_of_the_tool(tmp_path, model):
    if not TOOL:
        pytest.skip("SURPRISAL_TOOL is not set: the tool is not compared with")
    fit_of_the_tool(tmp_path, "--l2", "0.01")
    model.fit(X, votes=Votes(ITEMS, WHO, LABELS, pseudo_counts=1))
    model.save(tmp_path / "own.json")
    (tmp_path / "new.csv").write_text("item,annotator,label\n3,v,ant\n3,w,ant\n155,x,cat\n3,q,bee\n")
    answers = subprocess.run(
        [TOOL, "predict", "own.json", "rows.csv", "--votes", "new.csv"], cwd=tmp_path,
        capture_output=True, text=True).stdout.splitlines()
    expected = np.array([line.split(",")[1:] for line in answers[1:]], dtype=float)
    votes = Votes([3, 3, 155, 3], ["v", "w", "x", "q"], ["ant", "ant", "cat", "bee"])
    with pytest.warns(UserWarning, match="does not know, such as q"):
        found = model.predict_proba(X, votes=votes)
    assert np.array_equal(found, expected)
    plain = model.predict_proba(X)
    changed = np.flatnonzero((found != plain).any(axis=1))
    assert changed.tolist() == [3, 155] and found[155, 2] > plain[155, 2]
    assert model.predict(X[155:156], votes=Votes([0] * 9, ["x"] * 9, ["cat"] * 9)) == ["cat"]
    with pytest.raises(ValueError, match="none of the classes"):
        model.predict_proba(X, votes=Votes([0], ["v"], ["dog"]))
    with pytest.raises(SurprisalError, match="knows no annotators"):
        SoftmaxClassifier(l2=1).fit(X, TRUTH).predict_proba(X, votes=votes)


def test_impossible_votes_are_left_out():
    # Everybody always votes for the class, so that two classes at once are impossible.
    truth = np.array(["ant", "bee"])[(X[:60, 0] > 0).astype(int)]
    rows = np.repeat(np.arange(60), 3)
    model = SoftmaxClassifier(l2=0.1).fit(
        X[:60], votes=Votes(rows, np.tile(list("abc"), 60), truth[rows]))
    split = Votes([0, 0, 1], list("aba"), ["ant", "bee", "ant"])
    with pytest.warns(UserWarning, match="1 row the probability zero"):
        found = model.predict_proba(X[:2], votes=split)
    assert np.array_equal(found[0], model.predict_proba(X[:2])[0]) and found[1, 0] == 1


def test_annotators_are_described():
    model = SoftmaxClassifier(l2=0.01).fit(X, votes=Votes(ITEMS, WHO, LABELS))
    table = model.annotators_
    assert list(table["annotator"]) == list(dict.fromkeys(WHO))
    assert table["votes"].tolist() == [int((WHO == who).sum()) for who in table["annotator"]]
    assert (abs(table["accuracy"] - 0.83) < 0.15).all() and (table["accuracy_std_error"] > 0).all()
    assert model.confusion_.shape == (5, 3, 3)
    assert np.allclose(model.confusion_.sum(axis=2), 1)
    assert (model.predict(X) == TRUTH).mean() > 0.6 and list(model.classes_) == sorted(set(TRUTH))
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.confusion_, model.confusion_)
    model.fit(X, TRUTH)
    assert not hasattr(model, "annotators_")


def test_rows_without_votes_are_left_out():
    votes = Votes(ITEMS, WHO, LABELS)
    expected = SoftmaxClassifier(l2=0.01).fit(X[:150], votes=votes)
    weights, offsets, groups = np.ones(160), np.zeros((160, 3)), np.arange(160) % 20
    model = SoftmaxClassifier(l2=0.01).fit(X, votes=votes, sample_weight=weights, offsets=offsets)
    assert np.array_equal(model.coef_, expected.coef_)
    both = [SoftmaxClassifier(l2=0.01).fit(X[:rows], votes=votes, clusters=groups[:rows])
            for rows in (150, 160)]
    assert np.array_equal(both[0].covariance_, both[1].covariance_)
    # Levels of text columns are those of rows with votes.
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"x": X[:, 0], "word": np.where(np.arange(160) < 150, "common", "rare")})
    frame.loc[:50, "word"] = "other"
    model = SoftmaxClassifier(l2=0.01).fit(frame, votes=votes)
    assert np.array_equal(
        model.coef_, SoftmaxClassifier(l2=0.01).fit(frame[:150], votes=votes).coef_)


def test_weights_of_votes_are_repetitions():
    weights = rng.integers(0, 3, size=450)
    model = SoftmaxClassifier(l2=0.01).fit(X, votes=Votes(ITEMS, WHO, LABELS, weights=weights))
    repeated = np.repeat(np.arange(450), weights)
    expected = SoftmaxClassifier(l2=0.01).fit(
        X, votes=Votes(ITEMS[repeated], WHO[repeated], LABELS[repeated]))
    assert np.allclose(model.coef_, expected.coef_, atol=1e-7)


@pytest.mark.parametrize("change, message", [
    ({"items": ITEMS + 20}, "from 0 to 159"), ({"items": -1 - ITEMS}, "from 0 to 159"),
    ({"items": ITEMS * 1.0}, "whole numbers"), ({"items": ITEMS[1:]}, "items of votes"),
    ({"annotators": WHO[1:]}, "annotators of votes"),
    ({"weights": np.ones(3)}, "weights of votes"), ({"weights": -np.ones(450)}, "negative"),
    ({"classes": ["ant", "bee"]}, "none of the classes"),
    ({"classes": ["ant", "bee", "cat", "dog"]}, "dog"),
    ({"labels": np.full(450, "ant")}, "one class|ant"),
    ({"pseudo_counts": -1}, "pseudo_counts"),
])
def test_votes_that_cannot_be(change, message):
    given = {"items": ITEMS, "annotators": WHO, "labels": LABELS, **change}
    with pytest.raises((ValueError, SurprisalError), match=message):
        SoftmaxClassifier().fit(X, votes=Votes(**given))


@pytest.mark.parametrize("model", [
    SoftmaxClassifier(label_smoothing=0.1), SoftmaxClassifier(prior="jeffreys"),
    SoftmaxClassifier(likelihood="dirichlet"), SoftmaxClassifier(class_weight="balanced"),
], ids=repr)
def test_options_that_votes_do_not_have(model):
    with pytest.raises(SurprisalError, match="votes"):
        model.fit(X, votes=Votes(ITEMS, WHO, LABELS))


def test_votes_are_the_labels():
    with pytest.raises(ValueError, match="together"):
        SoftmaxClassifier().fit(X, TRUTH, votes=Votes(ITEMS, WHO, LABELS))
    with pytest.raises(ValueError, match="y"):
        SoftmaxClassifier().fit(X)
