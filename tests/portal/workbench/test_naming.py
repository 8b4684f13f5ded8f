"""Industries and counties are named in the language of a page, also in its files."""

from __future__ import annotations

import pytest
from django.test import Client

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.report.industry_english import english_name


@pytest.fixture
def english(client_of) -> Client:
    client = client_of(Role.PROVINCE)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_an_english_page_calls_an_industry_by_its_own_english_name(english, client_of, strongest) -> None:
    code = strongest["industry"]
    name = english_name(code)
    assert name != english_name(code[:2])
    for address in (f"/industries/{code}/", f"/clusters/{strongest['cluster_id']}/", f"/industries/?in={code[:3]}"):
        assert name in english.get(address).content.decode(), address
        assert strongest["industry_name"] in client_of(Role.PROVINCE).get(address).content.decode(), address
    page = english.get(f"/explore/?industry={code}").content.decode()
    assert f"{name} {code}" in page


def test_what_stands_in_the_field_of_explore_is_understood_when_it_is_sent(client_of, strongest) -> None:
    code, name = strongest["industry"], strongest["industry_name"]
    answer = client_of(Role.PROVINCE).get("/explore/", {"industry": f"{code} {name}"})
    assert answer.status_code == 302
    assert f"industry={code}" in answer["Location"]


def test_members_are_listed_with_the_names_of_their_counties(client_of, strongest) -> None:
    page = client_of(Role.PROVINCE).get(f"/clusters/{strongest['cluster_id']}/").content.decode()
    members = page.split('id="members"')[1]
    assert f"<td>{strongest['county_name']}</td>" in members
    file = client_of(Role.PROVINCE).get(f"/clusters/{strongest['cluster_id']}/?format=csv&table=members")
    assert f"{strongest['county']},{strongest['county_name']}," in file.content.decode("utf-8-sig")


def test_why_pages_name_figures_and_no_columns(english, strongest) -> None:
    page = english.get(f"/clusters/{strongest['cluster_id']}/why/q_value/").content.decode()
    if "data-working" not in page:
        assert "q value, for all tests" in page
        assert "q_value</" not in page
