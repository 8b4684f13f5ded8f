from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pyarrow as pa

from gaoyuan.registry.identity import PLACE_COLUMNS, identities

N = None


def rows(**columns: Sequence[str | float | None]) -> pa.RecordBatch:
    count = len(next(iter(columns.values())))
    kinds = {"longitude": pa.float64(), "latitude": pa.float64()}
    return pa.RecordBatch.from_pydict(
        {
            name: pa.array(columns.get(name, [None] * count), kinds.get(name, pa.large_string()))
            for name in ("uscc", "name", "address", *PLACE_COLUMNS, "longitude", "latitude")
        }
    )


def test_a_credit_code_is_the_identity_and_without_one_a_hash_of_name_and_place():
    code = "914403001922038216"
    found = identities(rows(uscc=[code, N, code], name=["甲", "甲", "乙"])).to_pylist()
    assert found[0] == found[2] == code
    assert found[1].startswith("x")
    assert len(found[1]) == 17


def test_each_part_of_the_place_tells_firms_apart():
    parts = ["address", *PLACE_COLUMNS]
    for part in parts:
        found = identities(rows(name=["甲", "甲", "甲", "乙"], **{part: ["x", "y", "x", "x"]})).to_pylist()
        assert found[0] == found[2]
        assert len(set(found)) == 3
    # The same word in another column is another place.
    columns = {part: [("x" if at == i else None) for i in range(len(parts))] for at, part in enumerate(parts)}
    assert len(set(identities(rows(name=["甲"] * len(parts), **columns)).to_pylist())) == len(parts)


def test_parts_do_not_run_together():
    pieces = ["a", "ab", "b", "ba", "", "\x1f", "\n", "a\x1f", "\x1fb", "a\nb"]
    pairs = [*permutations(pieces, 2)]
    found = identities(rows(name=[one for one, _ in pairs], address=[other or N for _, other in pairs])).to_pylist()
    assert len(set(found)) == len(pairs)


def test_coordinates_count_only_without_an_address_and_to_about_ten_metres():
    places = [(115.7784, 38.7001), (115.77841, 38.70009), (115.7786, 38.7001), (115.7784, 38.7003), (N, N)]
    columns = {"longitude": [x for x, _ in places], "latitude": [y for _, y in places]}
    found = identities(rows(name=["甲"] * 5, **columns)).to_pylist()
    assert found[0] == found[1]
    assert len(set(found)) == 4
    assert len(set(identities(rows(name=["甲"] * 5, address=["x"] * 5, **columns)).to_pylist())) == 1


def test_identities_do_not_depend_on_the_rows_beside():
    whole = rows(
        name=["甲", "乙", "丙"], district=["高阳县", N, "安国市"], longitude=[N, 115.0, N], latitude=[N, 38.0, N]
    )
    alone = [identities(whole.slice(at, 1)).to_pylist()[0] for at in range(3)]
    assert identities(whole).to_pylist() == alone


def test_a_batch_without_rows_has_no_identities():
    assert identities(rows(name=[])).to_pylist() == []
