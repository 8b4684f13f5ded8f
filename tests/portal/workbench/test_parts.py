"""Details of clusters, as they are published for offices and for everybody."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.portal.snapshots.cluster_detail_parts import trend
from gaoyuan.portal.snapshots.models import Audience

YEARS = st.lists(st.one_of(st.none(), st.integers(1980, 2024)), max_size=40)


def founded(years: list[int | None]) -> np.ndarray:
    return np.array([year or 0 for year in years], dtype=np.int64)


@given(YEARS)
def test_public_years_are_taken_together_until_three_enterprises_stand_in_each(years) -> None:
    public: dict[str, Any] = trend(founded(years), Audience.PUBLIC)
    office: dict[str, Any] = trend(founded(years), Audience.OFFICE)
    known = [year for year in years if year is not None]
    assert all(firms >= 3 for firms in public["firms"])
    assert public["unknown"] not in (1, 2)
    left_out = len(known) - sum(public["firms"])
    if len(known) < 3:
        assert public["firms"] == []
    elif public["unknown"] is None:
        # What is hidden cannot be worked out from all members and those that are shown.
        assert left_out >= 3
    else:
        assert left_out == 0
    assert sum(office["firms"]) == len(known)
    spans = list(zip(public["from"], public["to"], strict=True))
    assert all(first <= last for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    for (first, last), firms in zip(spans, public["firms"], strict=True):
        assert sum(first <= year <= last for year in known) == firms


def test_no_dates_give_no_trend() -> None:
    assert trend(founded([None, None, None]), Audience.OFFICE) == {"from": [], "to": [], "firms": [], "unknown": 3}
    assert trend(founded([]), Audience.PUBLIC)["unknown"] == 0


def test_members_of_parts_are_those_of_the_workspace(part_of, demonstrated, strongest) -> None:
    members = demonstrated.read("cluster_member").to_pandas()
    own = members[members["cluster_id"] == strongest["cluster_id"]]
    assert sorted(strongest["members"]["enterprise_id"]) == sorted(own["enterprise_id"])
    assert strongest["revenue_firms"] == int(own["revenue_yuan"].notna().sum())
    assert strongest["size_coverage"] == pytest.approx(strongest["revenue_firms"] / strongest["firms"], rel=1e-5)
    assert sum(strongest["trend"]["firms"]) + strongest["trend"]["unknown"] == len(own)


def test_what_members_make_is_counted_by_enterprise(part_of, demonstrated) -> None:
    makes = demonstrated.read("makes", ["enterprise_id", "product"]).to_pandas().dropna().drop_duplicates()
    members = demonstrated.read("cluster_member", ["cluster_id", "enterprise_id"]).to_pandas()
    counted = members.merge(makes).groupby(["cluster_id", "product"])["enterprise_id"].nunique()
    assert len(counted)
    for (cluster, product), makers in counted.items():
        chain = part_of("cluster", cluster)["chain"]
        assert chain["makers"][chain["product"].index(product)] == makers
        public = part_of("cluster", cluster, Audience.PUBLIC)["chain"]
        assert (product in public.get("product", [])) == (makers >= 3)
        assert product not in chain["lacks"]
        assert product not in public.get("lacks", [])


def test_the_public_is_not_told_which_link_hangs_on_one_maker(part_of) -> None:
    office, public = part_of("products")["gaps"], part_of("products", audience=Audience.PUBLIC)["gaps"]
    assert "single_source" in office["state"]
    assert "single_source" not in public["state"]
    assert {"reasons", "reasons_zh"} & set(public) == set()
