"""The forms of the register beside the description: to whom a product goes, until when it is registered, objections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import standing_of
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.challenges.carrying import Carried
from gaoyuan.portal.dataproducts.forms import held_alone, long_text, product_field
from gaoyuan.portal.dataproducts.seeing import holdings
from gaoyuan.trust.canonical import Json
from gaoyuan.trust.registry.acts import LONGEST_YEARS, latest_end

__all__ = ["ObjectionForm", "RegisterForm", "RenewalForm", "TransferForm"]

_MOMENT = "%Y-%m-%dT%H:%M"
_HOLDERS = (Role.ENTERPRISE, Role.CLUSTER, *OFFICES)


class TransferForm(MoveForm):
    """Asks for the transfer of a product to another organisation."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, viewer: Viewer) -> None:
        super().__init__(asked, move, [], data, opens=True)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation
        self.held = {str(one.pk): one for one in holdings(viewer)}
        self.fields["product"] = product_field(self.held)
        self.fields["receiver"] = forms.CharField(
            label=_("Receiver"), max_length=200, help_text=_("The whole name of an organisation on this platform.")
        )
        self.fields["terms"] = long_text(_("Terms of the transfer"), required=False)
        self.fields.pop("why", None)

    def clean_receiver(self) -> Organisation:
        """Find the organisation by its whole name."""
        name = str(self.cleaned_data["receiver"]).strip()
        found = list(Organisation.objects.filter(name=name, kind__in=_HOLDERS).exclude(pk=self.own.pk)[:2])
        if len(found) != 1:
            raise ValidationError(_("No other organisation on this platform has this name, or more than one has."))
        return found[0]

    def given(self) -> dict[str, Value]:
        """Give the facts of the move."""
        return {"product": str(self.cleaned_data["product"]), "receiver": str(self.cleaned_data["receiver"].pk)}

    def detail(self) -> Detail:
        """Give the terms."""
        terms = str(self.cleaned_data["terms"]).strip()
        said: dict[str, Json] = {"terms": terms} if terms else {}

        def write(case: Case, line: RecordLine) -> None:
            product = held_alone(case, "data-product-transfer")
            case.title = product.title
            case.save()

        return Carried(said, write)


class RegisterForm(MoveForm):
    """Registers a product until a day."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None) -> None:
        super().__init__(asked, move, [], data)
        self.latest = latest_end(timezone.now())
        self.fields["valid_until"].initial = timezone.localtime(self.latest).strftime(_MOMENT)

    def clean_valid_until(self) -> dt.datetime:
        """Keep to the longest time."""
        return _within(self.cleaned_data["valid_until"], self.latest)


class RenewalForm(MoveForm):
    """Asks for a later end."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, case: Case) -> None:
        super().__init__(asked, move, [], data)
        until = standing_of(case).facts["valid_until"]
        assert isinstance(until, dt.datetime)
        self.until, self.latest = until, latest_end(until)
        self.fields["asked_until"].initial = timezone.localtime(self.latest).strftime(_MOMENT)

    def clean_asked_until(self) -> dt.datetime:
        """Keep to after the end that there is, and to the longest time."""
        asked = self.cleaned_data["asked_until"]
        if asked <= self.until:
            raise ValidationError(_("It would end no later than it does now."))
        return _within(asked, self.latest)


class ObjectionForm(MoveForm):
    """Objects, on the public page."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None) -> None:
        super().__init__(asked, move, [], data)
        self.fields["why"].label = _("What you object to, and why")


def _within(asked: dt.datetime, latest: dt.datetime) -> dt.datetime:
    # The day counts: a browser gives no seconds.
    if asked > latest + dt.timedelta(days=1):
        raise ValidationError(_("At most %(years)s years.") % {"years": LONGEST_YEARS})
    return asked
