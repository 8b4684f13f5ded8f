from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaoyuan.codes import counties, current_counties
from gaoyuan.registry.locating import (
    LOCATING_COLUMNS,
    LocatedBy,
    Locator,
    learn_authorities,
    places,
    unclear_authorities,
)


@pytest.fixture(scope="module")
def locator() -> Locator:
    return Locator()


def batch(*firms: Mapping[str, object]) -> pa.RecordBatch:
    kinds = {name: pa.float64() if name in ("longitude", "latitude") else pa.string() for name in LOCATING_COLUMNS}
    return pa.RecordBatch.from_pydict(
        {name: pa.array([firm.get(name) for firm in firms], kind) for name, kind in kinds.items()}
    )


def located(locator: Locator, **firm: object) -> tuple[str | None, str | None, LocatedBy]:
    found = locator.locate(batch(firm))
    codes = places()
    county, prefecture = int(found.county[0]), int(found.prefecture[0])
    return (
        codes.counties[county] if county >= 0 else None,
        codes.prefectures[prefecture] if prefecture >= 0 else None,
        LocatedBy(int(found.located_by[0])),
    )


def code(division: str) -> str:
    return f"91{division}000000000X"


def test_coordinates_come_before_the_address_and_that_before_codes(locator: Locator):
    everything = {
        "longitude": 115.7784,
        "latitude": 38.7001,
        "address": "河北省保定市蠡县",
        "division": "130637",
        "uscc": code("130629"),
    }
    assert located(locator, **everything) == ("130628", "130600", LocatedBy.COORDINATES)
    del everything["longitude"]
    assert located(locator, **everything) == ("130635", "130600", LocatedBy.ADDRESS)
    del everything["address"]
    assert located(locator, **everything) == ("130637", "130600", LocatedBy.DIVISION)
    del everything["division"]
    assert located(locator, **everything) == ("130629", "130600", LocatedBy.CREDIT_CODE)
    assert located(locator) == (None, None, LocatedBy.UNKNOWN)


@pytest.mark.parametrize(
    ("address", "county"),
    [
        ("河北省保定市高阳县庞口镇", "130628"),
        ("保定市高阳县", "130628"),
        ("高阳县庞口镇", "130628"),
        ("上海市闸北区中兴路269号", "310106"),
        ("北京市崇文区", "110101"),
        ("山东省莱芜市莱城区", "370116"),
        ("广东省东莞市虎门镇", "441900"),
        ("甘肃省嘉峪关市", "620201"),
        ("湖北省仙桃市", "429004"),
        ("朝阳区", None),
        ("北京路12号", None),
        ("", None),
    ],
)
def test_addresses_name_their_county_also_by_a_former_name(locator: Locator, address: str, county: str | None):
    assert located(locator, address=address)[0] == county


def test_a_name_of_several_counties_goes_to_the_one_that_the_other_columns_name(locator: Locator):
    assert located(locator, address="朝阳区建国路1号", province="北京")[0] == "110105"
    assert located(locator, address="朝阳区红旗街", province="吉林", city="长春")[0] == "220104"


@pytest.mark.parametrize(
    ("division", "county", "prefecture"),
    [
        ("130628", "130628", "130600"),
        ("310108", "310106", "310100"),
        ("371202", "370116", "370100"),
        ("330104", None, "330100"),
        ("441900", "441900", "441900"),
        ("460400", "460400", "460400"),
        ("130600", None, "130600"),
        ("130000", None, None),
        ("999999", None, None),
        ("410307", None, "410300"),
    ],
)
def test_codes_abolished_renamed_split_reused_or_at_two_levels_are_told_apart(
    locator: Locator, division: str, county: str | None, prefecture: str | None
):
    by_credit_code = located(locator, uscc=code(division))
    assert by_credit_code[:2] == (county, prefecture)
    assert by_credit_code[2] == (LocatedBy.CREDIT_CODE if county else LocatedBy.UNKNOWN)
    assert located(locator, division=division)[:2] == (county, prefecture)


def test_a_development_zone_that_is_no_county_is_learnt_from_its_firms_addresses():
    zone = "320571"
    assert current_counties(zone) == ()
    firms = [{"uscc": code(zone), "address": "江苏省苏州市吴中区某路1号"}] * 6
    asked = pa.array([zone, "130628", "130600", "330104"])
    assert unclear_authorities(asked).to_pylist() == [True, False, False, True]
    learnt = learn_authorities(pa.Table.from_batches([batch(*firms)]))
    assert learnt == {zone: "320506"}
    assert located(Locator(learnt), uscc=code(zone)) == ("320506", "320500", LocatedBy.CREDIT_CODE)
    # Too few, or too different, addresses teach nothing.
    assert learn_authorities(pa.Table.from_batches([batch(*firms[:4])])) == {}
    other = [{"uscc": code(zone), "address": "江苏省苏州市虎丘区某路1号"}] * 5
    assert learn_authorities(pa.Table.from_batches([batch(*firms, *other)])) == {}
    # Nor do addresses in another province.
    abroad = [{"uscc": code(zone), "address": "河北省保定市高阳县"}] * 9
    assert learn_authorities(pa.Table.from_batches([batch(*abroad)])) == {}


def test_coordinates_in_no_county_leave_the_address_to_decide(locator: Locator):
    assert located(locator, longitude=150.0, latitude=30.0, address="河北省高阳县")[2] == LocatedBy.ADDRESS


@settings(max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "address": st.text("河北省保定市高阳县蠡朝阳区北京路东\0 a\U0001f600", max_size=40),
                "province": st.sampled_from(["河北", "北京", "x", ""]),
                "city": st.sampled_from(["保定", "市辖区", ""]),
                "district": st.sampled_from(["高阳县", "朝阳区", "县"]),
                "division": st.sampled_from(["130628", "13", "999999", "x", ""]),
                "uscc": st.one_of(st.just(code("130628")), st.text(max_size=18)),
                "longitude": st.one_of(st.floats(), st.floats(100, 120)),
                "latitude": st.one_of(st.floats(), st.floats(20, 45)),
            },
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_firm_is_located_in_its_prefecture_or_stays_unknown(firms: list[dict[str, object]]):
    locator = Locator()
    found = locator.locate(batch(*firms))
    codes = places()
    for county, prefecture, by in zip(found.county, found.prefecture, found.located_by, strict=True):
        assert (county >= 0) == (by != LocatedBy.UNKNOWN)
        if county >= 0:
            assert counties()[codes.counties[county]].parent == codes.prefectures[prefecture]
    # Firms do not depend on who stands beside them.
    for i, firm in enumerate(firms):
        alone = locator.locate(batch(firm))
        assert (alone.county[0], alone.prefecture[0]) == (found.county[i], found.prefecture[i])
