"""Pages of credit: who may see what of an enterprise, the dossier that a bank opens, and what it did with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.evidence.models import Use
from gaoyuan.portal.finance.acts import add_act, possible
from gaoyuan.portal.finance.dossiers import ask_bank, bank_use, dossiers_of_firm, ended, open_dossier, take_file
from gaoyuan.portal.finance.forms import ActForm, AskForm, PackForm
from gaoyuan.portal.finance.models import BankAct, Dossier
from gaoyuan.portal.finance.showing import dossier_page, export_of
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.trust.pack import Report

_MOST = 500


def finance(request: HttpRequest) -> HttpResponse:
    """Lead everybody to his part: a bank to its dossiers, an enterprise to what banks see of it, offices to funds."""
    viewer = viewer_of(request)
    if viewer.is_office:
        return redirect("finance_funds")
    return _dossiers(request) if viewer.role == Role.BANK else _own_dossiers(request)


def ask(request: HttpRequest) -> HttpResponse:
    """Show one's records to a bank of the portal."""
    own, viewer = _own(request), viewer_of(request)
    form = AskForm(own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = ask_bank(own, form.cleaned_data["bank"], form.terms(), viewer.user)
        messages.success(request, _("The bank may open your records now; every time it does you see here."))
        assert made.release is not None, "a dossier that was asked for has its consent"
        return redirect("evidence_release", made.release.pk)
    banks = Organisation.objects.filter(kind=Role.BANK).exists()
    return render(request, "finance/ask.html", {"form": form, "banks": banks})


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a pack that a bank was sent; one that does not verify is not kept."""
    form = PackForm(request.POST, request.FILES, label_suffix="")
    if not form.is_valid():
        return _dossiers(request, form)
    made = take_file(_own(request), form.cleaned_data["pack"], viewer_of(request).user)
    return _dossiers(request, form, made) if isinstance(made, Report) else redirect("finance_dossier", made.pk)


def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a dossier: what its pack says and does not say. The enterprise is told each time."""
    return _dossier(request, _held(request, pk))


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the bank did."""
    held = _held(request, pk)
    form = ActForm(possible(held), request.POST)
    if form.is_valid():
        done = add_act(held, form.doing(), viewer_of(request).user)
        if isinstance(done, BankAct):
            messages.success(request, _("Written down: %(what)s") % {"what": _words(done)})
            return redirect("finance_dossier", held.pk)
        form.add_error(None, done.en if get_language() == "en" else done.zh)
    return _dossier(request, held, form)


def _dossier(request: HttpRequest, held: Dossier, form: ActForm | None = None) -> HttpResponse:
    over = ended(held)
    acts = held.acts.select_related("by", "record")  # pyright: ignore[reportAttributeAccessIssue]
    context = {"dossier": held, "ended": over, "acts": acts, "form": form or ActForm(possible(held))}
    if over is not None:
        return render(request, "finance/closed.html", context)
    report = open_dossier(held)
    page = dossier_page(held, report)
    return export_of(request, page) or render(request, "finance/dossier.html", {**context, "page": page})


def _dossiers(request: HttpRequest, form: PackForm | None = None, failed: Report | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    held = Dossier.objects.for_viewer(viewer).defer("content", "release__content")
    rows = [(one, ended(one), _last(one)) for one in _with_release(held)]
    headings = (_("Enterprise"), _("Purpose"), _("From month"), _("To month"), _("Valid until"), _("State"), _("Done"))
    file = table_response(
        request,
        "dossiers",
        headings,
        (
            (
                one.name,
                one.purpose,
                one.first,
                one.last,
                one.expires,
                _state(over),
                _words(last) if last else None,
            )
            for one, over, last in rows
        ),
        None,
    )
    if file is not None:
        return file
    context = {"rows": rows, "form": form or PackForm(label_suffix=""), "failed": failed}
    return render(request, "finance/dossiers.html", context)


def _own_dossiers(request: HttpRequest) -> HttpResponse:
    """Show an enterprise which banks may see what, each opening, and what they decided; their notes are their own."""
    held = dossiers_of_firm(viewer_of(request))
    rows = []
    for one in held[:_MOST]:
        uses = Use.unscoped.filter(release=one.release, what=bank_use(one.organisation)).order_by("-pk")
        acts = BankAct.unscoped.filter(dossier=one).exclude(kind=BankAct.Kind.NOTE)
        rows.append((one, ended(one), list(uses[:50]), uses.count(), list(acts)))
    headings = (
        _("Bank"),
        _("Purpose"),
        _("From month"),
        _("To month"),
        _("Valid until"),
        _("State"),
        _("Times opened"),
        _("Last opened"),
        _("Done"),
    )
    file = table_response(
        request,
        "banks",
        headings,
        (
            (
                one.organisation.name,
                one.purpose,
                one.first,
                one.last,
                one.expires,
                _state(over),
                times,
                uses[0].at if uses else None,
                _words(acts[-1]) if acts else None,
            )
            for one, over, uses, times, acts in rows
        ),
        None,
    )
    return file or render(request, "finance/own.html", {"rows": rows})


def _words(act: BankAct) -> str:
    return str(BankAct.Kind(act.kind).label)


def _last(held: Dossier) -> BankAct | None:
    return BankAct.unscoped.filter(dossier=held).exclude(kind=BankAct.Kind.NOTE).last()


def _state(over: object) -> str:
    if over is None:
        return pgettext("credit", "open")
    return _("consent withdrawn") if getattr(over, "why", "") == "withdrawn" else _("expired")


def _with_release(rows: object) -> list[Dossier]:
    return list(rows.select_related("release__withdrawn", "organisation")[:_MOST])  # pyright: ignore[reportAttributeAccessIssue]


def _held(request: HttpRequest, pk: int) -> Dossier:
    viewer = viewer_of(request)
    rows = Dossier.objects.for_viewer(viewer).filter(organisation=viewer.organisation)
    return get_object_or_404(rows.select_related("release__withdrawn", "release__organisation", "organisation"), pk=pk)


def _own(request: HttpRequest) -> Organisation:
    own = viewer_of(request).organisation
    assert own is not None, "the route is for organisations"
    return own
