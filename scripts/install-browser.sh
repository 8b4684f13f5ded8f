#!/usr/bin/env bash
# Installs Chromium and a Chinese font, which the tests of the map page need.
set -euo pipefail

found() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

if found && fc-list :lang=zh 2>/dev/null | grep -q .; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
else
    echo "The tests of the map page are left out: they need Chromium. As an administrator: apt-get install chromium fonts-noto-cjk" >&2
fi
