"""Forms by which members join a pool, change what they want, leave, and withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from gaoyuan.exchange.pools import Schedule
from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.pooling.joining import Committed, Left
from gaoyuan.portal.pooling.models import Commitment, Pool
from gaoyuan.portal.pooling.settling import charge_if_left
from gaoyuan.portal.units import unit_words

__all__ = ["CommitForm", "LeaveForm", "WithdrawForm"]

_TIMES = 10
"""By how much a limit or a quantity may be beside the pool's own before it is taken for one in another unit."""


class CommitForm(MoveForm):
    """A new commitment, or the change of one (`held`); the limit is never shown again."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None,
        own: Organisation,
        pool: Pool,
        held: Commitment | None,
    ) -> None:
        super().__init__(asked, move, [], data)
        self._own, self._pool, self._held = own, pool, held
        self.fields = self.fields.__class__()
        unit = {"unit": unit_words(pool.unit)}
        self.fields["quantity"] = forms.IntegerField(label=_("Quantity, %(unit)s") % unit, min_value=1, max_value=10**9)
        self.fields["tolerance"] = forms.IntegerField(
            label=_("Up to how many %(unit)s more you would take") % unit,
            min_value=0,
            initial=0,
            help_text=_("Used only to fill a pack or to reach the next tier, at the same price."),
            max_value=10**9,
        )
        self.fields["limit"] = forms.DecimalField(
            label=_("Your limit, yuan for one %(unit)s, freight included") % unit,
            min_value=Decimal("0.000001"),
            max_digits=15,
            decimal_places=6,
            required=held is None,
            help_text=_(
                "The most that you would pay. It is sealed: nobody sees it before the deadline, nor does "
                "anybody else afterwards. Above it you buy nothing; telling the truth is best for you."
            )
            if held is None
            else _("Empty: your limit stays as it is."),
        )
        self.fields["limit"].widget.attrs["autocomplete"] = "off"
        self.fields["sure"] = forms.BooleanField(
            label=_("The unit is right: I have checked it"), required=False, widget=forms.HiddenInput
        )
        if held is not None:
            self.initial.update(quantity=held.quantity, tolerance=held.tolerance)

    def clean(self) -> dict[str, Any]:
        """Ask again where a quantity or a limit looks like one in another unit."""
        given = super().clean() or self.cleaned_data
        schedule = self._pool.terms()
        if self.errors or schedule is None:
            return given
        doubts = list(self._doubts(schedule, given))
        if doubts and not given.get("sure"):
            self.fields["sure"].widget = forms.CheckboxInput()
            for field, said in doubts:
                self.add_error(field, said)
        return given

    def _doubts(self, schedule: Schedule, given: Mapping[str, Any]) -> list[tuple[str, str]]:
        unit = {"unit": unit_words(self._pool.unit)}
        prices = [tier.unit_price for tier in schedule.tiers]
        found = []
        greatest = max([schedule.minimum, *(tier.volume for tier in schedule.tiers)])
        if given["quantity"] > _TIMES * greatest:
            found.append(
                ("quantity", _("That is more than ten times the largest tier. Quantities count %(unit)s here.") % unit)
            )
        limit = given.get("limit")
        if limit is not None and not min(prices) / _TIMES <= limit <= max(prices) * _TIMES + schedule.fixed_cost:
            found.append(("limit", _("That lies far beside the tier prices. The limit is for one %(unit)s.") % unit))
        return found

    def given(self) -> dict[str, Value]:
        """Give the facts of the process."""
        quantity = self.cleaned_data["quantity"]
        return {"quantity": quantity} if self._held is None else {"difference": quantity - self._held.quantity}

    def detail(self) -> Detail:
        """Give the commitment; its limit goes nowhere but under the seal."""
        given, held = self.cleaned_data, self._held
        return Committed(
            self._own,
            given["quantity"],
            given["tolerance"],
            given["limit"],
            former=held.quantity if held else None,
            held=held,
        )


class LeaveForm(MoveForm):
    """A member leaves before the deadline, with all that it has committed."""

    def __init__(
        self, asked: Process, move: Move, data: Mapping[str, Any] | None, own: Organisation, held: Commitment
    ) -> None:
        super().__init__(asked, move, [], data)
        del self.fields["quantity"]
        self._own, self._quantity = own, held.quantity

    def given(self) -> dict[str, Value]:
        """Give the facts of the process."""
        return {"quantity": self._quantity}

    def detail(self) -> Detail:
        """Give that it leaves."""
        return Left(self._own, self._quantity)


class WithdrawForm(MoveForm):
    """A member withdraws its whole share after the deadline, and pays the difference."""

    def __init__(
        self, asked: Process, move: Move, data: Mapping[str, Any] | None, pool: Pool, held: Commitment
    ) -> None:
        super().__init__(asked, move, [], data)
        del self.fields["quantity"]
        self._quantity = held.got or 0
        charged = charge_if_left(pool, held)
        if charged is not None and not charged[1]:
            self.fields["why"].help_text = _("You will pay %(charge)s yuan for it.") % {"charge": charged[0]}

    def given(self) -> dict[str, Value]:
        """Give the facts of the process."""
        return {"quantity": self._quantity}
