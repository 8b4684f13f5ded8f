"""A challenge, a service request, a patent and quality records in Chromium, from need to acceptance, among six."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..walking import People

_PEOPLE = Path(__file__).with_name("people.py")
FIRM, SOLVER, STATION = "海蓝涂料厂", "新材科技", "高温实验室"
CHECKS = ("complete", "genuine", "lawful")


def in_days(days: int, form: str = "%Y-%m-%dT%H:%M") -> str:
    return (dt.datetime.now() + dt.timedelta(days=days)).strftime(form)


class Six:
    """The people of six organisations, and what they do."""

    def __init__(self, people: People) -> None:
        self.people = people

    def of(self, who: str, language: str = "zh-CN") -> Page:
        return self.people.page(who, language)

    def go(self, who: str, path: str, language: str = "zh-CN") -> Page:
        return self.people.go(who, path, language)

    def look(self, page: Page, name: str) -> None:
        self.people.look(page, name)

    def move(self, who: str, case: str, move: str, **given: str | list[str]) -> Page:
        """Fill in the form of a move on the page of a case, and send it."""
        page = self.go(who, case)
        form = page.locator(f'form[action$="/{move}/"]')
        if form.locator("xpath=ancestor::details").count():
            form.locator("xpath=ancestor::details").evaluate("one => { one.open = true; }")
        self.fill(page, form, f"{move}-", given)
        form.locator("button.main").click()
        expect(page.locator("p.message.success")).to_be_visible()
        return page

    def fill(self, page: Page, form, before: str, given: dict[str, str | list[str]]) -> None:
        for name, value in given.items():
            field = form.locator(f'[name="{before}{name}"]')
            if value == "on":
                field.check()
            elif isinstance(value, list):
                for each in value:
                    form.locator(f'[name="{before}{name}"][value="{each}"]').check()
            elif field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value=value) if value.isdigit() else field.select_option(label=value)
            else:
                field.fill(value)


@pytest.fixture(scope="module")
def people(people_with, served) -> Six:
    return Six(people_with(served.do(_PEOPLE, "make")))


def test_a_challenge_is_published_answered_chosen_worked_on_and_accepted(people: Six) -> None:
    page = people.go(FIRM, "/services/challenge/new/")
    need: dict[str, str | list[str]] = {
        "title": "海蓝涂料厂寻耐高温涂层",
        "industry": "涂料",
        "problem": "涂层在 1200 度下 50 小时后脱落",
        "targets": "1200 度 500 小时不脱落，附着力不低于 10 MPa",
        "conditions": "七号炉，氧化锆加钇",
        "budget": "30 万元",
        "contact": "王工 13900000000",
    }
    people.fill(page, page.locator("main form"), "", need)
    people.look(page, "need-form")
    page.locator("main form button.main").click()
    expect(page.locator("h1")).to_have_text("海蓝涂料厂寻耐高温涂层")
    case = page.url
    people.move(FIRM, case, "submit")
    checks: dict[str, str | list[str]] = dict.fromkeys(CHECKS, "on")
    people.move("区科技局", case, "pass_check", **checks, opinion="情况属实")
    people.look(people.of("区科技局"), "county-case")
    people.move("省科技厅", case, "admit", **checks, closes_at=in_days(10))
    # Everybody reads the public part; nothing else of the case is there.
    for language in ("zh-CN", "en"):
        page = people.go("visitor", "/challenges/", language)
        people.look(page, f"published-{language}")
        page.get_by_role("link", name="寻耐高温涂层").click()
        expect(page.locator("h1")).to_have_text("■■■■■寻耐高温涂层")
        for secret in ("海蓝", "七号炉", "13900000000", "30 万元"):
            expect(page.locator("main")).not_to_contain_text(secret)
    public = people.of("visitor").url
    answer: dict[str, str | list[str]] = {
        **{
            "team": "两名博士、三名工程师",
            "ability": "三项发明专利",
            "plan": "等离子喷涂加梯度层",
            "fit": "同类炉三座",
        },
        **{"price": "25", "months": "8", "industry": "3311", "employees": "5000", "revenue": "90000"},
    }
    page = people.go(SOLVER, public)
    form = page.locator('form[action$="/answer/"]').first
    people.fill(page, form, "answer-", answer)
    form.locator("button.main").click()
    expect(page.locator(".errorlist").first).to_contain_text("大型企业")
    people.fill(page, page.locator('form[action$="/answer/"]').first, "answer-", {"employees": "80", "revenue": "1200"})
    page.locator('form[action$="/answer/"] button.main').first.click()
    expect(page.locator("p.message.success")).to_be_visible()
    people.look(page, "own-answer")
    page = people.go(STATION, public)
    people.fill(
        page, page.locator('form[action$="/answer/"]').first, "answer-", {**answer, "employees": "30", "revenue": "600"}
    )
    page.locator('form[action$="/answer/"] button.main').first.click()
    expect(page.locator("p.message.success")).to_be_visible()
    for who in (FIRM, "省科技厅"):
        expect(people.go(who, case).locator("main")).not_to_contain_text(SOLVER)
    people.people.served.do(_PEOPLE, "pass_days", "11")
    page = people.go(FIRM, case)
    page.get_by_role("link", name="对比并评分").click()
    for row, mark in ((0, "9"), (1, "6")):
        for field in page.locator("main table tbody tr").nth(row).locator("input").all():
            field.fill(mark)
    page.locator("main form button.main").click()
    expect(page.locator("main table tbody tr").first).to_contain_text("9.00")
    people.look(page, "comparison")
    with page.expect_download() as waiting:
        page.locator("a[href*='format=xlsx']").first.click()
    assert waiting.value.path().read_bytes().startswith(b"PK")
    page = people.go(FIRM, case)
    people.move(
        FIRM,
        case,
        "select",
        solver=SOLVER,
        due=in_days(200),
        **{"title_1": "样件", "due_1": in_days(60, "%Y-%m-%d"), "yuan_1": "150000"},
        why="团队和方案最好",
    )
    people.move(SOLVER, case, "sign", agreed="on")
    expect(people.of(SOLVER).locator("main")).to_contain_text("七号炉")
    people.move("省科技厅", case, "support", kind="核定", yuan="50000", why="鲁科〔2026〕5号")
    people.move("省科技厅", case, "support", kind="拨付", yuan="20000", why="鲁科〔2026〕5号")
    people.move(SOLVER, case, "report_milestone", milestone="1", report="样件 600 小时不脱落")
    people.move(FIRM, case, "meet_milestone", milestone="1")
    people.move(SOLVER, case, "hand_over", report="全部指标达到")
    people.move(FIRM, case, "accept")
    expect(people.of(FIRM).locator("main .badge").first).to_have_text("攻关成功")
    people.look(people.of(FIRM), "solved")
    people.look(people.go("省科技厅", "/challenges/support/"), "support")
    assert people.people.complaints == []


def test_a_request_is_answered_by_a_provider_of_the_county_and_rated(people: Six) -> None:
    page = people.go("区科技局", "/network/providers/")
    given: dict[str, str | list[str]] = {"name": STATION, "kinds": ["testing", "diagnosis"], "contact": "0532-1"}
    people.fill(page, page.locator("main form"), "", given)
    people.look(page, "providers")
    page.locator("main form button.main").click()
    expect(page.locator("main table")).to_contain_text(STATION)
    page = people.go(FIRM, "/services/service-request/new/")
    asked: dict[str, str | list[str]] = {"title": "锅炉节能诊断", "kind": "诊断", "text": "蒸汽锅炉能耗偏高"}
    people.fill(page, page.locator("main form"), "", asked)
    page.locator("main form button.main").click()
    expect(page.locator("h1")).to_have_text("锅炉节能诊断")
    case = page.url
    page = people.go("区科技局", case)
    expect(page.locator('form[action$="/assign/"] select')).to_contain_text("提供诊断服务，还可受理 10 件")
    page.locator('form[action$="/assign/"]').locator("xpath=ancestor::details").evaluate("one => { one.open = true; }")
    page.locator('form[action$="/assign/"] button').click()
    expect(page.locator("p.message.success")).to_be_visible()
    people.move(STATION, case, "take_on", done_by=in_days(5))
    people.move(STATION, case, "finish")
    people.move(FIRM, case, "rate", satisfaction="5")
    people.look(people.of(FIRM), "request")
    for language in ("zh-CN", "en"):
        page = people.go("visitor", "/network/", language)
        expect(page.locator("main table").first).to_contain_text(STATION)
        people.look(page, f"network-{language}")
    assert people.people.complaints == []


def test_a_patent_is_licensed_and_quality_records_are_shared(people: Six) -> None:
    for who in (STATION, SOLVER):
        people.go(who, "/network/patents/").get_by_role("button", name="同意上述规则并加入").click()
    page = people.go(STATION, "/network/patents/new/")
    patent: dict[str, str | list[str]] = {
        **{"number": "ZL202010123456.7", "title": "梯度涂层", "kind": "发明", "terms": "仅限自用"},
        **{"expires": f"{dt.date.today().year + 4}-05-01", "yearly_yuan": "20000"},
    }
    people.fill(page, page.locator("main form"), "", patent)
    page.locator("main form button.main").click()
    expect(page.locator("h1")).to_have_text("梯度涂层")
    path = page.url
    page = people.go(SOLVER, path)
    page.locator("[name=purpose]").fill("炉管涂层")
    people.look(page, "patent")
    page.get_by_role("button", name="申请许可").click()
    expect(page.locator("h1")).to_contain_text("梯度涂层")
    case = page.url
    people.move(STATION, case, "offer", fee_yuan="18000", runs_until=in_days(300))
    people.move(SOLVER, case, "accept")
    expect(people.of(SOLVER).locator("main .badge").first).to_have_text("已许可")
    people.look(people.go(SOLVER, "/network/patents/"), "patents")
    page = people.go(FIRM, "/network/quality/")
    plan: dict[str, str | list[str]] = {
        "title": "涂层出厂检验",
        "product": "涂层",
        "items": "附着力,MPa,10,\n厚度,μm,80,120",
    }
    people.fill(page, page.locator("main form"), "", plan)
    page.locator("main form button.main").click()
    expect(page.locator("h1")).to_have_text("涂层出厂检验")
    table = "批号,项目,结果,单位,日期\nA1,附着力,12.5,MPa,2026-05-01\nA1,厚度,130,μm,2026-05-01\n"
    table += "A2,厚度,100,mm,2026-05-01\n"
    page.set_input_files("[name=table]", {"name": "r.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.get_by_role("button", name="导入结果").click()
    expect(page.locator("p.message.error")).to_contain_text("第 4 行：单位为 mm，计划为 μm")
    page.locator("#name").fill(SOLVER)
    page.get_by_role("button", name="允许查阅").click()
    people.look(page, "inspection")
    path = page.url
    page = people.go(SOLVER, path)
    expect(page.locator("main")).to_contain_text("12.5")
    expect(page.get_by_role("button", name=re.compile("导入"))).to_have_count(0)
    answer = people.of("省科技厅").goto(path)
    assert answer is not None
    assert answer.status == 404
    people.people.forgive(["404"])
    assert people.people.complaints == []
