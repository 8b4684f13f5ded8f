"""Tables as files."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import RequestFactory
from django.utils.translation import gettext_lazy, override

from gaoyuan.portal.accounts.models import Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.api.models import AccessToken
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.workbench.exports import table_response

HEADINGS = ("name", gettext_lazy("Enterprises"), "=SUM(A1)")
ROWS = [("=1+1", 3, 0.5), ("甲厂", None, float("nan")), ("@cmd", True, dt.date(2024, 5, 1)), ("+8613", 10**18, "-x")]


def ask(query: str, name: str = "firms", rows: list[tuple[object, ...]] = ROWS, snapshot: Any = None) -> Any:
    return table_response(RequestFactory().get(f"/x/?{query}"), name, HEADINGS, rows, snapshot)


@pytest.mark.parametrize("query", ["", "format=", "format=pdf", "format=csv&table=other"])
def test_a_page_is_not_answered_with_a_file_unless_this_table_is_asked_for(query) -> None:
    assert ask(query) is None


def test_csv_has_a_mark_for_excel_and_nothing_that_excel_would_run() -> None:
    with override("en"):
        answer = ask("format=csv&table=firms")
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == ["name", "Enterprises", "'=SUM(A1)"]
    assert rows[1:5] == [
        ["'=1+1", "3", "0.5"],
        ["甲厂", "", ""],
        ["'@cmd", "yes", "2024-05-01"],
        ["'+8613", str(10**18), "'-x"],
    ]


def test_xlsx_holds_numbers_as_numbers_and_formulas_as_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ask("format=xlsx").content))
    sheet = book.worksheets[0]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n"]
    assert sheet["A2"].value == "=1+1"
    assert sheet["C3"].value is None
    assert sheet["B5"].value == str(10**18)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_names_its_source_its_date_and_its_address(published, kind) -> None:
    answer = ask(f"format={kind}", name="集群", snapshot=published)
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
    else:
        about = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[1]
        text = " ".join(str(cell.value) for row in about.iter_rows() for cell in row)
    run = published.runs["made"]["observe"]["run"]
    for said in (published.title, f"{published.taken:%Y-}", run, "http://testserver/x/"):
        assert said in text
    assert "%E9%9B%86%E7%BE%A4" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_a_name_that_no_sheet_may_have_is_still_exported() -> None:
    answer = ask("format=xlsx", name="a/b:c*" + "x" * 40)
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].title.startswith("abc")


@pytest.mark.parametrize(("path", "held"), [("/jobs/", "主题"), ("/people/", "county"), ("/api/tokens/", "夜间报表")])
def test_tables_of_the_portals_own_objects_are_files_too(client_of, published, path, held) -> None:
    county = Organisation.objects.get(kind=Role.COUNTY)
    viewer = Viewer(Role.COUNTY, User.objects.get(username=Role.COUNTY.value), county)
    Job.objects.create_for(county, kind="theme", by=viewer.user, given={})
    AccessToken.make(viewer, "夜间报表")
    page = client_of(Role.COUNTY).get(path).content.decode()
    addresses = re.findall(r'<a href="([^"]+)" rel="nofollow" download>', page)
    assert len(addresses) == 2
    sent = client_of(Role.COUNTY).get(html.unescape(addresses[0]))
    rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert any(held in cell for cell in rows[1])
    # The foreign ones are in no file.
    other = client_of(Role.BANK).get(html.unescape(addresses[0])).content.decode("utf-8-sig")
    assert held not in other
