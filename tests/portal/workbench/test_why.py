"""Explanations: what is shown of a number is what it was worked out from."""

from __future__ import annotations

import csv
import html
import io
import re
import threading
from typing import Any

import pytest
from django.utils.html import escape

from gaoyuan.observe import explain, location_quotient_interval
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.snapshots.models import Firm, Part, Snapshot
from gaoyuan.portal.workbench import explained
from gaoyuan.portal.workbench.cluster import FIGURES
from gaoyuan.portal.workbench.explained import explanation, for_public
from gaoyuan.portal.workbench.explaining import ask_there
from gaoyuan.portal.workbench.telling import told
from gaoyuan.portal.workbench.templatetags.figures import figure as in_three_digits
from gaoyuan.portal.workbench.templatetags.telling import given_figure

AGREES, DIFFERS = "复算一致", "复算不一致"


def test_every_number_of_a_cluster_is_explained_as_the_command_does(client_of, demonstrated, strongest) -> None:
    key = strongest["cluster_id"]
    known = {one.name: one for one in explain(demonstrated, key).figures}
    client = client_of(Role.ADMINISTRATOR)
    for name in FIGURES:
        page = client.get(f"/clusters/{key}/why/{name}/").content.decode()
        assert f"<h1>{FIGURES[name]} " in page
        assert strongest["run"] in page
        assert (AGREES in page) == bool(known[name].agrees), name
        assert DIFFERS not in page
        for given in known[name].inputs.values():
            assert escape(str(given_figure(told(given)))) in page


@pytest.mark.parametrize(("language", "between"), [("zh-hans", "{}～{}"), ("en", "{} to {}")])
def test_a_location_quotient_is_shown_and_explained_with_its_interval(client_of, strongest, language, between) -> None:
    client = client_of(Role.PUBLIC)
    client.cookies["django_language"] = language
    low, high = location_quotient_interval(strongest["firms"], strongest["expected"])
    words = between.format(in_three_digits(float(low)), in_three_digits(float(high)))
    for address in ("", "why/location_quotient/"):
        assert words in client.get(f"/clusters/{strongest['cluster_id']}/{address}").content.decode()
    assert words not in client.get(f"/clusters/{strongest['cluster_id']}/why/expected/").content.decode()


def test_source_rows_are_those_of_the_register(client_of, demonstrated, strongest) -> None:
    key = strongest["cluster_id"]
    address = f"/clusters/{key}/why/firms/?table=source-rows&format=csv"
    text = client_of(Role.ADMINISTRATOR).get(address).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    rows = rows[: rows.index([])]
    register = demonstrated.read("register", ["enterprise_id", "row"]).to_pandas().set_index("enterprise_id")["row"]
    assert len(rows) == strongest["firms"]
    assert all(int(row[5]) == register[row[0]] for row in rows)
    assert {row[4] for row in rows} == {"sample-enterprises.csv"}


@pytest.mark.parametrize("role", sorted(set(Role) - OFFICES))
def test_source_rows_are_for_offices(client_of, strongest, role) -> None:
    page = client_of(role).get(f"/clusters/{strongest['cluster_id']}/why/firms/").content.decode()
    assert strongest["members"]["enterprise_id"][0] not in page
    assert "sample-enterprises.csv" not in page
    assert AGREES in page


def test_the_page_says_that_an_explanation_is_being_worked_out_and_then_shows_it(
    client_of, strongest, monkeypatch
) -> None:
    """The engine takes seconds to start; here it waits until it is let go."""
    going = threading.Event()

    def slow(kind: str, *question: Any) -> Any:
        assert going.wait(60)
        return ask_there(kind, *question)

    monkeypatch.setattr(explained, "ask_there", slow)
    monkeypatch.setattr(explained, "PATIENCE_SECONDS", 0.01)
    address = f"/clusters/{strongest['cluster_id']}/why/firms/"
    for _ in range(2):
        page = client_of(Role.ADMINISTRATOR).get(address)
        assert page.status_code == 200
        assert page["Cache-Control"] == "no-store"
        assert "<progress" in page.content.decode()
        assert 'http-equiv="refresh"' in page.content.decode()
    going.set()
    monkeypatch.setattr(explained, "PATIENCE_SECONDS", 60)
    assert AGREES in client_of(Role.ADMINISTRATOR).get(address).content.decode()


def test_an_enterprise_is_explained_to_whom_may_see_it(client_of, demonstrated) -> None:
    register = demonstrated.read("register", ["enterprise_id", "address", "row"]).to_pandas().set_index("enterprise_id")
    firm = Firm.objects.filter(county="370202").exclude(employees=None).order_by("pk")[0]
    row = register.loc[firm.enterprise_id]
    page = client_of(Role.COUNTY).get(f"/enterprises/{firm.enterprise_id}/").content.decode()
    for anchor in ("county", "industry", "employees"):
        assert f'href="/enterprises/{firm.enterprise_id}/why/#{anchor}"' in page
    page = client_of(Role.COUNTY).get(f"/enterprises/{firm.enterprise_id}/why/").content.decode()
    assert str(row["address"]) in page
    assert f"sample-enterprises.csv 第 {row['row']} 行" in page
    assert f'<td data-value="{firm.employees}">{firm.employees:,.0f}</td>' in page
    for role in (Role.PUBLIC, Role.BANK, Role.JUDGE):
        assert client_of(role).get(f"/enterprises/{firm.enterprise_id}/why/").status_code == 404


def test_an_enterprise_does_not_see_the_files_of_the_office(client_of, published) -> None:
    own = Organisation.objects.get(kind=Role.ENTERPRISE).subject
    page = client_of(Role.ENTERPRISE).get(f"/enterprises/{own}/why/").content.decode()
    assert Firm.objects.get(snapshot=published, enterprise_id=own).name in page
    assert "sample-enterprises.csv" not in page
    assert "SHA-256" not in page


def test_figures_are_written_with_their_units(client_of, strongest) -> None:
    address = f"/regions/{strongest['county']}/why/{{}}/?industry={strongest['industry']}"
    client = client_of(Role.ADMINISTRATOR)
    assert "亿元</h1>" in client.get(address.format("revenue_yuan")).content.decode()
    assert " %</h1>" in client.get(address.format("share_of_region")).content.decode()


def test_a_workspace_that_has_moved_on_explains_nothing(client_of, published, strongest) -> None:
    versions = {**published.runs, "versions": {**published.runs["versions"], "cluster": 99}}
    Snapshot.objects.filter(pk=published.pk).update(runs=versions)
    page = client_of(Role.ADMINISTRATOR).get(f"/clusters/{strongest['cluster_id']}/why/area_km2/")
    assert page.status_code == 200
    assert '<a href="/desk/">' in page.content.decode().split('class="message warning"')[1].split("</p>")[0]
    assert AGREES not in page.content.decode()


def test_a_workspace_that_is_away_is_no_fault(client_of, published, strongest, tmp_path) -> None:
    Organisation.objects.filter(pk=published.organisation_id).update(workspace=str(tmp_path / "gone"))
    assert explanation(Snapshot.objects.get(pk=published.pk), strongest["cluster_id"]) is None
    page = client_of(Role.PUBLIC).get(f"/clusters/{strongest['cluster_id']}/why/area_km2/")
    assert page.status_code == 200
    assert str(tmp_path) not in page.content.decode()


def test_the_public_is_not_told_an_input_of_fewer_than_three_enterprises() -> None:
    figure = {"inputs": {"members that have it": 2}}
    assert for_public(figure) is None
    assert for_public({"inputs": {"members that have it": 3}}) is not None
    assert for_public({"inputs": {"with revenue": 1, "members": 40}}) is None
    assert for_public({"inputs": {"radii": 2}}) is not None


def test_numbers_of_cells_are_worked_out_again_and_agree(client_of, published) -> None:
    client = client_of(Role.ADMINISTRATOR)
    for region in ("370000", "370200", "370202"):
        part = Part.objects.get(snapshot=published, audience="office", kind="region", key=region)
        whole: Any = part.content()
        cells = whole["industries"]
        for at in range(0, len(cells["industry"]), max(1, len(cells["industry"]) // 5)):
            for figure in ("expected", "location_quotient", "share_of_region"):
                page = client.get(f"/regions/{region}/why/{figure}/?industry={cells['industry'][at]}").content.decode()
                assert AGREES in page, (region, cells["industry"][at], figure)


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.COUNTY, Role.ADMINISTRATOR])
def test_every_number_of_the_pages_leads_to_why_it_is_so(client_of, part_of, strongest, role) -> None:
    chain = part_of("chain")
    _, product = max(zip((firms or 0 for firms in chain["local_firms"]), chain["product"], strict=True))
    client, seen = client_of(role), set()
    for path in (
        f"/clusters/{strongest['cluster_id']}/",
        "/clusters/",
        f"/regions/{strongest['county']}/",
        "/regions/",
        f"/industries/{strongest['industry']}/",
        f"/chain/{product}/",
    ):
        page = client.get(path).content.decode()
        whys = [html.unescape(one) for one in re.findall(r'<a class="(?:why|asked)" href="([^"]+)"', page)]
        assert whys, path
        # A number that leads nowhere is an empty one, an own count of the page, or one of a table that says why itself.
        for address in whys:
            figure = re.sub(r"/[^/]+/why/(\w+)/.*", r"/\1", address)
            if figure not in seen:
                seen.add(figure)
                answer = client.get(address)
                assert answer.status_code == 200, address
                assert 'class="formula"' in answer.content.decode() or role == Role.PUBLIC, address
    cells = {"firms", "expected", "location_quotient", "q_value", "share_of_region", "employees", "revenue_yuan"}
    assert {f"/regions/{figure}" for figure in (*cells, "density", "diversity", "krugman", "coded")} <= seen
    assert {f"/clusters/{figure}" for figure in ("firms", "stability", "revenue_yuan", "rank")} <= seen
    assert {"/industries/gini", "/products/local_firms"} <= seen


def test_the_enterprises_behind_a_cell_are_shown_to_their_office_alone(client_of, strongest) -> None:
    address = f"/regions/{strongest['county']}/why/firms/?industry={strongest['industry']}"
    firms = Firm.objects.filter(county=strongest["county"], industry=strongest["industry"])
    page = client_of(Role.ADMINISTRATOR).get(address).content.decode()
    assert all(firm.name in page for firm in firms.order_by("enterprise_id")[:20])
    file = client_of(Role.ADMINISTRATOR).get(f"{address}&table=enterprises&format=csv").content.decode("utf-8-sig")
    assert file.count("\n") >= firms.count()
    section = client_of(Role.ADMINISTRATOR).get(f"/regions/{strongest['county']}/why/firms/?industry=C&format=csv")
    assert section.content.decode("utf-8-sig").count("\n") > firms.count()
    for role in Role:
        shown = client_of(role).get(address).content.decode()
        if role not in OFFICES:
            assert not any(firm.name in shown for firm in firms[:20])
