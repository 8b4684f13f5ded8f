"""Every page for every role: who sees it, what it says, its source, its files, and that it denies alike."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.urls import reverse

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.snapshots.models import Firm, Snapshot

SEES_FIRMS = {Role.ADMINISTRATOR, Role.PROVINCE}
"""Who sees the members of any cluster of the sample: the whole province is theirs."""


@pytest.fixture
def addresses(strongest: dict[str, Any], part_of: Any) -> dict[str, str]:
    """An address of each page that everybody may see."""
    key, county, industry = strongest["cluster_id"], strongest["county"], strongest["industry"]
    listed = part_of("clusters")
    second = next(one for one in listed["cluster_id"] if one != key)
    other = next(one for one in part_of("frame")["regions"]["region"] if one != county)
    chain = part_of("chain")
    _, product = max(zip((firms or 0 for firms in chain["local_firms"]), chain["product"], strict=True))
    return {
        "home": "/",
        "clusters": "/clusters/",
        "cluster": f"/clusters/{key}/",
        "regions": "/regions/?level=county",
        "region": f"/regions/{county}/",
        "province": f"/regions/{county[:2]}0000/",
        "industries": "/industries/?in=C",
        "industry": f"/industries/{industry}/",
        "search": f"/search/?q={industry}",
        "compare": "/compare/",
        "clusters compared": f"/compare/?cluster={key}&cluster={second}",
        "regions compared": f"/compare/?region={county}&region={other}",
        "industry compared": f"/compare/?region={county}&region={other}&industry={industry}",
        "why region": f"/regions/{county}/why/krugman/",
        "why cell": f"/regions/{county}/why/location_quotient/?industry={industry}",
        "why industry": f"/industries/{industry}/why/ellison_glaeser/",
        "why product": f"/products/{product}/why/local_firms/",
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_there_for_every_role_and_names_its_source(
    client_of, addresses, published, role, language
) -> None:
    client = client_of(role)
    client.cookies["django_language"] = language
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        page = answer.content.decode()
        assert published.title in page, name
        assert published.runs["made"]["observe"]["run"] in page, name
        assert f'lang="{language}"' in page
        assert "Next" in page if language == "en" else "下一步" in page, name
        assert "<script>" not in page
        assert not re.search(r"\son\w+=", page)


@pytest.mark.parametrize("role", list(Role))
def test_every_table_exports_as_csv_and_xlsx(client_of, addresses, role) -> None:
    client = client_of(role)
    exported = 0
    for name, address in addresses.items():
        page = client.get(address).content.decode()
        links = {
            link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*|/[^"]*\?[^"]*format=\w+[^"]*)"', page)
        }
        files = {link for link in links if "format=" in link}
        for link in files:
            answer = client.get(link)
            assert answer["Content-Disposition"].startswith("attachment"), (name, link)
            exported += 1
    assert exported > 20


@pytest.mark.parametrize("role", list(Role))
def test_what_is_not_there_is_not_found(client_of, strongest, role) -> None:
    client = client_of(role)
    key = strongest["cluster_id"]
    for address in (
        "/clusters/000000-0000/",
        "/clusters/000000-0000/why/firms/",
        f"/clusters/{key}/why/nothing/",
        f"/clusters/{key}/why/footprint/",
        "/regions/999999/",
        "/regions/x/why/firms/",
        f"/regions/{strongest['county']}/why/nothing/",
        f"/regions/{strongest['county']}/why/firms/?industry=0000",
        "/industries/XX/",
        "/industries/1522/why/nothing/",
        f"/industries/{strongest['industry']}/why/gini/?level=galaxy",
        "/enterprises/nobody/",
        "/embed/clusters/000000-0000/",
        "/embed/regions/999999/",
        "/clusters/%00/",
        "/regions/%00/",
        "/industries/%00/",
        "/enterprises/%00/",
        "/embed/clusters/%00/",
        "/regions/?level=%00",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize(
    "query",
    [
        "page=x",
        "page=-3",
        "page=99999",
        "sort=%27;--",
        "province=%F0",
        "found=x",
        "q=%3Cscript%3E",
        "in=zz",
    ],
)
def test_a_query_that_means_nothing_is_taken_for_the_usual_one(client_of, addresses, query) -> None:
    client = client_of(Role.PUBLIC)
    for name in ("clusters", "cluster", "region", "regions", "industry", "industries", "search"):
        address = addresses[name].partition("?")[0]
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 200, (name, query)
        assert b"<script>" not in answer.content


def test_members_are_listed_to_offices_of_their_county_alone(client_of, strongest) -> None:
    member = strongest["members"]["enterprise_id"][0]
    county = strongest["members"]["county"][0]
    for role in Role:
        page = client_of(role).get(f"/clusters/{strongest['cluster_id']}/").content.decode()
        sees = role in SEES_FIRMS or (role in OFFICES and county.startswith(_division(role)))
        assert (member in page) == sees, role
        file = client_of(role).get(f"/clusters/{strongest['cluster_id']}/?table=members&format=csv").content.decode()
        assert (member in file) == sees, role


def _division(role: Role) -> str:
    division = Organisation.objects.get(kind=role).division
    return division[: {Role.PROVINCE: 2, Role.CITY: 4, Role.COUNTY: 6}.get(role, 0)] or "none"


def test_an_enterprise_sees_its_own_page_and_no_other(client_of, published) -> None:
    own = Organisation.objects.get(kind=Role.ENTERPRISE).subject
    other = Firm.objects.filter(snapshot=published).exclude(enterprise_id=own).order_by("pk")[0]
    client = client_of(Role.ENTERPRISE)
    page = client.get(f"/enterprises/{own}/")
    assert page.status_code == 200
    assert Firm.objects.get(snapshot=published, enterprise_id=own).name in page.content.decode()
    assert client.get(f"/enterprises/{other.enterprise_id}/").status_code == 404


def test_an_enterprise_of_others_is_answered_like_one_that_there_is_not(client_of, published) -> None:
    foreign = Firm.objects.filter(snapshot=published).exclude(county__startswith="370202").order_by("pk")[0]
    for role in (Role.COUNTY, Role.CLUSTER, Role.JUDGE, Role.BANK, Role.PUBLIC):
        client = client_of(role)
        answers = [client.get(f"/enterprises/{number}/") for number in (foreign.enterprise_id, "0" * 18)]
        assert [one.status_code for one in answers] == [404, 404], role
        pages = [one.content.decode().replace(foreign.enterprise_id, "0" * 18) for one in answers]
        # Forms carry a token that is new every time.
        assert len({re.sub(r'value="\w{64}"', "", page) for page in pages}) == 1, role


def test_a_county_office_sees_the_enterprises_of_its_county(client_of, published) -> None:
    own = Firm.objects.filter(snapshot=published, county="370202").order_by("pk")[0]
    assert client_of(Role.COUNTY).get(f"/enterprises/{own.enterprise_id}/").status_code == 200


def test_clusters_are_filtered_and_sorted(client_of, part_of) -> None:
    client = client_of(Role.ADMINISTRATOR)
    listed = part_of("clusters")

    def ids(query: str) -> list[str]:
        text = client.get(f"/clusters/?format=csv&{query}").content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))[1:]
        return [row[0] for row in rows[: rows.index([])]]

    assert sorted(ids("")) == sorted(listed["cluster_id"])
    by = dict(zip(listed["cluster_id"], listed["found_by"], strict=True))
    assert set(ids("found=cells")) == {key for key, how in by.items() if how == "cells"}
    assert set(ids("found=list")) == {key for key, how in by.items() if how is None}
    firms = dict(zip(listed["cluster_id"], listed["firms"], strict=True))
    known = [firms[key] for key in ids("sort=-firms") if firms[key] is not None]
    assert known == sorted(known, reverse=True)
    assert [firms[key] for key in ids("sort=firms")][-1] is None
    industry = next(code for code in listed["industry"] if code)
    assert set(ids(f"industry={industry[:2]}")) == {
        key
        for key, code in zip(listed["cluster_id"], listed["industry"], strict=True)
        if (code or "").startswith(industry[:2])
    }
    assert ids("province=110000") == []


def test_a_list_without_rows_says_what_to_do(client_of) -> None:
    page = client_of(Role.PUBLIC).get("/clusters/?q=nothing-is-called-so").content.decode()
    assert "没有符合条件的集群" in page
    assert reverse("clusters") in page


@pytest.mark.parametrize("role", list(Role))
def test_nothing_published_says_to_everybody_what_can_be_done(client_of, published, role) -> None:
    Snapshot.objects.filter(pk=published.pk).update(shown=False)
    client = client_of(role)
    for address in ("/", "/clusters/", "/regions/", "/industries/", "/search/?q=a", "/compare/"):
        answer = client.get(address)
        assert answer.status_code == 200
        told = answer.content.decode().split('<p class="empty">')[1].split("</p>")[0]
        # Who cannot publish is told who does; nobody but the administrator reads of a command.
        assert ("/desk/" in told, "gaoyuan publish" in told) == (role in OFFICES, role == Role.ADMINISTRATOR)
    assert client.get("/clusters/1/").status_code == 404


@pytest.mark.parametrize("word", ["hzymlsyzz", "瓶", "1522", "bottled"])
def test_search_finds_industries_by_chinese_code_english_and_initials(client_of, part_of, word) -> None:
    listed = part_of("frame")["industries"]
    at = listed["code"].index("1522")
    wanted = {"hzymlsyzz": listed["initials"][at]}.get(word, word)
    if word == "bottled":
        wanted = listed["english"][at][:12]
    page = client_of(Role.PUBLIC).get("/search/", {"q": wanted}).content.decode()
    assert "/industries/1522/" in page


def test_search_finds_regions_and_clusters(client_of, strongest) -> None:
    client = client_of(Role.PUBLIC)
    page = client.get("/search/", {"q": strongest["county_name"]}).content.decode()
    assert f"/regions/{strongest['county']}/" in page
    assert f"/clusters/{strongest['cluster_id']}/" in page


def test_embedded_pages_show_the_public_figures_to_everybody_and_may_be_framed(client_of, part_of, strongest) -> None:
    pages = {}
    for role in (Role.ADMINISTRATOR, Role.PUBLIC):
        answer = client_of(role).get(f"/embed/clusters/{strongest['cluster_id']}/")
        assert "X-Frame-Options" not in answer.headers
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "'none'" not in answer.headers["Content-Security-Policy"].split("frame-ancestors")[1].split(";")[0]
        pages[role] = answer.content
    assert pages[Role.ADMINISTRATOR] == pages[Role.PUBLIC]
    page = client_of(Role.ADMINISTRATOR).get(f"/clusters/{strongest['cluster_id']}/")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert f"/embed/clusters/{strongest['cluster_id']}/" in page.content.decode()


def test_a_snapshot_that_is_not_public_is_not_embedded(client_of, published, strongest) -> None:
    Snapshot.objects.filter(pk=published.pk).update(public=False)
    client = client_of(Role.ADMINISTRATOR)
    assert client.get(f"/clusters/{strongest['cluster_id']}/").status_code == 200
    assert client.get(f"/embed/clusters/{strongest['cluster_id']}/").status_code == 404
    assert client_of(Role.PUBLIC).get(f"/clusters/{strongest['cluster_id']}/").status_code == 404
