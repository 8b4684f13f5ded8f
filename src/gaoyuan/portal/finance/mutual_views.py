"""The page of mutual guarantees: for a cluster company its account, for its members what they gave and stand for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.finance.amounts import to_yuan
from gaoyuan.portal.finance.fund_forms import money_field
from gaoyuan.portal.finance.models import MutualLine
from gaoyuan.portal.finance.mutual_account import (
    add_line,
    call,
    locked_account,
    members_of,
    owed_to,
    repay,
    standing_of,
)
from gaoyuan.portal.finance.words import MUTUAL_WORDS
from gaoyuan.portal.pooling.credit import balance_of
from gaoyuan.portal.pooling.models import CreditLine
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.trust.credit import CreditRefused, MutualStanding

_COMPANY = (
    ("contribution", gettext_lazy("paid in by the member")),
    ("refund", gettext_lazy("paid back to the member")),
    ("call", gettext_lazy("call: what the member owes is paid from the guarantees")),
    ("repayment", gettext_lazy("the member has repaid a call")),
)
_MEMBER = (("pledge", gettext_lazy("guarantee for the member")), ("unpledge", gettext_lazy("take a guarantee back")))


def mutual(request: HttpRequest) -> HttpResponse:
    """Show the accounts that concern the viewer, and take an entry: of the company into its own account, of a member
    its own guarantee, which nobody else can give for it.
    """
    viewer = viewer_of(request)
    own = viewer.organisation
    assert own is not None, "the route is for firms and cluster organisations"
    company = viewer.role == Role.CLUSTER
    form = _EntryForm(own, company, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _enter(viewer, own, form.cleaned_data)
        except CreditRefused as wrong:
            form.add_error("amount_yuan", wrong.what if get_language() == "en" else wrong.zh or wrong.what)
        else:
            messages.success(request, _("The entry has been made."))
            return redirect("finance_mutual")
    companies = [own] if company else companies_of(own)
    seen = Q(organisation=own) if company else Q(payer=own) | Q(debtor=own)
    lines = MutualLine.unscoped.filter(seen).select_related("organisation", "payer", "debtor", "record")
    lines = lines.order_by("organisation", "number")
    headings = (
        _("Company"),
        _("No."),
        _("Day"),
        _("Entry"),
        _("Who pays or guarantees"),
        _("For whom"),
        _("Amount, yuan"),
        _("Reference"),
        _("Number in the log"),
    )
    file = table_response(
        request,
        "ledger",
        headings,
        (
            (
                one.organisation.name,
                one.number,
                one.made,
                MUTUAL_WORDS[one.kind],
                one.payer.name,
                one.debtor.name if one.debtor else None,
                float(one.amount_yuan),
                one.reference,
                one.record.index,
            )
            for one in lines
        ),
        None,
    )
    if file is not None:
        return file
    context: dict[str, Any] = {
        "form": form,
        "company": company,
        "accounts": [(one, f"members-{one.pk}", _rows(viewer, one)) for one in companies],
        "lines": [(one, str(MUTUAL_WORDS[one.kind])) for one in lines],
    }
    return render(request, "finance/mutual.html", context)


def companies_of(member: Organisation) -> list[Organisation]:
    """Give the companies with which a firm has a credit line, or in whose account it is."""
    lines = CreditLine.unscoped.filter(member=member).values("organisation")
    paid = MutualLine.unscoped.filter(Q(payer=member) | Q(debtor=member)).values("organisation")
    return list(Organisation.objects.filter(Q(pk__in=lines) | Q(pk__in=paid)).order_by("name"))


def _enter(viewer: Viewer, own: Organisation, given: dict[str, Any]) -> None:
    kind, member, amount = given["kind"], given["member"], given["amount_yuan"]
    reference, company = given["reference"], given["company"]
    with locked_account(company) as account:
        match kind:
            case "call":
                call(account, member, amount, reference, viewer.user)
            case "repayment":
                repay(account, member, amount, reference, viewer.user)
            case "pledge" | "unpledge":
                add_line(account, kind, own, amount, debtor=member, reference=reference, by=viewer.user)
            case _:
                add_line(account, kind, member, amount, reference=reference, by=viewer.user)


def _rows(viewer: Viewer, company: Organisation) -> list[dict[str, Any]]:
    """Give a row for every member that the viewer may see: a company all, a member itself."""
    standing, owed = standing_of(company), owed_to(company)
    shown = members_of(company)
    if viewer.organisation != company:
        shown &= {viewer.organisation.pk if viewer.organisation else 0}
    limits = {
        line.member.pk: balance_of(line).limit
        for line in CreditLine.objects.of(company).filter(member__in=shown).select_related("member")
    }
    members = Organisation.objects.filter(pk__in=shown).order_by("name")
    return [_row(one, standing, owed, limits.get(one.pk, Decimal(0))) for one in members]


def _row(member: Organisation, standing: MutualStanding, owed: dict[str, int], limit: Decimal) -> dict[str, Any]:
    name = str(member.pk)
    paid_in, backing, owes = standing.paid_in.get(name, 0), standing.backing(name), owed.get(name, 0)
    return {
        "member": member,
        "paid_in": to_yuan(paid_in),
        "given": to_yuan(paid_in - standing.free(name)),
        "received": to_yuan(sum(standing.pledges_for(name).values())),
        "backing": to_yuan(backing),
        "limit": limit,
        "owed": to_yuan(owes),
        "uncovered": to_yuan(max(owes - backing, 0)),
        "called": to_yuan(sum(part for (_payer, debtor), part in standing.called.items() if debtor == name)),
    }


class _EntryForm(forms.Form):
    """An entry of a company, or the guarantee of a member."""

    company = forms.ModelChoiceField(label=gettext_lazy("Company"), queryset=Organisation.objects.none())
    kind = forms.ChoiceField(label=gettext_lazy("Entry"))
    member = forms.CharField(label=gettext_lazy("Member, by its full name"), max_length=200)
    amount_yuan = money_field(gettext_lazy("Amount, yuan"))
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=200, required=False)

    def __init__(self, own: Organisation, company: bool, data: object = None) -> None:
        super().__init__(data, label_suffix="")  # pyright: ignore[reportArgumentType]
        self._own = own
        self.fields["kind"] = forms.ChoiceField(label=_("Entry"), choices=_COMPANY if company else _MEMBER)
        choice = self.fields["company"]
        assert isinstance(choice, forms.ModelChoiceField)
        if company:
            del self.fields["company"]
        else:
            numbers = [one.pk for one in companies_of(own)]
            choice.queryset = Organisation.objects.filter(pk__in=numbers).order_by("name")

    def clean(self) -> dict[str, Any]:
        """Find the member by its name, among those of the company."""
        given = super().clean() or self.cleaned_data
        company = given.setdefault("company", self._own if "company" not in self.fields else None)
        if company is None or "member" not in given:
            return given
        rows = Organisation.objects.filter(name=str(given["member"]).strip(), kind__in=(Role.ENTERPRISE, Role.CLUSTER))
        if given.get("kind") in ("pledge", "unpledge") or company != self._own:
            rows = rows.filter(pk__in=members_of(company))
        found = list(rows.exclude(pk=company.pk)[:2])
        if len(found) != 1:
            self.add_error("member", _("No member here is called so."))
        else:
            given["member"] = found[0]
        return given
