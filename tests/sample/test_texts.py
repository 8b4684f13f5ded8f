from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from gaoyuan.codes import classes, industries
from gaoyuan.sample.texts import Trades, addresses, names, products_of, scopes, trades


@pytest.fixture(scope="module")
def words() -> Trades:
    return trades()


def test_every_class_has_a_word_and_a_scope_in_every_way(words: Trades):
    assert len(words.word) == len(classes())
    assert all(len(way) == len(classes()) for way in words.scopes)
    assert all(text and len(text) >= 2 for text in words.word.to_pylist())
    assert all(text for way in words.scopes for text in way.to_pylist())


@pytest.mark.parametrize(
    ("name", "products"),
    [
        ("棉纺纱加工", ["棉纺纱"]),
        ("毛巾类制品制造", ["毛巾类制品"]),
        ("其他未列明食品制造", ["食品"]),
        ("酒、饮料及茶叶批发", ["饮料", "茶叶"]),
    ],
)
def test_products_are_taken_from_the_name_of_the_class(name: str, products: list[str]):
    assert products_of(name) == products


def test_a_name_has_place_brand_trade_and_form():
    made = names(pa.array(["高密"] * 50), pa.array(["毛巾"] * 50), np.random.default_rng(1)).to_pylist()
    assert all(name.startswith("高密") and name[4:6] == "毛巾" and len(name) > 6 for name in made)
    assert len(set(made)) > 40


def test_manufacturers_say_that_they_produce_and_traders_that_they_sell(words: Trades):
    maker, trader = (next(i for i, code in enumerate(classes()) if industries()[code].section == s) for s in "CF")
    random = np.random.default_rng(1)
    produced = scopes(np.full(60, maker), words, random).to_pylist()
    assert all("生产" in text or "加工" in text or "制造" in text for text in produced)
    sold = scopes(np.full(60, trader), words, random).to_pylist()
    assert all("销售" in text or "批发" in text or "购销" in text for text in sold)


def test_an_address_names_county_town_and_number():
    (made,) = addresses(pa.array(["山东省潍坊市高密市"]), pa.array(["柏城镇"]), np.random.default_rng(1)).to_pylist()
    assert made.startswith("山东省潍坊市高密市柏城镇")
    assert made.endswith("号")
    assert 1 <= int(made.removeprefix("山东省潍坊市高密市柏城镇").removesuffix("号")) < 400
