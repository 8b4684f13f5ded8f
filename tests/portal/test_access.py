"""Every route of the portal, by every method, for every role, with numbers of one's own, of others, of nothing and of
nonsense. The addresses are read from the portal, and what is expected is its table of access.

A new route with a place for a number needs an entry in `NAMED`, a new model that belongs to organisations a maker in
`TWINS`, a form that names an object an entry in `BODIES`. A test fails and says so where one is missing.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import reduce
from html import escape
from typing import cast
from urllib.parse import quote, unquote

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gaoyuan.assess.contest import read_definition
from gaoyuan.portal.access import ACCESS, roles_of
from gaoyuan.portal.accounts.models import Membership, Organisation, SetupLink, User
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.roles import EVERYONE, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.api.models import AccessToken
from gaoyuan.portal.assessments.models import Assessment, Evidence, Judgement
from gaoyuan.portal.contests.acting import EXAMPLE, begin
from gaoyuan.portal.contests.models import Contest, Entry, RecordLine, Seat, Sheet
from gaoyuan.portal.desk.importing import marked_file
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.snapshots.models import Firm, Part, Snapshot
from gaoyuan.portal.themes.models import Theme

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
DEFINITION = read_definition(EXAMPLE)
PARENTS = {Role.CITY: Role.PROVINCE, Role.COUNTY: Role.CITY, Role.CLUSTER: Role.COUNTY, Role.ENTERPRISE: Role.COUNTY}

CLOSED = {
    "account_signup": "accounts come from invitations",
    "account_email": "an administrator changes addresses",
    "account_email_verification_sent": "addresses are not verified",
    "account_confirm_email": "addresses are not verified",
    "account_confirm_login_code": "nobody signs in by mail",
    "socialaccount_signup": "accounts come from invitations",
    "api:api-root": "an address for the library's own use",
}
"""Routes of the libraries that nobody may use, and why."""


@dataclass(frozen=True)
class Twin:
    """An organisation and one of its people."""

    organisation: Organisation
    user: User


Maker = Callable[[Twin], Model]


def _membership(twin: Twin) -> Membership:
    colleague = User.objects.create(username=f"colleague {uuid.uuid4()}")
    return Membership.objects.create(user=colleague, organisation=twin.organisation)


def _upload(twin: Twin) -> Upload:
    """A file whose import has set a row aside."""
    made = Upload.objects.create_for(
        twin.organisation,
        kind="enterprises",
        name="register.csv",
        place=f"{twin.organisation.pk}/{uuid.uuid4().hex}",
        size=1,
        unpacked=1,
        sha256="0" * 64,
        by=twin.user,
    )
    marked = marked_file(made)
    marked.parent.mkdir(parents=True, exist_ok=True)
    marked.write_bytes(b"marked")
    return made


def _contest(twin: Twin) -> Contest:
    return begin(Viewer(Role.COUNTY, twin.user, twin.organisation), twin.organisation, DEFINITION, "2027-03-01T09:00")


def _seat(twin: Twin) -> Seat:
    contest = Contest.objects.create_for(twin.organisation, title_zh="赛", title_en="c", stage="draft", head="0")
    return Seat.objects.create_for(twin.organisation, contest=contest, judge=uuid.uuid4().hex, name="某", user=None)


_ASSESSED: list[tuple[Assessment, Judgement]] = []
"""An assessment and its verdict, begun once on the page and then copied: judging takes a second."""


def _assessment(twin: Twin) -> Assessment:
    if not _ASSESSED:
        client = Client()
        client.force_login(User.objects.get(username="administrator"), "django.contrib.auth.backends.ModelBackend")
        page = client.get("/assessments/new/")
        cluster = json.loads(client.get("/api/clusters?size=1").content)["items"][0]["cluster_id"]
        given = {"cluster": cluster, "application": "new", "as_of": "2026-06-30"}
        client.post("/assessments/new/", given | {"edition": page.context["form"].initial["edition"]})
        begun = Assessment.unscoped.latest("made")
        _ASSESSED.append((begun, Judgement.unscoped.get(assessment=begun)))
    made, judged = copy(_ASSESSED[0][0]), copy(_ASSESSED[0][1])
    made.pk, made.organisation, made._state.adding = uuid.uuid4(), twin.organisation, True
    made.save()
    judged.pk, judged.organisation, judged.assessment, judged._state.adding = None, twin.organisation, made, True
    judged.save()
    return made


def _part_of(model: type[Owned], whole: type[Owned], at: str, **other: object) -> Maker:
    """Give a maker of what belongs to another object."""
    return lambda twin: model.unscoped.create(organisation=twin.organisation, **{at: TWINS[whole](twin)}, **other)


TWINS: dict[type[Model], Maker] = {
    Job: lambda twin: Job.objects.create_for(twin.organisation, kind="none", by=twin.user),
    AccessToken: lambda twin: AccessToken.objects.create_for(
        twin.organisation, user=twin.user, name="a program", digest=uuid.uuid4().hex
    ),
    Membership: _membership,
    Organisation: lambda twin: twin.organisation,
    Theme: lambda twin: Theme.objects.create_for(
        twin.organisation, expression="光伏", source=Organisation.objects.get(kind=Role.ADMINISTRATOR)
    ),
    Upload: _upload,
    Assessment: _assessment,
    Judgement: lambda twin: Judgement.unscoped.get(assessment=_assessment(twin)),
    Evidence: _part_of(
        Evidence, Assessment, "assessment", fact="f", name="n.pdf", kind="pdf", stored="none", size=1, sha256="0" * 64
    ),
    Contest: _contest,
    RecordLine: _part_of(RecordLine, Contest, "contest", number=999, line="{}"),
    Seat: _seat,
    Sheet: _part_of(Sheet, Seat, "seat", round="1", commitment="0" * 64, data="{}"),
    Entry: _part_of(Entry, Contest, "contest", entrant="e"),
}
"""How an object of an organisation is made."""


@dataclass(frozen=True)
class Named:
    """What stands at a place in an address or a form: the number of an object of an organisation, or a word.

    `own` gives one that is there, `foreign` one that is there for others (None: the word is nobody's own), `missing` is
    one that nothing has. `above_all`: administrators see those of everybody.
    """

    own: Callable[[Twin], str]
    foreign: Callable[[Twin], str] | None = None
    missing: str = "nothing-is-called-so"
    malformed: tuple[str, ...] = ("\0", "' OR 1=1 --", "长" * 300)
    above_all: bool = True


def _object(model: type[Model], missing: str = "999999999", above_all: bool = True) -> Named:
    def made(twin: Twin) -> str:
        return str(TWINS[model](twin).pk)

    return Named(made, made, missing, ("x", "-1", "\0", "1e9", "9" * 30), above_all)


def _uuid(model: type[Model]) -> Named:
    return _object(model, "00000000-0000-4000-8000-000000000000")


def _own_uuid(model: type[Model]) -> Named:
    """An object that only its own organisation may change, an administrator no more than others."""
    return _object(model, "00000000-0000-4000-8000-000000000000", above_all=False)


def _word(known: Callable[[Twin], str]) -> Named:
    return Named(known)


def _key(kind: str) -> Named:
    parts = Part.objects.filter(kind=kind, audience="public").order_by("pk")
    return _word(lambda _: parts.values_list("key", flat=True)[0])


def _firm(county: str) -> Callable[[Twin], str]:
    def made(twin: Twin) -> str:
        number = f"{county}-{twin.organisation.pk}"
        Firm.objects.get_or_create(
            snapshot=Snapshot.objects.get(public=True), enterprise_id=number, name="某厂", county=county
        )
        return number

    return made


def _product(_: Twin) -> str:
    products = Part.objects.get(kind="products", audience="public").content()["product"]
    assert isinstance(products, list)
    return str(products[0])


_LEVEL = _word(lambda _: "county")
_REGION, _INDUSTRY, _CLUSTER = _key("region"), _key("about_industry"), _key("cluster")
_DIVISION, _PRODUCT = _key("footprints"), _word(_product)
_FIGURE = _word(lambda _: "firms")
_FIRM = Named(_firm("370202"), _firm("110101"))

NAMED: dict[str, dict[str, Named]] = {
    "setup": {"secret": _word(lambda twin: SetupLink.make(twin.organisation))},
    "end_membership": {"pk": _object(Membership)},
    "account_reset_password_from_key": {"uidb36": _word(lambda _: "1"), "key": _word(lambda _: "set-password")},
    "account_confirm_email": {"key": _word(lambda _: "a")},
    "openid_connect_login": {"provider_id": _word(lambda _: "oidc")},
    "openid_connect_callback": {"provider_id": _word(lambda _: "oidc")},
    "explore_footprints": {"division": _DIVISION},
    "explore_industry": {"level": _LEVEL, "code": _INDUSTRY},
    "cluster": {"cluster_id": _CLUSTER},
    "why": {"cluster_id": _CLUSTER, "figure": _FIGURE},
    "region": {"code": _REGION},
    "region_why": {"code": _REGION, "figure": _FIGURE},
    "industry": {"code": _INDUSTRY},
    "industry_why": {"code": _INDUSTRY, "figure": _FIGURE},
    "enterprise": {"enterprise_id": _FIRM},
    "embed_cluster": {"cluster_id": _CLUSTER},
    "embed_region": {"code": _REGION},
    "chain_product": {"product": _PRODUCT},
    **{f"assessment{act}": {"pk": _uuid(Assessment)} for act in ("", "_sign", "_copy")},
    "assessment_report": {"pk": _uuid(Assessment), "ending": _word(lambda _: "docx")},
    "assessment_evidence": {"pk": _uuid(Assessment), "file": _uuid(Evidence)},
    **{f"contest{act}": {"pk": _uuid(Contest)} for act in ("", "_act", "_enter", "_results")},
    "contest_file": {"pk": _uuid(Contest), "ending": _word(lambda _: "jsonl")},
    "contest_claim": {"secret": _word(lambda _: "none")},
    "contest_seat": {"pk": _uuid(Seat)},
    "revoke_token": {"pk": _object(AccessToken, above_all=False)},
    "api:industry_in_regions": {"level": _LEVEL, "code": _INDUSTRY},
    "api:industry": {"code": _INDUSTRY},
    "api:region": {"code": _REGION},
    "api:cluster": {"cluster": _CLUSTER},
    "api:enterprise": {"enterprise": _FIRM},
    "job": {"pk": _uuid(Job)},
    "job_state": {"pk": _uuid(Job)},
    "cancel_job": {"pk": _uuid(Job)},
    "theme": {"pk": _uuid(Theme)},
    **{name: {"pk": _own_uuid(Theme)} for name in ("theme_save", "theme_again", "theme_stop", "theme_delete")},
    "desk_upload": {"pk": _uuid(Upload)},
    "desk_rejected": {"pk": _uuid(Upload)},
    "desk_delete": {"pk": _own_uuid(Upload)},
    "desk_stop": {"pk": _uuid(Job)},
    "api:job": {"job": _uuid(Job)},
    "api:cancel_job": {"job": _uuid(Job)},
}
"""Route to place in its address to what stands there."""

BODIES: dict[str, dict[str, Named]] = {
    "choose_organisation": {"organisation": _object(Organisation, above_all=False)},
    "people": {"organisation": _object(Organisation)},
}
"""Route to field of its form to the object that it names."""

ASKED = {"api:search": "?q=3"}
"""Route to what it must be asked with."""

UNREACHED = {
    *("account_set_password", "openid_connect_login", "openid_connect_callback", "account_reset_password_from_key"),
    *(
        "contest_claim",
        "contest_enter",
        "contest_seat",
        "assessment_evidence",
        "desk_stop",
        "desk_rejected",
        "theme_stop",
    ),
    *("mfa_authenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
}
"""Routes that show nothing to the people of these tests: they have no second factor, no seat, no running job."""


@dataclass(frozen=True)
class Route:
    """A route: its name, its address with places, and the names of the places."""

    name: str
    address: str
    places: tuple[str, ...] = field(default=())

    def at(self, values: dict[str, str]) -> str:
        """Give the address with values at its places."""
        filled = self.address
        for place in self.places:
            filled = filled.replace(f"<{place}>", quote(values[place], safe=""))
        return filled


def _routes() -> Iterator[Route]:
    def walk(patterns: Iterable[object], spaces: str, before: str) -> Iterator[Route]:
        for one in patterns:
            assert isinstance(one, URLPattern | URLResolver)
            address = before + _address(str(one.pattern))
            if isinstance(one, URLResolver):
                space = f"{one.namespace}:" if one.namespace else ""
                yield from walk(one.url_patterns, spaces + space, address)
            else:
                yield Route(f"{spaces}{one.name or ''}", address, tuple(re.findall(r"<(\w+)>", address)))

    yield from walk(get_resolver().url_patterns, "", "/")


def _address(pattern: str) -> str:
    """Give an address with places <name> for a pattern of either form."""
    plain = re.sub(r"\(\?P(<\w+>)[^()]*\)", r"\1", pattern.replace(r"\Z", ""))
    return re.sub(r"<\w+:(\w+)>", r"<\1>", plain).replace("^", "").replace("$", "")


ROUTES = list(_routes())
OURS = [route for route in ROUTES if not route.name.startswith("admin:") and route.name and route.name not in CLOSED]
WITH_PLACES = [route for route in OURS if route.places]


def _by_name(route: Route) -> str:
    return route.name


@pytest.fixture
def people(published) -> dict[Role, Twin]:
    """The people of the shared tests."""
    found = Membership.objects.select_related("user", "organisation").filter(
        user__username__in=[one.value for one in Role]
    )
    return {Role(one.organisation.kind): Twin(one.organisation, one.user) for one in found}


@pytest.fixture
def others(people) -> dict[Role, Twin]:
    """One of each role somewhere else: another province and all below it; of administrators there is only one kind."""
    made: dict[Role, Twin] = {}
    divisions = {Role.PROVINCE: "330000", Role.CITY: "330100", Role.COUNTY: "330102"}
    for role in Role:
        if role in {Role.PUBLIC, Role.ADMINISTRATOR}:
            continue
        parent = made[PARENTS[role]].organisation if role in PARENTS else people[Role.ADMINISTRATOR].organisation
        organisation = Organisation.objects.create(
            name=f"another {role}", kind=role, parent=parent, division=divisions.get(role, "")
        )
        user = User.objects.create(username=f"another {role}")
        Membership.objects.create(user=user, organisation=organisation)
        made[role] = Twin(organisation, user)
    return made | {Role.ADMINISTRATOR: made[Role.PROVINCE], Role.PUBLIC: made[Role.BANK]}


@dataclass(frozen=True)
class Answer:
    """What a browser gets to see, without what differs from request to request."""

    status: int
    kind: str
    location: str
    body: str


def _ask(
    client: Client, method: str, address: str, hidden: tuple[str, ...], body: dict[str, str] | None = None
) -> Answer:
    response = cast(HttpResponse, client.generic(method, address) if body is None else client.post(address, body))
    text = b"".join(cast("Iterable[bytes]", response))
    shown = [response.headers.get("Location", ""), text.decode("utf-8", "replace")]
    for one in hidden:
        forms = (
            address,
            escape(address),
            quote(address),
            quote(address, safe=""),
            unquote(address),
            f'value="{escape(one)}"',
        )
        shown = [reduce(lambda said, form: said.replace(form, "ADDRESS"), forms, each) for each in shown]
    shown = [re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", each) for each in shown]
    return Answer(response.status_code, response.headers.get("Content-Type", ""), *shown)


def _is_closed(answer: Answer, route: Route, role: Role) -> bool:
    """Whether the gate has answered."""
    if role != Role.PUBLIC:
        return answer.status == 404
    if route.name.startswith("api:"):
        return answer.status == 401
    return answer.status == 302 and answer.location.startswith("/accounts/login/")


def _places(route: Route, twin: Twin) -> dict[str, str]:
    return {place: NAMED[route.name][place].own(twin) for place in route.places}


def test_every_route_has_an_entry_in_the_table_of_access() -> None:
    named = {route.name for route in ROUTES if route.name and not route.name.startswith("admin:")}
    assert named - set(CLOSED) == set(ACCESS), (
        "routes without an entry, or entries without a route, in portal/access.py"
    )
    assert not set(CLOSED) & set(ACCESS)


def test_every_place_in_an_address_is_known() -> None:
    places = {(route.name, place) for route in OURS for place in route.places}
    known = {(name, place) for name, held in NAMED.items() for place in held}
    assert places <= known, "places in addresses without an entry in NAMED of tests/portal/test_access.py"


def test_every_owned_model_has_a_maker_of_twins() -> None:
    owned = {model for model in apps.get_models() if issubclass(model, Owned)}
    assert owned <= set(TWINS), "models that belong to organisations without a maker in TWINS of this module"


def test_routes_without_a_name_are_closed_to_everybody(client_of, people) -> None:
    for route in ROUTES:
        if not route.name or route.name in CLOSED:
            for role in Role:
                answer = _ask(client_of(role), "GET", route.at(dict.fromkeys(route.places, "1")), ())
                assert answer.status == 404 or _is_closed(answer, route, role), (route, role)


@pytest.mark.parametrize("route", OURS, ids=_by_name)
def test_a_route_is_open_to_the_roles_of_its_entry_alone(route, client_of, people) -> None:
    reached = False
    for role in Role:
        client = client_of(role)
        twin = people.get(role, people[Role.BANK])
        for method in METHODS:
            if client.session.session_key is None and role != Role.PUBLIC:
                client = client_of(role)  # a route that signs out
            if method in {"HEAD", "OPTIONS"} and role in roles_of(route.name, method) and role != Role.COUNTY:
                continue  # a view answers them like GET, whoever asks
            address = route.at(_places(route, twin)) + ASKED.get(route.name, "")
            form = (
                {at: named.own(twin) for at, named in BODIES.get(route.name, {}).items()} if method == "POST" else None
            )
            answer = _ask(client, method, address, (), form)
            if role in roles_of(route.name, method):
                assert answer.status < 500, (role, method, answer)
                reached |= answer.status < 400 and not _is_closed(answer, route, role)
            else:
                assert _is_closed(answer, route, role), (role, method, answer)
    assert reached or route.name in UNREACHED, "nobody reaches it"


@pytest.mark.parametrize("route", [one for one in ROUTES if one.name.startswith("admin:")], ids=_by_name)
def test_the_administrators_pages_are_for_administrators_alone(route, client_of, people) -> None:
    for role in EVERYONE - {Role.ADMINISTRATOR}:
        for method in ("GET", "POST"):
            answer = _ask(client_of(role), method, route.at(dict.fromkeys(route.places, "1")), ())
            assert answer.status == 404 or _is_closed(answer, route, role), (role, method)


@pytest.mark.parametrize("route", WITH_PLACES, ids=_by_name)
def test_a_foreign_number_is_answered_like_one_that_does_not_exist(route, client_of, people, others) -> None:
    for role in Role:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if role not in roles_of(route.name, method):
                continue
            client, twin, other = client_of(role), people.get(role, people[Role.BANK]), others[role]
            for place, named in NAMED[route.name].items():
                own = _places(route, twin)
                missing = _ask(client, method, route.at(own | {place: named.missing}), (named.missing,))
                assert missing.status < 500, (role, method, place, missing)
                if named.foreign is not None and not (role == Role.ADMINISTRATOR and named.above_all):
                    number = named.foreign(other)
                    before = _everything()
                    assert _ask(client, method, route.at(own | {place: number}), (number,)) == missing, (
                        role,
                        method,
                        place,
                    )
                    assert missing.status in {404, 405}, (role, method, place, missing)
                    assert _everything() == before, f"{role} has changed what is others' by {method}"


@pytest.mark.parametrize("route", WITH_PLACES, ids=_by_name)
def test_a_malformed_number_is_refused_and_breaks_nothing(route, client_of, people) -> None:
    for role in (Role.COUNTY, Role.ENTERPRISE, Role.PUBLIC):
        client, twin = client_of(role), people.get(role, people[Role.BANK])
        for method in ("GET", "POST"):
            for place, named in NAMED[route.name].items():
                for text in named.malformed:
                    answer = _ask(client, method, route.at(_places(route, twin) | {place: text}), ())
                    assert answer.status in {200, 302, 400, 401, 404, 405, 422}, (role, method, text, answer)


@pytest.mark.parametrize("name", BODIES)
def test_a_foreign_number_in_a_form_is_answered_like_one_that_does_not_exist(name, client_of, people, others) -> None:
    route = next(one for one in ROUTES if one.name == name)
    for role in roles_of(name, "POST"):
        client, twin, other = client_of(role), people.get(role, people[Role.BANK]), others[role]
        for at, named in BODIES[name].items():
            address = route.at(_places(route, twin))
            missing = _ask(client, "POST", address, (named.missing,), {at: named.missing})
            assert missing.status < 500, (role, missing)
            for text in named.malformed:
                assert _ask(client, "POST", address, (), {at: text}).status < 500, (role, text)
            assert named.foreign is not None
            if not (role == Role.ADMINISTRATOR and named.above_all):
                number = named.foreign(other)
                before = _everything()
                assert _ask(client, "POST", address, (number,), {at: number}) == missing, role
                assert _everything() == before, f"{role} has changed what is others'"


@pytest.mark.parametrize("route", [one for one in OURS if not one.places], ids=_by_name)
def test_a_foreign_snapshot_is_answered_like_one_that_does_not_exist(route, client_of, people, others) -> None:
    for role in roles_of(route.name, "GET") - {Role.ADMINISTRATOR}:
        client, other = client_of(role), others[role].organisation
        hidden = Snapshot.objects.filter(organisation=other).first() or Snapshot.objects.create(
            organisation=other, title="of others", shown=True
        )
        asked = [f"{route.address}?snapshot={one}" for one in (hidden.pk, uuid.uuid4())]
        first, second = (_ask(client, "GET", one, (one,)) for one in asked)
        assert first == second, role
        assert first.status < 500, role


def _everything() -> list[str]:
    """Give all objects of organisations as text."""
    models = [Membership, Organisation, SetupLink, *(one for one in apps.get_models() if issubclass(one, Owned))]
    return [serialize("json", model._base_manager.order_by("pk")) for model in models]
