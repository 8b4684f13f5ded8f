"""The tables of measures, derived again with pandas from the table `enterprise`."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from gaoyuan.codes import Level, division_name, industries, industry_name
from gaoyuan.observe import economic_complexity
from gaoyuan.workspace import Workspace

REGION_LEVELS = ("county", "prefecture", "province")
INDUSTRY_LEVELS = ("section", "division", "group", "class")
EVERY_LEVEL = [(region, industry) for region in REGION_LEVELS for industry in INDUSTRY_LEVELS]


def own_benjamini_hochberg(p_values: pd.Series, tests: int) -> pd.Series:
    """The definition: the least p·m/i over this and all larger p values."""
    ordered = p_values.sort_values(ascending=False)
    position = np.arange(len(ordered), 0, -1)
    return (ordered * tests / position).cummin().clip(upper=1.0).reindex(p_values.index)


def coded_firms(workspace: Workspace, region_level: str, industry_level: str) -> pd.DataFrame:
    firms = workspace.read("enterprise").to_pandas()
    firms = firms[firms["industry"].notna() & firms["prefecture"].notna()]
    if region_level == "county":
        firms = firms[firms["county"].notna()]
    region = {
        "county": firms["county"],
        "prefecture": firms["prefecture"],
        "province": firms["prefecture"].str[:2] + "0000",
    }[region_level]
    digits = INDUSTRY_LEVELS.index(industry_level) + 1
    code = firms["industry"].map(
        {known: industries()[known].section if digits == 1 else known[:digits] for known in firms["industry"].unique()}
    )
    return firms.assign(region=region, code=code)


def rows_of(workspace: Workspace, table: str, region_level: str, industry_level: str | None = None) -> pd.DataFrame:
    rows = workspace.read(table).to_pandas()
    rows = rows[rows["region_level"] == region_level]
    return rows if industry_level is None else rows[rows["industry_level"] == industry_level]


@pytest.fixture(scope="module")
def finest(sample_workspace: Workspace) -> SimpleNamespace:
    """Classes in counties: `firms`, the table of `counts`, its location `quotient`, and where there is `presence`."""
    firms = coded_firms(sample_workspace, "county", "class")
    counts = pd.crosstab(firms["region"], firms["code"])
    quotient = counts.div(counts.sum(axis=1), axis=0) / (counts.sum() / counts.to_numpy().sum())
    return SimpleNamespace(firms=firms, counts=counts, quotient=quotient, presence=(quotient >= 1.0).astype(float))


@pytest.mark.parametrize(("region_level", "industry_level"), EVERY_LEVEL)
def test_firms_sizes_and_excess_of_every_region_and_industry(
    sample_workspace: Workspace, region_level: str, industry_level: str
):
    firms = coded_firms(sample_workspace, region_level, industry_level)
    grouped = firms.groupby(["region", "code"])
    own = pd.DataFrame(
        {
            "firms": grouped.size(),
            "employees": grouped["employees"].sum(min_count=1),
            "revenue_yuan": grouped["revenue_yuan"].sum(min_count=1),
        }
    )
    of_region = firms.groupby("region").size().reindex(own.index.get_level_values(0)).to_numpy()
    of_industry = firms.groupby("code").size().reindex(own.index.get_level_values(1)).to_numpy()
    own["share_of_region"] = own["firms"] / of_region
    own["expected"] = of_region * of_industry / len(firms)
    own["location_quotient"] = (own["firms"] / of_region) / (of_industry / len(firms))
    tail = scipy.stats.hypergeom.sf(own["firms"].to_numpy() - 1, len(firms), of_industry, of_region)
    own["p_value"] = np.maximum(tail, np.nextafter(0.0, 1.0))
    own["q_value"] = own_benjamini_hochberg(own["p_value"], firms["region"].nunique() * firms["code"].nunique())

    table = rows_of(sample_workspace, "region_industry", region_level, industry_level)
    table = table.set_index(["region", "industry"]).sort_index()
    assert table.index.is_unique
    assert table.index.tolist() == own.index.tolist()
    for column in ("firms", "employees"):
        assert table[column].fillna(-1).tolist() == own[column].fillna(-1).tolist()
    for column in ("revenue_yuan", "share_of_region", "expected", "location_quotient", "p_value", "q_value"):
        np.testing.assert_allclose(table[column], own[column], rtol=1e-8, err_msg=column)
    assert (table["p_value"] > 0).all()


@pytest.mark.parametrize(("region_level", "industry_level"), EVERY_LEVEL)
def test_concentration_of_every_industry(sample_workspace: Workspace, region_level: str, industry_level: str):
    firms = coded_firms(sample_workspace, region_level, industry_level)
    counts = pd.crosstab(firms["region"], firms["code"])
    everywhere = counts.sum(axis=1) / len(firms)
    shares = counts / counts.sum()
    table = rows_of(sample_workspace, "industry_measure", region_level, industry_level).set_index("industry")
    assert table.index.tolist() == counts.columns.tolist()
    assert table["firms"].tolist() == counts.sum().tolist()
    assert table["regions"].tolist() == (counts > 0).sum().tolist()
    np.testing.assert_allclose(table["krugman"], shares.sub(everywhere, axis=0).abs().sum(), rtol=1e-9, atol=1e-12)
    quotient = shares.div(everywhere, axis=0)
    assert table["ubiquity"].tolist() == (quotient >= 1.0 - 1e-12).sum().tolist()
    own_gini = [_area_under_diagonal(shares[code], everywhere, quotient[code]) for code in counts.columns]
    np.testing.assert_allclose(table["gini"], own_gini, rtol=1e-9, atol=1e-12)


def _area_under_diagonal(share: pd.Series, everywhere: pd.Series, quotient: pd.Series) -> float:
    """Krugman's curve by trapezia: regions in order of quotient, their shares cumulated against those of everything."""
    order = quotient.argsort()
    x = np.concatenate([[0.0], np.cumsum(everywhere.to_numpy()[order])])
    y = np.concatenate([[0.0], np.cumsum(share.to_numpy()[order])])
    return float(0.5 - ((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2.0).sum())


@pytest.mark.parametrize(("region_level", "industry_level"), EVERY_LEVEL)
def test_the_ellison_glaeser_index_of_every_industry(
    sample_workspace: Workspace, region_level: str, industry_level: str
):
    firms = coded_firms(sample_workspace, region_level, industry_level)
    firms["size"] = firms["employees"].astype(float).fillna(0.0)
    of_region = firms.groupby("region")["size"].sum()
    x = of_region / of_region.sum()
    spread = 1.0 - float((x**2).sum())
    table = rows_of(sample_workspace, "industry_measure", region_level, industry_level).set_index("industry")
    assert set(table["size"]) == {"employees"}
    found = table.to_dict("index")
    undefined = 0
    for code, own in firms.groupby("code"):
        row, total = found[code], float(own["size"].sum())
        herfindahl = float(((own["size"] / total) ** 2).sum()) if total else np.nan
        raw = float(((own.groupby("region")["size"].sum().reindex(x.index, fill_value=0.0) / total - x) ** 2).sum())
        if not total or herfindahl >= 1.0 or spread <= 1e-12:
            undefined += 1
            assert np.isnan(row["ellison_glaeser"])
            continue
        assert row["herfindahl"] == pytest.approx(herfindahl, rel=1e-9)
        assert row["raw_concentration"] == pytest.approx(raw, rel=1e-9)
        gamma = (raw - spread * herfindahl) / (spread * (1.0 - herfindahl))
        assert row["ellison_glaeser"] == pytest.approx(gamma, rel=1e-8, abs=1e-10)
    # One plant says nothing of agglomeration, nor does one province.
    assert undefined == len(table) if region_level == "province" else undefined < len(table) / 4
    if industry_level == "class":
        assert undefined > 0


@pytest.mark.parametrize("region_level", REGION_LEVELS)
def test_specialisation_of_every_region(sample_workspace: Workspace, region_level: str):
    firms = coded_firms(sample_workspace, region_level, "class")
    counts = pd.crosstab(firms["region"], firms["code"])
    shares = counts.div(counts.sum(axis=1), axis=0)
    everywhere = counts.sum() / len(firms)
    table = rows_of(sample_workspace, "region_measure", region_level).set_index("region")
    assert table.index.tolist() == counts.index.tolist()
    assert table["coded"].tolist() == counts.sum(axis=1).tolist()
    np.testing.assert_allclose(table["krugman"], (shares - everywhere).abs().sum(axis=1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(table["herfindahl"], (shares**2).sum(axis=1), rtol=1e-9)
    bits = [scipy.stats.entropy(row, base=2) for row in shares.to_numpy()]
    np.testing.assert_allclose(table["entropy"], bits, rtol=1e-9)
    assert table["diversity"].tolist() == (shares.div(everywhere) >= 1.0 - 1e-12).sum(axis=1).tolist()


@pytest.mark.parametrize("region_level", REGION_LEVELS)
def test_a_region_counts_all_its_firms_also_those_without_an_industry(sample_workspace: Workspace, region_level: str):
    firms = sample_workspace.read("enterprise").to_pandas()
    placed = firms[firms["prefecture"].notna()]
    code = {"county": placed["county"], "prefecture": placed["prefecture"]}.get(
        region_level, placed["prefecture"].str[:2] + "0000"
    )
    table = rows_of(sample_workspace, "region_measure", region_level).set_index("region")
    counted = code.value_counts()
    assert table["firms"].to_dict() == counted.reindex(table.index).to_dict()
    assert (table["coded"] <= table["firms"]).all()
    assert firms["industry"].isna().any()


def test_complexity_of_counties_and_classes_is_that_of_their_presence(
    sample_workspace: Workspace, finest: SimpleNamespace
):
    found = economic_complexity(finest.presence.to_numpy())
    regions = rows_of(sample_workspace, "region_measure", "county").set_index("region")
    classes = rows_of(sample_workspace, "industry_measure", "county", "class").set_index("industry")
    np.testing.assert_allclose(regions["complexity"], found.eci, rtol=1e-9)
    np.testing.assert_allclose(classes["complexity"], found.pci, rtol=1e-9)
    # The index is an eigenvector of what it is defined by.
    presence = finest.presence.to_numpy()
    averaged = (presence / presence.sum(axis=1, keepdims=True)) @ (presence / presence.sum(axis=0)).T
    eci = regions["complexity"].to_numpy()
    image = averaged @ eci
    assert np.corrcoef(image - image.mean(), eci)[0, 1] == pytest.approx(1.0, abs=1e-9)
    assert (eci.mean(), eci.std()) == pytest.approx((0.0, 1.0), abs=1e-9)
    for table in ("region_measure", "industry_measure"):
        coarse = sample_workspace.read(table).to_pandas()
        assert coarse.loc[coarse["region_level"] != "county", "complexity"].isna().all()


def test_density_is_the_share_of_related_industries_that_the_county_is_strong_in(
    sample_workspace: Workspace, finest: SimpleNamespace
):
    presence = finest.presence.to_numpy()
    together, ubiquity = presence.T @ presence, presence.sum(axis=0)
    near = together / np.maximum(np.maximum.outer(ubiquity, ubiquity), 1.0)
    np.fill_diagonal(near, 1.0)
    density = pd.DataFrame(presence @ near / near.sum(axis=0), finest.counts.index, finest.counts.columns)
    rows = rows_of(sample_workspace, "region_industry", "county", "class")
    own = [density.loc[region, code] for region, code in zip(rows["region"], rows["industry"], strict=True)]
    np.testing.assert_allclose(rows["density"], own, rtol=1e-9)
    others = sample_workspace.read("region_industry").to_pandas()
    coarse = (others["region_level"] != "county") | (others["industry_level"] != "class")
    assert others.loc[coarse, "density"].isna().all()


def test_pairs_of_industries_have_their_proximity_and_coagglomeration(
    sample_workspace: Workspace, finest: SimpleNamespace
):
    presence = finest.presence
    pairs = sample_workspace.read("industry_pair").to_pandas()
    assert (pairs["industry_a"] < pairs["industry_b"]).all()
    assert not pairs.duplicated(["industry_a", "industry_b"]).any()
    assert pairs["proximity"].between(0.25, 1.0).all()
    together = presence.T @ presence
    ubiquity = presence.sum()
    near = (together / np.maximum.outer(ubiquity.to_numpy(), ubiquity.to_numpy())).to_numpy()
    assert len(pairs) == (np.triu(near >= 0.25, 1)).sum()

    firms = finest.firms.assign(size=finest.firms["employees"].astype(float).fillna(0.0))
    sizes = firms.pivot_table(index="region", columns="code", values="size", aggfunc="sum", fill_value=0.0)
    x = sizes.sum(axis=1) / sizes.to_numpy().sum()
    deviation = (sizes / sizes.sum()).sub(x, axis=0)
    for row in pairs.sample(200, random_state=1).itertuples():
        both = together.loc[row.industry_a, row.industry_b]
        larger = max(ubiquity[row.industry_a], ubiquity[row.industry_b])
        assert row.proximity == pytest.approx(both / larger)
        own = (deviation[row.industry_a] * deviation[row.industry_b]).sum(skipna=False) / (1.0 - (x**2).sum())
        assert row.coagglomeration == pytest.approx(own, rel=1e-7, abs=1e-9, nan_ok=True)


def test_names_are_those_of_the_codes(sample_workspace: Workspace):
    levels = {"county": Level.COUNTY, "prefecture": Level.PREFECTURE, "province": Level.PROVINCE}
    rows = sample_workspace.read("region_industry").to_pandas().sample(400, random_state=1)
    for row in rows.itertuples():
        assert row.region_name == division_name(str(row.region), levels[str(row.region_level)])
        assert row.industry_name == industry_name(str(row.industry))


def test_where_few_firms_give_employees_each_firm_counts_the_same(real_workspace: Workspace):
    table = rows_of(real_workspace, "industry_measure", "county", "class").set_index("industry")
    assert set(table["size"]) == {"firms"}
    firms = coded_firms(real_workspace, "county", "class")
    assert firms["employees"].isna().all()
    plants = firms.groupby("code").size()
    np.testing.assert_allclose(table["herfindahl"], 1.0 / plants, rtol=1e-9)
    assert table.loc[plants[plants == 1].index, "ellison_glaeser"].isna().all()
    assert rows_of(real_workspace, "region_industry", "county", "class")["employees"].isna().all()


def test_coverage_finds_the_missing_years_and_nothing_else(uneven_workspace: Workspace):
    table = uneven_workspace.read("coverage").to_pandas()
    assert len(table) == 3 * 12
    holes = table[table["hole"]]
    assert holes["province"].tolist() == ["360000"] * 4
    assert holes["year"].tolist() == [2008, 2009, 2010, 2011]
    assert (holes["firms"] == 0).all()
    assert holes["expected"].between(35, 50).all()
    whole = table[~table["hole"]]
    np.testing.assert_allclose(whole["ratio"], whole["firms"] / whole["expected"])
    firms = uneven_workspace.read("enterprise").to_pandas()
    own = firms.groupby([firms["prefecture"].str[:2] + "0000", pd.to_datetime(firms["established"]).dt.year]).size()
    assert table.set_index(["province", "year"])["firms"][lambda counts: counts > 0].to_dict() == own.to_dict()


def test_every_region_has_the_coverage_of_its_province(uneven_workspace: Workspace):
    table = uneven_workspace.read("region_measure").to_pandas()
    share = table.set_index("region")["coverage"]
    assert share["360000"] == pytest.approx(320 / 480, rel=0.1)
    assert (share["130000"], share["340000"]) == (1.0, 1.0)
    assert (table["coverage"] == table["region"].str[:2].map(lambda code: share[f"{code}0000"])).all()


def test_missing_years_do_not_touch_what_rests_on_shares(uneven_workspace: Workspace):
    rows = rows_of(uneven_workspace, "region_industry", "county", "class").set_index(["region", "industry"])
    # All provinces were made alike, so that the county with holes has the same shares as one without.
    for industry in ("0111", "3311", "7211"):
        shares = rows["share_of_region"].xs(industry, level="industry")
        assert shares["361027"] == pytest.approx(shares["340122"])
