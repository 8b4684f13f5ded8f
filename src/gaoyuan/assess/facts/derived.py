"""Facts that follow from others by an official rule: the size class of an enterprise, and the sector it is asked in."""

from __future__ import annotations

import datetime as dt
import math

from gaoyuan.assess.facts.agreement import counting
from gaoyuan.assess.facts.parsing import Fact, Facts
from gaoyuan.codes.sme_size import SizeClass, SizeMeasure, sectors_of, size_class
from gaoyuan.registry.industry_cells import industry_code

NOT_LISTED = "not_listed"
"""The sector of industries that the classification of sizes leaves out."""
_RULE = "国统字〔2017〕213号"
_FIGURES: tuple[SizeMeasure, ...] = ("employees", "revenue_yuan", "assets_yuan")
_FIGURE_NAMES = "从业人员、营业收入、资产总额"


def with_derived(facts: Facts, as_of: dt.date) -> Facts:
    """Give facts with `size_sector` and `size_class` where these follow from the industry and the figures.

    The figures are those of the last full year before the as-of date. What was given stays. A code that covers several
    sectors gives all of them, with | between. Where sources disagree the class is derived only where it is the same for
    all that they say.

    >>> from gaoyuan.assess.facts.parsing import parse_facts
    >>> known = parse_facts({"industry": "1761", "employees": 19})
    >>> with_derived(known, dt.date(2026, 5, 1)).of("size_class")[0].value
    'micro'
    >>> with_derived(parse_facts({"industry": "C1761", "employees": 19}), dt.date(2026, 5, 1)).of("size_class")[0].value
    'micro'
    """
    said = {claim.value for claim in facts.of("industry") if isinstance(claim.value, str)}
    if len(said) != 1:
        return facts
    (given,) = said
    # Registers write the letter of the section before the digits: C1761.
    industry = industry_code(given, zeros_lost=False) or given
    derived: dict[str, tuple[Fact, ...]] = {}
    if sector := _sector(industry):
        derived["size_sector"] = (Fact("size_sector", sector, {}, f"由行业代码推算（{_RULE}）"),)
    if found := _class(industry, facts, as_of.year - 1):
        derived["size_class"] = (Fact("size_class", found, {}, f"由行业代码与{_FIGURE_NAMES}推算（{_RULE}）"),)
    return facts.with_more(Facts(derived), as_of.year - 1)


def _sector(industry: str) -> str | None:
    """Give the sectors of an industry; None where it is not known whether it has one."""
    sectors = sectors_of(industry)
    if not sectors or (None in sectors and len(sectors) > 1):
        return None
    return "|".join(sector.id if sector else NOT_LISTED for sector in sectors)


def _class(industry: str, facts: Facts, year: int) -> SizeClass | None:
    """Give the class that all claims agree on: it only rises with a figure, so the two ends decide."""
    claims = {name: _claims(facts, name, year) for name in _FIGURES}
    ends: set[SizeClass | None] = {
        size_class(industry, **{name: pick(values, default=None) for name, values in claims.items()})
        for pick in (min, max)
    }
    return ends.pop() if len(ends) == 1 else None


def _claims(facts: Facts, metric: str, year: int) -> list[float]:
    """Give what the sources say of a figure in a year; what stands without a year counts for it."""
    told: list[tuple[int | None, float]] = []
    for claim in facts.of(metric):
        told += claim.series.items()
        told += [(None, claim.value)] if isinstance(claim.value, float) else []
    return [value for value in counting(told, year, year, series=True) if value >= 0 and math.isfinite(value)]
