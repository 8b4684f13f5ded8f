"""The page as a person meets it: in Chromium, opened from a folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from gaoyuan.report import write_map
from gaoyuan.workspace import Workspace

HOSTILE = "</script><img src=x onerror=\"document.title='taken'\"><b>甲</b>"
WIDE: ViewportSize = {"width": 1366, "height": 768}
NARROW: ViewportSize = {"width": 400, "height": 800}
_READY = 90_000


def _open(browser: Browser, file: Path, size: ViewportSize = WIDE) -> tuple[Page, list[str], list[str]]:
    """Open a page; gives it with all that it asked the network for and all that it complained of."""
    page = browser.new_page(viewport=size, accept_downloads=True)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("#map[data-ready]", timeout=_READY)
    return page, asked, complaints


@pytest.fixture(scope="module")
def opened(browser: Browser, sample_map: Path) -> Iterator[tuple[Page, list[str], list[str]]]:
    page, asked, complaints = _open(browser, sample_map)
    yield page, asked, complaints
    page.close()


@pytest.fixture
def page(opened: tuple[Page, list[str], list[str]]) -> Page:
    """The page with nothing chosen."""
    found = opened[0]
    found.keyboard.press("Escape")
    found.fill("#filter", "")
    if found.locator(".picker.has-choice").count():
        found.click(".picker .clear")
    found.click("#tab-found")
    return found


@pytest.fixture(scope="module")
def clusters(sample_workspace: Workspace) -> pd.DataFrame:
    rows = sample_workspace.read("cluster").to_pandas()
    found = rows[rows["found_by"].notna()]
    return found.sort_values("minus_log10_p", ascending=False, kind="stable").reset_index(drop=True)


def _choose(page: Page, industry: str) -> None:
    page.fill("#industry", industry)
    page.keyboard.press("Enter")


def _column(page: Page, key: str) -> list[str]:
    return page.locator(f'#table tbody tr[data-at] td[data-key="{key}"]').all_inner_texts()


def _legend(page: Page) -> dict[str, int]:
    items = page.locator("#legend li")
    return {
        str(item.get_attribute("data-class")): int(item.get_attribute("data-counties") or 0) for item in items.all()
    }


def test_the_page_asks_nothing_of_the_network_and_complains_of_nothing(
    opened: tuple[Page, list[str], list[str]], sample_map: Path, page: Page
):
    _choose(page, "C")
    page.check("#measure-share", force=True)
    page.locator("#table tbody tr[data-at]").first.click()
    page.wait_for_timeout(1500)
    _, asked, complaints = opened
    assert complaints == []
    # Blobs are the page's own bytes: the map's worker.
    assert [address for address in asked if not address.startswith("blob:")] == [sample_map.as_uri()]


def test_choosing_an_industry_colours_the_counties_that_the_table_has(
    sample_workspace: Workspace, page: Page, clusters
):
    table = sample_workspace.read("region_industry").to_pandas()
    industry = clusters["industry"][0]
    rows = table[(table["region_level"] == "county") & (table["industry"] == industry)]
    before = _legend(page)
    _choose(page, industry)
    page.check("#measure-lq", force=True)
    after = _legend(page)
    assert after != before
    significant = rows[rows["q_value"] <= 0.05]
    assert after["not-significant"] == len(rows) - len(significant)
    coloured = {key: many for key, many in after.items() if key.startswith("step-")}
    assert sum(coloured.values()) == len(significant)
    assert coloured["step-5"] == (significant["location_quotient"] >= 8).sum()
    page.uncheck("#significant")
    assert _legend(page)["not-significant"] == 0
    page.check("#significant")


def test_the_colours_on_the_map_change_with_the_industry(page: Page, clusters: pd.DataFrame):
    page.wait_for_timeout(1500)
    before = page.locator("#map canvas").screenshot()
    _choose(page, "F")
    page.wait_for_timeout(1500)
    assert page.locator("#map canvas").screenshot() != before


@pytest.mark.parametrize("query", ["纺织业", "Textiles", "17"])
def test_an_industry_is_found_by_chinese_english_and_code(page: Page, query: str):
    _choose(page, query)
    expect(page.locator("#industry")).to_have_value("17 纺织业")


def test_the_table_ranks_by_evidence_and_sorts_by_its_heads(page: Page, clusters: pd.DataFrame):
    assert _column(page, "order")[:5] == ["1", "2", "3", "4", "5"]
    page.click('#table th[data-key="firms"] button')
    falling = [int(text.replace(",", "")) for text in _column(page, "firms")]
    assert falling == sorted(falling, reverse=True)
    assert falling[0] == clusters["firms"].max()
    page.click('#table th[data-key="firms"] button')
    rising = [int(text.replace(",", "")) for text in _column(page, "firms")]
    assert rising[0] == clusters["firms"].min()
    assert page.locator('#table th[data-key="firms"]').get_attribute("aria-sort") == "ascending"
    page.click('#table th[data-key="order"] button')


def test_a_row_opens_the_panel_with_the_figures_of_its_cluster(page: Page, clusters: pd.DataFrame):
    page.locator("#table tbody tr[data-at]").nth(1).click()
    second = clusters.iloc[1]
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    expect(panel.locator("h2")).to_have_text(second["name"])
    expect(panel.locator('[data-figure="firms"]')).to_have_text(f"{int(second['firms']):,} 家")
    expect(panel.locator('[data-figure="industry_firms"]')).to_have_text(f"{int(second['industry_firms']):,} 家")
    expect(panel.locator('[data-figure="tests"]')).to_have_text(f"{int(second['tests']):,}")
    assert float(panel.locator('[data-figure="expected"]').inner_text().split()[0]) == pytest.approx(
        second["expected"], rel=0.02
    )
    assert float(panel.locator('[data-figure="lq"]').inner_text().replace(",", "")) == pytest.approx(
        second["location_quotient"], rel=0.01
    )
    assert float(panel.locator('[data-figure="area"]').inner_text().split()[0]) == pytest.approx(
        second["area_km2"], rel=0.02
    )
    assert page.locator("#table tbody tr.chosen").count() == 1
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_table_is_walked_and_opened_with_the_keyboard(page: Page, clusters: pd.DataFrame):
    page.locator('#table tbody tr[data-at="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text(clusters["name"][2])


def test_the_csv_is_the_table_with_a_byte_order_mark(page: Page, clusters: pd.DataFrame):
    with page.expect_download() as waiting:
        page.click("#csv")
    raw = Path(waiting.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == len(clusters) + 1
    head = {name.split()[0]: at for at, name in enumerate(rows[0])}
    for row, (_, cluster) in zip(rows[1:], clusters.iterrows(), strict=True):
        assert row[head["集群"]] == cluster["name"]
        assert int(row[head["企业"]]) == cluster["firms"]
        assert float(row[head["期望"]]) == pytest.approx(cluster["expected"], rel=1e-5)
        assert float(row[head["区位商"]]) == pytest.approx(cluster["location_quotient"], rel=1e-5)
        assert float(row[head["q"]]) == pytest.approx(cluster["q_value"], rel=1e-5)
        assert float(row[head["面积"]]) == pytest.approx(cluster["area_km2"], rel=1e-5)


def test_a_filtered_table_downloads_what_it_shows(page: Page, clusters: pd.DataFrame):
    page.fill("#filter", clusters["county_name"][0])
    shown = page.locator("#table tbody tr[data-at]").count()
    with page.expect_download() as waiting:
        page.click("#csv")
    rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) - 1 == shown == (clusters["county_name"] == clusters["county_name"][0]).sum()


def test_the_counties_of_an_industry_and_the_strongest_industries_of_a_county(
    sample_workspace: Workspace, page: Page, clusters: pd.DataFrame
):
    _choose(page, clusters["industry"][0])
    page.click("#tab-counties")
    table = sample_workspace.read("region_industry").to_pandas()
    rows = table[(table["region_level"] == "county") & (table["industry"] == clusters["industry"][0])]
    best = rows.sort_values("location_quotient", ascending=False).iloc[0]
    page.locator("#table tbody tr[data-at]").first.click()
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text(best["region_name"])
    expect(panel.locator('[data-figure="firms"]')).to_have_text(f"{best['firms']:,} 家")
    first = panel.locator(".industries li").first
    expect(first).to_contain_text(best["industry_name"])


def test_recognised_clusters_that_the_register_does_not_show_are_listed(sample_workspace: Workspace, page: Page):
    page.click("#tab-listed")
    rows = sample_workspace.read("cluster").to_pandas()
    expect(page.locator("#counter")).to_have_text(f"{rows['found_by'].isna().sum()} 行 rows")


def test_the_notices_are_on_the_page(page: Page):
    expect(page.locator(".credit")).to_contain_text("非国家标准地图，仅供数据分析")
    expect(page.locator(".credit")).to_contain_text("OpenStreetMap")
    page.click("#notes")
    expect(page.locator("dialog")).to_contain_text("ODbL")
    page.keyboard.press("Escape")


def test_holes_in_the_register_are_warned_of(browser: Browser, real_workspace: Workspace, tmp_path: Path):
    page, _, complaints = _open(browser, write_map(real_workspace, tmp_path / "real.html").file)
    page.click("#coverage")
    expect(page.locator("dialog .coverage tbody")).to_contain_text("河北省")
    page.keyboard.press("Escape")
    # Here clusters are whole counties.
    page.locator("#table tbody tr[data-at]").first.click()
    expect(page.locator("#panel .tag").first).to_contain_text("按县区发现")
    assert complaints == []
    page.close()


def test_hostile_names_are_text_and_nothing_else(browser: Browser, own_sample: Workspace, tmp_path: Path):
    rows = own_sample.read("cluster").to_pandas()
    rows["name"] = HOSTILE
    rows["recognised"] = HOSTILE
    rows["recognised_source"] = "javascript:document.title='taken'"
    schema = own_sample.read("cluster").schema
    with own_sample.run("observe") as run:
        own_sample.write("cluster", pa.Table.from_pandas(rows, schema, preserve_index=False), run)
    page, asked, complaints = _open(browser, write_map(own_sample, tmp_path / "map.html").file)
    page.locator("#table tbody tr[data-at]").first.click()
    expect(page.locator("#panel h2")).to_have_text(HOSTILE)
    assert page.locator("#app img, #panel a").count() == 0
    assert "taken" not in page.title()
    assert complaints == []
    assert len([address for address in asked if not address.startswith("blob:")]) == 1
    page.close()


def test_a_narrow_screen_shows_everything_without_scrolling_sideways(browser: Browser, sample_map: Path):
    page, _, _ = _open(browser, sample_map, NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.locator("#table tbody tr[data-at]").first.click()
    box = page.locator("#panel").bounding_box()
    assert box is not None
    assert box["width"] == NARROW["width"]
    page.close()
