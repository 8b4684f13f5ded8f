"""The routes of the JSON interface. Each is in the table of `gaoyuan.portal.access` as `api:<name>`."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Query
from ninja.security import HttpBearer, SessionAuth
from pydantic import Field

from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import User
from gaoyuan.portal.api import finding, schemas
from gaoyuan.portal.api.stored import built_from, send, snapshot_for
from gaoyuan.portal.cases.feed import records_after
from gaoyuan.portal.cases.models import RecordLine
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.jobs.running import stop
from gaoyuan.portal.snapshots.models import Firm, Snapshot
from gaoyuan.version import __version__


class Token(HttpBearer):
    """A key in the head of the request, which `tokens.ByToken` has read already."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Give the person of the key."""
        return request.user if isinstance(request.user, User) else None


_ERRORS = {404: schemas.Problem, 422: schemas.Mistakes, 401: schemas.Problem}
_SIGNED_IN = [Token(), SessionAuth()]

api = NinjaAPI(
    title="Gaoyuan",
    version=__version__,
    description="Industrial clusters of a published snapshot. Without `snapshot`, that which you see first is meant. "
    "Send an access token as `Authorization: Bearer …` to act for your organisation.",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)

Wanted = Annotated[UUID | None, Field(description="number of a snapshot")]
Words = Annotated[str, Field(max_length=100)]
Code = Annotated[str, Field(max_length=20, pattern=r"^[0-9A-Za-z]*$")]


@api.get("/snapshots", url_name="snapshots", response={200: list[schemas.SnapshotSummary], **_ERRORS})
def snapshots(request: HttpRequest) -> list[dict[str, object]]:
    """The snapshots that you may see, the first of them first."""
    viewer = viewer_of(request)
    return [_summary(one, one.organisation == viewer.organisation) for one in Snapshot.objects.for_viewer(viewer)]


def _summary(one: Snapshot, own: bool) -> dict[str, object]:
    held = {name: getattr(one, name) for name in ("id", "title", "taken", "public", "counts")}
    return {**held, "organisation": one.organisation.name, "own": own}


@api.get("/frame", url_name="frame", response={200: schemas.Frame, **_ERRORS})
def frame(request: HttpRequest, snapshot: Wanted = None) -> HttpResponse:
    """Regions, industries and coverage: what every page starts from."""
    return send(request, snapshot_for(request, snapshot), "frame")


@api.get("/outlines", url_name="outlines", response={200: schemas.Outlines, **_ERRORS})
def outlines(request: HttpRequest, snapshot: Wanted = None) -> HttpResponse:
    """Simplified boundaries of counties."""
    return send(request, snapshot_for(request, snapshot), "outlines", "county")


@api.get(
    "/industries/{level}/{code}", url_name="industry_in_regions", response={200: schemas.IndustryInRegions, **_ERRORS}
)
def industry_in_regions(request: HttpRequest, level: str, code: str, snapshot: Wanted = None) -> HttpResponse:
    """One industry in all regions of a level: province, prefecture or county."""
    return send(request, snapshot_for(request, snapshot), "industry", f"{level}:{code}")


@api.get("/industries/{code}", url_name="industry", response={200: schemas.Industry, **_ERRORS})
def industry(request: HttpRequest, code: str, snapshot: Wanted = None) -> HttpResponse:
    """Measures of one industry, and those related to it."""
    return send(request, snapshot_for(request, snapshot), "about_industry", code)


@api.get("/regions/{code}", url_name="region", response={200: schemas.Region, **_ERRORS})
def region(request: HttpRequest, code: str, snapshot: Wanted = None) -> HttpResponse:
    """One region and all of its industries."""
    return send(request, snapshot_for(request, snapshot), "region", code)


@api.get("/products", url_name="products", response={200: schemas.Products, **_ERRORS})
def products(request: HttpRequest, snapshot: Wanted = None) -> HttpResponse:
    """Products, what uses what, and what is missing."""
    return send(request, snapshot_for(request, snapshot), "products")


@api.get("/clusters", url_name="clusters", response={200: schemas.ClusterPage, **_ERRORS})
def clusters(
    request: HttpRequest,
    page: Query[schemas.Page],
    q: Words = "",
    industry: Code = "",
    region: Code = "",
    found_by: Code = "",
    snapshot: Wanted = None,
) -> dict[str, object]:
    """Clusters, strongest first: with a text in a name, by the beginning of an industry or division code."""
    held = built_from(request, snapshot_for(request, snapshot), "clusters", finding.Clusters)
    found = held.find(q, industry, region, found_by)
    start = (page.page - 1) * page.size
    items = held.rows(found[start : start + page.size])
    return {"total": len(found), "page": page.page, "size": page.size, "items": items}


@api.get("/clusters/{cluster}", url_name="cluster", response={200: schemas.Cluster, **_ERRORS})
def cluster(request: HttpRequest, cluster: str, snapshot: Wanted = None) -> HttpResponse:
    """One cluster."""
    return send(request, snapshot_for(request, snapshot), "cluster", cluster)


@api.get("/enterprises", url_name="enterprises", response={200: schemas.EnterprisePage, **_ERRORS})
def enterprises(
    request: HttpRequest, page: Query[schemas.Page], q: Words = "", snapshot: Wanted = None
) -> dict[str, object]:
    """Enterprises that you may see, by a text in their name or by their number; those of a cluster are in the
    cluster.
    """
    found = finding.enterprises(viewer_of(request), snapshot_for(request, snapshot))
    start = (page.page - 1) * page.size
    rows = list(finding.named(found, q).order_by("name", "pk")[start : start + page.size + 1])
    items = [_enterprise(one) for one in rows[: page.size]]
    return {"page": page.page, "size": page.size, "more": len(rows) > page.size, "items": items}


@api.get("/enterprises/{enterprise}", url_name="enterprise", response={200: schemas.Enterprise, **_ERRORS})
def enterprise(request: HttpRequest, enterprise: str, snapshot: Wanted = None) -> dict[str, object]:
    """One enterprise."""
    found = finding.enterprises(viewer_of(request), snapshot_for(request, snapshot))
    return _enterprise(get_object_or_404(found, enterprise_id=enterprise.replace("\0", " ")))


def _enterprise(one: Firm) -> dict[str, object]:
    names = ("enterprise_id", "uscc", "name", "county", "industry", "employees", "revenue_yuan")
    lists = {name: [part for part in getattr(one, name).split("|") if part] for name in ("clusters", "titles")}
    return {**{name: getattr(one, name) for name in names}, **lists}


@api.get("/search", url_name="search", response={200: schemas.Hits, **_ERRORS})
def search(
    request: HttpRequest, q: Annotated[str, Field(min_length=1, max_length=100)], snapshot: Wanted = None
) -> dict[str, object]:
    """Industries, regions, clusters and enterprises by name, code or the initials of the Chinese name."""
    shown = snapshot_for(request, snapshot)
    names = built_from(request, shown, "frame", finding.Names)
    most = finding.HITS_OF_A_KIND
    hits = [_hit("industry", *found) for found in names.industries(q, most)]
    hits += [_hit("region", *found) for found in names.regions(q, most)]
    listed = built_from(request, shown, "clusters", finding.Clusters)
    rows = listed.rows(listed.first(q, most))
    hits += [_hit("cluster", row["cluster_id"], row["name"], row["county_name"] or "") for row in rows]
    firms = finding.named(finding.enterprises(viewer_of(request), shown), q).order_by("name", "pk")[:most]
    hits += [_hit("enterprise", one.enterprise_id, one.name, one.county or "") for one in firms]
    return {"items": hits}


def _hit(kind: str, code: str, name: str | None, detail: str) -> dict[str, str]:
    return {"kind": kind, "code": code, "name": name or code, "detail": detail}


@api.get("/jobs", url_name="jobs", auth=_SIGNED_IN, response={200: schemas.JobPage, **_ERRORS})
def jobs(request: HttpRequest, page: Query[schemas.Page]) -> dict[str, Any]:
    """Background work of your organisation, and of those below an office; newest first."""
    found = Job.objects.for_viewer(viewer_of(request))
    start = (page.page - 1) * page.size
    return {"total": found.count(), "page": page.page, "size": page.size, "items": found[start : start + page.size]}


@api.get("/jobs/{job}", url_name="job", auth=_SIGNED_IN, response={200: schemas.JobAnswer, **_ERRORS})
def job(request: HttpRequest, job: UUID) -> Job:
    """One piece of background work."""
    return get_object_or_404(Job.objects.for_viewer(viewer_of(request)), pk=job)


@api.post(
    "/jobs/{job}/cancel",
    url_name="cancel_job",
    auth=_SIGNED_IN,
    response={200: schemas.JobAnswer, 403: schemas.Problem, **_ERRORS},
)
def cancel_job(request: HttpRequest, job: UUID) -> Job:
    """Ask that a job ends. One that has ended stays as it is."""
    found = get_object_or_404(Job.objects.for_viewer(viewer_of(request)), pk=job)
    stop(found)
    found.refresh_from_db()
    return found


@api.get("/records", url_name="records", auth=_SIGNED_IN, response={200: schemas.RecordPage, **_ERRORS})
def records(request: HttpRequest, asked: Query[schemas.After]) -> dict[str, Any]:
    """The moves of cases that you may know of, in the order in which they were committed: ask again with the `last` of
    the answer, and you miss none.
    """
    lines, last = records_after(viewer_of(request), asked.after, asked.size)
    return {"last": last, "items": [_record(line) for line in lines]}


def _record(line: RecordLine) -> dict[str, object]:
    plain = line.plain
    held = {name: plain[name] for name in ("number", "process", "edition", "move", "role", "at")}
    return {**held, "sequence": line.sequence, "case": line.case.pk, "title": line.case.title}
