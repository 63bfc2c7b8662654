#!/usr/bin/env bash
# Rebuild the embedded speech model into .build/model (about two hours on two cores).
# docs/howto/speech-model.md tells each step, and how to put the result in place.
set -euo pipefail
cd "$(dirname "$0")/.."
ops/locked_env.sh train
ops/everyday_words.sh .build/everyday
exec .build/train/bin/python -m asr.training build --out .build/model \
  --everyday .build/everyday/lm_sc.arpa "$@"
