from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.assess.designations.moves import (
    OPERATIONS,
    Designation,
    DesignationRefused,
    DesignationRule,
    Move,
    Operation,
    breaches,
    designation_rule,
    moved,
)
from gaoyuan.assess.rules.rulebook import edition, edition_of
from gaoyuan.errors import InputError

DAY = dt.date(2026, 3, 1)
OPTIONS = ("新能源汽车", "电子信息", "新材料", "装备", "食品", "软件")


@pytest.fixture(scope="module")
def rule() -> DesignationRule:
    return designation_rule(edition("cq-33618-map.2023"), units=["江北区", "渝北区", "万盛经开区"], options=OPTIONS)


def held(unit: str, leading: int, featured: int = 0) -> tuple[Designation, ...]:
    roles = ["leading"] * leading + ["featured"] * featured
    return tuple(Designation(unit, role, industry) for role, industry in zip(roles, OPTIONS, strict=False))


def move(operation: Operation = "add", unit="江北区", industry="软件", role: str | None = "leading") -> Move:
    return Move(operation, unit, industry, role, DAY, "江北区政府", "调整布局")


@pytest.mark.parametrize(
    ("unit", "leading", "broken"),
    [("江北区", 2, False), ("江北区", 3, True), ("两江新区", 3, False), ("两江新区", 4, True),
     ("西部科学城重庆高新区", 3, False), ("西部科学城重庆高新区", 4, True), ("万盛经开区", 3, True)],
)  # fmt: skip
def test_two_leading_industries_a_unit_and_three_in_the_named_zones(rule, unit: str, leading: int, broken: bool):
    found = breaches(held(unit, leading), rule)
    assert [one.kind for one in found] == ["over_limit"] * broken
    if broken:
        assert "不超过2个" in found[0].rule_zh
        assert (found[0].criterion, found[0].role) == ("leading", "leading")
        assert found[0].document.startswith("《重庆市先进制造业发展产业地图（2023年）》")


def test_four_featured_industries_a_unit_everywhere(rule):
    assert breaches(held("江北区", 0, 4), rule) == ()
    assert [one.role for one in breaches(held("江北区", 0, 5), rule)] == ["featured"]
    assert [one.role for one in breaches(held("两江新区", 0, 5), rule)] == ["featured"]


def test_a_move_that_breaks_a_limit_is_refused_with_the_rules_words_and_what_is_there(rule):
    full = held("江北区", 2)
    with pytest.raises(DesignationRefused) as refused:
        moved(full, move(), rule)
    said = str(refused.value)
    assert "江北区主导产业有 3 个，超过上限 2 个" in said
    assert "每个单元主导产业不超过2个；两江新区、西部科学城重庆高新区不超过3个" in said
    assert "新能源汽车" in said
    assert "电子信息" in said
    assert refused.value.breaches[0].present == full
    assert refused.value.breaches[0].article == edition("cq-33618-map.2023").criteria[0].article


def test_moves_add_remove_and_change_roles(rule):
    one = moved((), move(), rule)
    assert one == (Designation("江北区", "leading", "软件", DAY),)
    changed = moved(one, move("change_role", role="featured"), rule)
    assert changed == (Designation("江北区", "featured", "软件", DAY),)
    assert moved(changed, move("remove", role=None), rule) == ()


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (move(industry="煤炭"), "not_an_option"),
        (move(unit="高新区"), "unknown_unit"),
        (move(role="pillar"), "unknown_role"),
        (move(industry="新能源汽车", role="featured"), "duplicate"),
    ],
)
def test_what_is_no_option_unit_or_role_or_is_there_already_is_refused(rule, wrong: Move, kind: str):
    with pytest.raises(DesignationRefused) as refused:
        moved(held("江北区", 1), wrong, rule)
    assert [one.kind for one in refused.value.breaches] == [kind]


def test_changing_what_is_not_there_is_refused_with_what_is(rule):
    for wrong in (move("remove", role=None), move("change_role", role="featured")):
        with pytest.raises(DesignationRefused, match="新能源汽车"):
            moved(held("江北区", 1), wrong, rule)
    with pytest.raises(DesignationRefused, match="已是主导产业"):
        moved(held("江北区", 1), move("change_role", industry="新能源汽车"), rule)


def test_an_old_breach_stops_only_what_deepens_it(rule):
    broken = (*held("渝北区", 4), *held("江北区", 1))
    assert len(moved(broken, move(), rule)) == 6
    fewer = moved(broken, move("remove", "渝北区", "装备", None), rule)
    assert len(breaches(fewer, rule)) == 1
    with pytest.raises(DesignationRefused, match="有 5 个"):
        moved(broken, move(unit="渝北区"), rule)
    assert len(moved(broken, move(unit="渝北区", role="featured"), rule)) == 6


def test_a_rule_without_a_list_of_options_says_that_a_person_has_to_check():
    bare = designation_rule(edition("cq-33618-map.2023"))
    assert len(bare.open_points()) == 2
    assert breaches([Designation("某地", "leading", "任意产业")], bare) == ()


def test_the_options_are_those_of_the_rule_where_it_lists_them():
    data = {**edition("cq-33618-map.2023").data}
    listed = {"id": "options", "zh": "细分产业选项", "en": "options", "article": "一", "status": "secondary",
              "kind": "membership", "metric": "industry", "among": ["新材料"]}  # fmt: skip
    criteria = data["criteria"]
    assert isinstance(criteria, list)
    rule = designation_rule(edition_of({**data, "criteria": [*criteria[:2], listed]}), options=OPTIONS)
    found = breaches(held("江北区", 2), rule)
    assert [(one.kind, one.industry, one.article) for one in found] == [
        ("not_an_option", "新能源汽车", "一"), ("not_an_option", "电子信息", "一"),
    ]  # fmt: skip
    with pytest.raises(InputError, match="limits no designations"):
        designation_rule(edition("cn-sme-cluster.2022"))


DESIGNATIONS = st.lists(
    st.builds(
        Designation,
        st.sampled_from(["江北区", "两江新区", "别处"]),
        st.sampled_from(["leading", "featured"]),
        st.sampled_from([*OPTIONS, "煤炭"]),
    ),
    max_size=12,
)


@given(DESIGNATIONS, st.integers(0, 100))
def test_the_order_of_the_designations_does_not_matter(rule: DesignationRule, found: list[Designation], order: int):
    assert breaches(found, rule) == breaches(random.Random(order).sample(found, len(found)), rule)


MOVES = st.tuples(
    st.sampled_from(OPERATIONS),
    st.sampled_from(["江北区", "两江新区"]),
    st.sampled_from(OPTIONS),
    st.sampled_from(["leading", "featured"]),
)


@given(st.lists(MOVES, max_size=25))
def test_no_series_of_moves_leads_a_sound_map_to_a_breach(rule: DesignationRule, moves):
    now: tuple[Designation, ...] = ()
    for operation, unit, industry, role in moves:
        try:
            now = moved(now, move(operation, unit, industry, role), rule)
        except DesignationRefused:
            continue
        assert breaches(now, rule) == ()
