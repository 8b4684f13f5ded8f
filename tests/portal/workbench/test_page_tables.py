"""Every table of a page can be taken along as a file, and a file read from a page holds what the page shows."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import gaoyuan.portal
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.workbench.page_tables import tables_of

_PORTAL = Path(gaoyuan.portal.__file__).parent
_TABLE = re.compile(r"<table\b")
_LINKS = re.compile(r"{% export_links ")
WITHOUT = {
    "templates/allauth/elements/table.html": (1, "the library's: own sessions and keys, each with its buttons"),
    "desk/templates/desk/upload.html": (2, "a form, and the first rows of the file that was just sent"),
    "contests/templates/contests/judge.html": (1, "a form; the sheet is downloaded below it"),
    "evidence/templates/evidence/sign.html": (1, "a form; what is to be signed is downloaded below it"),
    "trading/templates/trading/matrix.html": (1, "the panel below it gives the quotations with exact numbers"),
    "booking/templates/booking/results.html": (0, "a report exports all its results itself"),
}
"""Templates to how many of their tables are no files, and why."""


def test_every_table_of_a_template_offers_its_file() -> None:
    without = {}
    for file in _PORTAL.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        missing = len(_TABLE.findall(text)) - len(_LINKS.findall(text))
        if missing > WITHOUT.get(file.relative_to(_PORTAL).as_posix(), (0, ""))[0]:
            without[file.name] = missing
    assert without == {}, "give these tables export_links"


def test_a_table_that_is_read_from_its_page_has_a_link_to_its_file() -> None:
    for file in _PORTAL.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r'data-export="(?:{{ )?([\w-]+)', text):
            assert re.search(rf'export_links "?{name}"? %', text), (file.name, name)


def test_what_people_do_in_a_table_is_no_part_of_its_file() -> None:
    (table,) = tables_of(
        '<table><tr><td>not asked for</td></tr></table><table data-export="t"><thead><tr><th>a</th><th>b</th><th></th>'
        '</tr></thead><tbody><tr><th scope="row">x &amp; y <a class="why" href="/">why?</a></th>'
        '<td class="number" data-value="1234567.5">123.5 万元</td><td><form><button>Remove</button></form></td></tr>'
        '<tr><th scope="row">z<br>w</th><td class="number">—</td><td><select><option>1</option></select></td></tr>'
        "</tbody></table>"
    )
    assert table.without_empty_columns() == (["a", "b"], [["x & y", 1234567.5], ["z\nw", None]])


def test_numbers_are_numbers_only_where_the_column_says_so() -> None:
    (table,) = tables_of(
        '<table data-export="t"><tr><td>0012</td><td class="number">1,200</td><td>8%</td></tr></table>'
    )
    assert table.rows == [["0012", 1200, "8%"]]


def test_the_inputs_of_a_figure_are_a_file_with_exact_numbers(client_of, published) -> None:
    client = client_of(Role.PROVINCE)
    answer = client.get("/regions/370202/why/entropy/?format=csv&table=inputs")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    page = client.get("/regions/370202/why/entropy/").content.decode()
    assert rows[0] == ["输入", "数值"]
    inputs = [row for row in rows[1:] if len(row) == 2]
    assert inputs[0][0] in page
    assert float(inputs[0][1]) > 0
    assert any(published.title in cell for row in rows for cell in row)


def test_a_table_that_the_page_does_not_have_leaves_the_page_as_it_is(client_of) -> None:
    answer = client_of(Role.PROVINCE).get("/regions/370202/why/entropy/?format=csv&table=nothing")
    assert answer["Content-Type"].startswith("text/html")


def test_the_reasons_and_tables_of_the_desk_are_files(client_of) -> None:
    answer = client_of(Role.ADMINISTRATOR).get("/desk/?format=xlsx&table=workspace-tables")
    assert answer["Content-Type"].endswith("sheet")
