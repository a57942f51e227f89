#!/bin/sh
# Starts a PostgreSQL of its own on loopback, runs a command with GOODOFFICES_DATABASE set to it, and stops it: postgres.sh COMMAND ...
set -eu
initdb=$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1)
[ -n "$initdb" ] || { echo "PostgreSQL's programs were not found: nothing was run" >&2; exit 2; }
bin=$(dirname "$(readlink -f "$initdb")")
PATH=$bin:$PATH
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as() { su postgres -s /bin/sh -c "cd / && $1"; } # the server refuses to be run by root
else
    as() { sh -c "$1"; }
fi
trap 'as "\"$bin/pg_ctl\" -D \"$folder/data\" -m immediate stop" >/dev/null 2>&1; rm -rf "$folder"' EXIT
trap 'exit 143' TERM INT
as "\"$bin/initdb\" -D \"$folder/data\" -A trust -U desk" >/dev/null
as "\"$bin/pg_ctl\" -D \"$folder/data\" -w -l \"$folder/log\" -o \"-k $folder -h 127.0.0.1 -p $port\" start" >/dev/null
as "\"$bin/createdb\" -h 127.0.0.1 -p $port -U desk desk"
GOODOFFICES_DATABASE=postgresql://desk@127.0.0.1:$port/desk "$@"
