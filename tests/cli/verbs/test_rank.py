from __future__ import annotations

from pathlib import Path

import openpyxl

from gaoyuan.workspace import Workspace


def test_ties_and_what_weights_leave_open_are_shown_in_both_languages(gaoyuan, sample_workspace: Workspace):
    shown = gaoyuan("rank", sample_workspace.path, "--by", "output_yuan", "--by", "platform_adoption")
    assert shown.code == 0
    assert "并列 tie" in shown.out
    assert "未定 open" in shown.out
    assert "并列：在权重与误差的" in shown.err
    assert "tie: in 10000 samples of weights and errors (seed 0)" in shown.err
    assert "误差已知" in shown.err
    assert "an error is known of" in shown.err
    assert gaoyuan("rank", sample_workspace.path, "--by", "output_yuan", "--quiet").err == ""


def test_ranks_of_ties_are_shared_and_derive_again_from_the_file(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    asked = ["rank", sample_workspace.path, "--by", "output_yuan", "--by", "platform_adoption", "--seed", 7]
    data = gaoyuan(*asked, "--json").json
    assert data == gaoyuan(*asked, "--json").json
    ranks = [one["tied_rank"] for one in data["clusters"]]
    assert ranks == sorted(ranks)
    for one in data["clusters"]:
        assert one["tied"] == (ranks.count(one["tied_rank"]) > 1)
    gaoyuan(*asked, "--out", tmp_path / "r.xlsx", "--quiet")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx", read_only=True)
    assert [row[2] for row in book.worksheets[0].iter_rows(values_only=True, min_row=2)] == ranks


def test_rows_of_a_list_that_were_not_found_are_reported_with_count_and_line(
    gaoyuan, sample_workspace: Workspace, tmp_path: Path
):
    two = sample_workspace.read("cluster").to_pandas().query("firms.notna()")["cluster_id"].head(2).tolist()
    (tmp_path / "list.csv").write_text("\n".join(["cluster_id,name", *two, ",无标识", "no-such,甲"]), encoding="utf-8")
    for verb in (["rank", sample_workspace.path, "--by", "firms"], ["statistics", sample_workspace.path]):
        shown = gaoyuan(*verb, "--list", tmp_path / "list.csv")
        assert shown.code == 0
        assert "名单中 1 行的集群在工作区中没有数据" in shown.err
        assert "第 5 行 no-such" in shown.err
        assert "第 4 行 无标识" in shown.err
        data = gaoyuan(*verb, "--list", tmp_path / "list.csv", "--json").json
        assert [one["row"]["line"] for one in data["left_out"]] == [4, 5]


def test_a_list_without_any_id_is_refused_and_not_taken_for_all(gaoyuan, sample_workspace: Workspace, tmp_path: Path):
    (tmp_path / "list.csv").write_text("cluster_id,name\n,甲\n", encoding="utf-8")
    shown = gaoyuan("rank", sample_workspace.path, "--by", "firms", "--list", tmp_path / "list.csv")
    assert shown.code == 2
    assert "改法 mend" in shown.err
