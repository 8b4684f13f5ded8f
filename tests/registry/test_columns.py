from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.errors import ColumnsMissing, MappingInvalid
from gaoyuan.registry.columns import UserMapping, count_known, load_mapping, map_columns, targets


@pytest.mark.parametrize(
    ("heading", "target", "factor"),
    [
        ("企业名称", "name", 1.0),
        ("单位名称", "name", 1.0),
        ("name", "name", 1.0),
        ("Enterprise Name", "name", 1.0),
        (" 企业名称 ", "name", 1.0),
        ("统一社会信用代码", "uscc", 1.0),
        ("USCC", "uscc", 1.0),
        ("credit_code", "uscc", 1.0),
        ("经营范围", "scope", 1.0),
        ("注册地址", "address", 1.0),
        ("住所（经营场所）", "address", 1.0),
        ("行业代码", "industry_given", 1.0),
        ("行业代码(GB/T 4754-2017)", "industry_given", 1.0),
        ("从业人员", "employees", 1.0),
        ("从业人员期末人数（人）", "employees", 1.0),
        ("营业收入(万元)", "revenue_yuan", 1e4),
        ("营业收入（千元）", "revenue_yuan", 1e3),
        ("营业收入（单位：亿元）", "revenue_yuan", 1e8),
        ("营业收入", "revenue_yuan", 1.0),
        ("revenue_wan", "revenue_yuan", 1e4),
        ("注册资本万元", "capital_yuan", 1e4),
        ("capital_wan", "capital_yuan", 1e4),
        ("资产总计/千元", "assets_yuan", 1e3),
        ("成立日期", "established", 1.0),
        ("reg_date", "established", 1.0),
        ("经度", "longitude", 1.0),
        ("纬度", "latitude", 1.0),
        ("行政区划代码", "division", 1.0),
        ("登记状态", "status", 1.0),
    ],
)
def test_chinese_and_english_headings_are_recognised_with_their_units(heading: str, target: str, factor: float):
    headings = [heading] if target == "name" else ["公司", heading]
    found = {given.target: given for given in map_columns(headings).assignments}
    assert (found[target].heading, found[target].factor) == (heading, factor)


@pytest.mark.parametrize(
    ("heading", "datum"),
    [
        ("经度", None),
        ("经度(WGS84)", "WGS-84"),
        ("GCJ02经度", "GCJ-02"),
        ("经度（火星坐标）", "GCJ-02"),
        ("高德经度", "GCJ-02"),
        ("百度经度", "BD-09"),
        ("lng_bd09", "BD-09"),
        ("经度(2000)", "CGCS2000"),
    ],
)
def test_the_datum_of_coordinates_is_read_from_their_headings(heading: str, datum: str | None):
    columns = map_columns(["企业名称", heading, "纬度"])
    assert columns.heading_of("longitude") == heading
    assert (columns.datum, columns.datum_given) == (datum or "WGS-84", datum is not None)


def test_the_heading_that_stands_earliest_in_our_list_wins_and_the_others_are_unused():
    columns = map_columns(["地址", "名称", "企业名称", "注册地址"])
    assert (columns.heading_of("name"), columns.heading_of("address")) == ("企业名称", "注册地址")
    assert columns.unused == ("地址", "名称")


def test_the_real_registers_headings_are_recognised(shared_data: Path):
    import pyarrow.parquet as pq

    schema = pq.read_schema(shared_data / "registry" / "cn_registry_mfg.parquet")
    columns = map_columns(schema.names)
    assert {given.target: given.heading for given in columns.assignments} == {
        "name": "name",
        "uscc": "uscc",
        "established": "reg_date",
        "legal_form": "type",
        "capital_yuan": "capital_wan",
        "capital_currency": "capital_ccy",
        "scope": "scope",
        "address": "address",
        "province": "prov",
        "city": "city",
        "division": "county_code",
    }


def test_a_file_without_names_says_which_columns_it_has_and_how_to_name_the_right_one():
    with pytest.raises(ColumnsMissing) as caught:
        map_columns(["住所", "\x1b[31m电话", *(f"c{i}" for i in range(100))], where="f.csv")
    text = str(caught.value)
    assert "f.csv: no column holds the names of firms" in text
    assert 'name = "…"' in text
    assert "\x1b" not in text
    assert "102 in all" in text


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_headings_are_mapped_or_refused_and_none_is_read_twice(headings: list[str]):
    from gaoyuan.registry.reading.source import distinct

    names = distinct(headings)
    assert count_known(names) <= len(targets())
    try:
        columns = map_columns(names)
    except ColumnsMissing:
        return
    used = [given.heading for given in columns.assignments]
    assert len(set(used)) == len(used)
    assert sorted([*used, *columns.unused]) == sorted(names)


@pytest.fixture
def mapping_file(tmp_path: Path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "map.toml"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_mapping_file_names_columns_units_and_settings(mapping_file, encoding: str):
    text = """
        [columns]
        name = "企业全称"
        revenue_yuan = { heading = "营收", unit = "万元" }

        [settings]
        encoding = "gb18030"
        header_row = 3
        quotes = false
        datum = "BD-09"
    """
    mapping = load_mapping(mapping_file(text, encoding))
    assert mapping.columns == {"name": ("企业全称", None), "revenue_yuan": ("营收", "万元")}
    assert (mapping.read.encoding, mapping.read.header_row, mapping.read.quotes) == ("gb18030", 3, False)
    columns = map_columns(["企业名称", "企业全称", "营收", "经度", "纬度"], mapping)
    assert columns.heading_of("name") == "企业全称"
    assert [given.factor for given in columns.assignments if given.target == "revenue_yuan"] == [1e4]
    assert columns.datum == "BD-09"
    assert "企业名称" in columns.unused


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("name = ", "not TOML"),
        ("[column]\nname='a'", r"unknown part \[column\]"),
        ("columns = 3", "columns is no part"),
        ("settings = 'x'", "settings is no part"),
        ("[columns]\nfirm = 'a'", "no target 'firm'"),
        ("[columns]\nname = 3", "name is no heading"),
        ("[columns]\nname = { heading = 'a', factor = 3 }", "name is no heading"),
        ("[columns]\nname = { heading = 'a', unit = '万元' }", "name has no unit"),
        ("[columns]\nrevenue_yuan = { heading = 'a', unit = '斤' }", "no unit '斤'"),
        ("[settings]\nheader_row = 0", "header_row = 0 cannot be"),
        ("[settings]\nheader_row = -3", "header_row = -3 cannot be"),
        ("[settings]\nheader_row = true", "header_row = True cannot be"),
        ("[settings]\nheader_row = 1000000000", "cannot be"),
        ("[settings]\ndelimiter = ''", "delimiter = '' cannot be"),
        ("[settings]\ndelimiter = '\"'", "cannot be"),
        ("[settings]\ncolour = 'red'", "colour = 'red' cannot be"),
        ("[settings]\ndatum = 'Beijing-54'", "no datum 'Beijing-54'"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_its_place(mapping_file, text: str, what: str):
    path = mapping_file(text)
    with pytest.raises(MappingInvalid, match=what) as caught:
        load_mapping(path)
    assert str(path) in str(caught.value)


def test_a_mapping_that_cannot_be_opened_is_refused(tmp_path: Path, mapping_file):
    with pytest.raises(MappingInvalid, match="no such file"):
        load_mapping(tmp_path / "nothing.toml")
    with pytest.raises(MappingInvalid, match="cannot be read"):
        load_mapping(tmp_path)
    with pytest.raises(MappingInvalid, match="not TOML in UTF-8"):
        load_mapping(mapping_file("[columns]\nname = '企业'", "gb18030"))


def test_a_heading_that_the_file_has_not_is_named_with_those_it_has():
    with pytest.raises(MappingInvalid, match="no column '全称', which the mapping reads as name") as caught:
        map_columns(["企业名称"], UserMapping({"name": ("全称", None)}), where="f.csv")
    assert "Its columns are: 企业名称" in str(caught.value)


def test_a_column_that_the_user_leaves_out_is_not_read_although_it_is_recognised():
    mapping = UserMapping(unused=frozenset({"登记状态"}))
    found = map_columns(["企业名称", "登记状态", "住所"], mapping)
    assert [one.target for one in found.assignments] == ["name", "address"]
    assert found.unused == ("登记状态",)


def test_columns_are_recognised_where_one_that_is_needed_is_missing():
    found = map_columns(["登记状态", "备注"], complete=False)
    assert [one.target for one in found.assignments] == ["status"]
