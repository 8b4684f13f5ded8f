"""The patent pool: joining it, what is in it, listing and withdrawing patents."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gaoyuan.exchange.process import process
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.network.forms import PatentForm
from gaoyuan.portal.network.licences import LicenceForm, is_member, listed
from gaoyuan.portal.network.patents_models import PooledPatent, PoolMember
from gaoyuan.portal.workbench.exports import table_response

_PAGE = 50
_FIRMS = (Role.ENTERPRISE, Role.CLUSTER)


def patents(request: HttpRequest) -> HttpResponse:
    """List the pool; members read the terms. A firm joins or leaves by a form."""
    viewer = viewer_of(request)
    if request.method == "POST":
        return _join_or_leave(request, viewer)
    member = is_member(viewer) or viewer.is_office
    asked = request.GET.get("q", "").strip()[:100]
    rows = listed()
    if asked:
        rows = rows.filter(Q(title__icontains=asked) | Q(number__icontains=asked) | Q(about__icontains=asked))
    file = table_response(
        request,
        "patents",
        (
            pgettext("network", "Number"),
            _("Patent"),
            _("Kind of patent"),
            _("Holder"),
            _("Expires on"),
            _("Yearly fee (yuan)"),
            _("Terms"),
        ),
        (
            (
                one.number,
                one.title,
                one.get_kind_display(),  # pyright: ignore[reportAttributeAccessIssue]
                one.organisation.name,
                one.expires,
                one.yearly_yuan if member else None,
                one.terms if member else None,
            )
            for one in rows
        ),
        None,
    )
    if file:
        return file
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "network/patents.html",
        {"page": page, "asked": asked, "member": member, "joins": viewer.role in _FIRMS, "joined": is_member(viewer)},
    )


def new(request: HttpRequest) -> HttpResponse:
    """List a patent; members may."""
    viewer = viewer_of(request)
    if not is_member(viewer):
        messages.info(request, _("Join the patent pool first: licences are for its members."))
        return redirect("patents")
    assert viewer.organisation is not None
    form = PatentForm(request.POST or None, instance=PooledPatent(organisation=viewer.organisation))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                held = form.save()
        except IntegrityError:
            form.add_error("number", _("A patent of this number is in the pool already."))
        else:
            messages.success(request, _("The patent is in the pool."))
            return redirect("patent", held.pk)
    return render(request, "network/patent_new.html", {"form": form})


def patent(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a patent, to members with its terms and a form that asks for a licence; its holder may withdraw it."""
    viewer = viewer_of(request)
    held = get_object_or_404(listed(), pk=pk)
    own = held.organisation == viewer.organisation
    if request.method == "POST":
        if not own:
            raise Http404
        held.withdrawn = timezone.now()
        held.save()
        messages.success(request, _("The patent has left the pool; licences that were agreed stay as they are."))
        return redirect("patents")
    member = is_member(viewer)
    form = None
    if member and not own:
        asked = process("patent-licence")
        form = LicenceForm(asked, asked.moves[asked.opening], None, viewer=viewer)
    context = {"patent": held, "own": own, "terms": member or own or viewer.is_office, "form": form}
    return render(request, "network/patent.html", context)


def _join_or_leave(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if viewer.role not in _FIRMS or viewer.organisation is None:
        raise Http404
    own = PoolMember.objects.of(viewer.organisation)
    if "leave" in request.POST:
        if listed().filter(organisation=viewer.organisation).exists():
            messages.error(request, _("Withdraw your patents first, then leave the pool."))
        else:
            own.delete()
            messages.success(request, _("You have left the pool."))
    elif not own.exists():
        # Pressed twice at once, the second finds that the first has joined.
        with suppress(IntegrityError), transaction.atomic():
            PoolMember.objects.create_for(viewer.organisation)
        messages.success(request, _("You have joined the pool."))
    return redirect("patents")
