"""Statements by which a party signs records: a signed note that names the log and the hash of every record.

    gaoyuan/signed-records/v1
    example.com/log
    289244944d700e9a18a3c76f374329f3ffcd6beaf821a10fa5f2f9cbffcd208e
    ...

One signature is for all records that it names, so a month's trades are signed at once. The hash of a record is made of
everything that it says, shown or not. When a statement was made follows from its own entry in the log, from no clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from gaoyuan.trust.failure import KeyInvalid, NoteInvalid, PackInvalid
from gaoyuan.trust.keys import ED25519, SignatureKind, Signer, VerifierKey, read_vkey
from gaoyuan.trust.notes import open_note, read_note, sign_note
from gaoyuan.trust.sm2 import SM2_WITH_SM3
from gaoyuan.trust.webauthn import WEBAUTHN_KINDS, assertion_counter

__all__ = [
    "KINDS",
    "STATEMENT_FORMAT",
    "Statement",
    "key_fingerprint",
    "organisation_key",
    "read_registration",
    "read_statement",
    "register_key",
    "registration_text",
    "sign_records",
    "signer_name",
    "statement_text",
]

STATEMENT_FORMAT = "gaoyuan/signed-records/v1"
"""The first line of a statement."""

REGISTRATION_FORMAT = "gaoyuan/key/v1"
"""The first line of the registration of a key."""

MAX_RECORDS = 10_000
"""Records that one statement can name: a note has at most a million bytes."""

KINDS: tuple[SignatureKind, ...] = (ED25519, SM2_WITH_SM3, *WEBAUTHN_KINDS)
"""Kinds of signatures that organisations may use."""

_LEAF = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose signature holds: the log, the hashes of the records, and the key. `counter` is the number that
    an authenticator gave to the signature, 0 for one that does not count, and for other keys.
    """

    origin: str
    leaves: tuple[bytes, ...]
    key: VerifierKey
    digest: str
    counter: int = 0


def sign_records(origin: str, leaves: Iterable[bytes], signer: Signer) -> bytes:
    """Sign records of a log by their hashes; gives the statement. Raises PackInvalid for none or too many.

    >>> from gaoyuan.trust.keys import ed25519_signer
    >>> signer = ed25519_signer("firm", bytes(32))
    >>> signed = sign_records("example.com/log", [bytes(32)], signer)
    >>> read_statement(signed, signer.key).leaves == (bytes(32),)
    True
    """
    return bytes(sign_note(statement_text(origin, leaves), signer))


def statement_text(origin: str, leaves: Iterable[bytes]) -> str:
    """Write the text that a statement signs; raises PackInvalid for none or too many records."""
    named = sorted({one.hex() for one in leaves})
    if not 1 <= len(named) <= MAX_RECORDS:
        raise PackInvalid(f"a statement names 1 to {MAX_RECORDS} records", zh=f"一次签署 1 至 {MAX_RECORDS} 条记录")
    return "".join(f"{line}\n" for line in (STATEMENT_FORMAT, origin, *named))


def read_statement(content: bytes, key: VerifierKey) -> Statement:
    """Read a statement and check its one signature by this key; raises PackInvalid where it does not hold."""
    try:
        opened = open_note(content, [key])
    except NoteInvalid as wrong:
        raise PackInvalid(
            f"the statement is not signed with that key: {wrong.what}", zh="签署文件不是该密钥所签"
        ) from None
    lines = opened.note.text.removesuffix("\n").split("\n")
    well = len(lines) >= 3 and lines[0] == STATEMENT_FORMAT and len(opened.note.signatures) == 1
    if not well or len(lines) - 2 > MAX_RECORDS or not all(_LEAF.fullmatch(one) for one in lines[2:]):
        raise PackInvalid("the statement is malformed", zh="签署文件格式错误")
    leaves = tuple(bytes.fromhex(one) for one in lines[2:])
    counter = assertion_counter(opened.note.signatures[0].signature) if key.kind in WEBAUTHN_KINDS else 0
    return Statement(lines[1], leaves, key, sha256(content).hexdigest(), counter)


def register_key(origin: str, organisation: str, signer: Signer) -> bytes:
    """Show that one holds the key that an organisation registers at a log: a note that names all three, signed by it.

    >>> from gaoyuan.trust.keys import ed25519_signer
    >>> signer = ed25519_signer("firm", bytes(32))
    >>> read_registration(register_key("example.com/log", "17", signer), "example.com/log", "17") == signer.key
    True
    """
    return bytes(sign_note(registration_text(origin, organisation, signer.key), signer))


def registration_text(origin: str, organisation: str, key: VerifierKey) -> str:
    """Write the text that a registration signs."""
    return "".join(f"{line}\n" for line in (REGISTRATION_FORMAT, origin, organisation, str(key)))


def read_registration(content: bytes, origin: str, organisation: str) -> VerifierKey:
    """Read the registration of a key; raises PackInvalid where it is for another log or organisation, or not signed."""
    try:
        lines = read_note(content).text.removesuffix("\n").split("\n")
        if len(lines) != 4 or lines[:3] != [REGISTRATION_FORMAT, origin, organisation]:
            raise PackInvalid("the registration is of another log or organisation", zh="登记文件属于其他日志或机构")
        key = organisation_key(lines[3])
        open_note(content, [key])
    except (NoteInvalid, KeyInvalid) as wrong:
        raise PackInvalid(f"the registration does not hold: {wrong.what}", zh=f"登记文件无效：{wrong.zh}") from None
    return key


def signer_name(content: bytes) -> str:
    """Tell which key's name a statement bears; nothing is checked. Raises NoteInvalid where it is no note."""
    signatures = read_note(content).signatures
    return signatures[0].name if len(signatures) == 1 else ""


def organisation_key(text: str) -> VerifierKey:
    """Read the verifier key of an organisation; raises KeyInvalid where it is none of an accepted kind.

    >>> organisation_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").name
    'example.com/foo'
    """
    if len(text) > 1000:
        raise KeyInvalid("this is no verifier key", zh="不是验证密钥")
    return read_vkey(text.strip(), KINDS)


def key_fingerprint(vkey: str) -> str:
    """Name a key by the SHA-256 of its verifier key, in hexadecimal: what the log says when the key is revoked."""
    return sha256(vkey.encode()).hexdigest()
