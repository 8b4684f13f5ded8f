"""The chains of a workspace as a place sees them."""

from __future__ import annotations

import datetime as dt

import pytest

from gaoyuan.chain.known_chain import comparable_product, note_inputs, read_chain, replacing_locality
from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.workspace import SCHEMAS, create_workspace


def _by_product(chain, values):
    return dict(zip(chain.products["product"].to_pylist(), values.tolist(), strict=True))


def test_products_are_found_by_code_name_or_another_name(chain_workspace):
    chain = read_chain(chain_workspace)
    module = chain.number("module")
    assert [chain.number(name) for name in ("MODULE", "功率 模块", "IGBT组件", "ｐｍ")] == [module] * 4
    assert chain.name(module) == "功率模块"


def test_a_product_that_there_is_not_is_refused_with_the_nearest_names(chain_workspace):
    with pytest.raises(NotFound, match="支撑电容") as refused:
        read_chain(chain_workspace).number("支撑电容器")
    assert "支撑电容" in str(refused.value.mend)
    with pytest.raises(NotFound, match="gaoyuan export"):
        read_chain(chain_workspace).number("zzz")


def test_a_name_that_several_products_share_is_refused_with_their_codes(empty_chain, put):
    product = [
        {"product": "P7", "product_name": "螺栓", "aliases": "标准件"},
        {"product": "P8", "product_name": "螺栓", "aliases": None},
    ]
    chain = read_chain(put(empty_chain, product=product))
    with pytest.raises(InputError, match="P7, P8") as refused:
        chain.number("螺 栓")
    assert "P7" in refused.value.mend_zh
    assert "P8" in refused.value.mend_zh
    assert [chain.products["product"][chain.number(name)].as_py() for name in ("p8", "标准件")] == ["P8", "P7"]


def test_a_product_that_only_uses_makes_or_trades_name_is_one_too(empty_chain, put, sale):
    put(
        empty_chain,
        uses=[{"product": "甲", "product_name": "甲", "input": "乙", "input_name": "乙"}],
        makes=[{"enterprise_id": "F1", "name": "企业F1", "product": "丙", "product_name": "丙"}],
        trade=[sale("F1", "F2", "丁", 5.0)],
    )
    chain = read_chain(empty_chain)
    assert set(chain.products["product"].to_pylist()) == {"甲", "乙", "丙", "丁"}
    assert chain.graph.edges == 1
    assert _by_product(chain, chain.industry_firms) == dict.fromkeys("甲乙丙丁", -1)


def test_a_use_without_a_product_says_nothing(empty_chain, put):
    put(empty_chain, uses=[{"product": None, "input": "乙"}, {"product": "甲", "input": None}])
    assert read_chain(empty_chain).graph.edges == 0


def test_makers_are_counted_by_where_they_are(chain_workspace):
    held = read_chain(chain_workspace, "370211").makers
    chain = read_chain(chain_workspace, "370211")
    assert _by_product(chain, held.count(LOCAL)) == {
        "loco": 2, "conv": 3, "bogie": 3, "module": 1, "cap": 0, "film": 2, "chip": 0, "wafer": 0, "power-cap": 1,
    }  # fmt: skip
    assert _by_product(chain, held.count(OUTSIDE))["cap"] == 3
    assert _by_product(chain, held.count(UNKNOWN_PLACE))["cap"] == 1


def test_makers_carry_what_the_register_and_the_lists_know(chain_workspace):
    firms = {row["name"]: row for row in read_chain(chain_workspace, "370211").firms.to_pylist()}
    assert firms["企业J1"]["titles"] == "little_giant"
    assert firms["企业F9"]["titles"] is None  # its title has ended
    assert (firms["企业F1"]["size"], firms["企业F6"]["size"], firms["企业F2"]["size"]) == ("large", "small", None)
    assert (firms["株洲电容公司"]["enterprise_id"], firms["株洲电容公司"]["division"]) == (None, "430200")
    then = read_chain(chain_workspace, "370211", dt.date(2016, 1, 1)).firms.to_pylist()
    assert {row["name"]: row["titles"] for row in then}["企业F9"] == "srdi_sme"


def test_local_firms_of_an_industry_are_told_from_those_of_which_a_product_is_known(chain_workspace):
    chain = read_chain(chain_workspace, "370211")
    assert _by_product(chain, chain.industry_firms)["cap"] == 2
    assert _by_product(chain, chain.asked_firms)["cap"] == 1
    assert _by_product(chain, chain.asked_firms)["wafer"] == 0
    assert _by_product(chain, chain.industry_firms)["wafer"] == 1


def test_the_chain_does_not_depend_on_the_order_of_the_rows(chain_workspace, put):
    before = read_chain(chain_workspace, "370211")
    tables = {name: chain_workspace.read(name).to_pylist()[::-1] for name in ("product", "uses", "makes")}
    after = read_chain(put(chain_workspace, **tables), "370211")
    assert after.products.equals(before.products)
    assert after.graph.inputs.tolist() == before.graph.inputs.tolist()
    first, then = (
        [
            chain.firms["name"][firm].as_py()
            for firm in chain.makers.firm[chain.makers.of(chain.number("loco"))].tolist()
        ]
        for chain in (before, after)
    )
    assert first == then == ["企业F1", "企业F2"]


def test_without_products_it_is_said_how_to_import_them(empty_chain, tmp_path):
    with pytest.raises(StepMissing, match="products"):
        read_chain(empty_chain)
    with pytest.raises(StepMissing, match="no register yet"):
        read_chain(create_workspace(tmp_path / "new"))


def test_names_are_compared_without_blanks_and_width():
    assert comparable_product(" Ｐ Ｍ\t1 ") == "pm1"


def test_results_of_other_places_stay_until_what_they_rest_on_changes(chain_workspace, put):
    chain = read_chain(chain_workspace, "370211")
    assert replacing_locality(chain_workspace, "supply_rate", chain) is None
    empty = SCHEMAS["supply_rate"].arrow.empty_table()
    with chain_workspace.run("supply") as run:
        note_inputs(chain_workspace, run)
        chain_workspace.write("supply_rate", empty, run)
    assert run.inputs["trade"] is None
    assert replacing_locality(chain_workspace, "supply_rate", chain) == "locality = '370211'"
    put(chain_workspace, trade=[])
    assert replacing_locality(chain_workspace, "supply_rate", chain) is None
