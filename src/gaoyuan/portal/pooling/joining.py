"""What members' moves carry: a commitment, its change, its end before the deadline, and a withdrawal after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gaoyuan.exchange.pools import Member, most_cost
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.pooling.credit import hold
from gaoyuan.portal.pooling.models import Commitment, Pool
from gaoyuan.portal.pooling.sealing import new_alias, opened, sealed
from gaoyuan.trust.canonical import Json

__all__ = ["Committed", "Left", "reserve"]

_ONCE = Refusal("committed", "您已经认购：请修改认购", "you have committed already: change your commitment")
_MEANWHILE = Refusal(
    "changed", "认购刚刚变动过：请刷新后再试", "the commitment has just changed: look again and repeat"
)


@dataclass
class Committed:
    """A commitment, new (`former` is None) or changed. The record gets the seal of the limit, never the limit."""

    organisation: Organisation
    quantity: int
    tolerance: int
    limit: Decimal | None
    former: int | None = None
    held: Commitment | None = None

    def __post_init__(self) -> None:
        self._alias = self.held.alias if self.held else new_alias()
        limit = self.limit
        if limit is None:
            assert self.held is not None, "a new commitment has a limit"
            limit = opened(self.held)[0]
        member = Member(self._alias, self.quantity, limit, self.tolerance)
        self._content, self._seal = sealed(member)

    def plain(self) -> Mapping[str, Json]:
        """Give the seal."""
        return {"alias": self._alias, "seal": self._seal}

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the commitment, and reserve what it may cost."""
        held = Commitment.unscoped.filter(case=case, organisation=self.organisation).first()
        if self.former is None:
            if held is not None:
                raise Refused(_ONCE)
            held = Commitment(case=case, organisation=self.organisation, alias=self._alias, placed=line.sequence)
        elif held is None or held.quantity != self.former or held.alias != self._alias:
            raise Refused(_MEANWHILE)
        elif self.quantity > held.quantity:
            # Who wants more waits for its turn anew.
            held.placed = line.sequence
        held.quantity, held.tolerance = self.quantity, self.tolerance
        held.content, held.seal = self._content, self._seal
        held.save()
        reserve(case, held)


@dataclass
class Left:
    """That a member leaves before the deadline."""

    organisation: Organisation
    quantity: int

    def plain(self) -> Mapping[str, Json]:
        """Give nothing more."""
        return {}

    def save(self, case: Case, line: RecordLine) -> None:
        """Take the commitment away, and release what it reserved."""
        held = Commitment.unscoped.filter(case=case, organisation=self.organisation).first()
        if held is None or held.quantity != self.quantity:
            raise Refused(_MEANWHILE)
        pool = Pool.unscoped.get(case=case)
        if pool.on_credit and self.organisation != pool.organisation:
            hold(pool.organisation, self.organisation, case, Decimal("0.00"))
        held.delete()


def reserve(case: Case, commitment: Commitment) -> None:
    """Reserve on the member's credit line the most that its commitment can cost, where the organiser buys for it."""
    pool = Pool.unscoped.select_related("organisation").get(case=case)
    schedule = pool.terms()
    if not pool.on_credit or schedule is None or commitment.organisation == pool.organisation:
        return
    # The limit has no part in it.
    wanted = Member(commitment.alias, commitment.quantity, Decimal(1), commitment.tolerance)
    hold(pool.organisation, commitment.organisation, case, most_cost(wanted, schedule))
