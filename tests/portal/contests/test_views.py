"""A contest rehearsed over HTTP, from its beginning to its results, with organiser, judges and contestants."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gaoyuan.assess import contest as engine
from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.contests.acting import EXAMPLE
from gaoyuan.portal.contests.keeping import unlocked
from gaoyuan.portal.contests.models import Contest, Entry, Seat, Sheet

EXAMPLES = Path(__file__).parents[3] / "examples"
SMALL = """
format: gaoyuan-contest/1
id: small
title: {zh: 小竞赛, en: Small contest}
tracks:
  - id: t
    title: {zh: 赛道, en: Track}
    groups: [{id: g, title: {zh: 小组, en: Group}}]
    advance: 2
    classes:
      - {id: winner, title: {zh: 优胜, en: Winner}, places: 1}
      - {id: next, title: {zh: 培育, en: Candidate}, places: 1}
criteria:
  - {id: quality, title: {zh: 质量, en: Quality}, max: 10}
  - {id: plan, title: {zh: 方案, en: Plan}, max: 10}
panel: {group: {size: 2, min_scores: 2}, final: {size: 2, min_scores: 2}}
deadlines:
  entries: 2027-03-31T18:00+08:00
  group_scoring: 2027-04-30T18:00+08:00
  final_scoring: 2027-05-31T18:00+08:00
  appeals: 2027-06-20T18:00+08:00
"""


def _signed_in(name: str, kind: Role, parent: Role | None = Role.COUNTY) -> Client:
    above = Organisation.objects.get(kind=parent) if parent else None
    organisation = Organisation.objects.create(name=f"机构{name}", kind=kind, parent=above)
    user = User.objects.create_user(name, f"{name}@example.org", "a long enough phrase 49")
    Membership.objects.create(user=user, organisation=organisation)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


class Rehearsal:
    """The small contest, and its organiser."""

    def __init__(self, office: Client) -> None:
        self.office = office
        file = SimpleUploadedFile("small.yaml", SMALL.encode())
        given = {"from": "file", "file": file, "rehearsal": "on", "at": "2027-03-01T09:00"}
        answer = office.post("/contests/new/", given)
        assert answer.status_code == 302, answer.content.decode()
        self.row = Contest.unscoped.get()

    @property
    def state(self) -> engine.ContestState:
        return engine.replay(self.row.record)

    def act(self, name: str, at: str = "", /, **given: object) -> str:
        answer = self.office.post(f"/contests/{self.row.pk}/act/", {"act": name, "at": at, **given})
        assert answer.status_code in (200, 302)
        return answer.content.decode()

    def done(self, name: str, at: str = "", /, **given: object) -> str:
        before = self.state.events
        html = self.act(name, at, **given)
        assert self.state.events > before or name in ("clock", "publish", "link"), html
        return html

    def seat(self, judge: str, client: Client, **given: object) -> str:
        html = self.done("judge", judge=judge, name=f"评委{judge}", groups=["g"], finals=["t"], **given)
        link = re.search(r'value="http://testserver(/contests/judge/[^"]+)"', html)
        assert link is not None
        assert "评委" in client.get(link[1]).content.decode()
        answer = client.post(link[1])
        # The link works once.
        assert client.get(link[1]).status_code == 404
        return answer["Location"]


@pytest.fixture
def rehearsal(client_of) -> Rehearsal:
    return Rehearsal(client_of(Role.COUNTY))


def _sheet(html: str, points: dict[str, tuple[str, str]]) -> dict[str, str]:
    names = re.findall(r'name="(points-[^"]+)"', html)
    assert names
    return {name: points[name.split("-")[1]][name.endswith("plan")] for name in names}


def test_rehearsed_from_new_to_result(rehearsal, client_of) -> None:
    first, second = client_of(Role.JUDGE), _signed_in("judge2", Role.JUDGE, None)
    seats = [rehearsal.seat("J1", first), rehearsal.seat("J2", second)]
    contestants = [client_of(Role.CLUSTER), _signed_in("firm2", Role.ENTERPRISE), _signed_in("firm3", Role.CLUSTER)]
    address = f"/contests/{rehearsal.row.pk}/"
    # Nobody knows of it before entries are open.
    assert contestants[0].get(f"{address}enter/").status_code == 404
    rehearsal.done("advance", "2027-03-02T09:00")
    for number, client in enumerate(contestants):
        assert "小竞赛" in client.get("/contests/").content.decode()
        client.post(f"{address}enter/", {"act": "enter", "name": f"集群{number}", "group": "g"})
    again = contestants[0].post(f"{address}enter/", {"act": "enter", "name": "又一个", "group": "g"})
    assert "已报名" in again.content.decode()
    assert list(rehearsal.state.entrants) == ["E1", "E2", "E3"]
    assert "未到" in rehearsal.act("advance", "2027-03-03T09:00")
    rehearsal.done("advance", "2027-04-01T09:00")
    rehearsal.done("advance")
    points = {"E1": ("9", "8.5"), "E2": ("7", "7"), "E3": ("5", "4")}
    html = first.get(seats[0]).content.decode()
    sheet = _sheet(html, points)
    wrong = first.post(seats[0], {**sheet, "points-E1-quality": "11", "points-E2-plan": "many", "act": "seal"})
    told = wrong.content.decode()
    assert "满分" in told
    assert "不是数字" in told
    assert 'value="11"' in told
    assert 'value="many"' in told
    assert Sheet.unscoped.count() == 0
    for client, seat in zip((first, second), seats, strict=True):
        assert client.post(seat, {**sheet, "act": "seal"}).status_code == 302
    _nobody_sees_scores(rehearsal, seats, first, second, contestants)
    rehearsal.done("open", "2027-04-20T10:00")
    assert rehearsal.state.stage == "group_opened"
    rehearsal.done("advance", "2027-05-11T09:00")
    assert rehearsal.state.finalists == {"t": ("E1", "E2")}
    for client, seat in zip((first, second), seats, strict=True):
        html = client.get(seat).content.decode()
        assert "E3" not in re.findall(r"points-(E\d)", html)
        client.post(seat, {**_sheet(html, {"E1": ("8", "8"), "E2": ("8", "8")}), "act": "seal"})
    rehearsal.done("open", "2027-05-20T10:00")
    # Both have the same score: the program breaks no tie at a boundary.
    assert "待决: class:t:winner" in rehearsal.office.get(address).content.decode()
    rehearsal.done("decide", matter="class:t:winner", chosen=["E2"], reason="评审委员会投票")
    assert client_of(Role.PUBLIC).get(f"{address}results/").status_code == 404
    assert "公示" in rehearsal.act("publish")
    rehearsal.done("advance", "2027-06-01T09:00")
    rehearsal.done("publish")
    rehearsal.done("advance", "2027-06-02T09:00")
    contestants[0].post(f"{address}enter/", {"act": "appeal", "round": "final", "reason": "评分偏低"})
    rehearsal.done("decide_appeal", "2027-06-15T09:00", appeal="appeal-1", upheld="no", reason="评分无误")
    rehearsal.done("advance", "2027-06-21T09:00")
    public = client_of(Role.PUBLIC)
    html = public.get(f"{address}results/").content.decode()
    assert "逐字节重算一致" in html
    assert "演练" in html
    assert "集群1" in html
    record = public.get(f"{address}results/file.jsonl").content
    document = public.get(f"{address}results/file.json").content
    engine.verify_result(record, document)
    assert engine.replay(record).stage == "final"
    assert public.get(f"{address}results/file.xlsx").content.startswith(b"PK")
    assert "集群1" in public.get(f"{address}results/?format=csv&table=results").content.decode("utf-8-sig")
    assert str(rehearsal.row.pk) in public.get("/contests/").content.decode()
    assert "小竞赛" in public.get("/contests/?format=csv").content.decode("utf-8-sig")


def _nobody_sees_scores(rehearsal, seats, first, second, contestants) -> None:
    address = f"/contests/{rehearsal.row.pk}/"
    for client, path in (
        (rehearsal.office, address),
        (rehearsal.office, f"{address}results/"),
        (rehearsal.office, f"{address}results/file.jsonl"),
        (contestants[0], f"{address}enter/"),
    ):
        assert "8.5" not in client.get(path).content.decode()
    assert "8.5" in first.get(seats[0]).content.decode()
    assert first.get(seats[1]).status_code == second.get(seats[0]).status_code == 404
    # Moments have digits of their own.
    logged = re.sub(r"\d+:[\d.:+]+", "", "".join(str(one.changes) for one in LogEntry.objects.all()))
    assert "8.5" not in logged
    assert Sheet.unscoped.count() == 2


def test_the_organiser_takes_entrants_and_judges_as_files(rehearsal, client_of) -> None:
    rehearsal.seat("J1", client_of(Role.JUDGE))
    rehearsal.done("advance", "2027-03-02T09:00")
    rehearsal.done("enter", entrant="E1", name="集群甲", group="g", counties="370202")
    address = f"/contests/{rehearsal.row.pk}/"
    page = rehearsal.office.get(address).content.decode()
    for table, row in (
        ("entrants", ["E1", "集群甲", "g", "", "370202", "是", ""]),
        ("judges", ["J1", "评委J1", "g", "t"]),
    ):
        assert f'href="{address}?table={table}&amp;format=csv"' in page
        sent = rehearsal.office.get(f"{address}?table={table}&format=csv").content.decode("utf-8-sig")
        assert next(csv.reader(sent.splitlines()[1:]))[: len(row)] == row
        assert client_of(Role.CLUSTER).get(f"{address}?table={table}&format=csv").status_code == 404


def test_a_judge_who_declares_a_conflict_scores_that_entrant_no_more(rehearsal, client_of) -> None:
    judge = client_of(Role.JUDGE)
    seat = rehearsal.seat("J1", judge)
    rehearsal.done("judge", judge="J2", name="乙", groups=["g"], finals=["t"])
    rehearsal.done("judge", judge="J3", name="丙", groups=["g"], finals=["t"])
    rehearsal.done("advance", "2027-03-02T09:00")
    for name in ("A1", "A2"):
        rehearsal.done("enter", entrant=name, name=f"集群{name}", group="g", organisations="促进中心；协会")
    rehearsal.done("advance", "2027-04-01T09:00")
    rehearsal.done("advance")
    declared = judge.post(seat, {"act": "conflict", "entrant": "A1", "reason": "曾任顾问"})
    assert declared.status_code == 302, re.findall(r'class="message error"[^<]*<', declared.content.decode())
    html = judge.get(seat).content.decode()
    assert "points-A2" in html
    assert "points-A1" not in html
    assert "曾任顾问" in html


@pytest.fixture
def scored(rehearsal: Rehearsal, client_of) -> tuple[Rehearsal, Client, str]:
    """A contest whose groups are being scored; its first judge, and his seat."""
    judge = client_of(Role.JUDGE)
    seat = rehearsal.seat("J1", judge)
    rehearsal.done("judge", judge="J2", name="乙", groups=["g"], finals=["t"])
    rehearsal.done("advance", "2027-03-02T09:00")
    for name in ("A1", "A2"):
        rehearsal.done("enter", entrant=name, name=f"集群{name}", group="g", organisations="促进中心；协会")
    rehearsal.done("advance", "2027-04-01T09:00")
    rehearsal.done("advance")
    return rehearsal, judge, seat


def _filled(body: bytes, points: Mapping[str, tuple[float | str | None, ...]]) -> SimpleUploadedFile:
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book.worksheets[0]
    for row in range(6, page.max_row + 1):
        for at, given in enumerate(points[str(page.cell(row, 1).value)], start=4):
            page.cell(row, at, given)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("sheet.xlsx", out.getvalue())


def test_a_judge_fills_a_workbook_and_seals_it_and_another_before_the_opening(scored) -> None:
    rehearsal, judge, seat = scored
    form = judge.get(f"{seat}sheet.xlsx").content

    def send(points: Mapping[str, tuple[float | str | None, ...]]) -> str:
        answer = judge.post(seat, {"act": "upload", "file": _filled(form, points)}, follow=True)
        return answer.content.decode()

    told = send({"A1": (11, 7), "A2": ("many", None)})
    assert "未密封" in told
    assert [place in told for place in ("第6行", "第7行", "D列", "E列")] == [True] * 4
    assert Sheet.unscoped.count() == 0
    assert 'value="9.4"' not in send({"A1": (8.5, 7), "A2": (6, 5)})
    assert 'value="9.4"' in send({"A1": (9.4, 7), "A2": (6, 5)})
    first, last = Sheet.unscoped.order_by("pk")
    assert rehearsal.state.commitments["group"] == {"J1": last.commitment} != {"J1": first.commitment}
    rehearsal.done("set_aside", "2027-05-02T09:00", judge="J2", reason="病假")
    rehearsal.done("open", with_few="on")
    assert rehearsal.state.sheets["group"]["J1"]["A1"]["quality"] == "9.4"
    assert judge.get(f"{seat}sheet.xlsx").status_code == 404


def test_sealed_sheets_are_encrypted_with_a_key_of_the_portal(scored, settings) -> None:
    rehearsal, judge, seat = scored
    points = {"A1": ("9.4", "7"), "A2": ("6", "5")}
    judge.post(seat, {**_sheet(judge.get(seat).content.decode(), points), "act": "seal"})
    (kept,) = Sheet.unscoped.all()
    assert "9.4" not in kept.data
    assert "quality" not in kept.data
    assert "9.4" in judge.get(seat).content.decode()
    # Who is signed in stays so.
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, as after a restore without its file"
    assert "密钥已更换" in rehearsal.act("open", "2027-05-02T09:00", with_few="on")
    assert rehearsal.state.stage == "group_scoring"


@pytest.mark.parametrize(
    ("name", "body"), [("x.xlsx", b"PK\x03\x04 none"), ("x.xlsx", b""), ("x.exe", b"MZ"), ("x.csv", b"\xff\x00,1")]
)
def test_a_sheet_that_cannot_be_read_is_told(scored, name, body) -> None:
    _, judge, seat = scored
    answer = judge.post(seat, {"act": "upload", "file": SimpleUploadedFile(name, body)})
    assert answer.status_code == 200
    assert "message error" in answer.content.decode()
    assert "/tmp" not in answer.content.decode()
    assert Sheet.unscoped.count() == 0


def test_sheets_of_before_are_encrypted_by_the_migration(scored) -> None:
    _, judge, seat = scored
    points = {"A1": ("9.5", "7"), "A2": ("6", "5")}
    judge.post(seat, {**_sheet(judge.get(seat).content.decode(), points), "act": "seal"})
    kept = Sheet.unscoped.get()
    Sheet.unscoped.update(data=unlocked(kept.data))
    encrypt = import_module("gaoyuan.portal.contests.migrations.0002_sheets_encrypted").encrypt
    for _round in range(2):
        encrypt(apps, None)
        assert unlocked(Sheet.unscoped.get().data) == unlocked(kept.data)


def test_registers_are_taken_whole_or_not_at_all(client_of) -> None:
    office = client_of(Role.PROVINCE)
    office.post("/contests/new/", {"from": "example", "rehearsal": "on", "at": "2027-03-01T09:00"})
    row = Contest.unscoped.get()
    address = f"/contests/{row.pk}/act/"

    def send(act: str, name: str, body: bytes, at: str = "") -> str:
        file = SimpleUploadedFile(name, body)
        return office.post(address, {"act": act, "file": file, "at": at}).content.decode()

    judges = (EXAMPLES / "contest_judges.csv").read_bytes()
    assert send("panel", "judges.csv", judges).count("/contests/judge/") == 3
    assert Seat.unscoped.count() == 3
    assert "第 1 条" in send("panel", "judges.csv", judges)
    office.post(address, {"act": "advance", "at": "2027-03-02T09:00"})
    entries = (EXAMPLES / "contest_entries.csv").read_text("utf-8")
    bad = entries + "A9,集群,nowhere,中心,某县\n"
    before = Contest.unscoped.get().events
    assert "nowhere" in send("entries", "entries.csv", bad.encode())
    assert Contest.unscoped.get().events == before
    send("entries", "entries.csv", entries.encode())
    assert len(engine.replay(Contest.unscoped.get().record).entrants) == 7
    for name, body in (
        ("x.exe", b"MZ"),
        ("x.csv", b""),
        ("x.xlsx", b"PK\x03\x04 not a workbook"),
        ("x.csv", b"\xff\xfe\x00"),
    ):
        html = send("entries", name, body)
        assert "message error" in html
        assert "/tmp" not in html


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\x01",
        b"- just a list",
        b"{" * 5000,
        b"a: &a [1,1]\nb: &b [*a,*a,*a]\nformat: *b\n",
        SMALL.replace("max: 10", "max: -1").encode(),
        SMALL.replace("id: small", "id: " + "x" * 5000).encode(),
        SMALL.replace("2027-05-31T18:00+08:00", "2027-02-31T18:00+08:00").encode(),
    ],
)
def test_a_definition_that_cannot_be_used_is_told(client_of, body) -> None:
    file = SimpleUploadedFile("d.yaml", body)
    answer = client_of(Role.COUNTY).post("/contests/new/", {"from": "file", "file": file})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "message error" in html
    assert "/tmp" not in html
    assert Contest.unscoped.count() == 0


def test_the_example_is_the_one_of_the_documentation() -> None:
    assert EXAMPLE.read_text("utf-8") == (EXAMPLES / "contest.yaml").read_text("utf-8")


def test_a_foreign_contest_is_answered_like_one_that_does_not_exist(rehearsal, client_of) -> None:
    other = _signed_in("elsewhere", Role.COUNTY, None)
    seat = rehearsal.seat("J1", client_of(Role.JUDGE))
    stranger = _signed_in("judge9", Role.JUDGE, None)
    for client, path in (
        (other, "/contests/{}/"),
        (other, "/contests/{}/results/"),
        (client_of(Role.CLUSTER), "/contests/{}/enter/"),
        (client_of(Role.PUBLIC), "/contests/{}/results/file.jsonl"),
    ):
        for pk in (rehearsal.row.pk, uuid.uuid4()):
            assert client.get(path.format(pk)).status_code == 404
    for pk in (rehearsal.row.pk, uuid.uuid4()):
        assert other.post(f"/contests/{pk}/act/", {"act": "advance"}).status_code == 404
    assert stranger.get(seat).status_code == stranger.post(seat, {"act": "seal"}).status_code == 404
    assert str(rehearsal.row.pk) not in other.get("/contests/").content.decode()
    assert Entry.unscoped.count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_offices_begin_contests(client_of, role) -> None:
    expected = 200 if role in OFFICES else 302 if role == Role.PUBLIC else 404
    client = client_of(role)
    assert client.get("/contests/new/").status_code == expected
    assert client.get("/contests/").status_code == 200
