"""Many rows into a table of the database at the speed of the database: without an object for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

from django.db import connection, models, transaction

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")


def write_rows(
    model: type[models.Model],
    constants: dict[str, object],
    fields: Sequence[str],
    rows: Iterable[tuple[object, ...]],
    batch_rows: int,
) -> Iterator[int]:
    """Insert rows that give `fields` of a model, in their order, with the same `constants` in all; give after each
    batch, which is a transaction of its own so that other writers get their turn, how many are written by then.

    Values are such as the database takes (text, numbers, bytes, None). PostgreSQL takes them by COPY.
    """
    named = [*constants, *fields]
    columns = [model._meta.get_field(name).column for name in named]
    fixed = tuple(
        model._meta.get_field(name).get_db_prep_save(value, connection=connection) for name, value in constants.items()
    )
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    written = 0
    for batch in in_batches(rows, batch_rows):
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cast("psycopg.Cursor", cursor.cursor).copy(f"COPY {table} ({quoted}) FROM STDIN".encode()) as copy:
                    for row in batch:
                        copy.write_row(fixed + row)
            else:
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", [fixed + row for row in batch])
        written += len(batch)
        yield written


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give items in lists of a size; the last may be shorter.

    >>> list(in_batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    held = iter(items)
    while batch := list(islice(held, size)):
        yield batch
