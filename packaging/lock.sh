#!/bin/sh
# Resolves the three universal, hash-locked lists anew; each holds the one before it at the same versions.
set -eu
compile() { uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml "$@"; }
compile --group build -o requirements.lock
compile --group dev -c requirements.lock -o requirements-dev.lock
compile --group dev --group bench -o requirements-bench.lock  # on its own: nomenklatura wants an older duckdb
