"""What authenticators sign is taken for what they signed, and for nothing else."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.trust.authenticators import PRESENT, VERIFIED, Authenticator

from gaoyuan.trust.failure import KeyInvalid, NoteInvalid
from gaoyuan.trust.keys import VerifierKey, read_vkey
from gaoyuan.trust.notes import open_note, sign_note
from gaoyuan.trust.webauthn import (
    WEBAUTHN_ED25519,
    WEBAUTHN_ES256,
    WEBAUTHN_KINDS,
    assertion_counter,
    assertion_holds,
    challenge_of,
    read_new_key,
)

ANSWERS: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("webauthn_answers.json").read_text())[
    "answers"
]
Answer = dict[str, bytes]


@pytest.fixture(params=list(ANSWERS))
def answer(request: pytest.FixtureRequest) -> tuple[Answer, bool]:
    """The answer of an authenticator that somebody else wrote, and whether it knew who was there."""
    given = ANSWERS[request.param]
    return {name: bytes.fromhex(value) for name, value in given.items()}, request.param.startswith("chromium")


def taken(answer: Answer, verified: bool, **other: bytes) -> bool:
    made = read_new_key(answer["created"], answer["created_client_data"], answer["created_for"], verified=verified)
    names = ("challenge", "authenticator_data", "client_data", "signature")
    return assertion_holds(made.public_key, *({**answer, **other}[one] for one in names), verified=verified)


def test_what_authenticators_of_others_have_signed_holds(answer: tuple[Answer, bool]) -> None:
    given, verified = answer
    made = read_new_key(given["created"], given["created_client_data"], given["created_for"], verified=verified)
    assert made.kind is (WEBAUTHN_ED25519 if len(given["signature"]) == 64 else WEBAUTHN_ES256)
    assert made.credential in given["created"]
    assert taken(given, verified)
    assert not taken(given, verified, challenge=bytes(32))


def test_a_bit_changed_anywhere_in_an_answer_is_found(answer: tuple[Answer, bool]) -> None:
    given, verified = answer
    dice = random.Random(1)
    for _ in range(300):
        name = dice.choice(["authenticator_data", "client_data", "signature", "challenge"])
        changed = bytearray(given[name])
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        assert not taken(given, verified, **{name: bytes(changed)}), name


def test_an_authenticator_that_did_not_know_who_was_there_signs_nothing_for_us() -> None:
    given = {name: bytes.fromhex(value) for name, value in ANSWERS["w3c es256"].items()}
    with pytest.raises(KeyInvalid):
        read_new_key(given["created"], given["created_client_data"], given["created_for"])
    made = read_new_key(given["created"], given["created_client_data"], given["created_for"], verified=False)
    assert not assertion_holds(
        made.public_key, *(given[one] for one in ("challenge", "authenticator_data", "client_data", "signature"))
    )


@pytest.mark.parametrize("ed25519", [False, True])
def test_a_note_that_an_authenticator_has_signed_opens_with_its_key(ed25519: bool) -> None:
    signer = Authenticator(ed25519=ed25519).signer("device/1")
    key = read_vkey(str(signer.key), WEBAUTHN_KINDS)
    assert key == signer.key
    note = sign_note("a text\n", signer)
    (_, signature), *_ = open_note(bytes(note), [key]).by
    assert assertion_counter(signature.signature) == 1
    with pytest.raises(NoteInvalid):
        open_note(bytes(note).replace(b"a text", b"another"), [key])
    with pytest.raises(KeyInvalid):
        read_vkey(str(key))


LIES: dict[str, Callable[[Authenticator], object]] = {
    "another site": lambda one: setattr(one, "origin", "https://localhost.example"),
    "a site below ours": lambda one: setattr(one, "origin", "https://a.localhost"),
    "no HTTPS": lambda one: setattr(one, "origin", "http://gaoyuan.example"),
    "a name and password": lambda one: setattr(one, "origin", "https://localhost@evil.example"),
    "another host": lambda one: setattr(one, "host", "evil.example"),
    "nobody was there": lambda one: setattr(one, "flags", VERIFIED),
    "somebody unknown was there": lambda one: setattr(one, "flags", PRESENT),
    "a copy of what cannot be copied": lambda one: setattr(one, "flags", PRESENT | VERIFIED | 0x10),
    "within another site": lambda one: one.more.update(crossOrigin=True),
    "another act": lambda one: one.more.update(type="webauthn.create"),
    "another challenge": lambda one: one.more.update(challenge="AAAA"),
    "no text": lambda one: one.more.update(origin=7),
}


@pytest.mark.parametrize("lie", list(LIES))
def test_what_was_signed_elsewhere_or_otherwise_does_not_count(lie: str) -> None:
    one = Authenticator()
    key = VerifierKey("k", one.kind, one.public_key)
    assert key.holds(b"text", one.signer("k").sign(b"text"))
    LIES[lie](one)
    signature = Authenticator.signer(one, "k").sign(b"text")
    assert not key.holds(b"text", signature)


def test_origins_with_ports_and_the_own_computer_count() -> None:
    for host, origin in (
        ("localhost", "http://localhost:8000"),
        ("gaoyuan.example", "https://gaoyuan.example:8443"),
        ("gaoyuan.localhost", "http://gaoyuan.localhost"),
    ):
        one = Authenticator(host)
        one.origin = origin
        assert one.signer("k").key.holds(b"t", one.signer("k").sign(b"t")), origin


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a501020326", "a501020327"),
        ("a5010203262001", "a5010203262002"),
        ("a501020326", "a401020326"),
        ("a501020326", "bf01020326"),
        ("a501020326", "a601020326"),
        ("a501020326", "a5010203390100"),
        ("a501020326", "a501020126"),
        ("215820", "215900"),
        ("225820", "225bffffffffffffffff"),
        ("215820", "2158205820"),
    ],
)
def test_keys_that_are_of_another_kind_or_no_keys_are_refused(old: str, new: str) -> None:
    one = Authenticator()
    data, client = one.create(b"c" * 32)
    assert read_new_key(data, client, b"c" * 32).public_key == one.public_key
    broken = bytes.fromhex(data.hex().replace(old, new))
    assert broken != data
    with pytest.raises(KeyInvalid):
        read_new_key(broken, client, b"c" * 32)


def test_a_point_that_is_on_no_curve_is_no_key() -> None:
    one = Authenticator()
    one.point = b"\x04" + bytes(31) + b"\x01" * 33
    with pytest.raises(KeyInvalid):
        read_new_key(*one.create(b"c"), b"c")


def test_rubbish_is_neither_key_nor_signature_and_never_an_error() -> None:
    dice = random.Random(3)
    one = Authenticator()
    key = VerifierKey("k", one.kind, one.public_key)
    good = one.signer("k").sign(b"t")
    created, client = one.create(challenge_of(b"t"))
    for _ in range(1000):
        cut, at = dice.randrange(len(good)), dice.randrange(len(created))
        assert not key.holds(b"t", good[:cut])
        assert not key.holds(b"t", dice.randbytes(cut))
        with pytest.raises(KeyInvalid):
            read_new_key(created[:at], client, challenge_of(b"t"))
        with pytest.raises(KeyInvalid):
            read_new_key(created[:55] + dice.randbytes(at), client, challenge_of(b"t"))
