"""What the log says of each kind of record: the part that anybody reads, and the fields that are committed to.

The public part says no more than the kind and, where others must find it, a number that means nothing by itself: the
tiles of a log are open to all. Every record has `logged` (when it entered the log, UTC) and, for each party that it
concerns, `count_1`, `count_2` ... with the party and its running number, `17:3`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gaoyuan.trust.canonical import Json

__all__ = [
    "KINDS",
    "LogEntry",
    "consent_entry",
    "counted",
    "key_entry",
    "move_entry",
    "revocation_entry",
    "shown_names",
    "statement_entry",
    "trade_entry",
    "use_entry",
    "withdrawal_entry",
]


KINDS = frozenset({"move", "trade", "consent", "withdrawal", "use", "key", "revocation", "statement"})
"""The kinds of records that packs are read by. Others may stand in the log as well: packs count them, and no more."""

_NEEDED = {
    "trade": ("seller", "buyer", "seller_as", "buyer_as", "case", "on", "amount_yuan"),
    "move": ("case", "move", "stage"),
    "key": ("key", "organisation"),
}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A record before it enters the log: its kind and public part, its fields, and the parties whose record it is."""

    kind: str
    fields: Mapping[str, str]
    parties: Sequence[str]
    public: Mapping[str, Json] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, Json]:
        """The part that anybody reads."""
        return {"kind": self.kind, **self.public}


def move_entry(sequence: int, fields: Mapping[str, str], stage: str, parties: Sequence[str]) -> LogEntry:
    """A move of a case, with all that its record says; `stage` is one of `trades.STAGES`, or nothing."""
    return LogEntry("move", {**fields, "stage": stage}, parties, {"sequence": sequence})


def trade_entry(
    *,
    case: str,
    seller: tuple[str, str],
    buyer: tuple[str, str],
    pseudonyms: tuple[str, str],
    what: str,
    amount_yuan: str,
    on: str,
    product: str = "",
    quantity: str = "",
    unit: str = "",
) -> LogEntry:
    """A trade: seller and buyer by number and name, and what each is called where it is masked for the other's readers
    (`pseudonyms` of seller and buyer): the same in all trades of the two, so that shares can be computed without names.
    """
    fields = {
        "case": case,
        "seller": seller[0],
        "seller_name": seller[1],
        "seller_as": pseudonyms[0],
        "buyer": buyer[0],
        "buyer_name": buyer[1],
        "buyer_as": pseudonyms[1],
        "what": what,
        "amount_yuan": amount_yuan or "unknown",
        "on": on,
        "product": product,
        "quantity": quantity,
        "unit": unit,
    }
    return LogEntry("trade", fields, (seller[0], buyer[0]))


def consent_entry(
    identity: str,
    organisation: tuple[str, str],
    *,
    recipient: str,
    purpose: str,
    first: str,
    last: str,
    expires: str,
    masked: int,
) -> LogEntry:
    """A consent to show the records of some months to a recipient for a purpose until a day."""
    fields = {
        "organisation": organisation[0],
        "organisation_name": organisation[1],
        "recipient": recipient,
        "purpose": purpose,
        "first": first,
        "last": last,
        "expires": expires,
        "masked": str(masked),
    }
    return LogEntry("consent", fields, (organisation[0],), {"id": identity})


def withdrawal_entry(identity: str, organisation: str) -> LogEntry:
    """The withdrawal of a consent: whoever holds the pack knows its number, to others it means nothing."""
    return LogEntry("withdrawal", {"organisation": organisation}, (organisation,), {"consent": identity})


def use_entry(identity: str, organisation: str, what: str) -> LogEntry:
    """A use that was made of a consent: a pack was made or fetched."""
    return LogEntry("use", {"organisation": organisation, "consent": identity, "what": what}, (organisation,))


def key_entry(vkey: str, organisation: tuple[str, str], held: str) -> LogEntry:
    """A key that an organisation signs with from now on; `held` is `file`, `device` (an authenticator) or `server`."""
    fields = {"key": vkey, "organisation": organisation[0], "organisation_name": organisation[1], "held": held}
    return LogEntry("key", fields, (organisation[0],))


def revocation_entry(fingerprint: str, organisation: str, reason: str) -> LogEntry:
    """A key that counts no more from now on; it is named by its fingerprint, which those know who know the key."""
    return LogEntry(
        "revocation", {"organisation": organisation, "reason": reason}, (organisation,), {"key": fingerprint}
    )


def statement_entry(digest: str, vkey: str, organisation: str) -> LogEntry:
    """A statement that an organisation has signed, by its SHA-256."""
    return LogEntry("statement", {"statement": digest, "key": vkey, "organisation": organisation}, (organisation,))


def counted(entry: LogEntry, numbers: Mapping[str, int], logged: str) -> dict[str, str]:
    """Give the fields of an entry as it enters the log: with the time, and the running number of each of its parties.

    >>> counted(use_entry("c", "17", "made"), {"17": 3}, "2026-11-23T03:00:00Z")["count_1"]
    '17:3'
    """
    counts = {f"count_{at}": f"{party}:{numbers[party]}" for at, party in enumerate(entry.parties, 1)}
    return {**entry.fields, **counts, "logged": logged}


def shown_names(
    kind: str, fields: Mapping[str, str], subject: str, masked: Collection[str], *, whole: bool = True
) -> set[str]:
    """Choose the fields that a pack of a subject shows of a record: what figures and checks need, and no more.

    `masked` are parties that the subject does not name. A record that is not `whole` only marks where the period ends.
    """
    names = {"logged"}
    names |= {name for name, value in fields.items() if name.startswith("count_") and value.startswith(f"{subject}:")}
    needed = _NEEDED.get(kind, ())
    if not whole or any(name not in fields for name in needed):
        # What was erased cannot be shown any more; the figures say how many such records there are.
        return names
    if kind == "move":
        return names | {"case", "process", "move", "stage", "number", "at"}
    if kind == "trade":
        names |= {"case", "what", "amount_yuan", "on", "product", "quantity", "unit"}
        own, other = ("seller", "buyer") if fields["seller"] == subject else ("buyer", "seller")
        names |= {own, f"{own}_name", f"{other}_as"}
        return names if fields[other] in masked else names | {other, f"{other}_name"}
    if kind == "key":
        names |= {"key", "held"}
        return names if fields["organisation"] in masked else names | {"organisation", "organisation_name"}
    if kind == "consent":
        return names | set(fields) - {name for name in fields if name.startswith("count_")}
    if kind == "statement":
        return names | {"statement", "key"}
    return names | ({"reason"} if kind == "revocation" else set())
