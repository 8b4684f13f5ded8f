from __future__ import annotations

from pathlib import Path

import pytest

from gaoyuan.assess.statistics.cluster_lists import ListRow, read_cluster_list
from gaoyuan.errors import InputError


def test_a_list_is_read_from_its_column_or_line_by_line_and_keeps_every_row(tmp_path: Path):
    file = tmp_path / "list.csv"
    file.write_text("\ufeff名称,集群标识 cluster_id\n甲, a-1 \n乙,b-2\n\n丙,\n丁\n乙,b-2\n", encoding="utf-8")
    assert read_cluster_list(file) == (
        ListRow(2, "甲,a-1", "a-1"),
        ListRow(3, "乙,b-2", "b-2"),
        ListRow(5, "丙", ""),
        ListRow(6, "丁", ""),
        ListRow(7, "乙,b-2", "b-2"),
    )
    file.write_text("a-1\n\nb-2\n", encoding="utf-8")
    assert [(row.line, row.id) for row in read_cluster_list(file)] == [(1, "a-1"), (3, "b-2")]


@pytest.mark.parametrize(
    ("text", "said"),
    [("\n", "empty"), ("集群标识\n", "names no cluster"), ("名称,集群标识\n甲,\n", "names no cluster")],
)
def test_a_list_that_names_no_cluster_is_refused_and_does_not_mean_all_of_them(tmp_path: Path, text: str, said: str):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as fault:
        read_cluster_list(tmp_path / "list.csv")
    assert fault.value.mend


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        read_cluster_list(tmp_path / "none.csv")
