"""The work on a challenge: milestones reported, accepted or returned, the result, later dates, support money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gaoyuan.exchange.challenges import ChallengeInvalid, Payment, SupportBalance, support_balance
from gaoyuan.exchange.process import Move, Process
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import AttachmentsField, described, save_attachments
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.cases.moving import standing_of
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.challenges.carrying import Carried, refused
from gaoyuan.portal.challenges.models import Milestone, Support

__all__ = ["MilestoneForm", "ProlongForm", "ResultForm", "SupportForm", "balance_of"]

WHO_WORKS = ("firm", "solver", "county", "office")
_OPEN = {
    "report_milestone": Q(met=None, reported=None),
    "return_milestone": Q(met=None, reported__isnull=False),
    "meet_milestone": Q(met=None, reported__isnull=False),
}


class ResultForm(MoveForm):
    """Hands something over: words and files."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
    ) -> None:
        super().__init__(asked, move, [], data, files)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation
        self.fields["report"] = forms.CharField(
            label=_("What was achieved, against the targets"),
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        self.fields["files"] = AttachmentsField(label=_("Reports and evidence"))

    def detail(self) -> Detail:
        """Give the report."""
        files = self.cleaned_data["files"]

        def write(case: Case, line: RecordLine) -> None:
            save_attachments(case, line, self.own, files, WHO_WORKS)

        return Carried({"report": str(self.cleaned_data["report"]), "files": described(files)}, write)


class MilestoneForm(MoveForm):
    """Reports a milestone, accepts it, or returns it with the reason."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case,
    ) -> None:
        super().__init__(asked, move, [], data, files)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation
        rows = [(str(one.number), f"{one.number}. {one.title}") for one in _open(case, move.name)]
        self.fields["milestone"] = forms.ChoiceField(label=_("Milestone"), choices=rows)
        if move.name == "report_milestone":
            self.fields["report"] = forms.CharField(
                label=_("What was achieved, against the targets"),
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields["files"] = AttachmentsField(label=_("Reports and evidence"))
        if "why" in self.fields:
            self.fields["why"] = self.fields.pop("why")

    def detail(self) -> Detail:
        """Give which milestone it is, and what was done with it."""
        number, kind = int(self.cleaned_data["milestone"]), self.move.name
        report, files = str(self.cleaned_data.get("report", "")), self.cleaned_data.get("files") or []
        why = self.why()

        def write(case: Case, line: RecordLine) -> None:
            row = _open(case, kind).filter(number=number).first()
            if row is None:
                raise refused("milestone", "这个里程碑已经处理过", "this milestone has been dealt with already")
            now = timezone.now()
            if kind == "report_milestone":
                row.reported, row.report, row.returned = now, report, ""
            elif kind == "return_milestone":
                row.reported, row.returned = None, why
            else:
                row.met = now
            row.save()
            save_attachments(case, line, self.own, files, WHO_WORKS)

        return Carried({"milestone": number, "report": report, "files": described(files)}, write)


class ProlongForm(MoveForm):
    """Agrees to a later date."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, case: Case) -> None:
        super().__init__(asked, move, [], data)
        self.before = standing_of(case).facts.get("due")

    def clean_due(self) -> dt.datetime:
        """Refuse a date that is no later than the one agreed."""
        due = self.cleaned_data["due"]
        if isinstance(self.before, dt.datetime) and due <= self.before:
            raise forms.ValidationError(_("It is no later than the date agreed so far."))
        return due


class SupportForm(MoveForm):
    """Support money of an office: a grant, a payment against it, or money taken back; the reason is its basis."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None, *, viewer: Viewer) -> None:
        super().__init__(asked, move, [], data)
        assert viewer.organisation is not None
        self.office: Organisation = viewer.organisation
        self.fields["kind"] = forms.ChoiceField(label=_("What happened to the money"), choices=Support.Kind.choices)
        self.fields["yuan"] = forms.DecimalField(
            label=_("Sum (yuan)"), min_value=Decimal("0.01"), max_digits=13, decimal_places=2
        )
        self.fields["on"] = forms.DateField(
            label=_("On which day"),
            initial=timezone.localdate,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["why"] = forms.CharField(
            label=_("Basis (document and its number)"), max_length=300, widget=forms.TextInput()
        )

    def clean_on(self) -> dt.date:
        """Refuse a day to come: only what has happened is recorded."""
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("The day lies ahead; record what has happened."))
        return on

    def detail(self) -> Detail:
        """Give the entry; more than was granted cannot be paid."""
        kind, yuan, on = self.cleaned_data["kind"], self.cleaned_data["yuan"], self.cleaned_data["on"]
        basis = self.why()

        def write(case: Case, line: RecordLine) -> None:
            Support.objects.create_for(self.office, case=case, line=line, kind=kind, yuan=yuan, basis=basis, on=on)
            try:
                balance_of(Support.unscoped.filter(case=case))
            except ChallengeInvalid as fault:
                raise refused("support", fault.zh or fault.what, fault.what) from None

        return Carried({"kind": kind, "yuan": str(yuan), "on": on.isoformat()}, write)


def balance_of(rows: QuerySet[Support]) -> SupportBalance:
    """Add up the support money of one challenge. Raises ChallengeInvalid where more was paid than granted."""
    held = list(rows.order_by("on", "pk"))
    granted = sum((one.yuan for one in held if one.kind == Support.Kind.GRANT), Decimal(0))
    payments = [
        Payment(
            one.yuan if one.kind == Support.Kind.PAYMENT else -one.yuan,
            dt.datetime.combine(one.on, dt.time()),
            one.basis or "—",
        )
        for one in held
        if one.kind != Support.Kind.GRANT
    ]
    return support_balance(granted, payments)


def _open(case: Case, move: str) -> QuerySet[Milestone]:
    """Give the milestones with which a move can do something."""
    return Milestone.unscoped.filter(_OPEN[move], contract__case=case).order_by("number")
