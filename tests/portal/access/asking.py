"""What a browser gets to see of an address, and what there is in the database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from html import escape
from typing import cast
from urllib.parse import quote, unquote

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client

from gaoyuan.portal.accounts.models import Membership, Organisation, SetupLink
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.roles import Role

from .routes import NAMED, Route
from .twins import Twin


@dataclass(frozen=True)
class Answer:
    """What a browser gets to see, without what differs from request to request."""

    status: int
    kind: str
    location: str
    body: str


def ask(
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


def is_closed(answer: Answer, route: Route, role: Role) -> bool:
    """Whether the gate has answered."""
    if role != Role.PUBLIC:
        return answer.status == 404
    if route.name.startswith("api:"):
        return answer.status == 401
    return answer.status == 302 and answer.location.startswith("/accounts/login/")


def places(route: Route, twin: Twin) -> dict[str, str]:
    return {place: NAMED[route.name][place].own(twin) for place in route.places}


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Give the rows of all tables of objects of organisations, by the table's name."""
    models = [Membership, Organisation, SetupLink, *(one for one in apps.get_models() if issubclass(one, Owned))]
    # With what links them to others.
    models += [cast("type[Model]", field.remote_field.through) for one in models for field in one._meta.many_to_many]
    rows: dict[str, list[tuple[object, ...]]] = {}
    with connection.cursor() as cursor:
        for model in models:
            assert model._meta.pk
            name, key = (connection.ops.quote_name(one) for one in (model._meta.db_table, model._meta.pk.column))
            cursor.execute(f"SELECT * FROM {name} ORDER BY {key}")
            rows[name] = cursor.fetchall()
    return rows
