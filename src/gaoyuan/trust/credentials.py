"""W3C verifiable credentials with the cryptosuite eddsa-jcs-2022 (VC Data Integrity EdDSA 1.0, section 3.3).

What is signed is SHA-256 of the canonical proof options followed by SHA-256 of the canonical document, so no processing
of JSON-LD is needed to check it. A credential is as good as its key: who checks it says which key is trusted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gaoyuan.trust.canonical import Json, canonical_json
from gaoyuan.trust.failure import CredentialInvalid, JsonInvalid

__all__ = ["check_credential", "did_key", "key_of_did", "multibase_bytes", "multibase_text", "sign_credential"]

_SUITE = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}
_PURPOSE = "assertionMethod"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# How multicodec names an Ed25519 public key.
_PUBLIC_KEY = b"\xed\x01"
_LONGEST_TEXT = 200


def sign_credential(
    credential: Mapping[str, Json], sign: Callable[[bytes], bytes], verification_method: str, created: dt.datetime
) -> dict[str, Json]:
    """Give a credential with its proof; `sign` makes an Ed25519 signature, `verification_method` names its key.

    `created` needs an offset from UTC. Raises JsonInvalid where the credential has no canonical form.

    >>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    >>> private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    >>> public = private.public_key().public_bytes_raw()
    >>> now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    >>> signed = sign_credential({"issuer": "x"}, private.sign, did_key(public) + "#key", now)
    >>> check_credential(signed, public, now)
    >>> check_credential({**signed, "issuer": "y"}, public, now)
    Traceback (most recent call last):
    gaoyuan.trust.failure.CredentialInvalid: the signature does not hold: credential or proof were changed
    签名无效：凭证或证明被改动
    """
    document = {key: value for key, value in credential.items() if key != "proof"}
    options: dict[str, Json] = {
        **_SUITE,
        "created": created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": verification_method,
        "proofPurpose": _PURPOSE,
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    return {**document, "proof": {**options, "proofValue": multibase_text(sign(_signed(document, options)))}}


def check_credential(credential: Mapping[str, Json], public_key: bytes, now: dt.datetime) -> None:
    """Check that the holder of the Ed25519 key of 32 bytes signed the credential, and that it is valid now.

    Raises CredentialInvalid where the proof is missing, of another suite or purpose, from after now or expired, the
    signature does not hold, or `now` is not within `validFrom` and `validUntil`. Who the key belongs to, and whether
    the credential was revoked, is not in here.
    """
    proof = credential.get("proof")
    if not isinstance(proof, Mapping):
        raise CredentialInvalid("the credential has no proof, or several", zh="凭证缺少唯一的证明")
    if any(proof.get(key) != value for key, value in _SUITE.items()) or proof.get("proofPurpose") != _PURPOSE:
        raise CredentialInvalid("the proof is of another suite or for another purpose", zh="证明类型或用途不符")
    document = {key: value for key, value in credential.items() if key != "proof"}
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    if "@context" in options and not _begins_with(document.get("@context"), options["@context"]):
        raise CredentialInvalid("the proof was made in another context", zh="证明的上下文不符")
    if "@context" in options:
        document["@context"] = options["@context"]
    try:
        signature = multibase_bytes(proof.get("proofValue"))
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, _signed(document, options))
    except (InvalidSignature, ValueError, JsonInvalid):
        raise CredentialInvalid(
            "the signature does not hold: credential or proof were changed", zh="签名无效：凭证或证明被改动"
        ) from None
    _check_times(credential, proof, now)


def did_key(public_key: bytes) -> str:
    """Name an Ed25519 public key as a did:key.

    >>> did_key(bytes(32))
    'did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP'
    """
    return f"did:key:{multibase_text(_PUBLIC_KEY + public_key)}"


def key_of_did(name: str) -> bytes:
    """Give the Ed25519 public key that a did:key names, with or without a fragment; else CredentialInvalid."""
    try:
        content = multibase_bytes(name.removeprefix("did:key:").partition("#")[0])
    except ValueError:
        content = b""
    if not name.startswith("did:key:") or len(content) != 34 or not content.startswith(_PUBLIC_KEY):
        raise CredentialInvalid("this names no Ed25519 key", where=name[:_LONGEST_TEXT], zh="不是 Ed25519 的 did:key")
    return content[len(_PUBLIC_KEY) :]


def multibase_text(content: bytes) -> str:
    """Write bytes in base 58 with the prefix z of multibase.

    >>> multibase_text(bytes([0, 0, 255]))
    'z115Q'
    """
    number, digits = int.from_bytes(content, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def multibase_bytes(text: Json) -> bytes:
    """Read bytes in base 58 with the prefix z; else ValueError."""
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT or not text.startswith("z"):
        raise ValueError("this is no multibase text in base 58")
    number = 0
    for digit in text[1:]:
        number = number * 58 + _ALPHABET.index(digit)
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _signed(document: Mapping[str, Json], options: Mapping[str, Json]) -> bytes:
    return sha256(canonical_json(options)).digest() + sha256(canonical_json(document)).digest()


def _begins_with(context: Json, beginning: Json) -> bool:
    whole, first = _listed(context), _listed(beginning)
    return whole[: len(first)] == first


def _listed(context: Json) -> list[Json]:
    return list(context) if isinstance(context, Sequence) and not isinstance(context, str) else [context]


def _check_times(credential: Mapping[str, Json], proof: Mapping[str, Json], now: dt.datetime) -> None:
    for holder, name, begins in (
        (proof, "created", True),
        (proof, "expires", False),
        (credential, "validFrom", True),
        (credential, "validUntil", False),
    ):
        stated = holder.get(name)
        if stated is None:
            continue
        time = _time(stated)
        if time is None:
            raise CredentialInvalid(f"{name} is no time with an offset from UTC", zh="时间格式无效")
        if (begins and now < time) or (not begins and now > time):
            raise CredentialInvalid(f"the credential is not valid now, by its {name}", zh="凭证不在有效期内")


def _time(stated: Json) -> dt.datetime | None:
    try:
        time = dt.datetime.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return None
    return time if time is not None and time.utcoffset() is not None else None
