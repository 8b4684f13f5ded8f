from __future__ import annotations

import datetime as dt
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor, wait
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


def test_two_who_read_the_same_map_make_moves_one_after_the_other(file: Path):
    both = read_map(file), read_map(file)
    for held, unit in zip(both, ("渝中区", "南岸区"), strict=True):
        make_move(held, move_of("add", unit, "新材料", "featured", on=DAY, who="张三", why="补链"), NOON)
    held = read_map(file)
    assert [one.number for one in held.history] == [1, 2]
    assert {"渝中区", "南岸区"} <= {one.unit for one in held.designations}
    assert held.agrees_with_history


def test_moves_at_the_same_time_wait_for_each_other(file: Path):
    units = ["渝中区", "南岸区", "沙坪坝区", "九龙坡区", "北碚区", "巴南区"]

    def add(unit: str) -> None:
        make_move(read_map(file), move_of("add", unit, "新材料", "featured", on=DAY, who=unit, why="补链"), NOON)

    with ThreadPoolExecutor(len(units)) as pool:
        list(pool.map(add, units))
    held = read_map(file)
    assert sorted(one.actor for one in held.history) == sorted(units)
    assert set(units) <= {one.unit for one in held.designations}
    assert held.agrees_with_history


def test_reading_waits_for_the_move_that_is_under_way(file: Path):
    with ThreadPoolExecutor(1) as pool:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            history_file(file).touch()  # as between the opening of the history and its first line
            reading = pool.submit(read_map, file)
            done, _ = wait([reading], timeout=0.3)
            history_file(file).unlink()
        finally:
            os.close(folder)
        assert not done
        assert reading.result().history == ()


def test_a_move_that_was_broken_off_is_told_and_finished_by_the_next(file: Path):
    make_move(read_map(file), move_of("remove", "江北区", "电子信息", None, on=DAY, who="张三", why="调整"), NOON)
    # What a process leaves that is killed after the history's line and before the map is put in place.
    file.rename(file.with_name(".map.yaml.partial"))
    file.write_text(MAP, encoding="utf-8")
    held = read_map(file)
    assert (held.broken_off, held.agrees_with_history) == (True, False)
    make_move(held, move_of("add", "江北区", "新材料", "featured", on=DAY, who="李四", why="补链"), NOON)
    held = read_map(file)
    assert (held.broken_off, held.agrees_with_history, len(held.history)) == (False, True, 2)
    assert {one.industry for one in held.designations} == {"新能源汽车", "新材料"}
    assert not file.with_name(".map.yaml.partial").exists()


def test_a_move_that_cannot_be_written_leaves_both_files_as_they_were(file: Path):
    file.with_name(".map.yaml.partial").mkdir()
    for _ in range(2):
        with pytest.raises(InputError, match="cannot be written"):
            make_move(read_map(file), move_of("remove", "江北区", "电子信息", None, on=DAY, who="张", why="调"), NOON)
        assert file.read_text("utf-8") == MAP
        assert not history_file(file).exists()


def test_a_map_of_a_county_has_no_units_of_its_neighbours(file: Path):
    file.write_text(MAP.replace("units:", 'region: "500105"\nunits:'), encoding="utf-8")
    units = read_map(file).rule.units
    assert units is not None
    assert {"万盛经开区", "江北区"} <= units
    assert not {"沙坪坝区", "渝中区"} & units
    file.write_text(MAP.replace("units:", 'region: "5001"\nunits:'), encoding="utf-8")
    with pytest.raises(InputError, match="no division code"):
        read_map(file)


@pytest.mark.parametrize(
    "change",
    [
        ("since: 2023-11-01", "since: 2023-02-30"),
        ("since: 2023-11-01", "since: [2023]"),
        ("units: [万盛经开区]", "units: 5"),
        ("options: [新能源汽车, 电子信息, 新材料]", "options: x"),
        ("units: [万盛经开区]", "units: " + "[" * 100_000),
    ],
)
def test_a_map_with_a_strange_date_or_shape_is_refused_with_the_place(change: tuple[str, str], file: Path):
    assert change[0] in MAP
    file.write_text(MAP.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=r"map\.yaml"):
        read_map(file)
