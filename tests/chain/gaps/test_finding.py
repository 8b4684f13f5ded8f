"""Gaps from the tables to the ranked table."""

from __future__ import annotations

import pytest

from gaoyuan.chain.atlas.link_state import StateRule
from gaoyuan.chain.gaps import GapWeights, gaps
from gaoyuan.errors import InputError, NotFound, StepMissing

HERE = "370211"


def _by_name(found):
    return {row["product_name"]: row for row in found.gaps.to_pylist()}


def test_gaps_rank_by_what_they_carry_and_not_by_their_state(chain_workspace):
    found = gaps(chain_workspace, HERE)
    assert [(row["rank"], row["product_name"], row["state"]) for row in found.gaps.to_pylist()] == [
        (1, "功率模块", "single_source"),
        (2, "芯片", "imported"),
        (3, "金属化薄膜", "weak"),
        (4, "支撑电容", "missing"),
    ]
    assert found.final == ("电力机车", "电力电容器")
    assert found.needed == 7


def test_the_figures_of_a_gap_are_as_counted_by_hand(chain_workspace):
    rows = _by_name(gaps(chain_workspace, HERE))
    columns = ("local_firms", "needed_by", "dominates", "outside_firms")
    assert {name: tuple(row[column] for column in columns) for name, row in rows.items()} == {
        "功率模块": (1, 2, 2, 0),
        "芯片": (0, 3, 1, 1),
        "金属化薄膜": (2, 3, 0, 0),
        "支撑电容": (0, 2, 0, 3),
    }
    # 110 million yuan of locomotives and capacitors; of the module's inputs no share is known.
    carried = {name: row["carried_share"] for name, row in rows.items()}
    assert carried == pytest.approx({"功率模块": 2 / 11, "芯片": 2 / 11, "金属化薄膜": 1.1 / 11, "支撑电容": 1 / 11})
    assert rows["支撑电容"]["feasibility"] == pytest.approx(0.25)
    assert rows["支撑电容"]["outside_share"] == pytest.approx(0.4)
    scores = {name: row["score"] for name, row in rows.items()}
    assert scores == pytest.approx(
        {
            "功率模块": (0.4 + 0.2 + 0.2 * 2 / 3) / 0.8,
            "芯片": 0.4 + 0.2 / 2 + 0 + 0.2 * 0.5,
            "金属化薄膜": (0.4 * 0.55 + 0 + 0.2) / 0.8,
            "支撑电容": 0.4 * 0.5 + 0 + 0.2 / 3 + 0.2 * 0.4,
        }
    )
    module = rows["功率模块"]
    assert (module["score_low"], module["score_high"]) == pytest.approx((0.6 + 0.4 / 3, 0.8 + 0.4 / 3))
    assert {row["top_ten"] for row in rows.values()} == {1.0}


def test_reasons_are_said_in_both_languages(chain_workspace):
    rows = _by_name(gaps(chain_workspace, HERE))
    assert rows["功率模块"]["reasons_zh"] == (
        "单一来源：本地仅 企业F6 一家；本地 2 种产品（含各级）需要它；承载本地最终产品价值的 18.18%；"
        "2 种投入只能经它进入本地最终产品；其行业在本地的关联密度 0.75，高于 67% 的行业；没有已知的外地企业；"
        "未知而未计入优先度：外地龙头"
    )
    assert rows["支撑电容"]["reasons_zh"].startswith(
        "缺失：本地没有已知企业；另有 1 家企业所在地未知；本地同行业企业 1 家的产品未知；"
    )
    assert "合计全国占比 40.0%，最大为 株洲电容公司（30.0%）" in rows["支撑电容"]["reasons_zh"]
    assert "makers known outside: 3, with 40.0% of the country" in rows["支撑电容"]["reasons"]
    assert rows["芯片"]["reasons_zh"].startswith("依赖进口：全国用量的 90% 来自进口")
    assert rows["金属化薄膜"]["reasons"].startswith("weak: local makers known: 2; ")


def test_a_low_local_share_is_told_as_the_reason_of_weakness(chain_workspace, put, sale):
    put(chain_workspace, trade=[sale("F4", "F1", "conv", 10.0), sale("J1", "F1", "conv", 90.0)])
    row = _by_name(gaps(chain_workspace, HERE))["变流器"]
    assert row["state"] == "weak"
    assert row["reasons_zh"].startswith("弱：本地 3 家，本地采购占比至多 10%")


def test_an_unknown_link_is_no_gap_but_is_told(chain_workspace):
    found = gaps(chain_workspace, HERE)
    assert found.unasked.to_pylist() == [
        {
            "product": "wafer",
            "product_name": "硅片",
            "possible_firms": 1,
            "carried_share": pytest.approx(1 / 11),
        }
    ]
    assert any("先询问" in note for note in found.notes)


def test_for_a_product_its_own_chain_is_what_counts(chain_workspace):
    found = gaps(chain_workspace, HERE, "支撑电容")
    rows = _by_name(found)
    assert (found.final, set(rows)) == (("支撑电容",), {"金属化薄膜"})
    assert rows["金属化薄膜"]["carried_share"] == pytest.approx(0.6)
    assert "承载支撑电容价值的 60.00%" in rows["金属化薄膜"]["reasons_zh"]
    with pytest.raises(NotFound, match="没有产品"):
        gaps(chain_workspace, HERE, "没有的产品")


def test_weights_and_states_are_settings(chain_workspace):
    leaders = GapWeights(carried=0, dominates=0, feasibility=0, outside=1)
    ranked = gaps(chain_workspace, HERE, weights=leaders).gaps.to_pylist()
    assert [row["product_name"] for row in ranked[:2]] == ["芯片", "支撑电容"]
    # Of the others nothing that counts is known.
    assert [(row["rank"], row["score"]) for row in ranked[2:]] == [(3, None), (3, None)]
    assert "金属化薄膜" not in _by_name(gaps(chain_workspace, HERE, rule=StateRule(few_makers=2)))


def test_candidates_are_given_for_the_first_gaps_alone(chain_workspace):
    found = gaps(chain_workspace, HERE, top=1, firms=3)
    assert set(found.candidates["product"].to_pylist()) == {"module"}
    assert gaps(chain_workspace, HERE, top=0).candidates.num_rows == 0
    with pytest.raises(InputError, match="-1 gaps"):
        gaps(chain_workspace, HERE, top=-1)


def test_the_tables_hold_what_was_given_and_name_the_run(chain_workspace):
    for place in (HERE, "370102", HERE):
        found = gaps(chain_workspace, place)
    run = chain_workspace.runs()["run"][0].as_py()
    for name, given in (("chain_gap", found.gaps), ("gap_candidate", found.candidates)):
        held = chain_workspace.read(name)
        assert set(held["locality"].to_pylist()) == {HERE, "370102"}
        own = [row for row in held.to_pylist() if row["locality"] == HERE]
        assert {row.pop("run") for row in own} == {run}
        order = [(row["product"], row.get("side"), row["rank"], row.get("name")) for row in own]
        expected = sorted(given.to_pylist(), key=lambda row: str((row["product"], row.get("side"), row.get("name"))))
        assert sorted(own, key=lambda row: str((row["product"], row.get("side"), row.get("name")))) == expected
        assert len(set(order)) == len(order)
    assert not chain_workspace.outdated("chain_gap")


def test_the_order_of_the_tables_does_not_matter(chain_workspace, put):
    before = gaps(chain_workspace, HERE)
    tables = ("product", "uses", "makes", "enterprise", "title")
    put(chain_workspace, **{name: chain_workspace.read(name).to_pylist()[::-1] for name in tables})
    with chain_workspace.run("observe") as run:
        for name in ("region_industry", "industry_pair"):
            chain_workspace.write(name, chain_workspace.read(name), run)
    after = gaps(chain_workspace, HERE)
    assert after.gaps.equals(before.gaps)
    assert after.candidates.equals(before.candidates)


def test_where_nothing_is_known_to_be_made_a_product_has_to_be_named(chain_workspace):
    found = gaps(chain_workspace, "370103")
    assert (found.gaps.num_rows, found.candidates.num_rows, found.needed, found.final) == (0, 0, 0, ())
    assert any("可指定产品" in note for note in found.notes)
    named = gaps(chain_workspace, "370103", "loco")
    assert named.gaps.num_rows == named.needed == 7
    assert "需要它" not in named.gaps["reasons_zh"][0].as_py()


def test_without_measures_feasibility_is_unknown_and_said_so(empty_chain, chain_workspace, put):
    put(empty_chain, **{name: chain_workspace.read(name).to_pylist() for name in ("product", "uses", "makes")})
    found = gaps(empty_chain, HERE)
    assert found.gaps["feasibility"].null_count == found.gaps.num_rows == 4
    assert all("未知而未计入优先度" in said for said in found.gaps["reasons_zh"].to_pylist())
    assert any("可行度未知" in note for note in found.notes)


def test_a_loop_that_keeps_its_value_leaves_what_is_carried_unknown(chain_workspace, put):
    uses = chain_workspace.read("uses").to_pylist()
    uses.append({"product": "wafer", "product_name": "硅片", "input": "chip", "input_name": "芯片", "share": 1.0})
    uses = [row | {"share": 1.0} if row["product"] == "chip" else row for row in uses]
    found = gaps(put(chain_workspace, uses=uses), HERE)
    assert found.gaps["carried_share"].null_count == found.gaps.num_rows
    assert any("闭环" in note for note in found.notes)
    assert "承载份额" in _by_name(found)["功率模块"]["reasons_zh"]


def test_products_that_only_need_each_other_are_gaps_of_each_other(empty_chain, put):
    edges = [("甲", "乙"), ("乙", "甲"), ("甲", "丙")]
    uses = [{"product": one, "product_name": one, "input": two, "input_name": two, "share": 0.4} for one, two in edges]
    makes = [{"enterprise_id": "F1", "name": "企业F1", "product": one, "product_name": one} for one in "甲乙"]
    found = gaps(put(empty_chain, uses=uses, makes=makes), HERE)
    assert found.final == ("乙", "甲")
    assert {name: row["state"] for name, row in _by_name(found).items()} == {
        "甲": "single_source",
        "乙": "single_source",
    }
    # Whether the third is made here is unknown only where nobody is known to make it and its industry is not known.
    assert found.unasked["product"].to_pylist() == ["丙"]


def test_what_is_found_shows_itself(chain_workspace):
    shown = str(gaps(chain_workspace, HERE))
    assert shown.splitlines()[0].endswith("弱 1，单一来源 1，缺失 1，依赖进口 1")
    assert "功率模块  单一来源 single_source" in shown


def test_without_products_it_is_said_how_to_import_them(empty_chain):
    with pytest.raises(StepMissing, match="products"):
        gaps(empty_chain)
