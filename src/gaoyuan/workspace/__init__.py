"""A folder of versioned tables, the engine that queries them, and the provenance of every run.

What is named here is loaded when first used, for the engine takes time and memory.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gaoyuan.workspace.runs import Json, Run
    from gaoyuan.workspace.schema import Column, TableSchema
    from gaoyuan.workspace.store import TableState, Workspace, create_workspace, open_workspace
    from gaoyuan.workspace.tables import COMPARISON, SCHEMAS, THEME

__all__ = [
    "COMPARISON",
    "SCHEMAS",
    "THEME",
    "Column",
    "Json",
    "Run",
    "TableSchema",
    "TableState",
    "Workspace",
    "create_workspace",
    "open_workspace",
]

_MODULE_OF = {
    "COMPARISON": "tables",
    "SCHEMAS": "tables",
    "THEME": "tables",
    "Column": "schema",
    "Json": "runs",
    "Run": "runs",
    "TableSchema": "schema",
    "TableState": "store",
    "Workspace": "store",
    "create_workspace": "store",
    "open_workspace": "store",
}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
