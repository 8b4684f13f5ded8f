"""The map of counties and clusters as one file that needs no network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from gaoyuan.errors import InputError
from gaoyuan.report.map_data import read_map_data
from gaoyuan.report.packing import pack
from gaoyuan.report.script_page import built, script_page
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
            "the folder for the map does not exist",
            where=str(target.parent),
            mend="Make it, or name another.",
            zh="没有放地图的文件夹",
            mend_zh="先新建它，或换一个",
        )
    if target.is_dir():
        raise InputError(
            "this is a folder",
            where=str(target),
            mend=f"Name a file in it: {target / 'map.html'}",
            zh="这是文件夹",
            mend_zh=f"写明其中的文件：{target / 'map.html'}",
        )
    script, style = built(_SCRIPT), built(_STYLE)
    title = f"{workspace.path.resolve().name} · 高原产业集群地图"
    data = read_map_data(workspace, workspace.path.resolve().name)
    page = script_page(title, script, style, pack(data.header, data.arrays), blobs=True).encode("utf-8")
    partial = target.with_name(f".{target.name}.partial")
    partial.write_bytes(page)
    partial.replace(target)
    return MapSummary(target, round(len(page) / _MEGABYTE, 2), data.counties, data.industries, data.clusters)
