"""The page of an organisation's channels: where it is told of moves, and whether that arrives."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.delivery.forms import ChannelForm
from gaoyuan.portal.delivery.models import Channel, Delivery

_MOST_CHANNELS = 20


def channels(request: HttpRequest) -> HttpResponse:
    """List the channels of the viewer's organisation with what did not arrive; the form adds one."""
    viewer = viewer_of(request)
    own = _own(viewer)
    form = ChannelForm(request.POST or None, label_suffix="")
    secret = ""
    if request.method == "POST" and form.is_valid() and viewer.organisation is not None:
        kind, address = str(form.cleaned_data["kind"]), str(form.cleaned_data["address"])
        if own.filter(kind=kind, address=address).exists():
            form.add_error("address", _("You are told there already."))
        elif own.count() >= _MOST_CHANNELS:
            form.add_error(None, _("There are twenty channels already; remove one first."))
        else:
            _made, secret = Channel.make(viewer.organisation, kind, address)
            if not secret:
                messages.success(request, _("From now on notices go there, too."))
                return redirect("channels")
            form = ChannelForm(label_suffix="")
    counted = own.annotate(
        arrived=Count("deliveries", filter=Q(deliveries__arrived__isnull=False)),
        waiting=Count("deliveries", filter=Q(deliveries__next_at__isnull=False)),
        given_up=Count("deliveries", filter=Q(deliveries__next_at=None, deliveries__arrived=None)),
    )
    failing = Delivery.unscoped.filter(channel__in=own, arrived=None).exclude(fault="").order_by("-pk")
    faults = {one.channel.pk: one.fault for one in failing.select_related("channel")[:200]}
    rows = [(one, faults.get(one.pk, "")) for one in counted]
    return render(request, "delivery/channels.html", {"rows": rows, "form": form, "secret": secret})


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a channel away; what has not arrived is not sent any more."""
    get_object_or_404(_own(viewer_of(request)), pk=pk).delete()
    messages.success(request, _("No more notices go there."))
    return redirect("channels")


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try at once again what did not arrive by a channel."""
    channel = get_object_or_404(_own(viewer_of(request)), pk=pk)
    waiting = Delivery.unscoped.filter(channel=channel, arrived=None)
    update_logged(waiting, next_at=timezone.now(), failures=0)
    messages.success(request, _("They are sent again within a minute."))
    return redirect("channels")


def _own(viewer: Viewer) -> QuerySet[Channel]:
    return Channel.objects.for_viewer(viewer).filter(organisation=viewer.organisation)
