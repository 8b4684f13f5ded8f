"""How networks are checked and laid out."""

from __future__ import annotations

import numpy as np
import pytest

from gaoyuan.chain.shocks.network import compile_network
from gaoyuan.errors import InputError

GOOD: dict = {
    "supplier": [0, 1, 2],
    "buyer": [1, 2, 2],
    "value": [1.0, 2.0, 1.0],
    "sector": [0, 1, 1],
    "essential": [[2, 2], [1, 1]],
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"supplier": [0, 1]}, "one entry for each link"),
        ({"supplier": [0, 1, 3]}, "supplier 3 of link 2 is none of the 3 firms"),
        ({"buyer": [0, -1, 2]}, "buyer -1 of link 1"),
        ({"supplier": [0.5, 1.0, 2.0]}, "supplier holds whole numbers"),
        ({"value": [1.0, -2.0, 1.0]}, "link 1 has the value -2.0"),
        ({"value": [1.0, np.nan, 1.0]}, "link 1 has the value nan"),
        ({"value": [1.0, np.inf, 1.0]}, "link 1 has the value inf"),
        ({"sector": [0, 1, 2]}, "sector 2 of firm 2 is not a row of essential"),
        ({"sector": [[0, 1, 1]]}, "sector is one number for each"),
        ({"essential": [[2, 2]]}, "square"),
        ({"essential": [[2, 3], [0, 1]]}, r"essential\[0, 1\] is 3"),
        ({"revenue": [1.0, 2.0]}, "revenue is one number for each of the 3 firms"),
        ({"revenue": [1.0, 0.0, 1.0]}, "revenue of firm 1 is 0.0"),
        ({"costs": [1.0, np.nan, 1.0]}, "costs of firm 1 is nan"),
        ({"weights": [1.0, -1.0, 1.0]}, "weights are numbers of at least 0"),
        ({"weights": [0.0, 0.0, 0.0]}, "not all 0"),
        ({"value": [0.0, 0.0, 0.0]}, "no firm sells anything"),
    ],
    ids=lambda given: str(given) if isinstance(given, dict) else "",
)
def test_what_cannot_be_is_refused_and_said_where(wrong: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        compile_network(**(GOOD | wrong))


def test_segments_hold_what_a_buyer_buys_of_a_product_or_of_all_non_essential_ones() -> None:
    # Firm 3 (sector 2) needs product 0 from firms 0 and 1, and takes 1 and 2 as they come.
    needs = np.array([[0, 0, 2], [0, 0, 1], [0, 0, 1]])
    found = compile_network([0, 1, 2, 3], [3, 3, 3, 3], [1.0, 3.0, 4.0, 2.0], [0, 0, 1, 2], needs)
    assert found.segment_buyer.tolist() == [3, 3]
    assert found.segment_begins.tolist() == [0, 2, 4]
    assert found.segment_share.tolist() == [0.25, 0.75, 0.4, 0.2]
    assert found.segment_supplier.tolist() == [0, 1, 2, 3]


def test_costs_and_revenue_take_the_place_of_what_is_traded() -> None:
    found = compile_network([0], [1], [2.0], [0, 0], [[2]], revenue=[8.0, 0.0], costs=[0.0, 4.0])
    assert found.up_share.tolist() == [0.25]
    assert found.down_share.tolist() == [0.5]


def test_negligible_products_are_bought_without_harm_but_count_as_purchases() -> None:
    needs = np.array([[0, 0, 1], [0, 0, 0], [0, 0, 0]])
    found = compile_network([0, 1], [2, 2], [1.0, 3.0], [0, 1, 2], needs)
    assert found.segment_share.tolist() == [0.25]
