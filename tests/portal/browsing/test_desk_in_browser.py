"""A register is uploaded, mapped, imported, mended and published on the data desk, in Chromium."""

from __future__ import annotations

import io
import zipfile

from playwright.sync_api import expect

_ROW = "青岛{0}毛巾有限公司,毛巾生产,山东省青岛市市南区香港中路{1}号,2015-03-01,{2}\n"
_REGISTER = "单位,经营范围,住所,成立时间,员工数\n" + _ROW.format("甲", 1, 20) + _ROW.format("乙", 2, "很多")
_FILE = {"name": "register.csv", "mimeType": "text/csv", "buffer": _REGISTER.encode()}


def test_a_register_from_upload_to_history(visit_of, language) -> None:
    chinese = language == "zh-CN"
    visit = visit_of("county" if chinese else "city", language)
    page = visit.go("/desk/")
    visit.press("建立工作区" if chinese else "Make a workspace")
    page.set_input_files("[name=file]", _FILE)
    assert visit.walk_to("main section[aria-labelledby=send] button") == []
    page.keyboard.press("Enter")
    # Read in the background; the preview comes by itself, and asks what the columns are.
    page.locator("#columns").wait_for()
    expect(page.locator("table.rows tbody tr")).to_have_count(2)
    page.locator("#columns tbody tr", has_text="单位").locator("select").first.select_option("name")
    visit.press("导入" if chinese else "Import")
    page.locator(f"a:has-text('{'下载' if chinese else 'Download'}')").first.wait_for()
    with page.expect_download() as waiting:
        page.locator("a[href$='rejected.xlsx']").click()
    names = zipfile.ZipFile(io.BytesIO(waiting.value.path().read_bytes())).namelist()
    assert "xl/workbook.xml" in names
    assert visit.faults() == []
    assert visit.is_narrow()
    page = visit.go("/desk/")
    expect(page.locator("main section[aria-labelledby=files] tbody tr").first).to_contain_text("register.csv")
    page.locator("a[href='/desk/runs/']").click()
    expect(page.locator("main table tbody")).to_contain_text("import")
    assert visit.faults() == []
    assert visit.complaints == []
