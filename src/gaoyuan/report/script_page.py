"""A page with a script and its data in one file that needs no network; its content security policy forbids it any."""

from __future__ import annotations

import base64
import hashlib
import html
from importlib.resources import files

from gaoyuan.errors import ExtraMissing


def built(name: str) -> str:
    """Give a part of the built pages, such as `map.js`; raises ExtraMissing where it was not built."""
    part = files("gaoyuan.report") / "static" / name
    if not part.is_file():
        raise ExtraMissing(
            f"the script of the page has not been built ({name} is missing)",
            mend="In a checkout run: make setup",
            zh=f"页面的脚本尚未生成（缺 {name}）",
            mend_zh="在源码目录中运行：make setup",
        )
    return part.read_text(encoding="utf-8")


def script_page(title: str, script: str, style: str, packed: bytes, *, blobs: bool = False) -> str:
    """Put a page together from its script, its style, and its data as `gaoyuan.report.packing.pack` gives them.

    Only this script and this style may run; with `blobs` also what the script makes itself: workers and pictures. The
    data are base64, so nothing in them can end their element.
    """
    script = script.replace("</script", r"<\/script").replace("<!--", r"<\!--")
    style = style.replace("</style", r"<\/style")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'" + (" blob:" if blobs else ""),
            *(("worker-src blob:",) if blobs else ()),
            f"style-src '{_hash(style)}'",
            "img-src data:" + (" blob:" if blobs else ""),
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light">
<link rel="icon" href="data:,">
<title>{html.escape(title)}</title>
<style>{style}</style>
</head>
<body>
<div id="app"><noscript>此页需要 JavaScript。This page needs JavaScript.</noscript></div>
<script id="data" type="application/octet-stream;base64">{base64.b64encode(packed).decode("ascii")}</script>
<script>{script}</script>
</body>
</html>
"""


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
