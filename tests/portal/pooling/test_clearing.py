"""A pool is cleared at its deadline by the program, and ends as its terms say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from gaoyuan.exchange.pools import Tier, record_of, replay_clearing
from gaoyuan.exchange.process import from_plain, process, replay
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.cases.models import RecordLine
from gaoyuan.portal.cases.moving import move_by_program, move_case, pass_deadlines, standing_of
from gaoyuan.portal.pooling.clearing import announce_all, clearing_of
from gaoyuan.portal.pooling.sealing import opened

from .campaigns import TERMS, Campaign

Opened = Callable[..., Campaign]


def test_at_the_deadline_the_program_clears_at_one_price(campaign: Opened) -> None:
    pool = campaign()
    for name, quantity, limit in (("甲厂", 60, "9"), ("乙厂", 50, "8.5"), ("丙厂", 5, "7")):
        pool.commit(name, quantity, limit)
    pool.close()
    assert pool.case.state == "cleared"
    assert pool.case.facts["volume"] == "110"
    assert [(pool.of(name).got, pool.of(name).bill) for name in ("甲厂", "乙厂", "丙厂")] == [
        (60, 480),
        (50, 400),
        (0, 0),
    ]
    assert (pool.of("丙厂").reason, pool.of("丙厂").dropped_at) == ("limit", "8")
    last = RecordLine.unscoped.filter(case=pool.case).latest("number").plain
    assert (last["move"], last["actor"]) == ("clear", "program")


def test_the_whole_record_of_the_case_folds_to_where_it_stands(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "9")
    pool.commit("乙厂", 50, "9")
    pool.change("乙厂", 70)
    pool.commit("丙厂", 5, "9")
    pool.leave("丙厂")
    pool.close()
    pool.withdraw("乙厂")
    definition = process("pool")
    records = [
        from_plain(one.plain, definition) for one in RecordLine.unscoped.filter(case=pool.case).order_by("number")
    ]
    assert replay(definition, records) == standing_of(pool.again())
    assert pool.case.facts["committed"] == "130"


def test_a_pool_that_was_cleared_while_the_worker_died_is_announced_when_it_looks_again(
    campaign: Opened,
) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    pass_deadlines(timezone.now() + dt.timedelta(days=30))
    assert pool.again().state == "clearing"
    assert pool.pool.outcome == "cleared"
    assert announce_all() == 1
    assert pool.again().state == "cleared"
    assert announce_all() == 0


def test_what_was_cleared_is_announced_as_soon_as_it_is_written(
    campaign: Opened, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    with django_capture_on_commit_callbacks(execute=True):
        pass_deadlines(timezone.now() + dt.timedelta(days=30))
    assert pool.again().state == "cleared"


def test_nobody_but_the_program_announces_an_outcome(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    pass_deadlines(timezone.now() + dt.timedelta(days=30))
    for move, volume in (("clear", 60), ("clear", 1000), ("fail", 0)):
        refused = move_case(pool.office, pool.again(), move, role="office", given={"volume": volume})
        assert isinstance(refused, Refusal)
    wrong = move_by_program(pool.case, "fail", role="office", given={"volume": 0})
    assert isinstance(wrong, Refusal)
    assert pool.again().state == "clearing"


def test_below_the_minimum_a_pool_is_cancelled_with_its_reason(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 49, "12")
    pool.close()
    assert (pool.case.state, pool.of("甲厂").reason, pool.of("甲厂").bill) == ("failed", "minimum", 0)


def test_a_pool_without_members_fails_and_hangs_nowhere(campaign: Opened) -> None:
    for terms in (TERMS, replace(TERMS, on_failure="fall_back", list_price=Decimal(11))):
        pool = campaign(terms)
        pool.close()
        assert pool.case.state == "failed"


def test_a_pool_is_extended_once_and_stays_sealed(campaign: Opened) -> None:
    pool = campaign(replace(TERMS, on_failure="extend", extension_days=5))
    pool.commit("甲厂", 40, "12")
    pool.close()
    assert pool.case.state == "open"
    assert pool.pool.extended
    assert (pool.pool.result, pool.pool.content, pool.of("甲厂").bill) == ("", "", None)
    pool.commit("乙厂", 15, "12")
    pool.close(20)
    assert (pool.case.state, pool.case.facts["volume"]) == ("cleared", "55")
    done = clearing_of(pool.pool)
    assert done is not None
    assert done.extended


def test_an_extension_that_does_not_help_ends_the_pool(campaign: Opened) -> None:
    pool = campaign(replace(TERMS, on_failure="extend", extension_days=5))
    pool.commit("甲厂", 40, "12")
    pool.close()
    pool.close(20)
    assert pool.case.state == "failed"


def test_a_pool_falls_back_to_the_list_price_also_above_its_minimum(campaign: Opened) -> None:
    terms = replace(TERMS, on_failure="fall_back", list_price=Decimal("7.5"), minimum=50)
    pool = campaign(terms)
    pool.commit("甲厂", 60, "9")
    pool.commit("乙厂", 5, "7")
    pool.close()
    assert (pool.case.state, pool.pool.outcome) == ("cleared", "fallen_back")
    assert (pool.of("甲厂").bill, pool.of("乙厂").got) == (450, 0)
    pool.deliver(60)
    assert pool.of("甲厂").settled_bill == 450


def test_the_record_that_is_shown_replays_and_tells_no_limit(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "9.87")
    pool.commit("乙厂", 50, "8.53")
    pool.commit("丙厂", 5, "6.41")
    pool.close()
    text = pool.pool.result
    assert record_of(replay_clearing(text)) == text
    for secret in ("甲厂", "9.87", "8.53", "6.41"):
        assert secret not in text
    true = clearing_of(pool.pool)
    assert true is not None
    assert sorted(str(member.limit) for member in true.members) == ["6.41", "8.53", "9.87"]
    assert opened(pool.of("甲厂"))[0] == Decimal("9.87")


def test_who_wants_more_waits_for_its_turn_anew_and_who_wants_less_keeps_it(campaign: Opened) -> None:
    pool = campaign(replace(TERMS, tiers=(Tier(1, Decimal(10)),), minimum=1, pack_size=10))
    pool.commit("甲厂", 6, "12")
    pool.commit("乙厂", 8, "12")
    pool.change("甲厂", 7)
    pool.close()
    assert (pool.of("甲厂").got, pool.of("乙厂").got) == (2, 8)


def test_a_failing_clearing_leaves_the_pool_open_and_says_so(campaign: Opened) -> None:
    pool = campaign()
    pool.commit("甲厂", 60, "12")
    commitment = pool.of("甲厂")
    commitment.content = "damaged"
    commitment.save()
    assert pass_deadlines(timezone.now() + dt.timedelta(days=30)) == 0
    assert pool.again().state == "open"
    assert pool.case.failing == "InvalidToken"
