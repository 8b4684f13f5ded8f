from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gaoyuan.assess.statistics.cluster_records import (
    Selection,
    holds_on,
    read_cluster_list,
    read_records,
    region_prefix,
)
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.workspace import Workspace, create_workspace

DAY = dt.date(2025, 6, 30)


def test_the_register_is_added_up_over_the_members_and_says_where_it_lacks_some(few_clusters: Workspace):
    found = {one.id: one for one in read_records(few_clusters, Selection(), DAY).clusters}
    juice = found["370827-1523"].register
    assert (juice["employees"].value, juice["employees"].complete) == (150, False)
    assert (juice["revenue_yuan"].value, juice["revenue_yuan"].complete) == (1.1e10, False)
    computers = found["330108-3911"].register
    assert (computers["employees"].value, computers["employees"].complete) == (10, True)
    assert found["shandong_specialty-001"].register == {}


def test_titles_of_the_day_are_certain_possible_or_gone(few_clusters: Workspace):
    records = read_records(few_clusters, Selection(), DAY)
    held = {(firm, title): one.certain for firm, titles in records.holdings.items() for title, one in titles.items()}
    assert held == {
        ("e1", "little_giant"): True,
        ("e1", "hightech_firm"): True,
        ("e3", "srdi_sme"): True,
        ("e3", "gazelle"): False,
        ("e4", "hightech_firm"): False,
    }
    later = read_records(few_clusters, Selection(), dt.date(2026, 7, 14)).holdings
    assert "little_giant" not in later.get("e1", {})
    assert later["e4"]["hightech_firm"].certain


@pytest.mark.parametrize(
    ("granted", "precision", "valid_to", "holds"),
    [
        (dt.date(2025, 6, 30), "day", dt.date(2025, 6, 30), True),
        (dt.date(2025, 7, 1), "day", None, False),
        (dt.date(2025, 6, 1), "month", dt.date(2028, 5, 31), None),
        (dt.date(2025, 5, 1), "month", dt.date(2028, 4, 30), True),
        (dt.date(2025, 1, 1), "year", dt.date(2027, 12, 31), None),
        (dt.date(2024, 1, 1), "year", dt.date(2026, 12, 31), True),
        (None, None, dt.date(2025, 6, 29), False),
        (None, None, dt.date(2025, 6, 30), None),
        (None, None, None, None),
    ],
)
def test_a_title_holds_from_its_first_to_its_last_day(granted, precision, valid_to, holds):
    assert holds_on(granted, precision, valid_to, DAY) is holds


def test_a_region_is_given_by_a_code_of_six_digits():
    for code in ("37", "3700000", "山东", "000000", ""):
        with pytest.raises(InputError, match="is no division code"):
            region_prefix(code)


def test_a_list_is_read_from_its_column_or_line_by_line(tmp_path: Path):
    file = tmp_path / "list.csv"
    file.write_text("\ufeff名称,集群标识 cluster_id\n甲, a-1 \n乙,b-2\n丙,\n乙,b-2\n", encoding="utf-8")
    assert read_cluster_list(file) == ("a-1", "b-2")
    file.write_text("a-1\n\nb-2\n", encoding="utf-8")
    assert read_cluster_list(file) == ("a-1", "b-2")
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="empty"):
        read_cluster_list(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_cluster_list(tmp_path / "none.csv")


def test_an_unknown_batch_and_a_workspace_without_clusters_are_refused(few_clusters: Workspace, tmp_path: Path):
    with pytest.raises(NotFound, match="no list or batch 'nation'") as fault:
        read_records(few_clusters, Selection(batch="nation"), DAY)
    assert "national 1" in (fault.value.mend or "")
    with pytest.raises(StepMissing):
        read_records(create_workspace(tmp_path / "empty"), Selection(), DAY)
