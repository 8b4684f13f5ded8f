"""Which parties signed which records of a pack: statements, the keys that signed them, and when both were logged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gaoyuan.trust.failure import KeyInvalid, NoteInvalid, PackInvalid
from gaoyuan.trust.pack.records import PackRecord
from gaoyuan.trust.pack.statements import Statement, key_fingerprint, organisation_key, read_statement
from gaoyuan.trust.pack.trades import trades_of

__all__ = ["Signatures", "signatures_of"]


@dataclass(frozen=True, slots=True)
class Signatures:
    """By the hash of a trade, the sides that signed it (`subject`, `partner`); the keys that count, with how they are
    held; and how many of them belong to parties that are masked, so that only the platform says whose they are.
    """

    sides: Mapping[bytes, frozenset[str]]
    keys: Mapping[str, str]
    masked: int


def signatures_of(records: Sequence[PackRecord], statements: Iterable[bytes], subject: str, origin: str) -> Signatures:
    """Check all statements of a pack; raises PackInvalid for one that does not hold, or that the log does not have.

    A signature counts if its key was registered in the log before the statement was, and not revoked before it, by the
    party that the trade is of. The log's order is the clock: nobody can date a signature back to before a key was lost.
    The numbers that an authenticator counts its signatures with must grow in that order, or there is a copy of it.
    """
    keys = {one["key"]: one for one in records if one.kind == "key" and one["key"]}
    revoked = {str(one.public.get("key")): one.index for one in records if one.kind == "revocation"}
    logged = {one["statement"]: one for one in records if one.kind == "statement" and one["statement"]}
    trades = {one.record.leaf: one for one in trades_of(records, subject)}
    sides: dict[bytes, set[str]] = {}
    counted: dict[str, str] = {}
    masked: set[str] = set()
    counters: dict[str, int] = {}
    found = [_find(content, logged, keys) for content in statements]
    for statement, at, key in sorted(found, key=lambda one: one[1]):
        if statement.origin != origin:
            raise PackInvalid("a statement is of records of another log", zh="签署文件属于另一日志")
        text = key["key"]
        if not key.index < at or revoked.get(key_fingerprint(text), at + 1) < at:
            raise PackInvalid(
                "a statement was logged before its key was registered, or after it was revoked",
                where=f"record {at}",
                zh=f"第 {at} 条：签署时密钥尚未登记或已吊销",
            )
        last, counters[text] = counters.get(text, 0), statement.counter
        if last and statement.counter <= last:
            raise PackInvalid(
                "an authenticator has counted a signature twice: there may be a copy of it",
                where=f"record {at}",
                zh=f"第 {at} 条：认证器的签名计数未增加，可能已被复制",
            )
        owner = key["organisation"]
        for leaf in statement.leaves:
            trade = trades.get(leaf)
            if trade is None or trade.record.index > at:
                continue
            if owner == subject:
                side = "subject"
            elif owner == trade.partner_id:
                side = "partner"
                if not owner:
                    masked.add(text)
            else:
                continue
            sides.setdefault(leaf, set()).add(side)
            counted[text] = key["held"]
    return Signatures({leaf: frozenset(one) for leaf, one in sides.items()}, counted, len(masked))


def _find(
    content: bytes, logged: Mapping[str, PackRecord], keys: Mapping[str, PackRecord]
) -> tuple[Statement, int, PackRecord]:
    line = logged.get(sha256(content).hexdigest())
    key = keys.get(line["key"]) if line else None
    if line is None or key is None:
        raise PackInvalid("a statement or its key is not in the log", zh="签署文件或其密钥不在日志中")
    try:
        statement = read_statement(content, organisation_key(key["key"]))
    except (KeyInvalid, NoteInvalid) as wrong:
        raise PackInvalid(wrong.what, zh=wrong.zh) from None
    return statement, line.index, key
