"""The probabilities of four rows under model-v1.json, with 50 digits and no code of this project.

    python3 predictions.py

Needs mpmath. The rows are those of ModelFileFixture.rows; None is a missing cell.
"""
import json
import pathlib

import mpmath as mp

mp.mp.dps = 50
text = (pathlib.Path(__file__).parent / "model-v1.json").read_text()
model = json.loads(text)
sources = model["encoding"]["sources"]
rows = [{"color": "red", "age": 40}, {"color": "blue", "age": 33.25}, {"color": None, "age": 41},
        {"color": "red", "age": None}]


def factor(row, factor):
    source = sources[factor["source"]]
    cell = row[source["name"]]
    if factor["kind"] == "absence":
        return mp.mpf(cell is None)
    if source["kind"] == "factor":
        level = source["substitute"] if cell is None else source["levels"].index(cell)
        return mp.mpf(level == factor["level"])
    return mp.mpf(source["substitute"] if cell is None else cell)


for row in rows:
    x = [mp.fprod(factor(row, f) for f in column) for column in model["encoding"]["columns"]]
    standard = model["standardization"]
    x = [(v - mp.mpf(c)) / mp.mpf(s) for v, c, s in zip(x, standard["centers"], standard["scales"])]
    logits = [mp.fsum(mp.mpf(w) * v for w, v in zip(weights, x)) + mp.mpf(b)
              for weights, b in zip(model["model"]["weights"], model["model"]["intercepts"])]
    total = mp.fsum(mp.exp(z) for z in logits)
    print([mp.nstr(mp.exp(z) / total, 20) for z in logits])
