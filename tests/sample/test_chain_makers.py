from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

from gaoyuan.codes import credit_code_faults
from gaoyuan.registry.locating.stated import stated_divisions
from gaoyuan.sample.chain_makers import MOST_MAKERS, choose_makers
from gaoyuan.sample.chain_products import IMPORTED, MISSING_LINKS, PLANTED_LINES, SINGLE_POINT, chain_products


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_links_are_missing_single_or_well_provided_as_planted(chain: SimpleNamespace, seed: int):
    makers = choose_makers(chain.firms, seed)
    assert set(makers) == set(chain_products())
    for code, own in makers.items():
        local = sum(maker.local for maker in own)
        if code in (*MISSING_LINKS, *IMPORTED):
            assert local == 0
        elif code == SINGLE_POINT:
            assert local == 1
        else:
            assert 3 <= local <= MOST_MAKERS
        assert len({maker.uscc for maker in own}) == len(own)
    for code in (*MISSING_LINKS, *IMPORTED, SINGLE_POINT, *PLANTED_LINES.values()):
        assert sum(not maker.local for maker in makers[code]) >= 2


def test_makers_outside_have_sound_codes_of_their_own_and_a_place_outside_the_province(chain: SimpleNamespace):
    outside = [maker for own in chain.makers.values() for maker in own if not maker.local]
    codes = [maker.uscc for maker in outside]
    assert len(set(codes)) == len(codes)
    assert not credit_code_faults(pa.array(codes)).any()
    stated = stated_divisions(pa.array([maker.place for maker in outside])).to_pylist()
    assert [code[2:8] for code in codes] == stated
    assert not any(division.startswith("37") for division in stated)


def test_what_a_side_makes_is_shared_out_whole(chain: SimpleNamespace):
    for own in chain.makers.values():
        for side in (True, False):
            parts = [maker.part for maker in own if maker.local == side]
            assert not parts or sum(parts) == pytest.approx(1.0)
