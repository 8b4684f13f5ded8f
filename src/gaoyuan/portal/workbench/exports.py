"""Tables of pages as files: CSV and XLSX, with where the figures come from and when they were taken.

A page asks `table_response` for each of its tables before it renders; the tag `export_links` writes the links.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias
from urllib.parse import quote

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from gaoyuan.portal.snapshots.models import Snapshot
from gaoyuan.workspace.formulas import without_formula

__all__ = ["FORMATS", "Cell", "source_lines", "table_response"]

Cell: TypeAlias = object
"""What a table may hold: numbers, yes or no, text (also lazy), days; None is an empty cell."""

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What `?format=` may ask for, and the type of the file."""

_WIDE, _NARROW = 24, 12
_CELL_CHARACTERS = 32_767
_WHOLE_IN_EXCEL = 10**15
"""Excel keeps 15 digits; whole numbers from here on are written as text."""


def table_response(
    request: HttpRequest,
    name: str,
    headings: Sequence[object],
    rows: Iterable[Sequence[Cell]],
    snapshot: Snapshot | None,
) -> HttpResponse | None:
    """Answer with a table as a file where `?format=csv` or `?format=xlsx` asks for it, else give None.

    `name` names the file and, on a page with several tables, the one that `?table=` asks for; without it the first that
    the page offers is given. A cell is plain data: what is unknown or hidden is None and becomes an empty cell. Source
    and date stand below the rows of CSV (UTF-8 with a byte order mark, for Excel) and on a sheet of their own in XLSX.
    No text runs as a formula in either.
    """
    wanted = request.GET.get("format", "")
    if wanted not in FORMATS or request.GET.get("table", name) != name:
        return None
    lines = [*source_lines(snapshot), (_("Address"), request.build_absolute_uri())]
    titles = [str(heading) for heading in headings]
    body = _csv(titles, rows, lines) if wanted == "csv" else _xlsx(name, titles, rows, lines)
    answer = HttpResponse(body, content_type=FORMATS[wanted])
    day = timezone.localtime(snapshot.taken if snapshot else None).date().isoformat()
    # The name in both spellings of RFC 6266, for it may hold Chinese.
    title = f"{name}-{day}.{wanted}"
    answer["Content-Disposition"] = f"attachment; filename=\"table.{wanted}\"; filename*=utf-8''{quote(title)}"
    # What a file holds depends on who asks for it.
    answer["Cache-Control"] = "private, no-store"
    return answer


def source_lines(snapshot: Snapshot | None) -> list[tuple[str, str]]:
    """Give what has to stand beside every figure: the source, its date, the runs that made it, and the portal's day.

    Without a snapshot (a table of the portal's own objects) the source is the portal.
    """
    if snapshot is None:
        return [(_("Source"), _("Gaoyuan workbench")), (_("Date"), _moment(timezone.now()))]
    lines = [(_("Source"), snapshot.title), (_("Snapshot taken"), _moment(snapshot.taken))]
    made = snapshot.runs.get("made", {})
    if "observe" in made:
        lines.append((_("Run"), f"{made['observe']['run']} (Gaoyuan {made['observe']['version']})"))
    return lines


def _moment(when: dt.datetime) -> str:
    return timezone.localtime(when).strftime("%Y-%m-%d %H:%M %Z")


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]], lines: Sequence[tuple[str, str]]) -> bytes:
    text = io.StringIO()
    write = csv.writer(text)
    write.writerow(without_formula(heading) for heading in headings)
    for row in rows:
        write.writerow(_as_text(cell) for cell in row)
    write.writerow(())
    for line in lines:
        write.writerow(without_formula(part) for part in line)
    return text.getvalue().encode("utf-8-sig")


def _as_text(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    return str(cell) if isinstance(cell, int | float) else without_formula(str(cell))


def _xlsx(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], lines: Sequence[tuple[str, str]]
) -> bytes:
    file = io.BytesIO()
    # Text stays text: nothing that a register holds may become a formula or a link in someone's Excel.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(_sheet_name(name))
        sheet.freeze_panes(1, 0)
        for at, heading in enumerate(headings):
            sheet.set_column(at, at, _NARROW if at else _WIDE)
            sheet.write_string(0, at, heading, bold)
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                _write(sheet, number, at, cell)
        about = book.add_worksheet(_sheet_name(_("Source")))
        about.set_column(0, 1, _WIDE)
        for number, (heading, said) in enumerate(lines):
            about.write_string(number, 0, heading, bold)
            about.write_string(number, 1, said)
    return file.getvalue()


def _write(sheet: Worksheet, row: int, at: int, cell: Cell) -> None:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return
    if isinstance(cell, bool):
        sheet.write_string(row, at, _("yes") if cell else _("no"))
    elif isinstance(cell, int | float) and abs(cell) < _WHOLE_IN_EXCEL:
        sheet.write_number(row, at, cell)
    else:
        sheet.write_string(row, at, str(cell)[:_CELL_CHARACTERS])


def _sheet_name(name: str) -> str:
    """Give a name that a sheet may have: no marks that Excel forbids, at most 31 characters."""
    return "".join(one for one in name if one not in "[]:*?/\\'")[:31] or "1"
