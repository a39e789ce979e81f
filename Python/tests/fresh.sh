#!/usr/bin/env bash
# Installs a wheel in a new virtual environment with nothing but numpy, and uses it: Python/tests/fresh.sh WHEEL.
set -euo pipefail
wheel=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/environment"
python=$folder/environment/bin/python
"$python" -m pip install --quiet "$wheel"
"$python" -m pip list --format freeze
size=$(stat -c %s "$wheel")
echo "wheel: $((size / 1000)) kB"
test "$size" -lt 10000000
unset PYTHONPATH SURPRISAL_LIBRARY
cd "$folder"
library=$("$python" -c 'import surprisal_ml, os; print(os.path.dirname(surprisal_ml.__file__))')/libsurprisal.so
ldd "$library"
if ldd "$library" | grep -Ei 'swift|foundation|icu'; then exit 1; fi
"$python" - <<'PYTHON'
import numpy as np; from surprisal_ml import SoftmaxClassifier
X, P = np.random.default_rng(0).normal(size=(50, 2)), np.random.default_rng(1).dirichlet(np.ones(3), 50)
model = SoftmaxClassifier(l2=1e-3).fit(X, P)
model.save("model.json")
assert (SoftmaxClassifier.load("model.json").predict_proba(X) == model.predict_proba(X)).all()
PYTHON
"$python" - <<'PYTHON'
import subprocess, sys
# Seconds of the processor, the best of ten processes: this import without and with the one of numpy.
code = "import time, numpy{}; start = time.process_time(); import surprisal_ml; print(time.process_time() - start)"
times = [float(subprocess.run([sys.executable, "-c", code.format("")], capture_output=True, text=True).stdout)
         for _ in range(10)]
code = "import time; start = time.process_time(); import surprisal_ml; print(time.process_time() - start)"
whole = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
         for _ in range(10)]
print(f"import: {1e3 * min(times):.1f} ms after numpy, {1e3 * min(whole):.1f} ms with it")
assert min(times) < 0.1
PYTHON
echo "the wheel works with numpy alone"
