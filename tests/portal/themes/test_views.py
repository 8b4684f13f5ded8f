from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from gaoyuan.observe import theme as observe_theme
from gaoyuan.observe import theme_clusters
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import CLUSTERS, Role
from gaoyuan.portal.jobs.models import Job, State
from gaoyuan.portal.jobs.queue import queue
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.themes.finding import answer, find
from gaoyuan.portal.themes.models import Share, Theme

EXPRESSION = "机械|设备"


def text(page: HttpResponse) -> str:
    return page.content.decode()


@pytest.fixture(autouse=True)
def _at_once():
    queue.immediate = True
    yield
    queue.immediate = False


@pytest.fixture
def look(django_capture_on_commit_callbacks, published) -> Callable[..., Theme]:
    """Give what looks for a theme and waits for it."""

    def looked(client: Client, expression: str = EXPRESSION) -> Theme:
        with django_capture_on_commit_callbacks(execute=True):
            given = client.post("/themes/", {"expression": expression})
        assert given.status_code == 302, text(given)
        return Theme.unscoped.select_related("job").get(pk=given.headers["Location"].split("/")[2])

    return looked


@pytest.fixture(scope="module")
def counties(demonstrated) -> dict[str, object]:
    """What is found in the demonstration, looked for once."""
    return answer({"folder": str(demonstrated.path), "expression": EXPRESSION})


@pytest.fixture
def found(published, counties) -> Theme:
    """A theme of the county office that has been looked for."""
    county = Organisation.objects.get(kind=Role.COUNTY)
    return Theme.objects.create_for(
        county,
        expression=EXPRESSION,
        source=Organisation.objects.get(kind=Role.ADMINISTRATOR),
        computed=timezone.now(),
        **counties,
    )


def share(found: Theme, client: Client, how: Share, name: str = "机械") -> HttpResponse:
    return client.post(f"/themes/{found.pk}/save/", {"name": name, "share": how})


def test_a_theme_is_found_in_the_background_as_the_library_finds_it(client_of, look, demonstrated):
    client = client_of(Role.COUNTY)
    found = look(client)
    assert found.job is not None
    assert found.job.state == State.DONE, found.job.fault
    expected = observe_theme(demonstrated, EXPRESSION, top=0)
    expected = expected[expected["firms"] > 0]
    assert [row["county"] for row in found.rows or []] == expected["county"].tolist()
    assert [row["p_value"] for row in found.rows or []] == pytest.approx(expected["p_value"].tolist(), rel=1e-12)
    page = text(client.get(f"/themes/{found.pk}/"))
    assert expected["county_name"].iloc[0] in page
    assert 'data-chart="bar"' in page
    assert found.run
    assert found.run in page
    of_theme = theme_clusters(demonstrated, EXPRESSION)
    assert [one["cluster_id"] for one in found.clusters] == of_theme["cluster_id"].tolist()
    assert f'href="/explore/?industry=theme-{found.pk}"' in page
    assert f'href="/regions/{expected["county"].iloc[0]}/"' in page


def test_the_table_is_a_file_with_its_source(client_of, found):
    client = client_of(Role.COUNTY)
    given = client.get(f"/themes/{found.pk}/?format=csv")
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["位次", "代码", "县区", "相符企业"]
    assert rows[1][1] == (found.rows or [])[0]["county"]
    assert any(EXPRESSION in cell for row in rows[-6:] for cell in row)
    assert client.get(f"/themes/{found.pk}/?format=xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("毛巾|(", "不是正则表达式", "no regular expression"),
        ("毛巾||纺织", "与所有企业都相符", "matches every firm"),
        ("", "必填", "required"),
        ("(" * 250 + ")" * 250, "", ""),
        ("a" * 400, "", ""),
    ],
)
def test_a_bad_expression_is_told_in_the_language_of_the_page(client_of, published, expression, zh, en):
    client = client_of(Role.COUNTY)
    given = client.post("/themes/", {"expression": expression})
    assert zh in text(given)
    client.post("/language/", {"language": "en", "next": "/themes/"})
    given = client.post("/themes/", {"expression": expression})
    assert en in text(given)
    assert 'class="errorlist"' in text(given)
    assert not Theme.unscoped.exists()


def test_what_the_engine_does_not_know_fails_the_job_with_the_reason(client_of, look):
    client = client_of(Role.COUNTY)
    found = look(client, "(?=毛巾)毛")
    assert found.job is not None
    assert found.job.state == State.FAILED
    assert "检索不支持的写法" in text(client.get(f"/themes/{found.pk}/"))


def test_an_expression_that_takes_for_ever_can_be_stopped(own_sample):
    class Enough(Exception):
        pass

    looks = []

    def look():
        looks.append(1)
        if len(looks) > 2:
            raise Enough

    with pytest.raises(Enough):
        find(str(own_sample.path), "((.?)+)+公司甲乙丙|(.*)*有限", look)


def test_an_organisation_without_a_workspace_above_it_is_told_so(client_of, published):
    Organisation.objects.update(workspace="")
    client = client_of(Role.COUNTY)
    assert "还没有可检索的工作区" in text(client.get("/themes/"))
    assert "还没有可检索的工作区" in text(client.post("/themes/", {"expression": "毛巾"}))
    assert not Theme.unscoped.exists()


def test_results_older_than_the_register_are_told_without_naming_a_folder(client_of, look, own_sample, tmp_path):
    from gaoyuan.registry import import_enterprises

    register = tmp_path / "new.csv"
    register.write_text("企业名称\n新厂\n", "utf-8")
    import_enterprises(own_sample, [register])
    Organisation.objects.filter(kind=Role.ADMINISTRATOR).update(workspace=str(own_sample.path))
    client = client_of(Role.COUNTY)
    found = look(client)
    page = text(client.get(f"/themes/{found.pk}/"))
    assert "测度并发布" in page
    assert str(own_sample.path) not in page


def test_a_theme_is_saved_with_a_name_and_listed(client_of, found):
    client = client_of(Role.COUNTY)
    assert share(found, client, Share.OWN, "").status_code == 302
    found.refresh_from_db()
    assert found.name == ""
    share(found, client, Share.OWN, "装备制造")
    assert "装备制造" in text(client.get("/themes/"))
    assert "装备制造" in client.get("/themes/?format=csv").content.decode("utf-8-sig")
    client.post(f"/themes/{found.pk}/delete/")
    assert not Theme.unscoped.exists()


def test_a_theme_of_one_s_own_is_seen_by_the_offices_above_and_nobody_else(client_of, found):
    address = f"/themes/{found.pk}/"
    seen = {role for role in Role if client_of(role).get(address).status_code == 200}
    assert seen == {Role.COUNTY, Role.CITY, Role.PROVINCE, Role.ADMINISTRATOR}


def test_a_shared_theme_is_seen_by_whom_it_is_shared_with_and_changed_by_its_own(client_of, found):
    client = client_of(Role.COUNTY)
    address = f"/themes/{found.pk}/"
    share(found, client, Share.PORTAL)
    assert {role for role in Role if client_of(role).get(address).status_code == 200} == set(Role) - {Role.PUBLIC}
    assert address not in text(client_of(Role.BANK).get("/themes/"))
    share(found, client, Share.PUBLIC)
    assert {role for role in Role if client_of(role).get(address).status_code == 200} == set(Role)
    assert address in text(Client().get("/themes/"))
    for role in CLUSTERS - {Role.COUNTY}:
        for verb in ("save", "again", "stop", "delete"):
            foreign, unknown = (client_of(role).post(f"/themes/{pk}/{verb}/") for pk in (found.pk, uuid.uuid4()))
            assert foreign.status_code == unknown.status_code == 404
    assert Theme.unscoped.get(pk=found.pk).share == Share.PUBLIC


def test_a_theme_is_public_only_as_long_as_the_results_of_its_workspace_are(client_of, found):
    client = client_of(Role.COUNTY)
    share(found, client, Share.PUBLIC)
    assert Client().get(f"/themes/{found.pk}/").status_code == 200
    Snapshot.objects.update(public=False)
    assert Client().get(f"/themes/{found.pk}/").status_code == 404
    share(found, client, Share.OWN)
    share(found, client, Share.PUBLIC)
    assert Theme.unscoped.get(pk=found.pk).share == Share.OWN


def test_nobody_but_offices_sees_a_county_with_fewer_than_three_matching_firms(client_of, found):
    client = client_of(Role.COUNTY)
    share(found, client, Share.PUBLIC)
    rows = found.rows or []
    small = [row for row in rows if row["firms"] < 3]
    assert small, "the sample has such counties"
    few_named = [row["county"] for row in rows if row["firms"] >= 3 and 0 < row["in_name"] < 3]
    for other in (Client(), client_of(Role.BANK), client_of(Role.ENTERPRISE)):
        given = other.get(f"/themes/{found.pk}/?format=csv").content.decode("utf-8-sig")
        cells = {row[1]: row for row in csv.reader(io.StringIO(given)) if len(row) == 11}
        assert not {row["county"] for row in small} & cells.keys()
        assert {row["county"] for row in rows if row["firms"] >= 3} <= cells.keys()
        assert all(cells[county][6] == "" for county in few_named)
        page = text(other.get(f"/themes/{found.pk}/"))
        assert "不足三家" in page
    assert len(small) + len(cells) - 1 == len(rows)


def test_what_a_cluster_organisation_may_not_see_is_not_kept_for_it(client_of, look):
    found = look(client_of(Role.CLUSTER))
    assert found.rows
    assert min(row["firms"] for row in found.rows) >= 3


def test_a_theme_is_looked_for_again_and_not_twice_at_once(client_of, found):
    client = client_of(Role.COUNTY)
    for _ in range(2):
        client.post(f"/themes/{found.pk}/again/")
    assert Job.unscoped.filter(kind="theme").count() == 1


def test_themes_without_a_name_are_kept_for_a_while_only(client_of, published, monkeypatch):
    from gaoyuan.portal.themes import views

    monkeypatch.setattr(views, "_RECENT_KEPT", 2)
    client = client_of(Role.COUNTY)
    county = Organisation.objects.get(kind=Role.COUNTY)
    job = Job.objects.create_for(county, kind="theme", state=State.DONE)
    for number in range(4):
        Theme.objects.create_for(county, expression=f"甲{number}", source=county, job=job)
    named = Theme.objects.create_for(county, expression="乙", name="乙", source=county, job=job)
    client.post("/themes/", {"expression": "丙"})
    assert Theme.unscoped.filter(pk=named.pk).exists()
    assert sorted(Theme.unscoped.filter(name="").values_list("expression", flat=True)) == ["丙", "甲2", "甲3"]
