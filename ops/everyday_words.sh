#!/usr/bin/env bash
# Fetch the everyday Chinese language model (lm_sc.arpa, 73 MB) out of Debian's source of libime
# (LGPL-2.1+) into the folder given; docs/decisions/0050 says why this one.
# Needs dpkg-dev's apt-get only: no root, and the machine's own apt sources stay as they are.
set -euo pipefail
into=$1
[ -s "$into/lm_sc.arpa" ] && exit 0
mkdir -p "$into"
work=$(mktemp -d "$into/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/parts" "$work/lists/partial"
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -f "$list" ] && sed -n 's/^deb /deb-src /p' "$list" >> "$work/parts/source.list"
done
for list in /etc/apt/sources.list.d/*.sources; do
  [ -f "$list" ] && sed 's/^Types:.*/Types: deb-src/' "$list" > "$work/parts/$(basename "$list")"
done
apt=(apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::State::lists=$work/lists")
"${apt[@]}" update
(cd "$work" && "${apt[@]}" source --download-only libime)
tar -C "$work" -xf "$work"/libime_*.orig.tar.xz --wildcards '*/data/lm_sc.arpa-*.tar.xz' --strip-components=2
tar -C "$work" -xf "$work"/lm_sc.arpa-*.tar.xz
mv "$work/lm_sc.arpa" "$into/"
