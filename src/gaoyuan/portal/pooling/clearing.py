"""Clearing a pool at its deadline, by the program: limits are opened, the mechanism runs, its outcome is announced.

The clearing is done in the transaction of the move that closes the pool, so that it is there or the pool is not closed.
Announcing it is a move of its own: it follows at once, and if the process dies in between, when the worker next looks.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from gaoyuan.exchange.pools import Clearing, clear_pool, disclosed, record_of, replay_clearing
from gaoyuan.exchange.pools.serving import serve
from gaoyuan.exchange.process import Moved, Value
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import PROGRAM, act, move_by_program
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.pooling.models import Commitment, Pool
from gaoyuan.portal.pooling.sealing import members_of, open_record, seal_record

__all__ = ["announce", "announce_all", "clearing_of"]

_log = logging.getLogger(__name__)
_MOVES = {"cleared": "clear", "cancelled": "fail", "extended": "extend", "fallen_back": "fall_back"}
_WHY = {
    "clear": "按最大可行成员集统一价出清 one price for the largest set of members who accept it",
    "fail": "未达到成团量，按开团约定取消 below the minimum: cancelled as agreed",
    "extend": "未达到成团量，按开团约定延期一次 below the minimum: extended once as agreed",
    "fall_back": "未达到成团量，按开团约定各自按零售价成交 below the minimum: each at the list price as agreed",
}


@act("pool", "clear_pool")
def _clear(case: Case, moved: Moved, line: RecordLine) -> None:
    pool = Pool.unscoped.get(case=case)
    schedule = pool.terms()
    assert schedule is not None, "an open pool has its terms"
    done = clear_pool(members_of(case), schedule, extended=pool.extended)
    pool.outcome, pool.volume = done.outcome, done.volume
    if done.outcome != "extended":
        # Who stays committed for the extension stays sealed.
        _note(case, pool, done)
    pool.save()
    transaction.on_commit(lambda: announce(case))


def _note(case: Case, pool: Pool, done: Clearing) -> None:
    pool.price, pool.invoice = str(done.price), done.invoice
    pool.content = seal_record(record_of(done))
    told = disclosed(done)
    pool.result = record_of(told) if told is not None else ""
    served = serve(done.members, done.schedule)
    dropped = {done.members[place].name: price for place, price in served.dropped.items()}
    reasons = {left.member.name: left.reason for left in done.left}
    for one in Commitment.unscoped.filter(case=case):
        share = done.share_of(one.alias)
        one.got, one.bill = (share.quantity, share.bill) if share else (0, 0)
        one.reason = "" if share else reasons[one.alias]
        price = dropped.get(one.alias)
        one.dropped_at = "" if price is None else str(price)
        one.save()


@act("pool", "confirm_clearing")
def _confirm(case: Case, moved: Moved, line: RecordLine) -> None:
    pool = Pool.unscoped.get(case=case)
    if moved.record.actor != PROGRAM or moved.record.move != _move_of(pool):
        raise Refused(
            Refusal("program_only", "出清结果只由程序公布", "only the program announces what the clearing gave")
        )
    if moved.record.move == "extend":
        pool.extended = True
        pool.save()


def announce(case: Case) -> Case | Refusal | None:
    """Announce the outcome of a pool that has been cleared; None where that has been done."""
    held = Case.unscoped.get(pk=case.pk)
    if held.state != "clearing":
        return None
    pool = Pool.unscoped.get(case=held)
    move = _move_of(pool)
    given: dict[str, Value] = {"volume": pool.volume}
    schedule = pool.terms()
    if move == "extend" and schedule is not None:
        given["closes_at"] = max(timezone.now(), held.last_at) + dt.timedelta(days=schedule.extension_days)
    return move_by_program(held, move, role="office", given=given, why=_WHY[move])


def announce_all() -> int:
    """Announce what has been cleared and not yet announced, and give how many pools that were."""
    done = 0
    for case in Case.unscoped.filter(process="pool", state="clearing"):
        try:
            said = announce(case)
        except Exception:
            _log.exception("pool %s cannot be announced", case.pk)
            continue
        if isinstance(said, Refusal):
            _log.error("pool %s cannot be announced: %s", case.pk, said)
        elif said is not None:
            done += 1
    return done


def clearing_of(pool: Pool) -> Clearing | None:
    """Give the clearing of a pool with its true limits, computed again from its record; None before there is one."""
    return replay_clearing(open_record(pool.content)) if pool.content else None


def _move_of(pool: Pool) -> str:
    if pool.outcome == "fallen_back" and pool.volume == 0:
        return "fail"
    return _MOVES[pool.outcome]
