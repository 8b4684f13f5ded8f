"""The page on which an administrator says which witnesses the log asks, and sees what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.evidence.forms import WitnessForm
from gaoyuan.portal.evidence.keeping import newest_checkpoint
from gaoyuan.portal.evidence.models import LogWitness
from gaoyuan.portal.evidence.witnessing import witnesses as trusted
from gaoyuan.portal.workbench.exports import table_response


def witnesses(request: HttpRequest) -> HttpResponse:
    """List the witnesses, with the last size that each has cosigned and when; a form adds one."""
    form = WitnessForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        one = form.cleaned_data["witness"]
        values = {"address": one.address, "removed": None, "by": viewer_of(request).user}
        LogWitness.objects.update_or_create(vkey=str(one.key), defaults=values)
        messages.success(request, _("The witness is asked from now on, each time that the log has grown."))
        return redirect("log_witnesses")
    trusted()  # takes those that the file names
    held = LogWitness.objects.all()
    size = newest_checkpoint().checkpoint.size
    headings = (_("Witness"), _("Address"), _("Cosigned up to"), _("Behind"), _("When"), _("State"))
    rows = [(one, _cells(one, size)) for one in held]
    file = table_response(request, "witnesses", headings, (cells for _one, cells in rows), None)
    if file is not None:
        return file
    return render(request, "evidence/witnesses.html", {"form": form, "rows": rows, "size": size})


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Trust a witness no more; what it has cosigned stays cosigned."""
    held = get_object_or_404(LogWitness.objects.filter(removed=None), pk=pk)
    held.removed = timezone.now()
    held.save()
    messages.success(request, _("The witness is asked no more."))
    return redirect("log_witnesses")


def _cells(one: LogWitness, size: int) -> list[object]:
    state = _("removed") if one.removed else one.told or (_("answers") if one.cosigned else _("not asked yet"))
    behind = "" if one.removed or not one.cosigned else size - one.size
    return [one.vkey, one.address, one.size or "", behind, one.cosigned, state]
