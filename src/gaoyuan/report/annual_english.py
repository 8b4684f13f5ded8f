"""The English summary of the annual report: a page or less, from the same numbers as the Chinese text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gaoyuan.assess.facts.wording import amount_en
from gaoyuan.assess.logic.states import State
from gaoyuan.report.annual_evidence import unknown_things
from gaoyuan.report.annual_facts import AnnualFacts, growth
from gaoyuan.report.annual_wording import capital, change_en, metric_en, said_en
from gaoyuan.report.document import Block, Content, Heading, ItemList, Paragraph
from gaoyuan.report.industry_english import english_name
from gaoyuan.report.run_notes import Number


def english_summary(facts: AnnualFacts) -> list[Block]:
    """Give the summary as a chapter of its own, without a number."""
    points: tuple[Content, ...] = tuple(
        (text, *facts.notes.of_numbers(numbers, "en")) for text, numbers in _points(facts)
    )
    unknown = len(list(unknown_things(facts)))
    return [
        Heading(1, "English summary", numbered=False, language="en"),
        Paragraph(_opening(facts), language="en"),
        ItemList(points, language="en"),
        Paragraph(_verdict(facts), language="en"),
        Paragraph(
            f"{unknown} things that this report asks are unknown; they are listed in its last chapter. Unknown counts "
            "neither as zero nor as a pass. Every number has a footnote that names its source and its run.",
            language="en",
        ),
    ]


def _opening(facts: AnnualFacts) -> str:
    cluster = facts.cluster
    industry = english_name(cluster.industry) if cluster.industry else ""
    what = f" ({industry}; class {cluster.industry} of GB/T 4754-2017)" if industry else ""
    found = {
        "cells": "It was found in the enterprise register by the coordinates of its firms.",
        "counties": "It was found in the enterprise register by county.",
    }.get(cluster.found_by, "It is on a list of recognised clusters; the enterprise register does not show it.")
    return f"Annual development report {facts.year} of the cluster {cluster.name} ({cluster.id}){what}. {found}"


def _points(facts: AnnualFacts) -> Iterator[tuple[str, list[Number]]]:
    output = facts.of_year("output_yuan")
    rate = growth(facts.series["output_yuan"], facts.year)
    if output.value is None:
        yield f"Output in {facts.year}: {metric_en(output, 'output_yuan')}.", []
    else:
        said = f"Output in {facts.year}: {metric_en(output, 'output_yuan')}; {change_en(rate.value)}."
        yield said, [output, rate]
    firms, quotient = facts.measured("firms"), facts.measured("location_quotient")
    if firms.value is None:
        yield "Firms, location quotient and area: unknown, for the register does not show the cluster.", []
    elif not facts.cluster.found_by:
        said = f"Firms of its industry in its county: {said_en(firms, 'count')}; location quotient "
        yield f"{said}{said_en(quotient, 'number')}.", [firms, quotient]
    else:
        area = facts.measured("area_km2")
        said = f"Firms of the register: {said_en(firms, 'count')} on {said_en(area, 'area', 'km²')}"
        if area.value is None:
            said = f"Firms of the register: {said_en(firms, 'count')}, area unknown"
        yield f"{said}; location quotient {said_en(quotient, 'number')}.", [firms, quotient, area]
    leading, smes = facts.number("leading_output_share"), facts.number("sme_output_share")
    shares = f"{metric_en(leading, 'leading_output_share')}; that of SMEs: {metric_en(smes, 'sme_output_share')}"
    yield f"The leading industry's share of the output: {shares}.", [leading, smes]
    yield _titles(facts), _title_numbers(facts)
    innovation, adoption = facts.number("sme_rd_growth"), facts.number("platform_adoption")
    said = f"Yearly growth of the SMEs' R&D expenditure: {metric_en(innovation, 'sme_rd_growth')}; "
    said += f"use of industrial internet platforms: {metric_en(adoption, 'platform_adoption')}."
    yield said, [innovation, adoption]
    yield _chain(facts), [Number(1.0, facts.supply.origins)] if facts.supply.known else []
    if facts.peers.places:
        own = next(place for place in facts.peers.places if place.id == facts.cluster.id)
        where = f"place {own.low}" if own.low == own.high else f"places {own.low} to {own.high}"
        yield (
            f"Among {len(facts.peers.places)} clusters compared (equal weights, the product's default): place "
            f"{own.rank:.3g}; {where} with 95 % when the weights vary.",
            [Number(own.rank, (facts.peers.origin,))],
        )
    else:
        yield "No ranking among peers: the data do not carry one.", []


def _chain(facts: AnnualFacts) -> str:
    supply = facts.supply
    if not supply.known:
        return "Place in the chain: unknown, for no lists of products were imported."
    made = f"Products that its firms are known to make: {len(supply.made)}"
    needed = f"; of {supply.inputs} inputs {len(supply.needed)} are no strong link in the county" if supply.made else ""
    rate = next((one for one in supply.rates if one.scope == "cluster"), None)
    if rate is None:
        return f"{made}{needed}; local supply rate of the cluster: unknown."
    low, high = amount_en(rate.low, "share"), amount_en(rate.high, "share")
    return f"{made}{needed}; local supply rate of the cluster: {low if low == high else f'{low} to {high}'}."


def _titles(facts: AnnualFacts) -> str:
    members = facts.members
    if not members.count:
        return "Firms with titles: unknown, for the register does not show the cluster's firms."
    if members.titles is None:
        return "Firms with titles: unknown, for no lists were imported."
    held = [f"{count.en} {count.holders}" for count in members.titles if count.holders]
    if not held:
        return f"Firms with titles in force on {facts.as_of}: none on the lists that were imported."
    return f"Firms with titles in force on {facts.as_of}: {members.holders} ({'; '.join(held)})."


def _title_numbers(facts: AnnualFacts) -> list[Number]:
    counts = facts.members.titles or ()
    return [Number(float(count.holders), (count.origin,)) for count in counts if count.holders]


def _verdict(facts: AnnualFacts) -> str:
    told = facts.assessment.verdict
    counts = Counter(criterion.state for criterion in told.criteria.values())
    states = ", ".join(f"{counts[state]} {state.en}" for state in State if counts[state])
    unmet = [f"{one.id} ({one.en})" for one in told.with_state(State.UNMET)]
    lacking = f" Unmet: {'; '.join(unmet)}." if unmet else ""
    title = capital(told.title_en)
    return (
        f"Verdict under “{title}” ({told.rule}.{told.edition}) as of {told.as_of}: {told.state.en}. "
        f"Of {len(told.criteria)} criteria: {states}.{lacking}"
    )
