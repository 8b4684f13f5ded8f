"""What a profile of an atlas is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gaoyuan.chain.atlas.link_state import StateRule
from gaoyuan.chain.atlas.profiles.columns import Column


class Words(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class MapForm:
    """A map of an atlas. `shows` says what draws it: panorama, tree, applications, regions or invitations; None where
    no table holds what it needs, or `file` a table of the user's that stands in its place.
    """

    id: str
    title: Words
    shows: str | None
    file: Path | None


@dataclass(frozen=True, slots=True)
class ListForm:
    """A list of an atlas. `rows` says what its rows are: a kind of `COLUMNS`, "file" for a table of the user's own
    (`file`), None where no table holds them.

    Rows are kept whose `state`, `place_kind`, `side` and `level` (upstream, product, downstream) are among those named,
    whose titles contain one of the `title_words`, and with `titled` those with any title; what is empty keeps all.
    `note` says what the list leaves out or takes instead.
    """

    id: str
    title: Words
    rows: str | None
    columns: tuple[Column, ...]
    file: Path | None = None
    states: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    title_words: tuple[str, ...] = ()
    titled: bool = False
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile. `status` says how far it is known to be a public body's: official (its own text was seen), reported
    (another's report of it was seen), unverified (put together from hearsay), or own (this product's or the user's).
    """

    id: str
    title: Words
    status: str
    region: Words
    source: Words
    url: str | None
    last_checked: str | None
    states: StateRule
    maps: tuple[MapForm, ...]
    lists: tuple[ListForm, ...]
    note: Words | None = None
