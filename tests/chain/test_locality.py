"""What counts as local."""

from __future__ import annotations

import pyarrow as pa
import pytest

from gaoyuan.chain.locality import locality, placed, registered_in
from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE
from gaoyuan.errors import NotFound, StepMissing
from gaoyuan.workspace import create_workspace


def _placed(workspace, place, *firms):
    ids = pa.array([one for one, _ in firms], pa.string())
    division = pa.chunked_array([pa.array([code for _, code in firms], pa.string())])
    return placed(workspace, ids, division, locality(workspace, place)).tolist()


def test_firms_of_the_register_are_placed_by_their_county(chain_workspace):
    firms = [("F1", None), ("J1", "370211"), ("J3", "370211")]
    assert _placed(chain_workspace, "370211", *firms) == [LOCAL, OUTSIDE, UNKNOWN_PLACE]
    assert _placed(chain_workspace, "370200", *firms) == [LOCAL, OUTSIDE, LOCAL]
    assert _placed(chain_workspace, None, *firms) == [LOCAL, LOCAL, LOCAL]


@pytest.mark.parametrize(
    ("division", "in_county", "in_register"),
    [
        ("370211", LOCAL, UNKNOWN_PLACE),  # the register may lack it
        ("370200", UNKNOWN_PLACE, UNKNOWN_PLACE),
        ("370000", UNKNOWN_PLACE, UNKNOWN_PLACE),
        ("370102", OUTSIDE, UNKNOWN_PLACE),
        ("430200", OUTSIDE, OUTSIDE),
        ("430000", OUTSIDE, OUTSIDE),  # the register covers nothing of that province
        ("XXXXXX", UNKNOWN_PLACE, UNKNOWN_PLACE),
        ("000000", UNKNOWN_PLACE, UNKNOWN_PLACE),
        (None, UNKNOWN_PLACE, UNKNOWN_PLACE),
    ],
)
def test_a_firm_that_the_register_lacks_is_placed_by_its_division(chain_workspace, division, in_county, in_register):
    assert _placed(chain_workspace, "370211", (None, division)) == [in_county]
    assert _placed(chain_workspace, None, (None, division)) == [in_register]


def test_the_office_of_a_credit_code_is_its_division():
    codes = pa.chunked_array([pa.array(["91370211MA3XXXXX1X", None])])
    assert registered_in(codes).to_pylist() == ["370211", None]


def test_only_members_are_local_to_a_cluster(chain_workspace, put):
    cluster = {"cluster_id": "370211-3824", "county": "370211", "county_name": "黄岛区", "industry_name": "器件"}
    put(chain_workspace, cluster=[cluster], cluster_member=[{"cluster_id": "370211-3824", "enterprise_id": "F4"}])
    assert locality(chain_workspace, "370211-3824").title == "黄岛区器件"
    firms = [("F4", None), ("F5", None), (None, "370211")]
    assert _placed(chain_workspace, "370211-3824", *firms) == [LOCAL, OUTSIDE, OUTSIDE]


def test_places_that_there_are_not_are_refused(chain_workspace, put):
    with pytest.raises(NotFound, match="no division 999999"):
        locality(chain_workspace, "999999")
    with pytest.raises(StepMissing, match="no clusters yet"):
        locality(chain_workspace, "no-cluster")
    put(chain_workspace, cluster=[])
    with pytest.raises(NotFound, match="no cluster 'no-cluster'"):
        locality(chain_workspace, "no-cluster")
    with pytest.raises(NotFound, match="six-digit code") as caught:
        locality(chain_workspace, "37")
    assert "六位区划代码" in caught.value.mend_zh


def test_without_firms_nothing_is_local(tmp_path):
    with pytest.raises(StepMissing, match="no register yet"):
        locality(create_workspace(tmp_path / "w"))
