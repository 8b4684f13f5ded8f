from __future__ import annotations

from pathlib import Path

import pytest

MAP = """
rule: cq-33618-map
options: [新能源汽车, 电子信息, 新材料]
designations:
  - {unit: 江北区, role: leading, industry: 新能源汽车}
  - {unit: 江北区, role: leading, industry: 电子信息}
"""
ADD = ("--unit", "江北区", "--industry", "新材料", "--who", "江北区政府", "--why", "补链")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    return tmp_path / "map.yaml"


def test_a_map_is_checked(gaoyuan, file: Path):
    shown = gaoyuan("designations", file)
    assert shown.code == 0
    assert "电子信息" in shown.out
    assert "符合规则" in shown.out
    file.write_text(MAP + "  - {unit: 江北区, role: leading, industry: 煤炭}\n", encoding="utf-8")
    shown = gaoyuan("designations", file, "check", "--json")
    assert [one["kind"] for one in shown.json["breaches"]] == ["over_limit", "not_an_option"]


def test_a_move_is_carried_out_and_kept_in_the_history(gaoyuan, file: Path):
    shown = gaoyuan("designations", file, "add", *ADD, "--role", "featured", "--on", "2026-03-01")
    assert shown.code == 0
    assert "2026-03-01" in shown.out
    gaoyuan("designations", file, "change-role", *ADD[:2], "--industry", "电子信息", *ADD[4:], "--role", "featured")
    gaoyuan("designations", file, "remove", *ADD)
    shown = gaoyuan("designations", file, "history", "--json")
    assert [one["operation"] for one in shown.json["history"]] == ["add", "change_role", "remove"]
    assert shown.json["history"][0]["who"] == "江北区政府"
    assert len(shown.json["designations"]) == 2
    assert "补链" in gaoyuan("designations", file, "history").out


def test_a_move_that_breaks_a_limit_is_refused_with_the_rules_words(gaoyuan, file: Path):
    before = file.read_bytes()
    shown = gaoyuan("designations", file, "add", *ADD, "--role", "leading")
    assert shown.code == 2
    assert "每个单元主导产业不超过2个" in shown.err
    assert "现有 present" in shown.err
    assert "改法 mend" in shown.err
    assert file.read_bytes() == before
