r"""Signatures by authenticators (W3C Web Authentication): security keys, phones, computers that ask for finger or PIN.

An authenticator never signs a text. It signs, of an act in a browser, what it knows itself (authenticator data) and the
hash of what the browser says (client data, JSON). The text stands in the latter as challenge, by its SHA-256:

    authenticator data   SHA-256 of the host (32) | flags (1) | counter (4) | of a new key: its identity and public key
    client data          {"type": "webauthn.get", "challenge": ..., "origin": "https://gaoyuan.example", ...}
    signed               authenticator data | SHA-256 of the client data

So the signature of a note is all three: the length of the first two in two bytes each, both, and the signature. A key
counts for one host alone, whose hash is the beginning of the public key in the verifier key; the browser gives it to no
other. Two kinds of keys: ES256 (ECDSA on P-256 with SHA-256), which all authenticators have, and Ed25519. C2SP has
assigned no byte to either, so their identifiers are 0xff followed by a name.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from gaoyuan.trust.canonical import read_json
from gaoyuan.trust.failure import JsonInvalid, KeyInvalid
from gaoyuan.trust.keys import SignatureKind

__all__ = [
    "WEBAUTHN_ED25519",
    "WEBAUTHN_ES256",
    "WEBAUTHN_KINDS",
    "NewKey",
    "assertion",
    "assertion_counter",
    "assertion_holds",
    "challenge_of",
    "read_new_key",
]

_HASH_SIZE = 32
_PRESENT, _VERIFIED, _MAY_BE_COPIED, _IS_COPIED, _HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
_ORIGIN = re.compile(r"(?:https://([a-z0-9.-]+)|http://(localhost|[a-z0-9-]+\.localhost))(?::[0-9]{1,5})?")
_MAX_SIZE = 0xFFFF


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that an authenticator has made: its identity there, its kind, and the public key of a verifier key."""

    credential: bytes
    kind: SignatureKind
    public_key: bytes


def challenge_of(text: bytes) -> bytes:
    """Give what an authenticator is asked to sign for a text."""
    return sha256(text).digest()


def assertion(authenticator_data: bytes, client_data: bytes, signature: bytes) -> bytes:
    """Put together what a browser gives for a challenge, as the signature of a note; ValueError where it is too long.

    >>> assertion(b"a", b"cd", b"s").hex()
    '0001000261636473'
    """
    if max(len(authenticator_data), len(client_data)) > _MAX_SIZE:
        raise ValueError("no authenticator gives as much")
    lengths = b"".join(len(one).to_bytes(2, "big") for one in (authenticator_data, client_data))
    return lengths + authenticator_data + client_data + signature


def assertion_counter(signature: bytes) -> int:
    """Give how often the authenticator says that it has signed, which grows each time, or is always 0 where it does not
    count; it means nothing before the signature was checked.
    """
    return int.from_bytes(_parts(signature)[0][33:37], "big")


def assertion_holds(
    public_key: bytes,
    challenge: bytes,
    authenticator_data: bytes,
    client_data: bytes,
    signature: bytes,
    *,
    verified: bool = True,
) -> bool:
    """Tell whether a key (hash of its host, and the key) has signed a challenge (section 7.2 of the standard): type,
    challenge, origin, host, flags and signature. With `verified` the authenticator must have known who was there, so
    that nobody signs with a key that was found.
    """
    host, point = public_key[:_HASH_SIZE], public_key[_HASH_SIZE:]
    if not _act(authenticator_data, client_data, "webauthn.get", challenge, host, verified):
        return False
    content = authenticator_data + sha256(client_data).digest()
    try:
        if len(point) == 32:
            Ed25519PublicKey.from_public_bytes(point).verify(signature, content)
        else:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point).verify(signature, content, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def read_new_key(authenticator_data: bytes, client_data: bytes, challenge: bytes, *, verified: bool = True) -> NewKey:
    """Read the key that an authenticator has made for a challenge; raises KeyInvalid where it is none that counts.

    That the authenticator holds the private key is not shown by this, but by the first signature.
    """
    host = authenticator_data[:_HASH_SIZE]
    if not _act(authenticator_data, client_data, "webauthn.create", challenge, host, verified):
        raise KeyInvalid("this is no answer of an authenticator to us", zh="不是认证器对本平台的应答")
    # After flags and counter: what kind of authenticator (16 bytes), the key's identity with its length, the key.
    length = int.from_bytes(authenticator_data[53:55], "big")
    end = 55 + length
    if not authenticator_data[32] & _HAS_KEY or not 0 < length <= 1023 or end >= len(authenticator_data):
        raise _unknown_key()
    try:
        key, _ = _cbor(authenticator_data, end)
    except (IndexError, ValueError):
        raise _unknown_key() from None
    kind, point = _cose_key(key)
    return NewKey(authenticator_data[55:end], kind, authenticator_data[:_HASH_SIZE] + point)


def _cose_key(key: object) -> tuple[SignatureKind, bytes]:
    """Read a public key (RFC 9053, section 7): key type 1, algorithm 3, curve -1, coordinates -2 and -3."""
    given = key if isinstance(key, Mapping) else {}
    x, y = given.get(-2), given.get(-3)
    if isinstance(x, bytes) and len(x) == 32:
        if (given.get(1), given.get(3), given.get(-1)) == (1, -8, 6):
            return WEBAUTHN_ED25519, x
        if (given.get(1), given.get(3), given.get(-1)) == (2, -7, 1) and isinstance(y, bytes) and len(y) == 32:
            point = b"\x04" + x + y
            try:
                EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
            except ValueError:
                raise _unknown_key() from None
            return WEBAUTHN_ES256, point
    raise _unknown_key()


def _cbor(content: bytes, at: int) -> tuple[object, int]:
    """Read what of CBOR (RFC 8949) a key is written in: whole numbers, bytes, texts, and one map; gives what follows.

    Raises ValueError for anything else, IndexError where it ends too soon.
    """
    kind, number, at = _head(content, at)
    if kind != 5:
        return _item(content, kind, number, at)
    if number > 16:
        raise ValueError("too many parts")
    found: dict[object, object] = {}
    for _ in range(number):
        name, at = _item(content, *_head(content, at))
        value, at = _item(content, *_head(content, at))
        if name in found:
            raise ValueError("a part is given twice")
        found[name] = value
    return found, at


def _head(content: bytes, at: int) -> tuple[int, int, int]:
    kind, number = divmod(content[at], 32)
    if number < 24:
        return kind, number, at + 1
    if number > 27:
        raise ValueError("lengths that are not given, and what is reserved")
    end = at + 1 + (1 << number - 24)
    if end > len(content):
        raise IndexError(at)
    return kind, int.from_bytes(content[at + 1 : end], "big"), end


def _item(content: bytes, kind: int, number: int, at: int) -> tuple[object, int]:
    if kind <= 1:
        return (number if kind == 0 else -1 - number), at
    if kind not in {2, 3} or at + number > len(content):
        raise ValueError("nothing that a key is written in")
    part = content[at : at + number]
    return (part if kind == 2 else part.decode()), at + number


def _act(
    authenticator_data: bytes, client_data: bytes, kind: str, challenge: bytes, host: bytes, verified: bool
) -> bool:
    """Tell whether authenticator and browser speak of this act: its kind, its challenge, on the site of that host, by
    somebody who was there, and whom the authenticator knew.
    """
    if len(authenticator_data) < 37 or authenticator_data[:_HASH_SIZE] != host:
        return False
    flags = authenticator_data[32]
    # A key that cannot be copied cannot have been.
    if (
        not flags & _PRESENT
        or (verified and not flags & _VERIFIED)
        or (flags & _IS_COPIED and not flags & _MAY_BE_COPIED)
    ):
        return False
    try:
        said = read_json(client_data)
    except JsonInvalid:
        return False
    if not isinstance(said, Mapping) or said.get("type") != kind or said.get("crossOrigin", False) is not False:
        return False
    origin = said.get("origin")
    site = _ORIGIN.fullmatch(origin) if isinstance(origin, str) else None
    if site is None or sha256((site[1] or site[2]).encode()).digest() != host:
        return False
    return said.get("challenge") == urlsafe_b64encode(challenge).rstrip(b"=").decode()


def _parts(signature: bytes) -> tuple[bytes, bytes, bytes]:
    first = 4 + int.from_bytes(signature[:2], "big")
    second = first + int.from_bytes(signature[2:4], "big")
    return signature[4:first], signature[first:second], signature[second:]


def _holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    return assertion_holds(public_key, challenge_of(message), *_parts(signature))


def _unknown_key() -> KeyInvalid:
    return KeyInvalid("the authenticator has made no key of ES256 or Ed25519", zh="认证器未生成 ES256 或 Ed25519 密钥")


WEBAUTHN_ES256 = SignatureKind(b"\xffgaoyuan/webauthn-es256/v1\n", _HASH_SIZE + 65, _holds)
"""ECDSA on P-256 by an authenticator; the public key is the hash of the host, and the point, uncompressed."""

WEBAUTHN_ED25519 = SignatureKind(b"\xffgaoyuan/webauthn-ed25519/v1\n", _HASH_SIZE + 32, _holds)
"""Ed25519 by an authenticator; the public key is the hash of the host, and the key."""

WEBAUTHN_KINDS = (WEBAUTHN_ES256, WEBAUTHN_ED25519)
