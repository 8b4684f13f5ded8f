"""The log's files in the database: written together, read together, and forgotten with what is rolled back."""

from __future__ import annotations

import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gaoyuan.portal.evidence.models import LogFile
from gaoyuan.portal.evidence.store import DatabaseStore
from gaoyuan.trust import append, check_log, create_log, ed25519_signer

pytestmark = pytest.mark.django_db
SIGNER = ed25519_signer("example.com/log", b"s" * 32)


@pytest.fixture
def store() -> DatabaseStore:
    made = DatabaseStore()
    create_log(made, SIGNER)
    return made


def test_an_append_has_few_statements_however_many_files_it_changes(store: DatabaseStore) -> None:
    append(store, [b"first"] * 200, SIGNER)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        append(store, [os.urandom(100) for _ in range(100)], SIGNER)
    told = [one["sql"].split()[0] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]
    # The lock, checkpoint and edge of the tree, and all files.
    assert len(told) == 3, told
    assert check_log(store, SIGNER.key) == ()


def test_what_another_has_appended_meanwhile_is_continued(store: DatabaseStore) -> None:
    other = DatabaseStore()
    for number in range(40):
        append(other if number % 3 else store, [b"%d" % number] * (7 * number % 90), SIGNER)
    assert check_log(store, SIGNER.key) == ()
    assert check_log(other, SIGNER.key) == ()


def test_what_was_written_is_read_by_whoever_wrote_it_and_lasts_with_the_outermost_end(store: DatabaseStore) -> None:
    with store.alone():
        store.write({"a": b"1"})
        assert store.read("a") == b"1"
        assert DatabaseStore().read("a") is None
        with store.alone():
            assert store.read("a") == b"1"
            store.write({"a": b"2"})
        assert store.read("a") == b"2"
    assert DatabaseStore().read("a") == b"2"


def test_what_is_rolled_back_is_forgotten_within_and_without(store: DatabaseStore) -> None:
    def within() -> None:
        with store.alone():
            store.write({"a": b"2", "b": b"2"})
            raise KeyError

    def without() -> None:
        with store.alone():
            store.write({"a": b"1"})
            with pytest.raises(KeyError):
                within()
            assert store.read("a") == b"1"
            assert store.read("b") is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        without()
    assert store.read("a") is None
    assert not LogFile.objects.filter(path__in=["a", "b"]).exists()
    with store.alone():
        assert store.read("a") is None
