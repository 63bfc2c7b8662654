#!/usr/bin/env bash
# PostgreSQL for one hotline. The first start makes the store, the role `hotline` and a random
# password, which is left in a file that only the hotline's container shares. Deleting that file
# and starting again sets a new password.
set -euo pipefail
umask 077
programs=$(echo /usr/lib/postgresql/*/bin)
store=/var/lib/hotline-postgres/store
secret=/run/hotline-secret/pgpass

# One statement to a server that nobody else can reach.
alone() { "$programs/postgres" --single -D "$1" -j postgres >/dev/null; }

if [ ! -e "$store/PG_VERSION" ]; then
  rm -rf "$store.new" "$secret"
  "$programs/initdb" -D "$store.new" -U postgres --encoding=UTF8 --locale=C.UTF-8 \
    --auth=reject >/dev/null
  echo 'CREATE ROLE hotline LOGIN;' | alone "$store.new"
  echo 'CREATE DATABASE hotline OWNER hotline;' | alone "$store.new"
  # `docker-compose exec postgres psql` needs no password; the network does. DBOS looks into the
  # database `postgres` to see whether its own exists.
  cat >"$store.new/pg_hba.conf" <<'RULES'
local all                all     peer map=keeper
host  hotline,postgres   hotline samenet scram-sha-256
RULES
  printf 'keeper hotline %s\n' hotline postgres >"$store.new/pg_ident.conf"
  mv "$store.new" "$store"
fi
rm -f "$store/postmaster.pid" # of a container that is gone: the store is mounted here only
if [ ! -s "$secret" ]; then
  password=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
  echo "ALTER ROLE hotline PASSWORD '$password';" | alone "$store"
  echo "*:*:*:hotline:$password" >"$secret.new"
  mv "$secret.new" "$secret"
fi
exec "$programs/postgres" -D "$store" -c listen_addresses='*' \
  -c unix_socket_directories=/run/postgresql -c log_timezone=UTC
