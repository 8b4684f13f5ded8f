from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.registry.values import Parsed, as_amount, as_count, as_date, as_degrees, as_text

TODAY = dt.date(2026, 1, 1)


def outcome(parsed: Parsed) -> list[object]:
    """The values, with "fault" where a cell could not be read."""
    return ["fault" if fault else value for value, fault in zip(parsed.values.to_pylist(), parsed.faults, strict=True)]


def date(year: int, month: int = 1, day: int = 1) -> dt.date:
    return dt.date(year, month, day)


@pytest.mark.parametrize("word", ["", " ", "无", "不详", "NULL", "n/a", "#N/A", "-", "——", "/", "未 知", "　"])
def test_what_says_unknown_in_words_is_null_and_no_fault(word: str):
    cells = pa.array([word, None])
    assert as_text(cells).to_pylist() == [None, None]
    for parse in (as_amount, as_count, as_degrees, lambda given: as_date(given, TODAY)):
        assert outcome(parse(cells)) == [None, None]


@pytest.mark.parametrize(
    ("cell", "factor", "yuan"),
    [
        ("1,234.5", 1.0, 1234.5),
        ("１２３．５", 1e4, 1_235_000.0),
        ("500万元", 1e4, 5e6),
        ("500 万", 1.0, 5e6),
        ("3亿", 1e4, 3e8),
        ("2千万元人民币", 1.0, 2e7),
        ("1.5百万", 1.0, 1.5e6),
        ("-20", 1e4, -2e5),
        ("1e3", 1.0, 1000.0),
        ("80人民币", 1.0, 80.0),
        ("20万美元", 1e4, None),
        ("100 USD", 1.0, None),
        ("很多", 1.0, "fault"),
        ("12斤", 1.0, "fault"),
        ("1.2.3", 1.0, "fault"),
        ("1e400", 1.0, "fault"),
        ("500-1000", 1.0, "fault"),
    ],
)
def test_amounts_are_read_in_yuan(cell: str, factor: float, yuan: object):
    (value,) = outcome(as_amount(pa.array([cell]), factor))
    assert value == pytest.approx(yuan) if isinstance(yuan, float) else value == yuan


def test_numbers_of_any_type_are_amounts_and_what_is_infinite_is_a_fault():
    import decimal

    assert outcome(as_amount(pa.array([1, None, -2]), 1e4)) == [1e4, None, -2e4]
    assert outcome(as_amount(pa.array([1.5, math.nan, math.inf]))) == [1.5, None, "fault"]
    assert outcome(as_amount(pa.array([decimal.Decimal("1.50")]), 1e4)) == [15000.0]


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        *[("50", 50), ("50人", 50), ("1,200名", 1200), ("0", 0), ("5.0", 5)],
        *[(wrong, "fault") for wrong in ("5.5", "-3", "50-99", "9999999999", "1e400", "十人")],
    ],
)
def test_counts_are_whole_and_not_negative(cell: str, count: object):
    assert outcome(as_count(pa.array([cell]))) == [count]


def test_counts_of_number_types_are_read_and_no_numbers_are_unknown():
    assert outcome(as_count(pa.array([3.0, 3.5, None, -1.0]))) == [3, "fault", None, "fault"]
    assert outcome(as_count(pa.array([7, -7, None]))) == [7, "fault", None]


PARSERS = {
    "amount": as_amount,
    "count": as_count,
    "degrees": as_degrees,
    "date": lambda cells: as_date(cells, TODAY),
}


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32(), pa.float16()])
@pytest.mark.parametrize("what", PARSERS)
def test_no_number_in_a_column_of_floats_is_unknown_and_an_infinite_one_is_a_fault(what: str, kind: pa.DataType):
    cells = pa.array([math.nan, None, math.inf], pa.float64()).cast(kind)
    assert outcome(PARSERS[what](cells)) == [None, None, "fault"]
    assert as_text(cells).to_pylist()[:2] == [None, None]


def test_dates_given_as_floats_are_read():
    assert outcome(as_date(pa.array([20190401.0, math.nan, 1.5]), TODAY)) == [date(2019, 4, 1), None, "fault"]


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("116.40", 116.4), ("116.40°", 116.4), ("１１６", 116.0), ("-3.5", -3.5), ("116°24′", "fault"), ("东", "fault")],
)
def test_degrees_are_decimal(cell: str, degrees: object):
    assert outcome(as_degrees(pa.array([cell]))) == [degrees]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2019-04-01", date(2019, 4, 1)),
        ("2019/4/1", date(2019, 4, 1)),
        ("2019.4.1", date(2019, 4, 1)),
        ("20190401", date(2019, 4, 1)),
        ("2019年4月1日", date(2019, 4, 1)),
        ("2019 年 4 月 1 日", date(2019, 4, 1)),
        ("２０１９－０４－０１", date(2019, 4, 1)),
        ("2019-04-01 12:30:00", date(2019, 4, 1)),
        ("2019-04-01T00:00:00Z", date(2019, 4, 1)),
        ("2019年4月", date(2019, 4)),
        ("2019-04", date(2019, 4)),
        ("2000-02-29", date(2000, 2, 29)),
        ("1900-02-29", "fault"),
        ("2019-13-01", "fault"),
        ("2019-04-31", "fault"),
        ("2019-00-10", "fault"),
        ("43556", "fault"),
        ("昨天", "fault"),
        ("1599-12-31", "fault"),
        ("2026-01-02", "fault"),
        ("2026-01-01", date(2026)),
    ],
)
def test_dates_are_read_as_people_write_them_and_impossible_ones_are_faults(cell: str, expected: object):
    assert outcome(as_date(pa.array([cell]), TODAY)) == [expected]


@given(
    st.dates(dt.date(1600, 1, 1), TODAY),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d"]),
)
def test_every_date_comes_back_from_every_way_of_writing_it(day: dt.date, form: str):
    assert outcome(as_date(pa.array([day.strftime(form)]), TODAY)) == [day]


def test_dates_of_date_types_keep_their_day_also_with_a_time_zone():
    midnight = pa.array([dt.datetime(2019, 3, 31, 16)], pa.timestamp("ms", tz="Asia/Shanghai"))
    assert outcome(as_date(midnight, TODAY)) == [date(2019, 4, 1)]
    far = pa.array([2**31 - 1, -(2**31), None], pa.int32()).cast(pa.date32())
    assert outcome(as_date(far, TODAY)) == ["fault", "fault", None]
    assert outcome(as_date(pa.array([20190401, None]), TODAY)) == [date(2019, 4, 1), None]


def test_text_that_a_spreadsheet_wrapped_to_keep_its_zeros_is_unwrapped():
    assert as_text(pa.array(['="0123"', ' 甲 "乙" ', '="a"b'])).to_pylist() == ["0123", '甲 "乙"', '="a"b']


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=20))
def test_any_text_is_read_or_marked_and_a_fault_has_no_value(cells: list[str | None]):
    given_cells = pa.array(cells, pa.string())
    for parse in (as_amount, as_count, as_degrees, lambda given: as_date(given, TODAY)):
        parsed = parse(given_cells)
        assert len(parsed.values) == len(parsed.faults) == len(cells)
        for value, fault, text in zip(parsed.values.to_pylist(), parsed.faults, as_text(given_cells), strict=True):
            assert not (fault and value is not None)
            if text.as_py() is None:
                assert value is None
                assert not fault
            if isinstance(value, float):
                assert math.isfinite(value)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_every_number_written_out_comes_back(number: float):
    assert as_amount(pa.array([repr(number)])).values.to_pylist() == [number]
