"""Faces that people keep: the map page, and documents as PDF, Word file or web page.

`write_map` makes the map page of a workspace, `write_annual_report` the annual report of a cluster. A report is a
`Document` of blocks that `write_document` writes as .pdf, .docx or .html; the blocks are in `gaoyuan.report.document`,
the charts for its figures in `gaoyuan.report.charts` and `gaoyuan.report.footprint_map`. What is named here is loaded
when first used, for what draws and sets pages takes a while.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaoyuan.report.annual_report import write_annual_report
    from gaoyuan.report.document import Document
    from gaoyuan.report.map_page import MapSummary, write_map
    from gaoyuan.report.writing import write_document

__all__ = ["Document", "MapSummary", "write_annual_report", "write_document", "write_map"]

_MODULE_OF = {
    "Document": "document",
    "MapSummary": "map_page",
    "write_annual_report": "annual_report",
    "write_document": "writing",
    "write_map": "map_page",
}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
