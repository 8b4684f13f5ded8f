"""Keys of signed notes (C2SP signed-note, tlog-cosignature): names, identifiers, verifier keys, Ed25519 signatures.

How a signature is made and checked is a plug, a `SignatureKind`: its first byte stands in the verifier key and, through
the key's identifier, in every signature line, so that a note names the kind of each of its signatures. Ed25519 (0x01)
signs notes, `cosignature/v1` (0x04) is a witness's dated Ed25519 signature of a checkpoint; `gaoyuan.trust.sm2` has one
more. Who checks names the kinds that are accepted.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gaoyuan.trust.failure import KeyInvalid

__all__ = [
    "COSIGNATURE_V1",
    "ED25519",
    "Cosigner",
    "SignatureKind",
    "Signer",
    "VerifierKey",
    "cosignature_time",
    "ed25519_cosigner",
    "ed25519_signer",
    "name_is_valid",
    "read_base64",
    "read_vkey",
]

_TIME_SIZE = 8


@dataclass(frozen=True, slots=True)
class SignatureKind:
    """A kind of signature: the bytes that name it in a verifier key, the size of its public keys in bytes, and the
    check of (public key, message, signature). `dated` ones begin with a time of 8 bytes.
    """

    identifier: bytes
    key_size: int
    holds: Callable[[bytes, bytes, bytes], bool]
    dated: bool = False


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name: what checks the signatures that it made.

    >>> key = read_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    >>> key.name, key.key_id.hex(), key.kind is ED25519
    ('example.com/foo', '530d903a', True)
    >>> str(key)
    'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
    """

    name: str
    kind: SignatureKind
    public_key: bytes

    def __post_init__(self) -> None:
        if not name_is_valid(self.name):
            raise KeyInvalid(f"{self.name!r} is no name of a key: empty, or with a space or plus", zh="密钥名称无效")
        if len(self.public_key) != self.kind.key_size:
            raise KeyInvalid("the public key has not the size of its kind", where=self.name, zh="公钥长度不符")

    @property
    def key_id(self) -> bytes:
        """Give the four bytes that stand for the key in signature lines; they commit to name, kind and key."""
        return sha256(self.name.encode() + b"\n" + self.kind.identifier + self.public_key).digest()[:4]

    def holds(self, text: bytes, signature: bytes) -> bool:
        """Tell whether this key made that signature of the text of a note."""
        return self.kind.holds(self.public_key, text, signature)

    def __str__(self) -> str:
        encoded = b64encode(self.kind.identifier + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs notes: the key that checks it, and the act. The private key may be anywhere."""

    key: VerifierKey
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Cosigner:
    """What cosigns checkpoints at a time in seconds since 1970: the key that checks it, and the act."""

    key: VerifierKey
    sign: Callable[[bytes, int], bytes]


def read_vkey(text: str, kinds: tuple[SignatureKind, ...] | None = None) -> VerifierKey:
    """Read a verifier key, `<name>+<identifier in hex>+<kind and public key in base64>`, of one of the kinds that are
    accepted: without them Ed25519 and cosignature/v1.

    Raises KeyInvalid where it is malformed, of another kind, or its identifier is not the one of the key.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise KeyInvalid("a verifier key has three parts, with plus between them", zh="验证密钥应由加号分为三段")
    name, key_id, encoded = parts
    try:
        content = read_base64(encoded)
    except ValueError:
        raise KeyInvalid("the key is not base64", where=name, zh="密钥不是 base64 编码") from None
    for kind in (ED25519, COSIGNATURE_V1) if kinds is None else kinds:
        if content.startswith(kind.identifier):
            key = VerifierKey(name, kind, content[len(kind.identifier) :])
            if key.key_id.hex() != key_id:
                raise KeyInvalid("the key's identifier is not its own", where=name, zh="密钥标识与密钥不符")
            return key
    raise KeyInvalid("the key is of a kind that is not accepted here", where=name, zh="密钥类型不被接受")


def ed25519_signer(name: str, seed: bytes) -> Signer:
    """Make a signer of notes from the 32 bytes of an Ed25519 private key (RFC 8032)."""
    private = _private_key(seed)
    return Signer(VerifierKey(name, ED25519, private.public_key().public_bytes_raw()), private.sign)


def ed25519_cosigner(name: str, seed: bytes) -> Cosigner:
    """Make a witness's signer from the 32 bytes of an Ed25519 private key that serves nothing else: what it signs does
    not hold its name.
    """
    private = _private_key(seed)

    def cosign(text: bytes, time: int) -> bytes:
        return time.to_bytes(_TIME_SIZE, "big") + private.sign(_cosigned(text, time))

    return Cosigner(VerifierKey(name, COSIGNATURE_V1, private.public_key().public_bytes_raw()), cosign)


def cosignature_time(signature: bytes) -> int:
    """Give the time of a dated signature, in seconds since 1970; it means nothing before the signature was checked."""
    return int.from_bytes(signature[:_TIME_SIZE], "big")


def name_is_valid(name: str) -> bool:
    """Tell whether a key can have the name: not empty, no control characters, spaces of any script or plus.

    >>> name_is_valid("example.com/log"), name_is_valid("高原/日志"), name_is_valid("a b"), name_is_valid("a\u3000b")
    (True, True, False, False)
    """
    return bool(name) and not any(one == "+" or one.isspace() or one < " " for one in name)


def read_base64(text: str) -> bytes:
    r"""Decode base64 (RFC 4648, section 4) that is written in the one way that encoding gives; else ValueError.

    >>> read_base64("AQ==")
    b'\x01'
    >>> read_base64("AR==")
    Traceback (most recent call last):
    ValueError: not the base64 of any bytes
    """
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        content = None
    if content is None or b64encode(content).decode() != text:
        raise ValueError("not the base64 of any bytes")
    return content


def _private_key(seed: bytes) -> Ed25519PrivateKey:
    if len(seed) != 32:
        raise KeyInvalid("an Ed25519 private key has 32 bytes", zh="Ed25519 私钥应为 32 字节")
    return Ed25519PrivateKey.from_private_bytes(seed)


def _ed25519_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _cosignature_holds(public_key: bytes, text: bytes, signature: bytes) -> bool:
    time = cosignature_time(signature)
    return 0 < time < 1 << 63 and _ed25519_holds(public_key, _cosigned(text, time), signature[_TIME_SIZE:])


def _cosigned(text: bytes, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + text


ED25519 = SignatureKind(b"\x01", 32, _ed25519_holds)
"""Ed25519 signatures of the text of a note."""

COSIGNATURE_V1 = SignatureKind(b"\x04", 32, _cosignature_holds, dated=True)
"""Dated Ed25519 signatures of a checkpoint, by a witness."""
