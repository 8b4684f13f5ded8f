"""Every page of the portal in Chromium: nothing on the console, usable for everybody, on a phone, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

PAGES = {
    "county": (
        *("/", "/clusters/", "/clusters/{cluster}/", "/clusters/{cluster}/why/q_value/", "/regions/"),
        *("/regions/{county}/", "/regions/{county}/why/krugman/", "/industries/", "/industries/{industry}/"),
        *("/enterprises/{firm}/", "/search/?q=mj", "/compare/", "/compare/?cluster={cluster}&cluster={other}"),
        *("/chain/", "/themes/", "/assessments/", "/assessments/new/", "/contests/", "/contests/new/", "/desk/"),
        *("/jobs/", "/people/", "/account/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/"),
    ),
    "administrator": ("/audit/",),
    "public": (
        *("/", "/accounts/login/", "/accounts/password/reset/", "/themes/"),
        *("/clusters/{cluster}/", "/embed/clusters/{cluster}/", "/embed/regions/{county}/"),
    ),
}
"""Role to pages; those of a theme, an assessment, a contest, an upload and a token are in the tests of their own."""


@pytest.fixture(scope="module")
def known(demonstrated) -> dict[str, str]:
    """What the pages are of: the largest cluster with its industry and county, another cluster, an enterprise."""
    clusters = demonstrated.read("cluster", ["cluster_id", "industry", "county", "firms", "found_by"]).to_pylist()
    found = sorted((row for row in clusters if row["found_by"]), key=lambda row: -row["firms"])
    firms = demonstrated.read("enterprise", ["enterprise_id", "county"]).to_pylist()
    return {
        "cluster": found[0]["cluster_id"],
        "other": found[1]["cluster_id"],
        "industry": found[0]["industry"],
        "county": found[0]["county"],
        "firm": next(row["enterprise_id"] for row in firms if row["county"] == "370202"),
    }


@pytest.mark.parametrize(("role", "path"), [(role, path) for role, held in PAGES.items() for path in held])
def test_a_page_is_clean_for_everybody(visit_of, known, role, path) -> None:
    visit = visit_of(role)
    page = visit.go(path.format(**known))
    assert page.title()
    assert visit.faults() == []
    assert visit.is_narrow()
    # The same page in the other language, switched in place.
    if "/embed/" not in path:
        before = page.locator("html").get_attribute("lang")
        page.click("form.language button")
        expect(page.locator("html")).to_have_attribute("lang", "zh-hans" if before == "en" else "en")
        assert visit.is_narrow()
    assert visit.complaints == []


def test_what_does_not_exist_is_told_as_a_page(visit_of) -> None:
    page = visit_of("public").page
    answer = page.goto(visit_of("public").address + "/nothing/")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_be_visible()
