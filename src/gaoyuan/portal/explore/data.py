"""The data of the explore page: parts of the snapshot, sent as they are stored."""

from __future__ import annotations

import gzip

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.viewer import PUBLIC
from gaoyuan.portal.explore.boundaries import approved_outlines, approved_tag
from gaoyuan.portal.explore.frame import LEVELS
from gaoyuan.portal.explore.measures import EVERY, theme_of
from gaoyuan.portal.explore.subjects import columns_of
from gaoyuan.portal.snapshots.models import Part, Snapshot

_FOR_EVER = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"


def shown_to(request: HttpRequest, everybody: bool = False) -> tuple[Snapshot | None, str]:
    """Give the snapshot that a request is about and the audience of its figures. `everybody` takes who looks for a
    stranger: an embedded view says to all the same.
    """
    viewer = PUBLIC if everybody else viewer_of(request)
    snapshot = Snapshot.objects.for_viewer(viewer).first()
    return snapshot, snapshot.audience(viewer) if snapshot else ""


def frame(request: HttpRequest) -> HttpResponse:
    """Send regions, industries and their names."""
    return _send(request, "frame", "")


def outlines(request: HttpRequest) -> HttpResponse:
    """Send the boundaries of the counties: those that the portal's owner has approved, else the shipped ones."""
    own = approved_outlines()
    if own is not None and shown_to(request, everybody=request.GET.get("everybody") == "1")[0] is not None:
        answer = _body(request, own)
        # The address names the file that they are of.
        answer["Cache-Control"] = _FOR_EVER if request.GET.get("b") == approved_tag() else _ASK_AGAIN
        answer["Vary"] = "Accept-Encoding, Cookie"
        return answer
    return _send(request, "outlines", "county")


def footprints(request: HttpRequest, division: str) -> HttpResponse:
    """Send the footprints of the clusters of a division, where some have one."""
    return _send(request, "footprints", division)


def industry(request: HttpRequest, level: str, code: str) -> HttpResponse:
    """Send one industry in all regions of a level."""
    if level not in LEVELS:
        raise Http404
    if code == EVERY or theme_of(code) is not None:
        return _made(request, level, code)
    return _send(request, "industry", f"{level}:{code}")


def _made(request: HttpRequest, level: str, code: str) -> HttpResponse:
    """Answer with the figures of all industries, or of a theme that the viewer may see. Themes are searched for anew at
    times, so nothing is kept.
    """
    everybody = request.GET.get("everybody") == "1"
    snapshot, audience = shown_to(request, everybody=everybody)
    viewer = PUBLIC if everybody else viewer_of(request)
    columns = columns_of(code, level, snapshot, audience, viewer) if snapshot is not None else None
    if columns is None:
        raise Http404
    answer = _body(request, gzip.compress(orjson.dumps(columns), compresslevel=4, mtime=0))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _send(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Answer with a part. An address that names the snapshot (`s`) and the audience (`a`) is answered with these or not
    at all, so that what a page loads is of one snapshot, and may be kept for ever.
    """
    asked, wanted = request.GET.get("s", ""), request.GET.get("a", "")
    snapshot, audience = shown_to(request, everybody=request.GET.get("everybody") == "1")
    if snapshot is None:
        raise Http404
    if (asked and asked.lower() != str(snapshot.pk)) or (wanted and wanted != audience):
        return HttpResponse(_("These figures have been replaced by newer ones. Load the page again."), status=410)
    answer: HttpResponse
    tag = f'"{snapshot.pk}-{audience}"'
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    else:
        part = Part.objects.filter(snapshot=snapshot, audience=audience, kind=kind, key=key).first()
        if part is None:
            raise Http404
        answer = _body(request, bytes(part.body))
    answer["ETag"] = tag
    answer["Cache-Control"] = _FOR_EVER if asked and wanted else _ASK_AGAIN
    answer["Vary"] = "Accept-Encoding, Cookie"
    return answer


def _body(request: HttpRequest, packed: bytes) -> HttpResponse:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(packed, content_type="application/json", headers={"Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(packed), content_type="application/json")
