from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.codes import SIZE_CLASSES, classes, industries, sectors_of, size_class, size_classes, size_sectors
from gaoyuan.errors import InputError

WAN = 10_000

# Typed by hand from the annex of the rule: a class of the sector, then for large, medium and small the lower bounds of
# persons (X), revenue (Y, 万元) and assets (Z, 万元).
RULE: dict[str, tuple[str, list[dict[str, int]]]] = {
    "agriculture": ("0111", [{"Y": 20_000}, {"Y": 500}, {"Y": 50}]),
    "industry": ("1761", [{"X": 1000, "Y": 40_000}, {"X": 300, "Y": 2000}, {"X": 20, "Y": 300}]),
    "construction": ("4710", [{"Y": 80_000, "Z": 80_000}, {"Y": 6000, "Z": 5000}, {"Y": 300, "Z": 300}]),
    "wholesale": ("5131", [{"X": 200, "Y": 40_000}, {"X": 20, "Y": 5000}, {"X": 5, "Y": 1000}]),
    "retail": ("5212", [{"X": 300, "Y": 20_000}, {"X": 50, "Y": 500}, {"X": 10, "Y": 100}]),
    "transport": ("5431", [{"X": 1000, "Y": 30_000}, {"X": 300, "Y": 3000}, {"X": 20, "Y": 200}]),
    "warehousing": ("5920", [{"X": 200, "Y": 30_000}, {"X": 100, "Y": 1000}, {"X": 20, "Y": 100}]),
    "post": ("6020", [{"X": 1000, "Y": 30_000}, {"X": 300, "Y": 2000}, {"X": 20, "Y": 100}]),
    "lodging": ("6110", [{"X": 300, "Y": 10_000}, {"X": 100, "Y": 2000}, {"X": 10, "Y": 100}]),
    "catering": ("6210", [{"X": 300, "Y": 10_000}, {"X": 100, "Y": 2000}, {"X": 10, "Y": 100}]),
    "information_transmission": ("6311", [{"X": 2000, "Y": 100_000}, {"X": 100, "Y": 1000}, {"X": 10, "Y": 100}]),
    "software": ("6513", [{"X": 300, "Y": 10_000}, {"X": 100, "Y": 1000}, {"X": 10, "Y": 50}]),
    "real_estate_development": (
        "7010",
        [{"Y": 200_000, "Z": 10_000}, {"Y": 1000, "Z": 5000}, {"Y": 100, "Z": 2000}],
    ),
    "property_management": ("7020", [{"X": 1000, "Y": 5000}, {"X": 300, "Y": 1000}, {"X": 100, "Y": 500}]),
    "leasing_business": ("7211", [{"X": 300, "Z": 120_000}, {"X": 100, "Z": 8000}, {"X": 10, "Z": 100}]),
    "other_listed": ("7320", [{"X": 300}, {"X": 100}, {"X": 10}]),
}
MEASURE = {"X": "employees", "Y": "revenue_yuan", "Z": "assets_yuan"}
CLASSES = ("large", "medium", "small", "micro")


def figures(bounds: dict[str, int]) -> dict[str, float]:
    """The bounds of a class in persons and yuan."""
    return {MEASURE[letter]: bound if letter == "X" else bound * WAN for letter, bound in bounds.items()}


def test_the_rule_has_its_sixteen_sectors_with_source_and_confidence():
    assert set(size_sectors()) == set(RULE)
    for sector in size_sectors().values():
        assert {sector.bounds_confidence, sector.industries_confidence} <= {"official", "secondary", "from memory"}
        assert "国统字〔2017〕213号" in sector.source
        assert all(code in industries() for code in sector.industries)


@pytest.mark.parametrize("sector", RULE)
@pytest.mark.parametrize("step", range(3), ids=CLASSES[:3])
def test_a_class_begins_at_its_bounds_and_a_bound_that_is_missed_gives_the_next_lower(sector: str, step: int):
    industry, bounds = RULE[sector]
    at = figures(bounds[step])
    assert size_class(industry, **at) == CLASSES[step]
    for measure, bound in at.items():
        unit = 1 if measure == "employees" else 0.01
        assert size_class(industry, **{**at, measure: bound + unit}) == CLASSES[step]
        assert size_class(industry, **{**at, measure: bound - unit}) == CLASSES[step + 1]


@pytest.mark.parametrize("sector", RULE)
def test_a_class_is_not_left_by_one_figure_that_is_far_above_it(sector: str):
    industry, bounds = RULE[sector]
    for step in range(1, 3):
        at = figures(bounds[step])
        for measure in at:
            far = {**at, measure: 1e15}
            assert size_class(industry, **far) == (CLASSES[step] if len(at) > 1 else "large")


def test_many_staff_with_little_revenue_are_in_the_class_of_the_revenue():
    # A test of upper bounds would leave this firm without a class.
    assert size_class("1761", employees=5000, revenue_yuan=30_000_000) == "medium"
    assert size_class("1761", employees=5000, revenue_yuan=3_000_000) == "small"


@pytest.mark.parametrize(
    ("codes", "sector"),
    [
        ("A 01 0111 05 0511", "agriculture"),
        ("B C D 06 13 44 46 1761 4620 176", "industry"),
        ("E 47 50 4710", "construction"),
        ("51 511 5131", "wholesale"),
        ("52 521 5212", "retail"),
        ("54 55 56 57 58 541 5431 591 5910", "transport"),
        ("592 593 594 595 596 599 5920 5990", "warehousing"),
        ("60 602 6020", "post"),
        ("61 6110", "lodging"),
        ("62 6210", "catering"),
        ("63 64 6311 6421", "information_transmission"),
        ("65 651 6513", "software"),
        ("701 7010", "real_estate_development"),
        ("702 7020", "property_management"),
        ("L 71 72 7211", "leasing_business"),
        ("M N O R 73 75 76 79 80 82 85 86 90 703 709 7030 8514", "other_listed"),
    ],
)
def test_an_industry_code_of_any_level_leads_to_its_sector(codes: str, sector: str):
    for code in codes.split():
        assert [found and found.id for found in sectors_of(code)] == [sector], code


@pytest.mark.parametrize(
    "code", ["J", "66", "6621", "P", "83", "8310", "84", "8411", "S", "91", "T", "97", "53", "531", "704", "7040"]
)
def test_an_industry_that_the_rule_leaves_out_has_no_class(code: str):
    assert sectors_of(code) == (None,)
    assert size_class(code, 1, 1, 1) is None
    assert size_class(code, 1e6, 1e12, 1e12) is None


def test_a_coarse_code_gives_a_class_only_where_all_its_sectors_agree():
    assert [sector and sector.id for sector in sectors_of("F")] == ["wholesale", "retail"]
    assert size_class("F", employees=4, revenue_yuan=1e9) == "micro"
    assert size_class("F", employees=60, revenue_yuan=60_000_000) == "medium"
    assert size_class("F", employees=60, revenue_yuan=6_000_000) is None  # wholesale micro, retail medium
    assert size_class("I", employees=2000, revenue_yuan=1e9) == "large"
    assert size_class("I", employees=300, revenue_yuan=1e8) is None
    assert size_class("H", employees=100, revenue_yuan=2e7) == "medium"
    assert size_class("59", employees=19) == "micro"
    assert size_class("59", employees=200, revenue_yuan=3e8) is None


@pytest.mark.parametrize("code", ["G", "K", "70", "Q"])
def test_a_coarse_code_with_industries_that_the_rule_leaves_out_gives_none(code: str):
    assert None in sectors_of(code)
    assert size_class(code, 1, 1, 1) is None


@pytest.mark.parametrize("code", ["", "c", "C1761", "1810", "9999", "176 ", "Z", "17611", None])
def test_a_code_that_the_classification_has_not_gives_none(code: str | None):
    # 1810 is a class of 2011 only.
    assert size_class(code, 1000, 1e9, 1e9) is None
    assert size_classes(pa.array([code], pa.string()), pa.array([1000])).to_pylist() == [None]


def test_an_unknown_figure_leaves_the_class_known_only_where_it_cannot_matter():
    assert size_class("1761", employees=19) == "micro"
    assert size_class("1761", employees=19, revenue_yuan=math.nan) == "micro"
    assert size_class("1761", revenue_yuan=2_999_999) == "micro"
    assert size_class("1761", employees=20) is None
    assert size_class("1761", employees=5000, revenue_yuan=None) is None
    assert size_class("1761") is None
    assert size_class("7320", employees=300) == "large"
    assert size_class("0111", employees=3) is None


def test_a_figure_that_the_sector_does_not_use_does_not_matter():
    assert size_class("1761", 300, 2e7, assets_yuan=None) == size_class("1761", 300, 2e7, assets_yuan=0.0) == "medium"


@pytest.mark.parametrize("value", [-1, -0.01, math.inf, -math.inf, "120", "many", 10**400, [3]])
@pytest.mark.parametrize("measure", ["employees", "revenue_yuan", "assets_yuan"])
def test_a_figure_that_cannot_be_is_refused_and_named(measure: str, value: object):
    with pytest.raises(InputError, match=measure):
        size_class("1761", **{measure: value})  # pyright: ignore[reportArgumentType]


def test_a_figure_that_cannot_be_is_unknown_among_many():
    found = size_classes(pa.array(["1761"] * 4), pa.array([-5.0, math.inf, 19, 300]), pa.array([2e7, 2e7, -1, 2e7]))
    assert found.to_pylist() == [None, None, "micro", "medium"]


FIGURE = st.one_of(
    st.none(),
    st.just(math.nan),
    st.sampled_from(
        sorted(
            {
                value + off
                for _, steps in RULE.values()
                for bounds in steps
                for value in figures(bounds).values()
                for off in (-1.0, 0.0, 1.0)
            }
        )
    ),
    st.floats(min_value=0, max_value=1e12),
)
INDUSTRY = st.one_of(st.none(), st.sampled_from(sorted(industries())), st.sampled_from(["", "1810", "c"]))


@given(st.lists(st.tuples(INDUSTRY, FIGURE, FIGURE, FIGURE), max_size=30))
def test_many_at_once_and_one_by_one_agree(firms: list[tuple[str | None, float | None, float | None, float | None]]):
    columns = list(zip(*firms, strict=True)) or [()] * 4
    numbers = [pa.array(column, pa.float64()) for column in columns[1:]]
    expected = [size_class(*firm) for firm in firms]
    codes = pa.array(columns[0], pa.string())
    assert size_classes(codes, *numbers).to_pylist() == expected
    assert size_classes(codes.dictionary_encode(), *numbers).to_pylist() == expected


@given(
    st.sampled_from(sorted(industries())),
    st.tuples(FIGURE, FIGURE, FIGURE),
    st.integers(0, 2),
    st.floats(min_value=0, max_value=1e12),
)
def test_a_class_never_falls_with_a_figure_and_never_changes_when_an_unknown_one_is_learned(
    industry: str, firm: tuple[float | None, float | None, float | None], which: int, value: float
):
    before = size_class(industry, *firm)
    now = list(firm)
    given_before = now[which]
    unknown = given_before is None or math.isnan(given_before)
    now[which] = value if unknown else max(value, given_before or 0.0)
    after = size_class(industry, *now)
    if before is not None and unknown:
        assert after == before
    if before is not None and after is not None:
        assert SIZE_CLASSES.index(after) >= SIZE_CLASSES.index(before)


@given(st.sampled_from(sorted(industries())), st.tuples(*[st.floats(min_value=0, max_value=1e10)] * 3))
def test_a_coarse_code_never_says_what_a_class_below_it_contradicts(industry: str, firm: tuple[float, float, float]):
    said = size_class(industry, *firm)
    below = [code for code in classes() if industry in (industries()[code].section, code[:2], code[:3], code)]
    found = {size_class(code, *firm) for code in below}
    assert found == {said} if said is not None else len(found) > 1 or found == {None}


def test_arrays_of_any_kind_are_taken():
    codes = np.array(["1761", "0111", "J"])
    staff, revenue = np.array([300, 5, 5], dtype=np.int64), pa.chunked_array([[20_000_000], [400_000, 1]])
    assert size_classes(codes, staff, revenue).to_pylist() == ["medium", "micro", None]
    assert size_classes(codes, staff, pa.array([None, None, None])).to_pylist() == [None, None, None]
    assert size_classes(pa.chunked_array([["1761"], ["0111"]]), None, pa.array([1, 1])).to_pylist() == ["micro"] * 2
    assert size_classes(pa.array([], pa.string()), pa.array([], pa.int64())).to_pylist() == []
    assert size_classes(pa.nulls(2), pa.array([1, 2])).to_pylist() == [None, None]
    sliced = pa.array(["x", "1761", "5131"]).dictionary_encode()[1:]
    assert size_classes(sliced, pa.array([1, 1])).to_pylist() == ["micro", "micro"]


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="2 values of employees for 1 industries"):
        size_classes(pa.array(["1761"]), pa.array([1, 2]))
    with pytest.raises(InputError, match="not text"):
        size_classes(pa.array([1761]))
    with pytest.raises(InputError, match="revenue_yuan"):
        size_classes(pa.array(["1761"]), None, pa.array(["120"]))
