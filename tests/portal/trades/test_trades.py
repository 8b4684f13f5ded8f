"""Trades are recorded once, are seen by their two sides alone, and reach a workspace with the consent of both."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import open_case
from gaoyuan.portal.trades.models import Consent, Trade
from gaoyuan.portal.trades.passing import SOURCE, pass_trades
from gaoyuan.portal.trades.recording import record_trade
from gaoyuan.workspace import create_workspace, open_workspace

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 1)


@pytest.fixture
def office(tmp_path: Path) -> Organisation:
    create_workspace(tmp_path / "workspace")
    return Organisation.objects.create(
        name="某县局", kind=Role.COUNTY, division="370202", workspace=str(tmp_path / "workspace")
    )


def firm(name: str, office: Organisation) -> Organisation:
    return Organisation.objects.create(name=name, kind=Role.ENTERPRISE, parent=office)


def case_of(organisation: Organisation) -> Case:
    viewer = Viewer(Role.ENTERPRISE, None, organisation)
    made = open_case(viewer, "supply-demand", role="buyer", title="布", given={"title": "布"})
    assert isinstance(made, Case)
    return made


def traded(seller: Organisation, buyer: Organisation, amount: str = "1234.565") -> Trade:
    made = record_trade(
        case_of(buyer), seller=seller, buyer=buyer, what="毛巾布", amount_yuan=Decimal(amount), on=DAY, unit="米"
    )
    assert made is not None
    return made


def client_for(organisation: Organisation) -> Client:
    user = User.objects.create(username=organisation.name)
    Membership.objects.create(user=user, organisation=organisation)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows_in(office: Organisation) -> list[dict[str, object]]:
    workspace = open_workspace(Path(office.workspace))
    return workspace.read("trade").to_pylist() if workspace.has("trade") else []


def test_a_trade_is_recorded_once_and_nobody_sells_to_itself(office: Organisation) -> None:
    seller, buyer = firm("甲厂", office), firm("乙厂", office)
    case = case_of(buyer)
    for amount in ("10", "99"):
        record_trade(case, seller=seller, buyer=buyer, what="布", amount_yuan=Decimal(amount), on=DAY)
    assert Trade.unscoped.get().amount_yuan == 10
    assert record_trade(case, seller=seller, buyer=seller, what="布", amount_yuan=None, on=DAY) is None


def test_nothing_reaches_the_workspace_without_the_consent_of_both_sides(office: Organisation) -> None:
    seller, buyer, other = (firm(name, office) for name in ("甲厂", "乙厂", "丙厂"))
    traded(seller, buyer)
    traded(seller, other)
    assert pass_trades() == 0
    Consent.unscoped.create(organisation=seller, given=True)
    Consent.unscoped.create(organisation=other, given=False)
    assert pass_trades() == 0
    assert rows_in(office) == []
    Consent.unscoped.create(organisation=buyer, given=True)
    assert pass_trades() == 1
    (row,) = rows_in(office)
    assert (row["seller"], row["buyer"], row["amount_yuan"], row["date"]) == ("甲厂", "乙厂", 1234.57, DAY)
    assert (row["product_name"], row["source"]) == ("毛巾布", SOURCE)
    assert pass_trades() == 0


def test_a_withdrawn_consent_takes_the_trades_out_again(office: Organisation) -> None:
    seller, buyer = firm("甲厂", office), firm("乙厂", office)
    traded(seller, buyer)
    for side in (seller, buyer):
        client_for(side).post("/services/trades/consent/", {"given": "1"})
    pass_trades()
    assert len(rows_in(office)) == 1
    Client.post(client := Client(), "/services/trades/consent/", {"given": "0"})
    client.force_login(User.objects.get(username="乙厂"), "django.contrib.auth.backends.ModelBackend")
    client.post("/services/trades/consent/", {"given": "0"})
    assert pass_trades() == 1
    assert rows_in(office) == []
    assert Trade.unscoped.get().passed is None


def test_rows_of_files_stay_where_trades_are_passed(office: Organisation, tmp_path: Path) -> None:
    from gaoyuan.registry.chain_files import LIST_KINDS, import_list

    file = tmp_path / "trades.csv"
    file.write_text("卖方,买方,产品,金额（元）\n甲厂,丁厂,布,5\n", encoding="utf-8")
    import_list(open_workspace(Path(office.workspace)), [file], LIST_KINDS["trades"])
    seller, buyer = firm("甲厂", office), firm("乙厂", office)
    traded(seller, buyer)
    for side in (seller, buyer):
        Consent.unscoped.create(organisation=side, given=True)
    pass_trades()
    assert sorted(str(row["buyer"]) for row in rows_in(office)) == ["丁厂", "乙厂"]


def test_the_page_and_its_files_hold_the_own_trades_of_both_sides_only(office: Organisation) -> None:
    seller, buyer, other = (firm(name, office) for name in ("甲厂", "乙厂", "丙厂"))
    traded(seller, buyer)
    selling, buying, foreign = client_for(seller), client_for(buyer), client_for(other)
    assert "卖出" in selling.get("/services/trades/").content.decode()
    assert "买入" in buying.get("/services/trades/").content.decode()
    assert "1234.57" in buying.get("/services/trades/?format=csv").content.decode("utf-8-sig")
    assert buying.get("/services/trades/?format=xlsx").content.startswith(b"PK")
    for address in ("/services/trades/", "/services/trades/?format=csv"):
        assert "毛巾布" not in foreign.get(address).content.decode("utf-8-sig")
    english = buying.get("/services/trades/", headers={"accept-language": "en"}).content.decode()
    assert "My trades" in english
