"""Writes nested.json: tests of nested fits and Takeuchi's criterion, in plain numpy.

    python3 Tests/Reference/nested.py

Needs numpy. Data and fits are those of sandwich.py; the smaller model has the first of the three
features. With theta = (theta_1, theta_2) and theta_2 the coefficients of the other two:

    likelihood ratio  2 (l(larger) - l(smaller)), where there is a likelihood
    Wald              theta_2' V_22^-1 theta_2 at the larger optimum, V as sandwich.py has it
    score             U' (A M A')^-1 U at the smaller optimum, U = dl/dtheta_2 there,
                      A = [-I_21 I_11^-1, 1], M the information, or the meat with its factor
    TIC               -2 l + 2 tr(I^-1 J), J = sum of s s' over rows or clusters, without the factor
"""

import json
import pathlib

import numpy as np

from sandwich import Problem, inverse

HERE = pathlib.Path(__file__).parent


def meat(scores, item):
    if "clusters" in item:
        units = np.asarray(item["clusters"])
        groups = np.array([scores[units == g].sum(axis=0) for g in np.unique(units)])
        return groups.T @ groups, len(groups)
    if "frequencies" in item:
        repeats = np.asarray(item["frequencies"])
        each = np.repeat(scores / repeats.astype(float)[:, None], repeats, axis=0)
        return each.T @ each, len(each)
    return scores.T @ scores, len(scores)


def compare(item):
    x = np.array(item["features"])
    weights = item.get("weights", item.get("frequencies"))
    large = Problem(x, item["labels"], item["kind"], weights).fit()
    small = Problem(x[:, :1], item["labels"], item["kind"], weights).fit()
    isRobust = item["errors"] != "information"
    tested = np.array([c > 1 for _, c in large.free])
    value, scores, information = large.derivatives(large.theta)
    bread = inverse(information)
    j, count = meat(scores, item)
    covariance = bread @ j @ bread * count / (count - 1) if isRobust else bread
    second = large.theta[tested]
    wald = second @ inverse(covariance[np.ix_(tested, tested)]) @ second
    start = np.zeros(len(large.free), dtype=np.longdouble)
    start[~tested] = small.theta
    assert [f for f, t in zip(large.free, tested) if not t] == small.free
    restricted, scores, information = large.derivatives(start)
    a = np.zeros((tested.sum(), len(tested)), dtype=np.longdouble)
    a[:, ~tested] = -information[np.ix_(tested, ~tested)] @ inverse(
        information[np.ix_(~tested, ~tested)])
    a[:, tested] = np.eye(tested.sum())
    middle, count = meat(scores, item)
    middle = middle * count / (count - 1) if isRobust else information
    u = scores.sum(axis=0)[tested]
    score = u @ inverse(a @ middle @ a.T) @ u
    found = {"name": item["name"], "wald": float(wald), "score": float(score),
             "degrees_of_freedom": int(tested.sum())}
    if isRobust:
        trace = float(np.trace(bread @ j))
        found["effective_parameters"] = trace
        # multinomial coefficients are no part of this value; the tests add them
        found["tic_kernel"] = float(-2 * value) + 2 * trace
    else:
        found["likelihood_ratio"] = float(2 * (value - restricted))
    return found


cases = [
    compare(item) for item in json.loads((HERE / "sandwich.json").read_text())
    if "features" in item and item["precision"] == 0
]
(HERE / "nested.json").write_text(
    "[\n" + ",\n".join(json.dumps(item) for item in cases) + "\n]\n")
