"""A folder of versioned tables, the engine that queries them, and the provenance of every run."""

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
