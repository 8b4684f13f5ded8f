"""Members of the pool list patents and license them to one another; others read neither terms nor licences."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.network.models import Licence, PooledPatent, PoolMember
from gaoyuan.portal.trades.models import Trade

from .conftest import Person, in_days

PATENT = {
    "number": "zl 202010123456.7",
    "title": "梯度涂层",
    "kind": "invention",
    "expires": f"{timezone.now().year + 5}-05-01",
    "yearly_yuan": "20000",
    "terms": "仅限自用，不得转让",
}


@pytest.fixture
def pooled(people: dict[str, Person]) -> PooledPatent:
    for name in ("甲厂", "乙厂"):
        assert people[name].sends("/network/patents/", join="1") == ""
    assert people["甲厂"].sends("/network/patents/new/", **PATENT) == ""
    return PooledPatent.unscoped.get()


def test_a_licence_is_asked_for_offered_and_accepted(people, pooled) -> None:
    holder, asker = people["甲厂"], people["乙厂"]
    assert "仅限自用" in asker.reads(f"/network/patents/{pooled.pk}/")
    given = {"patent": str(pooled.pk), "purpose": "炉管涂层"}
    assert asker.sends("/services/patent-licence/new/", **given) == ""
    case = Case.unscoped.get(process="patent-licence")
    assert "已申请此专利" in asker.sends("/services/patent-licence/new/", **given)
    assert "errorlist" in holder.moves(case, "offer", fee_yuan="-1", runs_until=in_days(300))
    assert "有效期" in holder.moves(case, "offer", fee_yuan="1", runs_until=in_days(3000))
    assert holder.moves(case, "offer", fee_yuan="18000", runs_until=in_days(300)) == ""
    assert asker.moves(case, "accept") == ""
    case.refresh_from_db()
    assert case.state == "licensed"
    assert str(Trade.unscoped.get(case=case).amount_yuan) == "18000.00"
    for name in ("丙厂", "县局", "省厅"):
        assert people[name].client.get(f"/services/case/{case.pk}/").status_code == 404
        assert "梯度涂层" not in people[name].reads("/services/patent-licence/?format=csv")


def test_who_is_no_member_reads_no_terms_and_asks_for_nothing(people, pooled) -> None:
    outsider = people["丙厂"]
    page = outsider.reads(f"/network/patents/{pooled.pk}/")
    assert "梯度涂层" in page
    assert "仅限自用" not in page
    for path in ("/network/patents/", "/network/patents/?format=csv"):
        assert "20000" not in outsider.reads(path).replace(",", "")
        assert "仅限自用" not in outsider.reads(path)
    page = outsider.sends("/services/patent-licence/new/", patent=str(pooled.pk), purpose="x")
    assert "请先加入专利池" in page
    assert outsider.sends("/network/patents/new/", **PATENT) == ""
    assert PooledPatent.unscoped.count() == 1
    assert not Licence.unscoped.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"number": "123"},
        {"number": "zl202010123456.7"},
        {"expires": "2001-01-01"},
        {"expires": "2999-01-01"},
        {"yearly_yuan": "-1"},
        {"yearly_yuan": "nan"},
        {"kind": "magic"},
        {"title": " "},
    ],
)
def test_a_patent_that_cannot_be_is_refused(people, pooled, given) -> None:
    assert "errorlist" in people["乙厂"].sends(
        "/network/patents/new/", **{**PATENT, "number": "ZL202010123457.1", **given}
    )
    assert PooledPatent.unscoped.count() == 1


def test_only_the_holder_withdraws_a_patent_and_its_number_is_free_again(people, pooled) -> None:
    path = f"/network/patents/{pooled.pk}/"
    assert people["乙厂"].client.post(path).status_code == 404
    people["甲厂"].sends("/network/patents/", leave="1")
    assert PoolMember.unscoped.filter(organisation=people["甲厂"].organisation).exists()
    assert people["甲厂"].sends(path) == ""
    assert people["乙厂"].client.get(path).status_code == 404
    assert people["乙厂"].sends("/network/patents/new/", **PATENT) == ""


def test_the_database_keeps_a_member_and_a_number_once(people, pooled) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolMember.objects.create_for(people["甲厂"].organisation)
    people["甲厂"].sends("/network/patents/", join="1")
    assert PoolMember.unscoped.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        PooledPatent.objects.create_for(
            people["乙厂"].organisation, number=pooled.number, title="x", kind="design", expires=pooled.expires
        )
