"""Comparisons: side by side, and what the data cannot carry is said."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.frame_parts import initials
from gaoyuan.portal.snapshots.models import Audience
from gaoyuan.portal.workbench.compare import cluster_lines, region_lines
from gaoyuan.portal.workbench.reading import Look


@pytest.fixture
def look(published) -> Look:
    from gaoyuan.portal.accounts.viewer import PUBLIC

    return Look(PUBLIC, published, Audience.OFFICE)


def region(code: str, coded: int = 500, coverage: float | None = None, level: str = "county") -> dict[str, Any]:
    empty = {name: [] for name in ("industry", "firms", "employees_firms", "revenue_firms")}
    return {
        "region": code,
        "region_name": code,
        "region_level": level,
        "firms": coded,
        "coded": coded,
        "coverage": coverage,
        "industries": empty,
    }


def refused(lines) -> set[str]:
    return {line.name for line in lines if line.refused}


def test_counts_of_provinces_of_uneven_coverage_are_refused(look) -> None:
    counts = {"firms", "coded", "diversity"}
    assert (
        refused(region_lines(look, [region("130000", coverage=0.5), region("370000", coverage=0.9)], "")[0]) == counts
    )
    assert (
        refused(region_lines(look, [region("130000", coverage=0.9), region("370000", coverage=0.95)], "")[0]) == set()
    )
    assert (
        refused(region_lines(look, [region("130000", coverage=None), region("370000", coverage=0.9)], "")[0]) == counts
    )
    assert refused(region_lines(look, [region("370202", coverage=None), region("370203")], "")[0]) == set()


def test_shares_of_few_enterprises_are_refused(look) -> None:
    lines, _ = region_lines(look, [region("370202", coded=29), region("370203", coded=30)], "")
    assert {"krugman", "entropy", "herfindahl"} <= refused(lines)
    assert "firms" not in refused(lines)


def test_regions_of_different_levels_are_told(look) -> None:
    _, notes = region_lines(look, [region("370000", level="province"), region("370202")], "")
    assert len(notes) == 1


def test_sums_over_uneven_parts_of_the_members_are_refused(look, strongest) -> None:
    other = {**strongest, "size_coverage": strongest["size_coverage"] / 2}
    assert refused(cluster_lines(look, [strongest, strongest])[0]) == set()
    assert refused(cluster_lines(look, [strongest, other])[0]) == {"revenue_yuan"}


def test_clusters_found_in_different_ways_are_not_compared_by_area(look, strongest) -> None:
    lines, notes = cluster_lines(look, [strongest, {**strongest, "found_by": "counties"}])
    assert refused(lines) == {"area_km2", "stability"}
    assert notes == []


def test_what_there_is_not_is_told_and_the_rest_is_compared(client_of, strongest) -> None:
    known, county = strongest["cluster_id"], strongest["county"]
    client = client_of(Role.PUBLIC)
    answer = client.get(f"/compare/?cluster={known}&cluster=no-such-one&cluster=370202-0000")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count('role="alert"') == 2
    assert f'value="{known}"' in page
    other = next(one for one in ("370202", "370203") if one != county)
    page = client.get(f"/compare/?region={county}&region=999999&region={other}").content.decode()
    assert page.count('role="alert"') == 1
    assert f'<a href="/regions/{county}/">' in page
    assert f'<a href="/regions/{other}/">' in page


def test_every_number_that_is_compared_leads_to_why_it_is_so(client_of, part_of) -> None:
    listed = part_of("clusters")["cluster_id"]
    client = client_of(Role.COUNTY)
    for query in (
        f"cluster={listed[0]}&cluster={listed[1]}",
        "region=370202&region=370203",
        "region=370202&region=370203&industry=15",
    ):
        page = client.get(f"/compare/?{query}").content.decode()
        rows = page.split("<tbody>")[1].split("</tbody>")[0]
        whys = re.findall(r'<a class="asked" href="([^"]+)"', rows)
        # What is not there has nothing behind it: figures that are unknown, or of an industry without enterprises.
        assert set(re.findall(r'<td class="number">([^<]+)</td>', rows)) <= {"—", "0", "0 %"}
        assert whys
        assert {client.get(html.unescape(one)).status_code for one in whys} == {200}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cluster=a&region=370202", 400),
        ("region=1&region=2&region=3&region=4&region=5&region=6", 400),
        ("region=370202", 200),
        ("region=370202&region=370202", 200),
        ("cluster=&cluster=", 200),
    ],
)
def test_what_cannot_be_compared_is_told_in_the_form(client_of, query, status) -> None:
    answer = client_of(Role.PUBLIC).get(f"/compare/?{query}")
    assert answer.status_code == status
    assert ('role="alert"' in answer.content.decode()) == (status == 400)


def test_regions_are_named_by_their_names_and_the_address_has_codes(client_of, look) -> None:
    first, other = look.frame.region("370202"), look.frame.region("370203")
    answer = client_of(Role.PUBLIC).get("/compare/", {"region": [first, f"370203 {other}"], "industry": "15"})
    assert answer.status_code == 302
    assert answer["Location"].split("?")[1] == "region=370202&region=370203&industry=15"


def test_a_name_that_several_regions_have_is_asked_back_with_each_of_them(client_of) -> None:
    page = client_of(Role.PUBLIC).get("/compare/", {"region": ["370202", "区"]})
    assert page.status_code == 400
    text = page.content.decode()
    assert 'role="alert"' in text
    meant = [html.unescape(one) for one in re.findall(r'<a href="(\?region=[^"]+)"', text)]
    assert len(meant) > 1
    assert all(one.startswith("?region=370202&region=37") for one in meant)


def test_letters_in_a_field_find_clusters_regions_and_industries(client_of, look) -> None:
    client = client_of(Role.PUBLIC)

    def found(kind: str, words: str) -> list[str]:
        return [one["code"] for one in client.get("/compare/find/", {"kind": kind, "q": words}).json()["found"]]

    assert found("region", "370202") == ["370202"]
    assert "370202" in found("region", look.frame.region("370202"))
    strongest = look.clusters[0]
    assert found("cluster", strongest["name"])[0] == strongest["cluster_id"]
    assert found("cluster", initials(strongest["name"]))[0] == strongest["cluster_id"]
    industry = strongest["industry"]
    assert found("industry", look.frame.industries[industry]["name"])[0] == industry
    assert found("nothing", "370202") == found("region", "") == []
