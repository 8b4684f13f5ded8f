"""The job that imports an uploaded file into the workspace of its organisation, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.desk.columns import mapping_of
from gaoyuan.portal.desk.marked import write_marked
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.desk.preview import read_preview
from gaoyuan.portal.desk.receiving import under_its_name
from gaoyuan.portal.desk.spaces import own_workspace
from gaoyuan.portal.desk.telling import for_pages
from gaoyuan.portal.desk.watching import Progress, watched
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.jobs.running import Tell, kind
from gaoyuan.portal.jobs.showing import show

if TYPE_CHECKING:
    from gaoyuan.workspace import Workspace

_MOST_REASONS = 50


@kind("preview")
def preview(job: Job, tell: Tell) -> dict[str, Any]:
    """Read the first rows of a large file, which takes more memory than the server has for it."""
    upload = Upload.objects.of(job.organisation).get(pk=job.given["upload"])
    path = Path(settings.MEDIA_ROOT) / upload.place
    try:
        found = watched(lambda progress: read_preview(path, upload.kind, upload.reading), tell)
    except GaoyuanError as fault:
        raise for_pages(fault, upload.name) from fault
    update_logged(Upload.unscoped.filter(pk=upload.pk), preview=found, columns=found["recognised"])
    return {"columns": len(found["headings"])}


@kind("import")
def import_upload(job: Job, tell: Tell) -> dict[str, Any]:
    """Import a file; with `check` nothing is written. Gives how many rows were accepted, rejected and updated.

    It can be stopped as long as the file is read; then its rows are committed at once, and nothing has happened before.
    """
    upload = Upload.objects.of(job.organisation).get(pk=job.given["upload"])
    check = bool(job.given.get("check"))
    try:
        workspace = own_workspace(job.organisation)
        with under_its_name(upload.place, upload.name) as path:
            found = watched(lambda progress: _import(workspace, upload, path, check, progress), tell)
    except GaoyuanError as fault:
        raise for_pages(fault, upload.name) from fault
    if not check:
        kept = Upload.unscoped.filter(pk=upload.pk)
        update_logged(kept, result=found, marked=found["marked"], imported=timezone.now())
    return found


def name_jobs() -> None:
    """Say what these kinds of jobs are called, and where what they give is seen."""

    def page(job: Job) -> str:
        return reverse("desk_upload", args=[job.given["upload"]])

    show("preview", _("Looking at a file"), {"wait": _("starting")}, page)
    show(
        "import",
        _("Importing a file"),
        {"read": _("reading the file, then writing its rows")},
        page,
    )


def marked_file(upload: Upload) -> Path:
    """Give where the workbook of an upload's rejected rows lies."""
    return Path(settings.MEDIA_ROOT) / f"{upload.place}.rejected.xlsx"


def _import(workspace: Workspace, upload: Upload, path: Path, check: bool, progress: Progress) -> dict[str, Any]:
    def read(name: str, rows: int) -> None:
        progress("read", rows)

    progress("read", 0)
    made = _IMPORTERS[upload.kind](workspace, upload, path, check, read)
    found = _plain(made)
    found["check"] = check
    if not check:
        marked_file(upload).unlink(missing_ok=True)
        headings: list[str] = upload.preview["headings"] if upload.preview else []
        found["marked"] = write_marked(workspace, upload.sha256, upload.kind, marked_file(upload), headings)
    return found


def _enterprises(workspace: Workspace, upload: Upload, path: Path, check: bool, read: Progress) -> Any:  # noqa: ANN401
    from gaoyuan.registry import import_enterprises

    return import_enterprises(workspace, [path], _mapping(upload), dry_run=check, progress=read)[0]


def _titles(workspace: Workspace, upload: Upload, path: Path, check: bool, read: Progress) -> Any:  # noqa: ANN401
    from gaoyuan.registry import import_titles

    title, source = upload.reading.get("title"), upload.reading.get("source")
    return import_titles(workspace, [path], title, _mapping(upload), source=source, dry_run=check, progress=read)[0]


def _facts(workspace: Workspace, upload: Upload, path: Path, check: bool, read: Progress) -> Any:  # noqa: ANN401
    from gaoyuan.assess.facts.importing import import_facts

    return import_facts(workspace, [path], dry_run=check)[0]


def _list(workspace: Workspace, upload: Upload, path: Path, check: bool, read: Progress) -> Any:  # noqa: ANN401
    from gaoyuan.registry.chain_files import LIST_KINDS, import_list

    source = upload.reading.get("source")
    what = LIST_KINDS[upload.kind]
    return import_list(workspace, [path], what, _mapping(upload), source=source, dry_run=check, progress=read)[0]


def _io(workspace: Workspace, upload: Upload, path: Path, check: bool, read: Progress) -> Any:  # noqa: ANN401
    from gaoyuan.registry.chain_files import import_io_table
    from gaoyuan.registry.chain_files.io_tables import DEFAULT_UNIT

    named = {name: upload.reading.get(name) for name in ("table", "unit", "source")}
    unit = named["unit"] or DEFAULT_UNIT
    return import_io_table(workspace, [path], named["table"], unit, check, source=named["source"])[0]


_IMPORTERS = {
    "enterprises": _enterprises,
    "titles": _titles,
    "facts": _facts,
    "io": _io,
    **dict.fromkeys(("products", "uses", "makes", "trades"), _list),
}


def _mapping(upload: Upload) -> Any:  # noqa: ANN401  (a mapping of the library)
    return mapping_of(upload.preview["headings"], upload.columns, upload.reading) if upload.preview else None


def _plain(made: Any) -> dict[str, Any]:  # noqa: ANN401  (what any of the importers tells of a file)
    """Give what an importer tells as plain data, with the reasons in both languages, the most frequent first."""
    from gaoyuan.registry.columns import MONEY_TARGETS
    from gaoyuan.registry.fault_words import in_chinese

    columns = getattr(made, "columns", None)
    # An input-output table comes whole or not at all.
    reasons: dict[str, int] = getattr(made, "reasons", {})
    most = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:_MOST_REASONS]
    return {
        "rows": made.rows,
        "accepted": getattr(made, "accepted", made.rows),
        "rejected": made.rejected,
        "updated": made.updated,
        "unchanged": made.unchanged,
        "unused": [] if columns is None else [heading[:200] for heading in columns.unused],
        "no_unit": []
        if columns is None
        else [one.heading[:200] for one in columns.assignments if one.target in MONEY_TARGETS and not one.unit_given],
        "no_datum": columns is not None and not columns.datum_given and columns.heading_of("longitude") is not None,
        "notes": [*_about(made), *getattr(made, "notes", ())],
        "unmatched": getattr(made, "unmatched", 0),
        "ambiguous": getattr(made, "ambiguous", 0),
        "reasons": [[in_chinese(reason) or "", reason, count] for reason, count in most],
    }


def _about(made: Any) -> list[str]:  # noqa: ANN401  (what any of the importers tells of a file)
    """Say what an input-output table is, which has no rows to count."""
    if not hasattr(made, "sectors"):
        return []
    zh, en = f"{made.sectors} 个部门，单位 {made.unit}", f"{made.sectors} sectors, unit {made.unit}"
    return [f"表 {made.table}：{zh} · table {made.table}, {en}"]
