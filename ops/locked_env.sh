#!/usr/bin/env bash
# An environment of its own with exactly the packages of a lock file:
#   ops/locked_env.sh graph    .build/graph, for hotline asr adapt (30 MB)
#   ops/locked_env.sh train    .build/train, for make model (torch: gigabytes)
# Not the program's own environment: these libraries must not meet libvosk in one process.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1
lock=ops/requirements/$kind.txt
venv=.build/$kind
stamp=$venv/$(sha256sum "$lock" | cut -c1-16)
[ -e "$stamp" ] && exit 0
ops/setup.sh run
[ -x "$venv/bin/python" ] || .build/uv/bin/uv venv --quiet --python /usr/bin/python3 "$venv"
.build/uv/bin/uv pip sync --quiet --python "$venv" --require-hashes "$lock"
touch "$stamp"
