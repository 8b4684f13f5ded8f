"""The JSON interface, asked with what its description allows and with what it does not (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.api.models import AccessToken

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the connection in whose transaction the test stands, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def interface(published, _one_connection):
    return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


@pytest.fixture
def key(published) -> str:
    organisation = Organisation.objects.get(kind=Role.ADMINISTRATOR)
    return AccessToken.make(
        Viewer(Role.ADMINISTRATOR, User.objects.get(username="administrator"), organisation), "tests"
    )


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("signed_in", [True, False])
def test_answers_are_as_described_whatever_is_asked(interface, key, mode, signed_in) -> None:
    asked = 0
    head = {"Host": "localhost", "Accept-Encoding": "identity"} | (
        {"Authorization": f"Bearer {key}"} if signed_in else {}
    )
    for found in interface.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=SLOW)
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            response = case.call(headers=head)
            case.validate_response(response, checks=CHECKS)

        with suppress(Unsatisfiable):  # an operation that takes nothing cannot be asked wrongly
            ask()
    assert asked > 50
