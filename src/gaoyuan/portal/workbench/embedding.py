"""Clusters and regions of public snapshots as small pages that other sites may frame: always the public's figures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from gaoyuan.portal.accounts.viewer import PUBLIC
from gaoyuan.portal.snapshots.models import Audience, Part, Snapshot
from gaoyuan.portal.workbench.cluster import words_of
from gaoyuan.portal.workbench.reading import NOBODYS, Look, Row
from gaoyuan.portal.workbench.regions import region_words

_ANYWHERE = {"frame-ancestors": ["*"]}
"""What replaces the rule of the site, by which no other site may frame its pages."""


@xframe_options_exempt
def cluster(request: HttpRequest, cluster_id: str) -> HttpResponse:
    """Show a cluster of a public snapshot, to be framed."""
    look, content = _public("cluster", cluster_id)
    context = {"look": look, "snapshot": look.snapshot, **words_of(content)}
    return _framed(render(request, "workbench/embed_cluster.html", context))


@xframe_options_exempt
def region(request: HttpRequest, code: str) -> HttpResponse:
    """Show a region of a public snapshot, to be framed."""
    look, content = _public("region", code)
    context = {"look": look, "snapshot": look.snapshot, **region_words(look, content)}
    return _framed(render(request, "workbench/embed_region.html", context))


def _framed(answer: HttpResponse) -> HttpResponse:
    # What the decorator of the library does; its types take no view with arguments.
    answer._csp_replace = _ANYWHERE  # pyright: ignore[reportAttributeAccessIssue]
    return answer


def _public(kind: str, key: str) -> tuple[Look, Row]:
    """Give a part of the first public snapshot that has it, whoever is signed in."""
    if NOBODYS in key:
        raise Http404
    shown = Snapshot.objects.for_viewer(PUBLIC)
    parts = {
        part.snapshot.pk: part
        for part in Part.objects.filter(snapshot__in=shown, audience=Audience.PUBLIC, kind=kind, key=key)
    }
    snapshot = next((one for one in shown if one.pk in parts), None)
    if snapshot is None:
        raise Http404
    return Look(PUBLIC, snapshot, Audience.PUBLIC), parts[snapshot.pk].content()
