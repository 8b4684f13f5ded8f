from __future__ import annotations

import pandas as pd
import pytest

from gaoyuan.codes import Level, counties, divisions, industries
from gaoyuan.observe import match_recognised, recognised_clusters
from gaoyuan.workspace import Workspace


def test_every_recognised_cluster_has_a_name_a_province_and_where_it_was_read():
    known = recognised_clusters()
    assert len(known) > 100
    assert known["recognised_id"].is_unique
    assert known[["list", "name", "source"]].notna().all().all()
    # One lies in three provinces at once.
    assert known["province"].isna().sum() == 1
    assert known["source"].str.match(r"https?://|\(public code file id \d+\)").all()


def test_places_and_industries_of_recognised_clusters_are_codes_or_unknown():
    known = recognised_clusters()
    places, codes = known["county"].dropna(), known["industries"].dropna()
    assert len(places) > 50
    assert set(places) <= set(counties())
    assert all(code in industries() for code in codes)
    assert (known[["county", "industries"]] != "").all().all()
    provinces = {division.name for division in divisions().values() if division.level == Level.PROVINCE}
    assert set(known["province"].dropna()) <= provinces


@pytest.mark.parametrize(
    ("county", "industry", "expected"),
    [
        ("130628", "1771", 1),
        ("130628", "1779", 0),
        ("130628", "1811", 2),
        ("130628", "3670", -1),
        ("130683", "1771", -1),
        ("000000", "1771", -1),
    ],
)
def test_the_closest_code_in_the_same_county_matches(county: str, industry: str, expected: int):
    known = pd.DataFrame(
        {"county": ["130628", "130628", "130628", None, "130683"], "industries": ["177", "1771", "18", "1771", None]}
    )
    assert match_recognised(pd.Series([county]), pd.Series([industry]), known).tolist() == [expected]


def test_of_two_equally_close_ones_the_first_on_the_lists_matches():
    known = pd.DataFrame({"county": ["130628", "130628"], "industries": ["177", "177"]})
    assert match_recognised(pd.Series(["130628"]), pd.Series(["1771"]), known).tolist() == [0]


def test_a_cluster_of_unknown_county_matches_none():
    known = pd.DataFrame({"county": [None], "industries": ["177"]})
    assert match_recognised(pd.Series([None]), pd.Series(["1771"]), known).tolist() == [-1]


def test_a_found_cluster_that_is_recognised_says_so(uneven_workspace: Workspace):
    known = recognised_clusters().set_index("name")
    clusters = uneven_workspace.read("cluster").to_pandas().set_index("cluster_id")
    towels = clusters.loc["130628-1771"]
    assert towels["recognised"] == "高阳县毛巾纺织产业集群"
    assert towels["recognised_source"] == known.loc["高阳县毛巾纺织产业集群", "source"]
    assert (clusters.loc[clusters["found_by"].isna(), "recognised"] != "高阳县毛巾纺织产业集群").all()


def test_recognised_clusters_that_the_register_does_not_show_are_listed_for_its_provinces(
    uneven_workspace: Workspace,
):
    known = recognised_clusters()
    clusters = uneven_workspace.read("cluster").to_pandas()
    listed = clusters[clusters["found_by"].isna()]
    own = known[known["province"].isin(["河北省", "江西省", "安徽省"])]
    assert set(listed["cluster_id"]) == set(own.loc[own["name"] != "高阳县毛巾纺织产业集群", "recognised_id"])
    assert listed[["p_value", "q_value", "rank", "footprint", "minus_log10_p"]].isna().all().all()
    assert (listed["recognised"] == listed["name"]).all()
    assert listed["recognised_source"].notna().all()


def test_what_the_register_has_of_a_recognised_cluster_is_counted_and_unknown_stays_unknown(
    real_workspace: Workspace,
):
    known = recognised_clusters().set_index("recognised_id")
    clusters = real_workspace.read("cluster").to_pandas()
    listed = clusters[clusters["found_by"].isna()].set_index("cluster_id")
    firms = real_workspace.read("enterprise").to_pandas()
    coded = firms[firms["industry"].notna() & firms["county"].notna()]
    for name, row in listed.iterrows():
        county, prefix = known.loc[name, "county"], known.loc[name, "industries"]
        if not isinstance(county, str) or not isinstance(prefix, str):
            assert pd.isna(row["firms"])
            assert pd.isna(row["expected"])
            continue
        here, alike = coded["county"] == county, coded["industry"].str.startswith(prefix)
        assert row["firms"] == (here & alike).sum()
        expected = here.sum() * alike.sum() / len(coded)
        assert row["expected"] == pytest.approx(expected, rel=1e-9)
        if expected:
            assert row["location_quotient"] == pytest.approx(row["firms"] / expected, rel=1e-9)
        else:
            assert pd.isna(row["location_quotient"])
    assert listed["firms"].isna().any()
    assert listed["firms"].notna().any()


def test_the_shipped_list_is_a_table_of_the_workspace(sample_workspace: Workspace):
    table = sample_workspace.read("recognised_cluster").to_pandas()
    known = recognised_clusters()
    assert table["recognised_id"].tolist() == known["recognised_id"].tolist()
    assert table["name"].tolist() == known["name"].tolist()
    assert table["county"].isna().tolist() == known["county"].isna().tolist()
