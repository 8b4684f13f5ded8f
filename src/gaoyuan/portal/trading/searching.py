"""Finding offers and demands by words, in the database itself, so that the index changes with them in one transaction.

The words are those of `exchange.matching.words`: Chinese words, pairs of characters, codes whole and in parts. Each is
written in letters and digits, so that no tokenizer of a database cuts it again: SQLite's trigrams find no word of two
characters, and PostgreSQL cuts 6204-2RS in pieces. Only offers that are active and demands that are open are in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from gaoyuan.exchange.matching.index import ASKING
from gaoyuan.exchange.matching.words import standard_segmenter
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.trading.models import Demand, Offer, Posted

__all__ = ["follow", "index_all", "search"]

OPEN = "open"
"""The state in which a demand asks for quotations."""
PROCESS = "supply-demand"
_TABLES: dict[type[Posted], str] = {Offer: "trading_offer_words", Demand: "trading_demand_words"}
_LONGEST, _MOST_WORDS = 60, 40


def search(model: type[Posted], text: str, most: int) -> list[int]:
    """Give the numbers of offers or of open demands that hold words of a text, at most `most`: those with all of its
    words first, then those with some, each the best first; then those that only share pairs of characters.
    """
    strong, weak = standard_segmenter().cut(text[:4000])
    words = _written(word for word in strong if word not in ASKING)[:_MOST_WORDS]
    found: dict[int, None] = {}
    for asked, between in ((words, " & "), (words, " | "), (_written([*strong, *weak])[:_MOST_WORDS], " | ")):
        if asked and len(found) < most:
            found.update(dict.fromkeys(_found(_TABLES[model], asked, between, most)))
    return list(found)[:most]


def follow() -> None:
    """Keep the index up with what is saved and deleted from now on."""
    post_save.connect(_saved, sender=Offer, dispatch_uid="trading_offer_saved")
    post_save.connect(_saved, sender=Demand, dispatch_uid="trading_demand_saved")
    post_save.connect(_case_saved, sender=Case, dispatch_uid="trading_case_saved")
    for model in _TABLES:
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"{_TABLES[model]}_deleted")


def index_all() -> int:
    """Write the index anew, as after rows were written without the signals of Django; give how many there are."""
    done = 0
    for model, table in _TABLES.items():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
        for one in model.unscoped.select_related("case") if model is Demand else model.unscoped.all():
            _saved(model, one)
            done += 1
    return done


def _saved(sender: type[Model], instance: Posted, **_: object) -> None:
    shown = instance.active if isinstance(instance, Offer) else _is_open(instance)
    _write(_TABLES[type(instance)], instance.pk, instance.searched if shown else None)


def _case_saved(sender: type[Model], instance: Case, **_: object) -> None:
    if instance.process == PROCESS:
        for demand in Demand.unscoped.filter(case=instance):
            shown = instance.state == OPEN
            _write(_TABLES[Demand], demand.pk, demand.searched if shown else None)


def _deleted(sender: type[Model], instance: Posted, **_: object) -> None:
    _write(_TABLES[type(instance)], instance.pk, None)


def _is_open(instance: Posted) -> bool:
    return isinstance(instance, Demand) and instance.case.state == OPEN


def _write(table: str, number: int, text: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [number])
        if text is None:
            return
        words = _written(standard_segmenter().words(text))
        if connection.vendor == "postgresql":
            cursor.execute(f"INSERT INTO {table} (rowid, words) VALUES (%s, array_to_tsvector(%s))", [number, words])
        else:
            cursor.execute(f"INSERT INTO {table} (rowid, words) VALUES (%s, %s)", [number, " ".join(words)])


def _found(table: str, words: Sequence[str], between: str, most: int) -> list[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = between.join(words)
            cursor.execute(
                f"SELECT rowid FROM {table}, to_tsquery('simple', %s) AS asked WHERE words @@ asked"
                " ORDER BY ts_rank(words, asked) DESC, rowid LIMIT %s",
                [query, most],
            )
        else:
            query = (" AND " if between == " & " else " OR ").join(words)
            cursor.execute(
                f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rank, rowid LIMIT %s", [query, most]
            )
        return [int(row[0]) for row in cursor.fetchall()]


def _written(words: Iterable[str]) -> list[str]:
    """Give words as letters and digits, each once.

    >>> _written(["轴承", "轴承", "6204-2rs"])
    ['we8bdb4e689bf', 'w363230342d327273']
    """
    return list(dict.fromkeys(f"w{word[:_LONGEST].encode().hex()}" for word in words))
