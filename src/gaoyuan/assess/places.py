"""Where a subject lies, and whether a rule of a province or a city holds there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gaoyuan.assess.facts.findings import Finding
from gaoyuan.assess.facts.rows import subject_kind
from gaoyuan.assess.rules.model import Edition
from gaoyuan.codes import divisions, region_prefix

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

_COUNTRY = "CN"


def holds_in(rule: Edition, place: str) -> bool:
    """Whether a rule holds in a place, by division codes of six digits.

    >>> from gaoyuan.assess import edition
    >>> holds_in(edition("sd-gazelle.undated"), "370827"), holds_in(edition("sd-gazelle.undated"), "130628")
    (True, False)
    """
    return rule.region == _COUNTRY or place.startswith(region_prefix(rule.region))


def place_of(workspace: Workspace, subject: str) -> str | None:
    """Give the division that a cluster, an enterprise or a region lies in, None where that is not known."""
    kind = subject_kind(subject)
    if kind == "region":
        return subject
    table, column = ("cluster", "cluster_id") if kind == "cluster" else ("enterprise", "enterprise_id")
    if kind is not None and workspace.has(table):
        rows = workspace.table(table)
        found = workspace.to_arrow(rows.filter(rows[column] == subject).select("county").limit(1))
        if (county := next(iter(found["county"].to_pylist()), None)) is not None:
            return str(county)
    # The id of a found cluster begins with its county.
    return subject[:6] if kind == "cluster" and subject[:6].isdecimal() else None


def place_name(code: str) -> str:
    """Give a division by name, by its code where there is none."""
    return next((one.name for (_, own), one in divisions().items() if own == code), code)


def other_region(rule: Edition, place: str | None) -> list[Finding]:
    """Give the finding that a rule is not one of the place, none where it is or where the place is not known."""
    if place is None or holds_in(rule, place):
        return []
    return [
        Finding(
            "other_region",
            "",
            f"{rule.title_zh}适用于{rule.region_zh}，对象位于{place_name(place)}（{place}）",
            f"{rule.title_en} holds in {rule.region}, the subject lies in {place}",
            "换用当地或全国的规则；结论仅供参照",
            "Use a rule of the place or of the country; the verdict is a what-if",
            used=True,
        )
    ]
