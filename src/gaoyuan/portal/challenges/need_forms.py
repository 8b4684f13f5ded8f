"""The need form, with what of it may be public and how answers will be compared; and the checks of offices."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gaoyuan.exchange.challenges import CRITERIA, FIELDS, Need, publishable
from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import AttachmentsField, described, save_attachments
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.challenges.carrying import Carried
from gaoyuan.portal.challenges.models import Check, NeedForm
from gaoyuan.portal.challenges.sealing import seal
from gaoyuan.portal.trading.amounts import refuse_foreign

__all__ = ["CheckForm", "NeedMoveForm", "field_words", "need_of"]

TYPED = ("industry", "problem", "targets", "conditions", "budget", "deadline", "contact")
"""The fields that the firm fills in; title, firm and drawings come from elsewhere."""
ALLOWED = (*TYPED[:-1], "firm", "contact")
"""The fields that may be allowed to be public; the title always is, drawings never are."""
_NEEDED = ("problem", "targets")
_LONG = ("problem", "targets", "conditions")
_USUAL = ("industry", "problem", "targets", "deadline")
WHO_CHECKS = ("firm", "county", "office")
_DAY = re.compile(r"(?<!\d)(20\d\d)\s*[-年/.]\s*(\d{1,2})(?!\d)(?:\s*[-月/.]\s*(\d{1,2})(?!\d))?")
_NO_AMOUNT = re.compile(r"\s*[-−－]\s*\d|\D*[0０]+(?:[.．][0０]+)?(?![.．\d])")


def field_words(name: str) -> str:
    """Give what a field of the need form is called, in the language of the page."""
    zh, en = FIELDS[name]
    return en[:1].upper() + en[1:] if get_language() == "en" else zh


def criterion_words(name: str) -> str:
    """Give what a criterion is called, in the language of the page."""
    zh, en = next(words for key, words in CRITERIA.items() if key == name)
    return en[:1].upper() + en[1:] if get_language() == "en" else zh


def need_of(held: NeedForm) -> Need:
    """Give a need form in the terms of the exchange."""
    return Need({key: text for key, text in held.given.items() if text}, frozenset(held.public))


class NeedMoveForm(MoveForm):
    """Drafts a need, or hands it in: then what nobody could do without is asked for."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case | None,
        opens: bool,
    ) -> None:
        super().__init__(asked, move, [], data, files, opens=opens)
        assert viewer.organisation is not None
        self.firm: Organisation = viewer.organisation
        self.fields.pop("why", None)
        held = NeedForm.unscoped.filter(case=case).first() if case is not None else None
        before = held.given if held is not None else {}
        self.title = before.get("title", "")
        hands_in = not opens
        for name in TYPED:
            self.fields[name] = forms.CharField(
                label=field_words(name),
                required=hands_in and name in _NEEDED,
                initial=before.get(name, ""),
                max_length=4000 if name in _LONG else 200,
                widget=forms.Textarea(attrs={"rows": 3}) if name in _LONG else forms.TextInput(),
            )
        self.fields["public"] = forms.MultipleChoiceField(
            label=_("What everybody may read"),
            required=False,
            choices=[(name, field_words(name)) for name in ALLOWED],
            initial=held.public if held is not None else list(_USUAL),
            widget=forms.CheckboxSelectMultiple(),
            help_text=_(
                "The title always is public. A name or text that you keep back is struck out of the rest where it "
                "stands there word for word; drawings are never public."
            ),
        )
        for name in CRITERIA:
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=_("Weight of %(criterion)s") % {"criterion": criterion_words(name)},
                min_value=0,
                max_value=100,
                initial=held.weights.get(name, 25) if held is not None else 25,
            )
        self.fields["drawings"] = AttachmentsField(label=field_words("drawings"))

    def clean_budget(self) -> str:
        """Refuse another currency, and what nobody can do anything with."""
        text = str(self.cleaned_data["budget"]).strip()
        refuse_foreign(text)
        if _NO_AMOUNT.match(text):
            raise forms.ValidationError(_("The amount must be above zero."))
        return text

    def clean_deadline(self) -> str:
        """Refuse a time, in one's own words, all of whose days have passed."""
        text = str(self.cleaned_data["deadline"]).strip()
        days = [_last_day(*one.groups()) for one in _DAY.finditer(text)]
        if days and max(days) < timezone.localdate():
            raise forms.ValidationError(_("That day has passed."))
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse weights that are all zero."""
        cleaned = super().clean() or self.cleaned_data
        weights = [cleaned.get(f"weight_{name}") for name in CRITERIA]
        if all(weight == 0 for weight in weights):
            self.add_error("weight_team", _("At least one weight is above zero."))
        return cleaned

    def detail(self) -> Detail:
        """Give the whole form; files go to those who check it."""
        given = {name: str(self.cleaned_data[name]).strip() for name in TYPED}
        given |= {"title": str(self.cleaned_data.get("title") or self.title).strip(), "firm": self.firm.name}
        public = [name for name in ALLOWED if name in self.cleaned_data["public"]]
        weights = {name: int(self.cleaned_data[f"weight_{name}"]) for name in CRITERIA}
        files = self.cleaned_data["drawings"]

        def write(case: Case, line: RecordLine) -> None:
            row = NeedForm.unscoped.filter(case=case).first() or NeedForm(organisation=self.firm, case=case)
            row.data, row.public, row.weights = seal(given), public, weights
            row.save()
            save_attachments(case, line, self.firm, files, WHO_CHECKS)

        public_part = publishable(Need({key: text for key, text in given.items() if text}, frozenset(public)))
        return Carried(
            {"public": public, "public_part": public_part, "weights": weights, "drawings": described(files)}, write
        )


def _last_day(year: str, month: str, day: str | None) -> dt.date:
    """Give the day that is named, or the last one of its month; a day that no calendar has counts as the nearest.

    >>> _last_day("2026", "2", None), _last_day("2026", "13", "40")
    (datetime.date(2026, 2, 28), datetime.date(2026, 12, 31))
    """
    at = min(max(int(month), 1), 12)
    last = calendar.monthrange(int(year), at)[1]
    return dt.date(int(year), at, min(max(int(day or last), 1), last))


class CheckForm(MoveForm):
    """What an office confirms before a need goes on."""

    def __init__(
        self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, viewer: Viewer, opens: bool = False
    ) -> None:
        super().__init__(asked, move, [], data, opens=opens)
        assert viewer.organisation is not None
        self.office: Organisation = viewer.organisation
        for name, words in (
            ("complete", _("The form is complete, its targets can be measured")),
            ("genuine", _("The firm and its need are genuine")),
            ("lawful", _("What would be public holds no secret of the state and nothing personal")),
        ):
            self.fields[name] = forms.BooleanField(label=words)
        self.fields["opinion"] = forms.CharField(
            label=pgettext("challenge", "Opinion"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def detail(self) -> Detail:
        """Give the check."""
        said = {name: bool(self.cleaned_data[name]) for name in ("complete", "genuine", "lawful")}
        opinion = str(self.cleaned_data["opinion"])

        def write(case: Case, line: RecordLine) -> None:
            Check.objects.create_for(self.office, case=case, line=line, opinion=opinion, **said)

        return Carried({**said, "opinion": opinion}, write)
