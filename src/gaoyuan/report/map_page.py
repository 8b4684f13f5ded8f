"""The map of counties and clusters as one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import html
import os
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from gaoyuan.errors import ExtraMissing, InputError
from gaoyuan.report.map_data import read_map_data
from gaoyuan.report.packing import pack
from gaoyuan.workspace import Workspace

_SCRIPT, _STYLE = "map.js", "map.css"
_MEGABYTE = 1_000_000


class MapSummary(NamedTuple):
    """A map page that was written: where, how large, and what it shows."""

    file: Path
    megabytes: float
    counties: int
    industries: int
    clusters: int

    def __str__(self) -> str:
        return (
            f"地图 map: {self.file} ({self.megabytes:.1f} MB), {self.counties:,} 个县区 counties, "
            f"{self.industries:,} 个行业小类 classes of industry, {self.clusters:,} 个集群 clusters; "
            "用任何浏览器打开，无需网络 opens in any browser, without a network"
        )


def write_map(workspace: Workspace, file: str | os.PathLike[str]) -> MapSummary:
    """Write the map page of a workspace: counties by industry, the clusters with their figures, and the notices.

    The page is one HTML file that loads nothing, and its content security policy forbids it to. Sizes are in megabytes
    of 10⁶ bytes. Raises StepMissing where `gaoyuan observe` has not been run, ExtraMissing where the page's script was
    not built, InputError where the file's folder does not exist.
    """
    target = Path(file)
    if not target.parent.is_dir():
        raise InputError(
            "the folder for the map does not exist", where=str(target.parent), mend="Make it, or name another."
        )
    if target.is_dir():
        raise InputError("this is a folder", where=str(target), mend=f"Name a file in it: {target / 'map.html'}")
    script, style = _built(_SCRIPT), _built(_STYLE)
    title = f"{workspace.path.resolve().name} · 高原产业集群地图"
    data = read_map_data(workspace, workspace.path.resolve().name)
    page = _page(title, script, style, pack(data.header, data.arrays)).encode("utf-8")
    partial = target.with_name(f".{target.name}.partial")
    partial.write_bytes(page)
    partial.replace(target)
    return MapSummary(target, round(len(page) / _MEGABYTE, 2), data.counties, data.industries, data.clusters)


def _built(name: str) -> str:
    """Give a part of the built page; raises ExtraMissing where it was not built."""
    part = files("gaoyuan.report") / "static" / name
    if not part.is_file():
        raise ExtraMissing(
            f"the script of the map page has not been built ({name} is missing)",
            mend="In a checkout run: make setup",
        )
    return part.read_text(encoding="utf-8")


def _page(title: str, script: str, style: str, packed: bytes) -> str:
    """Put the page together. The data are base64, so nothing in them can end their element."""
    script = script.replace("</script", r"<\/script").replace("<!--", r"<\!--")
    style = style.replace("</style", r"<\/style")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}' blob:",
            "worker-src blob:",
            f"style-src '{_hash(style)}'",
            "img-src data: blob:",
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
