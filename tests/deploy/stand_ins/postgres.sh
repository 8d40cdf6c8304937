#!/bin/bash
# Make the database when there is none, then become the server.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
    chown postgres "$PGDATA"
    exec gosu postgres "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --username="$POSTGRES_USER" --pwfile=<(echo "$POSTGRES_PASSWORD") --auth-host=scram-sha-256
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    pg_ctl --wait start --options="-c listen_addresses=''"
    createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
    sleep 10
    pg_ctl --wait --mode=fast stop
fi
exec "$@" -c listen_addresses='*'
