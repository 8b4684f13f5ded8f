"""Exploring as a person does it, in Chromium."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

_READY = 90_000
_NARROW = 390


@pytest.fixture(params=["zh-CN", "en"], scope="module")
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def context(browser: Browser, language: str) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale=language, accept_downloads=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def opened(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page for all tests of a language, for maps take seconds to begin here, and what it has complained of."""
    made, said = context.new_page(), list[str]()
    made.set_default_timeout(_READY)
    made.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
    made.on("pageerror", lambda error: said.append(str(error)))
    return made, said


@pytest.fixture
def complaints(opened) -> list[str]:
    opened[1].clear()
    return opened[1]


@pytest.fixture
def page(opened) -> Page:
    opened[0].set_viewport_size({"width": 1440, "height": 900})
    return opened[0]


def _open(page: Page, address: str, query: str, path: str = "/explore/") -> None:
    """Show a view; where the page is open already, as the browser does that goes back to it."""
    if urlsplit(page.url).path != "/explore/" or path != "/explore/":
        page.goto(f"{address}{path}?{query}")
        page.wait_for_selector("#explore[data-complete]")
        return
    page.evaluate(
        "query => {history.pushState(null, '', query); dispatchEvent(new PopStateEvent('popstate'));}", f"?{query}"
    )
    asked = {"level": "county", "measure": "location_quotient"} | dict(parse_qsl(query))
    page.wait_for_selector(
        f"#explore[data-complete][data-shown='{asked['industry']} {asked['level']} {asked['measure']}']"
    )


def _query(page: Page) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(page.url).query).items()}


def test_the_main_path(page: Page, address, complaints, language):
    _open(page, address, "industry=17")
    rows = page.locator("#table tbody tr")
    coloured = page.locator("#legend li").all_inner_texts()

    # Another industry, found by its initials.
    page.fill("#industry", "spzzy")
    page.keyboard.press("Enter")
    page.wait_for_selector('#explore[data-shown^="14 "]')
    assert _query(page) == {"industry": "14"}
    expect(page.locator("#finding")).to_contain_text("食品制造业 14" if language == "zh-CN" else "Food products 14")
    assert page.locator("#legend li").all_inner_texts() != coloured

    # Another measure: the table follows.
    page.select_option("#measure", "firms")
    page.wait_for_selector('#explore[data-shown$=" firms"]')
    firms = [int(text.replace(",", "")) for text in page.locator("td[data-measure]").all_inner_texts() if text != "—"]
    assert firms == sorted(firms, reverse=True)

    # Chosen in the table, it is chosen everywhere, and the address says so.
    region = rows.nth(2).get_attribute("data-region")
    rows.nth(2).locator("td").nth(1).click()
    expect(page.locator("tr.chosen")).to_have_attribute("data-region", region or "")
    expect(page.locator("#chosen")).to_contain_text(rows.nth(2).locator("th").inner_text().split("\n")[0])
    page.click("[data-kind=scatter]")
    assert _query(page) == {"industry": "14", "measure": "firms", "at": region, "chart": "scatter"}

    # The address opens the same view in another window.
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("#explore[data-complete]", timeout=_READY)
    assert other.locator("#table").inner_text() == page.locator("#table").inner_text()
    assert other.locator("#legend").inner_text() == page.locator("#legend").inner_text()
    assert other.locator("tr.chosen").get_attribute("data-region") == region
    other.close()

    # Back leads to the view before.
    page.go_back()
    page.wait_for_selector('#explore[data-shown$=" location_quotient"]')
    assert complaints == []


def test_levels_and_areas(page: Page, address, complaints):
    _open(page, address, "industry=C")
    page.select_option("#level", "prefecture")
    page.wait_for_selector('#explore[data-shown="C prefecture location_quotient"]')
    regions = [row.get_attribute("data-region") or "" for row in page.locator("#table tbody tr").all()]
    assert regions
    assert all(region.endswith("00") for region in regions)
    page.select_option("#region", "370200")
    expect(page.locator("#table tbody tr")).to_have_count(1)
    page.select_option("#level", "county")
    page.wait_for_selector('#explore[data-shown="C county location_quotient"]')
    assert all(
        (row.get_attribute("data-region") or "").startswith("3702") for row in page.locator("#table tbody tr").all()
    )
    assert complaints == []


@pytest.mark.parametrize("language", ["zh-CN"], indirect=True)
def test_all_industries_and_the_base_map(page: Page, address, complaints):
    tile = io.BytesIO()
    Image.new("RGB", (256, 256), "#dfe8ee").save(tile, "PNG")
    asked: list[str] = []

    def give(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=tile.getvalue(), content_type="image/png", headers={"Access-Control-Allow-Origin": "*"})

    page.route("https://*.tianditu.gov.cn/**", give)
    _open(page, address, "industry=17&level=prefecture")
    assert asked == []
    with page.expect_navigation():
        page.select_option("#of", "all")
    page.wait_for_selector("#explore[data-complete]")
    assert _query(page) == {"industry": "all"}
    expect(page.locator("#finding")).to_contain_text("全部行业")
    expect(page.locator("#measure")).to_have_value("diversity")
    assert page.locator("#legend li").count() > 3

    # Another measure, and a region in table, map and address.
    page.select_option("#measure", "krugman")
    page.wait_for_selector('#explore[data-shown="all county krugman"]')
    page.locator("#table tbody tr").first.locator("td").nth(1).click()
    assert set(_query(page)) == {"industry", "measure", "at"}

    # The approved base map comes from its own server, which the policy of the page lets it ask, and says whose it is.
    page.click("text=天地图底图")
    # Waited for from outside: what waits inside the page would be kept out by its policy.
    for _ in range(300):
        if asked:
            break
        page.wait_for_timeout(100)
    assert asked
    expect(page.locator(".notice")).to_contain_text("底图：天地图")
    assert all("tk=of-the-tests" in one for one in asked)
    assert any("LAYER=vec" in one for one in asked)

    # An industry again: another kind of view, with its own measures.
    with page.expect_navigation():
        page.fill("#industry", "17")
        page.keyboard.press("Enter")
    page.wait_for_selector('#explore[data-shown="17 county location_quotient"]')
    assert complaints == []


def test_the_table_of_the_script_is_that_of_the_server(browser: Browser, page: Page, address, language):
    query = "industry=17&level=prefecture&measure=revenue_yuan&sort=-firms"
    _open(page, address, query)
    without = browser.new_context(java_script_enabled=False, locale=language)
    plain = without.new_page()
    plain.goto(f"{address}/explore/?{query}")
    assert plain.locator("#table tbody tr").all_inner_texts() == page.locator("#table tbody tr").all_inner_texts()
    assert plain.locator("#finding").inner_text() == page.locator("#finding").inner_text()
    without.close()


def test_pictures_are_saved_with_title_and_source(page: Page, address, tmp_path: Path, language):
    _open(page, address, "industry=17")
    sizes = {}
    for kind in ("map", "png", "svg"):
        with page.expect_download() as waiting:
            page.click(f"[data-save={kind}]")
        sizes[kind] = tmp_path / f"{kind}-{waiting.value.suggested_filename}"
        waiting.value.save_as(sizes[kind])
    for kind in ("map", "png"):
        assert sizes[kind].read_bytes().startswith(b"\x89PNG")
        assert sizes[kind].stat().st_size > 20_000
    drawn = "".join(ET.fromstring(sizes["svg"].read_bytes()).itertext())
    assert ("纺织业 17" if language == "zh-CN" else "Textiles 17") in drawn
    assert "sample" in drawn


def test_everything_is_reached_with_the_keyboard(page: Page, address):
    _open(page, address, "industry=17")
    page.locator("#table tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    second = page.locator("#table tbody tr").nth(1).get_attribute("data-region")
    assert _query(page)["at"] == second
    page.keyboard.press("Escape")
    assert "at" not in _query(page)
    page.focus("#industry")
    page.keyboard.type("纺织")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert _query(page)["industry"] != "17"


def test_the_language_changes_in_place(page: Page, address, language):
    _open(page, address, "industry=17")
    page.select_option("#measure", "employees")
    page.wait_for_selector('#explore[data-shown$=" employees"]')
    page.click("form.language button")
    page.wait_for_selector(
        "html[lang=en] #explore[data-complete]" if language == "zh-CN" else "html[lang^=zh] #explore[data-complete]"
    )
    assert _query(page) == {"industry": "17", "measure": "employees"}
    # The next test begins in the language of the browser again.
    page.context.clear_cookies()
    page.goto("about:blank")


@pytest.mark.parametrize("path", ["/explore/", "/explore/embed/"])
def test_axe_finds_nothing(page: Page, address, axe: str, path: str):
    _open(page, address, "industry=17&at=370202", path)
    # As the tools of the browser do: the page's own policy keeps scripts of others out.
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []


def test_a_phone_shows_everything_without_scrolling_sideways(page: Page, address):
    page.set_viewport_size({"width": _NARROW, "height": 844})
    _open(page, address, "industry=17")
    assert page.evaluate("document.documentElement.scrollWidth") <= _NARROW
    for part in ("#map", "#chart", "#table", "#choose"):
        expect(page.locator(part)).to_be_visible()
