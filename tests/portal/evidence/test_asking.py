"""Who may have erased what; the log stays valid and says that it was erased."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from tests.portal.evidence.conftest import Pair
from tests.portal.evidence.test_releasing import checked, fetched, granted

from gaoyuan.errors import InputError
from gaoyuan.portal.evidence import erasing
from gaoyuan.portal.evidence.asking import Right, ask, decide, right_to
from gaoyuan.portal.evidence.keeping import STORE, log_signer
from gaoyuan.portal.evidence.models import Erasure, LogRecord
from gaoyuan.trust import check_log

pytestmark = pytest.mark.django_db


def test_what_concerns_one_organisation_alone_it_erases_itself(pair: Pair) -> None:
    made = granted(pair.seller)
    page = f"/evidence/records/{made.record.pk}/"
    assert "请先撤回" in pair.seller.client.get(page).content.decode()
    assert pair.seller.client.post(page, {"reason": "员工姓名"}).status_code == 302
    assert not Erasure.unscoped.exists()
    pair.seller.client.post(f"/evidence/{made.pk}/withdraw/")
    answer = pair.seller.client.post(page, {"reason": "员工姓名"}, follow=True).content.decode()
    assert "已删除" in answer
    assert "此前已取走的证据包" in answer
    made.record.refresh_from_db()
    assert "recipient" not in made.record.plain
    told = LogRecord.objects.get(kind="erasure")
    assert told.public == {"kind": "erasure", "record": made.record.pk}
    assert pair.seller.client.post(page, {"reason": "again"}).status_code == 302
    assert Erasure.unscoped.count() == 1
    assert check_log(STORE, log_signer().key) == ()
    assert "1 条记录的内容" in Client(HTTP_ACCEPT_LANGUAGE="zh-hans").get("/log/").content.decode()


def test_what_concerns_two_the_administrator_decides_once(pair: Pair, administrator: Client) -> None:
    trade = LogRecord.objects.get(kind="trade")
    page = f"/evidence/records/{trade.pk}/"
    assert "乙厂" in pair.buyer.client.get(page).content.decode()
    for party in (pair.seller, pair.buyer):
        assert party.client.post(page, {"reason": "个人要求"}).status_code == 302
    asked = Erasure.unscoped.get()
    trade.refresh_from_db()
    assert "buyer_name" in trade.plain
    assert "个人要求" in administrator.get("/evidence/erasures/").content.decode()
    assert administrator.post(f"/evidence/erasures/{asked.pk}/", {"erase": "1"}).status_code == 302
    assert Erasure.unscoped.get().decided is None
    for reason in ("第四十七条", "twice"):
        administrator.post(f"/evidence/erasures/{asked.pk}/", {"erase": "1", "reason": reason})
    asked.refresh_from_db()
    assert (asked.done, asked.answer) == (True, "第四十七条")
    trade.refresh_from_db()
    assert "甲厂" not in str(trade.plain)
    assert LogRecord.objects.filter(kind="erasure").count() == 1
    report = checked(fetched(pair.seller, granted(pair.seller)))
    assert (report.verdict, report.figures["not_shown"]) == ("holds", 1)
    assert "第四十七条" in administrator.get("/evidence/erasures/?format=csv").content.decode()


def test_what_was_refused_can_be_asked_for_again_and_says_why(pair: Pair, administrator: Client) -> None:
    trade = LogRecord.objects.get(kind="trade")
    for number in (1, 2):
        pair.seller.client.post(f"/evidence/records/{trade.pk}/", {"reason": "x"})
        assert Erasure.unscoped.count() == number
        asked = Erasure.unscoped.get(decided=None)
        administrator.post(f"/evidence/erasures/{asked.pk}/", {"refuse": "1", "reason": "争议未结"})
    assert "争议未结" in pair.seller.client.get(f"/evidence/records/{trade.pk}/").content.decode()
    trade.refresh_from_db()
    assert "buyer_name" in trade.plain


def test_what_signatures_are_checked_by_and_what_a_law_keeps_stays(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.seller.client.post("/evidence/keys/", {"hold": "1"})
    key = LogRecord.objects.get(kind="key")
    assert right_to(key) == Right.SIGNS
    assert ask(pair.seller.organisation, key, "x", None) == Right.SIGNS
    trade = LogRecord.objects.get(kind="trade")
    assert ask(pair.seller.organisation, trade, "x", None) == Right.ASK
    assert ask(pair.buyer.organisation, trade, "x", None) == Right.ASKED
    until = dt.datetime(2056, 1, 1, tzinfo=dt.UTC)
    monkeypatch.setattr(erasing, "RETENTIONS", [lambda rows: {one.pk: until for one in rows}])
    with pytest.raises(InputError):
        decide(Erasure.unscoped.get(), True, "law", None)
    assert Erasure.unscoped.get().decided is None
    assert not LogRecord.objects.filter(kind="erasure").exists()


def test_a_move_shows_what_it_has_and_not_what_it_says(pair: Pair) -> None:
    move = LogRecord.objects.filter(kind="move", concerns__organisation=pair.seller.organisation).latest("index")
    text = pair.seller.client.get(f"/evidence/records/{move.pk}/").content.decode()
    assert "given" in text or "actor" in text
    assert str(move.said["case"]) in text
    assert f"<dd>{move.said['actor']}</dd>" not in text
    rows = pair.seller.client.get("/evidence/records/?format=csv").content.decode()
    assert "交易" in rows
    other = LogRecord.objects.exclude(concerns__organisation=pair.seller.organisation).earliest("index")
    for index in (other.pk, 10**30, 999_999):
        assert pair.seller.client.get(f"/evidence/records/{index}/").status_code == 404
