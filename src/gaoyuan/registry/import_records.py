"""The record of imports: which file was read as what, by which mapping, with which outcome.

One file can be imported as different kinds, such as a list of titles that is also a register: each has its own record
and its own rejected rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from gaoyuan.registry.columns import FileKind
from gaoyuan.workspace import SCHEMAS

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

FILE_DIGITS = 16
"""How many digits of its SHA-256 name a file in the tables."""


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_file(kind: FileKind, file: str) -> str:
    """Give the condition, in SQL, of the rows of a file of a kind in the tables `import` and `rejected`."""
    return f"file = '{file}' AND kind = '{kind}'"


def held_record(workspace: Workspace, kind: FileKind, digest: str, mapping: str | None = None) -> dict[str, Any] | None:
    """Give the record of a file that was imported as a kind by a mapping (by any where it is None), else None."""
    if not workspace.has("import"):
        return None
    held = workspace.table("import")
    held = held.filter((held.sha256 == digest) & (held.kind == kind))
    found = workspace.to_arrow(held if mapping is None else held.filter(held.mapping == mapping)).to_pylist()
    return found[0] if found else None


def stands(workspace: Workspace, table: str, record: dict[str, Any]) -> bool:
    """Whether all rows of a table that an import wrote still stand there: none has been replaced from another file."""
    if not workspace.has(table):
        return False
    held = workspace.table(table)
    return (
        int(workspace.to_arrow(held.filter(held.file == record["file"]).select("row")).num_rows) == record["accepted"]
    )


def import_record(
    kind: FileKind,
    path: Path,
    digest: str,
    mapping: str,
    *,
    rows: int,
    accepted: int,
    rejected: int,
    updated: int,
    datum: str | None = None,
) -> pa.Table:
    """Make the row of the table `import` for a file that has been imported now."""
    row = {
        "file": digest[:FILE_DIGITS],
        "file_name": path.name,
        "kind": kind,
        "sha256": digest,
        "mapping": mapping,
        "rows": rows,
        "accepted": accepted,
        "rejected": rejected,
        "updated": updated,
        "datum": datum,
        "imported": dt.datetime.now(dt.UTC),
    }
    schema = pa.schema([field for field in SCHEMAS["import"].arrow if field.name != "run"])
    return pa.Table.from_pylist([row], schema=schema)
