"""The pages and their data as a browser without scripts gets them."""

from __future__ import annotations

import csv
import gzip
import io
import json

import openpyxl
import pytest
from django.urls import reverse

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Part, Snapshot

PUBLIC, OFFICE = Role.PUBLIC, Role.ADMINISTRATOR


@pytest.fixture
def cells(demonstrated):
    rows = demonstrated.read("region_industry").to_pandas()
    return rows[(rows["region_level"] == "county") & (rows["industry"] == "17")]


def _table(answer) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    return rows[1 : rows.index([])]


def test_the_file_of_an_office_holds_what_the_workspace_holds(client_of, cells):
    rows = _table(client_of(OFFICE).get("/explore/?industry=17&measure=firms&format=csv"))
    assert {row[1]: int(float(row[6])) for row in rows} == dict(zip(cells["region"], cells["firms"], strict=True))
    firms = [float(row[6]) for row in rows]
    assert firms == sorted(firms, reverse=True)
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))


def test_the_public_sees_no_figure_of_fewer_than_three_firms(client_of, cells):
    rows = _table(client_of(PUBLIC).get("/explore/?industry=17&measure=firms&format=csv"))
    few = set(cells[cells["firms"] < 3]["region"])
    assert few
    assert all(not any(row[6:]) for row in rows if row[1] in few)
    assert all(int(float(row[6])) >= 3 for row in rows if row[1] not in few)
    page = client_of(PUBLIC).get("/explore/frame.json?everybody=1")
    assert page.status_code == 200


def test_the_workbook_says_where_its_figures_come_from(client_of, published):
    answer = client_of(PUBLIC).get("/explore/?industry=17&format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[1]["B1"].value == published.title


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "industry=17",
        "industry=17&level=prefecture&region=370200",
        "industry=17&sort=-q_value&page=99",
        "level=province",
    ],
)
def test_the_page_shows_the_table_without_scripts(client_of, query, language):
    answer = client_of(PUBLIC).get(f"/explore/?{query}", headers={"accept-language": language})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<tr data-region=" in text
    assert "<script>" not in text


@pytest.mark.parametrize(
    "query", ["industry=没有&region=1&level=x&measure=y&chart=z&sort=w&at=v&map=u&page=t", "industry=%01"]
)
def test_nonsense_in_the_address_is_answered_with_words(client_of, query):
    answer = client_of(PUBLIC).get(f"/explore/?{query}")
    assert answer.status_code == 200
    assert "message warning" in answer.content.decode()


def test_words_that_name_one_industry_lead_to_its_address(client_of):
    answer = client_of(PUBLIC).get("/explore/", {"industry": "烟草制品业", "measure": "firms"})
    assert answer.status_code in (200, 302)
    if answer.status_code == 302:
        assert answer.headers["Location"] == "/explore/?industry=16&measure=firms"


def test_a_part_is_sent_as_it_is_stored(client_of, published):
    stored = Part.objects.get(snapshot=published, audience="public", kind="industry", key="county:17")
    answer = client_of(PUBLIC).get("/explore/industry/county/17.json", headers={"accept-encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content == bytes(stored.body)
    plain = client_of(PUBLIC).get("/explore/industry/county/17.json")
    assert "Content-Encoding" not in plain.headers
    assert json.loads(plain.content) == json.loads(gzip.decompress(answer.content))


def test_a_part_of_a_named_snapshot_may_be_kept_and_of_another_is_gone(client_of, published):
    client = client_of(PUBLIC)
    named = client.get(f"/explore/frame.json?s={published.pk}&a=public")
    assert "immutable" in named.headers["Cache-Control"]
    assert "private" in named.headers["Cache-Control"]
    assert "Cookie" in named.headers["Vary"]
    again = client.get("/explore/frame.json", headers={"if-none-match": named.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" not in client.get("/explore/frame.json").headers["Cache-Control"]
    for other in ("00000000-0000-4000-8000-000000000000", "nonsense"):
        assert client.get(f"/explore/frame.json?s={other}&a=public").status_code == 410
    assert client.get(f"/explore/frame.json?s={published.pk}&a=office").status_code == 410


@pytest.mark.parametrize("path", ["industry/county/XX.json", "industry/village/17.json", "footprints/99.json"])
def test_data_that_there_are_not_are_not_found(client_of, path):
    assert client_of(PUBLIC).get(f"/explore/{path}").status_code == 404


def test_offices_and_the_public_are_sent_different_figures(client_of):
    path = "/explore/industry/county/17.json"
    office, public = (json.loads(client_of(role).get(path).content) for role in (OFFICE, PUBLIC))
    assert office["region"] == public["region"]
    assert office["firms"] != public["firms"]
    embedded = json.loads(client_of(OFFICE).get(f"{path}?everybody=1").content)
    assert embedded == public


def test_an_embedded_view_may_stand_in_every_page_and_is_the_public_one(client_of):
    answer = client_of(OFFICE).get("/explore/embed/?industry=17")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    text = answer.content.decode()
    assert '"everybody=1' in text or "everybody=1" in text
    assert "<nav aria-label" not in text
    assert "frame-ancestors 'none'" in client_of(OFFICE).get("/explore/").headers["Content-Security-Policy"]


def test_what_is_not_public_is_not_embedded_and_strangers_are_told_to_sign_in(client_of, published):
    Snapshot.objects.filter(pk=published.pk).update(public=False)
    assert client_of(PUBLIC).get("/explore/embed/").status_code == 404
    assert client_of(PUBLIC).get("/explore/frame.json").status_code == 404
    page = client_of(PUBLIC).get("/explore/")
    assert page.status_code == 200
    assert reverse("account_login") in page.content.decode()
    assert client_of(OFFICE).get("/explore/frame.json").status_code == 200


def test_the_data_of_a_first_map_are_below_a_megabyte(published):
    parts = Part.objects.filter(snapshot=published, audience="office")
    largest = max(len(part.body) for part in parts.filter(kind="industry", key__startswith="county:"))
    first = [len(parts.get(kind=kind, key=key).body) for kind, key in (("frame", ""), ("outlines", "county"))]
    assert sum(first) + largest < 1_000_000
