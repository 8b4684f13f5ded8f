"""A whole contest as an office clerk runs it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gaoyuan.assess.contest.canonical import canonical, sha256
from gaoyuan.cli import clock

EXAMPLE = Path(__file__).parents[3] / "examples" / "contest.yaml"
CHINA = dt.timezone(dt.timedelta(hours=8))
ENTRIES = """参赛编号,参赛集群,小组,单位,县区
A1,轴承集群,equipment,轴承促进中心,530101
A2,机床集群,equipment,机床促进中心,530102
A3,泵阀集群,equipment,泵阀促进中心,530103
B1,钛材集群,materials,钛材促进中心,530104
B2,疫苗集群,materials,疫苗促进中心,530105
C1,毛巾集群,counties,毛巾促进中心,530106
C2,五金集群,counties,五金促进中心,530107
"""
GROUPS = "equipment;materials;counties"
JUDGES = "评委编号,姓名,单位,小组赛小组,综合赛赛道,回避参赛编号\n" + "".join(
    f"J{at},评委{at},大学{at},{GROUPS},advanced;featured,{'A3' if at == 4 else ''}\n" for at in range(1, 5)
)
OFF = {"A1": 1, "A2": 3, "A3": 5, "B1": 2, "B2": 4, "C1": 1, "C2": 6}


@pytest.fixture
def office(gaoyuan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run `gaoyuan contest VERB contest.jsonl ...` at a moment."""

    class Office:
        file = tmp_path / "contest.jsonl"
        moment = dt.datetime(2027, 3, 1, 9, tzinfo=CHINA)

        def at(self, month: int, day: int) -> None:
            self.moment = dt.datetime(2027, month, day, 9, tzinfo=CHINA)

        def __call__(self, verb: str, *arguments: object):
            monkeypatch.setattr(clock, "now", lambda: self.moment)
            return gaoyuan("contest", verb, self.file, *arguments)

        def done(self, verb: str, *arguments: object) -> str:
            ended = self(verb, *arguments)
            assert ended.code == 0, ended.err
            return ended.out

        def begin(self) -> None:
            (tmp_path / "entries.csv").write_text(ENTRIES, encoding="utf-8")
            (tmp_path / "judges.csv").write_text(JUDGES, encoding="gb18030")
            self.done("new", "--definition", EXAMPLE)
            self.done("panel", tmp_path / "judges.csv")
            self.done("advance")
            self.done("enter", "--from", tmp_path / "entries.csv")
            self.at(4, 1)
            self.done("advance")
            self.done("advance")

        def seal_all(self) -> None:
            forms = tmp_path / "forms"
            self.done("sheet", "--out", forms)
            for form in sorted(forms.glob(f"{self('show', '--json').json['stage'].split('_')[0]}-*.xlsx")):
                judge = form.stem.split("-")[1]
                book = openpyxl.load_workbook(form)
                sheet: Any = book.worksheets[0]
                for row in range(6, sheet.max_row + 1):
                    off = OFF[sheet.cell(row, 1).value] + 2 * int(judge[1])
                    for column in range(4, 10):
                        sheet.cell(row, column).value = 10 - off / 10
                book.save(form)
                self.done("seal", judge, form)

    return Office()


def test_a_whole_contest_from_the_command_line(office, tmp_path: Path):
    office.begin()
    shown = office.done("show")
    assert "小组赛评分 group scoring" in shown
    assert "J4 × A3: 申报" in shown
    assert "未交 missing: J1, J2, J3, J4" in shown
    office.seal_all()
    assert "9.1" not in office.file.read_text("utf-8")
    assert (tmp_path / "sealed" / "contest" / "group-J1.json").is_file()
    opened = office.done("open")
    assert "已开封 opened: J1, J2, J3, J4" in opened
    assert "轴承集群" in opened
    office.at(5, 11)
    office.done("advance")
    office.seal_all()
    office.done("open")
    office.done("advance")
    office.done("advance")
    filed = office("appeal", "B1", "--reason", "评分偏低", "--json").json
    assert filed["appeal"] == "appeal-1"
    assert "待决 to decide appeal-1" in office.done("show")
    office.done("decide", "appeal-1", "--uphold", "--reason", "J1 有利害关系", "--void-scores", "final:J1:B1")
    office.at(6, 21)
    office.done("advance")
    result = tmp_path / "result.json"
    assert "SHA-256" in office.done("result", "--out", result)
    document = json.loads(result.read_text("utf-8"))
    assert document["stage"] == "final"
    assert document["classes"]["advanced"]["classes"] == {"winner": ["A1", "B1"], "candidate": ["A2"]}
    assert "byte for byte" in office.done("verify", "--result", result, "--head", document["record"]["head"])
    office.done("result", "--out", tmp_path / "result.xlsx")
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    assert book.sheetnames == ["结果 results", "名次 places", "评委 judges", "说明 notes"]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][1:5] == ("省级先进制造业集群 Provincial cluster", 1, "A1", "轴承集群")
    assert "省级先进制造业集群" in office.done("result")
    assert office("result", "--json").json == document


def test_acts_at_the_wrong_time_are_refused_with_the_deadline(office, tmp_path: Path):
    office.begin()
    late = office("enter", "--entrant", "A9", "--name", "集群", "--group", "equipment")
    assert (late.code, late.out) == (3, "")
    assert "当前为“小组赛评分 group scoring”" in late.err
    refused = office("advance", "--json")
    assert refused.code == 3
    assert json.loads(refused.err)["error"]["mend"].endswith("it goes on by itself.")
    office.at(5, 1)
    office.done("sheet", "J1", "--out", tmp_path / "form.json")
    form = json.loads((tmp_path / "form.json").read_text("utf-8"))
    for row in form["scores"].values():
        row.update(dict.fromkeys(row, 1))
    (tmp_path / "form.json").write_text(json.dumps(form), encoding="utf-8")
    late = office("seal", "J1", tmp_path / "form.json")
    assert late.code == 3
    assert "the deadline for group scoring is past: 2027-04-30T18:00:00+08:00" in late.err
    office.done("extend", "group_scoring", "2027-05-05T18:00+08:00", "--reason", "评委生病")
    office.done("seal", "J1", tmp_path / "form.json")


def test_a_form_that_stands_already_is_written_over_only_when_forced(office, tmp_path: Path):
    office.begin()
    (tmp_path / "forms").mkdir()
    filled = tmp_path / "forms" / "group-J2.xlsx"
    filled.write_bytes(b"filled in")
    for arguments in (("sheet", "--out", tmp_path / "forms"), ("sheet", "J2", "--out", filled)):
        refused = office(*arguments)
        assert refused.code == 2
        assert str(filled) in refused.err
        assert "--force" in refused.err
    assert [*(tmp_path / "forms").iterdir()] == [filled]
    assert filled.read_bytes() == b"filled in"
    office.done("sheet", "--out", tmp_path / "forms", "--force")
    assert filled.read_bytes().startswith(b"PK")


def test_a_wrong_form_is_refused_by_cell_and_nothing_is_recorded(office, tmp_path: Path):
    office.begin()
    office.done("sheet", "J1", "--out", tmp_path / "form.xlsx")
    before = office.file.read_bytes()
    refused = office("seal", "J1", tmp_path / "form.xlsx")
    assert refused.code == 2
    assert "第6行 row 6 D列 column D: A1" in refused.err
    assert office.file.read_bytes() == before


def test_a_register_is_taken_whole_or_not_at_all(office, tmp_path: Path):
    office.done("new", "--definition", EXAMPLE)
    office.done("advance")
    (tmp_path / "entries.csv").write_text(ENTRIES + "A1,又一个,equipment,,\n", encoding="utf-8")
    refused = office("enter", "--from", tmp_path / "entries.csv")
    assert refused.code == 3
    assert "第 8 条 entry 8" in refused.err
    assert office("show", "--json").json["entrants"]["equipment"] == []
    office.done("enter", "--entrant", "A1", "--name", "集群", "--group", "equipment", "--county", "530101")
    office.done("withdraw", "A1", "--reason", "经费不足")
    assert office("show", "--json").json["entrants"]["equipment"] == []


def test_a_record_that_was_changed_is_named_by_its_line(office):
    office.begin()
    data = office.file.read_bytes()
    office.file.write_bytes(data.replace("轴承".encode(), "轴成".encode(), 1))
    broken = office("verify")
    assert broken.code == 2
    line = 1 + data[: data.index("轴承".encode())].count(b"\n")
    assert f"第 {line} 行 line {line}" in broken.err
    assert office("show").code == 2
    office.file.write_bytes(b"".join(data.splitlines(keepends=True)[:-1]))
    head = json.loads(data.splitlines()[-1])["hash"]
    office.done("verify")
    assert "lacks lines at its end" in office("verify", "--head", head).err


def test_a_missing_sheet_is_named_at_the_opening_and_may_be_set_aside(office, tmp_path: Path):
    office.begin()
    office.seal_all()
    (tmp_path / "sealed" / "contest" / "group-J2.json").unlink()
    refused = office("open")
    assert refused.code == 3
    assert "J2 评委2: 密封评分表不在 the sealed sheet is missing" in refused.err
    office.done("set-aside", "J2", "--reason", "遗失")
    assert "J1, J3, J4" in office.done("open")


def test_a_tie_at_the_boundary_is_shown_and_decided_with_a_reason(office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(OFF, "A3", OFF["A2"])
    office.begin()
    office.done("set-aside", "J4", "--reason", "与 A3 有利害关系，不参加本轮")
    office.seal_all()
    office.done("open")
    assert "待定 undecided" in office.done("result")
    office.at(5, 11)
    refused = office("advance")
    assert refused.code == 3
    assert "advance:equipment: 晋级" in refused.err
    assert office("decide", "advance:equipment", "--uphold", "--reason", "…").code == 3
    office.done("decide", "advance:equipment", "--choose", "A3", "--reason", "抽签")
    office.done("advance")
    assert office("show", "--json").json["finalists"]["advanced"] == ["A1", "A3", "B1", "B2"]


def test_judges_conflicts_and_dismissals(office, tmp_path: Path):
    office.done("new", "--definition", EXAMPLE)
    (tmp_path / "judges.csv").write_text(JUDGES, encoding="utf-8")
    office.done("panel", tmp_path / "judges.csv")
    office.done("dismiss", "J4", "--reason", "生病")
    office.done("advance")
    office.done("enter", "--entrant", "A1", "--name", "集群", "--group", "equipment")
    office.done("conflict", "J1", "A1", "--reason", "亲属任职")
    shown = office("show", "--json").json
    assert shown["judges"]["group"]["equipment"] == ["J1", "J2", "J3"]
    assert [(one["judge"], one["entrant"]) for one in shown["exclusions"]["group"]] == [("J1", "A1")]


def test_empty_registers_can_be_written(gaoyuan, tmp_path: Path):
    for form in ("entries", "judges"):
        assert gaoyuan("contest", "template", form, "--out", tmp_path / f"{form}.xlsx").code == 0
        assert openpyxl.load_workbook(tmp_path / f"{form}.xlsx").worksheets[0].max_row == 1


def test_a_contest_is_never_written_over_another(office):
    office.done("new", "--definition", EXAMPLE)
    again = office("new", "--definition", EXAMPLE)
    assert again.code == 2
    assert "文件已存在 the file exists" in again.err


def test_the_help_lists_what_a_clerk_can_do(gaoyuan):
    shown = gaoyuan("contest", "--help")
    for verb in (
        "new",
        "enter",
        "panel",
        "advance",
        "sheet",
        "seal",
        "open",
        "appeal",
        "decide",
        "show",
        "result",
        "verify",
    ):
        assert f" {verb} " in shown.out


def fill(form: Path, contest: str) -> None:
    """Fill a form as its judge would: the maximum less the cluster's tenths."""
    book = openpyxl.load_workbook(form)
    sheet: Any = book.worksheets[0]
    assert sheet["B1"].value == contest
    for row in range(6, sheet.max_row + 1):
        for column in range(4, 10):
            sheet.cell(row, column).value = 10 - OFF[sheet.cell(row, 1).value] / 10
    book.save(form)


def test_the_shipped_example_is_rehearsed_to_its_end_as_the_page_shows(
    gaoyuan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    page = EXAMPLE.parents[1] / "docs" / "methods" / "contest.md"
    (block,) = re.findall(r"^```text\n(gaoyuan contest .*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for file in EXAMPLE.parent.glob("contest*"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    unmarked: list[str] = []
    for line in block.splitlines():
        form = re.search(r"forms/\w+-J1[.]xlsx", line)
        for judge in ("J1", "J2", "J3") if form else ("",):
            words = shlex.split(line.replace("J1", judge) if judge else line, comments=True)
            if form:
                fill(Path(form[0].replace("J1", judge)), "rehearsal:yunling-2027")
            ended = gaoyuan(*words[1:])
            assert ended.code == 0, (line, ended.err)
            if "演练" not in ended.out or "rehearsal" not in ended.out:
                unmarked.append(line)
    assert unmarked == []
    events = [json.loads(line) for line in Path("trial.jsonl").read_bytes().splitlines()]
    assert events[0]["body"]["rehearsal"] is True
    assert [events[0]["at"], events[-1]["at"]] == ["2027-03-01T09:00:00+08:00", "2027-06-21T09:00:00+08:00"]
    document = json.loads(Path("result.json").read_text("utf-8"))
    assert (document["rehearsal"], document["contest"], document["stage"]) == (True, "rehearsal:yunling-2027", "final")
    assert document["classes"]["advanced"]["classes"] == {"winner": ["A1", "B1"], "candidate": ["A2"]}
    assert [appeal["upheld"] for appeal in document["appeals"]] == [False]
    assert "演练" in gaoyuan("contest", "result", "trial.jsonl").out
    assert all(name.startswith("演练 rehearsal ") for name in openpyxl.load_workbook("provisional.xlsx").sheetnames)
    for verb in ("show", "verify", "result"):
        assert gaoyuan("contest", verb, "trial.jsonl", "--json").json["rehearsal"] is True


def test_the_mark_of_a_rehearsal_cannot_be_taken_from_its_result(gaoyuan, tmp_path: Path):
    file, document = tmp_path / "trial.jsonl", tmp_path / "result.json"
    made = gaoyuan("contest", "new", file, "--definition", EXAMPLE, "--rehearsal", "--at", "2027-03-01T09:00", "--json")
    assert made.json["rehearsal"] is True
    assert gaoyuan("contest", "result", file, "--out", document).code == 0
    bare = {name: part for name, part in json.loads(document.read_text("utf-8")).items() if name != "hash"}
    forged = {**bare, "rehearsal": False, "contest": "yunling-2027"}
    document.write_bytes(canonical(forged | {"hash": sha256(canonical(forged))}))
    refused = gaoyuan("contest", "verify", file, "--result", document)
    assert refused.code == 2
    assert "the record gives other results" in refused.err


def test_only_a_rehearsal_takes_a_moment_and_it_takes_no_other(office, gaoyuan, tmp_path: Path):
    refused = office("new", "--definition", EXAMPLE, "--at", "2027-03-01T09:00")
    assert refused.code == 3
    assert "only a rehearsal takes --at" in refused.err
    assert not office.file.exists()
    office.done("new", "--definition", EXAMPLE)
    before = office.file.read_bytes()
    refused = office("advance", "--at", "2027-03-02T09:00")
    assert refused.code == 3
    assert "正式竞赛" in refused.err
    assert office.file.read_bytes() == before
    trial = tmp_path / "trial.jsonl"
    assert gaoyuan("contest", "new", trial, "--definition", EXAMPLE, "--rehearsal").code == 3
    begun = gaoyuan("contest", "new", trial, "--definition", EXAMPLE, "--rehearsal", "--at", "2027-03-02T03:00+02:00")
    assert begun.code == 0
    for at, code, text in (
        ((), 3, "each act names its moment"),
        (("--at", "morgen"), 2, "this is no moment: 'morgen'"),
        (("--at", "2027-03-02T08:59"), 3, "is before the last event"),
        (("--at", "2027-04-01T09:00"), 3, "the deadline for entries is past"),
    ):
        refused = gaoyuan("contest", "advance", trial, *at)
        assert refused.code == code
        assert text in refused.err
    assert gaoyuan("contest", "advance", trial, "--at", "2027-03-02T09:00").code == 0


def test_a_form_of_a_rehearsal_is_not_taken_by_the_contest(office, gaoyuan, tmp_path: Path):
    office.begin()
    office.done("sheet", "J1", "--out", tmp_path / "form.json")
    form = json.loads((tmp_path / "form.json").read_text("utf-8"))
    for row in form["scores"].values():
        row.update(dict.fromkeys(row, 1))
    form["contest"] = "rehearsal:yunling-2027"
    (tmp_path / "form.json").write_text(json.dumps(form), encoding="utf-8")
    refused = office("seal", "J1", tmp_path / "form.json")
    assert refused.code == 2
    assert "'rehearsal:yunling-2027'" in refused.err
