"""Profiles of an atlas: those that ship, and a user's own."""

from __future__ import annotations

import pytest

from gaoyuan.chain.atlas import StateRule
from gaoyuan.chain.atlas.profiles import COLUMNS, DEFAULT_PROFILE, profile, profiles
from gaoyuan.errors import FileUnreadable, InputError, NotFound
from gaoyuan.workspace import SCHEMAS

OWN = """
id: my-county
title: {zh: 一图两清单}
status: own
states: {few_makers: 5}
maps:
  - {id: chain, title: {zh: 链图, en: chain}, shows: panorama}
  - {id: route, title: {zh: 技术路线}, shows: null, file: route.csv}
lists:
  - {id: firms, title: {zh: 企业, en: firms}, rows: firms, where: {place: [local], titled: true},
     columns: [name, {key: titles, zh: 资质}]}
  - {id: projects, title: {zh: 项目}, rows: file, file: projects.csv}
"""


@pytest.fixture
def own(tmp_path):
    def write(text=OWN):
        file = tmp_path / "own.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_the_default_comes_first_and_every_profile_reads():
    found = profiles()
    assert found[0].id == DEFAULT_PROFILE
    assert len({one.id for one in found}) == len(found) >= 5
    assert all(profile(one.id) == one for one in found)


def test_four_maps_and_six_lists_are_four_and_six():
    one = profile("four-maps-six-lists")
    assert (len(one.maps), len(one.lists)) == (4, 6)
    assert one.states == StateRule()


@pytest.mark.parametrize("one", profiles(), ids=lambda one: one.id)
def test_a_profile_that_ships_says_where_it_is_from_and_how_sure_it_is(one):
    assert one.source.zh
    assert one.source.en
    # None of these texts was seen in the original.
    assert one.status in {"reported", "unverified", "own"}
    assert (one.url is not None) or one.status != "reported"
    assert all(form.title.zh and form.title.en for form in (*one.maps, *one.lists))
    assert all(form.columns for form in one.lists if form.rows is not None)


def test_every_kind_of_rows_has_columns_of_different_names():
    for columns in COLUMNS.values():
        assert all(key == column.key for key, column in columns.items())
        assert len({column.zh for column in columns.values()}) == len(columns)


@pytest.mark.parametrize(
    ("kind", "table"),
    [("gaps", "chain_gap"), ("candidates", "gap_candidate"), ("supply", "supply_rate"), ("risks", "firm_risk")],
)
def test_columns_of_computed_rows_are_those_of_their_tables(kind, table):
    assert COLUMNS[kind].keys() <= set(SCHEMAS[table].arrow.names)


def test_a_file_of_the_users_is_read_with_the_files_beside_it(own):
    file = own()
    one = profile(file)
    assert one.states == StateRule(few_makers=5)
    assert one.lists[1].file == file.parent / "projects.csv"
    assert one.maps[1].file == file.parent / "route.csv"
    assert [(column.key, column.zh) for column in one.lists[0].columns] == [("name", "企业名称"), ("titles", "资质")]
    assert one.lists[0].titled
    assert profile(str(file)) == one


def test_a_list_without_columns_has_all_of_its_kind(own):
    one = profile(own(OWN.replace(",\n     columns: [name, {key: titles, zh: 资质}]", "")))
    assert [column.key for column in one.lists[0].columns] == list(COLUMNS["firms"])


def test_a_name_that_does_not_ship_lists_those_that_do():
    with pytest.raises(NotFound, match="tangshan-four-maps"):
        profile("no-such")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("rows: firms", "rows: farms"), "farms"),
        (("columns: [name,", "columns: [nome,"), "nome"),
        (("status: own", "status: sure"), "sure"),
        (("few_makers: 5", "few_makers: 1"), "1"),
        (("id: projects", "id: firms"), "stands twice"),
        ((", file: projects.csv", ""), "names no file"),
        (("where: {place: [local]", "where: {state: [weak]"), "cannot be chosen by state"),
        (("maps:", "charts:"), "maps"),
        (("title: {zh: 一图两清单}", "title: 一图两清单"), "一图两清单"),
    ],
)
def test_a_fault_is_named_with_its_place(own, change, said):
    assert change[0] in OWN
    with pytest.raises(InputError, match=said) as caught:
        profile(own(OWN.replace(*change)))
    assert "own.yaml" in str(caught.value)
    assert caught.value.zh


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "a: &x [*x]",
        "[" * 60 + "]" * 60,
        "few: .inf",
        "",
        "- 1",
        "!!python/object:os.system {}",
        "\x00",
        "x" * 300_000,
    ],
    ids=["broken", "alias", "deep", "infinite", "empty", "list", "object", "nul", "large"],
)
def test_what_is_no_profile_is_refused_and_never_crashes(own, text):
    with pytest.raises(InputError):
        profile(own(text))


def test_a_file_that_is_not_there_or_no_text_is_unreadable(tmp_path):
    with pytest.raises(FileUnreadable):
        profile(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("标题".encode("gb18030"))
    with pytest.raises(FileUnreadable, match="UTF-8"):
        profile(tmp_path / "gbk.yaml")
