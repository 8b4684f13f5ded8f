"""The log as anybody reads it, without an account: checkpoint, tiles, proofs, and what they are for."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from gaoyuan.portal.evidence.keeping import STORE, log_signer, newest_checkpoint
from gaoyuan.portal.evidence.models import Erasure, LogRecord, LogWitness
from gaoyuan.portal.evidence.witnessing import best_checkpoint, witnesses
from gaoyuan.report.verify_page import verify_page
from gaoyuan.trust import proof_file
from gaoyuan.trust.pack.words import NOT_PROVEN

_TILE = re.compile(r"([0-9]{1,2}|entries)/(x[0-9]{3}/){0,5}[0-9]{3}(\.p/[0-9]{1,3})?")
_FOR_EVER = "public, max-age=31536000, immutable"
_TEXT = "text/plain; charset=utf-8"


def log(request: HttpRequest) -> HttpResponse:
    """Explain the log: what it proves and what not, its key, its newest checkpoint, who watches it."""
    newest = newest_checkpoint()
    return render(
        request,
        "evidence/log.html",
        {
            "key": str(log_signer().key),
            "checkpoint": newest.checkpoint,
            "witnesses": LogWitness.objects.filter(vkey__in=[str(one.key) for one in witnesses()]),
            "erased": Erasure.unscoped.filter(done=True).count(),
            "not_proven": NOT_PROVEN,
        },
    )


def checkpoint(request: HttpRequest) -> HttpResponse:
    """Send the newest checkpoint (C2SP tlog-checkpoint); with ?witnessed the newest that witnesses have cosigned."""
    opened = best_checkpoint() if "witnessed" in request.GET else newest_checkpoint()
    if opened is None:
        raise Http404
    return HttpResponse(bytes(opened.note), content_type=_TEXT, headers={"Cache-Control": "no-cache"})


def tile(request: HttpRequest, place: str) -> HttpResponse:
    """Send a tile or bundle (C2SP tlog-tiles)."""
    content = STORE.read(f"tile/{place}") if _TILE.fullmatch(place) else None
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="application/octet-stream", headers={"Cache-Control": _FOR_EVER})


def proof(request: HttpRequest, index: int) -> HttpResponse:
    """Send the proof that a record is in the log (C2SP tlog-proof)."""
    if index >= 1 << 62:
        raise Http404
    record = get_object_or_404(LogRecord, pk=index)
    opened = best_checkpoint()
    if opened is None or opened.checkpoint.size <= record.index:
        opened = newest_checkpoint()
    return HttpResponse(bytes(proof_file(STORE, record.index, opened)), content_type=_TEXT)


def verifier(request: HttpRequest) -> HttpResponse:
    """Send the page that checks packs offline, for keeping: one file, which asks no server anything."""
    headers = {"Content-Disposition": 'attachment; filename="gaoyuan-verify.html"'}
    return HttpResponse(verify_page(), content_type="text/html; charset=utf-8", headers=headers)
