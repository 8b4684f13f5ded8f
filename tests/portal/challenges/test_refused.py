"""What cannot be is answered in words in either language, and changes nothing."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import RecordLine
from gaoyuan.portal.challenges.comparison import compared
from gaoyuan.portal.challenges.models import Answer, Contract, Marks, Milestone, Support
from gaoyuan.portal.snapshots.models import Firm, Snapshot

from .conftest import chosen, in_days


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"employees": "5000", "revenue": "90000"}, "所填数据属于大型企业"),
        ({"employees": "", "revenue": ""}, "不足以判定企业规模"),
        ({"industry": "J", "employees": "10"}, "不足以判定企业规模"),
        ({"industry": "C1761"}, "行业分类中没有代码 C1761"),
        ({"price": "-1"}, "errorlist"),
        ({"price": "1e999"}, "errorlist"),
        ({"months": "0"}, "errorlist"),
        ({"plan": " "}, "errorlist"),
    ],
)
def test_an_answer_that_cannot_stand_is_refused_with_its_reason(people, published, changed, words) -> None:
    assert words in people["乙科技"].answers(published, **changed)
    assert not Answer.unscoped.exists()


def test_the_register_decides_the_size_where_it_knows_the_firm(people, published) -> None:
    solver = people["乙科技"]
    snapshot = Snapshot.objects.get(public=True)
    number = "e-of-the-test"
    firm = Firm.objects.create(
        snapshot=snapshot, enterprise_id=number, name="乙科技", industry="3311", employees=5000, revenue_yuan=9e8
    )
    Organisation.objects.filter(pk=solver.organisation.pk).update(subject=number)
    assert "登记数据显示为大型企业" in solver.answers(published)
    firm.employees, firm.revenue_yuan = 30.0, 5e6
    firm.save()
    assert solver.answers(published, employees="", revenue="") == ""
    held = Answer.unscoped.get()
    assert (held.size_class, held.size_source) == ("small", "register")


def test_one_answer_a_party_which_it_may_change(people, answered) -> None:
    solver = people["乙科技"]
    assert solver.answers(answered, price="7") == ""
    assert Answer.unscoped.filter(organisation=solver.organisation).get().given["price"] == "7"
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create_for(
            solver.organisation, case=answered.case, line=RecordLine.unscoped.first(), data="", digest=""
        )


def test_a_firm_does_not_answer_its_own_challenge_and_offices_do_not_answer(people, published) -> None:
    path = f"/challenges/{published.pk}/answer/"
    for name in ("甲涂料厂", "县局", "省厅"):
        assert people[name].client.post(path, {}).status_code == 404
    assert "<form" not in re.sub(r"<header.*?</header>", "", people["甲涂料厂"].reads(path[:-7]), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title_1": ""}, "errorlist"),
        ({"title_2": ""}, "里程碑的三项须全部填写"),
        ({"due_1": "2020-01-01"}, "已经过去"),
        ({"due_2": "2035-01-01"}, "晚于验收期限"),
        ({"yuan_1": "0", "yuan_2": "0"}, "付款合计不能为零"),
        ({"yuan_1": "-5"}, "errorlist"),
        ({"due": "2020-01-01T10:00"}, "晚于验收期限"),
        ({"solver": "999999"}, "errorlist"),
        ({"why": " "}, "errorlist"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(people, opened, changed, words) -> None:
    assert words in chosen(people, opened, "乙科技", **changed)
    assert not Contract.unscoped.exists()


def test_who_has_not_answered_cannot_be_chosen(people, opened) -> None:
    assert "errorlist" in chosen(people, opened, "丁旁观")


def test_marks_order_the_answers_as_far_as_they_go(people, opened) -> None:
    firm, path = people["甲涂料厂"], f"/challenges/case/{opened.pk}/answers/"
    first, second = Answer.unscoped.filter(case=opened)
    everything = {f"{one.pk}-{name}": "5" for one in (first, second) for name in ("team", "ability", "plan", "fit")}
    assert firm.client.post(path, {**everything, f"{first.pk}-team": "11"}).status_code == 200
    assert not Marks.unscoped.exists()
    assert firm.client.post(path, {**everything, f"{first.pk}-fit": ""}).status_code == 302
    assert [one.rank for one in compared(firm.viewer, opened)] == ["1–2", "1–2"]
    assert firm.client.post(path, {**everything, f"{second.pk}-fit": "9"}).status_code == 302
    assert [(one.answer, one.rank, one.score) for one in compared(firm.viewer, opened)] == [
        (second, "1", "6.00"),
        (first, "2", "5.00"),
    ]
    for name in ("县局", "省厅"):
        assert people[name].client.post(path, everything).status_code == 404
    chosen(people, opened, "乙科技")
    assert firm.client.post(path, everything).status_code == 404


def test_milestones_are_reported_returned_and_accepted_one_by_one(people, working) -> None:
    firm, solver = people["甲涂料厂"], people["乙科技"]
    assert "errorlist" in firm.moves(working, "meet_milestone", milestone="1")
    assert solver.moves(working, "report_milestone", milestone="1", report="样件") == ""
    assert "errorlist" in solver.moves(working, "report_milestone", milestone="1", report="样件")
    assert firm.moves(working, "return_milestone", milestone="1", why="缺检测报告") == ""
    assert "缺检测报告" in solver.reads(f"/services/case/{working.pk}/")
    assert solver.moves(working, "report_milestone", milestone="1", report="样件和报告") == ""
    assert firm.moves(working, "meet_milestone", milestone="1") == ""
    assert Milestone.unscoped.get(number=1).met is not None
    assert "还有未完成的里程碑" in solver.moves(working, "hand_over", report="好")
    assert "不晚于现约定的日期" in firm.moves(working, "prolong", due=in_days(5), why="x")


def test_no_more_support_is_paid_than_granted(people, working) -> None:
    office, day = people["省厅"], timezone.localdate().isoformat()
    assert "超过核定" in office.moves(working, "support", kind="payment", yuan="1", on=day, why="x")
    assert office.moves(working, "support", kind="grant", yuan="100", on=day, why="文件1") == ""
    assert "超过核定" in office.moves(working, "support", kind="payment", yuan="100.01", on=day, why="x")
    assert "收回的多于拨付的" in office.moves(working, "support", kind="return", yuan="5", on=day, why="x")
    assert "errorlist" in office.moves(working, "support", kind="grant", yuan="1e5000", on=day, why="x")
    assert "日期在将来" in office.moves(working, "support", kind="grant", yuan="5", on=in_days(3, "%Y-%m-%d"), why="x")
    assert Support.unscoped.count() == 1
    english = people["省厅"].client.post(
        f"/services/case/{working.pk}/support/",
        {"support-kind": "payment", "support-yuan": "999", "support-on": day, "support-why": "x"},
        headers={"accept-language": "en"},
    )
    assert "granted are 100" in english.content.decode()


def test_a_need_with_nothing_to_weigh_or_nothing_said_is_refused(people, drafted) -> None:
    weights = {f"weight_{name}": "0" for name in ("team", "ability", "plan", "fit")}
    page = people["甲涂料厂"].moves(drafted, "submit", problem="p", targets="t", **weights)
    assert "至少一项权重须大于零" in page
    assert "errorlist" in people["甲涂料厂"].moves(drafted, "submit", **weights | {"weight_team": "1"})
    drafted.refresh_from_db()
    assert drafted.state == "draft"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"budget": "3 万美元"}, "本平台以人民币计价"),
        ({"budget": "-1"}, "数量须大于零"),
        ({"budget": "0 元"}, "数量须大于零"),
        ({"deadline": "2020年6月底前"}, "该日期已过"),
        ({"deadline": "2020-01-01"}, "该日期已过"),
    ],
)
def test_a_need_in_another_currency_for_nothing_or_for_a_day_gone_by_is_refused(
    people, drafted, changed, words
) -> None:
    before = RecordLine.unscoped.filter(case=drafted).count()
    given = {"problem": "脱落", "targets": "不脱落", "title": "涂层", "public": ["problem"]}
    given |= {f"weight_{name}": "25" for name in ("team", "ability", "plan", "fit")}
    assert words in people["甲涂料厂"].moves(drafted, "submit", **given, **changed)
    assert RecordLine.unscoped.filter(case=drafted).count() == before
    # What is fine is refused for its weight alone.
    for fine in ({"budget": "0.5 万元"}, {"deadline": "2199 年内，最迟 2199年3月"}):
        refused = people["甲涂料厂"].moves(drafted, "submit", **(given | fine | {"weight_plan": "x"}))
        assert refused
        assert words not in refused


def test_the_offices_confirm_every_point_before_a_need_goes_on(people, handed_in) -> None:
    assert "errorlist" in people["县局"].moves(handed_in, "pass_check", complete="on", genuine="on")
    assert people["县局"].moves(handed_in, "return_form", why="指标不可考核") == ""
    handed_in.refresh_from_db()
    assert handed_in.state == "draft"
