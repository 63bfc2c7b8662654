#!/usr/bin/env bash
# Rebuild the embedded speech model into .build/model (about an hour on two cores).
# docs/howto/speech-model.md tells each step, and how to put the result in place.
set -euo pipefail
cd "$(dirname "$0")/.."
ops/setup.sh run
venv=.build/train
if [ ! -x "$venv/bin/python" ]; then
  # An environment of its own: the training tools must not meet libvosk in one process.
  /usr/bin/python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check \
    jieba kaldi-native-fbank kaldifst kaldilm numpy pypinyin 'torch==2.13.0' vosk
fi
exec "$venv/bin/python" -m asr.training build --out .build/model "$@"
