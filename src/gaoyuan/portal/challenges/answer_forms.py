"""The answer of a small or medium firm: team, ability, plan and fit, price, and the figures of its size."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gaoyuan.codes import industries
from gaoyuan.exchange.challenges import CRITERIA, SizeFigures, SizeJudged, judge_size
from gaoyuan.exchange.process import Move, Process, Value
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.attachments import Attachment, AttachmentsField, save_attachments
from gaoyuan.portal.cases.forms import MoveForm
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.cases.service import Detail
from gaoyuan.portal.challenges.carrying import Carried, refused
from gaoyuan.portal.challenges.models import Answer
from gaoyuan.portal.challenges.need_forms import criterion_words
from gaoyuan.portal.challenges.sealing import seal
from gaoyuan.portal.snapshots.models import Firm, Snapshot
from gaoyuan.trust.canonical import canonical_json

__all__ = ["AnswerForm", "WithdrawForm", "registered_figures"]

_TEN_THOUSAND = Decimal(10_000)


def registered_figures(viewer: Viewer) -> SizeFigures | None:
    """Give what the register knows of the viewer's size, None where it does not know the viewer."""
    own = viewer.organisation
    if own is None or not own.subject:
        return None
    shown = list(Snapshot.objects.for_viewer(viewer).values_list("pk", flat=True))
    firm = Firm.objects.filter(snapshot__in=shown, enterprise_id=own.subject).order_by("-snapshot__taken").first()
    return SizeFigures(firm.industry, firm.employees, firm.revenue_yuan) if firm is not None else None


class AnswerForm(MoveForm):
    """Answers a challenge, or changes the answer before the deadline."""

    def __init__(
        self,
        asked: Process,
        move: Move,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        viewer: Viewer,
        before: Answer | None = None,
    ) -> None:
        super().__init__(asked, move, [], data, files)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation
        self.viewer = viewer
        self.judged: SizeJudged | None = None
        self.fields.pop("size_checked", None)
        given = before.given if before is not None else {}
        for name in CRITERIA:
            self.fields[name] = forms.CharField(
                label=criterion_words(name),
                max_length=4000,
                initial=given.get(name, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["price"] = forms.DecimalField(
            label=_("Price (10,000 yuan)"),
            min_value=Decimal("0.01"),
            max_digits=11,
            decimal_places=4,
            initial=given.get("price"),
        )
        self.fields["months"] = forms.IntegerField(
            label=_("Time needed (months)"), min_value=1, max_value=120, initial=given.get("months")
        )
        self.fields["industry"] = forms.CharField(
            label=_("Your industry (code of GB/T 4754-2017, such as 1761)"),
            max_length=8,
            initial=given.get("industry"),
        )
        self.fields["employees"] = forms.IntegerField(
            label=_("Persons employed"), required=False, min_value=0, max_value=10**7, initial=given.get("employees")
        )
        for name, words in (
            ("revenue", _("Revenue of the last year (10,000 yuan)")),
            ("assets", _("Total assets (10,000 yuan; asked for in some industries)")),
        ):
            self.fields[name] = forms.DecimalField(
                label=words, required=False, min_value=0, max_digits=13, decimal_places=4, initial=given.get(name)
            )
        self.fields["files"] = AttachmentsField(label=pgettext("challenge", "Attachments"))

    def clean_industry(self) -> str:
        """Refuse what is no code of the classification."""
        code = str(self.cleaned_data["industry"]).strip().upper()
        if code not in industries():
            raise forms.ValidationError(_("The classification has no industry %(code)s.") % {"code": code})
        return code

    def clean(self) -> dict[str, Any]:
        """Judge the size of the firm; a large one is refused with the reason."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        employees = cleaned.get("employees")
        stated = SizeFigures(
            cleaned["industry"],
            float(employees) if employees is not None else None,
            _in_yuan(cleaned.get("revenue")),
            _in_yuan(cleaned.get("assets")),
        )
        self.judged = judge_size(stated, registered_figures(self.viewer))
        if not self.judged.is_small_or_medium:
            why = self.judged.en if get_language() == "en" else self.judged.zh
            self.add_error("employees", _("Only small and medium firms may answer: %(why)s.") % {"why": why})
        return cleaned

    def given(self) -> dict[str, Value]:
        """Give what the size check has found."""
        found = self.judged is not None and self.judged.is_small_or_medium is True
        return {"size_checked": found} if "size_checked" in self.move.needs else {}

    def detail(self) -> Detail:
        """Give the answer, sealed: the record holds no more than a digest of it."""
        assert self.judged is not None
        judged = self.judged
        names = (*CRITERIA, "price", "months", "industry", "employees", "revenue", "assets")
        said = {name: "" if self.cleaned_data[name] is None else str(self.cleaned_data[name]).strip() for name in names}
        files = self.cleaned_data["files"]
        said["files"] = " ".join(one.sha256 for one in files)
        said["nonce"] = secrets.token_hex(16)
        digest = hashlib.sha256(canonical_json(said)).hexdigest()
        size = (judged.registered or judged.stated or "", "register" if judged.registered else "stated")
        changes = self.move.name == "change_answer"

        def write(case: Case, line: RecordLine) -> None:
            row = Answer.unscoped.filter(case=case, organisation=self.own).first()
            if row is not None and not changes:
                raise refused("twice", "您已揭榜，请修改已交的材料", "you have answered already: change your answer")
            if row is None and changes:
                raise refused("no_answer", "您还没有揭榜", "you have not answered yet")
            row = row or Answer(organisation=self.own, case=case, made=timezone.now())
            row.line, row.data, row.digest, row.size_class, row.size_source = line, seal(said), digest, *size
            row.save()
            if files:
                Attachment.unscoped.filter(case=case, organisation=self.own, sealed=True).delete()
                save_attachments(case, line, self.own, files, (), sealed=True)

        return Carried({"sealed": digest}, write)


class WithdrawForm(MoveForm):
    """Takes an answer back before the deadline, as if it had never been given."""

    def __init__(self, asked: Process, move: Move, data: Mapping[str, Any] | None = None, *, viewer: Viewer) -> None:
        super().__init__(asked, move, [], data)
        assert viewer.organisation is not None
        self.own: Organisation = viewer.organisation

    def detail(self) -> Detail:
        """Give what takes the answer away."""

        def write(case: Case, line: RecordLine) -> None:
            gone, _rows = Answer.unscoped.filter(case=case, organisation=self.own).delete()
            if not gone:
                raise refused("no_answer", "您还没有揭榜", "you have not answered yet")
            Attachment.unscoped.filter(case=case, organisation=self.own, sealed=True).delete()
            Participation.unscoped.filter(case=case, organisation=self.own, role="answerer").delete()

        return Carried({}, write)


def _in_yuan(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount * _TEN_THOUSAND)
