from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gaoyuan.assess.contest.faults import RecordBroken
from gaoyuan.assess.designations.files import history_file, make_move, move_of, read_map
from gaoyuan.assess.designations.moves import Designation, DesignationRefused
from gaoyuan.errors import InputError

MAP = """
rule: cq-33618-map.2023
units: [万盛经开区]
options: [新能源汽车, 电子信息, 新材料]
designations:
  - {unit: 江北区, role: leading, industry: 新能源汽车, since: 2023-11-01}
  - {unit: 江北区, role: leading, industry: 电子信息}
"""
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
DAY = NOON.date()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    return tmp_path / "map.yaml"


def test_a_map_knows_its_rule_units_and_options(file: Path):
    held = read_map(file)
    assert held.rule.key == "cq-33618-map.2023"
    assert held.rule.units is not None
    assert {"江北区", "巫溪县", "两江新区", "万盛经开区"} <= held.rule.units
    assert held.designations[0].since == dt.date(2023, 11, 1)
    assert (held.breaches, held.history, held.agrees_with_history) == ((), (), True)


def test_a_move_changes_the_map_and_adds_one_line_to_its_history(file: Path):
    add = move_of("add", "江北区", "新材料", "featured", on=DAY, who="张三", why="补链")
    make_move(read_map(file), add, NOON)
    make_move(read_map(file), move_of("remove", "江北区", "电子信息", None, on=DAY, who="李四", why="调整"), NOON)
    held = read_map(file)
    assert held.designations == (
        Designation("江北区", "featured", "新材料", DAY),
        Designation("江北区", "leading", "新能源汽车", dt.date(2023, 11, 1)),
    )
    assert [(one.actor, one.body["why"], one.body["operation"]) for one in held.history] == [
        ("张三", "补链", "add"), ("李四", "调整", "remove"),
    ]  # fmt: skip
    assert held.agrees_with_history
    assert held.history[1].previous == held.history[0].hash


def test_a_refused_move_leaves_map_and_history_as_they_were(file: Path):
    before = file.read_bytes()
    with pytest.raises(DesignationRefused):
        make_move(read_map(file), move_of("add", "江北区", "新材料", "leading", on=DAY, who="张三", why="补链"), NOON)
    assert file.read_bytes() == before
    assert not history_file(file).exists()


def test_a_move_needs_who_and_why_and_its_parts(file: Path):
    for who, why in (("", "x"), ("x", " ")):
        with pytest.raises(InputError, match="who asks for it and why"):
            make_move(read_map(file), move_of("remove", "江北区", "电子信息", None, on=DAY, who=who, why=why), NOON)
    with pytest.raises(InputError, match="no operation 'swap'"):
        move_of("swap", "江北区", "新材料", "leading", on=DAY, who="x", why="y")
    with pytest.raises(InputError, match="unit, industry and role"):
        move_of("add", "江北区", "新材料", None, on=DAY, who="x", why="y")


def test_a_history_that_was_changed_is_found(file: Path):
    make_move(read_map(file), move_of("remove", "江北区", "电子信息", None, on=DAY, who="张三", why="调整"), NOON)
    history = history_file(file)
    history.write_text(history.read_text("utf-8").replace("张三", "王五"), encoding="utf-8")
    with pytest.raises(RecordBroken):
        read_map(file)


def test_a_map_changed_by_hand_is_told_and_not_moved_on(file: Path):
    make_move(read_map(file), move_of("remove", "江北区", "电子信息", None, on=DAY, who="张三", why="调整"), NOON)
    file.write_text(MAP, encoding="utf-8")
    held = read_map(file)
    assert not held.agrees_with_history
    with pytest.raises(InputError, match="changed by hand"):
        make_move(held, move_of("add", "江北区", "新材料", "featured", on=DAY, who="张三", why="补链"), NOON)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1", "no map of designations"),
        ("rule: cq-33618-map\ncolour: 1", "unknown parts: colour"),
        ("designations: []", "names no rule"),
        ("rule: cq-33618-map\ndesignations: 3", "is no list"),
        ("rule: cq-33618-map\ndesignations: [{unit: 江北区}]", "needs unit, role and industry"),
        ("rule: cq-33618-map\ndesignations: [{unit: a, role: b, industry: c, since: soon}]", "no date"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_file_that_is_no_map_is_refused(file: Path, text: str, said: str):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_map(file)
