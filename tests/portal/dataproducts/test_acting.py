"""The acts of the register from the application to the end, as the parties make them on their pages."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, Notice
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.dataproducts.models import Act, Entry, Product
from gaoyuan.portal.evidence.models import LogRecord

from .conftest import DESCRIBED, Person, fresh, give_time, in_days, later, sample_file


def acts_of(product: Product) -> list[str]:
    return list(Act.unscoped.filter(product=product).order_by("number").values_list("kind", flat=True))


def test_a_product_is_applied_for_checked_noticed_and_registered_with_a_certificate(
    people: dict[str, Person], registered: Product
) -> None:
    assert registered.case.state == "registered"
    assert registered.code.startswith("DP")
    assert acts_of(registered) == ["first"]
    act = Act.unscoped.get(product=registered)
    record = LogRecord.objects.get(pk=act.record.pk)
    assert record.public == {"kind": "data-product-act", "number": registered.code, "act": "first"}
    assert record.said["holder_name"] == "甲纺织"
    assert record.said["registry_name"] == "市数据局"
    assert record.said["sample_sha256"] == registered.entry.sample_sha256  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]


def test_the_registry_is_told_and_the_holder_of_every_step(people: dict[str, Person], registered: Product) -> None:
    told = {
        (one.organisation.name, one.line.plain["move"])
        for one in Notice.unscoped.filter(case=registered.case).select_related("organisation", "line")
    }
    assert ("市数据局", "apply") in told
    assert {("甲纺织", "accept"), ("甲纺织", "end_notice"), ("甲纺织", "register")} <= told


def test_a_county_office_and_another_registry_cannot_decide(people: dict[str, Person], applied: Product) -> None:
    case = f"/services/case/{applied.case.pk}/"
    assert people["县局"].client.post(f"{case}accept/").status_code == 404
    assert people["县局"].client.get(case).status_code == 200
    assert people["外市数据局"].client.get(case).status_code == 404


def test_an_application_that_was_returned_is_mended_and_keeps_its_sample(
    people: dict[str, Person], applied: Product
) -> None:
    assert people["市数据局"].moves(applied.case, "return_form", why="请写明来源") == ""
    mended = {**DESCRIBED, "source": "自有电表采集，每日读数"}
    assert people["甲纺织"].moves(applied.case, "hand_in_again", **mended) == ""
    now = fresh(applied)
    assert now.case.state == "checking"
    assert now.entry is not None
    assert now.entry.said.source == "自有电表采集，每日读数"
    assert bytes(now.entry.content) == sample_file().read()
    assert now.entry.said.fields == ("日期", "设备", "用电量_千瓦时")


def test_nobody_checks_or_registers_a_product_of_its_own(people: dict[str, Person]) -> None:
    office = people["市数据局"]
    assert office.opens("data-product", **DESCRIBED, sample=sample_file()) == ""
    product = Product.unscoped.get()
    assert "不能审核自己的登记" in office.moves(product.case, "accept")
    assert fresh(product).case.state == "checking"


def test_an_objection_has_to_be_decided_before_anything_is_entered(people: dict[str, Person], noticed: Product) -> None:
    assert people["乙科技"].objects(noticed, noticed.case, "数据取自我厂电表，未经同意") == 302
    assert people["甲纺织"].objects(noticed, noticed.case, "自己的") == 404
    assert pass_deadlines(later(15)) == 1
    give_time(noticed.case)
    case = fresh(noticed).case
    assert case.state == "opposed"
    assert people["甲纺织"].moves(case, "answer_objection", why="均为我厂电表") == ""
    assert "数据取自我厂电表" in people["市数据局"].reads(f"/services/case/{case.pk}/")
    assert people["市数据局"].moves(case, "uphold", why="权属不清") == ""
    assert fresh(noticed).case.state == "refused"
    assert acts_of(noticed) == []
    assert people["丙软件"].client.get(f"/data-products/{noticed.pk}/").status_code == 404


def test_an_objection_after_the_notice_comes_too_late(people: dict[str, Person], noticed: Product) -> None:
    case = noticed.case
    case.deadline = timezone.now() - dt.timedelta(minutes=1)
    case.save()
    assert people["乙科技"].objects(noticed, case, "晚了") == 404
    assert case.facts["objections"] == "0"


def test_a_change_holds_once_the_registry_has_entered_it(people: dict[str, Person], registered: Product) -> None:
    changed = {**DESCRIBED, "title": "纺织设备用电量（新版）", "price": "free", "product": str(registered.pk)}
    assert people["甲纺织"].opens("data-product-change", **changed) == ""
    case = Case.unscoped.get(process="data-product-change")
    assert fresh(registered).title == "纺织设备用电量"
    page = people["市数据局"].reads(f"/services/case/{case.pk}/")
    assert "12000.50" in page
    assert people["市数据局"].moves(case, "enter") == ""
    now = fresh(registered)
    assert now.title == now.case.facts["title"] == "纺织设备用电量（新版）"
    assert acts_of(now) == ["first", "change"]
    assert Act.unscoped.get(product=now, number=1).entry.said.price == "fixed"


def test_a_second_change_waits_until_the_first_is_decided(people: dict[str, Person], registered: Product) -> None:
    changed = {**DESCRIBED, "product": str(registered.pk)}
    assert people["甲纺织"].opens("data-product-change", **changed) == ""
    assert "已有同类申请在办" in people["甲纺织"].opens("data-product-change", **changed)
    assert Case.unscoped.filter(process="data-product-change").count() == 1
    assert Entry.unscoped.filter(product=registered).count() == 2


def test_a_second_click_does_not_apply_twice(people: dict[str, Person], applied: Product) -> None:
    assert "已有同名产品" in people["甲纺织"].opens("data-product", **DESCRIBED, sample=sample_file())
    assert people["乙科技"].opens("data-product", **DESCRIBED, sample=sample_file()) == ""
    assert Case.unscoped.filter(process="data-product").count() == 2


def test_nobody_changes_the_product_of_another(people: dict[str, Person], registered: Product) -> None:
    changed = {**DESCRIBED, "product": str(registered.pk)}
    assert people["乙科技"].opens("data-product-change", **changed) != ""
    assert not Case.unscoped.filter(process="data-product-change").exists()


def transfer(people: dict[str, Person], product: Product) -> Case:
    assert people["甲纺织"].opens("data-product-transfer", product=str(product.pk), receiver="乙科技") == ""
    return Case.unscoped.get(process="data-product-transfer")


def test_a_transfer_needs_both_parties_a_notice_and_the_registry(
    people: dict[str, Person], registered: Product
) -> None:
    case = transfer(people, registered)
    assert people["市数据局"].client.post(f"/services/case/{case.pk}/accept/").status_code == 404
    assert people["乙科技"].moves(case, "confirm") == ""
    assert people["市数据局"].moves(case, "accept") == ""
    assert "转移公示" in people["丙软件"].reads(f"/data-products/{registered.pk}/")
    assert pass_deadlines(later(15)) == 1
    give_time(case)
    assert people["市数据局"].moves(case, "enter") == ""
    now = fresh(registered)
    assert now.organisation.name == "乙科技"
    assert acts_of(now) == ["first", "transfer"]
    said = Act.unscoped.get(product=now, number=2).record.said
    assert (said["before_name"], said["holder_name"]) == ("甲纺织", "乙科技")
    # The former holder has nothing to ask for any more, the new one has.
    assert people["甲纺织"].client.post(f"/services/case/{now.case.pk}/ask_cancellation/").status_code == 404
    assert people["乙科技"].moves(now.case, "ask_cancellation", why="停止经营") == ""


def test_a_transfer_that_the_receiver_declines_changes_nothing(people: dict[str, Person], registered: Product) -> None:
    case = transfer(people, registered)
    assert people["乙科技"].moves(case, "decline", why="条件不合") == ""
    assert fresh(registered).organisation.name == "甲纺织"
    assert acts_of(registered) == ["first"]


def test_a_transfer_of_what_was_cancelled_meanwhile_enters_nothing(
    people: dict[str, Person], registered: Product
) -> None:
    case = transfer(people, registered)
    assert people["乙科技"].moves(case, "confirm") == ""
    assert people["市数据局"].moves(case, "accept") == ""
    assert pass_deadlines(later(15)) == 1
    give_time(case)
    assert people["市数据局"].moves(registered.case, "revoke", why="经查不实") == ""
    page = people["市数据局"].moves(case, "enter")
    assert "“已注销”时不能记载转移" in page
    case.refresh_from_db()
    assert case.state == "deciding"
    assert fresh(registered).organisation.name == "甲纺织"
    assert acts_of(registered) == ["first", "cancellation"]


def test_a_renewal_is_granted_by_the_registry(people: dict[str, Person], registered: Product) -> None:
    assert registered.until is not None
    assert people["甲纺织"].moves(registered.case, "ask_renewal", asked_until=in_days(1500)) == ""
    assert people["市数据局"].moves(registered.case, "renew") == ""
    now = fresh(registered)
    assert now.until is not None
    assert now.until > registered.until
    assert now.case.deadline == now.until
    assert acts_of(now) == ["first", "renewal"]


def test_a_renewal_that_the_registry_leaves_undecided_counts_as_granted(
    people: dict[str, Person], registered: Product
) -> None:
    assert people["甲纺织"].moves(registered.case, "ask_renewal", asked_until=in_days(1500)) == ""
    assert pass_deadlines(later(21)) == 1
    assert acts_of(registered) == ["first", "renewal"]


def test_a_renewal_that_was_questioned_and_not_answered_does_not(
    people: dict[str, Person], registered: Product
) -> None:
    assert people["甲纺织"].moves(registered.case, "ask_renewal", asked_until=in_days(1500)) == ""
    assert people["市数据局"].moves(registered.case, "question", why="是否仍在更新") == ""
    assert pass_deadlines(later(21)) == 1
    now = fresh(registered)
    assert now.case.state == "registered"
    assert now.until == registered.until
    assert acts_of(now) == ["first"]


@pytest.mark.parametrize("days", [900, 5000])
def test_a_renewal_ends_later_than_now_and_not_too_late(
    people: dict[str, Person], registered: Product, days: int
) -> None:
    assert people["甲纺织"].moves(registered.case, "ask_renewal", asked_until=in_days(days)) != ""
    assert fresh(registered).case.state == "registered"


def test_a_registration_that_nobody_renews_expires_and_its_history_stays(
    people: dict[str, Person], registered: Product
) -> None:
    assert pass_deadlines(later(1001)) == 1
    now = fresh(registered)
    assert now.case.state == "expired"
    assert acts_of(now) == ["first", "expiry"]
    page = people["丙软件"].reads(f"/data-products/{now.pk}/")
    assert "已到期" in page
    assert "首次登记" in page


def test_a_cancellation_keeps_the_history(people: dict[str, Person], registered: Product) -> None:
    assert people["甲纺织"].moves(registered.case, "ask_cancellation", why="产品停止更新") == ""
    assert people["市数据局"].moves(registered.case, "cancel") == ""
    now = fresh(registered)
    assert now.ended is not None
    assert acts_of(now) == ["first", "cancellation"]
    assert "注销" in people["丙软件"].reads(f"/data-products/{now.pk}/")
    catalogue = json.loads(people["丙软件"].reads("/data-products/catalogue.jsonld"))
    assert catalogue["hydra:totalItems"] == 0


def test_the_database_refuses_to_change_or_remove_an_act(registered: Product) -> None:
    for change in (
        lambda: Act.unscoped.filter(product=registered).update(holder="他人"),
        lambda: Act.unscoped.filter(product=registered)._raw_delete("default"),  # pyright: ignore[reportAttributeAccessIssue]
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Act.unscoped.get(product=registered).holder == "甲纺织"


def test_numbers_of_the_register_count_by_division_and_year(people: dict[str, Person], registered: Product) -> None:
    other = {**DESCRIBED, "title": "另一产品"}
    assert people["乙科技"].opens("data-product", **other, sample=sample_file()) == ""
    product = Product.unscoped.exclude(pk=registered.pk).get()
    assert people["市数据局"].moves(product.case, "accept") == ""
    assert pass_deadlines(later(15)) == 1
    give_time(product.case)
    assert people["市数据局"].moves(product.case, "register", valid_until=in_days(30)) == ""
    begin, _, last = fresh(product).code.rpartition("-")
    assert registered.code == f"{begin}-00001"
    assert last == "00002"
    assert Organisation.objects.filter(name="乙科技").exists()
