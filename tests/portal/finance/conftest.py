"""A bank, an office with a fund, and two firms with a trade."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.finance.models import Dossier, Fund, FundLoan
from tests.portal.evidence.conftest import Pair, Party, deal, party


@dataclass(frozen=True)
class Town:
    """Everybody of these tests."""

    bank: Party
    other_bank: Party
    office: Party
    firms: Pair


def person_of(name: str, kind: Role, division: str = "") -> Party:
    """Make an organisation of a kind with a person, and sign him in."""
    own = Organisation.objects.create(name=name, kind=kind, division=division)
    user = User.objects.create(username=name)
    Membership.objects.create(user=user, organisation=own)
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return Party(Viewer(kind, user, own), own, client)


@pytest.fixture
def town(db: None) -> Town:
    """Two banks, a county office, a buyer and a seller with one trade."""
    office = person_of("滨州财金办", Role.COUNTY, "371602")
    buyer, seller = party("甲厂"), party("乙厂")
    pair = Pair(buyer, seller, deal(buyer, seller))
    return Town(person_of("城关农商银行", Role.BANK), person_of("邻县银行", Role.BANK), office, pair)


def asked(town: Town, firm: Party | None = None, **more: object) -> Dossier:
    """Have a firm show its records of this month to the bank."""
    month = f"{timezone.localdate():%Y-%m}"
    given = {
        "bank": town.bank.organisation.pk,
        "purpose": "首贷",
        "first": month,
        "last": month,
        "expires": (timezone.localdate() + dt.timedelta(days=9)).isoformat(),
    }
    answer = (firm or town.firms.seller).client.post("/credit/ask/", {**given, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Dossier.unscoped.latest("pk")


RULES = {
    "title": "风险补偿资金池",
    "basis": "滨政办〔2026〕1号",
    "share": "40",
    "per_loan_yuan": "300000",
    "multiple": "2",
    "in_all_yuan": "1000000",
    "months": "12",
}


def opened_fund(town: Town, capital: str = "200000", **rules: object) -> Fund:
    """Have the office open a fund with the bank as its partner, and pay into it."""
    given = {**RULES, "partners": [town.bank.organisation.pk], **rules}
    answer = town.office.client.post("/credit/funds/new/", given)
    assert answer.status_code == 302, answer.content.decode()
    made = Fund.unscoped.latest("pk")
    entry = {"kind": "contribution", "amount_yuan": capital, "reference": "县财政 拨付1号"}
    assert town.office.client.post(f"/credit/funds/{made.pk}/act/", entry).status_code == 302
    return made


def registered(town: Town, fund: Fund, principal: str = "500000", contract: str = "借2026-1") -> FundLoan:
    """Have the bank register a loan."""
    today = timezone.localdate()
    given = {
        "borrower": "乙厂",
        "contract": contract,
        "principal_yuan": principal,
        "lent": today.isoformat(),
        "due": (today + dt.timedelta(days=300)).isoformat(),
    }
    answer = town.bank.client.post(f"/credit/funds/{fund.pk}/loans/", given)
    assert answer.status_code == 302, answer.content.decode()
    return FundLoan.unscoped.get(contract=contract)
