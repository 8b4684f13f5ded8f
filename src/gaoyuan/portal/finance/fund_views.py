"""Pages of risk-compensation funds: rules, what they stand for, their account, loans under them and claims."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.finance.amounts import to_fen, to_yuan
from gaoyuan.portal.finance.claiming import make_claim
from gaoyuan.portal.finance.fund_account import (
    add_line,
    funds_seen_by,
    lines_seen_by,
    loans_seen_by,
    locked_fund,
    rules_of,
    standing_of,
)
from gaoyuan.portal.finance.fund_forms import ClaimForm, FundForm, LineForm, LoanForm, PartnersForm
from gaoyuan.portal.finance.models import Fund, FundClaim, FundLine, FundLoan
from gaoyuan.portal.finance.words import LINE_WORDS
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.trust.credit import CreditRefused

_SHOWN = 200
"""Lines of an account on its page; the file has all."""


def funds(request: HttpRequest) -> HttpResponse:
    """List the funds that the viewer may see."""
    viewer = viewer_of(request)
    rows = [(one, _summary(one)) for one in funds_seen_by(viewer)]
    headings = (_("Fund"), _("Office"), _("Capital, yuan"), _("Covered, yuan"), _("Accepted and unpaid, yuan"))
    cells = (
        (one.title, one.organisation.name, float(held["capital"]), float(held["covered"]), float(held["due"]))
        for one, held in rows
    )
    file = table_response(request, "funds", headings, cells, None)
    return file or render(request, "finance/funds.html", {"rows": rows})


def new(request: HttpRequest) -> HttpResponse:
    """Open a fund."""
    own = viewer_of(request).organisation
    assert own is not None, "the route is for offices"
    form = FundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = form.fund(own)
        return redirect("finance_fund", made.pk)
    return render(request, "finance/fund_new.html", {"form": form})


def fund(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a fund: what it has and stands for, its loans, claims and account."""
    return _fund(request, viewer_of(request), _seen(request, pk))


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter money, name the partners, or end the fund: for its own office alone."""
    viewer = viewer_of(request)
    held = get_object_or_404(funds_seen_by(viewer).filter(organisation=viewer.organisation), pk=pk)
    what = request.POST.get("what", "")
    form: Form = PartnersForm(request.POST) if what == "partners" else LineForm(request.POST, label_suffix="")
    if what == "end":
        with locked_fund(held.pk) as locked:
            locked.open = False
            locked.save()
        messages.success(request, _("The fund takes on no more loans; what it covers stays covered."))
        return redirect("finance_fund", held.pk)
    if form.is_valid():
        given = form.cleaned_data
        if what == "partners":
            held.partners.set(given["partners"])
            return redirect("finance_fund", held.pk)
        try:
            with locked_fund(held.pk) as locked:
                add_line(locked, given["kind"], given["amount_yuan"], reference=given["reference"], by=viewer.user)
        except CreditRefused as wrong:
            form.add_error("amount_yuan", _said(wrong))
        else:
            messages.success(request, _("The entry has been made."))
            return redirect("finance_fund", held.pk)
    return _fund(request, viewer, held, **{"partners" if what == "partners" else "line": form})


@require_POST
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a loan under a fund: for its partner banks."""
    viewer = viewer_of(request)
    own = viewer.organisation
    held = get_object_or_404(funds_seen_by(viewer).filter(open=True, partners=own), pk=pk)
    assert own is not None, "the route is for banks"
    form = LoanForm(held, own, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            with locked_fund(held.pk) as locked:
                if not locked.open:
                    raise Http404
                cover = to_yuan(rules_of(locked).cover_of(to_fen(given["principal_yuan"])))
                if cover <= 0:
                    raise CreditRefused("the fund's share of this is less than a fen", zh="按比例不足一分")
                loan = FundLoan.objects.create_for(own, fund=locked, cover_yuan=cover, **given)
                add_line(locked, "cover", cover, loan=loan, reference=loan.contract, by=viewer.user)
        except CreditRefused as wrong:
            form.add_error("principal_yuan", _said(wrong))
        except IntegrityError:
            form.add_error("contract", _("You have registered this contract already."))
        else:
            messages.success(request, _("The fund covers %(cover)s yuan of this loan.") % {"cover": f"{cover:,.2f}"})
            return redirect("finance_fund", held.pk)
    return _fund(request, viewer, held, loan=form)


@require_POST
def repaid(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a loan was repaid: the fund covers it no more. A loan with a claim under way stays."""
    viewer = viewer_of(request)
    loan = _own_loan(request, pk)
    with locked_fund(loan.fund.pk) as held:
        cover = standing_of(held).loan(str(loan.pk)).cover
        if cover <= 0 or FundClaim.unscoped.filter(loan=loan, open=True).exists():
            messages.error(request, _("The fund covers nothing of this loan, or a claim for it is under way."))
        else:
            add_line(held, "release", to_yuan(cover), loan=loan, reference=loan.contract, by=viewer.user)
            messages.success(request, _("Noted: the loan is repaid."))
    return redirect("finance_fund", loan.fund.pk)


def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim for a loan, with evidence."""
    loan = _own_loan(request, pk)
    posted = request.method == "POST"
    form = ClaimForm(loan, request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        given = form.cleaned_data
        made = make_claim(viewer_of(request), loan, loss=given["loss_yuan"], why=given["why"], files=given["files"])
        if not isinstance(made, Refusal):
            return redirect("case", made.pk)
        form.add_error(None, made.en if get_language() == "en" else made.zh)
    return render(request, "finance/claim.html", {"form": form, "loan": loan})


def _fund(request: HttpRequest, viewer: Viewer, held: Fund, **tried: Form) -> HttpResponse:
    own, standing = viewer.organisation, standing_of(held)
    lines = list(lines_seen_by(viewer, held))
    whole = viewer.role != Role.BANK
    headings = [_("No."), _("Day"), _("Entry"), _("Amount, yuan"), _("Loan"), _("From, to, what for")]
    headings += [_("Capital after, yuan"), _("Covered after, yuan"), _("Number in the log")] if whole else []
    file = table_response(request, "ledger", headings, (_cells(one, whole) for one in lines), None)
    loans = []
    for one in loans_seen_by(viewer, held).prefetch_related("claims__case"):
        at = standing.loan(str(one.pk))
        claims: list[FundClaim] = list(one.claims.all())  # pyright: ignore[reportAttributeAccessIssue]
        going = any(each.open for each in claims)
        loans.append((one, to_yuan(at.cover), to_yuan(at.paid - at.recovered), claims, at.cover > 0 and not going))
    columns = (
        _("Contract"),
        _("Borrower"),
        _("Bank"),
        _("Principal, yuan"),
        _("Covered, yuan"),
        _("Paid less recovered, yuan"),
        _("Due on"),
    )
    file = file or table_response(
        request,
        "loans",
        columns,
        (
            (
                one.contract,
                one.borrower,
                one.organisation.name,
                float(one.principal_yuan),
                float(cover),
                float(paid),
                one.due,
            )
            for one, cover, paid, _claims, _free in loans
        ),
        None,
    )
    if file is not None:
        return file
    mine = own is not None and held.organisation == own
    partner = viewer.role == Role.BANK and held.open and held.partners.filter(pk=own.pk if own else None).exists()
    context: dict[str, Any] = {
        "fund": held,
        "share": held.share_bp / 100,
        "multiple": held.multiple_percent / 100,
        "summary": _summary(held),
        "lines": [(one, str(LINE_WORDS[one.kind])) for one in lines[-_SHOWN:]],
        "more": len(lines) > _SHOWN,
        "loans": loans,
        "whole": whole,
        "mine": mine,
        "partners_now": held.partners.order_by("name"),
        "line": tried.get("line") or LineForm(label_suffix=""),
        "partners": tried.get("partners") or PartnersForm(initial={"partners": held.partners.all()}),
        "loan_form": (tried.get("loan") or LoanForm(held, own)) if partner and own is not None else None,
    }
    return render(request, "finance/fund.html", context)


def _summary(held: Fund) -> dict[str, Decimal]:
    """Give what a fund's account adds up to, in yuan, and what it may still cover."""
    standing, rules = standing_of(held), rules_of(held)
    room = max(rules.capacity(standing.capital) - standing.covered - standing.due, 0)
    figures = {
        "capital": standing.capital,
        "free": standing.free,
        "contributed": standing.contributed,
        "withdrawn": standing.withdrawn,
        "covered": standing.covered,
        "room": room,
        "due": standing.due,
        "paid": standing.paid,
        "recovered": standing.recovered,
    }
    return {name: to_yuan(fen) for name, fen in figures.items()}


def _cells(one: FundLine, whole: bool) -> list[object]:
    found: list[object] = [
        one.number,
        one.made,
        LINE_WORDS[one.kind],
        float(one.amount_yuan),
        one.loan.contract if one.loan else None,
        one.reference,
    ]
    return [*found, float(one.capital_yuan), float(one.covered_yuan), one.record.index] if whole else found


def _seen(request: HttpRequest, pk: int) -> Fund:
    return get_object_or_404(funds_seen_by(viewer_of(request)), pk=pk)


def _own_loan(request: HttpRequest, pk: int) -> FundLoan:
    viewer = viewer_of(request)
    rows = FundLoan.objects.for_viewer(viewer).filter(organisation=viewer.organisation)
    return get_object_or_404(rows.select_related("fund__organisation", "organisation"), pk=pk)


def _said(wrong: CreditRefused) -> str:
    return wrong.what if get_language() == "en" else wrong.zh or wrong.what
