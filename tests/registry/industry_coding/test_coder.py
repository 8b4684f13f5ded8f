from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoyuan.codes import classes
from gaoyuan.registry.industry_coding import CODED_SCHEMA, IndustryCoder


@pytest.fixture(scope="module")
def coder() -> IndustryCoder:
    return IndustryCoder()


def code(coder: IndustryCoder, name: str | None, scope: str | None) -> dict[str, object]:
    return coder.code(pa.array([name], pa.string()), pa.array([scope], pa.string())).to_pylist()[0]


@pytest.mark.parametrize(
    ("name", "scope", "division"),
    [
        ("高阳县永亮毛巾有限公司", "毛巾、浴巾生产、销售", "17"),
        ("定襄县法兰锻造有限公司", "法兰、锻件的生产、销售", "33"),
        ("某某水泥厂", "水泥制造", "30"),
        ("安平县丝网制品厂", "丝网、护栏网生产、加工", "33"),
        ("某某餐馆", "餐饮服务", "62"),
    ],
)
def test_what_a_firm_plainly_does_is_its_industry(coder: IndustryCoder, name: str, scope: str, division: str):
    found = code(coder, name, scope)
    assert str(found["industry"])[:2] == division


@pytest.mark.parametrize(
    ("name", "scope"), [("乙有限公司", None), (None, None), ("", ""), ("甲", "其他"), ("123", "???")]
)
def test_where_nothing_supports_a_class_it_stays_unknown(coder: IndustryCoder, name: str | None, scope: str | None):
    found = code(coder, name, scope)
    assert found["industry"] is None
    assert found["industry_confidence"] is None


def test_no_firms_give_no_rows(coder: IndustryCoder):
    empty = coder.code(pa.array([], pa.string()), pa.array([], pa.string()))
    assert (empty.num_rows, empty.schema) == (0, CODED_SCHEMA)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.text(max_size=30)),
            st.one_of(st.none(), st.text("毛巾生产销售、；。()（）除外不含\0\U0001f600a1 ", max_size=300)),
        ),
        max_size=8,
    )
)
def test_any_text_gets_a_class_of_the_edition_or_none_and_a_probability(rows: list[tuple[str | None, str | None]]):
    coder = IndustryCoder()
    names, scopes = pa.array([row[0] for row in rows], pa.string()), pa.array([row[1] for row in rows], pa.string())
    for found in coder.code(names, scopes).to_pylist():
        alternatives = (found["industry_alternatives"] or "").split("|") if found["industry_alternatives"] else []
        assert len(alternatives) <= 3
        assert set(alternatives) <= set(classes())
        assert found["industry"] is None or found["industry"] in classes()
        assert found["industry"] not in alternatives
        assert (found["industry"] is None) == (found["industry_confidence"] is None)
        assert found["industry_confidence"] is None or 0.0 <= found["industry_confidence"] <= 1.0


def test_a_very_long_scope_is_read_without_an_error(coder: IndustryCoder):
    assert code(coder, "甲厂", "毛巾生产、" * 100_000)["industry"] is not None
