"""Every route is open to the roles of its entry in the table of access, and to nobody else."""

from __future__ import annotations

import pytest
from django.apps import apps

from gaoyuan.portal.access import ACCESS, roles_of
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.roles import EVERYONE, Role

from .asking import ask, is_closed, places
from .routes import ASKED, BODIES, CLOSED, NAMED, OURS, ROUTES, UNREACHED, by_name
from .twins import TWINS

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def test_every_route_has_an_entry_in_the_table_of_access() -> None:
    named = {route.name for route in ROUTES if route.name and not route.name.startswith("admin:")}
    assert named - set(CLOSED) == set(ACCESS), (
        "routes without an entry, or entries without a route, in portal/access.py"
    )
    assert not set(CLOSED) & set(ACCESS)


def test_every_place_in_an_address_is_known() -> None:
    places = {(route.name, place) for route in OURS for place in route.places}
    known = {(name, place) for name, held in NAMED.items() for place in held}
    assert places <= known, "places in addresses without an entry in NAMED of tests/portal/access/routes.py"


def test_every_owned_model_has_a_maker_of_twins() -> None:
    owned = {model for model in apps.get_models() if issubclass(model, Owned)}
    assert owned <= set(TWINS), "models without a maker in TWINS of tests/portal/access/twins.py"


def test_routes_without_a_name_are_closed_to_everybody(client_of, people) -> None:
    for route in ROUTES:
        if not route.name or route.name in CLOSED:
            for role in Role:
                answer = ask(client_of(role), "GET", route.at(dict.fromkeys(route.places, "1")), ())
                assert answer.status == 404 or is_closed(answer, route, role), (route, role)


@pytest.mark.parametrize("route", OURS, ids=by_name)
def test_a_route_is_open_to_the_roles_of_its_entry_alone(route, client_of, people) -> None:
    reached = False
    for role in Role:
        client = client_of(role)
        twin, address = people.get(role, people[Role.BANK]), None
        for method in METHODS:
            if client.session.session_key is None and role != Role.PUBLIC:
                client = client_of(role)  # a route that signs out
            if method in {"HEAD", "OPTIONS"} and role in roles_of(route.name, method) and role != Role.COUNTY:
                continue  # a view answers them like GET, whoever asks
            is_open = role in roles_of(route.name, method)
            # What is closed or only read stays as it is for the next method.
            if address is None or (is_open and method not in {"GET", "HEAD", "OPTIONS"}):
                address = route.at(places(route, twin)) + ASKED.get(route.name, "")
            form = (
                {at: named.own(twin) for at, named in BODIES.get(route.name, {}).items()} if method == "POST" else None
            )
            answer = ask(client, method, address, (), form)
            if is_open:
                assert answer.status < 500, (role, method, answer)
                reached |= answer.status < 400 and not is_closed(answer, route, role)
            else:
                assert is_closed(answer, route, role), (role, method, answer)
    assert reached or route.name in UNREACHED, "nobody reaches it"


@pytest.mark.parametrize("route", [one for one in ROUTES if one.name.startswith("admin:")], ids=by_name)
def test_the_administrators_pages_are_for_administrators_alone(route, client_of, people) -> None:
    for role in EVERYONE - {Role.ADMINISTRATOR}:
        for method in ("GET", "POST"):
            answer = ask(client_of(role), method, route.at(dict.fromkeys(route.places, "1")), ())
            assert answer.status == 404 or is_closed(answer, route, role), (role, method)
