"""Pages of the data desk: files sent, mapped, imported and mended, and the results published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.desk import spaces
from gaoyuan.portal.desk.forms import MappingForm, ReadingForm, UploadForm
from gaoyuan.portal.desk.importing import marked_file
from gaoyuan.portal.desk.models import Kind, Upload
from gaoyuan.portal.desk.preview import read_preview
from gaoyuan.portal.desk.receiving import Received, receive, remove, too_large
from gaoyuan.portal.desk.standing import progress_of, standing_of
from gaoyuan.portal.desk.telling import for_pages, told
from gaoyuan.portal.jobs.models import ENDED, Job
from gaoyuan.portal.jobs.running import start, stop, workspace_of
from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.portal.workbench.paging import page_of

_FILE_HEADINGS = (
    lazy("File"),
    lazy("What it holds"),
    lazy("Organisation"),
    lazy("Uploaded"),
    lazy("Imported rows"),
    lazy("Rows not imported"),
)
AT_ONCE_BYTES = 16 << 20
"""A file that unpacks to no more is looked at while its sender waits; a larger one by the worker."""


def desk(request: HttpRequest) -> HttpResponse:
    """Show the files sent, and the state of the workspace; take another file."""
    viewer = viewer_of(request)
    organisation = _own(request)
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if not request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > settings.MOST_UPLOAD_BYTES:
            form.add_error("file", told(too_large()))
        elif form.is_valid():
            try:
                upload = _take(request, form, organisation)
            except GaoyuanError as fault:
                form.add_error("file", told(for_pages(fault)))
            else:
                return redirect("desk_upload", pk=upload.pk)
    uploads = Upload.objects.for_viewer(viewer).select_related("organisation", "job", "by")
    cells = (_line(one) for one in uploads.defer("preview"))
    file = table_response(request, "files", _FILE_HEADINGS, cells, None)
    if file is not None:
        return file
    standing = standing_of(organisation)
    shown = Snapshot.objects.filter(organisation=organisation, shown=True).first()
    job = Job.objects.of(organisation).filter(kind="observe and publish").first()
    return render(
        request,
        "desk/desk.html",
        {
            "form": form,
            "uploads": page_of(request, cast("Sequence[Upload]", uploads.defer("preview"))),
            "standing": standing,
            "above": _above(organisation) if standing is None else None,
            "shown": shown,
            "job": job,
            "progress": progress_of(job),
            "most": settings.MOST_UPLOAD_BYTES >> 20,
        },
    )


def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a file, what its columns are, and what became of it; take another mapping, and import it."""
    viewer = viewer_of(request)
    files = Upload.objects.for_viewer(viewer).select_related("organisation", "job", "by")
    found = get_object_or_404(files if request.method != "POST" else files.filter(organisation=_own(request)), pk=pk)
    reading, mapping = ReadingForm(None, found), MappingForm(found)
    if request.method == "POST":
        if _at_work(found):
            messages.warning(request, _("The file is being worked on. Wait until that has ended, or stop it."))
            return redirect("desk_upload", pk=found.pk)
        reading = ReadingForm(request.POST, found)
        wanted = request.POST.get("do", "")
        if wanted == "read" and reading.is_valid():
            if _read_again(request, found, reading):
                return redirect("desk_upload", pk=found.pk)
        elif wanted in {"import", "check"} and found.preview is not None:
            mapping = MappingForm(found, request.POST)
            if reading.is_valid() and mapping.is_valid():
                _start_import(request, found, reading, mapping, wanted)
                return redirect("desk_upload", pk=found.pk)
    job = found.job
    preview: dict[str, Any] = found.preview or {}
    return render(
        request,
        "desk/upload.html",
        {
            "upload": found,
            "mine": found.organisation == viewer.organisation,
            "reading": reading,
            "mapping": mapping,
            "rows": list(zip(preview.get("numbers", []), preview.get("rows", []), strict=True)),
            "job": job,
            "progress": progress_of(job),
            "checked": job.result if job and job.state == "done" and (job.result or {}).get("check") else None,
            "has_space": bool(found.organisation.workspace),
        },
    )


def rejected(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """Give the rows of a file that were not imported, as a workbook to mend and send again."""
    found = get_object_or_404(Upload.objects.for_viewer(viewer_of(request)), pk=pk)
    file = marked_file(found)
    if not file.is_file():
        raise Http404
    name = f"{Path(found.name).stem[:100]}-{_('to mend')}.xlsx"
    answer = FileResponse(file.open("rb"), as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a file. What has been imported from it stays in the workspace."""
    found = get_object_or_404(Upload.objects.of(_own(request)).select_related("job"), pk=pk)
    if _at_work(found):
        messages.warning(request, _("The file is being worked on. Wait until that has ended, or stop it."))
        return redirect("desk_upload", pk=found.pk)
    found.delete()
    remove(found.place)
    messages.success(request, _("The file has been deleted. What was imported from it stays."))
    return redirect("desk")


@require_POST
def make_workspace(request: HttpRequest) -> HttpResponse:
    """Make the organisation's own workspace below the portal's folder."""
    try:
        spaces.make_workspace(_own(request))
    except GaoyuanError as fault:
        messages.error(request, told(for_pages(fault)))
    else:
        messages.success(request, _("The workspace is there. Upload a register now."))
    return redirect("desk")


@require_POST
@transaction.atomic
def observe_and_publish(request: HttpRequest) -> HttpResponse:
    """Start to observe the workspace and to publish what is found."""
    viewer = viewer_of(request)
    organisation = _own(request)
    standing = standing_of(organisation)
    at_work = Job.objects.of(organisation).filter(kind="observe and publish").exclude(state__in=ENDED).exists()
    if standing is None or not standing.firms:
        messages.error(request, _("There is no register yet. Upload one and import it first."))
    elif at_work:
        messages.warning(request, _("Observing is under way already."))
    else:
        start("observe and publish", viewer, {"public": request.POST.get("public") == "1"})
    return redirect("desk")


@require_POST
def stop_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that work of the desk ends, and go back to where it is shown."""
    found = get_object_or_404(Job.objects.for_viewer(viewer_of(request)), pk=pk)
    stop(found)
    file = found.given.get("upload")
    return redirect("desk_upload", pk=file) if file else redirect("desk")


def _own(request: HttpRequest) -> Organisation:
    organisation = viewer_of(request).organisation
    if organisation is None:
        raise Http404
    return organisation


def _above(organisation: Organisation) -> Organisation | None:
    """Give the organisation whose workspace this one's pages show, where it has none of its own."""
    folder = workspace_of(organisation)
    above = Organisation.objects.filter(pk__in=organisation.above, workspace=folder)
    return above.order_by("-path").first() if folder else None


def _line(one: Upload) -> list[object]:
    made: dict[str, Any] = one.result or {}
    rows = (made.get("accepted"), made.get("rejected"))
    return [one.name, Kind(one.kind).label, one.organisation.name, f"{one.made:%Y-%m-%d %H:%M}", *rows]


def _at_work(found: Upload) -> bool:
    return found.job is not None and found.job.state not in ENDED


def _take(request: HttpRequest, form: UploadForm, organisation: Organisation) -> Upload:
    """Check and keep a file, and look at it; raises FileUnreadable where it cannot be read, and keeps nothing."""
    kept: Received = receive(form.cleaned_data["file"], str(organisation.pk))
    kind = form.cleaned_data["kind"]
    try:
        preview = None
        if kept.unpacked <= AT_ONCE_BYTES:
            preview = read_preview(Path(settings.MEDIA_ROOT) / kept.place, kind, {})
        with transaction.atomic():
            made = Upload.objects.create_for(
                organisation,
                kind=kind,
                name=kept.name[:255],
                place=kept.place,
                size=kept.size,
                unpacked=kept.unpacked,
                sha256=kept.sha256,
                preview=preview,
                columns=preview["recognised"] if preview else [],
                by=viewer_of(request).user,
            )
            if preview is None:
                _start(request, made, "preview", {})
    except BaseException:
        remove(kept.place)
        raise
    return made


def _read_again(request: HttpRequest, found: Upload, reading: ReadingForm) -> bool:
    """Look at a file again by other settings; False, with the error in the form, where it cannot be read so."""
    settings_of = reading.reading()
    try:
        if found.unpacked > AT_ONCE_BYTES:
            update_logged(Upload.unscoped.filter(pk=found.pk), reading=settings_of, preview=None, columns=[])
            _start(request, found, "preview", {})
        else:
            preview = read_preview(Path(settings.MEDIA_ROOT) / found.place, found.kind, settings_of)
            values = {"reading": settings_of, "preview": preview, "columns": preview["recognised"]}
            update_logged(Upload.unscoped.filter(pk=found.pk), **values)
    except GaoyuanError as fault:
        reading.add_error(None, told(for_pages(fault)))
        return False
    return True


def _start_import(request: HttpRequest, found: Upload, reading: ReadingForm, mapping: MappingForm, wanted: str) -> None:
    with transaction.atomic():
        kept = {name: found.reading.get(name) for name in ("sheet", "header_row", "encoding") if name in found.reading}
        # The preview, and so the mapping, is of the file as it was read; what else is said holds for the import.
        said = {
            name: value
            for name, value in reading.reading().items()
            if name in {"datum", "title", "source", "table", "unit"}
        }
        update_logged(Upload.unscoped.filter(pk=found.pk), reading={**kept, **said}, columns=mapping.choices)
        _start(request, found, "import", {"check": wanted == "check"})


def _start(request: HttpRequest, found: Upload, kind: str, given: dict[str, Any]) -> None:
    with transaction.atomic():
        job = start(kind, viewer_of(request), {"upload": str(found.pk), **given})
        update_logged(Upload.unscoped.filter(pk=found.pk), job=job)
