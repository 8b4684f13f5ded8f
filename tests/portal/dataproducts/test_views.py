"""The public register, the catalogue, samples, and what bad input is answered with."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.dataproducts.models import Product
from gaoyuan.trust.registry.terms import faults_of

from .conftest import DESCRIBED, SAMPLE, Person, fresh, sample_file

ENGLISH = {"accept-language": "en"}


def test_what_is_not_in_its_notice_yet_is_for_its_parties_and_offices_alone(
    people: dict[str, Person], applied: Product
) -> None:
    assert applied.entry is not None
    for path in (f"/data-products/{applied.pk}/", f"/data-products/{applied.pk}/dcat.jsonld"):
        assert Client().get(path).status_code == 404
    sample = f"/data-products/samples/{applied.entry.pk}/"
    assert Client().get(sample).status_code == 404
    assert people["乙科技"].client.get(sample).status_code == 404
    assert people["乙科技"].client.get(f"/services/case/{applied.case.pk}/").status_code == 404
    assert people["市数据局"].client.get(sample).content == SAMPLE
    assert people["甲纺织"].client.get(sample).content == SAMPLE
    assert applied.title not in Client().get("/data-products/").content.decode()


def test_a_notice_is_public_and_the_sample_is_a_download(noticed: Product) -> None:
    page = Client(headers={"accept-language": "zh-hans"}).get(f"/data-products/{noticed.pk}/").content.decode()
    for said in ("登记公示", "纺织设备用电量", "12000.50", "仅限签约方内部使用", "甲纺织"):
        assert said in page
    assert noticed.entry is not None
    answer = Client().get(f"/data-products/samples/{noticed.entry.pk}/")
    assert answer.content == SAMPLE
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox"


def test_the_register_is_searched_by_all_words_in_chinese_and_by_number(registered: Product) -> None:
    for asked, there in (
        ("用电量", True),
        ("青岛 设备", True),
        ("甲纺织 energy", True),
        (registered.code.lower(), True),
        ("青岛 化工", False),
        ("' OR 1=1 --", False),
        ("%", False),
    ):
        page = Client().get("/data-products/", {"q": asked}).content.decode()
        assert (registered.title in page) == there, asked
    for state, there in (("registered", True), ("cancelled", False), ("nonsense", True)):
        page = Client().get("/data-products/", {"state": state}).content.decode()
        assert (registered.title in page) == there, state


def test_the_register_is_exported_as_it_is_searched(registered: Product) -> None:
    answer = Client(headers=ENGLISH).get("/data-products/", {"q": "用电量", "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:5] == [registered.code, registered.title, "Data set", "甲纺织", "registered"]
    assert Client().get("/data-products/", {"q": "没有", "format": "xlsx"}).status_code == 200


def test_a_product_and_the_catalogue_are_sound_dcat_with_addresses_that_answer(registered: Product) -> None:
    answer = Client().get(f"/data-products/{registered.pk}/dcat.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    product = json.loads(answer.content)
    assert faults_of(product, "dcat:Dataset") == []
    assert product["dct:identifier"] == registered.code
    sample = product["dcat:distribution"][1]["dcat:downloadURL"]["@id"]
    assert Client().get(sample.replace("http://testserver", "")).content == SAMPLE
    catalogue = json.loads(Client().get("/data-products/catalogue.jsonld").content)
    assert faults_of(catalogue, "dcat:Catalog") == []
    assert [one["@id"] for one in catalogue["dcat:dataset"]] == [product["@id"]]
    for page in ("0", "2", "-1", "x", "9" * 30):
        assert Client().get("/data-products/catalogue.jsonld", {"page": page}).status_code == 404


def test_an_empty_register_and_an_empty_catalogue_say_so(db: None) -> None:
    assert "还是空的" in Client(headers={"accept-language": "zh-hans"}).get("/data-products/").content.decode()
    catalogue = json.loads(Client().get("/data-products/catalogue.jsonld").content)
    assert faults_of(catalogue, "dcat:Catalog") == []
    assert catalogue["hydra:totalItems"] == 0


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        ({"sample": sample_file(b"\x89PNG\r\n\x1a\n\0", "a.csv")}, "不是 UTF-8", "neither UTF-8"),
        ({"sample": sample_file("序号,手机\n1,13912345678\n".encode())}, "个人信息", "about persons"),
        ({"sample": None}, "字段是必填", "required"),
        ({"contact": "13912345678"}, "个人号码", "person"),
        ({"description": "联系 13912345678"}, "个人号码", "person"),
        ({"licence_text": "", "permitted": []}, "须写明条款", "what is permitted"),
        ({"permitted": ["use"], "forbidden": ["use"]}, "同时允许又禁止", "permitted as well"),
        ({"begins": "2026-01-01", "ends": "2025-01-01"}, "早于开始日期", "before the beginning"),
        ({"price": "fixed", "price_yuan": ""}, "定价须大于零", "above zero"),
        ({"price": "exchange"}, "交换条件", "in exchange"),
        ({"kind": "nonsense"}, "nonsense", "nonsense"),
        ({"lawful": ""}, "字段是必填", "required"),
        ({"quality": "nonsense"}, "nonsense", "nonsense"),
        ({"rows": "-1"}, "0", "0"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_a_bad_application_is_answered_in_both_languages_and_changes_nothing(
    people: dict[str, Person], changed: dict[str, object], zh: str, en: str
) -> None:
    for language, said in (("zh-hans", zh), ("en", en)):
        file = changed.get("sample", sample_file())
        if hasattr(file, "seek"):
            file.seek(0)  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]
        given = {**DESCRIBED, **changed, "sample": file}
        if file is None:
            del given["sample"]
        answer = people["甲纺织"].client.post(
            "/services/data-product/new/", given, headers={"accept-language": language}
        )
        assert answer.status_code == 200
        assert said in answer.content.decode(), language
    assert not Case.unscoped.filter(process="data-product").exists()


def test_a_receiver_that_is_not_known_is_asked_for_again(people: dict[str, Person], registered: Product) -> None:
    for name in ("没有这家", "甲纺织"):
        page = people["甲纺织"].opens("data-product-transfer", product=str(registered.pk), receiver=name)
        assert "没有同名的其他单位" in page
    for number in ("", "nonsense", "00000000-0000-4000-8000-000000000000"):
        assert people["甲纺织"].opens("data-product-transfer", product=number, receiver="乙科技") != ""
    assert not Case.unscoped.filter(process="data-product-transfer").exists()


def test_the_form_of_a_change_begins_with_what_holds(people: dict[str, Person], registered: Product) -> None:
    page = people["甲纺织"].reads(f"/services/data-product-change/new/?product={registered.pk}")
    assert "自有电表采集" in page
    assert "12000.50" in page
    stranger = people["乙科技"].reads(f"/services/data-product-change/new/?product={registered.pk}")
    assert "自有电表采集" not in stranger


def test_offices_register_what_they_hold_but_not_by_themselves(people: dict[str, Person]) -> None:
    assert people["县局"].opens("data-product", **DESCRIBED, sample=sample_file()) == ""
    product = Product.unscoped.get()
    assert people["县局"].client.post(f"/services/case/{product.case.pk}/accept/").status_code == 404
    assert people["市数据局"].moves(product.case, "accept") == ""
    assert fresh(product).case.state == "noticed"


def test_a_bank_reads_the_register_and_takes_no_part(people: dict[str, Person], noticed: Product) -> None:
    bank = Person(Organisation.objects.create(name="银行", kind=Role.BANK))
    assert "纺织设备用电量" in bank.reads(f"/data-products/{noticed.pk}/")
    assert bank.objects(noticed, noticed.case, "x") in (403, 404)
    assert fresh(noticed).case.facts["objections"] == "0"
