#!/usr/bin/env bash
# Install what is missing and nothing else. Repeatable; the second time it only looks.
#   ops/setup.sh run    what a running hotline needs
#   ops/setup.sh test   that, and what the tests need
# Debian 12 and later; Ubuntu 24.04 by the same steps (not tried).
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

packages=()
need() { has "$1" || packages+=("$2"); }

need espeak-ng espeak-ng
need ffmpeg ffmpeg
need sox sox
need baresip baresip-core
need setpriv util-linux
need useradd passwd
need ip iproute2
if ! has asterisk && [ ! -x .build/asterisk-root/usr/sbin/asterisk ]; then
  need mmdebstrap mmdebstrap
  [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || packages+=(debian-archive-keyring)
fi
# Python as other users can reach it too: one below /root is of no use to an unprivileged process.
python=$(command -v /usr/bin/python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  packages+=(python3); python=/usr/bin/python3
fi
"$python" -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
if [ "$kind" = test ]; then
  need sipp sip-tester
  need chromium chromium
  # Chinese in the browser tests' pictures.
  ls /usr/share/fonts/truetype/wqy/*.ttc >/dev/null 2>&1 || packages+=(fonts-wqy-zenhei)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
fi
if [ ${#packages[@]} -gt 0 ]; then
  say "系统软件包 system packages: ${packages[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${packages[@]}" >/dev/null
fi

# uv, pinned, in a virtual environment of its own.
uv=.build/uv/bin/uv
if [ ! -x "$uv" ]; then
  say "安装 uv installing uv"
  "$python" -m venv .build/uv
  .build/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
    -r ops/requirements/uv.txt
fi

# The environment: exactly the locked packages, checked by hash. Tests need more; having had them
# once, `run` does not take them away again.
[ "$kind" != test ] || touch .build/with-tests
lock=ops/requirements/base.txt
[ ! -e .build/with-tests ] || lock=ops/requirements/test.txt
stamp=.build/env-$(cat "$lock" pyproject.toml | sha256sum | cut -c1-16)
if [ ! -e "$stamp" ] || [ ! -x .venv/bin/hotline ]; then
  say "Python 软件包 Python packages ($lock)"
  [ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv
  "$uv" pip sync --quiet --python .venv --require-hashes "$lock"
  "$uv" pip install --quiet --python .venv --no-deps --no-build-isolation --no-index -e .
  # Compiled once, here: the processes run as a user who may not write beside the sources.
  .venv/bin/python -m compileall -q -j 0 .venv/lib agi_scripts api asr asterisk_conf callflow cli \
    config domain ivr prompts services storage telephony >/dev/null || true
  rm -f .build/env-*
  touch "$stamp"
fi

[ "$kind" != run ] || ops/web.sh build

# An Asterisk: the host's own if it has one, else a private Debian root (about 350 MB).
if ! has asterisk && [ ! -x .build/asterisk-root/usr/sbin/asterisk ]; then
  say "准备 Asterisk（私有 Debian 根目录，约 350 MB）preparing a private Asterisk"
  rm -rf .build/asterisk-root.new
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
    2>/dev/null | grep -v -- '-security' | head -n 1 || true)
  as_root mmdebstrap --quiet --variant=minbase --mode=auto \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=asterisk,asterisk-modules,ca-certificates \
    forky .build/asterisk-root.new ${mirror:+"$mirror"}
  as_root mv .build/asterisk-root.new .build/asterisk-root
fi

# Tests build a city's graph as hotline asr adapt does.
if [ "$kind" = test ]; then ops/locked_env.sh graph; fi
