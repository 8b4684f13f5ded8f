"""Certificates of the register: what holds, and what an attacker would change."""

from __future__ import annotations

import datetime as dt
import json
import random
from hashlib import sha256

import pytest

from gaoyuan.trust import Checkpoint, MemoryStore, append, create_log, ed25519_signer, latest_checkpoint, proof_file
from gaoyuan.trust.commitments import Opening, commitment, committed_bytes, new_salts
from gaoyuan.trust.pack.verifying import Verdict
from gaoyuan.trust.policy import Policy
from gaoyuan.trust.registry.acts import RegistryAct
from gaoyuan.trust.registry.certificates import (
    KIND,
    certificate_file,
    is_certificate,
    registration_said,
    verify_certificate,
)
from gaoyuan.trust.registry.description import Description, description_digest

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
LOG = ed25519_signer("example.org/log", sha256(b"log").digest())
DESCRIPTION = Description("用电量", "每日用电量", licence_text="仅限内部使用").plain()


def made(erased: tuple[str, ...] = ()) -> bytes:
    """A certificate of the third record of five."""
    said = registration_said(
        number="DP370202-2026-00001",
        act=RegistryAct.FIRST,
        act_number=1,
        title="用电量",
        holder=("17", "甲厂"),
        registry=("3", "市数据局"),
        until="2029-11-23",
        description_sha256=description_digest(DESCRIPTION),
        sample_sha256="0" * 64,
        quality_sha256="",
    )
    fields = {**said, "logged": "2026-11-23T00:00:00Z", "count_1": "17:1"}
    salts = new_salts(fields)
    openings = [Opening(name, text, salts[name]) for name, text in fields.items()]
    commitments = {one.name: commitment(one) for one in openings}
    public = {"kind": KIND, "number": said["number"], "act": said["act"]}
    store = MemoryStore()
    create_log(store, LOG)
    append(store, [b"1", b"2", committed_bytes(public, commitments), b"4", b"5"], LOG)
    return certificate_file(
        log=str(LOG.key),
        index=2,
        public=public,
        openings=[one for one in openings if one.name not in erased],
        erased={name: commitments[name] for name in erased},
        description=DESCRIPTION,
        proof=proof_file(store, 2, latest_checkpoint(store, LOG.key)),
    )


@pytest.fixture(scope="module")
def certificate() -> bytes:
    return made()


def verdict(content: bytes, policy: Policy | None = None) -> Verdict:
    return verify_certificate(content, NOW, policy or Policy((LOG.key,))).verdict


def test_a_certificate_holds_and_says_what_was_entered_without_the_numbers_of_organisations(certificate: bytes) -> None:
    report = verify_certificate(certificate, NOW, Policy((LOG.key,)))
    assert report.verdict == Verdict.HOLDS, report.checks
    assert report.about["holder_name"] == "甲厂"
    assert is_certificate(certificate)
    assert set(json.loads(certificate)["record"]["closed"]) == {"holder", "registry", "before", "count_1"}


def test_without_the_verifiers_own_key_it_is_consistent_only(certificate: bytes) -> None:
    assert verify_certificate(certificate, NOW).verdict == Verdict.UNCONFIRMED


def test_a_certificate_of_another_log_does_not_hold(certificate: bytes) -> None:
    other = ed25519_signer("example.org/log", sha256(b"other").digest())
    assert verdict(certificate, Policy((other.key,))) == Verdict.FAILS


def test_a_changed_title_description_index_or_act_does_not_hold(certificate: bytes) -> None:
    for change in (
        lambda held: held["record"]["open"]["title"].__setitem__(1, "别的产品"),
        lambda held: held["description"].__setitem__("price", "free"),
        lambda held: held["record"].__setitem__("index", 3),
        lambda held: held["record"]["public"].__setitem__("act", "renewal"),
        lambda held: held["record"]["public"].__setitem__("kind", "trade"),
        lambda held: held["record"]["open"].pop("until"),
        lambda held: held.pop("proof"),
        lambda held: held.__setitem__("more", 1),
    ):
        held = json.loads(certificate)
        change(held)
        assert verdict(json.dumps(held).encode()) == Verdict.FAILS, held.keys()


def test_no_letter_can_be_changed_unseen_and_none_breaks_the_check(certificate: bytes) -> None:
    picked = random.Random(7)
    for at in picked.sample(range(len(certificate)), 500):
        changed = bytearray(certificate)
        changed[at] ^= 1 << picked.randrange(8)
        found = verdict(bytes(changed))
        try:
            same = json.loads(bytes(changed)) == json.loads(certificate)
        except ValueError:
            same = False
        assert (found == Verdict.HOLDS) == same, at


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_certificate_is_refused_and_breaks_nothing(content: bytes) -> None:
    assert verdict(content) == Verdict.FAILS


def test_another_history_of_the_same_size_is_found(certificate: bytes) -> None:
    policy = Policy((LOG.key,))
    kept = verify_certificate(certificate, NOW, policy).checkpoint
    assert kept is not None
    assert verify_certificate(certificate, NOW, policy, kept).verdict == Verdict.HOLDS
    fork = Checkpoint(kept.origin, kept.size, bytes(32))
    assert verify_certificate(certificate, NOW, policy, fork).verdict == Verdict.FAILS


def test_after_an_erasure_the_rest_still_holds() -> None:
    report = verify_certificate(made(("holder_name", "title")), NOW, Policy((LOG.key,)))
    assert report.verdict == Verdict.HOLDS
    assert "holder_name" not in report.about
