"""Numbers for CoefficientInferenceTests and QuasiErrorTests of Tests/InferenceTests.

Needs numpy, scipy and statsmodels. Tests of columns: MNLogit fits with and without them give the
likelihood ratio; the Wald test is that of statsmodels, the score test is in closed form from the
null fit. Contrasts have the covariance of MNLogit. Effects: get_margeff over all rows with a column
at a value; mean probabilities, and changes from 0 to 1, have errors by central differences. For two
classes get_margeff(dummy=True).
Quasi-multinomial errors: for two classes GLM(Binomial) with scale="X2", which are those of R's
glm(family = quasibinomial); for three the information of MNLogit on votes that are written out,
times Pearson's X2 over N (C - 1) - k.
"""

import json
import pathlib

import numpy as np
import statsmodels.api as sm
from scipy import stats

random = np.random.default_rng(20261127)
n = 150
x = np.column_stack([
    np.round(random.normal(size=n), 2), np.round(5 + 2 * random.normal(size=n), 2),
    random.integers(0, 2, n)]).astype(float)
truth = np.array([[0, 0, 0, 0], [-1, 0.6, 0.2, 0.5], [1, -0.4, -0.2, 0.8]])
design = sm.add_constant(x)


def probabilities(parameters, rows):
    z = np.column_stack([np.zeros(len(rows)), rows @ parameters.reshape(-1, rows.shape[1]).T])
    z -= z.max(axis=1, keepdims=True)
    q = np.exp(z)
    return q / q.sum(axis=1, keepdims=True)


p = probabilities(truth[1:].ravel(), design)
y = np.array([random.choice(3, p=row) for row in p])


def fitted(rows):
    return sm.MNLogit(y, rows).fit(method="newton", maxiter=200, tol=1e-15, disp=0)


fit = fitted(design)
beta = np.asarray(fit.params).T.ravel()  # class by class
covariance = np.asarray(fit.cov_params())


def columnTest(columns):
    """That the coefficients of columns of x are zero in both contrasts."""
    kept = [0] + [1 + c for c in range(3) if c not in columns]
    small = fitted(design[:, kept])
    ratio = 2 * (fit.llf - small.llf)
    places = [4 * k + 1 + c for k in range(2) for c in columns]
    b, v = beta[places], covariance[np.ix_(places, places)]
    wald = b @ np.linalg.solve(v, b)
    null = np.zeros((2, 4))
    null[:, kept] = np.asarray(small.params).T
    q = probabilities(null.ravel(), design)[:, 1:]
    score = ((np.eye(3)[y][:, 1:] - q).T @ design).ravel()
    information = np.zeros((8, 8))
    for row, share in zip(design, q):
        information += np.kron(np.diag(share) - np.outer(share, share), np.outer(row, row))
    rao = score @ np.linalg.solve(information, score)
    freedom = len(places)
    return {"columns": columns, "degrees_of_freedom": freedom,
            **{name: {"statistic": s, "p_value": stats.chi2.sf(s, freedom)}
               for name, s in (("likelihood-ratio", ratio), ("wald", wald), ("score", rao))}}


def contrast(text, vector):
    vector = np.array(vector, dtype=float)
    estimate = vector @ beta
    error = np.sqrt(vector @ covariance @ vector)
    half = stats.norm.ppf(0.95) * error
    return {"text": text, "vector": vector.tolist(), "estimate": estimate, "std_error": error,
            "z": estimate / error, "p_value": 2 * stats.norm.sf(abs(estimate / error)),
            "low_90": estimate - half, "high_90": estimate + half}


contrasts = [
    contrast("1:f1 - 2:f1", [0, 1, 0, 0, 0, -1, 0, 0]),
    contrast("2*1:f1 - 0.5*2:f3", [0, 2, 0, 0, 0, 0, 0, -0.5]),
    contrast("1:(Intercept) + 1/3*2:f2", [1, 0, 0, 0, 0, 0, 1 / 3, 0]),
]
matrix = np.array([c["vector"] for c in contrasts])
values = matrix @ beta
joint = values @ np.linalg.solve(matrix @ covariance @ matrix.T, values)


def slopes(function):
    step = 1e-5
    return np.array([(function(beta + step * e) - function(beta - step * e)) / (2 * step)
                     for e in np.eye(len(beta))])


def errors(function):
    jacobian = slopes(function)
    return np.sqrt(np.diag(jacobian.T @ covariance @ jacobian)).tolist()


def change(b, rows):
    """The change of the mean probabilities when the third column goes from 0 to 1."""
    high, low = rows.copy(), rows.copy()
    high[:, 3], low[:, 3] = 1, 0
    return (probabilities(b, high) - probabilities(b, low)).mean(axis=0)


def at(column, value):
    effects = fit.get_margeff(at="overall", atexog={1 + column: value})
    rows = design.copy()
    rows[:, 1 + column] = value
    return {"column": column, "value": value, "means": probabilities(beta, rows).mean(axis=0).tolist(),
            "mean_errors": errors(lambda b: probabilities(b, rows).mean(axis=0)),
            "effects": effects.margeff[:2].tolist() + [change(beta, rows).tolist()],
            "errors": effects.margeff_se[:2].tolist() + [errors(lambda b: change(b, rows))]}


# dummy=True of MNLogit fails in statsmodels 0.15; that of Logit does not.
binary = sm.Logit(y == 1, design).fit(method="newton", maxiter=200, tol=1e-15, disp=0)
dummy = binary.get_margeff(at="overall", dummy=True)

# Votes of two and of three classes.
m = 40
votesX = np.column_stack([np.round(random.normal(size=m), 2), np.arange(m) % 4])
votesDesign = sm.add_constant(votesX)
totals = random.integers(3, 15, m)
lean = random.beta(2, 2, m)
second = random.binomial(totals, lean)
two = np.column_stack([totals - second, second])
# Shares with weights: for pairs of counts statsmodels forgets the totals in X2.
glm = sm.GLM(second / totals, votesDesign, family=sm.families.Binomial(), var_weights=totals).fit(
    scale="X2", tol=1e-14)
assert abs(glm.scale - glm.pearson_chi2 / glm.df_resid) < 1e-12
three = np.array([random.multinomial(t, random.dirichlet([2, 2, 1])) for t in totals])
long = np.repeat(np.tile(np.arange(3), m), three.ravel())
longDesign = np.repeat(np.repeat(votesDesign, 3, axis=0), three.ravel(), axis=0)
multi = sm.MNLogit(long, longDesign).fit(method="newton", maxiter=200, tol=1e-15, disp=0)
threeBeta = np.asarray(multi.params).T.ravel()
q = probabilities(threeBeta, votesDesign)
expected = q * totals[:, None]
freedom = 2 * m - 6
phi = ((three - expected) ** 2 / expected).sum() / freedom
quasi = {
    "features": votesX.tolist(),
    "two": {
        "counts": two.tolist(), "freedom": float(glm.df_resid), "phi": glm.scale,
        "estimates": glm.params.tolist(), "errors": glm.bse.tolist(),
        "p_values": (2 * stats.t.sf(np.abs(glm.params / glm.bse), glm.df_resid)).tolist()},
    "three": {
        "counts": three.tolist(), "freedom": freedom, "phi": phi,
        "estimates": threeBeta.tolist(),
        "errors": np.sqrt(phi * np.diag(np.asarray(multi.cov_params()))).tolist(),
        "p_values": (2 * stats.t.sf(
            np.abs(threeBeta) / np.sqrt(phi * np.diag(np.asarray(multi.cov_params()))),
            freedom)).tolist()},
}

(pathlib.Path(__file__).parent / "inference.json").write_text(json.dumps({
    "features": x.tolist(), "classes": y.tolist(),
    "columns": [columnTest([0]), columnTest([2]), columnTest([0, 1])],
    "contrasts": contrasts,
    "joint": {"statistic": joint, "p_value": stats.chi2.sf(joint, 3)},
    "dummy": {"effects": dummy.margeff.tolist(), "errors": dummy.margeff_se.tolist()},
    "at": [at(0, -1.0), at(0, 0.5), at(2, 1.0)],
    "quasi": quasi}) + "\n")
