"""Finding: clusters by what they are, enterprises that a viewer may see, and anything by a few letters of its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    if not asked:
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
        self._texts = ["\n".join(text or "" for text in texts).lower() for texts in named]

    def find(self, q: str = "", industry: str = "", region: str = "", found_by: str = "") -> list[int]:
        """Give the places of clusters with a text in one of their names, an industry code and a county code that begin
        so, and a way in which they were found; what is empty is not asked for.
        """
        held, wanted, division = self._columns, q.strip().lower(), _significant(region)
        found: Iterable[int] = range(len(self._texts))
        if wanted:
            found = [at for at in found if wanted in self._texts[at]]
        for column, begins in (("industry", industry), ("county", division)):
            if begins:
                found = [at for at in found if (held[column][at] or "").startswith(begins)]
        if found_by:
            found = [at for at in found if held["found_by"][at] == found_by]
        return list(found)

    def rows(self, places: Sequence[int]) -> list[dict[str, Any]]:
        """Give the clusters at some places."""
        return [{name: column[at] for name, column in self._columns.items()} for at in places]


def industries(frame: dict[str, object], words: str) -> Iterator[tuple[str, str, str]]:
    """Give code, Chinese and English name of industries whose code or initials begin so, or whose names have it."""
    asked = words.strip().lower()
    held = cast(Columns, frame["industries"])
    for code, name, english, initials in zip(
        held["code"], held["name"], held["english"], held["initials"], strict=True
    ):
        if code.lower().startswith(asked) or initials.startswith(asked) or asked in name or asked in english.lower():
            yield code, name, english


def regions(frame: dict[str, object], words: str) -> Iterator[tuple[str, str, str]]:
    """Give code, name and level of regions whose code begins so or whose name has it."""
    asked = words.strip()
    held = cast(Columns, frame["regions"])
    for code, name, level in zip(held["region"], held["region_name"], held["region_level"], strict=True):
        if code.startswith(asked) or asked in (name or ""):
            yield code, name or code, level


def _significant(division: str) -> str:
    """Give the digits of a division code that say something: 370000 is all that begins with 37.

    >>> _significant("370200"), _significant("37"), _significant("370202")
    ('3702', '37', '370202')
    """
    code = division
    while len(code) > 2 and len(code) % 2 == 0 and code.endswith("00"):
        code = code[:-2]
    return code
