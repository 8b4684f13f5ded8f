"""The JSON interface: what it gives to whom, how parts are sent, tokens, and that its description is true."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.api import schemas
from gaoyuan.portal.api.models import AccessToken
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import open_case
from gaoyuan.portal.jobs.models import Job, State
from gaoyuan.portal.snapshots.models import Firm, Part, Snapshot

TYPES = {
    "frame": schemas.Frame,
    "outlines": schemas.Outlines,
    "industry": schemas.IndustryInRegions,
    "about_industry": schemas.Industry,
    "region": schemas.Region,
    "cluster": schemas.Cluster,
    "products": schemas.Products,
}


@pytest.fixture
def token(published) -> str:
    """A token of the county office."""
    return AccessToken.make(_viewer(Role.COUNTY), "a program")


def _viewer(role: Role) -> Viewer:
    return Viewer(role, User.objects.get(username=role.value), Organisation.objects.get(kind=role))


def _by(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("audience", ["office", "public"])
def test_stored_parts_are_what_the_description_says(published, kind, audience) -> None:
    parts = Part.objects.filter(snapshot=published, audience=audience, kind=kind)
    assert parts.exists()
    for part in parts.order_by("pk")[:: max(1, parts.count() // 60)]:
        TYPES[kind].model_validate(part.content())


def test_a_part_is_sent_as_it_is_stored_and_once(published) -> None:
    stored = bytes(Part.objects.get(snapshot=published, audience="public", kind="frame").body)
    first = Client().get("/api/frame", headers={"Accept-Encoding": "gzip"})
    assert (first.content, first.headers["Content-Encoding"]) == (stored, "gzip")
    again = Client().get("/api/frame", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = Client().get("/api/frame", headers={"Accept-Encoding": "br, gzip;q=0"})
    assert plain.content == gzip.decompress(stored)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != first.headers["ETag"]
    assert {"Accept-Encoding", "Cookie", "Authorization"} <= set(first.headers["Vary"].split(", "))
    assert "private" in first.headers["Cache-Control"]


@pytest.mark.parametrize("role", list(Role))
def test_offices_see_all_figures_and_others_none_of_few_enterprises(client_of, published, role) -> None:
    audience = "office" if role in OFFICES else "public"
    part = Part.objects.filter(snapshot=published, audience=audience, kind="cluster").order_by("pk")[0]
    given = client_of(role).get(f"/api/clusters/{part.key}").json()
    assert given == part.content()
    assert ("members" in given) == (role in OFFICES)


def test_clusters_are_filtered_and_paged_in_order_of_strength(published) -> None:
    client = Client()
    every = client.get("/api/clusters?size=500").json()
    ranks = [row["rank"] or float("inf") for row in every["items"]]
    assert ranks == sorted(ranks)
    first = every["items"][0]
    narrow = client.get("/api/clusters", {"industry": first["industry"][:2], "region": first["county"]}).json()
    assert first in narrow["items"]
    assert all(row["industry"].startswith(first["industry"][:2]) for row in narrow["items"])
    assert client.get("/api/clusters", {"q": first["name"]}).json()["items"][0] == first
    pages = [client.get(f"/api/clusters?size=2&page={number}").json()["items"] for number in (1, 2)]
    assert pages[0] + pages[1] == every["items"][:4]
    assert client.get("/api/clusters?page=9999").json()["items"] == []
    placed = [row for row in every["items"] if row["county"]]
    assert client.get("/api/clusters?region=370000&size=500").json()["items"] == placed


def test_an_office_finds_the_enterprises_of_its_counties_alone(client_of, published) -> None:
    Firm.objects.create(snapshot=published, enterprise_id="abroad", name="海外某某集团", county="330102")
    own = Firm.objects.filter(snapshot=published, county="370202").order_by("pk")[0]
    client = client_of(Role.COUNTY)
    found = client.get("/api/enterprises", {"q": own.name}).json()["items"]
    assert own.enterprise_id in [one["enterprise_id"] for one in found]
    assert {one["county"] for one in client.get("/api/enterprises?size=500").json()["items"]} == {"370202"}
    assert client.get("/api/enterprises?q=海外某某集团").json()["items"] == []
    assert client.get("/api/enterprises/abroad").status_code == 404
    assert client_of(Role.ADMINISTRATOR).get("/api/enterprises/abroad").json()["name"] == "海外某某集团"
    assert "海外" not in client.get("/api/search?q=海外某某").content.decode()


def test_an_enterprise_finds_itself_and_the_public_none(client_of, published) -> None:
    subject = Organisation.objects.get(kind=Role.ENTERPRISE).subject
    items = client_of(Role.ENTERPRISE).get("/api/enterprises").json()["items"]
    assert [one["enterprise_id"] for one in items] == [subject]
    assert Client().get("/api/enterprises").json()["items"] == []


@pytest.mark.parametrize("words", ["%", "_", "'", "\\", "%00", "(", "😀" * 40])
def test_signs_of_queries_are_letters_like_others(client_of, words) -> None:
    for address in ("/api/enterprises", "/api/clusters", "/api/search"):
        answer = client_of(Role.ADMINISTRATOR).get(address, {"q": words})
        assert answer.status_code == 200
        # Industries are found by their English name too, which stands beside the Chinese one.
        named = [one["name"] + one.get("detail", "") for one in answer.json()["items"]]
        assert all(words in name for name in named)


def test_anything_is_found_by_name_code_or_initials(client_of, published) -> None:
    part = Part.objects.get(snapshot=published, audience="office", kind="frame")
    frame = json.loads(gzip.decompress(bytes(part.body)))["industries"]
    at = frame["code"].index(next(code for code in frame["code"] if len(code) == 4))
    for words in (frame["code"][at], frame["name"][at], frame["initials"][at]):
        hits = client_of(Role.COUNTY).get("/api/search", {"q": words}).json()["items"]
        assert frame["code"][at] in [hit["code"] for hit in hits if hit["kind"] == "industry"]
    hits = client_of(Role.COUNTY).get("/api/search", {"q": "370202"}).json()["items"]
    assert ("region", "370202") in [(hit["kind"], hit["code"]) for hit in hits]


@pytest.mark.parametrize("address", ["/api/jobs", "/api/jobs/00000000-0000-4000-8000-000000000000"])
def test_without_signing_in_jobs_are_closed_with_401(db, address) -> None:
    answer = Client().get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
    schemas.Problem.model_validate(answer.json())


def test_what_is_not_there_and_what_cannot_be_is_said_as_described(published) -> None:
    missing = Client().get("/api/clusters/none-such")
    assert missing.status_code == 404
    schemas.Problem.model_validate(missing.json())
    for address in ("/api/clusters?page=0", "/api/clusters?snapshot=x", "/api/search", "/api/clusters?size=501"):
        wrong = Client().get(address)
        assert wrong.status_code == 422, address
        schemas.Mistakes.model_validate(wrong.json())


def test_a_private_snapshot_is_for_its_organisation_and_those_below(client_of, published) -> None:
    city = Organisation.objects.get(kind=Role.CITY)
    hidden = Snapshot.objects.create(organisation=city, title="市内部", shown=True)
    for role, seen in {
        Role.CITY: True,
        Role.COUNTY: True,
        Role.PROVINCE: True,
        Role.BANK: False,
        Role.PUBLIC: False,
    }.items():
        listed = client_of(role).get("/api/snapshots").json()
        assert (str(hidden.pk) in [one["id"] for one in listed]) == seen, role
        [schemas.SnapshotSummary.model_validate(one) for one in listed]
    assert Client().get(f"/api/frame?snapshot={hidden.pk}").status_code == 404


def test_a_program_acts_for_the_person_and_organisation_of_its_token(token) -> None:
    county = Organisation.objects.get(kind=Role.COUNTY)
    Membership.objects.create(
        user=User.objects.get(username="county"), organisation=Organisation.objects.get(kind=Role.BANK)
    )
    job = Job.objects.create_for(county, kind="none")
    assert _by(token).get("/api/jobs").json()["total"] == 1
    answer = _by(token).post(f"/api/jobs/{job.pk}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, State.CANCELLED)
    assert AccessToken.own(_viewer(Role.COUNTY)).get().used == timezone.localdate()


def test_a_token_opens_no_page_and_is_not_kept_in_the_clear(token) -> None:
    assert _by(token).get("/people/").status_code == 302
    kept = AccessToken.unscoped.values().get()
    assert token not in str(kept)


@pytest.mark.parametrize("how", ["revoked", "old", "person left", "person closed", "invented"])
def test_a_token_that_opens_nothing_is_refused_everywhere(token, how) -> None:
    held = AccessToken.unscoped
    if how == "revoked":
        held.update(revoked=timezone.now())
    elif how == "old":
        held.update(made=timezone.now() - AccessToken.VALID - timedelta(hours=1))
    elif how == "person left":
        Membership.objects.filter(user__username="county").delete()
    elif how == "person closed":
        User.objects.filter(username="county").update(is_active=False)
    client = _by(token[:-1] if how == "invented" else token)
    for address in ("/api/jobs", "/api/frame"):
        answer = client.get(address)
        assert answer.status_code == 401
        schemas.Problem.model_validate(answer.json())


def test_writing_by_a_session_needs_the_token_of_a_form(published) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="county"), "django.contrib.auth.backends.ModelBackend")
    job = Job.objects.create_for(Organisation.objects.get(kind=Role.COUNTY), kind="none")
    assert strict.post(f"/api/jobs/{job.pk}/cancel").status_code == 403
    strict.get("/")
    marked = strict.post(f"/api/jobs/{job.pk}/cancel", headers={"X-CSRFToken": strict.cookies["csrftoken"].value})
    assert marked.status_code == 200


def test_people_make_and_revoke_tokens_on_their_page(client_of) -> None:
    client = client_of(Role.COUNTY)
    page = client.post("/api/tokens/", {"name": "夜间报表"})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert secret not in client.get("/api/tokens/").content.decode()
    assert _by(secret).get("/api/jobs").status_code == 200
    client.post(f"/api/tokens/{AccessToken.unscoped.get().pk}/revoke/")
    assert _by(secret).get("/api/jobs").status_code == 401


def test_reading_asks_the_database_a_few_times_only(client_of, published) -> None:
    client = client_of(Role.COUNTY)
    region = Part.objects.filter(kind="region").order_by("pk")[0].key
    for address in ("/api/frame", f"/api/regions/{region}", "/api/clusters", "/api/enterprises", "/api/search?q=37"):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= 7, address


def test_every_route_is_described_with_its_answers(db) -> None:
    described = json.loads(Client().get("/api/openapi.json").content)
    operations = [(path, *one) for path, held in described["paths"].items() for one in held.items()]
    assert len(operations) == 16
    for path, _, operation in operations:
        answers = operation["responses"]
        assert {"200", "401", "404", "422"} <= set(answers), path
        assert all("schema" in one["content"]["application/json"] for one in answers.values()), path


def test_the_feed_of_moves_goes_on_from_the_number_that_it_gave(published) -> None:
    county = _by(AccessToken.make(_viewer(Role.COUNTY), "a program"))
    firm = _viewer(Role.ENTERPRISE)
    for title in ("毛巾布", "染料"):
        opened = open_case(firm, "service-request", role="firm", title=title, given={"title": title})
        assert isinstance(opened, Case), opened
    first = county.get("/api/records?size=1").json()
    assert [(one["title"], one["move"], one["number"]) for one in first["items"]] == [("毛巾布", "ask", 1)]
    rest = county.get(f"/api/records?after={first['last']}").json()
    assert [one["title"] for one in rest["items"]] == ["染料"]
    assert county.get(f"/api/records?after={rest['last']}").json() == {"last": rest["last"], "items": []}
    assert Client().get("/api/records").status_code in {401, 403}
    assert county.get("/api/records?after=-1").status_code == 422
