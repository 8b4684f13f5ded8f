"""No page breaks, whatever is sent in the fields and files that it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaoyuan.portal.access import roles_of
from gaoyuan.portal.accounts.roles import Role

from .asking import places
from .routes import OURS, by_name

_ASKING = (Role.COUNTY, Role.CLUSTER, Role.JUDGE, Role.ADMINISTRATOR, Role.PUBLIC)
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
_OF_DJANGO = {"csrfmiddlewaretoken"}
_FUZZED_ELSEWHERE = {"api_description"}
_FILE_NAMES = ("register.csv", "../../a.pdf", "长" * 100 + ".xlsx", "=1.zip", "a\r\nb.png", "noending")
_HOSTILE = (
    *("", " ", "\0", "-1", "0", "1e999", "nan", "9" * 30, "²", "٣", "1,5", "2026-02-30", "0001-01-01", "9999-12-31"),
    *("' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "\r\nSet-Cookie: a=b", "💥"),
    *(
        "[](",
        "(a+)+$",
        "{}",
        "[]",
        '{"a": [1, null]}',
        "true",
        "长" * 3000,
        "=1+1",
        "a" * 200 + "@b",
        "county:15",
        "csv",
    ),
    "00000000-0000-4000-8000-000000000000",
)
_SENT = st.one_of(st.sampled_from(_HOSTILE), st.text(st.characters(codec="utf-8"), max_size=20))
_HOSTILE_FILES = (
    b"",
    b"\0" * 50,
    b"%PDF-1.4",
    b"PK\x03\x04" + b"\xff" * 60,
    "企业名称,住所\n".encode("gbk"),
    b"\xff\xfe\x00",
)


@pytest.fixture
def read_names(monkeypatch) -> set[tuple[str, str]]:
    """What is read of requests: the method by which a field was sent (FILE for files), and its name."""
    found: set[tuple[str, str]] = set()

    def reading(own: Callable[..., object]) -> Callable[..., object]:
        def read(self, key, *given, **named):
            if isinstance(key, str):
                found.add(("FIELD" if isinstance(self, QueryDict) else "FILE", key))
            return own(self, key, *given, **named)

        return read

    for name in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(MultiValueDict, name, reading(getattr(MultiValueDict, name)))
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", OURS, ids=by_name)
def test_no_page_breaks_whatever_is_sent_in_what_it_reads(route, method, client_of, people, read_names) -> None:
    role = next((one for one in _ASKING if one in roles_of(route.name, method)), None)
    if role is None or route.name in _FUZZED_ELSEWHERE:
        return
    twin = people.get(role, people[Role.BANK])

    def send(fields: dict[str, str], files: dict[str, SimpleUploadedFile], broken: bool) -> None:
        with transaction.atomic():
            client, address = client_of(role), route.at(places(route, twin))
            raw = "%ff%fe%ed%a0%80=%ff%c3" if broken else ""
            if method == "GET":
                answer = client.get(f"{address}?{urlencode(fields)}&{raw}")
            elif broken:
                kind = "application/x-www-form-urlencoded"
                answer = client.post(address, f"{urlencode(fields)}&{raw}", content_type=kind)
            else:
                answer = client.post(address, {**fields, **files})
            b"".join(cast("Iterable[bytes]", answer))
            assert answer.status_code < 500, (role, fields, answer)
            transaction.set_rollback(True)

    names: list[str] = []
    # What is sent leads to more that is read.
    for _ in range(2):
        names = sorted(name for kind, name in read_names if kind == "FIELD" and name not in _OF_DJANGO)
        send(dict.fromkeys(names, "1"), {}, False)
    files_read = sorted(name for kind, name in read_names if kind == "FILE")
    if not names and not files_read:
        return

    @settings(max_examples=3, deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW)
    @given(data=st.data())
    def fuzz(data: st.DataObject) -> None:
        fields = {name: data.draw(_SENT, label=name) for name in names if data.draw(st.integers(0, 4))}
        files = {
            name: SimpleUploadedFile(
                data.draw(st.sampled_from(_FILE_NAMES)), data.draw(st.sampled_from(_HOSTILE_FILES))
            )
            for name in files_read
        }
        send(fields, files, data.draw(st.booleans()))

    fuzz()
