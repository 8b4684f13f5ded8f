"""Members stand in for one another: nobody beyond what it paid in, and what a call pays is off the credit line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.evidence.models import Concern, LogRecord
from gaoyuan.portal.finance.lines import enter_lines
from gaoyuan.portal.finance.models import MutualLine
from gaoyuan.portal.finance.mutual_account import standing_of
from gaoyuan.portal.pooling.credit import add, balance_of, open_line
from gaoyuan.portal.pooling.models import CreditEntry
from tests.portal.evidence.conftest import Party, party
from tests.portal.finance.conftest import person_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Cluster:
    """A company that buys for its members, and three of them."""

    company: Party
    members: dict[str, Party]


@pytest.fixture
def cluster(db: None) -> Cluster:
    """A cluster company that gives each of three members a line of 10,000 yuan; 甲 owes 1,100."""
    company = person_of("毛巾集群公司", Role.CLUSTER)
    members = {name: party(name) for name in ("甲毛巾厂", "乙毛巾厂", "丙毛巾厂")}
    for name, one in members.items():
        line = open_line(company.organisation, one.organisation)
        assert add(line, "limit", Decimal(10_000), reference="董事会") is None
        if name.startswith("甲"):
            assert add(line, "bill", Decimal(1100), reference="集采一期") is None
    return Cluster(company, members)


def enters(who: Party, kind: str, member: str, amount: str, **more: object) -> str:
    """Make an entry on the page; gives the page that says why not, empty where it was made."""
    given = {"kind": kind, "member": member, "amount_yuan": amount, "reference": "凭证", **more}
    answer = who.client.post("/credit/mutual/", given)
    return "" if answer.status_code == 302 else answer.content.decode()


def paid_in(cluster: Cluster) -> None:
    for name in cluster.members:
        assert enters(cluster.company, "contribution", name, "1000") == ""
    for name, amount in (("乙毛巾厂", "300"), ("丙毛巾厂", "600")):
        pledge = {"company": cluster.company.organisation.pk}
        assert enters(cluster.members[name], "pledge", "甲毛巾厂", amount, **pledge) == ""


def test_a_call_is_paid_by_the_debtor_first_and_then_by_its_guarantors_in_proportion(cluster: Cluster) -> None:
    paid_in(cluster)
    assert enters(cluster.company, "call", "甲毛巾厂", "1100") == ""
    calls = MutualLine.unscoped.filter(kind="call").order_by("number").values_list("payer__name", "amount_yuan")
    assert calls[0] == ("甲毛巾厂", Decimal(1000))
    assert set(calls[1:]) == {("丙毛巾厂", Decimal("66.67")), ("乙毛巾厂", Decimal("33.33"))}
    line = open_line(cluster.company.organisation, cluster.members["甲毛巾厂"].organisation)
    assert balance_of(line).owed == 0
    assert enters(cluster.company, "repayment", "甲毛巾厂", "150") == ""
    debtor = str(cluster.members["甲毛巾厂"].organisation.pk)
    assert standing_of(cluster.company.organisation).paid_in[debtor] == 5000


def test_nobody_guarantees_more_than_it_paid_in_or_for_itself_or_for_strangers(cluster: Cluster) -> None:
    paid_in(cluster)
    own = {"company": cluster.company.organisation.pk}
    second = cluster.members["乙毛巾厂"]
    stranger = party("路人厂")
    assert "余额为 700.00 元" in enters(second, "pledge", "丙毛巾厂", "700.01", **own)
    assert "不能为自己担保" in enters(second, "pledge", "乙毛巾厂", "1", **own)
    assert "没有这个名称的成员" in enters(second, "pledge", "路人厂", "1", **own)
    assert enters(stranger, "pledge", "甲毛巾厂", "1", **own)
    assert enters(second, "contribution", "乙毛巾厂", "1", **own)
    assert enters(second, "pledge", "甲毛巾厂", "1", company="x")
    assert MutualLine.unscoped.count() == 5


def test_what_stands_behind_a_debt_stays_until_it_is_paid(cluster: Cluster) -> None:
    paid_in(cluster)
    own = {"company": cluster.company.organisation.pk}
    assert enters(cluster.members["乙毛巾厂"], "unpledge", "甲毛巾厂", "300", **own) == ""
    assert enters(cluster.members["丙毛巾厂"], "unpledge", "甲毛巾厂", "500", **own) == ""
    assert "欠款未清" in enters(cluster.members["丙毛巾厂"], "unpledge", "甲毛巾厂", "0.01", **own)
    assert "欠款未清" in enters(cluster.company, "refund", "甲毛巾厂", "0.01")


def test_no_more_is_called_than_a_member_owes(cluster: Cluster) -> None:
    paid_in(cluster)
    assert "欠款为 1100.00 元" in enters(cluster.company, "call", "甲毛巾厂", "1100.01")
    assert "欠款为 0.00 元" in enters(cluster.company, "call", "乙毛巾厂", "1")
    assert not MutualLine.unscoped.filter(kind="call").exists()


def test_a_member_sees_its_own_part_and_nobody_elses(cluster: Cluster) -> None:
    paid_in(cluster)
    page = cluster.members["乙毛巾厂"].client.get("/credit/mutual/").content.decode()
    assert "300.00" in page
    assert "丙毛巾厂" not in page
    assert "600.00" not in page
    file = cluster.members["乙毛巾厂"].client.get("/credit/mutual/?format=csv&table=ledger").content.decode("utf-8-sig")
    assert "丙毛巾厂" not in file
    assert "丙毛巾厂" in cluster.company.client.get("/credit/mutual/").content.decode()


def test_every_entry_enters_the_log_for_its_two_sides(cluster: Cluster) -> None:
    paid_in(cluster)
    entries = CreditEntry.unscoped.count()
    assert enter_lines() == entries
    assert enter_lines() == 0
    assert LogRecord.objects.filter(kind="ledger").count() == entries + 5
    bill = LogRecord.objects.get(source=f"pooling.creditentry:{CreditEntry.unscoped.get(kind='bill').pk}")
    assert bill.said["amount_yuan"] == "1100.00"
    parties = set(Concern.unscoped.filter(record=bill).values_list("organisation__name", flat=True))
    assert parties == {"毛巾集群公司", "甲毛巾厂"}
