"""Records enter the log in their order, once and all, whatever fails in between; what they say stays outside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import move_case, open_case
from gaoyuan.portal.evidence import keeping
from gaoyuan.portal.evidence.entering import enter_consent, enter_new, enter_record
from gaoyuan.portal.evidence.keeping import STORE, enter, log_signer, newest_checkpoint, openings_of
from gaoyuan.portal.evidence.models import Concern, LogFile, LogRecord
from gaoyuan.portal.trades.models import Consent
from gaoyuan.portal.trades.recording import record_trade
from gaoyuan.trust import check_log, check_opening, entry_at, latest_checkpoint
from gaoyuan.trust.pack.entries import withdrawal_entry

pytestmark = pytest.mark.django_db


def firm(name: str) -> Viewer:
    office = Organisation.objects.get_or_create(name="office 370202", kind=Role.COUNTY, division="370202")[0]
    return Viewer(Role.ENTERPRISE, None, Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office))


def demand(buyer: Viewer, bidder: Viewer, title: str = "毛巾布") -> Case:
    case = open_case(buyer, "supply-demand", role="buyer", title=title, given={"title": title})
    assert isinstance(case, Case)
    given = {"closes_at": timezone.now() + dt.timedelta(days=5), "sealed": True}
    assert isinstance(move_case(buyer, case, "publish", role="buyer", given=given), Case)
    assert isinstance(move_case(bidder, case, "quote", role="bidder"), Case)
    return case


def sound() -> bool:
    """Whether the log is right by itself, and has the records that the portal has."""
    log = log_signer().key
    size = latest_checkpoint(STORE, log).checkpoint.size
    entries = [entry_at(STORE, index, size) for index in range(size)]
    rows = list(LogRecord.objects.order_by("index"))
    for row, entry in zip(rows, entries, strict=True):
        for opening in openings_of(row):
            check_opening(entry, opening)
    return check_log(STORE, log) == ()


def test_moves_and_trades_enter_the_log_once_in_the_order_of_their_commits() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂")
    case = demand(buyer, bidder)
    assert buyer.organisation is not None
    assert bidder.organisation is not None
    record_trade(
        case,
        seller=bidder.organisation,
        buyer=buyer.organisation,
        what="布",
        amount_yuan=Decimal(12),
        on=dt.date.today(),
    )
    assert enter_new() == 4
    assert enter_new() == 0
    sequences = list(RecordLine.unscoped.order_by("sequence").values_list("sequence", flat=True))
    assert list(LogRecord.objects.filter(kind="move").values_list("sequence", flat=True)) == sequences
    assert LogRecord.objects.get(kind="trade").said["amount_yuan"] == "12.00"
    assert sound()
    numbers = Concern.objects.of(bidder.organisation).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]


def test_what_records_say_is_nowhere_in_the_published_log() -> None:
    buyer, bidder = firm("保密甲厂"), firm("保密乙厂")
    demand(buyer, bidder, "机密需求")
    enter_new()
    published = b"".join(bytes(one) for one in LogFile.objects.values_list("content", flat=True))
    for text in ("机密需求", "保密甲厂", "保密乙厂", "buyer"):
        assert text.encode() not in published


def test_a_fault_at_any_write_leaves_log_and_portal_as_they_were_and_the_next_run_goes_on() -> None:
    buyer, bidder = firm("甲厂"), firm("乙厂")
    demand(buyer, bidder)
    enter_new()
    acknowledged = newest_checkpoint().checkpoint
    demand(buyer, bidder)
    state = {"fault": 0, "count": 0}

    def counting(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            state["count"] += 1
            if state["count"] == state["fault"]:
                raise DatabaseError("the power failed")
        return execute(sql, params, many, context)

    failures = 0
    with connection.execute_wrapper(counting):
        for fault in range(1, 50):
            state.update(fault=fault, count=0)
            try:
                with transaction.atomic():
                    assert enter_new() == 3
                break
            except DatabaseError:
                failures += 1
                assert newest_checkpoint().checkpoint == acknowledged
                assert sound()
    assert failures >= 3, "files of the log, records, and whose they are: there are no writes"
    assert newest_checkpoint().checkpoint.size == acknowledged.size + 3
    assert sound()


def test_a_record_that_the_log_has_cannot_be_entered_again() -> None:
    demand(firm("甲厂"), firm("乙厂"))
    enter_new()
    party = str(Organisation.objects.first().pk)  # pyright: ignore[reportOptionalMemberAccess]
    size = newest_checkpoint().checkpoint.size
    with pytest.raises(IntegrityError), transaction.atomic():
        enter([withdrawal_entry("x", party)], sequences=[LogRecord.objects.earliest("index").sequence])
    assert newest_checkpoint().checkpoint.size == size
    assert sound()


def test_a_clock_that_was_set_back_puts_no_record_before_another(monkeypatch: pytest.MonkeyPatch) -> None:
    party = str(Organisation.objects.first().pk)  # pyright: ignore[reportOptionalMemberAccess]
    (one,) = enter([withdrawal_entry("x", party)])
    monkeypatch.setattr(keeping.timezone, "now", lambda: one.logged - dt.timedelta(days=9))
    (two,) = enter([withdrawal_entry("y", party)])
    assert two.logged == one.logged


def test_tiles_that_are_asked_for_at_an_earlier_width_are_given_from_the_wider() -> None:
    party = str(Organisation.objects.first().pk)  # pyright: ignore[reportOptionalMemberAccess]
    for number in range(3):
        enter([withdrawal_entry(str(number), party)])
    assert LogFile.objects.filter(path__startswith="tile/").count() == 2
    wide = STORE.read("tile/0/000.p/3")
    assert wide is not None
    assert STORE.read("tile/0/000.p/2") == wide[:64]
    whole, one = STORE.read("tile/entries/000.p/3"), STORE.read("tile/entries/000.p/1")
    assert whole is not None
    assert one is not None
    assert whole.startswith(one)
    assert len(one) < len(whole)
    for path in ("tile/0/000.p/4", "tile/0/000", "tile/0/000.p/x", "tile/0/001.p/1"):
        assert STORE.read(path) is None


def test_a_record_of_an_app_enters_once_and_says_nothing_to_the_world() -> None:
    one, other = firm("甲厂").organisation, firm("乙厂").organisation
    assert one is not None
    assert other is not None
    said = {"amount_yuan": "1200.00", "terms": {"rate": "3"}, "case": "no case"}
    made = enter_record("fund-claim", "finance.claim:1:made", [other, one, one], said, public={"year": 2026})
    assert enter_record("fund-claim", "finance.claim:1:made", [one], {}) == made
    assert LogRecord.objects.count() == 1
    assert made.public == {"kind": "fund-claim", "year": 2026}
    assert made.said["terms.rate"] == "3"
    assert {one.number for one in made.concerns.all()} == {1}  # pyright: ignore[reportAttributeAccessIssue]
    assert made.concerns.count() == 2  # pyright: ignore[reportAttributeAccessIssue]
    published = b"".join(bytes(one) for one in LogFile.objects.values_list("content", flat=True))
    assert b"1200.00" not in published
    assert sound()


@pytest.mark.parametrize(
    ("kind", "source", "said", "public"),
    [
        ("trade", "a", {}, {}),
        ("Claim", "a", {}, {}),
        ("claim", "", {}, {}),
        ("claim", "a" * 121, {}, {}),
        ("claim", "a", {"logged": "2020-01-01"}, {}),
        ("claim", "a", {"count_1": "1:1"}, {}),
        ("claim", "a", {}, {"kind": "trade"}),
        ("claim", "a", {}, {"text": "x" * 66_000}),
    ],
)
def test_an_app_cannot_enter_what_is_the_logs_own(kind: str, source: str, said: dict, public: dict) -> None:
    with pytest.raises(ValueError, match=r"."), transaction.atomic():
        enter_record(kind, source, [], said, public=public)
    assert not LogRecord.objects.exists()


def test_consents_to_use_trades_enter_the_log_as_they_are_given_and_withdrawn() -> None:
    own = firm("甲厂")
    assert own.organisation is not None
    held = Consent.objects.create_for(own.organisation, given=True)
    assert enter_new() == 1
    assert enter_new() == 0
    for given, new in ((True, False), (False, True), (False, False), (True, True)):
        held.given = given
        held.save()
        assert enter_consent(held) is new
    kinds = list(LogRecord.objects.order_by("index").values_list("kind", flat=True))
    assert kinds == ["trades-consent", "trades-withdrawal", "trades-consent"]
    silent = firm("乙厂").organisation
    assert silent is not None
    Consent.objects.create_for(silent, given=False)
    assert enter_new() == 0
    assert sound()
