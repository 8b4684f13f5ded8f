"""Parts of snapshots, sent as they are stored: gzipped JSON with a tag by which a browser knows that it has them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.snapshots.models import Part, Snapshot

T = TypeVar("T")
_KEPT = 8
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


def _parts(request: HttpRequest, snapshot: Snapshot, kind: str, key: str) -> QuerySet[Part]:
    """Give the parts, one or none, of a kind and key for the one who looks."""
    if "\0" in key:
        raise Http404
    return Part.objects.filter(snapshot=snapshot, audience=snapshot.audience(viewer_of(request)), kind=kind, key=key)


def _number_of(found: QuerySet[Part]) -> int:
    number = found.values_list("pk", flat=True).first()
    if number is None:
        raise Http404
    return number


def send(request: HttpRequest, snapshot: Snapshot, kind: str, key: str = "") -> HttpResponse:
    """Answer with a part: 304 where the browser has it, unpacked where it cannot unpack. Others' caches may not keep
    it, since what is seen depends on who looks.
    """
    parts = _parts(request, snapshot, kind, key)
    packed = bool(_TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if known != [""] and (tag := _tag(snapshot, _number_of(parts), packed)) in known:
        response = HttpResponse(status=304)
    else:
        found = parts.values_list("pk", "body").first()
        if found is None:
            raise Http404
        tag, body = _tag(snapshot, found[0], packed), bytes(found[1])
        response = HttpResponse(body if packed else gzip.decompress(body), content_type="application/json")
        if packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Encoding, Cookie, Authorization"
    return response


def _tag(snapshot: Snapshot, number: int, packed: bool) -> str:
    return f'"{snapshot.pk.hex}-{number}{"" if packed else "-plain"}"'


def built_from(request: HttpRequest, snapshot: Snapshot, kind: str, build: Callable[[Any], T]) -> T:
    """Give what is built from the part of a kind. Those used last are kept in memory: the parts of a snapshot never
    change.
    """
    return cast(T, _built(snapshot.pk, snapshot.audience(viewer_of(request)), kind, build))


@lru_cache(_KEPT)
def _built(snapshot: UUID, audience: str, kind: str, build: Callable[[Any], object]) -> object:
    part = get_object_or_404(Part.objects.only("body"), snapshot=snapshot, audience=audience, kind=kind, key="")
    return build(part.content())
