"""Pooled orders (订单集采): one price for all at the tier reached, bills that sum to the invoice, truthful limits."""

from gaoyuan.exchange.pools.clearing import Clearing, Left, Outcome, Share, clear_pool
from gaoyuan.exchange.pools.core import blocking_group, group_cost, shapley_in_core, shapley_shares
from gaoyuan.exchange.pools.credit import Balance, Entry, add_entry, balances, entries_of_clearing, most_cost
from gaoyuan.exchange.pools.fairness import Gain, member_gains
from gaoyuan.exchange.pools.games import Deviation, profitable_deviation
from gaoyuan.exchange.pools.model import Member, PoolInvalid, Schedule, Tier
from gaoyuan.exchange.pools.progress import NextStep, Progress, own_bills, pool_progress
from gaoyuan.exchange.pools.record import ClearingBroken, disclosed, record_of, replay_clearing, seal_of
from gaoyuan.exchange.pools.settlement import Settlement, ordered_volume, settle_after_withdrawals, settle_pool
from gaoyuan.exchange.pools.withdrawal import Withdrawal, charge_withdrawals

__all__ = [
    "Balance",
    "Clearing",
    "ClearingBroken",
    "Deviation",
    "Entry",
    "Gain",
    "Left",
    "Member",
    "NextStep",
    "Outcome",
    "PoolInvalid",
    "Progress",
    "Schedule",
    "Settlement",
    "Share",
    "Tier",
    "Withdrawal",
    "add_entry",
    "balances",
    "blocking_group",
    "charge_withdrawals",
    "clear_pool",
    "disclosed",
    "entries_of_clearing",
    "group_cost",
    "member_gains",
    "most_cost",
    "ordered_volume",
    "own_bills",
    "pool_progress",
    "profitable_deviation",
    "record_of",
    "replay_clearing",
    "seal_of",
    "settle_after_withdrawals",
    "settle_pool",
    "shapley_in_core",
    "shapley_shares",
]
