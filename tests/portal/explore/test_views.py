"""The pages and their data as a browser without scripts gets them."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re

import openpyxl
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.explore.boundaries import check_boundaries
from gaoyuan.portal.snapshots.models import Part, Snapshot
from gaoyuan.portal.themes.models import Theme

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
    shown = [int(float(row[6])) for row in rows if row[1] not in few and row[6]]
    assert shown
    assert min(shown) >= 3
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


def _theme(share: str, published: Snapshot, name: str = "毛巾主题", **rows: int) -> Theme:
    def row(rank: int, county: str, firms: int) -> dict[str, object]:
        figures = {"expected": 1.5, "location_quotient": firms / 1.5, "p_value": 0.01, "q_value": 0.02}
        counts = {"firms": firms, "in_name": min(firms, 4), "first_in_scope": 0, "evidence": ["毛巾"]}
        return {"rank": rank, "county": county, "county_name": county, **counts, **figures}

    held = [row(rank, county.removeprefix("c"), firms) for rank, (county, firms) in enumerate(rows.items(), 1)]
    return Theme.objects.create_for(
        published.organisation, expression="毛巾", name=name, share=share, source=published.organisation, rows=held
    )


def test_all_industries_are_looked_at_by_diversity_and_other_measures_of_regions(client_of, published, demonstrated):
    answer = client_of(OFFICE).get("/explore/?industry=all&level=prefecture&measure=krugman&format=csv")
    rows = _table(answer)
    held = demonstrated.read("region_measure").to_pandas()
    held = held[held["region_level"] == "prefecture"].set_index("region")
    assert {row[1] for row in rows} == set(held.index)
    assert [float(row[10]) for row in rows] == sorted((float(row[10]) for row in rows), reverse=True)
    for row in rows:
        assert int(float(row[7])) == held.loc[row[1], "diversity"]
        assert float(row[10]) == pytest.approx(held.loc[row[1], "krugman"], rel=1e-5)
    page = client_of(PUBLIC).get("/explore/?industry=all").content.decode()
    assert "产业多样性" in page
    assert '<option value="all" selected>' in page
    sent = client_of(PUBLIC).get("/explore/industry/county/all.json").json()
    assert set(sent) == {"region", "firms", "diversity", "complexity", "coverage", "krugman", "entropy"}
    assert len(sent["region"]) == len(sent["diversity"])


def test_a_theme_is_explored_by_those_who_may_see_it(client_of, published):
    theme = _theme("public", published, c370202=9, c370203=2, c370211=5)
    own = _theme("own", published, "内部主题", c370202=7)
    address = f"/explore/?industry=theme-{theme.pk}"
    page = client_of(PUBLIC).get(address).content.decode()
    assert "毛巾主题：山东省青岛市市南区居首" in page
    assert f'<option value="theme-{theme.pk}" selected>毛巾主题</option>' in page
    assert "内部主题" not in page
    assert "内部主题" in client_of(OFFICE).get(address).content.decode()
    sent = {
        role: client_of(role).get(f"/explore/industry/county/theme-{theme.pk}.json").json() for role in (PUBLIC, OFFICE)
    }
    assert sent[PUBLIC]["region"] == ["370202", "370211"]
    assert sent[OFFICE]["firms"] == [9, 2, 5]
    assert [row[1] for row in _table(client_of(PUBLIC).get(f"{address}&measure=firms&format=csv"))] == [
        "370202",
        "370211",
    ]
    for path in (f"theme-{own.pk}", "theme-00000000-0000-4000-8000-000000000000", "theme-x"):
        assert client_of(PUBLIC).get(f"/explore/industry/county/{path}.json").status_code == 404
    assert client_of(PUBLIC).get(f"/explore/industry/province/theme-{theme.pk}.json").status_code == 404
    embedded = client_of(OFFICE).get(f"/explore/embed/?industry=theme-{own.pk}").content.decode()
    assert "内部主题" not in embedded


def test_the_choice_of_the_form_leads_to_the_address_of_the_view(client_of, published):
    answer = client_of(PUBLIC).get("/explore/?of=all&industry=17&level=prefecture")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/explore/?industry=all&level=prefecture")
    page = client_of(PUBLIC).get("/explore/?industry=all&measure=location_quotient").content.decode()
    assert "message warning" in page


@pytest.fixture
def approved(tmp_path, settings):
    """Boundaries of two counties as an owner has them, which are set."""
    squares = {"370202": 120.3, "370203": 120.4}
    features = [
        {
            "type": "Feature",
            "properties": {"adcode": int(code)},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 36], [x + 0.1, 36], [x + 0.1, 36.1], [x, 36.1], [x, 36]]],
            },
        }
        for code, x in squares.items()
    ]
    file = tmp_path / "approved.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    settings.BOUNDARIES, settings.BOUNDARIES_NOTICE = str(file), "某省自然资源厅 审图号：鲁S(2026)001号"
    return file


def test_the_owners_approved_boundaries_are_shown_with_their_notice(client_of, published, approved):
    client = client_of(PUBLIC)
    page = client.get("/explore/?industry=17").content.decode()
    assert page.count("审图号：鲁S(2026)001号") == 3
    assert "OpenStreetMap" not in page
    (address,) = (html.unescape(one) for one in re.findall(r'as="fetch" href="(/explore/outlines[^"]+)"', page))
    answer = client.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.json()["code"] == ["370202", "370203"]
    assert answer.json()["x"] == [120.35, 120.45]
    approved.write_text(approved.read_text().replace("120.4", "120.6"))
    assert client.get(address).json()["x"] != [120.35, 120.45]
    assert "immutable" not in client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"features": []}', '{"features": [{"geometry": null}]}'])
def test_boundaries_that_cannot_be_shown_are_told_at_the_start(approved, settings, body):
    check_boundaries()
    approved.write_text(body)
    with pytest.raises(ImproperlyConfigured, match=r"approved\.geojson"):
        check_boundaries()
    settings.BOUNDARIES_NOTICE = ""
    with pytest.raises(ImproperlyConfigured, match="GAOYUAN_BOUNDARIES_NOTICE"):
        check_boundaries()


def test_a_theme_is_shown_with_its_clusters(client_of, published):
    known = Part.objects.filter(snapshot=published, audience="public", kind="cluster").order_by("pk")[0]
    industry = str(known.content()["industry"])
    clusters = [{"cluster_id": known.key, "industry": industry}, {"cluster_id": "of-before", "industry": "1772"}]
    theme = _theme("public", published, c370202=9)
    Theme.unscoped.filter(pk=theme.pk).update(clusters=clusters)

    def told(role: Role, address: str) -> object:
        page = client_of(role).get(address).content.decode()
        return json.loads(page.split('id="explore-settings" type="application/json">')[1].split("</script>")[0])[
            "clusters"
        ]

    for role in (PUBLIC, OFFICE):
        shown = told(role, f"/explore/?industry=theme-{theme.pk}")
        assert shown == {"ids": [known.key], "divisions": [industry[:2]]}
        assert told(role, "/explore/") is None
    Theme.unscoped.filter(pk=theme.pk).update(clusters=None)
    assert told(PUBLIC, f"/explore/?industry=theme-{theme.pk}") == {"ids": [], "divisions": []}
