"""Maps and lists of a profile, filled from the small chain; none is left out."""

from __future__ import annotations

import pytest

from gaoyuan.chain.atlas import atlas, atlas_index, fill_profile, findings
from gaoyuan.chain.atlas.profiles import profile, profiles
from gaoyuan.chain.known_chain import read_chain
from gaoyuan.errors import FileUnreadable


def _filled(workspace, style="four-maps-six-lists", place="370211", product="loco", firms=10):
    one = profile(style)
    chain = read_chain(workspace, place)
    found = atlas(atlas_index(chain, one.states), product, firms=firms)
    return fill_profile(one, found, workspace, chain.locality)


def _list(filled, name):
    return next(one for one in filled.lists if one.form.id == name)


def _column(one, key):
    at = [column.key for column in one.columns].index(key)
    return [row[at] for row in one.rows]


@pytest.mark.parametrize("one", profiles(), ids=lambda one: one.id)
def test_every_map_and_list_of_every_profile_is_there_with_rows_or_with_what_is_missing(one, traded_chain):
    filled = _filled(traded_chain, one.id)
    assert [map.form for map in filled.maps] == list(one.maps)
    assert [each.form for each in filled.lists] == list(one.lists)
    for each in filled.lists:
        assert all(len(row) == len(each.columns) for row in each.rows)
        assert each.no_data is None or not each.rows
        if each.form.rows is None:
            assert each.no_data is not None
    assert all((map.no_data is None) == (map.form.shows not in {None, "applications"}) for map in filled.maps)


def test_key_firms_are_local_each_once_the_largest_first(chain_workspace):
    one = _list(_filled(chain_workspace), "key-firms")
    assert _column(one, "name")[:3] == ["企业F1", "企业F6", "企业F2"]
    assert set(_column(one, "name")) == {f"企业F{number}" for number in range(1, 9)}
    assert len(one.rows) == 8
    assert _column(one, "products")[0] == "转向架、变流器、电力机车"
    assert _column(one, "output_yuan")[:3] == [8e7, 3e7, 2e7]
    assert one.note is None


def test_weak_links_come_most_urgent_first_and_leave_out_strong_ones(chain_workspace):
    one = _list(_filled(chain_workspace), "weak-links")
    assert _column(one, "state") == ["missing", "imported", "single_source", "weak", "weak", "unknown"]
    assert _column(one, "product_name")[0] == "支撑电容"
    assert _column(one, "needed_by")[0] == "变流器"


def test_a_shortened_list_of_makers_says_so(chain_workspace):
    one = _list(_filled(chain_workspace, firms=1), "key-firms")
    assert one.note is not None
    assert "1 家" in one.note.zh


def test_lists_of_computed_tables_name_the_command_and_the_place(chain_workspace):
    one = _list(_filled(chain_workspace), "targets")
    assert one.no_data is not None
    assert "gaoyuan chain WS gaps" in one.no_data.en


def test_candidates_are_those_of_this_place_and_of_these_products(chain_workspace, put):
    rows = [
        {
            "locality": "370211",
            "product": "cap",
            "product_name": "支撑电容",
            "side": "outside",
            "rank": 2,
            "name": "乙",
        },
        {
            "locality": "370211",
            "product": "cap",
            "product_name": "支撑电容",
            "side": "outside",
            "rank": 1,
            "name": "甲",
        },
        {"locality": "370211", "product": "cap", "product_name": "支撑电容", "side": "inside", "rank": 1, "name": "内"},
        {
            "locality": "370102",
            "product": "cap",
            "product_name": "支撑电容",
            "side": "outside",
            "rank": 1,
            "name": "他处",
        },
        {
            "locality": "370211",
            "product": "power-cap",
            "product_name": "",
            "side": "outside",
            "rank": 1,
            "name": "他链",
        },
    ]
    put(chain_workspace, gap_candidate=rows)
    assert _column(_list(_filled(chain_workspace), "targets"), "name") == ["甲", "乙"]
    elsewhere = _list(_filled(chain_workspace, place="370103"), "targets")
    assert elsewhere.no_data is not None
    assert "--place 370103" in elsewhere.no_data.zh


def test_platforms_are_chosen_by_the_titles_of_firms(chain_workspace, put):
    title = {"enterprise_id": "F4", "title": "省级企业技术中心"}
    one = _list(_filled(put(chain_workspace, title=[title])), "platforms")
    assert _column(one, "name") == ["企业F4"]
    assert _column(one, "titles") == ["省级企业技术中心"]


def test_clusters_with_makers_of_the_chain_stand_for_parks(chain_workspace, put):
    cluster = [{"cluster_id": "c1", "name": "变流器集群", "firms": 9}, {"cluster_id": "c2", "name": "别的", "firms": 5}]
    member = [{"cluster_id": "c1", "enterprise_id": firm} for firm in ("F4", "F5", "FA")]
    put(chain_workspace, cluster=cluster, cluster_member=member)
    one = _list(_filled(chain_workspace, "henan-city-six-maps-six-lists"), "parks")
    assert (_column(one, "name"), _column(one, "chain_firms")) == (["变流器集群"], [2])


def test_fields_of_application_are_there_once_something_needs_the_product(chain_workspace):
    maps = {one.form.id: one for one in _filled(chain_workspace, product="cap").maps}
    assert maps["applications"].no_data is None
    maps = {one.form.id: one for one in _filled(chain_workspace).maps}
    assert maps["applications"].no_data is not None
    assert "uses" in maps["applications"].no_data.zh


def test_a_table_of_the_users_own_stands_as_it_is(chain_workspace, tmp_path):
    style = tmp_path / "own.yaml"
    style.write_text(
        "{id: own, title: {zh: 自定}, status: own, maps: [{id: t, title: {zh: 路线}, shows: null, file: t.csv}], "
        "lists: [{id: p, title: {zh: 项目}, rows: file, file: p.csv}]}",
        encoding="utf-8",
    )
    (tmp_path / "t.csv").write_text("年份,技术\n2027,碳化硅\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("项目,投资\n=1+1,3\n,\n二期,\n", encoding="utf-8")
    filled = _filled(chain_workspace, str(style))
    assert filled.lists[0].rows == (("=1+1", "3"), ("二期", None))
    assert filled.maps[0].table is not None
    assert filled.maps[0].table.rows == (("2027", "碳化硅"),)
    (tmp_path / "p.csv").unlink()
    with pytest.raises(FileUnreadable):
        _filled(chain_workspace, str(style))


def test_the_finding_counts_levels_products_and_states(chain_workspace):
    chain = read_chain(chain_workspace, "370211")
    found = findings(atlas(atlas_index(chain), "loco"))
    assert (
        found.headline.zh
        == "上游 4 层 7 种产品：强 2、弱 1、单一来源 1、缺失 1、依赖进口 1、未知 1；下游没有已知产品。"
    )
    assert found.urgent.zh == "缺失：支撑电容；依赖进口：芯片；单一来源：功率模块"
    assert found.upstream.states["strong"] == 2
    assert "downstream" not in found.headline.en.split(".")[0]
