"""Keys: the published ones are read, all others refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.failure import KeyInvalid
from gaoyuan.trust.keys import (
    COSIGNATURE_V1,
    ED25519,
    VerifierKey,
    cosignature_time,
    ed25519_cosigner,
    ed25519_signer,
    read_base64,
    read_vkey,
)

EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
"""The verifier key of a witness that runs in public."""


@pytest.mark.parametrize(("text", "kind"), [(EXAMPLE, ED25519), (WITNESS, COSIGNATURE_V1)])
def test_published_keys_are_read_and_written_alike(text: str, kind: object) -> None:
    key = read_vkey(text)
    assert key.kind is kind
    assert str(key) == text


def test_the_same_public_key_in_another_kind_is_another_key() -> None:
    signer, cosigner = ed25519_signer("a", b"k" * 32), ed25519_cosigner("a", b"k" * 32)
    assert signer.key.public_key == cosigner.key.public_key
    assert signer.key.key_id != cosigner.key.key_id
    assert not signer.key.holds(b"text\n", cosigner.sign(b"text\n", 1_700_000_000))
    assert not cosigner.key.holds(b"text\n", signer.sign(b"text\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        EXAMPLE.replace("530d903a", "530d903b"),
        EXAMPLE.replace("530d903a", "530D903A"),
        EXAMPLE.replace("/foo", "/fop"),
        EXAMPLE[:-1],
        EXAMPLE + "=",
        EXAMPLE.replace("+Aek", "+Cek"),
        EXAMPLE.replace("example", "exam ple"),
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "a+00000000+AQ==",
        "a+00000000+",
    ],
)
def test_malformed_keys_are_refused(text: str) -> None:
    with pytest.raises(KeyInvalid):
        read_vkey(text)


def test_a_kind_that_is_not_accepted_is_refused() -> None:
    with pytest.raises(KeyInvalid, match="not accepted here"):
        read_vkey(WITNESS, (ED25519,))


@given(st.integers(1, (1 << 63) - 1), st.binary(max_size=40))
def test_a_cosignature_holds_at_its_time_and_text_only(time: int, text: bytes) -> None:
    cosigner = ed25519_cosigner("w", b"w" * 32)
    signature = cosigner.sign(text, time)
    assert cosignature_time(signature) == time
    assert cosigner.key.holds(text, signature)
    assert not cosigner.key.holds(text + b"x", signature)
    other = (time ^ 1).to_bytes(8, "big") + signature[8:]
    assert not cosigner.key.holds(text, other)


def test_a_cosignature_without_a_time_does_not_hold() -> None:
    cosigner = ed25519_cosigner("w", b"w" * 32)
    assert not cosigner.key.holds(b"text\n", cosigner.sign(b"text\n", 0))
    assert not cosigner.key.holds(b"text\n", b"short")


@given(st.text("AZaz09+/= \n", max_size=12))
def test_base64_is_read_in_one_form_only(text: str) -> None:
    from base64 import b64encode

    try:
        content = read_base64(text)
    except ValueError:
        return
    assert b64encode(content).decode() == text


def test_private_and_public_keys_have_their_sizes() -> None:
    with pytest.raises(KeyInvalid, match="32 bytes"):
        ed25519_signer("a", b"short")
    with pytest.raises(KeyInvalid, match="size of its kind"):
        VerifierKey("a", ED25519, b"short")
    assert not VerifierKey("a", ED25519, b"\xff" * 32).holds(b"", b"")
