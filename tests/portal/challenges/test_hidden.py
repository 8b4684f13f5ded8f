"""What a challenge hides stays hidden: the private part of a need, who answers and what they say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.cases.attachments import Attachment
from gaoyuan.portal.cases.models import Case, Notice, RecordDetail
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.challenges.models import Answer, PublicChallenge
from gaoyuan.portal.challenges.seeing import answers_seen_by, contracts_seen_by, needs_seen_by, support_seen_by

from .conftest import SECRET_CONDITION, chosen

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
KEPT_BACK = ("甲涂料厂", SECRET_CONDITION, "王工", "13900000000", "10 万元以内")
PUBLIC_PATHS = ("/challenges/", "/challenges/?format=csv", "/challenges/?q=涂料", "/challenges/?q=七号炉")


def everywhere(case: Case, published: PublicChallenge | None = None) -> list[str]:
    paths = ["/services/", "/services/notices/", "/services/challenge/", "/services/challenge/?format=csv"]
    paths += ["/challenges/support/?format=csv", "/services/calendar.ics", *PUBLIC_PATHS]
    return paths + ([f"/challenges/{published.pk}/"] if published else [])


def test_everybody_reads_the_public_part_and_nothing_else(people, published) -> None:
    visitor = Client(headers={"accept-language": "zh-hans"})
    page = visitor.get(f"/challenges/{published.pk}/").content.decode()
    assert "■■■■寻高温涂层" in page
    assert "1200 度 500 小时" in page
    for path in (*PUBLIC_PATHS, f"/challenges/{published.pk}/"):
        text = visitor.get(path).content.decode()
        assert not [secret for secret in KEPT_BACK if secret in text], path
        assert str(published.case.pk) not in text
    assert "寻高温涂层" not in visitor.get("/challenges/?q=七号炉").content.decode()


def test_other_firms_and_offices_aside_learn_nothing_beyond_the_public_part(people, published) -> None:
    case = published.case
    for name in ("乙科技", "丁旁观", "邻县局"):
        for path in everywhere(case, published):
            text = people[name].reads(path)
            assert not [secret for secret in KEPT_BACK if secret in text], (name, path)
            assert str(case.pk) not in text, (name, path)
        for path in (f"/services/case/{case.pk}/", f"/challenges/case/{case.pk}/answers/"):
            assert people[name].client.get(path).status_code == 404
        assert not needs_seen_by(people[name].viewer).exists()
        moved = people[name].client.post(f"/services/case/{case.pk}/answer/", {"answer-size_checked": "on"})
        assert moved.status_code == 404


def test_before_the_deadline_nobody_sees_who_has_answered_or_what(people, answered) -> None:
    case = answered.case
    for name in ("甲涂料厂", "县局", "市局", "省厅", "邻县局", "丁旁观"):
        person = people[name]
        assert not answers_seen_by(person.viewer).exists()
        paths = everywhere(case, answered)
        if name not in ("邻县局", "丁旁观"):
            paths += [f"/services/case/{case.pk}/", f"/challenges/case/{case.pk}/answers/?format=csv"]
            paths += [f"/services/case/{case.pk}/tender.json"]
        for path in paths:
            text = person.reads(path)
            said = [one for one in ("乙科技", "丙材料", "等离子喷涂", "溶胶凝胶法") if one in text]
            assert not said, (name, path, said)
    assert answers_seen_by(people["乙科技"].viewer).count() == 1
    page = people["乙科技"].reads(f"/challenges/{answered.pk}/")
    assert "等离子喷涂" in page
    assert "溶胶凝胶法" not in page


def test_a_copy_of_the_database_alone_tells_neither_answers_nor_needs(people, answered) -> None:
    rows = [*Answer.unscoped.values_list("data", "digest"), *RecordDetail.unscoped.values_list("plain")]
    held = str([*rows, *answered.case.need.__dict__.values()])
    for secret in ("等离子喷涂", "溶胶凝胶法", SECRET_CONDITION, "13900000000"):
        assert secret not in held


def test_an_attached_file_is_sealed_until_the_deadline(people, published) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    solver = people["乙科技"]
    wrong = SimpleUploadedFile("plan.pdf", b"MZ\x90\x00 no pdf at all" * 20)
    assert "errorlist" in solver.answers(published, files=wrong)
    assert solver.answers(published, files=SimpleUploadedFile("plan.pdf", PDF)) == ""
    held = Attachment.unscoped.get()
    assert held.sealed
    # Whoever has sent it reads it, and finds it on the page of the own answer.
    address = f"/services/attachment/{held.number}/"
    assert f'<a href="{address}">plan.pdf</a>' in solver.reads(f"/challenges/{published.pk}/")
    assert solver.client.get(address).content == PDF
    assert address not in people["丙材料"].reads(f"/challenges/{published.pk}/")
    for name in ("甲涂料厂", "县局", "省厅"):
        assert people[name].client.get(f"/services/attachment/{held.number}/").status_code == 404
    pass_deadlines(timezone.now() + dt.timedelta(days=11))
    for name in ("甲涂料厂", "县局", "省厅"):
        assert people[name].client.get(f"/services/attachment/{held.number}/").content == PDF
    assert people["丙材料"].client.get(f"/services/attachment/{held.number}/").status_code == 404


def test_after_the_deadline_the_firm_and_its_offices_see_the_answers_and_no_rival_does(people, opened) -> None:
    for name in ("甲涂料厂", "县局", "省厅"):
        text = people[name].reads(f"/challenges/case/{opened.pk}/answers/?format=csv")
        assert "等离子喷涂" in text
        assert "溶胶凝胶法" in text
    assert "乙科技" in people["甲涂料厂"].reads(f"/services/case/{opened.pk}/")
    assert [one.organisation.name for one in answers_seen_by(people["乙科技"].viewer)] == ["乙科技"]
    assert people["乙科技"].client.get(f"/challenges/case/{opened.pk}/answers/").status_code == 404


def test_an_answer_that_was_taken_back_leaves_no_trace_for_others(people, answered) -> None:
    firm, solver = people["甲涂料厂"], people["乙科技"]
    assert solver.client.post(f"/challenges/{answered.pk}/answer/", {"withdraw": "1"}).status_code == 302
    pass_deadlines(timezone.now() + dt.timedelta(days=11))
    assert "乙科技" not in firm.reads(f"/services/case/{answered.case.pk}/")
    assert not Notice.unscoped.filter(organisation=solver.organisation, line__plain__move="close").exists()


def test_the_solver_reads_the_whole_need_once_it_has_signed_and_a_lost_one_nothing(people, opened) -> None:
    solver, path = people["乙科技"], f"/services/case/{opened.pk}/"
    assert chosen(people, opened, "乙科技") == ""
    assert SECRET_CONDITION not in solver.reads(path)
    assert not needs_seen_by(solver.viewer).exists()
    assert solver.moves(opened, "decline", why="产能不足") == ""
    assert solver.client.get(path).status_code == 404
    assert not contracts_seen_by(solver.viewer).exists()
    assert not support_seen_by(solver.viewer).exists()
    assert chosen(people, opened, "丙材料") == ""
    assert people["丙材料"].moves(opened, "sign", agreed="on") == ""
    page = people["丙材料"].reads(path)
    assert SECRET_CONDITION in page
    assert "乙科技" not in page
    assert "乙科技" not in people["丙材料"].reads(f"{path}tender.json")
    assert solver.client.get(path).status_code == 404


def test_notices_lead_who_answers_to_the_public_page(people, opened) -> None:
    page = people["乙科技"].reads("/services/notices/")
    assert f"/challenges/{opened.published.pk}/" in page
    assert str(opened.pk) not in page
    assert f"/services/case/{opened.pk}/" in people["甲涂料厂"].reads("/services/notices/")


@pytest.mark.parametrize("name", ["县局", "市局", "邻县局"])
def test_only_the_provincial_office_screens(people, handed_in, name) -> None:
    for move in ("admit", "reject", "support"):
        answer = people[name].client.post(f"/services/case/{handed_in.pk}/{move}/", {f"{move}-why": "x"})
        assert answer.status_code == 404
