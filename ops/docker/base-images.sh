#!/usr/bin/env bash
# Without a container registry: make the two base images from Debian's packages alone.
#   ops/docker/base-images.sh        as root; needs mmdebstrap and a running Docker
# Prints the two lines that docker-compose must find in its environment or in the file .env.
# The images trust the certificate authorities that this machine trusts (an office's own proxy).
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

make_base() {
  local suite=$1 image=$2
  mmdebstrap --quiet --variant=minbase --include=ca-certificates \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --customize-hook='copy-in /usr/local/share/ca-certificates /usr/local/share' \
    --customize-hook='chroot "$1" update-ca-certificates >/dev/null 2>&1' \
    "$suite" "$here/$suite.tar"
  docker import --message "debian $suite" "$here/$suite.tar" "$image" >/dev/null
  rm "$here/$suite.tar"
}

make_base bookworm hotline-base:bookworm
make_base forky hotline-base:forky
echo 'BASE=hotline-base:bookworm'
echo 'ASTERISK_BASE=hotline-base:forky'
