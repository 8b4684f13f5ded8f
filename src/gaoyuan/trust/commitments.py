"""Records that hold no plaintext: a commitment for every field, which its holder can open one by one.

A commitment is HMAC-SHA-256(salt, canonical JSON of [name, value]) with a salt of 32 random bytes for every field.
Whoever has value and salt can show that the record speaks of that value; whoever has neither learns nothing from the
record, even of a field with few possible values. Once value and salt are deleted, nobody can ever tell what the field
said, while the record, its hash and every proof of it stay as they are: so personal information can be erased
(个人信息保护法, article 47) from a log that never changes. The names of the fields, and the public part, stay readable.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gaoyuan.trust.canonical import Json, canonical_json, canonical_text, read_canonical_json
from gaoyuan.trust.failure import OpeningInvalid

__all__ = [
    "RECORD_FORMAT",
    "SALT_SIZE",
    "Opening",
    "check_opening",
    "commitment",
    "committed_bytes",
    "new_salts",
    "record_bytes",
]

RECORD_FORMAT = "gaoyuan/record/v1"
"""What a record's `format` says."""

SALT_SIZE = 32
"""Bytes of a salt. HMAC pads shorter keys with zeros, so salts of different lengths could stand for each other."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What its holder shows of one field: its name, its value, and the salt that it was committed with."""

    name: str
    value: Json
    salt: bytes


def new_salts(names: Iterable[str]) -> dict[str, bytes]:
    """Draw a fresh salt for every field from the operating system; never use one twice."""
    return {name: secrets.token_bytes(SALT_SIZE) for name in names}


def commitment(opening: Opening) -> str:
    """Commit to a field: 64 hexadecimal digits. Raises OpeningInvalid for a salt that has not 32 bytes.

    >>> commitment(Opening("amount", "120.00", bytes(32)))
    '289244944d700e9a18a3c76f374329f3ffcd6beaf821a10fa5f2f9cbffcd208e'
    """
    if len(opening.salt) != SALT_SIZE:
        raise OpeningInvalid(f"a salt has {len(opening.salt)} bytes, not {SALT_SIZE}", zh="盐值长度不是 32 字节")
    # The name is part of it: what one field says cannot be shown as what another says.
    if isinstance(opening.value, str):
        said = f"[{canonical_text(opening.name)},{canonical_text(opening.value)}]".encode()
    else:
        said = canonical_json([opening.name, opening.value])
    return hmac.digest(opening.salt, said, "sha256").hex()


def record_bytes(public: Mapping[str, Json], openings: Iterable[Opening]) -> bytes:
    """Write the record that goes into the log: what anybody may read, and the commitments to the rest.

    Raises OpeningInvalid where a field is given twice.

    >>> record_bytes({"kind": "trade"}, [Opening("amount", "120.00", bytes(32))]).decode()[:60]
    '{"commitments":{"amount":"289244944d700e9a18a3c76f374329f3ff'
    """
    commitments: dict[str, str] = {}
    for opening in openings:
        if opening.name in commitments:
            raise OpeningInvalid(f"the field {opening.name!r} is given twice", zh="字段重复")
        commitments[opening.name] = commitment(opening)
    return committed_bytes(public, commitments)


def committed_bytes(public: Mapping[str, Json], commitments: Mapping[str, str]) -> bytes:
    """Write a record of commitments that were made before, as one who has not all of the openings can."""
    return canonical_json({"commitments": commitments, "format": RECORD_FORMAT, "public": public})


def check_opening(record: bytes, opening: Opening) -> None:
    """Check that a record of the log speaks of the value that its holder shows.

    Raises OpeningInvalid where it does not, JsonInvalid where the record is not canonical JSON.

    >>> shown = Opening("amount", "120.00", bytes(32))
    >>> record = record_bytes({}, [shown])
    >>> check_opening(record, shown)
    >>> check_opening(record, Opening("amount", "900.00", bytes(32)))
    Traceback (most recent call last):
    gaoyuan.trust.failure.OpeningInvalid: the record was made with another value of 'amount'
    披露的值与记录不符
    """
    read = read_canonical_json(record)
    if not isinstance(read, Mapping) or read.get("format") != RECORD_FORMAT:
        raise OpeningInvalid("this is no record", zh="不是记录")
    commitments = read.get("commitments")
    stated = commitments.get(opening.name) if isinstance(commitments, Mapping) else None
    if not isinstance(stated, str):
        raise OpeningInvalid(f"the record has no field {opening.name!r}", zh="记录中没有该字段")
    if stated != commitment(opening):
        raise OpeningInvalid(f"the record was made with another value of {opening.name!r}", zh="披露的值与记录不符")
