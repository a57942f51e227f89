#!/bin/sh
# Makes the environment that the stamp lies in from a hash-locked list and installs the project into it: venv.sh PYTHON UV LOCK STAMP
set -eu
python=$1 uv=$2 lock=$3 stamp=$4
venv=$(dirname "$stamp")
[ -n "$python" ] || { echo "Python 3.11 or newer was not found; set PYTHON=/path/to/python" >&2; exit 2; }
echo "Setting up $venv from $lock (first time only) ..." >&2
if [ -n "$uv" ]; then
    [ -x "$venv/bin/python" ] || "$uv" venv -q --python "$python" "$venv"
    "$uv" pip install -q --python "$venv/bin/python" --compile-bytecode --require-hashes -r "$lock"
    "$uv" pip install -q --python "$venv/bin/python" --no-build-isolation --no-deps -e .
else
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
fi
date > "$stamp"
