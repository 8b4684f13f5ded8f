"""Sealed quotations: until the deadline nobody learns more than how many there are, on any page, file or list."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers import serialize
from django.utils import timezone

from gaoyuan.exchange.quotations import PriceBreak, Quotation
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.models import Attachment, Case, Notice, RecordDetail, RecordLine
from gaoyuan.portal.cases.moving import move_case
from gaoyuan.portal.trading.models import Quote
from gaoyuan.portal.trading.quoting import Quoted, commitment_of, quotes_seen_by, terms_of
from gaoyuan.trust.canonical import canonical_json

from .firms import Firm, closed, faults, quote

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n...\n%%EOF\n"


def quoted(case: Case, firm: Firm, price: str = "12.5") -> None:
    drawing = SimpleUploadedFile(f"秘密{price}.pdf", PDF)
    firm.done(case, "quote", **quote(price, note="备注八一二", attached=[drawing]))


def test_nobody_reads_a_sealed_quotation_anywhere_before_the_deadline() -> None:
    buyer, bidder, rival, office = Firm("甲厂"), Firm("乙厂"), Firm("丙厂"), Firm("局", role=Role.COUNTY)
    case = buyer.publishes()
    quoted(case, rival, "98.76")
    quoted(case, bidder)
    secrets = {"98.76", "备注八一二", "秘密98.76", "丙厂"}
    own = {"备注八一二"}
    file = Attachment.unscoped.get(organisation=rival.own)
    for viewer in (buyer, office, bidder, Firm("丁厂")):
        for path in (
            f"/services/case/{case.pk}/",
            f"/services/trading/quotations/{case.pk}/",
            f"/services/trading/quotations/{case.pk}/?format=csv",
            "/services/supply-demand/",
            "/services/supply-demand/?format=csv",
            "/services/trading/demands/",
            "/services/trading/demands/?format=csv",
            "/services/trading/demands/?q=98.76",
            "/services/notices/",
            "/services/",
        ):
            shown = viewer.page(path)
            hidden = secrets - own if viewer is bidder else secrets
            found = [word for word in hidden if word in shown.replace("q=98.76", "").replace('value="98.76"', "")]
            assert not found, (viewer.own.name, path)
        assert viewer.client.get(f"/services/attachment/{file.number}/").status_code == 404
        assert [one.organisation for one in quotes_seen_by(viewer.viewer, case)] == [bidder.own] * (viewer is bidder)
    assert "2 份密封报价" in buyer.page(f"/services/case/{case.pk}/")


def test_the_database_and_its_logs_hold_no_sealed_price() -> None:
    buyer, bidder = Firm("甲厂"), Firm("乙厂")
    case = buyer.publishes()
    quoted(case, bidder, "98.76")
    held = [Quote, RecordLine, RecordDetail, Notice, Case, LogEntry]
    texts = [serialize("json", model._base_manager.all()) for model in held]
    rows = [bytes(one.content) for one in Attachment.unscoped.all()]
    assert not any("98.76" in text or "备注八一二" in text for text in texts)
    assert not any(b"PDF" in row for row in rows)
    buyer.done(case, "withdraw", why="不再需要")
    assert list(quotes_seen_by(buyer.viewer, case)) == []
    case.refresh_from_db()
    assert "乙厂" not in buyer.page(f"/services/case/{case.pk}/")


def test_at_the_deadline_all_are_opened_to_buyer_and_office_and_to_no_rival() -> None:
    buyer, bidder, rival, office = Firm("甲厂"), Firm("乙厂"), Firm("丙厂"), Firm("局", role=Role.COUNTY)
    case = buyer.publishes()
    quoted(case, bidder)
    quoted(case, rival, "98.76")
    closed(case)
    for viewer in (buyer, office):
        page = viewer.page(f"/services/case/{case.pk}/")
        assert "98.76" in page
        assert "秘密98.76.pdf" in page
    page = bidder.page(f"/services/case/{case.pk}/")
    assert "98.76" not in page
    assert "丙厂" not in page
    assert "12.5" in page
    kept = Attachment.unscoped.get(organisation=rival.own)
    assert buyer.client.get(f"/services/attachment/{kept.number}/").content == PDF
    assert bidder.client.get(f"/services/attachment/{kept.number}/").status_code == 404


def test_the_record_proves_afterwards_what_was_quoted() -> None:
    buyer, bidder = Firm("甲厂"), Firm("乙厂")
    case = buyer.publishes()
    quoted(case, bidder)
    line = RecordLine.unscoped.filter(case=case).latest("number")
    detail = RecordDetail.unscoped.get(line=line)
    assert list(line.plain["commitments"]) == ["quotation"]
    closed(case)
    terms = terms_of(Quote.unscoped.get(case=case))
    assert detail.plain["quotation"] == commitment_of(terms) == hashlib.sha256(canonical_json(terms)).hexdigest()
    assert terms["breaks"] == [["0", "12.5"]]
    assert commitment_of(terms | {"breaks": [["0", "12.4"]]}) != detail.plain["quotation"]


def test_a_bidder_replaces_and_takes_back_his_quotation_until_the_deadline() -> None:
    buyer, bidder = Firm("甲厂"), Firm("乙厂")
    case = buyer.publishes()
    assert bidder.move(case, "replace", **quote()).status_code == 404
    quoted(case, bidder)
    assert bidder.move(case, "quote", **quote()).status_code == 404
    bidder.done(case, "replace", **quote("11"))
    assert terms_of(Quote.unscoped.get(case=case))["breaks"] == [["0", "11"]]
    case.refresh_from_db()
    assert case.facts["quotes"] == "1"
    bidder.done(case, "take_back")
    case.refresh_from_db()
    assert case.facts["quotes"] == "0"
    assert not Attachment.unscoped.filter(organisation=bidder.own).exists()
    bidder.done(case, "quote", **quote("10"))
    assert Quote.unscoped.count() == 1
    closed(case)
    assert bidder.move(case, "replace", **quote("9")).status_code == 404
    assert terms_of(Quote.unscoped.get(case=case))["breaks"] == [["0", "10"]]


def test_a_quotation_at_the_second_of_the_deadline_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    buyer, bidder, late = Firm("甲厂"), Firm("乙厂"), Firm("丙厂")
    case = buyer.publishes()
    assert case.deadline is not None
    for firm, before, taken in ((bidder, 1, True), (late, 0, False)):
        at = case.deadline - dt.timedelta(seconds=before)
        with monkeypatch.context() as clock:
            clock.setattr("django.utils.timezone.now", lambda at=at: at)
            made = move_case(firm.viewer, case, "quote", role="bidder", detail=_detail(firm, case))
        assert isinstance(made, Case) == taken, made
        if isinstance(made, Refusal):
            assert made.code == "too_late", made


def _detail(firm: Firm, case: Case) -> Quoted:
    day = timezone.localdate() + dt.timedelta(days=90)
    return Quoted(firm.own, Quotation(str(firm.own.pk), (PriceBreak(Decimal(0), Decimal(9)),), 5, day))


def test_a_quotation_without_seal_is_read_by_the_buyer_at_once_and_by_no_rival() -> None:
    buyer, bidder, rival = Firm("甲厂"), Firm("乙厂"), Firm("丙厂")
    case = buyer.publishes(sealed=False)
    quoted(case, bidder, "98.76")
    assert "98.76" in buyer.page(f"/services/case/{case.pk}/")
    assert "98.76" not in rival.page(f"/services/case/{case.pk}/")
    assert "乙厂" not in rival.page(f"/services/case/{case.pk}/")


def test_nobody_quotes_twice_whatever_he_sends() -> None:
    buyer, bidder = Firm("甲厂"), Firm("乙厂")
    case = buyer.publishes()
    assert isinstance(move_case(bidder.viewer, case, "quote", role="bidder", detail=_detail(bidder, case)), Case)
    again = move_case(bidder.viewer, case, "quote", role="bidder", detail=_detail(bidder, case))
    assert isinstance(again, Refusal)
    assert again.code == "quoted"
    own = move_case(buyer.viewer, case, "quote", role="bidder", detail=_detail(buyer, case))
    assert isinstance(own, Refusal)
    case.refresh_from_db()
    assert case.facts["quotes"] == "1"


def test_a_lost_bidder_knows_neither_price_nor_the_others() -> None:
    buyer, bidder, rival = Firm("甲厂"), Firm("乙厂"), Firm("丙厂")
    case = buyer.publishes()
    quoted(case, bidder)
    quoted(case, rival, "8.76")
    closed(case)
    answer = buyer.move(case, "award", supplier=str(buyer.own.pk))
    assert answer.status_code == 200, faults(answer)
    buyer.done(case, "award", supplier=str(rival.own.pk), price_yuan="4321")
    page = bidder.page(f"/services/case/{case.pk}/")
    assert "4321" not in page
    assert "8.76" not in page
    assert "4321" in rival.page(f"/services/case/{case.pk}/")
