"""Numbers of others, of nothing and of nonsense, at every place and for every role."""

from __future__ import annotations

import uuid

import pytest

from gaoyuan.portal.access import roles_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Snapshot

from .asking import ask, everything, places
from .routes import BODIES, NAMED, OURS, ROUTES, WITH_PLACES, by_name


@pytest.mark.parametrize("route", WITH_PLACES, ids=by_name)
def test_a_foreign_number_is_answered_like_one_that_does_not_exist(route, client_of, people, others) -> None:
    for role in Role:
        methods = [one for one in ("GET", "POST", "PUT", "PATCH", "DELETE") if role in roles_of(route.name, one)]
        if not methods:
            continue
        twin, other = people.get(role, people[Role.BANK]), others[role]
        # Nothing of these is changed: each address has a number in it that is not there for this role.
        own = places(route, twin)
        for method in methods:
            client = client_of(role)
            for place, named in NAMED[route.name].items():
                missing = ask(client, method, route.at(own | {place: named.missing}), (named.missing,))
                assert missing.status < 500, (role, method, place, missing)
                if named.foreign is not None and not (role == Role.ADMINISTRATOR and named.above_all):
                    number = named.foreign(other)
                    before = everything()
                    assert ask(client, method, route.at(own | {place: number}), (number,)) == missing, (
                        role,
                        method,
                        place,
                    )
                    assert missing.status in {404, 405}, (role, method, place, missing)
                    assert everything() == before, f"{role} has changed what is others' by {method}"


@pytest.mark.parametrize("route", WITH_PLACES, ids=by_name)
def test_a_malformed_number_is_refused_and_breaks_nothing(route, client_of, people) -> None:
    for role in (Role.COUNTY, Role.ENTERPRISE, Role.PUBLIC):
        client, twin = client_of(role), people.get(role, people[Role.BANK])
        for method in ("GET", "POST"):
            own = places(route, twin)
            for place, named in NAMED[route.name].items():
                for text in named.malformed:
                    answer = ask(client, method, route.at(own | {place: text}), ())
                    assert answer.status in {200, 302, 400, 401, 404, 405, 422}, (role, method, text, answer)


@pytest.mark.parametrize("name", BODIES)
def test_a_foreign_number_in_a_form_is_answered_like_one_that_does_not_exist(name, client_of, people, others) -> None:
    route = next(one for one in ROUTES if one.name == name)
    for role in roles_of(name, "POST"):
        client, twin, other = client_of(role), people.get(role, people[Role.BANK]), others[role]
        for at, named in BODIES[name].items():
            address = route.at(places(route, twin))
            missing = ask(client, "POST", address, (named.missing,), {at: named.missing})
            assert missing.status < 500, (role, missing)
            for text in named.malformed:
                assert ask(client, "POST", address, (), {at: text}).status < 500, (role, text)
            assert named.foreign is not None
            if not (role == Role.ADMINISTRATOR and named.above_all):
                number = named.foreign(other)
                before = everything()
                assert ask(client, "POST", address, (number,), {at: number}) == missing, role
                assert everything() == before, f"{role} has changed what is others'"


@pytest.mark.parametrize("route", [one for one in OURS if not one.places], ids=by_name)
def test_a_foreign_snapshot_is_answered_like_one_that_does_not_exist(route, client_of, people, others) -> None:
    for role in roles_of(route.name, "GET") - {Role.ADMINISTRATOR}:
        client, other = client_of(role), others[role].organisation
        hidden = Snapshot.objects.filter(organisation=other).first() or Snapshot.objects.create(
            organisation=other, title="of others", shown=True
        )
        asked = [f"{route.address}?snapshot={one}" for one in (hidden.pk, uuid.uuid4())]
        first, second = (ask(client, "GET", one, (one,)) for one in asked)
        assert first == second, role
        assert first.status < 500, role
