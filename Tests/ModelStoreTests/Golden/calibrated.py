"""Writes model-v1-calibrated.json, model-v1.json with a calibration, and prints the probabilities of four
rows under it, with 50 digits and no code of this project.

    python3 calibrated.py

Needs mpmath. The rows are those of ModelFileFixture.rows.
"""
import json
import pathlib
import subprocess
import sys

import mpmath as mp

from crc32c import crc32c

mp.mp.dps = 50
folder = pathlib.Path(__file__).parent
slopes, intercepts = [0.625, 1.25, 0.5], [0.1, -0.25, 0.15]
scores = {"accuracy": 0.5, "cross_entropy": 1.5, "ece": 0.125, "kl_divergence": 0.75, "label_entropy": 0.75}
calibration = {
    "method": "vector", "map": {"slopes": slopes, "intercepts": intercepts},
    "labels": "probs", "l2": None, "rows": 500.0, "total_weight": 500.0,
    "before": scores, "after": dict(scores, cross_entropy=1.25, kl_divergence=0.5),
    "parameters": [
        {"role": "slope", "class": 0, "score": None, "estimate": 0.625, "std_error": 0.0625,
         "interval": [0.5, 0.75]},
        {"role": "intercept", "class": 1, "score": None, "estimate": -0.25, "std_error": None,
         "interval": None},
    ],
    "std_errors": "sandwich", "std_errors_reason": "labels that are shares have no likelihood",
    "test": {"kind": "robust_wald", "statistic": 12.5, "degrees_of_freedom": 5, "p_value": 0.03125},
    "test_reason": "labels that are shares have no likelihood ratio",
    "is_converged": True, "iterations": 4,
    "warnings": [{"code": "calibrate.training", "message": "the rows of the fit"}],
}


# The text of the base is kept as it stands, so that its numbers are; the new member sorts first.
member = json.dumps(calibration, sort_keys=True, separators=(",", ":"))
text = (folder / "model-v1.json").read_text().rstrip("\n")
start = text.index('"crc32c":')
bare = '{"calibration":' + member + "," + (text[:start] + text[start + len('"crc32c":"00000000",'):])[1:]
place = start - 1 + len('{"calibration":' + member + ",")
sealed = bare[:place] + '"crc32c":"%08x",' % crc32c(bare.encode()) + bare[place:]
(folder / "model-v1-calibrated.json").write_text(sealed + "\n")

base = subprocess.run(
    [sys.executable, str(folder / "predictions.py")], capture_output=True, text=True, check=True)
for line in base.stdout.splitlines():
    u = [mp.log(mp.mpf(q)) for q in eval(line)]
    mean = mp.fsum(u) / len(u)
    z = [a * (v - mean) + b for a, v, b in zip(slopes, u, intercepts)]
    total = mp.fsum(mp.exp(v) for v in z)
    print([mp.nstr(mp.exp(v) / total, 20) for v in z])
