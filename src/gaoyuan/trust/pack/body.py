"""The body of a pack: its parts, written and read. Reading checks that every record is what its hash says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NoReturn

from gaoyuan.trust.canonical import Json, canonical_json
from gaoyuan.trust.checkpoints import Checkpoint
from gaoyuan.trust.failure import PackInvalid
from gaoyuan.trust.merkle import HASH_SIZE, Proof
from gaoyuan.trust.pack.records import PackRecord, read_record

__all__ = ["Body", "Earlier", "read_body", "write_body"]

_PARTS = frozenset(
    {
        "checkpoint",
        "consent",
        "credential",
        "earlier",
        "figures",
        "log",
        "made",
        "proof",
        "records",
        "statements",
        "subject",
    }
)
_MORE = frozenset({"platform"})
"""Parts that a pack may have beside: older ones have none."""
_MAX_RECORDS = 200_000


@dataclass(frozen=True, slots=True)
class Earlier:
    """A checkpoint that an earlier pack held, and the proof that the log only grew since."""

    checkpoint: Checkpoint
    proof: Proof


@dataclass(frozen=True, slots=True)
class Body:
    """What a pack holds: the log's key and checkpoint, the records with their one proof, statements of signatures, the
    index of the consent, whose pack it is, the figures and the credential as they were stated, and when it was made.
    `platform` is the platform's word (`pack.word`), empty where it says nothing.
    """

    log: str
    checkpoint: bytes
    records: Sequence[PackRecord]
    proof: Proof
    statements: Sequence[bytes]
    consent: int
    subject: str
    figures: Mapping[str, Json]
    credential: Mapping[str, Json]
    earlier: Sequence[Earlier]
    made: str
    platform: bytes = b""


def write_body(parts: Mapping[str, Json]) -> bytes:
    """Write the parts of a body; raises ValueError where one is missing."""
    if set(parts) - _MORE != _PARTS:
        raise ValueError(f"the parts of a pack are {', '.join(sorted(_PARTS))}")
    return canonical_json(parts)


def read_body(content: bytes) -> Body:
    """Read a body; raises PackInvalid where it is malformed, or a record is not what its hash was made of."""
    parts = _json(content)
    if not isinstance(parts, Mapping) or set(parts) - _MORE != _PARTS:
        raise _malformed("its parts")
    texts = {name: _text(parts[name]) for name in ("log", "checkpoint", "subject", "made")}
    consent, figures, credential = parts["consent"], parts["figures"], parts["credential"]
    if not isinstance(consent, int) or not isinstance(figures, Mapping) or not isinstance(credential, Mapping):
        raise _malformed("consent, figures or credential")
    plain = _list(parts["records"])
    if not 1 <= len(plain) <= _MAX_RECORDS:
        raise _malformed("the number of records")
    records = [read_record(one) for one in plain]
    if any(one.index >= after.index for one, after in pairwise(records)):
        raise _malformed("the order of its records")
    return Body(
        texts["log"],
        _encoded(texts["checkpoint"]),
        records,
        _hashes(parts["proof"]),
        [_encoded(_text(one)) for one in _list(parts["statements"])],
        consent,
        texts["subject"],
        figures,
        credential,
        [_earlier(one) for one in _list(parts["earlier"])],
        texts["made"],
        _encoded(_text(parts.get("platform", ""))),
    )


def _json(content: bytes) -> Json:
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse, parse_float=_refuse
        )
    except RecursionError:
        raise _malformed("it is nested too deep") from None
    except ValueError:
        raise _malformed("it is not JSON") from None


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _malformed("a key is given twice")
    return found


def _refuse(_given: str) -> NoReturn:
    # Figures are whole numbers and texts, which all programs read alike.
    raise _malformed("it holds a fraction")


def _earlier(given: Json) -> Earlier:
    if not isinstance(given, Mapping) or set(given) != {"origin", "size", "root", "proof"}:
        raise _malformed("an earlier checkpoint")
    size = given["size"]
    roots = _hashes([given["root"]])
    if not isinstance(size, int) or not 0 <= size < 1 << 53:
        raise _malformed("an earlier checkpoint")
    origin = _text(given["origin"])
    if not origin or "\n" in origin:
        raise _malformed("an earlier checkpoint")
    return Earlier(Checkpoint(origin, size, roots[0]), _hashes(given["proof"]))


def _hashes(given: Json) -> Proof:
    try:
        hashes = tuple(bytes.fromhex(_text(one)) for one in _list(given))
    except ValueError:
        raise _malformed("a hash") from None
    if any(len(one) != HASH_SIZE for one in hashes):
        raise _malformed("a hash")
    return hashes


def _list(given: Json) -> Sequence[Json]:
    if not isinstance(given, list):
        raise _malformed("a list")
    return given


def _text(given: Json) -> str:
    if not isinstance(given, str):
        raise _malformed("a text")
    return given


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise _malformed("a text") from None


def _malformed(what: str) -> PackInvalid:
    return PackInvalid(f"the pack is malformed: {what}", zh="证据包格式错误")
