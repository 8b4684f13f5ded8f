from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gaoyuan.codes import CreditCodeFault, classes, credit_code_faults, division_name
from gaoyuan.codes.boundaries import county_boundaries
from gaoyuan.sample.making import RegisterMaker
from gaoyuan.sample.places import km_per_degree


def all_rows(enterprises: int, seed: int) -> tuple[pa.Table, pa.Table]:
    rows, truth = zip(*RegisterMaker(enterprises, seed).batches(), strict=True)
    return pa.Table.from_batches(rows), pa.Table.from_batches(truth)


def test_the_same_seed_gives_the_same_firms_and_another_seed_others():
    rows, truth = all_rows(5_000, 3)
    rows_again, truth_again = all_rows(5_000, 3)
    assert rows.equals(rows_again)
    assert truth.equals(truth_again)
    other, _ = all_rows(5_000, 4)
    assert not rows["企业名称"].equals(other["企业名称"])


@pytest.mark.parametrize("enterprises", [1, 17, 4_000])
def test_there_are_as_many_firms_as_asked_for(enterprises: int):
    rows, truth = all_rows(enterprises, 1)
    assert rows.num_rows == enterprises
    assert truth.num_rows == (200 if enterprises == 4_000 else 0)


def test_a_register_of_several_batches_has_a_code_for_each_firm():
    maker = RegisterMaker(260_000, 1)
    codes = pa.concat_arrays([batch.column("统一社会信用代码") for batch, _ in maker.batches()])
    sound = codes.filter(pa.array(credit_code_faults(codes) == CreditCodeFault.NONE))
    assert len(codes) == 260_000
    assert len(sound.unique()) == len(sound)


def test_the_truth_names_every_planted_firm_once_and_the_register_has_it(made: SimpleNamespace):
    assert made.truth["uscc"].is_unique
    assert made.truth.groupby("planted").size().to_dict() == {cluster.number: cluster.firms for cluster in made.planted}
    joined = made.truth.merge(made.rows, left_on="uscc", right_on="统一社会信用代码", validate="one_to_one")
    assert len(joined) == len(made.truth)
    given = joined["行业代码"].notna()
    assert 0.8 < given.mean() < 0.9
    assert (joined["行业代码"] == joined["industry"])[given].all()
    placed = joined["longitude"].notna()
    assert (joined["longitude"] == joined["经度"])[placed].all()
    assert joined["经度"].isna().equals(~placed)


def test_the_truth_agrees_with_the_planted_clusters(made: SimpleNamespace):
    for cluster in made.planted:
        own = made.truth[made.truth["planted"] == cluster.number]
        assert set(own["county"]) == {cluster.county}
        assert set(own["industry"]) == {cluster.industry}
        east, north = km_per_degree(cluster.latitude)
        distance = np.hypot((own["longitude"] - cluster.longitude) * east, (own["latitude"] - cluster.latitude) * north)
        assert distance.max() <= cluster.radius_km + 0.001


def test_planted_firms_have_no_faults_and_some_others_have(made: SimpleNamespace):
    codes = made.rows["统一社会信用代码"]
    faulty = credit_code_faults(pa.array(codes)) != CreditCodeFault.NONE
    assert 5 < faulty.sum() < 50
    assert not codes[faulty].isin(made.truth["uscc"]).any()


def test_firms_stand_in_the_county_of_their_address(made: SimpleNamespace):
    boundaries = county_boundaries()
    rows = made.rows[(made.rows["纬度"] < 90) & (made.rows["统一社会信用代码"].str.len() == 18)]
    county = rows["统一社会信用代码"].str[2:8]
    inside = [
        bool(shapely.contains_xy(boundaries[code], x, y))
        for code, x, y in zip(county, rows["经度"], rows["纬度"], strict=True)
    ]
    # Sites keep off the border but for firms strewn around them.
    assert np.mean(inside) > 0.99
    named = [division_name(code) in text for code, text in zip(county, rows["注册地址"], strict=True)]
    assert all(named)


def test_the_register_has_the_gaps_of_a_real_one(made: SimpleNamespace):
    missing = made.rows.isna().mean()
    assert missing[["企业名称", "统一社会信用代码", "成立日期", "经营范围", "注册地址"]].eq(0).all()
    expected = {"行业代码": 0.15, "经度": 0.02, "纬度": 0.02, "从业人员": 0.2, "营业收入(万元)": 0.4}
    for column, share in expected.items():
        assert missing[column] == pytest.approx(share, abs=6 * (share * (1 - share) / 20_000) ** 0.5)
    assert made.rows["经度"].isna().equals(made.rows["纬度"].isna())


def test_industries_are_real_classes_and_trade_is_the_largest_section(made: SimpleNamespace):
    given = made.rows["行业代码"].dropna()
    assert set(given) - set(classes()) == {"0000"}
    trade = given.str[:2].isin(["51", "52"]).mean()
    assert 0.25 < trade < 0.4


def test_founding_dates_are_dates_up_to_2024(made: SimpleNamespace):
    dates = made.rows["成立日期"]
    impossible = dates == "2015-02-30"
    assert 0 < impossible.sum() < 40
    assert dates[~impossible].str.fullmatch(r"(19[89]|20[012])\d-\d\d-\d\d").all()
    assert dates.max() <= "2024-12-31"
