"""A small platform: a log, its key, two firms that trade, their keys and signatures, and packs of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from tests.trust.authenticators import Authenticator

from gaoyuan.trust.canonical import canonical_json
from gaoyuan.trust.checkpoints import cosign
from gaoyuan.trust.commitments import Opening, commitment, committed_bytes
from gaoyuan.trust.failure import PackInvalid
from gaoyuan.trust.keys import Cosigner, Signer, ed25519_signer
from gaoyuan.trust.log import add_cosignatures, append, create_log, latest_checkpoint, witnessed_checkpoint
from gaoyuan.trust.merkle import leaf_hash
from gaoyuan.trust.pack.entries import (
    LogEntry,
    consent_entry,
    counted,
    key_entry,
    move_entry,
    shown_names,
    statement_entry,
    trade_entry,
)
from gaoyuan.trust.pack.making import make_pack
from gaoyuan.trust.pack.records import show
from gaoyuan.trust.pack.sealing import open_seal, seal
from gaoyuan.trust.pack.statements import sign_records
from gaoyuan.trust.pack.word import RingWord
from gaoyuan.trust.policy import Policy
from gaoyuan.trust.sm2 import SM2_WITH_SM3, sm2_signer
from gaoyuan.trust.stores import MemoryStore
from gaoyuan.trust.tiles import TileNodes

NOW = dt.datetime(2026, 7, 2, 9, 0, tzinfo=dt.UTC)
Held = tuple[LogEntry, dict[str, str], list[Opening], bytes]


@dataclass
class Platform:
    """A log in memory with the openings of its entries, as the portal keeps both."""

    signer: Signer
    witnesses: tuple[Cosigner, ...] = ()
    store: MemoryStore = field(default_factory=MemoryStore)
    held: list[Held] = field(default_factory=list)
    statements: list[bytes] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    pending: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        create_log(self.store, self.signer)

    def log(self, entry: LogEntry, logged: str) -> int:
        """Enter a record; gives its index."""
        for party in entry.parties:
            self.numbers[party] = self.numbers.get(party, 0) + 1
        fields = counted(entry, self.numbers, logged)
        index = len(self.held)
        # Salts that are the same in every run, so that packs are.
        openings = [Opening(name, text, sha256(f"{index} {name}".encode()).digest()) for name, text in fields.items()]
        content = committed_bytes(entry.said, {one.name: commitment(one) for one in openings})
        self.held.append((entry, fields, openings, content))
        self.pending.append(content)
        return index

    def trade(
        self, seller: str, buyer: str, amount: str, day: str, *, case: str = "", moves: tuple[str, ...] = ()
    ) -> int:
        """Enter a trade with the moves of its case."""
        made = case or f"case {len(self.held)}"
        for number, stage in enumerate(moves, 1):
            fields = {"case": made, "process": "supply-demand", "move": stage, "number": str(number), "why": "secret"}
            self.log(move_entry(len(self.held), fields, stage, (seller, buyer)), f"{day}T08:00:00Z")
        entry = trade_entry(
            case=made,
            seller=(seller, f"企业 {seller}"),
            buyer=(buyer, f"企业 {buyer}"),
            pseudonyms=(f"{seller} of {buyer}", f"{buyer} of {seller}"),
            what="毛巾布",
            amount_yuan=amount,
            on=day,
        )
        return self.log(entry, f"{day}T09:00:00Z")

    def key(self, party: str, day: str, signer: Signer | None = None, held: str = "file") -> Signer:
        """Register a key of a party."""
        signer = signer or ed25519_signer(f"org/{party}", party.encode().rjust(32, b"k"))
        self.log(key_entry(str(signer.key), (party, f"企业 {party}"), held), f"{day}T07:00:00Z")
        return signer

    def sign(self, party: str, signer: Signer, indices: list[int], day: str) -> bytes:
        """Have a party sign records, and enter the statement."""
        leaves = [leaf_hash(self.held[index][3]) for index in indices]
        made = sign_records(self.signer.key.name, leaves, signer)
        self.statements.append(made)
        self.log(statement_entry(sha256(made).hexdigest(), str(signer.key), party), f"{day}T10:00:00Z")
        return made

    def consent(self, party: str, first: str, last: str, day: str, expires: str = "2026-12-31") -> int:
        """Enter a consent of a party."""
        terms = {"recipient": "某银行", "purpose": "首贷", "first": first, "last": last, "expires": expires}
        entry = consent_entry(f"consent-{len(self.held)}", (party, f"企业 {party}"), **terms, masked=0)
        return self.log(entry, f"{day}T11:00:00Z")

    def pack(
        self,
        party: str,
        consent: int,
        *,
        masked: tuple[str, ...] = (),
        leave_out: tuple[int, ...] = (),
        earlier: tuple[int, ...] = (),
        now: dt.datetime = NOW,
        word: RingWord | None = None,
    ) -> bytes:
        """Make the pack of a party from all that concerns it up to the consent."""
        self.publish()
        records = [
            show(index, entry.said, openings, shown_names(entry.kind, fields, party, masked))
            for index, (entry, fields, openings, _) in enumerate(self.held)
            if (party in entry.parties or entry.kind in {"key", "statement"}) and index not in leave_out
        ]
        opened = latest_checkpoint(self.store, self.signer.key)
        nodes = TileNodes(opened.checkpoint.size, self.store.read)
        if self.witnesses:
            lines = [cosign(opened.checkpoint, one, int(now.timestamp())) for one in self.witnesses]
            keys = [one.key for one in self.witnesses]
            add_cosignatures(self.store, bytes(opened.note.signed(*lines)), self.signer.key, keys)
            opened = witnessed_checkpoint(self.store, self.signer.key, keys)
        return make_pack(
            records,
            self.statements,
            consent=consent,
            subject=party,
            opened=opened,
            nodes=nodes,
            signer=self.signer,
            now=now,
            word=word,
        )

    def publish(self) -> None:
        """Append what was entered to the log."""
        append(self.store, self.pending, self.signer)
        self.pending.clear()

    @property
    def policy(self) -> Policy:
        """What a bank demands: this log, cosigned by all witnesses."""
        named = {f"w{at}": one.key for at, one in enumerate(self.witnesses)}
        if not named:
            return Policy((self.signer.key,))
        return Policy((self.signer.key,), named, {"all": (len(named), tuple(named))}, "all")


MakePlatform = Callable[[], Platform]


@pytest.fixture
def make_platform(signer: Signer, witnesses: tuple[Cosigner, Cosigner]) -> MakePlatform:
    """Make an empty platform with two witnesses."""
    return lambda: Platform(signer, witnesses)


@pytest.fixture(scope="session")
def traded(signer: Signer, witnesses: tuple[Cosigner, Cosigner]) -> tuple[Platform, int]:
    """Half a year of trades of firm 7 that both sides sign in part, and its consent."""
    platform = Platform(signer, witnesses)
    own, other = platform.key("7", "2026-01-01"), platform.key("8", "2026-01-01")
    first = [
        platform.trade("7", "8", f"{1000 + 100 * month}.00", f"2026-{month:02d}-05", moves=("order", "delivery"))
        for month in (1, 2, 3, 4)
    ]
    platform.trade("7", "9", "500.50", "2026-04-11", moves=("order", "dispute"))
    platform.trade("9", "8", "1.00", "2026-04-11")
    platform.trade("8", "7", "1399.00", "2026-04-20")
    platform.trade("7", "9", "", "2026-06-01")
    platform.sign("7", own, first, "2026-06-10")
    platform.sign("8", other, first[:2], "2026-06-11")
    return platform, platform.consent("7", "2026-01", "2026-06", "2026-07-01")


@pytest.fixture(scope="session")
def packed(traded: tuple[Platform, int]) -> bytes:
    """The pack of firm 7."""
    platform, consent = traded
    return platform.pack("7", consent)


def signed_by(log: Signer, *signers: Signer) -> tuple[Platform, bytes]:
    """A platform with a trade that each of some keys of firm 7 has signed, one a month, and its pack, in which the
    statements stand whether they hold or not.
    """
    platform = Platform(log)
    for one in {one.key: one for one in signers}.values():
        platform.key("7", "2026-01-01", one, "file" if one.key.kind is SM2_WITH_SM3 else "device")
    for month, one in enumerate(signers, 1):
        index = platform.trade("7", "8", "100.00", f"2026-{month:02d}-05")
        platform.sign("7", one, [index], f"2026-{month:02d}-06")
    consent = platform.consent("7", "2026-01", "2026-06", "2026-07-01")
    try:
        return platform, platform.pack("7", consent)
    except PackInvalid:
        # An honest platform does not make such a pack: the statements are put into one without.
        held, platform.statements = platform.statements, []
        body = json.loads(open_seal(platform.pack("7", consent), log.key))
        body["statements"] = [one.decode() for one in held]
        return platform, seal(canonical_json(body), log)


def copied() -> tuple[Signer, Signer]:
    """A security key, and the same with a copy of it that counts for itself."""
    one, other = Authenticator(), Authenticator()
    signer = one.signer("device/7")
    one.counter = 4
    return signer, Signer(signer.key, lambda text: other.signer("device/7").sign(text))


@pytest.fixture(params=["ES256", "Ed25519", "SM2"])
def other_signer(request: pytest.FixtureRequest) -> Signer:
    """A key that is no file of Ed25519: of a security key, or of SM2."""
    if request.param == "SM2":
        return sm2_signer("org/sm2", request.getfixturevalue("sm2_key"))
    return Authenticator("gaoyuan.example", ed25519=request.param == "Ed25519").signer("device/7")
