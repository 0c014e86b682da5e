#!/bin/sh
# Build the wheel, install it in a fresh environment and use it from another folder. usage: wheel.sh PYTHON
set -eu
python=$1
root=$(cd "$(dirname "$0")/.." && pwd)
case $python in /*) ;; *) python=$root/$python ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work/dist" "$root"
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dist/*.whl
cp "$root/rubrics/stalin-lenin-terror/draft.txt" "$work/draft.txt"
cd "$work"
venv/bin/analyser --version
venv/bin/analyser rubric list
venv/bin/analyser feedback draft.txt --rubric stalin-lenin-terror --format json > record.json
venv/bin/python - <<'PYTHON'
import json
record = json.load(open("record.json", encoding="utf8"))
assert record["schema"] == "analyser.feedback/1" and record["points"], record.keys()
print("wheel works:", record["models"])
PYTHON
if venv/bin/python -c "import torch" 2>/dev/null; then
    echo "torch must not be a run-time dependency" >&2
    exit 1
fi
# Megabytes on disk of the package and all it depends on, without pip and without the byte-code that Python adds.
size=$(find venv/lib -type f ! -path '*/__pycache__/*' ! -path '*/site-packages/pip*' ! -path '*/site-packages/setuptools*' -printf '%s\n' |
    awk '{ total += $1 } END { printf "%d", total / 1000000 }')
echo "installed: $size MB"
# 435 MB when this was written, of which spaCy and what it needs are 260 and the trained models 57.
[ "$size" -lt 450 ] || { echo "the installed package must stay under 450 MB" >&2; exit 1; }
