"""Parts of snapshots, sent as they are stored: gzipped JSON with a tag by which a browser knows that it has them."""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.snapshots.models import Part, Snapshot

Content = dict[str, object]
_KEPT_CONTENTS = 8
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


def snapshot_for(request: HttpRequest, wanted: UUID | None = None) -> Snapshot:
    """Give the snapshot that a request means: the one named, else that which the viewer sees first. One that he may not
    see is answered like one that is not there.
    """
    found = Snapshot.objects.for_viewer(viewer_of(request))
    snapshot = (found.filter(pk=wanted) if wanted else found).first()
    if snapshot is None:
        raise Http404
    return snapshot


def part_of(request: HttpRequest, snapshot: Snapshot, kind: str, key: str = "") -> Part:
    """Give a part for the one who looks, without its body."""
    if "\0" in key:
        raise Http404
    audience = snapshot.audience(viewer_of(request))
    part = Part.objects.filter(snapshot=snapshot, audience=audience, kind=kind, key=key).defer("body").first()
    if part is None:
        raise Http404
    return part


def send(request: HttpRequest, snapshot: Snapshot, kind: str, key: str = "") -> HttpResponse:
    """Answer with a part: 304 where the browser has it, unpacked where it cannot unpack. Others' caches may not keep
    it, since what is seen depends on who looks.
    """
    part = part_of(request, snapshot, kind, key)
    packed = bool(_TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
    tag = f'"{snapshot.pk.hex}-{part.pk}{"" if packed else "-plain"}"'
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in known:
        response = HttpResponse(status=304)
    else:
        body = bytes(part.body)
        response = HttpResponse(body if packed else gzip.decompress(body), content_type="application/json")
        if packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Encoding, Cookie, Authorization"
    return response


def content_of(request: HttpRequest, snapshot: Snapshot, kind: str, key: str = "") -> Content:
    """Give what a part says. Those used last are kept in memory: a part never changes."""
    return _read(part_of(request, snapshot, kind, key).pk)


@lru_cache(_KEPT_CONTENTS)
def _read(pk: int) -> Content:
    part = Part.objects.only("body").get(pk=pk)
    return cast(Content, json.loads(gzip.decompress(bytes(part.body))))
