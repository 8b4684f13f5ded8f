"""Faces that people keep: the map page as one file."""

from __future__ import annotations

from gaoyuan.report.map_page import MapSummary, write_map

__all__ = ["MapSummary", "write_map"]
