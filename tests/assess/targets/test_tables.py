from __future__ import annotations

import datetime as dt
import json

from gaoyuan.assess.targets.forecasting import PlanProgress, track_plan
from gaoyuan.assess.targets.plan_reading import plan_of
from gaoyuan.assess.targets.tables import SUMMARY_HEADINGS, as_data, notes, sheets, summary_rows

DAY = dt.date(2025, 6, 30)


def progress() -> PlanProgress:
    output = {
        "id": "output", "zh": "总产值", "kind": "money", "value": "600亿元", "due": 2026,
        "baseline": {"year": 2022, "value": 4e10},
        "milestones": [{"due": 2025, "value": 5e10}],
        "observed": {"source": "统计局", "series": {2022: 4e10, 2023: 4.3e10, 2024: 4.8e10}},
    }  # fmt: skip
    others = [{"id": name, "kind": "count", "value": 3, "due": 2026} for name in ("a", "b")]
    return track_plan(plan_of({"id": "p", "targets": [output, *others]}, "here"), DAY)


def test_plain_data_has_state_assessment_and_evidence_of_every_target():
    data = json.loads(json.dumps(as_data(progress()), allow_nan=False))
    first = data["targets"][0]
    assert (first["id"], first["value"], first["due"], first["state"]) == ("output", 6e10, "2026-12-31", "unmet")
    assert first["final"]["pending"] is True
    assert set(first["final"]["forecast"]["intervals"]) == {"0.8", "0.95"}
    assert first["today"]["source"] == "统计局"
    assert [point["label"] for point in first["points"]] == ["2022", "2023", "2024"]
    assert (data["targets"][1]["state"], data["targets"][1]["today"]) == ("unknown", None)


def test_tables_have_as_many_cells_as_headings():
    for sheet in sheets(progress()):
        assert sheet.rows
        assert {len(row) for row in sheet.rows} == {len(sheet.headings)}
    assert {len(row) for row in summary_rows(progress())} == {len(SUMMARY_HEADINGS)}


def test_a_row_in_words_shows_value_way_and_day():
    row = summary_rows(progress())[0]
    assert row[:5] == ["总产值", "480 亿元（2024）", "600 亿元", "2026-12-31", "40%"]
    assert row[7] == "不符合（未到期）"
    assert summary_rows(progress())[1][1:5] == ["未知", "3 个", "2026-12-31", ""]


def test_a_narrow_interval_does_not_read_like_one_number_and_its_probability_is_not_said_to_be_one():
    series = {2022: 4e9, 2023: 4.5684e9, 2024: 5.21757e9}
    output = {"id": "o", "zh": "总产值", "kind": "money", "value": 5.5e9, "due": 2025, "observed": {"series": series}}
    row = summary_rows(track_plan(plan_of({"id": "p", "targets": [output]}, "here"), DAY))[0]
    value, _, ends = row[5].partition(" [")
    low, high = ends.rstrip("]").split("，")
    assert len({value, low, high}) == 3
    assert row[6] == "超过 99%"


def test_too_few_points_are_said_once_for_all_targets():
    assert len(notes(progress())) == 1
    assert notes(progress())[0].startswith("2 个目标")
