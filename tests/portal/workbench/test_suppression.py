"""What the public is never shown, anywhere: a figure of fewer than three enterprises."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from gaoyuan.portal.accounts.roles import EVERYONE, OFFICES, Role
from gaoyuan.portal.snapshots.models import Audience, Firm, Part

COUNTS = {
    "firms",
    "coded",
    "employees_firms",
    "revenue_firms",
    "makers",
    "local_firms",
    "outside_firms",
    "place_firms",
    "industry_firms",
    "tested_firms",
    "window_firms",
    "window_place_firms",
    "unknown",
}
"""Names under which parts count enterprises."""

OUTSIDERS = sorted(EVERYONE - OFFICES)


def counts(content: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give every count of enterprises in a part, wherever it stands; titles are counted by name."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from counts(value, name if name == "titles" else key)
    elif isinstance(content, list):
        for value in content:
            yield from counts(value, name)
    elif name in COUNTS or name == "titles":
        yield name, content


def test_the_walk_finds_small_counts_where_offices_see_them(published) -> None:
    found = {
        (part.kind, name)
        for part in Part.objects.filter(snapshot=published, audience=Audience.OFFICE).exclude(kind="outlines")
        for name, value in counts(part.content())
        if value in (1, 2)
    }
    expected = {("region", "firms"), ("industry", "firms"), ("cluster", "firms"), ("cluster", "makers")}
    assert expected <= found


def test_no_public_part_counts_one_or_two_enterprises(published) -> None:
    found = {
        (part.kind, part.key, name, value)
        for part in Part.objects.filter(snapshot=published, audience=Audience.PUBLIC).exclude(kind="outlines")
        for name, value in counts(part.content())
        if value in (1, 2)
    }
    assert found == set()


def test_no_public_part_names_an_enterprise(published, part_of) -> None:
    members = [part_of("cluster", key) for key in part_of("clusters")["cluster_id"]]
    names = {name for one in members for name in one["members"]["name"]}
    assert names
    chosen = sorted(names)[:50]
    for part in Part.objects.filter(snapshot=published, audience=Audience.PUBLIC).exclude(kind="outlines"):
        text = str(part.content())
        assert not [name for name in chosen if name in text], (part.kind, part.key)


def test_a_figure_is_hidden_with_the_enterprises_that_it_covers(published) -> None:
    for part in Part.objects.filter(snapshot=published, audience=Audience.PUBLIC, kind="region"):
        whole: Any = part.content()
        content = whole["industries"]
        for at, firms in enumerate(content["firms"]):
            if firms is None:
                shown = [name for name in content if name not in {"industry_level", "industry", "industry_name"}]
                # What is known of no enterprise at all stands at zero.
                assert not [name for name in shown if content[name][at]], (part.key, content["industry"][at])
            if content["revenue_firms"][at] is None:
                assert content["revenue_yuan"][at] is None


def small_cell(part_of) -> tuple[str, str, dict[str, Any]]:
    """Give region, industry and what offices see of a cell of one enterprise with a revenue."""
    listed = part_of("frame")["regions"]
    for region, level in zip(listed["region"], listed["region_level"], strict=True):
        cells = part_of("region", region)["industries"]
        for at, firms in enumerate(cells["firms"]):
            if level == "county" and firms == 1 and cells["revenue_yuan"][at]:
                return region, cells["industry"][at], {name: cells[name][at] for name in cells}
    raise AssertionError("the sample has no county with one enterprise of an industry")


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_hidden_cell_has_no_explanation(client_of, part_of, role) -> None:
    region, industry, _ = small_cell(part_of)
    for figure in ("firms", "location_quotient", "revenue_yuan"):
        address = f"/regions/{region}/why/{figure}/?industry={industry}"
        assert client_of(role).get(address).status_code == 404
        assert client_of(Role.ADMINISTRATOR).get(address).status_code == 200


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_hidden_cell_is_empty_in_files(client_of, part_of, role) -> None:
    region, industry, cell = small_cell(part_of)
    address = f"/regions/{region}/?level={cell['industry_level']}&table=industries&format=csv"
    own = {who: _row_of(client_of(who).get(address), industry) for who in (role, Role.ADMINISTRATOR)}
    assert own[Role.ADMINISTRATOR][3] == "1"
    assert float(own[Role.ADMINISTRATOR][5]) == cell["revenue_yuan"]
    assert set(own[role][3:]) == {""}


@pytest.mark.parametrize("role", OUTSIDERS)
def test_a_hidden_cell_is_empty_in_comparisons(client_of, part_of, role) -> None:
    region, industry, _ = small_cell(part_of)
    other = next(one for one in part_of("frame")["regions"]["region"] if one[:4] == region[:4] and one != region)
    address = f"/compare/?region={region}&region={other}&industry={industry}&format=csv"
    rows = list(csv.reader(io.StringIO(client_of(role).get(address).content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:4]] == ["", "", ""]


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize("sort", ["firms", "-firms", "revenue_yuan"])
def test_no_page_of_a_region_shows_one_or_two_enterprises(client_of, part_of, role, sort) -> None:
    region, _, _ = small_cell(part_of)
    page = client_of(role).get(f"/regions/{region}/?sort={sort}").content.decode()
    table = page[page.index('aria-label="行业"') :]
    counted = re.findall(r'<td class="number">(?:<a[^>]*>)?([\d,]+|—)(?:</a>)?</td>', table)
    assert counted
    firms = re.findall(r'</th><td class="number">(?:<a[^>]*>)?([\d,]+|—)(?:</a>)?</td>', table)
    assert not {"1", "2"} & set(firms)


def test_search_finds_an_enterprise_only_for_those_who_may_see_it(client_of, published) -> None:
    firm = Firm.objects.filter(snapshot=published, county="370202").order_by("enterprise_id")[0]
    found = {
        role
        for role in Role
        if f"/enterprises/{firm.enterprise_id}/" in client_of(role).get("/search/", {"q": firm.name}).content.decode()
    }
    assert found == {Role.ADMINISTRATOR, Role.PROVINCE, Role.CITY, Role.COUNTY}


def _row_of(answer: Any, industry: str) -> list[str]:
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return next(row for row in rows if row and row[0] == industry)
