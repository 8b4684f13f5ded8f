"""What a record says can be erased, and the log and later packs verify as before."""

from __future__ import annotations

import pytest
from tests.portal.evidence.conftest import Pair
from tests.portal.evidence.test_releasing import checked, fetched, granted

from gaoyuan.portal.evidence.erasing import erase
from gaoyuan.portal.evidence.keeping import STORE, log_signer
from gaoyuan.portal.evidence.models import LogRecord
from gaoyuan.trust import check_log

pytestmark = pytest.mark.django_db


def test_what_was_erased_is_nowhere_and_log_and_packs_stand(pair: Pair) -> None:
    trade = LogRecord.objects.get(kind="trade")
    salt = trade.plain["buyer_name"][0]
    assert erase([trade.pk], ["buyer_name", "what"]) == 2
    assert erase([trade.pk], ["buyer_name", "what"]) == 0
    trade.refresh_from_db()
    assert "甲厂" not in str(trade.plain)
    assert salt not in str((trade.plain, trade.erased))
    assert check_log(STORE, log_signer().key) == ()
    content = fetched(pair.seller, granted(pair.seller))
    assert "甲厂".encode() not in content
    assert checked(content).verdict == "holds"


def test_a_trade_that_was_erased_as_a_whole_makes_a_pack_that_says_so(pair: Pair) -> None:
    trade = LogRecord.objects.get(kind="trade")
    assert erase([trade.pk]) > 5
    report = checked(fetched(pair.seller, granted(pair.seller)))
    assert (report.verdict, report.figures["trades"], report.figures["not_shown"]) == ("holds", 0, 1)
