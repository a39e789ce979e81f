"""Writes effects.json: average marginal effects by statsmodels, intervals of probabilities by numpy.

    python3 Tests/Reference/effects.py

Needs numpy and statsmodels (0.15). Derivatives are those of MNLogit(...).get_margeff. The change of
the third column from 0 to 1 (which statsmodels 0.15 cannot do for three classes) and the intervals of
the log odds of each class take their gradients from central differences, with its covariance.
"""

import json
import pathlib

import numpy as np
import statsmodels.api as sm

random = np.random.default_rng(20260301)
n = 120
x = np.column_stack([
    np.round(random.normal(size=n), 2), np.round(10 + 3 * random.normal(size=n), 2),
    random.integers(0, 2, n)])
b = np.array([[0, 0, 0, 0], [-1, 0.8, 0.1, 0.5], [2, -0.5, -0.2, 1]])
design = sm.add_constant(x)
p = np.exp(design @ b.T)
p /= p.sum(axis=1, keepdims=True)
y = np.array([random.choice(3, p=row) for row in p])
fit = sm.MNLogit(y, design).fit(method="newton", maxiter=100, tol=1e-14, disp=0)
effects = fit.get_margeff(at="overall")
beta = np.asarray(fit.params).T.ravel()
covariance = np.asarray(fit.cov_params())


def odds(parameters, row):
    z = np.concatenate([[0], parameters.reshape(2, 4) @ row])
    q = np.exp(z) / np.exp(z).sum()
    return np.log(q / (1 - q))


def change(parameters):
    high, low = design.copy(), design.copy()
    high[:, 3], low[:, 3] = 1, 0
    shares = []
    for rows in (high, low):
        z = np.column_stack([np.zeros(n), rows @ parameters.reshape(2, 4).T])
        q = np.exp(z)
        shares.append((q / q.sum(axis=1, keepdims=True)).mean(axis=0))
    return shares[0] - shares[1]


def slopes(function):
    step = 1e-5
    return np.array([
        (function(beta + step * e) - function(beta - step * e)) / (2 * step)
        for e in np.eye(len(beta))])


jacobian = slopes(change)
changeErrors = np.sqrt(np.diag(jacobian.T @ covariance @ jacobian))
rows = []
for row in design[:5]:
    center = odds(beta, row)
    gradient = slopes(lambda parameters: odds(parameters, row))
    half = 1.2815515655446004 * np.sqrt(np.diag(gradient.T @ covariance @ gradient))
    rows.append([(1 / (1 + np.exp(-(center - half)))).tolist(),
                 (1 / (1 + np.exp(-(center + half)))).tolist()])

(pathlib.Path(__file__).parent / "effects.json").write_text(json.dumps({
    "features": x.tolist(), "classes": y.tolist(),
    "effects": effects.margeff.tolist(), "standard_errors": effects.margeff_se.tolist(),
    "change": change(beta).tolist(), "change_errors": changeErrors.tolist(),
    "intervals_80": rows}) + "\n")
