#!/usr/bin/env bash
# Write the lock files anew: exact versions and hashes, no download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { .build/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
  --no-annotate --no-header --no-emit-index-url --no-emit-find-links "$@"; }
compile pyproject.toml -o ops/requirements/base.txt
compile pyproject.toml --extra test -o ops/requirements/test.txt
compile ops/requirements/graph.in -o ops/requirements/graph.txt
compile ops/requirements/train.in -o ops/requirements/train.txt
