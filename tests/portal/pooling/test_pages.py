"""The pages of a pool: from draft to bills, what is typed wrong is said in words, and no limit shows anywhere."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from auditlog.models import LogEntry
from django.core.serializers import serialize
from django.test import Client
from django.utils import timezone

from gaoyuan.exchange.pools import Member, Tier, seal_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case, RecordDetail, RecordLine
from gaoyuan.portal.pooling.models import Commitment, Pool

from .campaigns import TERMS, Campaign, client_for, done, firm

Opened = Callable[..., Campaign]
TERMS_TYPED = {
    "supplier": "钢厂",
    "tier_1_volume": "1",
    "tier_1_price": "10",
    "tier_2_volume": "100",
    "tier_2_price": "8",
    "minimum": "50",
    "cap": "",
    "pack_size": "1",
    "fixed_cost": "0",
    "list_price": "",
    "on_failure": "cancel",
    "extension_days": "",
    "on_shortfall": "keep_price",
}


def posted(client: Client, case: Case, move: str, **given: str) -> str:
    answer = client.post(f"/services/case/{case.pk}/{move}/", {f"{move}-{name}": text for name, text in given.items()})
    if answer.status_code == 302:
        return ""
    said = re.findall(r'role="alert">(.*?)<|errorlist[^>]*>(.*?)</ul', answer.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>", "", " ".join("".join(one) for one in said)) or f"status {answer.status_code}"


def in_days(days: int) -> str:
    return (timezone.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def drafted(db: None) -> tuple[Client, Case]:
    organiser = client_for(firm("集群公司", Role.CLUSTER))
    firm("钢厂")
    organiser.post(
        "/services/pool/new/", {"title": "冷轧钢板", "specification": "DC01", "unit": "千克", "product": "冷轧板"}
    )
    return organiser, Case.unscoped.get()


def test_a_pool_goes_from_draft_to_bills_between_four_firms(drafted: tuple[Client, Case], campaign: Opened) -> None:
    organiser, case = drafted
    supplier, one, two = (client_for(firm(name)) for name in ("钢厂", "甲厂", "乙厂"))
    assert one.get(f"/services/case/{case.pk}/").status_code == 404
    assert posted(organiser, case, "propose", closes_at=in_days(5), **TERMS_TYPED) == ""
    assert "10.00" in supplier.get(f"/services/case/{case.pk}/").content.decode()
    assert posted(supplier, case, "accept") == ""
    assert posted(supplier, case, "commit", quantity="5", tolerance="0", limit="9") == "status 404"
    assert posted(one, case, "commit", quantity="60", tolerance="0", limit="9.31") == ""
    page = two.get(f"/services/case/{case.pk}/").content.decode()
    assert "还差 40 千克 到下一档" in page
    assert "甲厂" not in page
    assert posted(two, case, "commit", quantity="20", tolerance="0", limit="8.57") == ""
    assert posted(two, case, "change", quantity="50", tolerance="0", limit="") == ""
    pool = Campaign(case, firm("集群公司", Role.CLUSTER), firm("钢厂"), firm("甲厂"))
    pool.close()
    assert pool.case.state == "cleared"
    page = two.get(f"/services/case/{case.pk}/").content.decode()
    assert "您得到 50 千克，应付 400.00 元" in page
    assert "8.57" in page
    assert "9.31" not in page
    assert posted(organiser, case, "order", delivery_due=in_days(20)) == ""
    assert "订货量 110" in posted(supplier, case, "deliver", delivered="111")
    assert posted(supplier, case, "deliver", delivered="110") == ""
    assert posted(organiser, case, "settle") == ""
    english = two.get(f"/services/case/{case.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "Everyone pays the same price" in english
    table = organiser.get(f"/services/pools/{case.pk}/shares/?format=csv").content.decode("utf-8-sig")
    assert "甲厂" in table
    assert "480.0" in table
    assert supplier.get(f"/services/pools/{case.pk}/shares/").status_code == 200
    assert two.get(f"/services/pools/{case.pk}/shares/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"supplier": "无此厂"}, "没有这样名称的企业"),
        ({"tier_2_price": "11"}, "阶梯价不能随数量上升"),
        ({"tier_2_volume": "1"}, "阶梯量须递增"),
        ({"tier_2_price": ""}, "要么都填，要么都不填"),
        ({"tier_2_volume": "", "tier_2_price": "", "tier_3_volume": "9", "tier_3_price": "2"}, "不要空档"),
        ({"tier_1_price": "-3"}, "金额有误"),
        ({"tier_1_price": "NaN"}, "输入"),
        ({"cap": "40"}, "封顶量小于成团量"),
        ({"cap": "59", "pack_size": "30", "minimum": "40"}, "达不到成团量"),
        ({"on_failure": "fall_back"}, "缺少零售价"),
        ({"on_failure": "extend"}, "缺少延期天数"),
        ({"closes_at": "2001-01-01T10:00"}, "已经过去"),
        ({"closes_at": "bald"}, "输入"),
        ({"minimum": "0"}, "1"),
        ({"minimum": "9" * 30}, "1000000000"),
    ],
)
def test_terms_that_make_no_pool_are_refused_in_words(
    drafted: tuple[Client, Case], wrong: dict[str, str], said: str
) -> None:
    organiser, case = drafted
    assert said in posted(organiser, case, "propose", **{**TERMS_TYPED, "closes_at": in_days(5), **wrong})
    assert Case.unscoped.get().state == "draft"


def test_what_was_typed_stands_there_again_when_the_supplier_declines(drafted: tuple[Client, Case]) -> None:
    organiser, case = drafted
    posted(organiser, case, "propose", closes_at=in_days(5), **TERMS_TYPED)
    assert "必填" in posted(client_for(firm("钢厂")), case, "decline")
    assert posted(client_for(firm("钢厂")), case, "decline", why="价格太低") == ""
    page = organiser.get(f"/services/case/{case.pk}/").content.decode()
    assert 'name="propose-tier_2_price" value="8"' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quantity": "0"}, "1"),
        ({"quantity": "2.5"}, "整数"),
        ({"quantity": "5000"}, "这里的数量单位是千克"),
        ({"limit": "8500"}, "限价是每千克的价格"),
        ({"limit": "0.01"}, "限价是每千克的价格"),
        ({"limit": "0"}, "0.000001"),
        ({"limit": ""}, "必填"),
        ({"limit": "1e400"}, ""),
        ({"tolerance": "-1"}, "0"),
    ],
)
def test_a_commitment_in_another_unit_is_asked_about(campaign: Opened, wrong: dict[str, str], said: str) -> None:
    pool = campaign()
    client = client_for(firm("甲厂"))
    answer = posted(client, pool.case, "commit", **{"quantity": "60", "tolerance": "0", "limit": "9", **wrong})
    assert answer
    assert said in answer
    assert not Commitment.unscoped.exists()


def test_an_odd_quantity_is_taken_once_the_unit_has_been_checked(campaign: Opened) -> None:
    pool = campaign()
    client = client_for(firm("甲厂"))
    assert posted(client, pool.case, "commit", quantity="5000", tolerance="0", limit="9", sure="on") == ""
    assert posted(client, pool.case, "commit", quantity="5", tolerance="0", limit="9") == "status 404"
    assert Commitment.unscoped.get().quantity == 5000


def everyone(pool: Campaign) -> dict[str, Client]:
    platform = Organisation.objects.get_or_create(name="平台 of pools", kind=Role.ADMINISTRATOR)[0]
    lookers = {
        "organiser": pool.organiser,
        "supplier": pool.supplier,
        "office": pool.office,
        "administrator": Viewer(Role.ADMINISTRATOR, None, platform),
        "stranger": firm("丁厂"),
        **pool.members,
    }
    return {name: client_for(viewer) for name, viewer in lookers.items()}


def addresses(case: Case) -> list[str]:
    return [
        f"/services/case/{case.pk}/",
        f"/services/case/{case.pk}/tender.json",
        "/services/trades/",
        "/services/",
        "/services/pool/",
        "/services/pool/?format=csv",
        "/services/notices/",
        "/services/calendar.ics",
        "/services/pools/credit/",
        f"/services/pools/{case.pk}/record.json",
        f"/services/pools/{case.pk}/shares/",
        f"/services/pools/{case.pk}/shares/?format=csv",
    ]


def test_before_the_clearing_nobody_sees_a_limit_nor_who_wants_how_much(campaign: Opened) -> None:
    pool = campaign()
    done(pool.commit("甲厂", 61733, "9.8765"))
    done(pool.commit("乙厂", 53, "8.7654"))
    done(pool.change("乙厂", 54, "8.4321"))
    for name, client in everyone(pool).items():
        for address in addresses(pool.case):
            page = client.get(address).content.decode("utf-8-sig")
            assert not {limit for limit in ("9.8765", "8.7654", "8.4321") if limit in page}, (name, address)
            if name != "甲厂":
                assert "甲厂" not in page, (name, address)
                assert not re.search(r"61[, ]?733", page), (name, address)


def test_nothing_that_is_stored_holds_a_limit_in_clear(campaign: Opened) -> None:
    pool = campaign()
    done(pool.commit("甲厂", 61, "9.8765"))
    done(pool.change("甲厂", 170, "8.4321"))
    pool.close()
    kept = [serialize("json", LogEntry._base_manager.all())]  # pyright: ignore[reportAttributeAccessIssue]
    kept += [serialize("json", model.unscoped.all()) for model in (Case, RecordLine, RecordDetail, Commitment, Pool)]
    assert not [text for text in kept if "9.8765" in text or "8.4321" in text]
    assert pool.case.state == "cleared"


def test_after_the_clearing_a_limit_is_its_members_own(campaign: Opened) -> None:
    pool = campaign()
    done(pool.commit("甲厂", 61, "9.8765"))
    done(pool.commit("乙厂", 53, "8.7654"))
    done(pool.commit("丙厂", 5, "7.6543"))
    pool.close()
    own = {"甲厂": "9.8765", "乙厂": "8.7654", "丙厂": "7.6543"}
    for name, client in everyone(pool).items():
        for address in addresses(pool.case):
            page = client.get(address).content.decode("utf-8-sig")
            seen = {limit for limit in own.values() if limit in page}
            assert seen <= {own.get(name, "")}, (name, address)
            if "shares" not in address and name in own:
                assert not [other for other in own if other != name and other in page], (name, address)
    assert everyone(pool)["stranger"].get(f"/services/case/{pool.case.pk}/").status_code == 404


def test_a_member_can_check_that_its_limit_was_not_changed(campaign: Opened) -> None:
    pool = campaign()
    done(pool.commit("甲厂", 61, "9.8765", 3))
    line = RecordLine.unscoped.filter(case=pool.case).latest("number")
    detail = RecordDetail.unscoped.get(line=line)
    pool.close()
    page = client_for(pool.members["甲厂"]).get(f"/services/case/{pool.case.pk}/").content.decode()
    alias, seal, salt = re.findall(r"<dd>(M\w+)</dd>", page)[0], *re.findall(r"<code>(\w+)</code>", page)
    assert seal_of(Member(alias, 61, Decimal("9.8765"), 3), salt) == seal == detail.plain["seal"]
    assert set(line.plain["commitments"]) == {"alias", "seal"}


def test_a_record_is_checked_on_the_page_and_a_changed_one_is_found(campaign: Opened) -> None:
    pool = campaign()
    done(pool.commit("甲厂", 61, "9.8765"))
    pool.close()
    client = client_for(pool.members["甲厂"])
    text = client.get(f"/services/pools/{pool.case.pk}/record.json").content.decode()
    address = "/services/pools/check/"
    assert "记录成立" in client.post(address, {"text": text}).content.decode()
    changed = json.loads(text)
    changed["result"]["volume"] += 1
    deep = "[" * 100_000
    for wrong in (json.dumps(changed), "{}", "[]", "null", "钢", text.replace('"61"', "x") + "x", deep, '{"input":1}'):
        assert "记录不成立" in client.post(address, {"text": wrong}).content.decode(), wrong[:40]
    assert "请粘贴记录" in client.post(address, {"text": " "}).content.decode()


def test_a_page_that_proposes_a_pool_opens_the_form_filled(db: None) -> None:
    client = client_for(firm("集群公司", Role.CLUSTER))
    page = client.get("/services/pool/new/?title=钢板<&product=P7&unit=吨&nothing=x").content.decode()
    assert 'value="钢板&lt;"' in page
    assert 'value="P7"' in page
    assert '<option value="吨" selected>' in page


def test_a_pool_with_packs_and_tolerance_says_what_would_be_ordered(campaign: Opened) -> None:
    pool = campaign(replace(TERMS, tiers=(Tier(1, Decimal(10)),), minimum=10, pack_size=25, cap=200))
    done(pool.commit("甲厂", 40, "12", 10))
    page = client_for(pool.members["甲厂"]).get(f"/services/case/{pool.case.pk}/").content.decode()
    assert "将订购 50 千克" in page
