"""Writes profile.json: profile likelihoods, plain and penalised, by scipy, and the influence of rows by
statsmodels.

    python3 -m venv venv && venv/bin/pip install numpy scipy statsmodels mpmath
    venv/bin/python Tests/Reference/profile.py

The penalised log-likelihood is that of Firth, the information worked out from its definition. The minima over the other coefficients are those of BFGS.
"""

import json
import os

import mpmath as mp
import numpy as np
import scipy.optimize as optimize
import scipy.stats as stats
import statsmodels.api as sm


def loss(theta, x, y, classes, penalised):
    """Minus the log-likelihood of contrasts with class 0, design x with its intercept last."""
    z = np.column_stack([np.zeros(len(x)), x @ theta.reshape(classes - 1, -1).T])
    z = z - z.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    value = -logs[np.arange(len(y)), y].sum()
    if penalised:
        q = np.exp(logs)[:, 1:]
        size = (classes - 1) * x.shape[1]
        spread = np.einsum("nk,kl->nkl", q, np.eye(classes - 1)) - np.einsum("nk,nl->nkl", q, q)
        information = np.einsum("nkl,ni,nj->kilj", spread, x, x).reshape(size, size)
        value -= np.linalg.slogdet(information)[1] / 2
    return value


def minimum(held, x, y, classes, penalised):
    free = np.array([k for k in range((classes - 1) * x.shape[1]) if k not in held])
    base = np.zeros((classes - 1) * x.shape[1])
    for place, value in held.items():
        base[place] = value

    def f(point):
        theta = base.copy()
        theta[free] = point
        return loss(theta, x, y, classes, penalised)

    best = optimize.minimize(f, np.zeros(len(free)), method="BFGS", options={"gtol": 1e-6, "maxiter": 500})
    return best.fun


def case(name, x, y, classes, penalised):
    design = np.column_stack([x, np.ones(len(x))])
    size = design.shape[1]
    whole = minimum({}, design, y, classes, penalised)
    tests = []
    for feature in range(size - 1):
        held = {unit * size + feature: 0.0 for unit in range(classes - 1)}
        statistic = 2 * (minimum(held, design, y, classes, penalised) - whole)
        tests.append({"statistic": statistic, "p_value": stats.chi2.sf(statistic, classes - 1)})
    entries = []
    quantile = stats.norm.ppf(0.975) ** 2
    for unit in range(classes - 1):
        for feature in range(size - 1):
            place = unit * size + feature
            g = lambda v: 2 * (minimum({place: v}, design, y, classes, penalised) - whole) - quantile
            ends = []
            for sign in (-1, 1):
                # From the maximum outwards until the loss is reached.
                inner = optimize.minimize_scalar(g, bracket=(-0.5, 0.5), tol=1e-6).x
                step, outer = 0.5, inner
                while g(outer) < 0 and abs(outer - inner) < 200:
                    outer, step = outer + sign * step, 2 * step
                ends.append(optimize.brentq(g, inner, outer, xtol=1e-9) if g(outer) > 0 else sign * np.inf)
            entries.append({"class": unit + 1, "feature": feature, "statistic": g(0.0) + quantile,
                            "low": ends[0], "high": ends[1]})
    return {"name": name, "features": np.asarray(x).tolist(), "labels": y.tolist(), "classes": classes,
            "penalised": penalised, "tests": tests, "entries": entries}


def influence():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(25, 2)).round(2)
    votes = rng.integers(1, 6, 25)
    yes = rng.binomial(votes, 1 / (1 + np.exp(-(0.5 + x @ [1.0, -0.7]))))
    fit = sm.GLM(np.column_stack([yes, votes - yes]), sm.add_constant(x), family=sm.families.Binomial()).fit(tol=1e-14)
    found = fit.get_influence(observed=False)
    hat = found.hat_matrix_diag
    # statsmodels takes one step from the fit for Cook's distance, with the dispersion 1.
    pearson = fit.resid_pearson
    return {"features": x.tolist(), "counts": np.column_stack([votes - yes, yes]).astype(float).tolist(),
            "fitted": fit.fittedvalues.tolist(), "deviance": fit.resid_deviance.tolist(), "pearson": pearson.tolist(),
            "hat": hat.tolist(), "cooksd": (pearson**2 * hat / (1 - hat) ** 2 / 3).tolist(),
            "statistic": float(fit.pearson_chi2)}


def clean(value):
    if isinstance(value, dict):
        return {key: clean(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [clean(entry) for entry in value]
    if isinstance(value, float) and np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value) if isinstance(value, np.floating) else value


def main():
    doses = np.array([1, 2, 2.5, 3, 4, 5, 6.5, 7, 8, 10]).reshape(-1, 1)
    outcome = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
    rng = np.random.default_rng(9)
    x = rng.normal(size=(40, 2)).round(2)
    y = (rng.random(40) < 1 / (1 + np.exp(-(x @ [0.8, 0.0])))).astype(int)
    tails = [{"z": z, "freedom": m, "log": float(mp.log(tail(z, m)))}
             for z in (3.0, 40.0, 1e5) for m in (None, 4.0, 30.0)]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "profile.json")
    with open(path, "w") as file:
        json.dump(clean({"cases": [case("doses", doses, outcome, 3, True), case("binary", x, y, 2, False),
                                   case("binary-firth", x, y, 2, True)],
                         "influence": influence(), "tails": tails}), file)
        file.write("\n")


def tail(z, m):
    mp.mp.dps = 40
    if m is None:
        return mp.erfc(mp.mpf(z) / mp.sqrt(2))
    return mp.betainc(mp.mpf(m) / 2, mp.mpf(1) / 2, 0, m / (m + mp.mpf(z) ** 2), regularized=True)


main()
