"""The log's files in the portal's database: SQLite and PostgreSQL keep the two promises of a store by themselves.

All that is written within `alone` becomes visible and lasting at once, with the end of the outermost transaction, or
not at all: so an append stands in the log if, and only if, the rows that it was made for stand in their tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction

from gaoyuan.portal.evidence.models import LogFile
from gaoyuan.trust.merkle import HASH_SIZE
from gaoyuan.trust.tiles import TILE_WIDTH, bundle_entries, write_bundle

__all__ = ["DatabaseStore"]

_LOCK = ".lock"


class DatabaseStore:
    """A store (`gaoyuan.trust.Store`) over one table. A partial tile is kept in the row of the full one that it
    becomes, so that the table has one row a tile, however often the log grew.
    """

    def read(self, path: str) -> bytes | None:
        """Give what stands there, None where there is nothing."""
        name, width = _row_of(path)
        row = LogFile.objects.filter(path=name).values_list("width", "content").first()
        if row is None or row[0] < width:
            return None
        held, content = row[0], bytes(row[1])
        if held == width:
            return content
        if "/entries/" in name:
            return write_bundle(bundle_entries(content, width, path))
        return content[: width * HASH_SIZE]

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, over what may stand there."""
        rows = [LogFile(path=name, width=width, content=content) for (name, width), content in _rows(files)]
        with transaction.atomic():
            LogFile.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["path"], update_fields=["width", "content"]
            )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all others from writing until the transaction ends, in which it stands."""
        with transaction.atomic():
            LogFile.objects.bulk_create([LogFile(path=_LOCK, content=b"")], ignore_conflicts=True)
            LogFile.objects.select_for_update().only("path").get(path=_LOCK)
            yield


def _rows(files: Mapping[str, bytes]) -> list[tuple[tuple[str, int], bytes]]:
    return [(_row_of(path), content) for path, content in files.items()]


def _row_of(path: str) -> tuple[str, int]:
    """Give the row of a path, and the width that is asked for; a checkpoint has none."""
    name, partial, width = path.partition(".p/")
    if partial:
        return name, int(width) if width.isascii() and width.isdigit() and len(width) <= 3 else TILE_WIDTH + 1
    return (name, TILE_WIDTH) if name.startswith("tile/") else (name, 0)
