"""The whole way of an assessment over HTTP: begun, filled, saved, signed, copied, told as a report."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import CLUSTERS, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.assessments.models import Assessment, Evidence, Judgement
from gaoyuan.portal.assessments.page import Section
from gaoyuan.portal.assessments.saving import digest_of
from gaoyuan.portal.assessments.shown import verdicts_of
from gaoyuan.portal.assessments.verdict_data import diagnosis_of, verdict_of

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def _page(client, held):
    answer = client.get(f"/assessments/{held.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_draft_to_signed_report(begun, sent_by, published, files_folder) -> None:
    client, held = begun()
    fields = sent_by(_page(client, held), "facts")
    assert fields["value-sme_output_share:"] == ["90.9%"] or fields["value-sme_output_share:"] == [""]
    fields["value-sme_output_share:"], fields["source-sme_output_share:"] = ["65%"], ["县统计局快报"]
    fields["fact"] = ["sme_output_share:"]
    file = SimpleUploadedFile("快报.pdf", PDF)
    answer = client.post(f"/assessments/{held.pk}/", {**fields, "files": [file], "action": "save"})
    assert answer.status_code == 302
    judgement = Judgement.unscoped.get(assessment=held)
    criterion = judgement.data["verdict"]["criteria"]["1.5"]
    assert (criterion["state"], criterion["value"], criterion["evidence"][0]["source"]) == (
        "unmet",
        0.65,
        "县统计局快报",
    )
    assert "1.5" in [one["id"] for one in judgement.changed]
    html = _page(client, held)
    assert 'class="badge unmet"' in html
    assert "快报.pdf" in html
    assert "65%" in html
    evidence = Evidence.unscoped.get(assessment=held)
    got = client.get(f"/assessments/{held.pk}/evidence/{evidence.pk}/")
    assert b"".join(got.streaming_content) == PDF
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    held.refresh_from_db()
    signed = client.post(f"/assessments/{held.pk}/sign/", {"revision": held.revision, "confirm": "on"})
    assert signed.status_code == 302
    held.refresh_from_db()
    assert (held.state, held.signed_by.username, held.facts_sha256) == ("signed", "county", digest_of(held))
    before = (held.facts, held.revision)
    client.post(f"/assessments/{held.pk}/", {**fields, "revision": held.revision, "action": "save"})
    held.refresh_from_db()
    assert (held.facts, held.revision) == before
    for ending, begin in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("html", b"<!doctype html>")):
        told = client.get(f"/assessments/{held.pk}/report.{ending}")
        assert told.content[: len(begin)].lower() == begin.lower()
        assert told["Content-Disposition"].startswith("attachment")
    assert held.facts_sha256 in told.content.decode()
    assert evidence.sha256 in told.content.decode()
    viewer = Viewer(Role.COUNTY, held.signed_by, held.organisation)
    assert [one.pk for one in verdicts_of(viewer, published, held.subject)] == [held.pk]
    assert held.signed_name in client.get(f"/clusters/{held.subject}/").content.decode()
    copied = client.post(f"/assessments/{held.pk}/copy/")
    copy = Assessment.unscoped.get(copy_of=held)
    assert copied["Location"].endswith(f"{copy.pk}/")
    assert copy.is_draft
    assert Judgement.unscoped.get(assessment=copy).data["verdict"]["criteria"] == judgement.data["verdict"]["criteria"]
    assert [one.sha256 for one in Evidence.unscoped.filter(assessment=copy)] == [evidence.sha256]


def test_an_empty_form_is_all_unknown_and_never_passes(begun, sent_by) -> None:
    client, held = begun()
    fields = sent_by(_page(client, held), "facts")
    empty = {name: [""] if name.startswith(("value-", "source-", "year-")) else value for name, value in fields.items()}
    client.post(f"/assessments/{held.pk}/", {**empty, "action": "save"})
    verdict = Judgement.unscoped.get(assessment=held).data["verdict"]
    states = {one["state"] for one in verdict["criteria"].values()}
    assert verdict["state"] == "unknown"
    assert states <= {"unknown", "manual_review", "not_applicable"}
    assert fields["revision"] == ["1"]
    assert "unknown" in states


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("value-sme_output_share:", "很多", "不是数"),
        ("value-sme_output_share:", "72", "像是百分数"),
        ("value-area_km2:", "-5", "为负数"),
        ("value-little_giants:", "3.5", "不是整数"),
        ("year-area_km2:", "2031", "之后"),
        ("year-area_km2:", "二〇二五", "不是年份"),
        ("value-output_yuan:2025", "45 头", "单位"),
        ("value-area_km2:", "9" * 1500, "不是数"),
    ],
)
def test_what_cannot_be_used_is_told_kept_and_unknown(begun, sent_by, name, typed, told) -> None:
    client, held = begun()
    fields = sent_by(_page(client, held), "facts")
    key = name.partition("-")[2]
    if name.startswith("year"):
        fields[f"value-{key}"] = ["80"]
    assert name in fields, f"{name} is not asked"
    fields[name], fields[f"source-{key}"] = [typed], ["我的来源"]
    client.post(f"/assessments/{held.pk}/", {**fields, "action": "save"})
    html = _page(client, held)
    again = sent_by(html, "facts")
    assert again[name] == [typed]
    assert again[f"source-{key}"] == ["我的来源"]
    assert told in html
    metric = key.partition(":")[0]
    facts = [
        fact
        for one in Judgement.unscoped.get(assessment=held).data["verdict"]["criteria"].values()
        for fact in one["evidence"]
        if fact["metric"] == metric and (str(fact["year"]) == key.partition(":")[2] or metric != "output_yuan")
    ]
    assert facts == []
    held.refresh_from_db()
    client.post(f"/assessments/{held.pk}/sign/", {"revision": held.revision, "confirm": "on"})
    held.refresh_from_db()
    assert held.is_draft


def test_a_try_shows_the_verdict_and_saves_nothing(begun, sent_by) -> None:
    client, held = begun()
    fields = sent_by(_page(client, held), "facts")
    fields["value-sme_output_share:"] = ["12%"]
    answer = client.post(f"/assessments/{held.pk}/", {**fields, "action": "try"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "尚未保存" in html
    assert sent_by(html, "facts")["value-sme_output_share:"] == ["12%"]
    held.refresh_from_db()
    assert held.revision == 1
    assert sent_by(_page(client, held), "facts")["value-sme_output_share:"] != ["12%"]


def test_nobody_writes_over_what_another_has_saved(begun, sent_by) -> None:
    client, held = begun()
    fields = sent_by(_page(client, held), "facts")
    client.post(f"/assessments/{held.pk}/", {**fields, "value-area_km2:": ["55"], "action": "save"})
    answer = client.post(f"/assessments/{held.pk}/", {**fields, "value-area_km2:": ["66"], "action": "save"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert sent_by(html, "facts")["value-area_km2:"] == ["66"]
    held.refresh_from_db()
    assert [one["text"] for one in held.facts if one["metric"] == "area_km2"] == ["55"]
    client.post(f"/assessments/{held.pk}/", {**sent_by(html, "facts"), "action": "save"})
    held.refresh_from_db()
    assert [one["text"] for one in held.facts if one["metric"] == "area_km2"] == ["66"]
    client.post(f"/assessments/{held.pk}/sign/", {"revision": held.revision - 1, "confirm": "on"})
    held.refresh_from_db()
    assert held.is_draft


def test_a_foreign_assessment_is_answered_like_one_that_does_not_exist(begun, client_of) -> None:
    import uuid

    _, held = begun(Role.PROVINCE)
    other = Organisation.objects.create(name="另一县", kind=Role.COUNTY, division="370212")
    user = User.objects.create_user("other", "other@example.org", "a long enough phrase 48")
    Membership.objects.create(user=user, organisation=other)
    from django.test import Client

    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    for stranger in (client, client_of(Role.COUNTY), client_of(Role.CLUSTER)):
        for path, method in (("", "get"), ("", "post"), ("sign/", "post"), ("copy/", "post"), ("report.pdf", "get")):
            answers = [getattr(stranger, method)(f"/assessments/{pk}/{path}") for pk in (held.pk, uuid.uuid4())]
            assert [one.status_code for one in answers] == [404, 404]
        assert str(held.pk) not in stranger.get("/assessments/").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_offices_and_cluster_organisations_assess_and_nobody_else(client_of, role) -> None:
    expected = 200 if role in CLUSTERS else 302 if role == Role.PUBLIC else 404
    assert client_of(role).get("/assessments/").status_code == expected
    assert client_of(role).get("/assessments/new/").status_code == expected


def test_a_cluster_organisation_assesses_its_own_cluster_only(begun, client_of, published) -> None:
    client, held = begun(Role.CLUSTER)
    assert held.organisation.kind == Role.CLUSTER
    from gaoyuan.portal.snapshots.models import Part

    listed: Any = Part.objects.get(snapshot=published, kind="clusters", audience="public").content()
    foreign = next(one for one in listed["cluster_id"] if one != held.subject)
    given = {"edition": "cn-sme-cluster.2022", "application": "new", "as_of": "2026-06-01"}
    told = [
        client.post("/assessments/new/", {**given, "cluster": one}).content.decode() for one in (foreign, "999999-0000")
    ]
    assert all("没有这个集群" in one for one in told)
    assert Assessment.unscoped.count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"as_of": "1850-01-01"}, "2000"),
        ({"as_of": "2099-01-01"}, "2000"),
        ({"as_of": "yesterday"}, "日期"),
        ({"edition": "no-such"}, "no-such"),
        ({"cluster": ""}, ""),
    ],
)
def test_what_cannot_begin_is_told_and_kept(client_of, cluster, wrong, told) -> None:
    given = {"cluster": cluster["id"], "edition": "cn-sme-cluster.2022", "application": "new", "as_of": "2026-06-01"}
    answer = client_of(Role.COUNTY).post("/assessments/new/", {**given, **wrong})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert told in html
    assert "errorlist" in html
    assert Assessment.unscoped.count() == 0


def test_every_edition_of_clusters_can_be_begun_saved_and_told(begun, sent_by) -> None:
    from gaoyuan.portal.assessments.judging import cluster_editions

    for one in cluster_editions():
        client, held = begun(edition=one.key, application=next(iter(one.effective)))
        fields = sent_by(_page(client, held), "facts")
        data = Judgement.unscoped.get(assessment=held).data
        assert client.post(f"/assessments/{held.pk}/", {**fields, "action": "save"}).status_code == 302
        again = Judgement.unscoped.get(assessment=held)
        # Saving what was filled in changes nothing.
        assert again.changed == [], one.key
        assert again.data == data, one.key
        assert verdict_of(data["verdict"]).as_data() == data["verdict"]
        assert diagnosis_of(data["diagnosis"]).as_data() == data["diagnosis"]


def test_a_setting_that_the_rule_does_not_take_is_told(begun, sent_by) -> None:
    client, held = begun()
    fields = sent_by(_page(client, held), "facts")
    fields["setting-sme_rd_growth_above"] = ["much"]
    told = client.post(f"/assessments/{held.pk}/", {**fields, "action": "save"}, follow=True).content.decode()
    assert "应为数值" in told
    fields = sent_by(_page(client, held), "facts")
    fields["setting-sme_rd_growth_above"] = ["10%"]
    client.post(f"/assessments/{held.pk}/", {**fields, "action": "save"})
    held.refresh_from_db()
    assert held.chosen == {"sme_rd_growth_above": "10%"}
    assert Judgement.unscoped.get(assessment=held).data["verdict"]["settings"]["sme_rd_growth_above"] == 0.1


def test_the_criteria_are_a_file_too(begun) -> None:
    client, held = begun()
    assert "1.5" in client.get(f"/assessments/{held.pk}/?format=csv&table=criteria").content.decode("utf-8-sig")
    book = client.get(f"/assessments/{held.pk}/?format=xlsx&table=criteria").content
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book)).namelist()
    assert held.subject in client.get("/assessments/?format=csv").content.decode("utf-8-sig")


def test_a_save_that_is_cut_off_leaves_nothing_half(begun, sent_by, monkeypatch) -> None:
    client, held = begun()
    fields = sent_by(_page(client, held), "facts")
    before = (held.revision, Judgement.unscoped.get(assessment=held).data)

    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Judgement, "save", cut_off)
        with pytest.raises(KeyboardInterrupt):
            client.post(f"/assessments/{held.pk}/", {**fields, "value-area_km2:": ["55"], "action": "save"})
    held.refresh_from_db()
    assert (held.revision, Judgement.unscoped.get(assessment=held).data) == before
    assert "55" not in [one["text"] for one in held.facts]


@pytest.mark.parametrize(
    ("value", "least", "most", "said"),
    [
        (23.8, None, None, "23.8 km²"),
        (None, 0.0, None, ""),
        (None, 12.0, None, "≥ 12 km²"),
        (None, None, 90.0, "≤ 90 km²"),
        (None, 0.0, 90.0, "0 km² … 90 km²"),
        (0.0, None, None, "0 km²"),
    ],
)
def test_what_is_not_known_is_no_number(value, least, most, said) -> None:
    verdict = {"value": value, "least": least, "most": most, "unit_zh": "平方公里", "unit_en": "km²"}
    with override("en"):
        assert Section(verdict, None, "number").value == said
