"""Bringing the log up to the records: moves in the order in which they were committed, then the trades they led to, and
with `enter_record` whatever else an app of the portal has to say.

What is entered and the note that it was entered are one transaction, so a crash leaves both or neither: the next run
goes on where this one stood. Nothing is entered twice, as the database has one record a move and one a trade; none is
passed over, as the sequence of moves has no gaps below what was committed.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import CharField, Exists, Max, OuterRef, Value
from django.db.models.functions import Cast, Concat

from gaoyuan.exchange.process import process
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.evidence.keeping import STORE, enter, secret_of
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.portal.evidence.stages import stage_of
from gaoyuan.portal.trades.models import Consent, Trade
from gaoyuan.trust.canonical import Json
from gaoyuan.trust.pack.entries import KINDS, LogEntry, move_entry, trade_entry

__all__ = ["enter_consent", "enter_new", "enter_record", "fields_of", "pseudonym"]

BATCH = 500
GIVEN, WITHDRAWN = "trades-consent", "trades-withdrawal"
"""The kinds of records of organisations that let their trades be used in the workspace, and that do so no more."""

CONSENTS = "trades.consent:"
"""What the sources of these begin with."""

_KIND = re.compile("[a-z][a-z-]{2,19}")


def enter_record(
    kind: str,
    source: str,
    parties: Iterable[Organisation],
    said: Mapping[str, object],
    *,
    public: Mapping[str, Json] | None = None,
) -> LogRecord:
    """Enter a record of an app's own into the log, once, and give its row: the one way for what is no move of a case.

    Moves of cases and trades enter by themselves within seconds; for all else call this in the transaction that writes
    the row which the record is of, as its last act (whoever enters holds the log until the transaction ends):

        with transaction.atomic():
            claim = Claim.objects.create_for(firm, fund=fund, amount_yuan=amount)
            record = enter_record("fund-claim", f"finance.claim:{claim.pk}:made", [firm, fund.organisation],
                                  {"amount_yuan": f"{amount:.2f}", "fund": fund.pk})

    - `kind`: a word of the app, 3 to 20 small letters and hyphens; none of the log's own (`entries.KINDS`);
    - `source`: what it is a record of, `app.model:number:act`. A source that the log has gives the record that stands,
      and enters nothing: a second click or run does no harm;
    - `parties`: the organisations whose record it is. It takes the next running number of each, so their packs show
      that it is there; what it says they show to nobody, unless `entries.shown_names` has the kind, and the page of
      their records names its fields alone;
    - `said`: what it says, plain or nested (`{"terms": {"rate": "3"}}` gives the field `terms.rate`), committed to with
      salts: the public log does not tell it, and `erasing.erase` can erase it;
    - `public`: what the whole world may read in the log for ever. No names, no amounts, nothing that can be guessed.

    `record.index` is its number in the log: `/log/proof/<number>` proves that it is there, and `openings_of(record)`
    opens it. Raises ValueError for another kind or source, for fields that the log itself has, and for what is longer
    than a record can be (65,535 bytes): faults of the app, not of its users.
    """
    fields = fields_of(said)
    if not _KIND.fullmatch(kind) or kind in KINDS:
        raise ValueError(f"{kind!r} is no kind of an app's records")
    if not 0 < len(source) <= 120:
        raise ValueError("the source of a record has 1 to 120 letters")
    if "logged" in fields or any(name.startswith("count_") for name in fields) or "kind" in (public or {}):
        raise ValueError("logged, count_... and the public kind are the log's own fields")
    with STORE.alone():
        standing = LogRecord.objects.filter(source=source).first()
        if standing is not None:
            return standing
        entry = LogEntry(kind, fields, [str(one) for one in sorted({one.pk for one in parties})], dict(public or {}))
        return enter([entry], sources=[source])[0]


def enter_new() -> int:
    """Enter all moves, trades and consents that the log does not have yet, and give how many."""
    entered = enter_consents()
    while found := _enter_some():
        entered += found
    return entered


def enter_consents() -> int:
    """Enter the consents of organisations to the use of their trades that are older than their log, and give how many;
    later ones enter where they are given.
    """
    first = Concat(Value(CONSENTS), Cast("pk", CharField()), Value(":1"))
    known = LogRecord.objects.filter(source=OuterRef("first"))
    older = Consent.unscoped.filter(given=True).annotate(first=first).exclude(Exists(known))
    return sum(enter_consent(one) for one in older.select_related("organisation").order_by("pk"))


def enter_consent(held: Consent) -> bool:
    """Enter that an organisation lets its trades be used in the workspace, or does so no more; tells whether the log
    did not have it yet. Called where the consent is changed, in the same transaction.
    """
    kind, before = GIVEN if held.given else WITHDRAWN, f"{CONSENTS}{held.pk}:"
    with STORE.alone():
        entered = LogRecord.objects.filter(source__startswith=before).order_by("index")
        last = entered.last()
        if (last.kind if last else WITHDRAWN) == kind:
            return False
        said = {"organisation": held.organisation.pk, "purpose": "trades in the workspace"}
        enter_record(kind, f"{before}{entered.count() + 1}", [held.organisation], said)
    return True


def _enter_some() -> int:
    if not _lines(1) and not _trades(1):
        return 0
    with STORE.alone():
        lines = _lines(BATCH)
        if lines:
            entries = [_move(line) for line in lines]
            return len(enter(entries, sequences=[line.sequence for line in lines]))
        trades = _trades(BATCH)
        return len(enter([_trade(one) for one in trades], trades=[one.pk for one in trades])) if trades else 0


def _lines(most: int) -> list[RecordLine]:
    last = LogRecord.objects.aggregate(last=Max("sequence"))["last"] or 0
    rows = RecordLine.unscoped.filter(sequence__gt=last).select_related("case").order_by("sequence")
    return list(rows[:most])


def _trades(most: int) -> list[Trade]:
    # A trade's number is given out before it is committed, so a lower one may come later.
    known = LogRecord.objects.filter(trade__isnull=False).values("trade")
    return list(Trade.unscoped.exclude(pk__in=known).select_related("organisation", "buyer").order_by("pk")[:most])


def _move(line: RecordLine) -> LogEntry:
    fields = {"case": str(line.case.pk), **fields_of(line.plain)}
    stage = stage_of(fields["process"], fields["move"])
    return move_entry(line.sequence, fields, stage, _parties(line.case, fields["actor"]))


def fields_of(plain: Mapping[str, object], before: str = "") -> dict[str, str]:
    """Give the record of a move as fields of text, those within others with a point: `given.price_yuan`.

    >>> fields_of({"number": 1, "given": {"title": "布"}, "why": ""})
    {'number': '1', 'given.title': '布', 'why': ''}
    """
    found: dict[str, str] = {}
    for name, value in plain.items():
        if isinstance(value, Mapping):
            found |= fields_of(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = str(value)
    return found


def _parties(case: Case, actor: str) -> list[str]:
    """Give those whose record a move is: who moved, and who is bound in the case as buyer, supplier, owner."""
    asked = process(case.process)
    bound = [name for name, role in asked.roles.items() if role.party]
    rows = Participation.unscoped.filter(case=case, role__in=bound).values_list("organisation", flat=True)
    parties = {case.organisation.pk, *rows}
    if actor.isdigit() and Organisation.objects.filter(pk=int(actor)).exists():
        parties.add(int(actor))
    return [str(party) for party in sorted(parties)]


def _trade(trade: Trade) -> LogEntry:
    seller, buyer = trade.organisation, trade.buyer
    return trade_entry(
        case=str(trade.case.pk),
        seller=(str(seller.pk), seller.name),
        buyer=(str(buyer.pk), buyer.name),
        pseudonyms=(pseudonym(buyer.pk, seller.pk), pseudonym(seller.pk, buyer.pk)),
        what=trade.what,
        amount_yuan="" if trade.amount_yuan is None else f"{trade.amount_yuan:.2f}",
        on=trade.date.isoformat(),
        product=trade.product,
        quantity=_plain(trade.quantity),
        unit=trade.unit,
    )


def pseudonym(of: int, whom: int) -> str:
    """Name an organisation for the packs of another: always the same there, and another in everybody else's."""
    return hmac.digest(secret_of("pseudonyms"), f"{of}|{whom}".encode(), "sha256").hex()[:16]


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
