"""Finding offers and demands by words, in the database itself, so that what is found changes with them in one
transaction.

The words are those of `exchange.matching.words`: Chinese words, pairs of characters, codes whole and in parts; what
they count is BM25 over all posts. Most posts stand in the index (`trading.indexing`); what was posted, changed or taken
back since the last batch stands in a small full-text table beside it, which overrides the index and is emptied into it
by the background worker. There each word is written in letters and digits, so that no tokenizer of a database cuts it
again: SQLite's trigrams find no word of two characters, and PostgreSQL cuts 6204-2RS in pieces. Only offers that are
active and demands that are open are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save

from gaoyuan.exchange.matching.index import query_words
from gaoyuan.exchange.matching.packed import BLOCK, K1, idf, saturation
from gaoyuan.exchange.matching.words import standard_segmenter
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.trading import indexing
from gaoyuan.portal.trading.models import Demand, Offer, Posted

__all__ = ["follow", "index_all", "index_fresh", "relevances", "search"]

OPEN = "open"
"""The state in which a demand asks for quotations."""
PROCESS = "supply-demand"
FRESH = 500
"""From so many posts on, what is new is put into the index."""
_BATCH = 2_000
_TABLES: dict[type[Posted], str] = {Offer: "trading_offer_words", Demand: "trading_demand_words"}
_KINDS: dict[type[Posted], str] = {Offer: "offer", Demand: "demand"}
_MOST_WORDS = 200
_MOST_COUNTED = 10_000


def search(model: type[Posted], text: str, most: int) -> list[int]:
    """Give the numbers of offers or of open demands that hold words of a text, at most `most`, the best first."""
    return list(relevances(model, text, most))


def relevances(model: type[Posted], text: str, most: int) -> dict[int, float]:
    """Give how well offers or open demands fit the words of a text, above 0 and at most 1, by their numbers: at most
    `most`, the best first. A post with all of the words fits better than the same with some; one that only shares
    pairs of characters fits a little.
    """
    asked = dict(list(query_words(standard_segmenter(), text[:4000]).items())[:_MOST_WORDS])
    asked = {word[: indexing.LONGEST]: weight for word, weight in asked.items()}
    if not asked or most < 1:
        return {}
    # First what is new: what moves from there into the index meanwhile is then seen twice rather than never.
    fresh, overridden = _fresh(_TABLES[model], asked, most)
    kind = _KINDS[model]
    known = indexing.indexed(kind)
    held = indexing.frequencies(kind, asked) if known.places else {}
    having = Counter(word for one in fresh for word in one.words)
    weights = {
        word: weight * idf(known.texts + overridden, held.get(word, 0) + having[word]) for word, weight in asked.items()
    }
    scores, greatest = indexing.scored(kind, weights, held, known.places)
    found = dict(indexing.numbers_at(kind, scores, most)) if held else {}
    for number in _overridden(_TABLES[model], found):
        del found[number]
    mean = known.mean or sum(one.length for one in fresh) / max(len(fresh), 1)
    for one in fresh:
        full = saturation(1, one.length, mean)
        found[one.number] = full * sum(weights[word] for word in one.words)
        greatest.update((word, max(full, greatest.get(word, 0.0))) for word in one.words)
    ideal = sum(weight * greatest.get(word, 1 / (1 + K1)) for word, weight in weights.items())
    ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:most]
    return {number: min(1.0, score / ideal) for number, score in ranked if score > 0}


def follow() -> None:
    """Keep what is found up with what is saved and deleted from now on."""
    post_save.connect(_saved, sender=Offer, dispatch_uid="trading_offer_saved")
    post_save.connect(_saved, sender=Demand, dispatch_uid="trading_demand_saved")
    post_save.connect(_case_saved, sender=Case, dispatch_uid="trading_case_saved")
    for model in _TABLES:
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"{_TABLES[model]}_deleted")


def index_fresh(least: int = FRESH) -> int:
    """Put what is new into the index, where it is so many posts or more; give how many were put there."""
    done = 0
    for model, table in _TABLES.items():
        while len(_numbers(table, max(least, 1))) >= max(least, 1):
            done += _index_batch(model)
    return done


def index_all() -> int:
    """Write the index anew, as after rows were written without the signals of Django; give how many there are. Until it
    ends, not all is found.
    """
    done = 0
    for model, table in _TABLES.items():
        with transaction.atomic():
            indexing.clear(_KINDS[model])
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table}")
        numbers = list(_shown(model).order_by("pk").values_list("pk", flat=True))
        for at in range(0, len(numbers), BLOCK):
            with transaction.atomic():
                posts = _words_of(model, numbers[at : at + BLOCK])
                indexing.add(_KINDS[model], posts)
            done += len(posts)
    return done


def _index_batch(model: type[Posted]) -> int:
    table = _TABLES[model]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Whoever saves one of these posts meanwhile waits here and then marks it as new again.
            cursor.execute(
                f"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} ORDER BY rowid LIMIT %s"
                " FOR UPDATE SKIP LOCKED) RETURNING rowid",
                [_BATCH],
            )
            numbers = [int(row[0]) for row in cursor.fetchall()]
        else:
            numbers = _numbers(table, _BATCH)
            cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(number,) for number in numbers])
        posts = _words_of(model, numbers)
        indexing.add(_KINDS[model], posts, gone=sorted(set(numbers) - {number for number, _ in posts}))
    return len(numbers)


def _words_of(model: type[Posted], numbers: Sequence[int]) -> list[tuple[int, list[str]]]:
    """Give the words of those of some posts that may be found."""
    cut = standard_segmenter().words
    found = []
    for at in range(0, len(numbers), 500):
        rows = _shown(model).filter(pk__in=numbers[at : at + 500]).order_by("pk")
        found += [(row.pk, cut(row.searched)) for row in rows.only("text", "product", "certificates")]
    return found


def _shown(model: type[Posted]) -> QuerySet[Posted]:
    if model is Offer:
        return model.unscoped.filter(active=True)
    return model.unscoped.filter(case__process=PROCESS, case__state=OPEN)


def _saved(sender: type[Model], instance: Posted, **_: object) -> None:
    shown = instance.active if isinstance(instance, Offer) else _is_open(instance)
    _write(_TABLES[type(instance)], instance.pk, instance.searched if shown else "")


def _case_saved(sender: type[Model], instance: Case, **_: object) -> None:
    if instance.process == PROCESS:
        for demand in Demand.unscoped.filter(case=instance):
            shown = instance.state == OPEN
            _write(_TABLES[Demand], demand.pk, demand.searched if shown else "")


def _deleted(sender: type[Model], instance: Posted, **_: object) -> None:
    _write(_TABLES[type(instance)], instance.pk, "")


def _is_open(instance: Posted) -> bool:
    return isinstance(instance, Demand) and instance.case.state == OPEN


def _write(table: str, number: int, text: str) -> None:
    """Note a post as new; without words it is not found, whatever stands in the index."""
    words = _written(standard_segmenter().words(text)) if text else []
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [number])
        if connection.vendor == "postgresql":
            cursor.execute(f"INSERT INTO {table} (rowid, words) VALUES (%s, array_to_tsvector(%s))", [number, words])
        else:
            cursor.execute(f"INSERT INTO {table} (rowid, words) VALUES (%s, %s)", [number, " ".join(words)])


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A new post that has some of the words asked for, and how many words it has in all."""

    number: int
    words: Sequence[str]
    length: int


def _fresh(table: str, asked: Iterable[str], most: int) -> tuple[list[_Fresh], int]:
    """Give the new posts with some of the words, at most so many, and how many new ones there are in all (as far as is
    counted).
    """
    written = {_written([word])[0]: word for word in asked}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {_MOST_COUNTED}) AS counted")
        number = int((cursor.fetchone() or (0,))[0])
        if not number:
            return [], 0
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT rowid, tsvector_to_array(words) FROM {table}, to_tsquery('simple', %s) AS asked"
                " WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC, rowid LIMIT %s",
                [" | ".join(written), most],
            )
        else:
            cursor.execute(
                f"SELECT rowid, words FROM {table} WHERE {table} MATCH %s ORDER BY rank, rowid LIMIT %s",
                [" OR ".join(written), most],
            )
        rows = [(int(row[0]), row[1].split() if isinstance(row[1], str) else row[1]) for row in cursor.fetchall()]
    return [_Fresh(at, [written[word] for word in words if word in written], len(words)) for at, words in rows], number


def _overridden(table: str, found: Mapping[int, float]) -> list[int]:
    """Give those of the posts that are newer than the index."""
    numbers, gone = list(found), []
    with connection.cursor() as cursor:
        for at in range(0, len(numbers), 500):
            part = numbers[at : at + 500]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f"SELECT rowid FROM {table} WHERE rowid IN ({marks})", part)
            gone += [int(row[0]) for row in cursor.fetchall()]
    return gone


def _numbers(table: str, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {table} ORDER BY rowid LIMIT %s", [most])
        return [int(row[0]) for row in cursor.fetchall()]


def _written(words: Iterable[str]) -> list[str]:
    """Give words as letters and digits, each once.

    >>> _written(["轴承", "轴承", "6204-2rs"])
    ['we8bdb4e689bf', 'w363230342d327273']
    """
    return list(dict.fromkeys(f"w{word[: indexing.LONGEST].encode().hex()}" for word in words))
