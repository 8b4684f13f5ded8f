#!/usr/bin/env bash
# Makes the environment .venv with every extra and the development tools, from the locked and hashed requirements.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3.11}"
command -v "$python" >/dev/null || python=python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Gaoyuan needs Python 3.11 or newer; $python is $("$python" -V). Install it, or name another one: make setup PYTHON=/path/to/python" >&2
    exit 2
}

if [ ! -x .venv/bin/python ]; then
    log="$(mktemp)"
    trap 'rm -f "$log"' EXIT
    if ! "$python" -m venv .venv 2>"$log"; then
        # Debian ships the venv module in a package of its own.
        package="$("$python" -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")')"
        rm -rf .venv
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            apt-get update -qq && apt-get install -y -qq "$package" >/dev/null
            "$python" -m venv .venv
        else
            cat "$log" >&2
            echo "Python cannot make an environment. As an administrator: apt-get install $package" >&2
            exit 2
        fi
    fi
fi

stamp=".venv/.gaoyuan-$(cat requirements/bootstrap.txt requirements/dev.txt pyproject.toml | sha256sum | cut -c1-16)"
if [ ! -e "$stamp" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
    .venv/bin/uv pip sync --quiet --require-hashes --python .venv/bin/python requirements/bootstrap.txt requirements/dev.txt
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
    rm -f .venv/.gaoyuan-*
    touch "$stamp"
fi
