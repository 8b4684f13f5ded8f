"""Reports with their check, labels of samples, and bills."""

from __future__ import annotations

import hashlib
import re
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.booking.foods import food
from gaoyuan.portal.booking.models import Bill
from gaoyuan.portal.booking.reports import content_of, find_report, holds
from gaoyuan.portal.booking.seeing import bills_of, reports_of, samples_of
from gaoyuan.portal.workbench.exports import table_response

_MOST_BYTES = 50 << 20
_LABELS = 10


def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a report to its two parties, to be printed too; `?format=json` gives the document as it was signed, and
    `?format=note` the signature.
    """
    held = get_object_or_404(reports_of(viewer_of(request)), pk=pk)
    wanted = request.GET.get("format", "")
    if wanted in {"json", "note"}:
        kind, body = ("application/json", held.document) if wanted == "json" else ("text/plain", held.note)
        answer = HttpResponse(body.encode(), content_type=f"{kind}; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{held.number}.{"json" if wanted == "json" else "txt"}"'
        answer["Cache-Control"] = "private, no-store"
        return answer
    content = content_of(held)
    file = table_response(
        request,
        held.number,
        (_("Sample"), _("Test item"), _("Method"), _("Result"), _("Unit"), pgettext("sample", "Verdict")),
        (
            tuple(one[name] for name in ("sample", "item", "method", "value", "unit", "verdict"))
            for one in content["results"]
        ),
        None,
    )
    return file or render(
        request,
        "booking/report.html",
        {
            "report": held,
            "content": content,
            "holds": holds(held),
            "samples": [(one, food(one["category"])) for one in content["samples"]],
        },
    )


def check(request: HttpRequest) -> HttpResponse:
    """Tell anybody who holds a report, or a file that came with it, who has signed it and whether it is unchanged. The
    file is only read, not kept; of a report that somebody does not hold nothing is told.
    """
    found, digest, fault = None, "", ""
    if request.method == "POST":
        file, typed = request.FILES.get("file"), request.POST.get("sha256", "").strip().lower()
        if file is not None:
            if file.size is None or file.size > _MOST_BYTES:
                fault = _("The file is greater than %(most)s MB.") % {"most": _MOST_BYTES >> 20}
            else:
                digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
        elif re.fullmatch(r"[0-9a-f]{64}", typed):
            digest = typed
        else:
            fault = _("Choose a file, or give its SHA-256 of 64 digits and letters.")
        found = find_report(digest) if digest else None
    context: dict[str, object] = {"digest": digest, "fault": fault, "found": found}
    if found:
        context |= {"holds": holds(found.report), "key": found.report.public}
    return render(request, "booking/check.html", context)


def label(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the label of a sample, to be printed and stuck on it: its number also as bars that scanners read."""
    held = get_object_or_404(samples_of(viewer_of(request)), pk=pk)
    return render(
        request,
        "booking/label.html",
        {"sample": held, "bars": list(_bars(held.label)), "items": held.items.all(), "food": food(held.category)},
    )


def bills(request: HttpRequest) -> HttpResponse:
    """List what is to be paid for bookings, to the viewer's organisation and by it."""
    viewer = viewer_of(request)
    held = bills_of(viewer)
    rows = [
        (
            one.made.date(),
            one.booking.resource.name,
            one.payer.name,
            one.organisation.name,
            Bill.For(one.reason).label,
            f"{one.amount:.2f}",
        )
        for one in held
    ]
    headings = (
        *(_("Day"), _("Resource"), pgettext("bill", "Pays"), pgettext("bill", "Is paid"), pgettext("bill", "For")),
        _("Amount, yuan"),
    )
    file = table_response(request, "bills", headings, rows, None)
    context = {
        "rows": list(zip(held, rows, strict=True)),
        "headings": headings,
        "owed": sum((one.amount for one in held if one.payer == viewer.organisation), start=0),
        "due": sum((one.amount for one in held if one.organisation == viewer.organisation), start=0),
    }
    return file or render(request, "booking/bills.html", context)


_DIGITS = (
    *("nnnwwnwnn", "wnnwnnnnw", "nnwwnnnnw", "wnwwnnnnn", "nnnwwnnnw"),
    *("wnnwwnnnn", "nnwwwnnnn", "nnnwnnwnw", "wnnwnnwnn", "nnwwnnwnn"),
)
_CODE39 = {
    **{str(digit): bars for digit, bars in enumerate(_DIGITS)},
    "S": "nnwnnnwwn",
    "-": "nwnnnnwnw",
    "*": "nwnnwnwnn",
}


def _bars(text: str) -> list[tuple[int, int]]:
    """Give the bars of a number in Code 39 (ISO/IEC 16388), each as where it begins and how wide it is."""
    at, found = _LABELS, []
    for one in f"*{text}*":
        for place, width in enumerate(_CODE39[one]):
            wide = 3 if width == "w" else 1
            if place % 2 == 0:
                found.append((at, wide))
            at += wide
        at += 1
    return found
