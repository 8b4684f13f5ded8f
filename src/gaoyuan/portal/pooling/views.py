"""Pages of pools beside their cases: the record and its check, the list of what goes to whom, and credit lines."""

from __future__ import annotations

import uuid
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gaoyuan.exchange.pools import ClearingBroken, replay_clearing
from gaoyuan.exchange.pools.credit import EntryKind
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.seeing import seen_by
from gaoyuan.portal.pooling.credit import add, balance_of, open_line
from gaoyuan.portal.pooling.explaining import price_text
from gaoyuan.portal.pooling.models import Commitment, CreditLine, Pool
from gaoyuan.portal.pooling.panels import lists_members
from gaoyuan.portal.units import unit_words
from gaoyuan.portal.workbench.exports import table_response

_MOST_BYTES = 4 << 20
_FIRMS = (Role.ENTERPRISE, Role.CLUSTER)


def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the record of a cleared pool to those who may know of it: aliases, quantities, limits as far as the result
    tells them.
    """
    held = get_object_or_404(seen_by(viewer_of(request)).filter(process="pool"), pk=pk)
    pool = get_object_or_404(Pool.unscoped.exclude(result=""), case=held)
    answer = HttpResponse(pool.result, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="pool-{held.pk}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def check(request: HttpRequest) -> HttpResponse:
    """Clear a pool again from its record, and say whether that gives the recorded result."""
    form = _CheckForm(request.POST or None, request.FILES or None)
    found: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            done = replay_clearing(form.cleaned_data["record"])
        except (ClearingBroken, RecursionError, OverflowError) as fault:
            told = isinstance(fault, ClearingBroken)
            found = {"broken": (str(fault).split("\n")[0] if get_language() == "en" else fault.said) if told else "?"}
        else:
            found = {
                "done": done,
                "price": price_text(done.price),
                "served": len(done.shares),
                "sum": sum((share.bill for share in done.shares), Decimal(0)),
            }
    return render(request, "pooling/check.html", {"form": form, **found})


def shares(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """List who gets how much and pays what, to the organiser, and to the supplier where it delivers to each."""
    viewer = viewer_of(request)
    held = get_object_or_404(seen_by(viewer).filter(process="pool").select_related("organisation"), pk=pk)
    pool = get_object_or_404(Pool.unscoped.select_related("organisation"), case=held)
    if not lists_members(viewer, held, pool):
        raise Http404
    rows = [
        (
            one.organisation.name,
            one.alias,
            None if one.withdrawn is not None else one.got if one.settled_quantity is None else one.settled_quantity,
            unit_words(pool.unit),
            float(one.bill or 0) if one.withdrawn is None else None,
            float(one.settled_bill) if one.settled_bill is not None and one.withdrawn is None else None,
            float(one.charge) if one.charge is not None else None,
        )
        for one in Commitment.unscoped.filter(case=held, got__gt=0).select_related("organisation").order_by("placed")
    ]
    headings = (
        _("Member"),
        _("Stands in the record as"),
        _("Quantity"),
        _("Unit"),
        _("Bill at the clearing, yuan"),
        _("Bill by what was delivered, yuan"),
        _("Charge of who withdrew, yuan"),
    )
    file = table_response(request, "pool", headings, rows, None)
    if file is not None:
        return file
    return render(
        request,
        "pooling/shares.html",
        {
            "case": held,
            "pool": pool,
            "rows": rows,
            "headings": headings,
            "price": price_text(Fraction(pool.price or 0)),
        },
    )


def credit(request: HttpRequest) -> HttpResponse:
    """Show the credit lines that the viewer's organisation gives and has; a form sets a limit or notes a payment."""
    viewer = viewer_of(request)
    own = viewer.organisation
    if own is None or viewer.role not in _FIRMS:
        raise Http404
    form = _EntryForm(own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            line = open_line(own, given["member"])
            kind: EntryKind = given["kind"]
            refused = add(line, kind, given["amount"], reference=given["reference"], by=viewer.user)
        if refused is None:
            messages.success(request, _("The entry has been made."))
            return redirect("pool_credit")
        form.add_error("amount", refused.en if get_language() == "en" else refused.zh)
    given_lines = [
        (line, balance_of(line)) for line in CreditLine.objects.of(own).select_related("organisation", "member")
    ]
    had = [
        (line, balance_of(line))
        for line in CreditLine.unscoped.filter(member=own).select_related("organisation", "member")
    ]
    # What is reserved would tell the organiser who has committed how much before the pool is cleared.
    lent = [(line.member.name, float(held.limit), float(held.owed)) for line, held in given_lines]
    file = table_response(request, "credit", (_("Member"), _("Limit, yuan"), _("Owes, yuan")), lent, None)
    if file is not None:
        return file
    entries = [(line, line.entries.exclude(kind__in=("reserve", "release"))[:50]) for line, _held in given_lines]  # pyright: ignore[reportAttributeAccessIssue]
    return render(
        request,
        "pooling/credit.html",
        {"form": form, "lent": lent, "had": had, "entries": entries, "gives": viewer.role == Role.CLUSTER},
    )


class _CheckForm(forms.Form):
    """A record, as text or as a file."""

    text = forms.CharField(required=False, max_length=_MOST_BYTES, widget=forms.Textarea(attrs={"rows": 6}))
    file = forms.FileField(required=False)

    def __init__(self, *given: Any) -> None:  # noqa: ANN401  (Django's own signature)
        super().__init__(*given, label_suffix="")
        self.fields["text"].label = _("The record")
        self.fields["file"].label = _("or its file")

    def clean(self) -> dict[str, Any]:
        """Take the one that was given."""
        given = super().clean() or self.cleaned_data
        file = given.get("file")
        if file is not None and file.size > _MOST_BYTES:
            raise forms.ValidationError(_("This file is too large for a record."))
        try:
            text = file.read().decode("utf-8-sig") if file is not None else given.get("text", "")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is no record: it is no text.")) from None
        if not text.strip():
            raise forms.ValidationError(_("Paste the record, or choose its file."))
        given["record"] = text.strip()
        return given


class _EntryForm(forms.Form):
    """A limit or a payment."""

    member = forms.CharField(max_length=200)
    kind = forms.ChoiceField()
    amount = forms.DecimalField(min_value=Decimal(0), max_digits=15, decimal_places=2)
    reference = forms.CharField(max_length=200, required=False)

    def __init__(self, own: Organisation, data: Any) -> None:  # noqa: ANN401  (Django's own signature)
        super().__init__(data, label_suffix="")
        self._own = own
        self.fields["member"].label = _("Member, by its full name")
        self.fields["kind"] = forms.ChoiceField(
            label=_("Entry"), choices=[("limit", _("new limit")), ("payment", _("payment received"))]
        )
        self.fields["amount"].label = _("Amount, yuan")
        self.fields["reference"].label = _("Reference")

    def clean_member(self) -> Organisation:
        """Find the member by its name."""
        name = str(self.cleaned_data["member"]).strip()
        found = Organisation.objects.filter(name=name, kind__in=_FIRMS).exclude(pk=self._own.pk)[:2]
        if len(found) != 1:
            raise forms.ValidationError(_("No other firm here is called so."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        """Only who has a line can pay on it."""
        given = super().clean() or self.cleaned_data
        member = given.get("member")
        if given.get("kind") == "payment" and isinstance(member, Organisation):
            known = CreditLine.objects.of(self._own).filter(member=member).exists()
            if not known:
                self.add_error("member", _("This firm has no credit line with you."))
        return given
