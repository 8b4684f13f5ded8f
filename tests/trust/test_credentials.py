"""Verifiable credentials: the vectors of the W3C, and what does not hold."""

from __future__ import annotations

import datetime as dt
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.trust.canonical import canonical_json, read_json
from gaoyuan.trust.credentials import (
    check_credential,
    did_key,
    key_of_did,
    multibase_bytes,
    multibase_text,
    sign_credential,
)
from gaoyuan.trust.failure import CredentialInvalid, JsonInvalid

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"i" * 32)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
SIGNED: dict[str, Any] = sign_credential(
    {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": did_key(PUBLIC),
        "validFrom": "2026-11-01T00:00:00Z",
        "validUntil": "2027-11-01T00:00:00+08:00",
        "credentialSubject": {"名称": "高阳某厂", "months": 12},
    },
    PRIVATE.sign,
    f"{did_key(PUBLIC)}#key",
    NOW,
)


@pytest.fixture
def vectors(shared_data: Path) -> Path:
    """The test vectors of the W3C."""
    return shared_data / "reference/exchange/vc_di_eddsa/TestVectors"


def test_the_vector_of_the_w3c_holds(vectors: Path) -> None:
    signed: Any = read_json((vectors / "eddsa-jcs-2022/signedJCS.json").read_bytes())
    key = key_of_did(signed["proof"]["verificationMethod"])
    check_credential(signed, key, NOW)
    with pytest.raises(CredentialInvalid, match="does not hold"):
        check_credential({**signed, "name": "Alumni credential"}, key, NOW)


def test_the_vector_of_the_w3c_is_signed_alike(vectors: Path) -> None:
    keys = json.loads((vectors / "keyPair.json").read_text("utf-8"))
    private = Ed25519PrivateKey.from_private_bytes(multibase_bytes(keys["privateKeyMultibase"])[2:])
    method = f"did:key:{keys['publicKeyMultibase']}#{keys['publicKeyMultibase']}"
    unsigned: Any = read_json((vectors / "unsigned.json").read_bytes())
    created = dt.datetime(2023, 2, 24, 23, 36, 38, tzinfo=dt.UTC)
    theirs = read_json((vectors / "eddsa-jcs-2022/signedJCS.json").read_bytes())
    assert sign_credential(unsigned, private.sign, method, created) == theirs
    assert did_key(private.public_key().public_bytes_raw()) == method.partition("#")[0]


@given(st.data())
def test_a_changed_byte_never_passes(data: st.DataObject) -> None:
    document = canonical_json(SIGNED)
    at = data.draw(st.integers(0, len(document) - 1))
    changed = document[:at] + bytes([document[at] ^ data.draw(st.integers(1, 255))]) + document[at + 1 :]
    try:
        credential: Any = read_json(changed)
    except JsonInvalid:
        return
    with pytest.raises(CredentialInvalid):
        check_credential(credential, PUBLIC, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"proof": None},
        {"proof": [SIGNED["proof"], SIGNED["proof"]]},
        {"proof": {**SIGNED["proof"], "cryptosuite": "eddsa-rdfc-2022"}},
        {"proof": {**SIGNED["proof"], "proofPurpose": "authentication"}},
        {"proof": {**SIGNED["proof"], "proofValue": None}},
        {"proof": {**SIGNED["proof"], "proofValue": "z0OIl"}},
        {"proof": {**SIGNED["proof"], "proofValue": "m" + SIGNED["proof"]["proofValue"][1:]}},
        {"proof": {**SIGNED["proof"], "more": 1}},
        {"@context": ["https://example.com/other"]},
        {"@context": []},
        {"extra": float("nan")},
        {"extra": object()},
    ],
)
def test_another_proof_or_document_is_refused(change: dict[str, Any]) -> None:
    check_credential(SIGNED, PUBLIC, NOW)
    with pytest.raises(CredentialInvalid):
        check_credential({**SIGNED, **change}, PUBLIC, NOW)


@pytest.mark.parametrize(("name", "value"), [("proofPurpose", "authentication"), ("cryptosuite", "x"), ("type", "x")])
def test_a_signed_proof_of_another_kind_or_purpose_is_refused(name: str, value: str) -> None:
    document = {key: stated for key, stated in SIGNED.items() if key != "proof"}
    options = {key: stated for key, stated in SIGNED["proof"].items() if key != "proofValue"} | {name: value}
    signature = PRIVATE.sign(sha256(canonical_json(options)).digest() + sha256(canonical_json(document)).digest())
    proof = {**options, "proofValue": multibase_text(signature)}
    with pytest.raises(CredentialInvalid, match="another suite or for another purpose"):
        check_credential({**document, "proof": proof}, PUBLIC, NOW)


def test_another_key_is_refused() -> None:
    for key in (bytes(32), b"short"):
        with pytest.raises(CredentialInvalid):
            check_credential(SIGNED, key, NOW)


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (dt.datetime(2026, 10, 31, tzinfo=dt.UTC), "created"),
        (dt.datetime(2027, 10, 31, 16, 0, 1, tzinfo=dt.UTC), "validUntil"),
    ],
)
def test_outside_its_time_it_is_not_valid(now: dt.datetime, what: str) -> None:
    with pytest.raises(CredentialInvalid, match=what):
        check_credential(SIGNED, PUBLIC, now)
    check_credential(SIGNED, PUBLIC, dt.datetime(2027, 10, 31, 15, 59, tzinfo=dt.UTC))


@pytest.mark.parametrize("stated", ["2026-11-01", "2026-11-01T00:00:00", "soon", 5])
def test_a_time_that_is_none_is_refused(stated: Any) -> None:
    signed = sign_credential({"validFrom": stated}, PRIVATE.sign, "key", NOW)
    with pytest.raises(CredentialInvalid, match="no time"):
        check_credential(signed, PUBLIC, NOW)


@given(st.binary(max_size=40))
def test_base_58_reads_back(content: bytes) -> None:
    assert multibase_bytes(multibase_text(content)) == content


@pytest.mark.parametrize("name", ["", "did:web:example.com", "did:key:", "did:key:z6Mk", "did:key:z" + "1" * 300])
def test_what_names_no_key_is_refused(name: str) -> None:
    with pytest.raises(CredentialInvalid):
        key_of_did(name)
