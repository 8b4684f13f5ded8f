"""Firms that could fill a gap."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.gaps.candidates import FitWeights, candidates, fit
from gaoyuan.chain.known_chain import read_chain
from gaoyuan.errors import InputError


def _found(workspace, product="cap", place="370211", **settings):
    chain = read_chain(workspace, place)
    rows = candidates(workspace, chain, [chain.number(product)], **settings).to_pylist()
    return {side: [row for row in rows if row["side"] == side] for side in ("outside", "inside")}


def _names(rows):
    return [(row["rank"], row["name"]) for row in rows]


def test_known_makers_come_before_firms_of_the_same_industry(chain_workspace):
    outside = _found(chain_workspace)["outside"]
    assert _names(outside) == [(1, "株洲电容公司"), (2, "企业J1"), (3, "厦门薄膜电容"), (4, "企业J2")]
    best, champion, small, unsure = (row["fit"] for row in outside)
    assert (best, small) == (1.0, pytest.approx(0.5 + 0.5 / 3))
    # Output half of the largest, a medium firm, a national title, 270 km away; no share is known.
    near = 1 / (1 + 270 / 500)
    assert champion == pytest.approx(0.5 + 0.5 * (0.25 * 0.5 + 0.15 * 0.75 + 0.2 + 0.1 * near) / 0.7, abs=1e-3)
    assert unsure == pytest.approx(0.5 * (0.25 + 0.15 * 0.25 + 0.1 * near) / 0.7, abs=1e-3)


def test_every_candidate_shows_why(chain_workspace):
    found = _found(chain_workspace)
    said = {row["name"]: (row["reasons_zh"], row["reasons"]) for rows in found.values() for row in rows}
    assert said["株洲电容公司"] == (
        "生产该产品，全国占比 30.0%，产值 1.00 亿元",
        "makes the product, 30.0% of the country, output 100.0 million yuan",
    )
    zh, en = said["企业J1"]
    assert "称号：专精特新“小巨人”企业" in zh
    assert "中型企业" in zh
    assert "距本地约 270 公里" in zh
    assert "titles: little giant" in en
    assert "产品未确认" in said["企业J2"][0]
    assert "product not confirmed" in said["企业J2"][1]
    assert said["企业F9"][0].startswith(
        "生产电力电容器，与之共有投入 金属化薄膜（1/2，杰卡德指数 0.50）；行业相同：3822"
    )
    assert "shares with it users 变流器 (1 of 3, Jaccard index 0.33)" in said["企业F6"][1]
    assert said["企业F7"][0] == "生产金属化薄膜；行业相近：2921 塑料薄膜制造，邻近度 0.40"


def test_firms_inside_make_what_is_related_or_are_of_the_industry(chain_workspace):
    inside = _found(chain_workspace)["inside"]
    assert _names(inside) == [(1, "企业F9"), (2, "企业FB"), (3, "企业F6"), (4, "企业F7"), (4, "企业F8")]
    same, asked = 0.4 / 0.6, 0.5 * 0.15 / 0.75
    assert [row["fit"] for row in inside] == pytest.approx(
        [0.25 + same / 2, same / 2, 1 / 6 + asked / 2, 0.4 * same / 2, 0.4 * same / 2]
    )


def test_firms_that_make_it_here_already_or_cannot_be_placed_are_no_candidates(chain_workspace):
    assert "企业F6" not in {row["name"] for row in _found(chain_workspace, "module")["inside"]}
    names = {row["name"] for rows in _found(chain_workspace).values() for row in rows}
    assert not names & {"不知何处电容厂", "企业J3"}


def test_places_are_told_as_given_or_by_their_division(chain_workspace):
    places = {row["name"]: row["place"] for row in _found(chain_workspace)["outside"]}
    assert places == {
        "株洲电容公司": "湖南省株洲市",
        "企业J1": "山东省济南市历下区",
        "厦门薄膜电容": "福建省厦门市",
        "企业J2": "山东省济南市历下区",
    }


def test_as_many_as_asked_for_are_given_of_each_side(chain_workspace):
    found = _found(chain_workspace, most=2)
    assert [len(rows) for rows in found.values()] == [2, 2]
    assert [len(rows) for rows in _found(chain_workspace, most=0).values()] == [0, 0]
    with pytest.raises(InputError, match="-1 candidates"):
        _found(chain_workspace, most=-1)


def test_without_lists_and_pairs_what_they_would_tell_is_left_out(empty_chain, chain_workspace, put):
    tables = {name: chain_workspace.read(name).to_pylist() for name in ("product", "uses", "makes")}
    inside = _found(put(empty_chain, **tables))["inside"]
    # Of F6 neither the nearness of the industry nor titles are known, and F7 has no tie to it at all.
    assert _names(inside) == [(1, "企业F9"), (2, "企业FB"), (3, "企业F6")]
    assert [row["fit"] for row in inside] == pytest.approx([0.25 + 0.5, 0.5, 1 / 6 + 0.5 / 2])


def test_of_an_unknown_industry_only_makers_are_candidates(chain_workspace, put):
    products = [row | {"industry": None} for row in chain_workspace.read("product").to_pylist()]
    found = _found(put(chain_workspace, product=products))
    assert {row["name"] for row in found["outside"]} == {"株洲电容公司", "企业J1", "厦门薄膜电容"}
    assert {row["name"] for row in found["inside"]} == {"企业F9", "企业F6"}


def test_the_order_of_the_tables_does_not_matter(chain_workspace, put):
    before = _found(chain_workspace)
    tables = ("product", "uses", "makes", "enterprise", "title")
    put(chain_workspace, **{name: chain_workspace.read(name).to_pylist()[::-1] for name in tables})
    assert _found(chain_workspace) == before


def test_the_weights_are_settings(chain_workspace):
    by_title = FitWeights(national_share=0, output=0, size=0, titles=1, nearness=0)
    outside = _found(chain_workspace, weights=by_title)["outside"]
    assert outside[0]["name"] == "企业J1"
    # Of firms that the register lacks no title is known: what makes them fit is that they make it.
    assert [row["fit"] for row in outside] == [1.0, 0.5, 0.5, 0.0]


@pytest.mark.parametrize(
    "weights",
    [{"size": -1.0}, {"titles": np.inf}, {"national_share": 0, "output": 0, "size": 0, "titles": 0, "nearness": 0}],
)
def test_weights_that_cannot_be_are_refused(weights):
    with pytest.raises(InputError, match="no weights of a fit"):
        FitWeights(**weights)


def test_where_nothing_is_known_of_a_firm_its_fit_is_what_it_makes():
    assert fit([[np.nan], [np.nan]], [1.0], [1.0, 0.0]).tolist() == [0.5, 0.0]
