"""Certificates as the portal gives them: checked by the command, kept for thirty years."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner

from gaoyuan.cli.app import app
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.dataproducts.keeping import kept
from gaoyuan.portal.dataproducts.models import Act, Product
from gaoyuan.portal.evidence.entering import enter_new
from gaoyuan.portal.evidence.erasing import RetentionRuns, erase
from gaoyuan.portal.evidence.keeping import log_signer
from gaoyuan.portal.evidence.models import LogRecord

from .conftest import Person, fresh, later


def certificate_of(product: Product) -> bytes:
    act = Act.unscoped.filter(product=product).order_by("number").last()
    assert act is not None
    return Client().get(f"/data-products/certificates/{act.pk}/certificate.json").content


def test_a_certificate_is_checked_offline_by_the_command(registered: Product, tmp_path: Path) -> None:
    enter_new()
    file = tmp_path / "certificate.json"
    file.write_bytes(certificate_of(registered))
    key = str(log_signer().key)
    done = CliRunner().invoke(app, ["verify", str(file), "--key", key])
    assert done.exit_code == 0, done.output
    for said in (registered.code, "甲纺织", "市数据局", "全部成立", "此后未改", "不证明权属"):
        assert said in done.output
    assert CliRunner().invoke(app, ["verify", str(file)]).exit_code == 4
    told = json.loads(CliRunner().invoke(app, ["verify", str(file), "--key", key, "--json"]).output)
    assert told["verdict"] == "holds"
    file.write_text(file.read_text("utf-8").replace("纺织设备用电量", "纺织设备用水量"), "utf-8")
    failed = CliRunner().invoke(app, ["verify", str(file), "--key", key])
    assert failed.exit_code == 2
    assert "不成立" in failed.output


def test_the_page_names_the_act_the_proof_and_what_it_does_not_prove(registered: Product) -> None:
    act = Act.unscoped.get(product=registered)
    for language, said in (("zh-hans", "不能证明什么"), ("en", "What it does not prove")):
        page = Client(headers={"accept-language": language}).get(f"/data-products/certificates/{act.pk}/")
        text = page.content.decode()
        assert said in text
        assert act.record.leaf in text
    pdf = Client().get(f"/data-products/certificates/{act.pk}/certificate.pdf")
    assert pdf.content[:5] == b"%PDF-"


def test_an_older_certificate_leads_to_the_newest(people: dict[str, Person], registered: Product) -> None:
    first = Act.unscoped.get(product=registered)
    assert people["市数据局"].moves(registered.case, "revoke", why="经查不实") == ""
    page = people["丙软件"].reads(f"/data-products/certificates/{first.pk}/")
    assert "登记簿已有更新的记载：注销登记" in page
    # What it proved then, it proves now.
    old = Client().get(f"/data-products/certificates/{first.pk}/certificate.json").content
    assert json.loads(old)["record"]["public"]["act"] == "first"


def test_what_was_registered_cannot_be_erased_for_thirty_years(registered: Product) -> None:
    enter_new()
    act = Act.unscoped.get(product=registered)
    move = LogRecord.objects.filter(kind="move", case=registered.case.pk).first()
    assert move is not None
    for record in (act.record, move):
        with pytest.raises(RetentionRuns) as refused:
            erase([record.pk])
        until = kept(registered)
        assert until is not None
        assert until.date().isoformat() in refused.value.zh
        assert LogRecord.objects.get(pk=record.pk).erased == {}


def test_after_thirty_years_it_can_and_the_log_still_holds(registered: Product) -> None:
    assert pass_deadlines(later(1001)) == 1
    product = fresh(registered)
    assert product.ended is not None
    product.ended -= dt.timedelta(days=40 * 366)
    product.save()
    act = Act.unscoped.get(product=product, number=1)
    assert erase([act.record.pk], ["holder_name"]) == 1
    assert "holder_name" not in LogRecord.objects.get(pk=act.record.pk).said
    page = Client().get(f"/data-products/certificates/{act.pk}/certificate.json").content
    assert "holder_name" in json.loads(page)["record"]["closed"]


def test_what_was_never_registered_is_erased_like_anything_else(people: dict[str, Person], applied: Product) -> None:
    enter_new()
    records = LogRecord.objects.filter(case=applied.case.pk)
    assert records.exists()
    assert erase([one.pk for one in records]) > 0
