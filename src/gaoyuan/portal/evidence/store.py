"""The log's files in the portal's database: SQLite and PostgreSQL keep the two promises of a store by themselves.

All that is written within `alone` becomes visible and lasting at once, with the end of the outermost transaction, or
not at all: so an append stands in the log if, and only if, the rows that it was made for stand in their tables.

What an append costs is statements more than bytes, so it has three: the lock, one that reads checkpoint and edge of the
tree together, and one that writes all. Nobody else writes meanwhile, so what was read once need not be read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import local

from django.db import connection, transaction

from gaoyuan.portal.evidence.models import LogFile
from gaoyuan.trust.merkle import HASH_SIZE
from gaoyuan.trust.tiles import TILE_WIDTH, bundle_entries, write_bundle

__all__ = ["DatabaseStore"]

_LOCK = ".lock"
_TABLE = LogFile._meta.db_table

_Row = tuple[int, bytes]
"""Width and content of a row."""


class _Held(local):
    """What a thread that is alone has read, by row (None: there is none), and what it has yet to write."""

    def __init__(self) -> None:
        self.rows: dict[str, _Row | None] | None = None
        self.unwritten: dict[str, _Row] = {}
        self.edge: frozenset[str] = frozenset()


class DatabaseStore:
    """A store (`gaoyuan.trust.Store`) over one table. A partial tile is kept in the row of the full one that it
    becomes, so that the table has one row a tile, however often the log grew.
    """

    def __init__(self) -> None:
        self._held = _Held()

    def read(self, path: str) -> bytes | None:
        """Give what stands there, None where there is nothing."""
        name, width = _row_of(path)
        row = self._row(name)
        if row is None or row[0] < width:
            return None
        held, content = row
        if held == width:
            return content
        if "/entries/" in name:
            return write_bundle(bundle_entries(content, width, path))
        return content[: width * HASH_SIZE]

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files, over what may stand there; whoever is alone has them written before he is alone no more."""
        rows = {name: (width, content) for (name, width), content in _rows(files)}
        held = self._held
        if held.rows is None:
            _write(rows)
        else:
            held.rows |= rows
            held.unwritten |= rows

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all others from writing until the transaction ends, in which it stands."""
        held, before = self._held, self._held.rows
        after = before
        try:
            with transaction.atomic():
                if before is None:
                    _lock()
                self._flush()
                held.rows = dict(before or {})
                yield
                self._flush()
            after = held.rows if before is not None else None
        finally:
            # What an inner part had in mind that was rolled back is forgotten with it.
            held.rows, held.unwritten = after, {}

    def _row(self, name: str) -> _Row | None:
        held = self._held
        if held.rows is None:
            return _read([name]).get(name)
        if name not in held.rows:
            # What this thread wrote last is most likely what it needs next: asked for together, and harmless if not.
            names = [name, *(held.edge - held.rows.keys() - {name})]
            found = _read(names)
            held.rows |= {one: found.get(one) for one in names}
        return held.rows[name]

    def _flush(self) -> None:
        held = self._held
        if held.unwritten:
            _write(held.unwritten)
            held.edge, held.unwritten = frozenset(held.unwritten), {}


def _lock() -> None:
    # The row is there but for the very first time.
    ask = f"SELECT path FROM {_TABLE} WHERE path = %s FOR UPDATE"
    add = f"INSERT INTO {_TABLE} (path, width, content) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        if not connection.features.has_select_for_update:
            cursor.execute(add, [_LOCK, b""])
            return
        cursor.execute(ask, [_LOCK])
        if cursor.fetchone() is None:
            cursor.execute(add, [_LOCK, b""])
            cursor.execute(ask, [_LOCK])


def _read(names: list[str]) -> dict[str, _Row]:
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT path, width, content FROM {_TABLE} WHERE path IN ({places})", names)
        return {path: (width, bytes(content)) for path, width, content in cursor.fetchall()}


def _write(rows: Mapping[str, _Row]) -> None:
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    given = [value for name, (width, content) in rows.items() for value in (name, width, content)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (path, width, content) VALUES {places} ON CONFLICT (path)"
            " DO UPDATE SET width = excluded.width, content = excluded.content",
            given,
        )


def _rows(files: Mapping[str, bytes]) -> list[tuple[tuple[str, int], bytes]]:
    return [(_row_of(path), content) for path, content in files.items()]


def _row_of(path: str) -> tuple[str, int]:
    """Give the row of a path, and the width that is asked for; a checkpoint has none."""
    name, partial, width = path.partition(".p/")
    if partial:
        return name, int(width) if width.isascii() and width.isdigit() and len(width) <= 3 else TILE_WIDTH + 1
    return (name, TILE_WIDTH) if name.startswith("tile/") else (name, 0)
