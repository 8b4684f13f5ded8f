"""Finding: clusters by what they are, enterprises that a viewer may see, and anything by a few letters of its name."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Keep enterprises with a text in their name, or with exactly that number."""
    asked = words.strip().replace("\0", "")
    if not asked:
        return firms
    return firms.filter(Q(name__contains=asked) | Q(enterprise_id=asked) | Q(uscc=asked.upper()))


def clusters(columns: Columns, q: str, industry: str, region: str, found_by: str) -> list[dict[str, Any]]:
    """Give the rows of clusters with a text in one of their names, an industry code and a county code that begin so,
    and a way in which they were found; what is empty is not asked for. Strongest first.
    """
    wanted = q.strip().lower()
    lists = {name: column for name, column in columns.items() if isinstance(column, list)}
    rows = (dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True))
    return [
        row
        for row in rows
        if (row["industry"] or "").startswith(industry)
        and (row["county"] or "").startswith(_significant(region))
        and found_by in ("", row["found_by"])
        and (not wanted or any(wanted in (row[name] or "").lower() for name in _TEXTS))
    ]


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
