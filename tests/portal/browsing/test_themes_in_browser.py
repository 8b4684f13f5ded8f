"""A theme is looked for, watched, saved and shared, in Chromium."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_theme_from_words_to_a_public_link(visit_of, language) -> None:
    chinese = language == "zh-CN"
    visit = visit_of("province", language)
    page = visit.go("/themes/")
    page.fill("[name=expression]", "[毛巾")
    visit.press("查找县区" if chinese else "Find counties")
    expect(page.locator(".errorlist").first).to_be_visible()
    page.fill("[name=expression]", "机械|设备")
    visit.press("查找县区" if chinese else "Find counties")
    # The job is watched; the ranking comes by itself.
    page.locator("#counties tbody tr").first.wait_for()
    expect(page.locator("figure svg, figure canvas").first).to_be_visible()
    page.fill("[name=name]", f"机械 {language}")
    page.check("[name=share][value=public]")
    visit.press("保存" if chinese else "Save")
    link = page.locator("#link").input_value()
    expect(page.locator("h1")).to_have_text(f"机械 {language}")
    assert visit.faults() == []
    assert visit.is_narrow()
    stranger = visit_of("public", language)
    shown = stranger.go(link)
    assert shown.locator("#counties tbody tr").count() > 0
    shown.goto(f"{stranger.address}/themes/")
    expect(shown.locator("main table")).to_contain_text(f"机械 {language}")
    assert stranger.complaints == []
