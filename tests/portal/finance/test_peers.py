"""Peers are told of only from ten on; rings are the platform's word, of those who agreed alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.evidence.keeping import log_signer
from gaoyuan.portal.evidence.releasing import pack_of
from gaoyuan.portal.finance.peers import peers_of
from gaoyuan.portal.snapshots.models import Firm, Snapshot
from gaoyuan.portal.trades.models import Consent, Trade
from gaoyuan.trust.pack import State, Verdict, verify_pack
from gaoyuan.trust.policy import Policy
from tests.portal.evidence.conftest import Pair, deal, party
from tests.portal.finance.conftest import Town, asked

pytestmark = pytest.mark.django_db
COUNTY, INDUSTRY = "371699", "1761"


def settled(pair: Pair, number: int) -> Organisation:
    """Put the seller and so many peers, each with one more customer than the last, into a published register."""
    month = timezone.localdate()
    shown = Snapshot.objects.create(organisation=pair.buyer.organisation, title="t", shown=True, public=True)
    own = pair.seller.organisation
    own.subject = "own"
    own.save()
    Firm.objects.create(snapshot=shown, enterprise_id="own", name="乙厂", county=COUNTY, industry=INDUSTRY)
    for at in range(number):
        peer = Organisation.objects.create(name=f"同行{at}", kind=Role.ENTERPRISE, subject=f"peer{at}")
        Consent.objects.create_for(peer, given=True)
        Firm.objects.create(
            snapshot=shown,
            enterprise_id=f"peer{at}",
            name=f"同行{at}",
            county=COUNTY,
            industry="1789" if at % 2 else "1762",
            revenue_yuan=1000.0 * (at + 1),
        )
        for buyer in range(at + 1):
            whom = Organisation.objects.get_or_create(name=f"买家{buyer}", kind=Role.ENTERPRISE)[0]
            Trade.unscoped.create(
                organisation=peer, buyer=whom, case=pair.case, what="布", amount_yuan=Decimal(100), date=month
            )
    return own


def of_month(firm: Organisation):
    month = f"{timezone.localdate():%Y-%m}"
    return peers_of(firm, (month, month), {"customers": 4})


def test_ten_and_more_peers_give_quartiles_and_where_the_firm_stands(town: Town) -> None:
    found = of_month(settled(town.firms, 22))
    assert found.industry == "17"
    customers = found.figures["customers"]
    assert customers is not None
    assert (customers.median, customers.quarter) == (12, 1)
    assert found.revenue_yuan is not None
    assert found.employees is None
    page = town.bank.client.get(f"/credit/dossiers/{asked(town).pk}/").content.decode()
    assert "同行过少" in page
    assert "1 / 4" in page


def test_of_nine_peers_nothing_is_told(town: Town) -> None:
    found = of_month(settled(town.firms, 9))
    assert set(found.figures.values()) == {None}
    assert found.revenue_yuan is None


def test_peers_who_did_not_agree_or_are_elsewhere_do_not_count(town: Town) -> None:
    own = settled(town.firms, 12)
    assert of_month(own).figures["customers"] is not None
    Consent.unscoped.filter(organisation__name__in=["同行0", "同行1"]).update(given=False)
    assert of_month(own).figures["customers"] is not None
    Firm.objects.filter(enterprise_id="peer5").update(county="371600")
    assert of_month(own).figures["customers"] is None


def ring(town: Town) -> None:
    """Have 乙 sell to 甲, 甲 to 丙 and 丙 to 乙."""
    third = party("丙厂")
    deal(third, town.firms.buyer, "900.00")
    deal(town.firms.seller, third, "800.00")


def word_of(town: Town):
    held = asked(town)
    assert held.release is not None
    report = verify_pack(pack_of(held.release), timezone.now(), Policy((log_signer().key,)))
    assert report.verdict == Verdict.HOLDS, report.checks
    check = next(one for one in report.checks if one.key == "platform")
    assert check.state == State.UNKNOWN
    assert report.word is not None
    return report.word


def test_a_ring_of_three_is_the_platforms_word_where_all_have_agreed(town: Town) -> None:
    ring(town)
    for one in Organisation.objects.filter(name__in=["甲厂", "丙厂"]):
        Consent.objects.create_for(one, given=True)
    word = word_of(town)
    assert (word.firms, word.counted, word.sales) == (3, (0, 1, 0), 120_050)


def test_of_those_who_have_not_agreed_no_ring_is_told(town: Town) -> None:
    ring(town)
    Consent.objects.create_for(town.firms.buyer.organisation, given=True)
    word = word_of(town)
    assert (word.firms, word.counted) == (2, (0, 0, 0))
