"""The page of an atlas as a person meets it: in Chromium, opened from a folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from gaoyuan.chain.atlas import Atlas, atlas, atlas_index
from gaoyuan.chain.atlas.profiles import profile
from gaoyuan.chain.known_chain import read_chain
from gaoyuan.report.atlas_files import write_atlas
from gaoyuan.workspace import Workspace

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


def _atlas(workspace: Workspace, product: str = "试验机车") -> Atlas:
    return atlas(atlas_index(read_chain(workspace)), product)


def _write(workspace: Workspace, path: Path, style: str = "four-maps-six-lists", product: str = "试验机车") -> Path:
    chain = read_chain(workspace)
    one = profile(style)
    found = atlas(atlas_index(chain, one.states), product)
    return write_atlas(found, one, path, workspace=workspace, locality=chain.locality).file


def _open(browser: Browser, file: Path, size: ViewportSize = WIDE) -> tuple[Page, list[str], list[str]]:
    page = browser.new_page(viewport=size, accept_downloads=True)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("#app[data-ready]", timeout=60_000)
    return page, asked, complaints


@pytest.fixture(scope="module")
def file(atlas_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(atlas_workspace, tmp_path_factory.mktemp("atlas-page") / "atlas.html")


@pytest.fixture(scope="module")
def opened(browser: Browser, file: Path) -> Iterator[tuple[Page, list[str], list[str]]]:
    page, asked, complaints = _open(browser, file)
    yield page, asked, complaints
    page.close()


@pytest.fixture
def page(opened: tuple[Page, list[str], list[str]]) -> Page:
    """The page with nothing chosen."""
    found = opened[0]
    found.keyboard.press("Escape")
    found.fill("#search", "")
    if (pressed := found.locator('.tile[aria-pressed="true"]')).count():
        pressed.click()
    return found


def test_the_page_asks_nothing_of_the_network_and_complains_of_nothing(
    opened: tuple[Page, list[str], list[str]], page: Page, file: Path
):
    page.locator("#map-panorama .chip:visible").nth(4).click()
    page.fill("#search", "牵引")
    _, asked, complaints = opened
    assert complaints == []
    assert asked == [file.as_uri()]


def test_the_finding_stands_above_the_chart_and_every_product_in_it(atlas_workspace: Workspace, page: Page):
    found = _atlas(atlas_workspace)
    expect(page.locator(".headline").first).to_contain_text("上游")
    for level in set(found.nodes["level"].to_pylist()) - {0}:
        head = page.locator(f'#map-panorama [data-level="{level}"] .many').inner_text()
        assert head == f"{found.nodes['level'].to_pylist().count(level)} 种"
    states = found.nodes["state"].to_pylist()
    root = found.nodes["level"].to_pylist().index(0)
    for state in set(states):
        tile = page.locator(f'.tile[data-state="{state}"] .n')
        assert int(tile.inner_text()) == states.count(state) - (states[root] == state)


def test_a_product_opens_with_its_makers_and_what_it_is_for(atlas_workspace: Workspace, page: Page):
    found = _atlas(atlas_workspace)
    names = dict(zip(found.nodes["product"].to_pylist(), found.nodes["product_name"].to_pylist(), strict=True))
    name = names["u250"]
    page.fill("#search", name)
    expect(page.locator("#hits")).to_have_text("1 种 found")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text(name)
    makers = [row["name"] for row in found.firms.to_pylist() if row["product"] == "u250"]
    assert page.locator("#panel .firms .name").all_inner_texts() == makers
    expect(page.locator("#panel .links .link").first).to_have_text(names["u26"])
    assert page.locator("#map-panorama .lines path").count() >= 1
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_state_leaves_its_products_and_dims_the_others(atlas_workspace: Workspace, page: Page):
    page.click('.tile[data-state="missing"]')
    many = int(page.locator('.tile[data-state="missing"] .n').inner_text())
    expect(page.locator("#hits")).to_have_text(f"{many} 种 found")
    # Closed levels and boxes open for what was found.
    assert page.locator("#map-panorama .chip.missing.hit:visible").count() == many
    assert page.locator("#map-panorama .chip.strong:not(.dim)").count() == 0


def test_a_product_of_unknown_state_stays_unknown_though_it_has_makers_outside(atlas_workspace: Workspace, page: Page):
    found = _atlas(atlas_workspace).nodes.to_pylist()
    (node,) = [row for row in found if row["product"] == "u2"]
    assert (node["state"], node["local_firms"], node["outside_firms"]) == ("unknown", 0, 1)
    page.click('.tile[data-state="unknown"]')
    page.fill("#search", node["product_name"])
    page.keyboard.press("Enter")
    expect(page.locator("#map-panorama .chip.chosen .n")).to_have_text("未知")
    expect(page.locator("#panel .why")).to_have_text("没有本地企业的记录，同行业本地企业均未报告产品，已知外地 1 家")


def test_the_tables_of_the_lists_show_all_their_columns_on_a_wide_screen(page: Page):
    clipped = "() => [...document.querySelectorAll('.table-wrap')].filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.locator(".table-wrap").count() > 2
    assert page.evaluate(clipped) == 0


def test_a_map_and_a_list_without_data_say_what_to_import(page: Page):
    expect(page.locator("#map-technology .no-data")).to_contain_text("没有数据")
    expect(page.locator("#list-targets .no-data")).to_contain_text("gaoyuan chain WS gaps")
    assert page.locator("main > .part").count() == 4 + 6 + 1


def test_a_list_downloads_all_of_its_rows(atlas_workspace: Workspace, page: Page):
    total = int(page.locator("#list-key-firms h2 .many").inner_text().split()[0].replace(",", ""))
    assert page.locator("#list-key-firms tbody tr").count() == 20 < total
    with page.expect_download() as waiting:
        page.click("#list-key-firms .list-tools button:has-text('CSV')")
    rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == total + 1
    page.click("#list-key-firms .list-tools button:has-text('显示全部')")
    assert page.locator("#list-key-firms tbody tr").count() == total


def test_the_regions_are_drawn_and_listed_with_their_notice(page: Page):
    assert page.locator("#map-regions .region-map").count() == 2
    expect(page.locator("#map-regions .credit")).to_contain_text("非国家标准地图")
    expect(page.locator("#map-regions tbody")).to_contain_text("湖南省株洲市")


def test_hostile_names_are_text_and_nothing_else(page: Page):
    page.fill("#search", "onerror")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_contain_text("</script><img src=x")
    assert page.locator("#app img").count() == 0
    assert "taken" not in page.title()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_overflows_however_long_its_name(browser: Browser, file: Path, size: ViewportSize):
    page, _, complaints = _open(browser, file, size)
    page.click('.tile[data-state="weak"]')
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    over = """() => [...document.querySelectorAll('.chip, .group h4, .tile')].filter(e => e.offsetParent
        && e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right + 1).length"""
    outside = page.evaluate(over) if size is WIDE else 0
    assert outside == 0
    page.locator("#map-panorama .chip.hit:visible").first.click()
    box = page.locator("#panel").bounding_box()
    chosen = page.locator("#map-panorama .chip.chosen").bounding_box()
    assert box is not None
    assert chosen is not None
    assert box["x"] + box["width"] <= size["width"]
    # The chosen product stays in sight beside or above its panel.
    assert chosen["x"] + chosen["width"] <= box["x"] or chosen["y"] + chosen["height"] <= box["y"]
    assert complaints == []
    page.close()


def test_the_maps_of_another_profile_are_there(browser: Browser, atlas_workspace: Workspace, tmp_path: Path):
    file = _write(atlas_workspace, tmp_path / "six.html", "henan-city-six-maps-six-lists")
    page, _, complaints = _open(browser, file)
    page.locator("#map-tree summary").first.click()
    # A branch is filled after it has opened.
    expect(page.locator("#map-tree ul ul .link").nth(1)).to_be_visible()
    assert page.locator("#map-invitations .routes > li").count() == 12
    page.locator("#map-invitations .link").first.click()
    expect(page.locator("#panel")).to_be_visible()
    assert complaints == []
    page.close()
