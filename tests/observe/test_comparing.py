from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaoyuan import steps
from gaoyuan.errors import ComparisonRefused, InputError, NotFound, ResultsOutdated, StepMissing
from gaoyuan.observe import compare, observe
from gaoyuan.registry import import_enterprises
from gaoyuan.workspace import Workspace, create_workspace
from gaoyuan.workspace.tables import COMPARISON

HEBEI, JIANGXI, ANHUI = "130000", "360000", "340000"
SHARES = ("share_of_region", "location_quotient")


@pytest.mark.parametrize("measure", ["firms", "employees", "revenue_yuan"])
def test_counts_between_regions_of_uneven_coverage_are_refused_with_the_reason(
    uneven_workspace: Workspace, measure: str
):
    with pytest.raises(ComparisonRefused) as refused:
        compare(uneven_workspace, "5212", [HEBEI, JIANGXI], measure)  # pyright: ignore[reportArgumentType]
    assert "河北省 100%" in refused.value.what
    assert "江西省 67%" in refused.value.what
    assert "share_of_region" in str(refused.value.mend)


def test_counties_and_prefectures_are_refused_as_their_provinces_are(uneven_workspace: Workspace):
    for regions in (["130628", "361027"], ["130600", "361000"]):
        with pytest.raises(ComparisonRefused, match="uneven"):
            compare(uneven_workspace, "5212", regions, "firms")


@pytest.mark.parametrize("measure", SHARES)
def test_what_rests_on_shares_is_compared_whatever_the_coverage(uneven_workspace: Workspace, measure: str):
    compared = compare(uneven_workspace, "5212", [JIANGXI, HEBEI, ANHUI], measure)  # pyright: ignore[reportArgumentType]
    assert list(compared.columns) == COMPARISON.arrow.names
    rows = uneven_workspace.read("region_industry").to_pandas()
    rows = rows[(rows["region_level"] == "province") & (rows["industry"] == "5212")].set_index("region")
    value = dict(zip(compared["region"], compared["value"], strict=True))
    assert value == rows[measure].to_dict()
    assert compared["value"].is_monotonic_decreasing
    # All three were made alike, but that a fifth of Hebei's firms are makers of towels besides.
    assert value[JIANGXI] == pytest.approx(value[ANHUI])
    assert value[HEBEI] < value[ANHUI]


def test_counts_between_regions_of_even_coverage_are_compared(uneven_workspace: Workspace):
    compared = compare(uneven_workspace, "1771", [ANHUI, HEBEI], "firms")
    assert compared["region"].tolist() == [HEBEI, ANHUI]
    assert compared["value"].tolist() == compared["firms"].tolist() == [168, 48]
    assert compared["coverage"].tolist() == [1.0, 1.0]
    assert compared["coded"].tolist() == [600, 480]
    assert compare(uneven_workspace, "17", ["130628", "130683"], "firms")["value"].tolist() == [144, 24]


def test_sizes_that_the_register_does_not_have_are_refused(uneven_workspace: Workspace):
    compared = compare(uneven_workspace, "1771", ["130628", "130683"], "employees")
    assert compared["value"].gt(0).all()
    with pytest.raises(ComparisonRefused, match=r"employees cannot be compared.* 0%"):
        compare(uneven_workspace, "1771", [HEBEI, ANHUI], "employees")
    with pytest.raises(ComparisonRefused, match="revenue_yuan cannot be compared"):
        compare(uneven_workspace, "1771", [HEBEI, ANHUI], "revenue_yuan")


def test_sums_over_uneven_parts_of_the_firms_are_refused(tmp_path: Path):
    rows = [f"甲{i}毛巾厂,河北省保定市高阳县,1771,{100}" for i in range(40)]
    rows += [f"乙{i}毛巾厂,河北省保定市安国市,1771,{100 if i == 0 else ''}" for i in range(40)]
    file = tmp_path / "register.csv"
    file.write_text("企业名称,注册地址,行业代码,营业收入(万元)\n" + "\n".join(rows), encoding="utf-8")
    workspace = create_workspace(tmp_path / "w")
    steps.import_enterprises(workspace, [file])
    steps.observe(workspace)
    with pytest.raises(ComparisonRefused, match=r"100%.* 2%"):
        compare(workspace, "1771", ["130628", "130683"], "revenue_yuan")
    assert compare(workspace, "1771", ["130628", "130683"], "firms")["value"].tolist() == [40.0, 40.0]


def test_results_of_an_older_register_are_not_compared(tmp_path: Path):
    workspace = create_workspace(tmp_path / "w")
    for number, place in enumerate(("高阳县", "安国市")):
        file = tmp_path / f"{place}.csv"
        firms = [f"{place}{i}毛巾厂,河北省保定市{place}" for i in range(40)]
        file.write_text("企业名称,注册地址\n" + "\n".join(firms), encoding="utf-8")
        steps.import_enterprises(workspace, [file])
        if number == 0:
            steps.observe(workspace)
    assert workspace.outdated("enterprise")
    for ask in (
        lambda: compare(workspace, "1771", ["130628", "130683"]),
        lambda: steps.theme(workspace, "毛巾"),
        lambda: steps.explain(workspace, "130628-1771"),
        lambda: steps.map(workspace, tmp_path / "map.html"),
    ):
        with pytest.raises(ResultsOutdated, match="observe"):
            ask()
    steps.observe(workspace)
    assert not workspace.outdated("enterprise")
    assert steps.theme(workspace, "毛巾")["firms"].tolist() == [40, 40]


def test_a_region_without_a_firm_of_the_industry_has_0(uneven_workspace: Workspace):
    # 4890 is the tenth industry, which only every tenth firm has; 1811 of 2017 was given to all counties, 0121 to none.
    compared = compare(uneven_workspace, "0121", [HEBEI, ANHUI], "location_quotient")
    assert compared["value"].tolist() == [0.0, 0.0]
    assert compared["firms"].tolist() == [0, 0]
    assert compared["expected"].isna().all()


@pytest.mark.parametrize("industry", ["C", "17", "177", "1771"])
def test_industries_of_every_level_are_compared(uneven_workspace: Workspace, industry: str):
    compared = compare(uneven_workspace, industry, [HEBEI, ANHUI])
    assert compared["region"].tolist() == [HEBEI, ANHUI]
    assert compared["value"].iloc[0] > 1.0 > compared["value"].iloc[1]


def test_a_region_that_is_named_twice_is_compared_once(uneven_workspace: Workspace):
    assert compare(uneven_workspace, "1771", [HEBEI, ANHUI, HEBEI])["region"].tolist() == [HEBEI, ANHUI]
    with pytest.raises(InputError, match="two regions"):
        compare(uneven_workspace, "1771", [HEBEI, HEBEI])


@pytest.mark.parametrize(
    ("regions", "industry", "error"),
    [
        ([HEBEI], "1771", InputError),
        ([], "1771", InputError),
        ([HEBEI, "130628"], "1771", InputError),
        ([HEBEI, "999999"], "1771", NotFound),
        ([HEBEI, "650000"], "1771", NotFound),
        ([HEBEI, ANHUI], "9999", NotFound),
        ([HEBEI, ANHUI], "", NotFound),
    ],
)
def test_what_cannot_be_compared_is_told_with_what_can(
    uneven_workspace: Workspace, regions: list[str], industry: str, error: type[InputError]
):
    with pytest.raises(error) as refused:
        compare(uneven_workspace, industry, regions)
    assert type(refused.value) is error
    assert refused.value.mend


def test_an_unknown_measure_is_told_with_the_known_ones(uneven_workspace: Workspace):
    with pytest.raises(InputError) as refused:
        compare(uneven_workspace, "1771", [HEBEI, ANHUI], "profit")  # pyright: ignore[reportArgumentType]
    assert "location_quotient" in str(refused.value.mend)


def test_shares_of_a_handful_of_firms_are_refused(tmp_path: Path):
    rows = [f"高阳{i}厂,1771,河北省保定市高阳县高阳镇{i}号,2015-01-02" for i in range(29)]
    rows += [f"安国{i}厂,1811,河北省保定市安国市祁州路{i}号,2015-01-02" for i in range(40)]
    rows += [f"高阳无{i}号,,河北省保定市高阳县高阳镇9{i}号,2015-01-02" for i in range(20)]
    (tmp_path / "register.csv").write_text("\n".join(["企业名称,行业代码,注册地址,成立日期", *rows]), encoding="utf-8")
    workspace = create_workspace(tmp_path / "workspace")
    import_enterprises(workspace, [tmp_path / "register.csv"])
    observe(workspace)
    with pytest.raises(ComparisonRefused, match="高阳县 29"):
        compare(workspace, "1771", ["130628", "130683"])
    assert compare(workspace, "1771", ["130628", "130683"], "firms")["value"].tolist() == [29.0, 0.0]


def test_the_real_register_has_provinces_whose_counts_are_refused(real_workspace: Workspace):
    with pytest.raises(ComparisonRefused, match="河北省"):
        compare(real_workspace, "C", ["130000", "360000"], "firms")
    quotients = compare(real_workspace, "C", ["130000", "360000", "640000"])
    assert np.isfinite(quotients["value"]).all()
    table = real_workspace.read("region_industry").to_pandas()
    own = table[(table["region_level"] == "province") & (table["industry"] == "C")].set_index("region")
    assert quotients.set_index("region")["value"].to_dict() == (
        own["location_quotient"].reindex(quotients["region"]).to_dict()
    )


def test_before_anything_was_observed_the_step_is_named(tmp_path: Path):
    with pytest.raises(StepMissing, match="gaoyuan observe"):
        compare(create_workspace(tmp_path / "w"), "1771", [HEBEI, ANHUI])
