"""Writes polygamma.json: values of digamma, trigamma and Stirling remainders at 50 digits.

Needs mpmath. Run in this folder: python3 polygamma.py
"""
import json
from mpmath import mp, mpf, psi, log, loggamma, pi

mp.dps = 50
arguments = [1e-320, 1e-300, 1e-160, 1e-100, 1e-20, 1e-8, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.75, 1.0, 1.25,
             1.4616321449683622, 1.5, 2.0, 2.5, 3.0, 5.5, 7.0, 9.0, 9.999999, 10.0, 10.5, 12.0, 20.0,
             55.5, 100.0, 1234.5, 1e5, 1e8, 1e12, 1e20, 1e100, 1e300]


def row(argument):
    mp.dps = 50 if 1e-20 < argument < 1e20 else 700
    x = mpf(argument)
    values = {
        "digamma": psi(0, x),
        "trigamma": psi(1, x),
        "scaled_deficit": x * (log(x) - psi(0, x)),
        "scaled_excess": x * x * psi(1, x) - x,
        "stirling_remainder": loggamma(x) - (x - mpf(1) / 2) * log(x) + x - log(2 * pi) / 2,
    }
    def number(value):
        value = float(value)
        return "inf" if value == float("inf") else "-inf" if value == float("-inf") else value
    return {"note": repr(argument), "x": argument} | {k: number(v) for k, v in values.items()}


with open("polygamma.json", "w") as file:
    json.dump({"rows": [row(x) for x in arguments]}, file, indent=1)
    file.write("\n")
