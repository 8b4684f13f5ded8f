from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from gaoyuan.codes import CreditCodeFault, credit_code_faults
from gaoyuan.sample.faults import Faulty, put_faults
from gaoyuan.sample.numbering import credit_codes

FIRMS = 200_000


@pytest.fixture(scope="module")
def whole() -> dict[str, pa.Array]:
    return {
        "uscc": credit_codes(np.full(FIRMS, 370782), 0),
        "established": pa.array(["2015-02-03"] * FIRMS),
        "longitude": pa.array(np.full(FIRMS, 119.1)),
        "latitude": pa.array(np.full(FIRMS, 36.7)),
        "industry": pa.array(["1771"] * FIRMS),
    }


@pytest.fixture(scope="module")
def spoiled(whole: dict[str, pa.Array]) -> Faulty:
    return put_faults(**whole, spared=np.zeros(FIRMS, dtype=bool), random=np.random.default_rng(5))


def changed(before: pa.Array, after: pa.Array) -> np.ndarray:
    return np.array([one != other for one, other in zip(before.to_pylist(), after.to_pylist(), strict=True)])


def test_a_faulty_row_has_one_fault_of_one_of_five_kinds(whole: dict[str, pa.Array], spoiled: Faulty):
    faults = credit_code_faults(spoiled.uscc)
    kinds = np.stack(
        [
            faults == CreditCodeFault.CHECK_CHARACTER,
            faults == CreditCodeFault.LENGTH,
            changed(whole["established"], spoiled.established),
            changed(whole["longitude"], spoiled.longitude),
            changed(whole["industry"], spoiled.industry),
        ]
    )
    # Five in 10,000 of each kind are 100 of these firms; six standard deviations are 60.
    assert (np.abs(kinds.sum(axis=1) - 100) < 60).all()
    assert np.array_equal(kinds.sum(axis=0) > 0, spoiled.rows)
    assert kinds.sum(axis=0).max() == 1
    assert set(np.unique(faults)) == {CreditCodeFault.NONE, CreditCodeFault.CHECK_CHARACTER, CreditCodeFault.LENGTH}


def test_what_is_wrong_is_wrong_in_the_way_that_is_said(whole: dict[str, pa.Array], spoiled: Faulty):
    at = np.flatnonzero(changed(whole["longitude"], spoiled.longitude))
    assert {(spoiled.longitude[i].as_py(), spoiled.latitude[i].as_py()) for i in at} == {(36.7, 119.1)}
    assert set(spoiled.established.to_pylist()) == {"2015-02-03", "2015-02-30"}
    assert set(spoiled.industry.to_pylist()) == {"1771", "0000"}


def test_spared_rows_stay_whole(whole: dict[str, pa.Array]):
    spared = np.arange(FIRMS) < FIRMS // 2
    spoiled = put_faults(**whole, spared=spared, random=np.random.default_rng(5))
    assert not spoiled.rows[spared].any()
    assert spoiled.rows[~spared].any()
    half = slice(0, FIRMS // 2)
    assert all(getattr(spoiled, name)[half].equals(values[half]) for name, values in whole.items())


def test_a_code_with_a_wrong_end_differs_in_nothing_but_its_check_character(
    whole: dict[str, pa.Array], spoiled: Faulty
):
    at = np.flatnonzero(credit_code_faults(spoiled.uscc) == CreditCodeFault.CHECK_CHARACTER)
    pairs = [(whole["uscc"][i].as_py(), spoiled.uscc[i].as_py()) for i in at]
    assert all(right[:17] == wrong[:17] and right[17] != wrong[17] for right, wrong in pairs)
