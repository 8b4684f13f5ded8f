#!/usr/bin/env bash
# Runs a command on a PostgreSQL server of its own: scripts/with-postgresql.sh COMMAND...
# The server is Debian's, runs as an unprivileged user in a new folder, listens on a socket in it alone, and is gone
# afterwards. The command finds it by DATABASE_URL. Root installs what is missing; where it cannot be had, the script says
# what to install and ends with 0 without running the command, or with 3 where GAOYUAN_REQUIRE_POSTGRESQL is 1. Where
# GAOYUAN_POSTGRESQL_FSYNC is off, the server does not wait for the disk: enough for what is thrown away.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }

programs() {
    local found
    found="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)"
    [ -x "$found/initdb" ] && { echo "$found"; return; }
    found="$(command -v initdb 2>/dev/null)" && dirname "$(readlink -f "$found")"
}

bin="$(programs || true)"
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # The cluster that the package would make and start is not wanted.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null || true
    bin="$(programs || true)"
fi
if [ -z "$bin" ]; then
    echo "NOT RUN on PostgreSQL: its server is missing. As an administrator: apt-get install postgresql" >&2
    [ "${GAOYUAN_REQUIRE_POSTGRESQL:-0}" = 1 ] && exit 3
    exit 0
fi

# The server refuses to run as root; its package has made a user for it.
as=()
if [ "$(id -u)" = 0 ]; then
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    as=(setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups)
fi
# A socket's path may have 107 letters, so the folder is always a short one.
folder="$(TMPDIR= mktemp -d -t gaoyuan-pg.XXXXXX)"
stop() {
    [ ! -e "$folder/data/postmaster.pid" ] || (cd / && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null) || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
[ ${#as[@]} = 0 ] || chown "$owner" "$folder"
chmod 755 "$folder"

(
    cd /
    "${as[@]}" "$bin/initdb" -D "$folder/data" -U gaoyuan -A trust -E UTF8 --locale=C.UTF-8 >"$folder/log" 2>&1
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/server.log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c max_connections=200 -c fsync=${GAOYUAN_POSTGRESQL_FSYNC:-on}" start >>"$folder/log" 2>&1
    "$bin/createdb" -h "$folder" -U gaoyuan gaoyuan
) || { cat "$folder/log" "$folder/server.log" >&2; exit 1; }

export DATABASE_URL="postgres://gaoyuan@${folder//\//%2F}/gaoyuan"
"$@"
