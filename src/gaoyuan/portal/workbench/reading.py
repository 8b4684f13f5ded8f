"""What a page reads: the snapshot that the viewer is shown, its parts for him, and its frame by code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.snapshots.models import Audience, Firm, Part, Snapshot
from gaoyuan.portal.workbench.naming import industry_words

Row: TypeAlias = dict[str, Any]
"""A row of a part's columns, or what a part says: plain JSON, checked where it was published."""

NOBODYS = "\0"
"""What stands in no name or code: PostgreSQL refuses to be asked for it."""

LEVELS = ("province", "prefecture", "county")


def rows_of(columns: Mapping[str, Any]) -> list[Row]:
    """Give the rows of a part's columns; what is no column of the common length is left out.

    >>> rows_of({"region": ["1", "2"], "firms": [4, None], "name": "x"})
    [{'region': '1', 'firms': 4}, {'region': '2', 'firms': None}]
    """
    lists = {name: column for name, column in columns.items() if isinstance(column, list)}
    if not lists:
        return []
    length = len(next(iter(lists.values())))
    named = [name for name, column in lists.items() if len(column) == length]
    return [dict(zip(named, values, strict=True)) for values in zip(*(lists[name] for name in named), strict=True)]


@dataclass(frozen=True)
class Frame:
    """The frame of a snapshot by code: names of regions and industries."""

    content: Row

    @cached_property
    def regions(self) -> dict[str, Row]:
        """Regions that the register has firms of, by code; one that stands at two levels at the lower."""
        rows = rows_of(self.content["regions"])
        order = {level: at for at, level in enumerate(LEVELS)}
        return {str(row["region"]): row for row in sorted(rows, key=lambda row: order.get(row["region_level"], 0))}

    @cached_property
    def industries(self) -> dict[str, Row]:
        """Industries that the register has firms of, by code."""
        return {str(row["code"]): row for row in rows_of(self.content["industries"])}

    @cached_property
    def coverage(self) -> list[Row]:
        """Provinces by year of founding: firms, expected firms, holes."""
        return rows_of(self.content["coverage"])

    @cached_property
    def _divisions(self) -> dict[str, str]:
        return {key.partition(":")[2]: str(name) for key, name in self.content["division_names"].items()}

    def region(self, code: str | None) -> str:
        """Give a division's name, or its code where none is known.

        The name of a county stands alone; `path` gives those above it.
        """
        known = self.regions.get(code or "")
        return str(known["region_name"]) if known else self._divisions.get(code or "", code or "")

    def path(self, code: str) -> list[tuple[str, str]]:
        """Give code and name of the divisions that a division lies in, the widest first, and of itself."""
        above = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
        return [(one, self.region(one)) for one in above if one in self.regions or one == code]

    def industry(self, code: str | None) -> str:
        """Give an industry's name in the language of the page."""
        known = self.industries.get(code or "")
        return industry_words(code, str(known["name"])) if known is not None else code or ""


@dataclass(frozen=True)
class Look:
    """A viewer and the snapshot that he is shown."""

    viewer: Viewer
    snapshot: Snapshot
    audience: Audience

    @cached_property
    def frame(self) -> Frame:
        """The frame of the snapshot."""
        return frame_of(str(self.snapshot.pk), self.audience)

    @cached_property
    def clusters(self) -> list[Row]:
        """All clusters, the strongest evidence first, those that are only recognised last."""
        return clusters_of(str(self.snapshot.pk), self.audience)[0]

    @property
    def fewest_firms(self) -> int:
        """Shares of a region with fewer coded enterprises say nothing."""
        return int(clusters_of(str(self.snapshot.pk), self.audience)[1]["fewest_firms"])

    @property
    def least_coverage_ratio(self) -> float:
        """Counts are compared where the least coverage is at least this part of the greatest."""
        return float(clusters_of(str(self.snapshot.pk), self.audience)[1]["least_coverage_ratio"])

    def find(self, kind: str, key: str) -> Row | None:
        """Give a part for this viewer, None where the snapshot has none of that key."""
        if NOBODYS in key:
            return None
        part = Part.objects.filter(snapshot=self.snapshot, audience=self.audience, kind=kind, key=key).first()
        return None if part is None else part.content()

    def part(self, kind: str, key: str) -> Row:
        """Give a part for this viewer; a key that there is not is answered as where there is no such page."""
        content = self.find(kind, key)
        if content is None:
            raise Http404
        return content

    def firms(self) -> QuerySet[Firm]:
        """Give the enterprises that the viewer may see one by one: an office those of its division, an enterprise its
        own; the condition is part of the query.
        """
        held = Firm.objects.filter(snapshot=self.snapshot)
        organisation = self.viewer.organisation
        if self.viewer.role == Role.ADMINISTRATOR:
            return held
        if self.viewer.is_office and self.viewer.division:
            return held.filter(county__startswith=self.viewer.division)
        if self.viewer.role == Role.ENTERPRISE and organisation is not None and organisation.subject:
            return held.filter(enterprise_id=organisation.subject)
        return held.none()


def look_of(request: HttpRequest) -> Look | None:
    """Give what the viewer is shown, None where nothing is published for him."""
    viewer = viewer_of(request)
    snapshot = Snapshot.objects.for_viewer(viewer).first()
    return None if snapshot is None else Look(viewer, snapshot, snapshot.audience(viewer))


def look_or_404(request: HttpRequest) -> Look:
    """Give what the viewer is shown; without anything there is no such page."""
    look = look_of(request)
    if look is None:
        raise Http404
    return look


def sorted_rows(rows: Iterable[Row], asked: str, allowed: Sequence[str], default: str) -> list[Row]:
    """Sort rows by a column that a query names, `-` before it for the greatest first; what is unknown stands last.

    >>> [row["a"] for row in sorted_rows([{"a": 1}, {"a": None}, {"a": 2}], "-a", ["a"], "a")]
    [2, 1, None]
    """
    order = asked if asked.removeprefix("-") in allowed else default
    name = order.removeprefix("-")
    held = list(rows)
    known = [row for row in held if row.get(name) is not None]
    unknown = [row for row in held if row.get(name) is None]
    return sorted(known, key=lambda row: row[name], reverse=order.startswith("-")) + unknown


def in_division(rows: Iterable[Row], code: str, column: str = "county") -> Iterator[Row]:
    """Keep the rows whose county lies in a division of six digits."""
    begin = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return (row for row in rows if str(row.get(column) or "").startswith(begin))


# Parts of a snapshot never change, so that what has been unpacked once serves all readers.
@lru_cache(maxsize=8)
def frame_of(snapshot: str, audience: Audience) -> Frame:
    """Give the frame of a snapshot for an audience; where there is none, there is no such page."""
    part = Part.objects.filter(snapshot_id=snapshot, audience=audience, kind="frame", key="").first()
    if part is None:
        raise Http404
    return Frame(part.content())


@lru_cache(maxsize=8)
def clusters_of(snapshot: str, audience: Audience) -> tuple[list[Row], Row]:
    """Give the clusters of a snapshot, the strongest evidence first, and what is said of all of them."""
    part = Part.objects.filter(snapshot_id=snapshot, audience=audience, kind="clusters", key="").first()
    if part is None:
        raise Http404
    content = part.content()
    rows = sorted_rows(rows_of(content), "-minus_log10_p", ["minus_log10_p"], "-minus_log10_p")
    return rows, {name: value for name, value in content.items() if not isinstance(value, list)}
