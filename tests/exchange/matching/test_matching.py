"""Matching a demand with offers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.matching import WEIGHTS, Demand, Match, Offer, index_offers, match, neighbours_of


def ids(found: list[Match]) -> list[str]:
    return [one.offer.id for one in found]


def parts(one: Match) -> dict[str, float]:
    return {reason.part: reason.gain for reason in one.reasons}


def test_the_parts_of_a_match_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_a_match_says_in_both_languages_why_it_fits(offers: list[Offer]) -> None:
    demand = Demand(
        "己厂",
        "求购不锈钢法兰DN100",
        quantity=Decimal(800),
        unit="kg",
        max_price=Decimal(20),
        within_days=30,
        place=(120.3, 31.6),
        certificates=frozenset({"ISO9001"}),
        products=("法兰",),
    )
    (found,) = match(demand, offers)
    assert found.offer.id == "flange"
    said = {reason.part: str(reason) for reason in found.reasons}
    assert said["size"] == "规格符合：DN50–600 the size fits: DN50–600"
    assert said["distance"] == "距离 11 km 11 km away"
    assert said["record"] == "已交付 3 单类似订单 delivered 3 similar orders"
    assert said["certificates"] == "具备 ISO9001 has ISO9001"
    assert "起订量 0.5 t" in said["capacity"]
    assert "18000 yuan/t" in said["price"]
    assert set(said) == set(WEIGHTS)
    gains = [reason.gain for reason in found.reasons]
    assert gains == sorted(gains, reverse=True)
    assert found.score == pytest.approx(sum(gains), abs=1e-5)
    assert 0 < found.score <= 1


@pytest.mark.parametrize(
    "change",
    [
        {"text": "求购不锈钢法兰DN800"},
        {"text": "求购不锈钢法兰DN100 PN40"},
        {"quantity": Decimal(400)},
        {"quantity": Decimal(21_000)},
        {"max_price": Decimal("17.99")},
        {"within_days": 14},
        {"within_km": 5.0},
        {"certificates": frozenset({"ISO 9001", "IATF 16949"})},
        {"firm": "甲厂"},
    ],
)
def test_an_offer_that_contradicts_the_demand_is_left_out(offers: list[Offer], change: dict[str, object]) -> None:
    demand = Demand(
        "己厂",
        "求购不锈钢法兰DN100",
        quantity=Decimal(800),
        unit="kg",
        max_price=Decimal(18),
        within_days=15,
        place=(120.3, 31.6),
        within_km=20.0,
        certificates=frozenset({"ISO 9001"}),
    )
    assert "flange" in ids(match(demand, offers))
    assert "flange" not in ids(match(replace(demand, **change), offers))  # type: ignore[arg-type]


def test_what_is_unknown_is_said_and_adds_nothing(offers: list[Offer]) -> None:
    demand = Demand("己厂", "法兰 锻造", quantity=Decimal(1), unit="t", max_price=Decimal(1), place=(120.3, 31.6))
    (found,) = [one for one in match(demand, offers) if one.offer.id == "any flange"]
    assert parts(found)["capacity"] == parts(found)["price"] == parts(found)["distance"] == 0
    assert "distance" in [reason.part for reason in found.reasons if "未知" in reason.zh and "unknown" in reason.en]


def test_quantities_in_units_of_another_kind_are_not_compared(offers: list[Offer]) -> None:
    (found,) = match(Demand("己厂", "6204-2RS轴承", quantity=Decimal(5), unit="kg"), offers)
    assert (found.offer.id, parts(found)["capacity"]) == ("bearing", 0)
    assert match(Demand("己厂", "6204-2RS轴承", quantity=Decimal(5), unit="件"), offers) == []


@pytest.mark.parametrize("word", ["轴承", "法兰", "钢坯"])
def test_a_word_of_two_characters_is_found_within_others(offers: list[Offer], word: str) -> None:
    assert all(word in one.offer.text for one in match(Demand("己厂", word), offers))
    assert ids(match(Demand("己厂", word), offers)) != []


def test_the_chain_brings_in_who_stands_next_to_the_product(offers: list[Offer]) -> None:
    demand = Demand("己厂", "大口径锻件", products=("法兰",))
    near = neighbours_of([("钢坯", "法兰")])
    assert ids(match(demand, offers)) == ["any flange", "flange"] or ids(match(demand, offers))[0] == "flange"
    with_chain = match(demand, offers, neighbours=near)
    assert "billet" in ids(with_chain)
    (billet,) = [one for one in with_chain if one.offer.id == "billet"]
    assert parts(billet)["chain"] == pytest.approx(WEIGHTS["chain"] / 2)


def test_a_near_industry_counts_less_than_the_same_product(offers: list[Offer]) -> None:
    demand = Demand("己厂", "不锈钢法兰", products=("法兰",), industry="3489")
    found = {one.offer.id: parts(one).get("chain") for one in match(demand, offers)}
    assert found["flange"] == pytest.approx(WEIGHTS["chain"])
    assert found["small flange"] == pytest.approx(WEIGHTS["chain"] / 2)


def test_an_index_and_a_list_give_the_same_and_the_best_are_a_prefix(offers: list[Offer]) -> None:
    demand = Demand("己厂", "不锈钢法兰")
    index = index_offers(offers)
    all_of_them = match(demand, offers)
    assert match(demand, index) == all_of_them
    assert match(demand, index, top=2) == all_of_them[:2]
    assert match(demand, index, top=0) == []


def test_nothing_in_common_is_no_match(offers: list[Offer]) -> None:
    assert match(Demand("己厂", "！？"), offers) == []
    assert match(Demand("己厂", "葡萄酒"), offers) == []
    assert match(Demand("己厂", "法兰"), []) == []


def test_where_most_candidates_contradict_all_offers_are_looked_at() -> None:
    many = [Offer(str(at), "甲厂", "法兰 法兰", unit="件", min_quantity=Decimal(100)) for at in range(2500)]
    many.append(Offer("last", "乙厂", "其他，也做一些不常用的法兰"))
    assert ids(match(Demand("己厂", "法兰", quantity=Decimal(10), unit="件"), many)) == ["last"]


@given(st.lists(st.text(alphabet="法兰轴承DN1506-φ ,（×\u3000aA'", max_size=12), max_size=8), st.text(max_size=20))
def test_any_text_can_be_offered_and_asked(texts: list[str], asked: str) -> None:
    found = match(Demand("己厂", asked), [Offer(str(at), "甲厂", text) for at, text in enumerate(texts)])
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 and np.isfinite(score) for score in scores)


def test_a_model_of_meaning_brings_in_what_shares_no_word_and_says_so(offers: list[Offer]) -> None:
    demand = Demand("己厂", "flange wanted")
    assert match(demand, offers) == []
    near = [0.9, 0.2, 0.8, float("nan"), -1.0]
    found = match(demand, offers, similarity=near)
    assert ids(found)[:2] == ["flange", "any flange"]
    assert found[0].reasons[0].zh == "模型判断含义相近"
    assert parts(found[0])["text"] == pytest.approx(0.9 * WEIGHTS["text"])
