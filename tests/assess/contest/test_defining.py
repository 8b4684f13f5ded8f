from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gaoyuan.assess.contest import Definition, DefinitionInvalid, definition_from, read_definition
from gaoyuan.errors import FileUnreadable


def test_the_example_is_read(definition: Definition):
    assert definition.id == "yunling-2027"
    assert [leaf.id for leaf in definition.leaves][:2] == ["research", "technology"]
    assert [group.id for track in definition.tracks for group in track.groups] == ["equipment", "materials", "counties"]
    assert definition.deadlines["appeals"].isoformat() == "2027-06-20T18:00:00+08:00"


def test_full_points_on_every_criterion_come_to_the_points_of_the_contest(definition: Definition):
    whole = sum(definition.coefficients[leaf.id] * Fraction(leaf.maximum or 0) for leaf in definition.leaves)
    assert whole == 100
    # 25 of 100 for innovation, 15 of its 25 points for research: one point each.
    assert definition.coefficients["research"] == 1


def test_a_definition_is_the_same_after_its_normal_form(definition: Definition):
    assert definition_from(definition.source).source == definition.source


def criteria(*weights: object) -> list[dict[str, Any]]:
    return [
        {
            "id": f"c{at}",
            "title": {"zh": "指标", "en": "Criterion"},
            "max": 10,
            **({"weight": w} if w is not None else {}),
        }
        for at, w in enumerate(weights)
    ]


def test_without_weights_points_count_as_they_are(changed: Callable[..., Definition]):
    made = changed(criteria=[*criteria(None), {**criteria(None)[0], "id": "big", "max": 30}], ties=[])
    assert made.coefficients == {"c0": Fraction(5, 2), "big": Fraction(5, 2)}


def test_weights_may_be_shares_or_percent(changed: Callable[..., Definition]):
    shares = changed(criteria=criteria(0.25, 0.75), ties=[]).coefficients
    assert (
        shares
        == changed(criteria=criteria(25, "75"), ties=[]).coefficients
        == {"c0": Fraction(5, 2), "c1": Fraction(15, 2)}
    )


DEADLINES = {
    "entries": "2027-03-31T18:00+08:00",
    "group_scoring": "2027-04-30T18:00+08:00",
    "final_scoring": "2027-05-31T18:00+08:00",
    "appeals": "2027-06-20T18:00+08:00",
}
TITLE = {"zh": "组", "en": "Group"}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"criteria": criteria(0.5, 0.4), "ties": []}, "add up to 0.9"),
        ({"criteria": criteria(0.5, None), "ties": []}, "these have none: c1"),
        ({"criteria": [{**criteria(None)[0], "max": 0}], "ties": []}, "maximum must be above zero"),
        ({"criteria": [*criteria(None), *criteria(None)], "ties": []}, "criterion .*given twice: c0"),
        ({"ties": [{"by": "criterion", "criterion": "luck"}]}, "no criterion 'luck'"),
        ({"ties": [{"by": "lot"}]}, "breaks its schema"),
        (
            {"panel": {"group": {"size": 2, "min_scores": 3}, "final": {"size": 3, "min_scores": 3}}},
            "more scores asked for",
        ),
        ({"scoring": {"trim": 1}}, "leaves nothing of"),
        ({"deadlines": {**DEADLINES, "appeals": "2027-05-01T18:00+08:00"}}, "does not come after final_scoring"),
        ({"deadlines": {**DEADLINES, "entries": "2027-03-31T18:00"}}, "no offset from UTC"),
        ({"deadlines": {**DEADLINES, "entries": "end of March 2027"}}, "no moment"),
        ({"deadlines": {}}, "'entries' is a required property"),
        ({"titel": "x"}, "'titel' was unexpected"),
        ({"score_decimals": 1.5}, "whole number"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(changed: Callable[..., Definition], parts: dict, said: str):
    with pytest.raises(DefinitionInvalid, match=said):
        changed(**parts)


def test_the_place_of_a_fault_is_named(changed: Callable[..., Definition], definition: Definition):
    track: Any = definition.source["tracks"]
    with pytest.raises(DefinitionInvalid) as found:
        changed(tracks=[{**track[0], "advance": 0}])
    assert found.value.where == "$.tracks[0].advance"


def test_a_group_belongs_to_one_track(changed: Callable[..., Definition], definition: Definition):
    track: Any = definition.source["tracks"]
    with pytest.raises(DefinitionInvalid, match=r"group .*given twice: equipment"):
        changed(tracks=[track[0], {**track[1], "groups": [{"id": "equipment", "title": TITLE}]}])


@pytest.mark.parametrize("content", ["", "- 1\n", "a: [", "\x00", "a: &a [*a]", "[" * 3000, "id: 2027-01-01"])
def test_a_file_that_is_no_definition_is_refused_with_its_name(tmp_path: Path, content: str):
    path = tmp_path / "contest.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DefinitionInvalid) as found:
        read_definition(path)
    assert str(path) in (found.value.where or "")


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(FileUnreadable):
            read_definition(path)
    (tmp_path / "gbk.yaml").write_bytes("标题".encode("gb18030"))
    with pytest.raises(FileUnreadable, match="UTF-8"):
        read_definition(tmp_path / "gbk.yaml")
