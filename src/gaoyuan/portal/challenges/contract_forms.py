"""Choosing the solver with the contract and its milestones, and the solver's signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import Attachment
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.challenges.carrying import Carried, refused
from gaoyuan.portal.challenges.models import Answer, Contract, Milestone
from gaoyuan.portal.challenges.seeing import answers_seen_by

__all__ = ["SelectForm", "SignForm"]

MOST_MILESTONES = 6
_FEN = Decimal("0.01")


class SelectForm(MoveForm):
    """Chooses a solver among those who have answered, and sets out the contract."""

    def __init__(
        self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, viewer: Viewer, case: Case
    ) -> None:
        answers: list[Answer] = list(answers_seen_by(viewer).filter(case=case, opened__isnull=False))
        super().__init__(asked, move, [(one.organisation.pk, one.organisation.name) for one in answers], data)
        assert viewer.organisation is not None
        self.firm: Organisation = viewer.organisation
        self.fields.pop("milestones_left")
        for number in range(1, MOST_MILESTONES + 1):
            words = {"number": number}
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("Milestone %(number)s: what is delivered") % words, required=number == 1, max_length=200
            )
            self.fields[f"due_{number}"] = forms.DateField(
                label=_("Milestone %(number)s: until") % words,
                required=number == 1,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"yuan_{number}"] = forms.DecimalField(
                label=_("Milestone %(number)s: payment (yuan)") % words,
                required=number == 1,
                min_value=0,
                max_digits=13,
                decimal_places=2,
            )
        self.fields["terms"] = forms.CharField(
            label=_("Further terms (rights to results, secrecy, penalties)"),
            required=False,
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        # The reason stands last, as elsewhere.
        self.fields["why"] = self.fields.pop("why")

    def milestones(self) -> Iterator[tuple[int, str, dt.date, Decimal]]:
        """Give the milestones that were filled in."""
        for number in range(1, MOST_MILESTONES + 1):
            title = self.cleaned_data.get(f"title_{number}")
            due, yuan = self.cleaned_data.get(f"due_{number}"), self.cleaned_data.get(f"yuan_{number}")
            if title and due is not None and yuan is not None:
                yield number, title, due, yuan

    def clean(self) -> dict[str, Any]:
        """Refuse half a milestone, one in the past, out of order or after the end, and a contract for nothing."""
        cleaned = super().clean() or self.cleaned_data
        last, end = timezone.localdate(), cleaned.get("due")
        for number in range(1, MOST_MILESTONES + 1):
            names = [f"{part}_{number}" for part in ("title", "due", "yuan")]
            filled = [cleaned.get(name) not in (None, "") for name in names]
            if any(filled) and not all(filled) and not any(name in self.errors for name in names):
                self.add_error(names[filled.index(False)], _("Fill in all three parts of the milestone, or none."))
            due = cleaned.get(f"due_{number}")
            if due is None:
                continue
            if due < last:
                self.add_error(f"due_{number}", _("It lies before the milestone above, or in the past."))
            elif isinstance(end, dt.datetime) and due > timezone.localdate(end):
                self.add_error(f"due_{number}", _("It lies after the date of acceptance."))
            last = max(last, due)
        if not self.errors and not sum((yuan for *_rest, yuan in self.milestones()), Decimal(0)):
            self.add_error("yuan_1", _("The payments add up to nothing."))
        return cleaned

    def given(self) -> dict[str, Value]:
        """Give the solver, the date of acceptance and how many milestones there are."""
        left = len(list(self.milestones()))
        return {"solver": self.cleaned_data["solver"], "due": self.cleaned_data["due"], "milestones_left": left}

    def detail(self) -> Detail:
        """Give the contract, in the place of one that nobody signed."""
        parts = list(self.milestones())
        terms = str(self.cleaned_data["terms"])
        solver = int(self.cleaned_data["solver"])
        whole = sum((yuan for *_rest, yuan in parts), Decimal(0)).quantize(_FEN)

        def write(case: Case, line: RecordLine) -> None:
            if not Answer.unscoped.filter(case=case, organisation_id=solver, opened__isnull=False).exists():
                raise refused("no_answer", "该单位没有揭榜", "this party has not answered")
            Contract.unscoped.filter(case=case).delete()
            held = Contract.objects.create_for(self.firm, case=case, solver_id=solver, yuan=whole, terms=terms)
            for number, (_row, title, due, yuan) in enumerate(parts, 1):
                Milestone.objects.create_for(
                    self.firm, contract=held, number=number, title=title, due=due, yuan=yuan.quantize(_FEN)
                )

        said = [{"title": title, "due": due.isoformat(), "yuan": str(yuan)} for _row, title, due, yuan in parts]
        return Carried({"yuan": str(whole), "terms": terms, "milestones": said}, write)


class SignForm(MoveForm):
    """Signs the contract that the page shows."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, viewer: Viewer) -> None:
        super().__init__(asked, move, [], data)
        self.viewer = viewer
        self.fields["agreed"] = forms.BooleanField(label=_("We agree to the contract and its milestones"))

    def detail(self) -> Detail:
        """Give the signature; from now on the solver reads the whole need, drawings too."""

        def write(case: Case, line: RecordLine) -> None:
            held = Contract.unscoped.filter(case=case, solver=self.viewer.organisation).first()
            if held is None:
                raise refused("no_contract", "没有待签的合同", "there is no contract to sign")
            held.signed = timezone.now()
            held.save()
            for file in Attachment.unscoped.filter(case=case, organisation=case.organisation, sealed=False):
                if " solver " not in file.roles:
                    file.roles = f"{file.roles or ' '}solver "
                    file.save()

        return Carried({"agreed": True}, write)
