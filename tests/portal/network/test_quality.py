"""Quality records: results are read from a table and judged; only organisations that were named read them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gaoyuan.portal.network.models import InspectionPlan, InspectionReader, InspectionResult

TABLE = "批号,项目,结果,单位,日期\nA1,强力,182.5,N,2026-05-01\nA1,pH值,9.1,,2026/05/01\nB7,强力,12,kg,2026-05-02\n"


def sent(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("r.csv", text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def plan(people) -> InspectionPlan:
    given = {"title": "毛巾出厂检验", "product": "毛巾", "items": "强力，N，180\npH值,,4,8.5"}
    assert people["甲厂"].sends("/network/quality/", **given) == ""
    return InspectionPlan.unscoped.get()


def test_results_are_imported_judged_and_exported(people, plan) -> None:
    owner = people["甲厂"]
    page = owner.client.post(f"/network/quality/{plan.pk}/act/", {"table": sent(TABLE)}, follow=True).content.decode()
    assert "第 4 行：单位为 kg，计划为 N" in page
    assert [(one.lot, one.item, one.within) for one in InspectionResult.unscoped.order_by("pk")] == [
        ("A1", "强力", True),
        ("A1", "pH值", False),
    ]
    again = owner.client.post(f"/network/quality/{plan.pk}/act/", {"table": sent(TABLE)}, follow=True)
    assert "已有 2 条结果" in again.content.decode()
    assert InspectionResult.unscoped.count() == 2
    assert "A1,强力,182.5,N,180,,2026-05-01" in owner.reads(f"/network/quality/{plan.pk}/?format=csv")
    owner.sends(f"/network/quality/{plan.pk}/act/", remove="A1")
    assert not InspectionResult.unscoped.exists()


def test_only_organisations_that_were_named_read_a_plan(people, plan) -> None:
    owner, reader = people["甲厂"], people["乙厂"]
    path = f"/network/quality/{plan.pk}/"
    owner.sends(f"{path}act/", table=sent(TABLE))
    owner.sends(f"{path}act/", share="1", name="乙厂")
    assert "182.5" in reader.reads(f"{path}?format=csv")
    assert "毛巾出厂检验" in reader.reads("/network/quality/")
    assert "丁厂" not in reader.reads(path)
    for name in ("丙厂", "县局", "市局", "省厅"):
        assert people[name].client.get(path).status_code == 404
        assert people[name].client.get(f"{path}?format=xlsx").status_code == 404
        assert "毛巾出厂检验" not in people[name].reads("/network/quality/")
    assert reader.client.post(f"{path}act/", {"share": "1", "name": "丙厂"}).status_code == 404
    owner.sends(f"{path}act/", unshare=str(InspectionReader.unscoped.get().pk))
    assert reader.client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"", "请选择 CSV 表格"),
        (b"PK\x03\x04\x00\x00", "这不是 CSV 表格"),
        ("批号,结果\n1,2\n", "表格缺少“项目”一列"),
        ("lot,item,value,date\nA,强力,1,2999-01-01\n", "在将来"),
        ("lot,item,value,date\nA,强力,1e99,2026-01-01\n", "不是数值"),
        ("lot,item,value,date\nA,强力,1,soon\n", "日期须为"),
        ("lot,item,value,date\nA,色牢度,1,2026-01-01\n", "检验计划没有项目"),
        ("lot,item,value,date\n,强力,1,2026-01-01\n", "缺少批号"),
    ],
)
def test_a_table_that_cannot_be_read_is_answered_in_words(people, plan, table, words) -> None:
    page = people["甲厂"].client.post(f"/network/quality/{plan.pk}/act/", {"table": sent(table)}, follow=True)
    assert words in page.content.decode()
    assert not InspectionResult.unscoped.exists()


@pytest.mark.parametrize("items", ["", "强力,N,9,1", "强力\n强力", "a,b,c", "a,b,1,2,3", ",N"])
def test_a_plan_that_cannot_be_is_refused(people, items) -> None:
    assert "errorlist" in people["甲厂"].sends("/network/quality/", title="t", product="p", items=items)
    assert not InspectionPlan.unscoped.exists()


def test_nonsense_in_what_is_shared_changes_nothing(people, plan) -> None:
    for name in ("", "没有的厂", "甲厂", "县局"):
        people["甲厂"].sends(f"/network/quality/{plan.pk}/act/", share="1", name=name)
    for number in ("x", "-1", "9" * 30, "²"):
        people["甲厂"].sends(f"/network/quality/{plan.pk}/act/", unshare=number)
    assert not InspectionReader.unscoped.exists()
