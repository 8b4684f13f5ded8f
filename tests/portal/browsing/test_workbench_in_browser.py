"""From a word to the rows of the register, and along a chain, as a person clicks it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def visit(visit_of, language):
    return visit_of("county", language)


def test_from_a_search_to_a_source_row(visit, language) -> None:
    page = visit.go("/search/")
    page.fill("#q", "qdhd")
    page.keyboard.press("Enter")
    page.locator("main section li a", has_text="黄岛区").or_(page.locator("main .empty")).first.wait_for()
    page.goto(f"{visit.address}/regions/370211/")
    page.locator("main section table tbody a[href^='/clusters/']").first.click()
    name = page.locator("h1").inner_text()
    page.locator("dl.figures a", has_text="为什么" if language == "zh-CN" else "why").first.click()
    expect(page.locator(".badge.good")).to_be_visible()
    expect(page.locator("h2", has_text="运行" if language == "zh-CN" else "Run").first).to_be_visible()
    page.locator("nav.crumbs a", has_text=name).click()
    expect(page.locator("h1")).to_have_text(name)
    with page.expect_download() as waiting:
        page.locator(".exports a", has_text="CSV").first.click()
    assert waiting.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    page.locator("figure button", has_text="SVG").first.wait_for()
    with page.expect_download() as waiting:
        page.locator("figure button", has_text="SVG").first.click()
    assert b"<svg" in waiting.value.path().read_bytes()[:500]
    assert visit.complaints == []


def test_regions_and_clusters_side_by_side(visit, language, demonstrated) -> None:
    ids = demonstrated.read("cluster", ["cluster_id"])["cluster_id"].to_pylist()[:2]
    page = visit.go("/compare/")
    page.fill("#cluster1", ids[0])
    page.fill("#cluster2", ids[1])
    visit.press("比较" if language == "zh-CN" else "Compare")
    expect(page.locator("main table thead a")).to_have_count(2)
    # A region alone is not compared: the form stays, with what was typed.
    page = visit.go("/compare/?region=370211")
    expect(page.locator("#region1")).to_have_value("370211")
    page.fill("#region2", "370202")
    page.fill("#industry", "15")
    page.keyboard.press("Enter")
    expect(page.locator("main table thead a")).to_have_count(2)
    assert visit.complaints == []


def test_along_a_chain(visit, language) -> None:
    page = visit.go("/chain/")
    page.locator("#products thead button").first.click()
    expect(page.locator("#products th[aria-sort]")).to_have_count(1)
    page.locator("#products tbody a").first.click()
    drawn = page.locator(".atlas svg.links path")
    drawn.first.wait_for(state="attached")
    assert drawn.count() == sum(
        len((one.get_attribute("data-feeds") or "").split()) for one in page.locator(".node[data-feeds]").all()
    )
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as waiting:
            page.locator("main > .toolbar").get_by_role("button", name=kind).click()
        held = waiting.value.path().read_bytes()
        assert held.startswith(begins)
        names = page.locator(".node strong").all_inner_texts()
        assert kind == "PNG" or all(name in held.decode() for name in names)
    # A neighbour in the atlas is a link, with the keyboard too, and marks its own links.
    node = page.locator(".band:not(.own) .node").first
    name = node.locator("strong").inner_text()
    node.focus()
    assert page.locator(".atlas svg.links path.near").count() > 0
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    assert visit.complaints == []


def test_the_navigation_stands_in_one_line_and_a_map_is_printed(visit_of, language) -> None:
    visit = visit_of("administrator", language)
    page = visit.go("/explore/")
    page.set_viewport_size({"width": 1320, "height": 800})
    lines = page.locator("header.site nav li").evaluate_all("all => new Set(all.map(one => one.offsetTop)).size")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert lines == 1
    page.locator("#clusters li").first.wait_for()
    assert page.pdf().startswith(b"%PDF")
    # Land and water at least: the copy for paper is no empty sheet.
    colours = page.locator("canvas.printed").evaluate(
        """shown => new Set(new Uint32Array(shown.getContext("2d")
          .getImageData(0, 0, shown.width, shown.height).data.buffer)).size"""
    )
    assert colours > 1
    assert visit.complaints == []
