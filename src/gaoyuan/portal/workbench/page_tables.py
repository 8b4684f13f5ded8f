"""Small tables of pages as files: what a page shows in `<table data-export="name">` is what the file holds.

Tables of the portal's figures and of rows that go over several pages are given by their views (`exports`), with all
rows and exact numbers. For the many small ones (the inputs of a figure, the milestones of a contract) the page itself
is read: so a file never holds more than its reader is shown. The tag `export_links` writes the links.
"""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

from django.http import HttpRequest, HttpResponse

from gaoyuan.portal.workbench.exports import FORMATS, Cell, table_response

__all__ = ["PageTable", "PageTables", "tables_of"]

_UNKNOWN = {"", "—"}
_LEFT_OUT = {"form", "button", "select", "textarea", "script", "style", "template"}
"""What people do in a table, not what it says."""
_CLASSES_LEFT_OUT = {"why", "hidden-text", "no-export"}
_LINES = {"br", "p", "li", "div", "dt"}
_NEVER_CLOSED = {"br", "input", "img", "hr", "wbr", "col", "link", "meta"}


class PageTable:
    """A table of a page: its headings, and its rows of text and numbers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.headings: list[str] = []
        self.rows: list[list[Cell]] = []

    def without_empty_columns(self) -> tuple[list[str], list[list[Cell]]]:
        """Give headings and rows; columns that neither say what they are nor hold anything are left out."""
        width = max((len(row) for row in [self.headings, *self.rows]), default=0)
        rows = [[*row, *[None] * (width - len(row))] for row in self.rows]
        headings = [*self.headings, *[""] * (width - len(self.headings))]
        kept = [at for at in range(width) if headings[at] or any(row[at] is not None for row in rows)]
        return [headings[at] for at in kept], [[row[at] for at in kept] for row in rows]


class PageTables:
    """Middleware: answers `?format=` and `?table=` with a table of the page, where the page's view has not done so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the page, or with the table of it that was asked for."""
        answer = self._get_response(request)
        if (
            request.method != "GET"
            or request.GET.get("format", "") not in FORMATS
            or answer.status_code != 200
            or answer.streaming
            or not answer.headers.get("Content-Type", "").startswith("text/html")
        ):
            return answer
        found = tables_of(answer.content.decode())
        wanted = next((one for one in found if one.name == request.GET.get("table", one.name)), None)
        if wanted is None:
            return answer
        headings, rows = wanted.without_empty_columns()
        return table_response(request, wanted.name, headings, rows, getattr(request, "tables_are_of", None)) or answer


def tables_of(page: str) -> list[PageTable]:
    """Give the tables of a page that have a name for files. Numbers are such where their cell is of the class `number`
    and holds nothing else, exactly where it has `data-value`; a dash is what is unknown.

    >>> table = tables_of('<table data-export="a"><tr><th>x</th></tr><tr><td class="number">1,200</td></tr></table>')[0]
    >>> table.headings, table.rows
    (['x'], [[1200]])
    """
    reader = _Reader()
    reader.feed(page)
    return reader.tables


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[PageTable] = []
        self._table: PageTable | None = None
        self._depth = 0
        """How deep in something that is left out."""
        self._row: list[Cell] | None = None
        self._only_headings = True
        self._text: list[str] | None = None
        self._number = False
        self._value: str | None = None
        self._columns = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "table" and held.get("data-export"):
            self._table = PageTable(held["data-export"])
        if self._table is None or tag in _NEVER_CLOSED:
            if tag in _LINES:
                self.handle_data("\n")
            return
        # Headings that only screen readers are told are headings of the file.
        classes = set() if tag == "thead" else set(held.get("class", "").split())
        if self._depth or tag in _LEFT_OUT or classes & _CLASSES_LEFT_OUT or held.get("aria-hidden") == "true":
            self._depth += 1
        elif tag == "tr":
            self._row, self._only_headings = [], True
        elif tag in {"td", "th"} and self._row is not None:
            self._text, self._number, self._value = [], "number" in classes, held.get("data-value")
            self._columns = int(held["colspan"]) if held.get("colspan", "").isdigit() else 1
            self._only_headings &= tag == "th" and held.get("scope") != "row"
        elif tag in _LINES:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._table is None or tag in _NEVER_CLOSED:
            return
        if self._depth:
            self._depth -= 1
        elif tag in {"td", "th"} and self._row is not None and self._text is not None:
            self._row += [self._cell(), *[None] * (self._columns - 1)]
            self._text = None
        elif tag == "tr" and self._row is not None:
            if self._only_headings:
                self._table.headings = ["" if one is None else str(one) for one in self._row]
            else:
                self._table.rows.append(self._row)
            self._row = None
        elif tag == "table":
            self.tables.append(self._table)
            self._table = None

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._depth:
            self._text.append(data if data == "\n" else data.replace("\n", " "))

    def _cell(self) -> Cell:
        lines = (" ".join(line.split()) for line in "".join(self._text or []).split("\n"))
        said = "\n".join(line for line in lines if line)
        if self._value is not None:
            return None if self._value in _UNKNOWN else _number(self._value, self._value)
        if said in _UNKNOWN:
            return None
        return _number(said.replace(",", ""), said) if self._number else said


def _number(text: str, otherwise: str) -> Cell:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return otherwise
