"""The index of words: what is new and what is indexed are found alike, and nothing is found that is gone."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from gaoyuan.exchange.matching import Demand as Sought
from gaoyuan.exchange.matching import Offer as Offered
from gaoyuan.exchange.matching import index_offers
from gaoyuan.exchange.matching.bm25 import best
from gaoyuan.portal.trading import indexing
from gaoyuan.portal.trading.models import Demand, Offer
from gaoyuan.portal.trading.searching import FRESH, index_all, index_fresh, relevances, search

from .firms import Firm

pytestmark = pytest.mark.django_db

WORDS = [
    *("不锈钢", "碳钢", "铝合金", "法兰", "轴承", "螺栓", "齿轮", "阀门"),
    *("精密", "锻造", "铸造", "汽车用", "机车用", "DN100", "DN200", "M24"),
]


def posted(count: int, seed: int = 1) -> list[Offer]:
    draw = random.Random(seed)
    firm = Firm(f"甲厂 {seed}")
    return [firm.offers(f"{'，'.join(draw.sample(WORDS, 4))} {number}") for number in range(count)]


def fresh() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trading_offer_words")
        return int((cursor.fetchone() or (0,))[0])


def test_what_is_indexed_is_found_as_when_it_was_new() -> None:
    posted(60)
    asked = ("不锈钢法兰", "机车用轴承 M24", "锻造")
    before = [relevances(Offer, text, 100) for text in asked]
    assert index_fresh(1) == fresh() + 60
    assert fresh() == 0
    after = [relevances(Offer, text, 100) for text in asked]
    for one, other in zip(before, after, strict=True):
        assert one
        assert set(one) == set(other)
        assert all(abs(one[number] - other[number]) < 0.05 for number in one)
        assert next(iter(other.values())) <= 1


def test_the_index_ranks_as_the_kernel_does() -> None:
    offers = posted(80)
    index_all()
    kernel = index_offers([Offered(str(one.pk), "x", one.searched) for one in offers])
    for text in ("不锈钢法兰 DN100", "铸造齿轮", "汽车用铝合金阀门"):
        asked = kernel.query_words(Sought("buyer", text))
        places, scores = best(kernel.texts.score(asked), 80)
        ideal = kernel.texts.ideal(asked)
        found = relevances(Offer, text, 80)
        assert set(found) == {offers[at].pk for at in places}
        for at, score in zip(places, scores, strict=True):
            assert found[offers[at].pk] == pytest.approx(score / ideal, abs=0.01)


def test_changes_after_indexing_count_at_once_and_stay_when_they_are_indexed() -> None:
    changed, ended, gone, kept = posted(4)
    index_all()
    changed.text = "毛巾"
    changed.save()
    ended.active = False
    ended.save()
    gone.delete()
    for _ in range(2):
        assert search(Offer, "毛巾", 9) == [changed.pk]
        found = search(Offer, " ".join(WORDS), 9)
        assert found == [kept.pk]
        index_fresh(1)
    assert fresh() == 0
    assert indexing.indexed("offer").texts == 2


def test_few_new_posts_wait_and_a_batch_is_indexed_in_the_background() -> None:
    from gaoyuan.portal.jobs.running import REGULAR

    assert index_fresh in REGULAR
    posted(3)
    assert index_fresh() == 0
    assert fresh() == 3 < FRESH
    assert index_fresh(3) == 3


def test_posts_that_have_left_many_places_hide_none_that_is_there() -> None:
    offers = posted(30)
    for seed in range(5):
        for one in offers[:-1]:
            one.text = f"法兰 {seed}"
            one.save()
        index_fresh(1)
    for one in offers[:-1]:
        one.active = False
        one.save()
    index_fresh(1)
    last = offers[-1]
    last.text = "法兰和很多别的东西，与此无关的文字也有不少"
    last.save()
    index_fresh(1)
    assert indexing.indexed("offer").places > 140
    assert search(Offer, "法兰", 1) == [last.pk]


def test_drafts_and_closed_demands_are_not_indexed() -> None:
    buyer = Firm("乙厂")
    buyer.posts(text="求购毛巾")
    shown = buyer.publishes(text="求购浴巾")
    index_all()
    assert search(Demand, "毛巾", 9) == []
    (number,) = search(Demand, "浴巾", 9)
    assert Demand.unscoped.get(pk=number).case == shown
    buyer.done(shown, "withdraw", why="不要了")
    assert search(Demand, "浴巾", 9) == []


def test_a_text_of_nothing_but_words_asks_for_no_more_than_a_database_takes() -> None:
    posted(2)
    index_all()
    assert search(Offer, " ".join(f"x{number}" for number in range(3000)) + " 法兰", 5) == []
    assert len(search(Offer, "法兰 " + " ".join(f"x{number}" for number in range(3000)), 5)) <= 2
