"""Finding: clusters by what they are, enterprises that a viewer may see, and anything by a few letters of its name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice
from typing import Any, cast

from django.db.models import Q, QuerySet

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.snapshots.models import Firm, Snapshot

Columns = dict[str, list[Any]]
HITS_OF_A_KIND = 8
_TEXTS = ("name", "county_name", "industry_name", "theme", "recognised")


def enterprises(viewer: Viewer, snapshot: Snapshot) -> QuerySet[Firm]:
    """Give the enterprises of a snapshot that a viewer may see: an administrator all, an office those of its
    counties, an enterprise itself; everybody else none.
    """
    firms = Firm.objects.filter(snapshot=snapshot)
    if viewer.role == Role.ADMINISTRATOR:
        return firms
    if viewer.is_office and viewer.division:
        return firms.filter(county__startswith=viewer.division)
    if viewer.role == Role.ENTERPRISE and viewer.organisation and viewer.organisation.subject:
        return firms.filter(enterprise_id=viewer.organisation.subject)
    return firms.none()


def named(firms: QuerySet[Firm], words: str) -> QuerySet[Firm]:
    """Keep enterprises with a text in their name, or with exactly that number. A text of digits alone is looked for as
    a number only: there are indexes of numbers, but a part of a name is looked for in millions of names.
    """
    asked = words.strip().replace("\0", "")
    if not asked or firms.query.is_empty():
        return firms
    # Each by its own index; with "or", and in the order of names, all would be gone through.
    by_number = firms.filter(enterprise_id=asked).union(firms.filter(uscc=asked.upper()))
    numbers = list(by_number.values_list("pk", flat=True))
    if asked.isascii() and asked.isdecimal():
        return firms.filter(pk__in=numbers)
    return firms.filter(Q(name__contains=asked) | Q(pk__in=numbers)) if numbers else firms.filter(name__contains=asked)


class Clusters:
    """The clusters of a snapshot, strongest first, as columns: rows are made of those alone that are wanted."""

    def __init__(self, columns: Columns) -> None:
        self._columns = {name: column for name, column in columns.items() if isinstance(column, list)}
        named = zip(*(self._columns[name] for name in _TEXTS), strict=True)
        self._texts = Texts("\n".join(text or "" for text in texts).lower() for texts in named)
        self._count = len(next(iter(self._columns.values()), []))

    def first(self, q: str, most: int) -> list[int]:
        """Give the places of the strongest clusters with a text in one of their names."""
        return self._texts.first(q.strip().lower(), most)

    def find(self, q: str = "", industry: str = "", region: str = "", found_by: str = "") -> list[int]:
        """Give the places of clusters with a text in one of their names, an industry code and a county code that begin
        so, and a way in which they were found; what is empty is not asked for.
        """
        held, wanted, division = self._columns, q.strip().lower(), _significant(region)
        found: Iterable[int] = self._texts.first(wanted, self._count) if wanted else range(self._count)
        for column, begins in (("industry", industry), ("county", division)):
            if begins:
                found = [at for at in found if (held[column][at] or "").startswith(begins)]
        if found_by:
            found = [at for at in found if held["found_by"][at] == found_by]
        return list(found)

    def rows(self, places: Sequence[int]) -> list[dict[str, Any]]:
        """Give the clusters at some places."""
        return [{name: column[at] for name, column in self._columns.items()} for at in places]


class Names:
    """The industries and regions of a snapshot by their names, made once and asked often."""

    def __init__(self, frame: dict[str, object]) -> None:
        industries, regions = cast(Columns, frame["industries"]), cast(Columns, frame["regions"])
        held = (industries[name] for name in ("code", "name", "english", "initials"))
        self._industries = [tuple(one) for one in zip(*held, strict=True)]
        held = (regions[name] for name in ("region", "region_name", "region_level"))
        self._regions = [tuple(one) for one in zip(*held, strict=True)]
        self._industry_names = Texts(f"{name}\n{english.lower()}" for _, name, english, _ in self._industries)
        self._region_names = Texts(name or "" for _, name, _ in self._regions)
        begins = ((text, at) for at, (code, _, _, initials) in enumerate(self._industries) for text in (code, initials))
        self._industry_begins = Beginnings((text.lower(), at) for text, at in begins)
        self._region_begins = Beginnings((code, at) for at, (code, _, _) in enumerate(self._regions))

    def industries(self, words: str, most: int) -> list[tuple[str, str, str]]:
        """Give code, Chinese and English name of the first industries whose code or initials begin so, or whose names
        have it.
        """
        asked = words.strip().lower()
        begin = self._industry_begins.first(asked, most)
        places = sorted({*begin, *self._industry_names.first(asked, most)})[:most]
        return [self._industries[at][:3] for at in places]

    def regions(self, words: str, most: int) -> list[tuple[str, str, str]]:
        """Give code, name and level of the first regions whose code begins so or whose name has it."""
        asked = words.strip()
        begin = self._region_begins.first(asked, most)
        places = sorted({*begin, *self._region_names.first(asked, most)})[:most]
        return [(code, name or code, level) for code, name, level in (self._regions[at] for at in places)]


class Beginnings:
    """Short texts in their order, in which those that begin alike stand together. Each comes with its place.

    >>> Beginnings([("1771", 0), ("17", 1), ("33", 2)]).first("17", 9)
    [0, 1]
    """

    def __init__(self, texts: Iterable[tuple[str, int]]) -> None:
        self._sorted = sorted(texts)

    def first(self, asked: str, most: int) -> list[int]:
        """Give the lowest places of texts that begin so."""
        found: set[int] = set()
        for text, place in islice(self._sorted, bisect_left(self._sorted, (asked, -1)), None):
            if not text.startswith(asked):
                break
            found.add(place)
        return sorted(found)[:most]


class Texts:
    """Many short texts as one long, through which a search goes at the speed of the memory.

    >>> Texts(["毛巾", "毛毯", "法兰"]).first("毛", 9)
    [0, 1]
    """

    def __init__(self, texts: Iterable[str]) -> None:
        lines = list(texts)
        self._all = "\0".join(lines)
        self._ends = list(accumulate(len(line) + 1 for line in lines))

    def first(self, asked: str, most: int) -> list[int]:
        """Give the places of the first texts that have what is asked for; all are meant where nothing is."""
        found: list[int] = []
        at = self._all.find(asked) if self._ends and "\0" not in asked else -1
        while at >= 0 and len(found) < most:
            place = bisect_right(self._ends, at)
            found.append(place)
            at = self._all.find(asked, self._ends[place]) if place + 1 < len(self._ends) else -1
        return found


def _significant(division: str) -> str:
    """Give the digits of a division code that say something: 370000 is all that begins with 37.

    >>> _significant("370200"), _significant("37"), _significant("370202")
    ('3702', '37', '370202')
    """
    code = division
    while len(code) > 2 and len(code) % 2 == 0 and code.endswith("00"):
        code = code[:-2]
    return code
