"""The frame of a snapshot as exploring uses it: its regions, and its industries, found by code, name or initials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.utils.translation import get_language

from gaoyuan.portal.snapshots.models import Part, Snapshot

LEVELS = ("county", "prefecture", "province")
DIGITS = {"county": 6, "prefecture": 4, "province": 2}
"""How many digits of a code tell regions of a level apart."""


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry that the register holds. `section` is the letter above it."""

    code: str
    name: str
    english: str
    initials: str
    section: str

    @property
    def words(self) -> str:
        """What it is called in the language of the page."""
        return self.name if (get_language() or "zh").startswith("zh") else self.english or self.name


@dataclass(frozen=True, slots=True)
class Frame:
    """What a snapshot's figures are of. `regions` holds by level the names of regions by code; `names` those of all
    divisions of the country, by the number of their level and their code.
    """

    regions: dict[str, dict[str, str]]
    industries: dict[str, Industry]
    names: dict[str, str]
    boundaries: str

    def full_name(self, region: str, level: str) -> str:
        """Give a region's name with those above it: 山东省青岛市黄岛区; the code where the name is not known."""
        own = self.regions.get(level, {}).get(region) or self.names.get(f"{LEVELS[::-1].index(level) + 1}:{region}")
        above = [self.names.get(f"{at}:{region[: 2 * at].ljust(6, '0')}") for at in range(1, 3 - LEVELS.index(level))]
        return "".join(name for name in (*above, own or region) if name)

    def area_name(self, area: str) -> str | None:
        """Give the name of a province or prefecture in which figures are looked at, None where none has figures."""
        level = "province" if area.endswith("0000") else "prefecture"
        held = self.regions.get(level, {})
        return self.full_name(area, level) if area in held else None

    def areas(self) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """Give each province that has figures with its prefectures: code, name, [(code, name), ...]."""
        for code, name in self.regions.get("province", {}).items():
            inside = [
                (own, called) for own, called in self.regions.get("prefecture", {}).items() if own[:2] == code[:2]
            ]
            yield code, name, inside

    def find(self, words: str, most: int) -> list[Industry]:
        """Give the industries that words name, the best first: a code or its beginning, Chinese, pinyin initials, or
        English words. Ties go to the coarser and earlier code.
        """
        asked = words.strip().lower()
        if not asked:
            return []
        scored = [(score, at, one) for at, one in enumerate(self.industries.values()) if (score := _score(asked, one))]
        return [one for _, _, one in sorted(scored, key=lambda item: item[:2])[:most]]


def _score(asked: str, one: Industry) -> float:
    """Say how well an industry answers, less is better, 0 not at all. The page's picker counts alike
    (web/src/portal/explore/search.ts).
    """
    code, length = one.code.lower(), len(one.code)
    if code == asked:
        return 1
    if asked.isdigit():
        return 1 + length if code.startswith(asked) else 0
    if asked in one.name:
        return 10 + (not one.name.startswith(asked)) + length / 10
    if asked.isascii() and asked.isalpha() and len(asked) > 1:
        if one.initials.startswith(asked):
            return 20 + (one.initials != asked) + length / 10
        if asked in one.initials:
            return 22 + length / 10
    return 30 + length / 10 if len(asked) > 1 and asked in one.english.lower() else 0


def frame_of(snapshot: Snapshot, audience: str) -> Frame:
    """Give the frame of a snapshot for an audience. Snapshots do not change, so the newest are kept in memory."""
    return _read(snapshot.pk, audience)


@lru_cache(maxsize=6)
def _read(snapshot: UUID, audience: str) -> Frame:
    part = Part.objects.get(snapshot_id=snapshot, audience=audience, kind="frame", key="")
    content = part.content()
    held = cast("dict[str, list[str]]", content["regions"])
    regions: dict[str, dict[str, str]] = {level: {} for level in LEVELS}
    for code, level, name in zip(held["region"], held["region_level"], held["region_name"], strict=True):
        regions.setdefault(level, {})[code] = name
    return Frame(
        regions,
        {one.code: one for one in _industries(cast("dict[str, list[str]]", content["industries"]))},
        cast("dict[str, str]", content["division_names"]),
        str(content["boundaries"]),
    )


def _industries(columns: dict[str, list[str]]) -> Iterator[Industry]:
    """The classification is in order: what follows a letter belongs to it."""
    section = ""
    held = (columns[name] for name in ("code", "name", "english", "initials"))
    for code, name, english, initials in zip(*held, strict=True):
        section = code if code.isalpha() else section
        yield Industry(code, name, english, initials, section)
