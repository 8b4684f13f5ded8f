"""The index of posts by words in tables of the portal's database: postings by word and block, written in batches.

`trading_postings` has a row for each word in each block of 65,536 texts (`exchange.matching.packed`), `trading_places`
which post stands at which place, `trading_indexed` how many there are. A batch is put behind what is there: a post that
was indexed before loses its old place, whose postings then lead to nothing. What is newer than the last batch stands
elsewhere (`trading.searching`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection

from gaoyuan.exchange.matching.bm25 import Floats, best
from gaoyuan.exchange.matching.packed import add_packed, pack, packed_count

__all__ = ["LONGEST", "Indexed", "add", "clear", "frequencies", "indexed", "numbers_at", "scored"]

LONGEST = 60
"""So many characters of a word count."""
_AT_ONCE = 500
"""So many parameters a statement has at most."""
_MOST_POSTINGS = 3_000_000
"""So many postings are added up for one search: the commonest of very many words are left out."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The places that were given, the posts that still stand at one, and the usual number of words of a post."""

    places: int
    texts: int
    mean: float


def indexed(kind: str) -> Indexed:
    """Give how much of a kind ("offer", "demand") is indexed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT next, texts, words FROM trading_indexed WHERE kind = %s", [kind])
        places, texts, words = cursor.fetchone() or (0, 0, 0)
    return Indexed(int(places), int(texts), int(words) / max(int(places), 1))


def add(kind: str, posts: Sequence[tuple[int, Sequence[str]]], gone: Collection[int] = ()) -> None:
    """Index posts, each its number and its words, anew where they were before, and take others out; in a transaction,
    in which nobody else adds.
    """
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    # SQLite takes bytes that it puts together for text.
    joined = "trading_postings.postings || excluded.postings"
    joined = joined if connection.vendor == "postgresql" else f"CAST({joined} AS blob)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT next, texts, words FROM trading_indexed WHERE kind = %s{lock}", [kind])
        first, texts, words = (int(one) for one in cursor.fetchone() or (0, 0, 0))
        cut = [(number, [word[:LONGEST] for word in held]) for number, held in posts]
        words += sum(len(held) for _, held in cut)
        last = first + len(cut)
        removed = 0
        for part in _parts([*gone, *(number for number, _ in cut)]):
            cursor.execute(f"DELETE FROM trading_places WHERE kind = %s AND number IN ({_marks(part)})", [kind, *part])
            removed += cursor.rowcount
        placed = [(kind, first + at, number) for at, (number, _) in enumerate(cut)]
        packed = pack(((first + at, held) for at, (_, held) in enumerate(cut)), words / max(last, 1))
        if placed:
            cursor.executemany("INSERT INTO trading_places (kind, place, number) VALUES (%s, %s, %s)", placed)
            cursor.executemany(
                "INSERT INTO trading_postings (kind, word, block, texts, postings) VALUES (%s, %s, %s, %s, %s)"
                " ON CONFLICT (kind, word, block) DO UPDATE SET texts = trading_postings.texts + excluded.texts,"
                f" postings = {joined}",
                [(kind, word, block, packed_count(held), held) for (word, block), held in sorted(packed.items())],
            )
        cursor.execute(
            "UPDATE trading_indexed SET next = %s, texts = %s, words = %s WHERE kind = %s",
            [last, texts - removed + len(cut), words, kind],
        )


def clear(kind: str) -> None:
    """Forget all of a kind."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trading_postings WHERE kind = %s", [kind])
        cursor.execute("DELETE FROM trading_places WHERE kind = %s", [kind])
        cursor.execute("UPDATE trading_indexed SET next = 0, texts = 0, words = 0 WHERE kind = %s", [kind])


def frequencies(kind: str, words: Iterable[str]) -> dict[str, int]:
    """Give in how many texts each word stands; words that no text has are left out."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for part in _parts(list(dict.fromkeys(word[:LONGEST] for word in words))):
            cursor.execute(
                f"SELECT word, sum(texts) FROM trading_postings WHERE kind = %s AND word IN ({_marks(part)})"
                " GROUP BY word",
                [kind, *part],
            )
            found.update((word, int(texts)) for word, texts in cursor.fetchall())
    return found


def scored(kind: str, weights: Mapping[str, float], held: Mapping[str, int], places: int) -> tuple[Floats, dict]:
    """Give the score of every place for words with their weights (idf among them), and each word's greatest saturation.
    `held` is in how many texts each stands; where that is too much together, those that count least are left out.
    """
    scores = np.zeros(places, dtype=np.float32)
    greatest: dict[str, float] = {}
    chosen, budget = [], _MOST_POSTINGS
    for word in sorted((word for word in weights if held.get(word)), key=lambda word: (-weights[word], word)):
        budget -= held[word]
        if budget < 0 and chosen:
            break
        chosen.append(word)
    for part in _parts(sorted(chosen)):
        # In the order of the table: sums of floats do not depend on what the database finds first.
        for word, block, postings in _rows(
            f"SELECT word, block, postings FROM trading_postings WHERE kind = %s AND word IN ({_marks(part)})"
            " ORDER BY word, block",
            [kind, *part],
        ):
            most = add_packed(scores, postings, int(block), weights[word])
            greatest[word] = max(greatest.get(word, 0.0), most)
    return scores, greatest


def numbers_at(kind: str, scores: Floats, most: int) -> list[tuple[int, float]]:
    """Give the posts with the greatest scores above zero and these, at most `most`, best first."""
    wanted = most + most // 4 + 8
    while True:
        places, held = best(scores, min(wanted, len(scores)))
        numbers = _numbers(kind, places)
        found = [(numbers[int(at)], float(score)) for at, score in zip(places, held, strict=True) if int(at) in numbers]
        if len(found) >= most or len(places) < wanted:
            return found[:most]
        # Many of the places were left by posts that have changed since.
        wanted *= 4


def _numbers(kind: str, places: npt.NDArray[np.int32]) -> dict[int, int]:
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        for part in _parts([int(at) for at in places]):
            cursor.execute(
                f"SELECT place, number FROM trading_places WHERE kind = %s AND place IN ({_marks(part)})", [kind, *part]
            )
            found.update((int(place), int(number)) for place, number in cursor.fetchall())
    return found


def _rows(statement: str, given: Sequence[str]) -> list[tuple[str, int, bytes]]:
    if connection.vendor == "postgresql":
        from psycopg import Cursor

        connection.ensure_connection()
        # Bytes as they are: as text, which Django's own cursor asks for, they would be twice as many.
        with Cursor(connection.connection) as cursor:  # pyright: ignore[reportArgumentType]
            cursor.execute(statement.encode(), list(given), binary=True)
            return cursor.fetchall()
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()


def _parts(held: Sequence) -> Iterable[Sequence]:
    return (held[at : at + _AT_ONCE] for at in range(0, len(held), _AT_ONCE))


def _marks(part: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(part))
