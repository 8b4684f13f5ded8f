"""The service network: public times and satisfaction, and the register of providers that offices keep."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gaoyuan.codes import division_name
from gaoyuan.errors import NotFound
from gaoyuan.exchange.network import KINDS
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.network.forms import ProviderForm
from gaoyuan.portal.network.measures import Measured, provider_figures, station_figures
from gaoyuan.portal.network.models import Provider
from gaoyuan.portal.network.service import kind_words
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.templatetags.naming import listed

_LEVELS = {Role.COUNTY: "county", Role.CITY: "city", Role.PROVINCE: "province"}
_KEPT = ("kinds", "industries", "most_open", "about", "contact", "active")


def service_network(request: HttpRequest) -> HttpResponse:
    """Show everybody who serves where, and how long firms wait for an answer."""
    now = timezone.now()
    kind = request.GET.get("kind", "")
    rows = list(Provider.unscoped.filter(active=True).select_related("party", "organisation"))
    if kind in KINDS:
        rows = [one for one in rows if kind in one.kinds]
    figures = provider_figures(rows, now)
    stations = [
        {"level": level_words(level), "division": _named(division), "figures": measured}
        for (level, division), measured in station_figures(now).items()
    ]
    providers = [
        {
            "one": one,
            "kinds": [kind_words(each) for each in one.kinds],
            "division": _named(one.division),
            "level": level_words(one.level),
            "figures": figures[one.pk],
        }
        for one in rows
    ]
    told = (_("Requests"), _("Answered in per cent"), _("Median hours to the answer"))
    file = table_response(
        request,
        "providers",
        (
            _("Provider"),
            _("Level"),
            _("Division"),
            _("Kinds of service"),
            _("Industries"),
            *told,
            _("Satisfaction (1 to 5)"),
            _("Contact, public"),
        ),
        (
            (
                row["one"].party.name,
                row["level"],
                row["division"],
                listed(row["kinds"]),
                " ".join(row["one"].industries),
                *_cells(row["figures"]),
                row["figures"].content,
                row["one"].contact,
            )
            for row in providers
        ),
        None,
    ) or table_response(
        request,
        "stations",
        (_("Level"), _("Division"), *told),
        ((row["level"], row["division"], *_cells(row["figures"])) for row in stations),
        None,
    )
    return file or render(
        request,
        "network/network.html",
        {
            "providers": providers,
            "stations": stations,
            "kinds": [(each, kind_words(each)) for each in KINDS],
            "kind": kind,
        },
    )


def providers(request: HttpRequest) -> HttpResponse:
    """Keep the register of providers: an office registers those of its level and division."""
    viewer = viewer_of(request)
    level = _LEVELS.get(viewer.role)
    may = level is not None and viewer.organisation is not None and len(viewer.organisation.division) == 6
    posted = request.method == "POST"
    form = ProviderForm(request.POST if posted else None, viewer=viewer) if may else None
    if posted and form is not None and form.is_valid() and _registered(viewer, form, str(level)):
        messages.success(request, _("The provider is registered."))
        return redirect("providers")
    rows = Provider.objects.for_viewer(viewer).select_related("party", "organisation")
    shown = [
        {"one": one, "kinds": listed(kind_words(each) for each in one.kinds), "division": _named(one.division)}
        for one in rows
    ]
    return render(request, "network/providers.html", {"rows": shown, "form": form})


def provider(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a provider that the office, or one below it, has registered."""
    viewer = viewer_of(request)
    held = get_object_or_404(Provider.objects.for_viewer(viewer).select_related("party"), pk=pk)
    form = ProviderForm(request.POST if request.method == "POST" else None, viewer=viewer, held=held)
    if request.method == "POST" and form.is_valid():
        for name in _KEPT:
            setattr(held, name, form.cleaned_data[name])
        held.save()
        messages.success(request, _("The provider is changed."))
        return redirect("providers")
    return render(request, "network/provider.html", {"held": held, "form": form})


def level_words(level: str) -> str:
    """Give what a level is called."""
    return {
        "county": pgettext("level", "county"),
        "city": pgettext("level", "prefecture"),
        "province": pgettext("level", "province"),
    }.get(level, level)


def _registered(viewer: Viewer, form: ProviderForm, level: str) -> bool:
    office = viewer.organisation
    assert office is not None
    assert form.party is not None
    given = {name: form.cleaned_data[name] for name in _KEPT}
    try:
        with transaction.atomic():
            Provider.objects.create_for(office, party=form.party, level=level, division=office.division, **given)
    except IntegrityError:
        form.add_error("name", _("Your office has registered it already."))
        return False
    return True


def _cells(one: Measured) -> tuple[float | None, float | None, float | None]:
    return one.requests, one.answered_percent, one.median_hours


def _named(code: str) -> str:
    try:
        return division_name(code)
    except NotFound:
        return code
