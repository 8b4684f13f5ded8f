from __future__ import annotations

from gaoyuan.workspace import Workspace


def test_what_was_found_is_told_with_the_strongest_clusters(gaoyuan, own_sample: Workspace):
    shown = gaoyuan("observe", own_sample.path, "--top", 3)
    assert shown.code == 0
    firms = own_sample.read("enterprise").num_rows
    assert f"企业 firms: {firms:,}" in shown.out
    assert "行业依据 industry by: " in shown.out
    assert "用时 seconds: " in shown.out
    clusters = own_sample.read("cluster").to_pandas()
    strongest = clusters[clusters["found_by"].notna()].sort_values("minus_log10_p", ascending=False)["cluster_id"]
    assert [name in shown.out for name in strongest] == [True] * 3 + [False] * (len(strongest) - 3)
    assert f"gaoyuan map {own_sample.path} map.html" in shown.out
    assert shown.err.splitlines()[0] == "… code and locate"


def test_as_json_there_are_counts_and_seconds_of_every_part(gaoyuan, own_sample: Workspace):
    shown = gaoyuan("observe", own_sample.path, "--json")
    assert (shown.code, shown.err) == (0, "")
    assert shown.json["run"] == own_sample.runs()["run"].to_pylist()[0]
    assert shown.json["enterprises"]["firms"] == own_sample.read("enterprise").num_rows
    assert shown.json["clusters"]["members"] == own_sample.read("cluster_member").num_rows
    assert {"code", "locate", "detect: test"} <= set(shown.json["seconds"])


def test_quiet_says_nothing(gaoyuan, own_sample: Workspace):
    shown = gaoyuan("observe", own_sample.path, "--quiet")
    assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert own_sample.runs().num_rows == 6
