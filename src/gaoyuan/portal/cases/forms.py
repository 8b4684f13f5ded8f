"""Forms of moves, made from what the process asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.exchange.process.model import Fact

if TYPE_CHECKING:
    from gaoyuan.portal.cases.service import Detail

_MOMENT = "%Y-%m-%dT%H:%M"
Parties = Sequence[tuple[int, str]]


def in_words(named: object) -> str:
    """Give the words of a part of a process in the language of the page."""
    zh, en = getattr(named, "zh", ""), getattr(named, "en", "")
    return str(en if get_language() == "en" else zh)


class MoveForm(forms.Form):
    """What a move needs to be given, its reason, and where the case is opened by it also the title."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        opens: bool = False,
    ) -> None:
        super().__init__(data, files, prefix=None if opens else move.name, label_suffix="")
        self.asked, self.move = asked, move
        for name in move.needs:
            self.fields[name] = _field(asked.facts[name], parties)
        if move.why or opens:
            self.fields["why"] = forms.CharField(
                label=pgettext("case", "Reason"),
                required=move.why,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def words(self) -> str:
        """What the move does, in the language of the page."""
        words = in_words(self.move)
        return words[:1].upper() + words[1:]

    def given(self) -> dict[str, Value]:
        """Give the facts that were filled in; the form is valid."""
        return {name: self.cleaned_data[name] for name in self.move.needs}

    def detail(self) -> Detail | None:
        """Give what the move carries beyond the facts; the form is valid."""
        return None

    def why(self) -> str:
        """Give the reason, empty where none was asked for."""
        return str(self.cleaned_data.get("why", ""))


class _Moment(forms.DateTimeField):
    """A date and time in the portal's zone, which the browser's own field asks for."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)


class _Party(forms.TypedChoiceField):
    """One of those who take part."""


def _field(fact: Fact, parties: Parties) -> forms.Field:
    label = in_words(fact)
    label = label[:1].upper() + label[1:]
    field: forms.Field
    match fact.kind:
        case "moment":
            field = _Moment(label=label, input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])
        case "decimal":
            field = forms.DecimalField(label=label, max_digits=15, decimal_places=4)
        case "integer":
            field = forms.IntegerField(label=label, min_value=1 if fact.positive else None, max_value=10**9)
        case "flag":
            field = forms.BooleanField(label=label, required=False)
        case "party":
            field = _Party(label=label, choices=[("", "—"), *((str(pk), name) for pk, name in parties)], coerce=str)
        case _:
            field = forms.CharField(label=label, max_length=2000)
    return field


def shown(value: Value, names: Mapping[str, str], *, party: bool) -> object:
    """Give a fact's value for a page: a party by its name, a moment and a number for the page's own filters."""
    if party:
        return names.get(str(value), "—")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dt.datetime):
        return value
    return value
