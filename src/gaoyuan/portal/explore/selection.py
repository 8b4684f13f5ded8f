"""What somebody looks at on the explore page: all of it stands in the address, and is read from there alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.explore.frame import LEVELS, Frame, Industry
from gaoyuan.portal.explore.measures import EVERY, NAMES, Measure, measures_of, theme_of
from gaoyuan.portal.snapshots.models import Part

LEVEL_NAMES = {"county": _("Counties"), "prefecture": _("Prefectures"), "province": _("Provinces")}
CHARTS = {"bar": _("Bars"), "scatter": _("Scatter")}
_USUAL = {"level": "county", "chart": "bar"}
_MOST_MATCHES = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """A view: an industry (or what stands for one: all, a theme), in an area ("" is everywhere) by regions of a level,
    ranked by a measure. `sort` is a column of the table, with "-" before it the other way round; `at` the chosen
    region; `position` where the map stands.
    """

    industry: Industry
    region: str = ""
    level: str = "county"
    measure: Measure = NAMES["location_quotient"]
    chart: str = "bar"
    sort: str = ""
    at: str = ""
    position: str = ""

    def query(self) -> str:
        """Give the query of this view's address; what is as usual is left out."""
        usual = {**_USUAL, "measure": measures_of(self.industry.code).usual}
        return urlencode({name: value for name, value in self.plain().items() if value and value != usual.get(name)})

    @property
    def title(self) -> str:
        """What is looked at, as people call it: an industry by name and code."""
        own = self.industry
        return own.words if own.code == EVERY or theme_of(own.code) is not None else f"{own.words} {own.code}"

    def plain(self) -> dict[str, str]:
        """Give the parts of the address by name."""
        return {
            "industry": self.industry.code,
            "region": self.region,
            "level": self.level,
            "measure": self.measure.key,
            "chart": self.chart,
            "sort": self.sort,
            "at": self.at,
            "map": self.position,
        }


@dataclass(slots=True)
class Asked:
    """A view as it was asked for: `mistakes` says what could not be understood, `others` which industries were meant
    perhaps.
    """

    view: Selection | None
    mistakes: list[str] = field(default_factory=list)
    others: list[Industry] = field(default_factory=list)


def read_selection(given: Mapping[str, str], frame: Frame, usual: str, subject: Industry | None = None) -> Asked:
    """Read a view from an address. What is not understood is said and taken as usual; `usual` is the industry shown
    where none is asked for, `subject` what the address names beside industries. The view is None only where the
    snapshot holds no industry.
    """
    asked = Asked(None)
    industry = subject or _industry(given.get("industry", "").strip(), frame, usual, asked)
    if industry is None:
        return asked
    measures = measures_of(industry.code)
    level = _one_of(given.get("level", ""), LEVELS, "county", _("Level"), asked)
    if level not in measures.levels:
        asked.mistakes.append(str(_("A theme is found by counties: these are shown.")))
        level = measures.levels[0]
    region = given.get("region", "").strip()
    if region and frame.area_name(region) is None:
        asked.mistakes.append(
            str(_("No figures for the region “%(given)s”; all regions are shown.")) % {"given": region}
        )
        region = ""
    if level == "province" and region and not region.endswith("0000"):
        region = region[:2] + "0000"
    measure = measures.all[_one_of(given.get("measure", ""), measures.all, measures.usual, _("Measure"), asked)]
    at = given.get("at", "")
    asked.view = Selection(
        industry,
        region,
        level,
        measure,
        _one_of(given.get("chart", ""), CHARTS, "bar", _("Chart"), asked),
        given.get("sort", "") if given.get("sort", "").lstrip("-") in {"name", *measures.all} else "",
        at if at in frame.regions[level] else "",
        given.get("map", "") if _is_position(given.get("map", "")) else "",
    )
    return asked


def usual_industry(snapshot: UUID, audience: str) -> str:
    """Give the industry that is shown where none is asked for: that of the strongest cluster, "" where none has one."""
    part = Part.objects.filter(snapshot_id=snapshot, audience=audience, kind="clusters").first()
    codes = cast("list[str | None]", part.content()["industry"]) if part else []
    return next((code for code in codes if code), "")


def _industry(words: str, frame: Frame, usual: str, asked: Asked) -> Industry | None:
    held = frame.industries
    fallback = held.get(usual) or next(iter(held.values()), None)
    if not words:
        return fallback
    # A code, or what stands in the field for one that is chosen: the code and its name.
    exact = held.get(words.upper()) or held.get(words.partition(" ")[0].upper())
    if exact is not None:
        return exact
    found = frame.find(words, _MOST_MATCHES)
    if not found:
        said = _("No industry of the register is called “%(given)s”. Try a code, part of a name, or pinyin initials.")
        asked.mistakes.append(str(said) % {"given": words[:60]})
        return fallback
    asked.others = found[1:]
    return found[0]


def _one_of(given: str, known: Mapping[str, object] | tuple[str, ...], usual: str, what: Promise, asked: Asked) -> str:
    if not given or given in known:
        return given or usual
    asked.mistakes.append(
        str(_("%(what)s: “%(given)s” is not known and was left out.")) % {"what": what, "given": given[:60]}
    )
    return usual


def _is_position(text: str) -> bool:
    """Longitude, latitude and zoom."""
    try:
        longitude, latitude, zoom = (float(part) for part in text.split(","))
    except ValueError:
        return False
    return abs(longitude) <= 180 and abs(latitude) <= 85 and 0 <= zoom <= 20
