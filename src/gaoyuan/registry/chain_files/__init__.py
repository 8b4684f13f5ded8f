"""Importing the files of a chain: products, what they need, who makes and trades them, and input-output tables."""

from __future__ import annotations

from gaoyuan.registry.chain_files.io_tables import ImportedIoTable, import_io_table
from gaoyuan.registry.chain_files.list_import import ImportedRows, ListKind, import_list, match_again, replace_rows
from gaoyuan.registry.chain_files.makes import MAKES
from gaoyuan.registry.chain_files.products import PRODUCTS
from gaoyuan.registry.chain_files.trades import TRADES
from gaoyuan.registry.chain_files.uses import USES
from gaoyuan.workspace import Workspace

__all__ = [
    "LIST_KINDS",
    "ImportedIoTable",
    "ImportedRows",
    "ListKind",
    "import_io_table",
    "import_list",
    "match_chain",
    "replace_rows",
]

LIST_KINDS: dict[str, ListKind] = {kind.kind: kind for kind in (PRODUCTS, USES, MAKES, TRADES)}
"""The kinds of lists of a chain by name; a product comes before what refers to it."""


def match_chain(workspace: Workspace) -> None:
    """Find the firms and products of all tables of the chain anew where register or products have changed since."""
    for kind in LIST_KINDS.values():
        match_again(workspace, kind)
