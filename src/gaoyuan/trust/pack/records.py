"""Records as a pack carries them: what anybody may read, the fields that are shown with their salts, the commitments
to those that are not, and the hash under which the log has the whole.

The entry itself is not there: who reads the pack makes it again from what is shown. So a value that differs by one
letter gives another entry, with a hash that the log does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gaoyuan.trust.canonical import Json
from gaoyuan.trust.commitments import Opening, commitment, committed_bytes
from gaoyuan.trust.failure import NotTrusted, PackInvalid
from gaoyuan.trust.merkle import leaf_hash

__all__ = ["PackRecord", "as_plain", "read_record", "show"]

_LONGEST_ENTRY = 0xFFFF


@dataclass(frozen=True, slots=True)
class PackRecord:
    """A record of a pack after it was checked: its place in the log, its kind, what it shows, and its hash."""

    index: int
    kind: str
    public: Mapping[str, Json]
    shown: Mapping[str, str]
    leaf: bytes

    def __getitem__(self, name: str) -> str:
        """Give what a field says, empty where it is not shown."""
        return self.shown.get(name, "")


def show(
    index: int,
    public: Mapping[str, Json],
    openings: Iterable[Opening],
    names: Iterable[str],
    erased: Mapping[str, str] | None = None,
) -> dict[str, Json]:
    """Write a record for a pack that shows the fields with these names and of the others the commitments only; `erased`
    has the commitments of fields that nobody can open any more.

    >>> given = [Opening("amount", "120.00", bytes(32)), Opening("buyer", "B", b"b" * 32)]
    >>> plain = show(3, {"kind": "trade"}, given, ["amount"])
    >>> sorted(plain["open"]), sorted(plain["closed"])
    (['amount'], ['buyer'])
    >>> read_record(plain)["amount"], read_record(plain)["buyer"]
    ('120.00', '')
    >>> plain["open"]["amount"][1] = "920.00"
    >>> read_record(plain)
    Traceback (most recent call last):
    gaoyuan.trust.failure.PackInvalid: record 3: what is shown is not what the record was made with
    第 3 条记录：所示内容与入日志时不符
    """
    wanted, opened = set(names), {}
    closed = dict(erased or {})
    for one in openings:
        if one.name in wanted:
            opened[one.name] = [one.salt.hex(), one.value]
        else:
            closed[one.name] = commitment(one)
    commitments = {one: commitment(Opening(one, given[1], bytes.fromhex(given[0]))) for one, given in opened.items()}
    leaf = leaf_hash(committed_bytes(public, {**closed, **commitments}))
    return as_plain(index, public, opened, closed, leaf)


def as_plain(
    index: int, public: Mapping[str, Json], opened: Mapping[str, Json], closed: Mapping[str, Json], leaf: bytes
) -> dict[str, Json]:
    """Give a record as the pack writes it."""
    return {"index": index, "public": public, "open": opened, "closed": closed, "leaf": leaf.hex()}


def read_record(plain: Json) -> PackRecord:
    """Read a record of a pack, and check that what it shows is what its hash was made of; raises PackInvalid if not."""
    if not isinstance(plain, Mapping) or set(plain) != {"index", "public", "open", "closed", "leaf"}:
        raise _malformed()
    index, public, opened, closed, leaf = (plain[name] for name in ("index", "public", "open", "closed", "leaf"))
    if not isinstance(index, int) or isinstance(index, bool) or not isinstance(leaf, str):
        raise _malformed()
    if not (isinstance(public, Mapping) and isinstance(opened, Mapping) and isinstance(closed, Mapping)):
        raise _malformed()
    kind = public.get("kind")
    if not isinstance(kind, str) or opened.keys() & closed.keys():
        raise _malformed()
    shown: dict[str, str] = {}
    commitments: dict[str, str] = {}
    try:
        for name, given in opened.items():
            salt, value = given  # pyright: ignore[reportGeneralTypeIssues]
            if not isinstance(salt, str) or not isinstance(value, str) or len(salt) != 64:
                raise _malformed()
            shown[name] = value
            commitments[name] = commitment(Opening(name, value, bytes.fromhex(salt)))
        for name, given in closed.items():
            if not isinstance(given, str):
                raise _malformed()
            commitments[name] = given
        entry = committed_bytes(public, commitments)
    except (TypeError, ValueError):
        raise _malformed() from None
    except PackInvalid:
        raise
    except NotTrusted:
        raise _malformed() from None
    made = leaf_hash(entry)
    if made.hex() != leaf or len(entry) > _LONGEST_ENTRY:
        raise PackInvalid(
            "what is shown is not what the record was made with",
            where=f"record {index}",
            zh=f"第 {index} 条记录：所示内容与入日志时不符",
        )
    return PackRecord(index, kind, public, shown, made)


def _malformed() -> PackInvalid:
    return PackInvalid("a record of the pack is malformed", zh="证据包中的记录格式错误")
