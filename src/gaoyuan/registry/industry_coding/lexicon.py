"""The lexicon of industry coding: which words of names and business scopes speak for which class.

The CSV files beside this module were written for this project; the standard's own class names are added to them. Each
line gives a class, a kind and a strength, and the terms:

- kind `product`: a thing made, grown, mined or traded, met together with a verb;
- kind `activity`: a phrase that says by itself what is done;
- kind `name`: a word of firms' names.

Strength 3 decides the class, 2 is the usual one, 1 a possible one. `corrections.csv` comes last and replaces what the
other files say of a term, class and kind; its strength 0 takes the entry out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gaoyuan.codes import classes, industries
from gaoyuan.registry.phrases import Trie, build_phrase_index, folded

PRODUCT, ACTIVITY, NAME = 0, 1, 2
KINDS = {"product": PRODUCT, "activity": ACTIVITY, "name": NAME}

_MAKING = re.compile(r"(?:的?(?:制造|加工|生产|制作|制造业|加工业))$")
_CORRECTIONS = "corrections.csv"
_LISTED = re.compile(r"[、和及与]")


VALUE = np.array([0.0, 0.25, 0.6, 1.0], dtype=np.float32)
"""How much a term of strength 0 to 3 counts."""


class Lexicon(NamedTuple):
    """The lexicon as arrays for compiled code.

    Phrase p of `trie` has the entries `first[p]` to `first[p + 1]`; entry i speaks for class `industry[i]` (a position
    in `codes.classes()`) as `kind[i]` with `strength[i]`. `wholesale` and `retail` give for each class the class that
    trades in its products, -1 where none does.
    """

    trie: Trie
    first: npt.NDArray[np.int32]
    industry: npt.NDArray[np.int16]
    kind: npt.NDArray[np.int8]
    strength: npt.NDArray[np.int8]
    kinds: npt.NDArray[np.uint8]
    wholesale: npt.NDArray[np.int16]
    retail: npt.NDArray[np.int16]


@cache
def lexicon() -> Lexicon:
    """Build the lexicon from its files and the standard's class names."""
    position = {code: i for i, code in enumerate(classes())}
    entries: dict[str, dict[tuple[int, int], int]] = {}

    def add(term: str, code: str, kind: int, strength: int) -> None:
        held = entries.setdefault(folded(term.strip()), {})
        key = (position[code], kind)
        held[key] = max(held.get(key, 0), strength)

    folder = files("gaoyuan.registry.industry_coding") / "lexicon"
    names = sorted(path.name for path in folder.iterdir() if path.name != _CORRECTIONS)
    for name in names:
        for term, code, kind, strength in _terms((folder / name).read_text(encoding="utf-8")):
            add(term, code, kind, strength)
    for term, code, kind, strength in _terms((folder / _CORRECTIONS).read_text(encoding="utf-8")):
        entries.setdefault(folded(term.strip()), {})[position[code], kind] = strength
    listed = set(entries)
    for code in classes():
        name = industries()[code].name
        add(name, code, ACTIVITY, 3)
        product = _MAKING.sub("", name)
        if product != name and folded(product) not in listed:
            add(product, code, PRODUCT, 2)
            for part in _LISTED.split(product):
                if len(part) > 1 and folded(part) not in listed:
                    add(part, code, PRODUCT, 1)
    entries = {
        phrase: kept
        for phrase, held in entries.items()
        if (kept := {key: strength for key, strength in held.items() if strength > 0})
    }
    phrases = sorted(entries)
    groups = [entries[phrase] for phrase in phrases]
    flat = [(industry, kind, strength) for group in groups for (industry, kind), strength in group.items()]
    wholesale, retail = _trade(position)
    return Lexicon(
        build_phrase_index(phrases).trie,
        np.cumsum([0, *(len(group) for group in groups)], dtype=np.int32),
        np.array([industry for industry, _, _ in flat], dtype=np.int16),
        np.array([kind for _, kind, _ in flat], dtype=np.int8),
        np.array([strength for _, _, strength in flat], dtype=np.int8),
        np.array([sum({1 << kind for _, kind in group}) for group in groups], dtype=np.uint8),
        wholesale,
        retail,
    )


def _terms(text: str) -> Iterator[tuple[str, str, int, int]]:
    for row in csv.DictReader(text.splitlines()):
        for term in row["terms"].split("|"):
            yield term, row["code"], KINDS[row["kind"]], int(row["strength"])


def _trade(position: dict[str, int]) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    wholesale = np.full(len(position), -1, dtype=np.int16)
    retail = np.full(len(position), -1, dtype=np.int16)
    text = (files("gaoyuan.registry.industry_coding") / "trade_of_class.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        wholesale[position[row["code"]]] = position.get(row["wholesale"], -1)
        retail[position[row["code"]]] = position.get(row["retail"], -1)
    return wholesale, retail
