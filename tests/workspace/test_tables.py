from __future__ import annotations

import re

import pyarrow as pa
import pytest

from gaoyuan.workspace import SCHEMAS, TableSchema
from gaoyuan.workspace.schema import GEOMETRY

every_table = pytest.mark.parametrize("schema", list(SCHEMAS.values()), ids=list(SCHEMAS))


@every_table
def test_a_table_says_what_it_is_in_chinese_and_what_a_row_is(schema: TableSchema):
    assert re.search(r"[\u4e00-\u9fff]", schema.zh)
    assert schema.grain
    assert SCHEMAS[schema.name] is schema


@every_table
def test_every_column_has_a_chinese_name_and_a_meaning_and_no_name_comes_twice(schema: TableSchema):
    names = [column.name for column in schema.columns]
    assert len(set(names)) == len(names)
    assert len(set(schema.headings().values())) == len(names)
    for column in schema.columns:
        assert re.search(r"[\u4e00-\u9fff]|p值|q值", column.zh)
        assert column.meaning
        assert column.heading == f"{column.zh} {column.name}"


@every_table
def test_every_row_names_the_run_that_made_it(schema: TableSchema):
    assert schema.columns[0 if schema.name == "run" else -1].name == "run"


@every_table
def test_money_and_areas_carry_their_unit_in_the_name(schema: TableSchema):
    for column in schema.columns:
        if column.unit == "yuan":
            assert column.name.endswith("_yuan")
        if column.unit == "km²":
            assert column.name.endswith("_km2")


@every_table
def test_the_arrow_schema_has_the_columns_in_order_and_all_may_be_null(schema: TableSchema):
    arrow = schema.arrow
    assert arrow.names == [column.name for column in schema.columns]
    assert all(field.nullable for field in arrow)
    assert all(not pa.types.is_dictionary(field.type) for field in arrow)


def test_a_geometry_is_found_where_there_is_one():
    assert SCHEMAS["cluster"].geometry_column == "footprint"
    assert SCHEMAS["register"].geometry_column is None
    assert pa.binary() == GEOMETRY
