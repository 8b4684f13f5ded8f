"""Reports as web pages, parsed, and met in Chromium."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gaoyuan.report import write_document
from gaoyuan.report.document import Document
from gaoyuan.report.web_page import web_page


class _Elements(HTMLParser):
    """Collects the elements of a page, with the text in each kind."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        self.texts.setdefault(tag, []).append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]][-1] += data

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(report_document: Document) -> str:
    return web_page(report_document)


@pytest.fixture(scope="module")
def elements(page: str) -> _Elements:
    return _Elements(page)


def test_ids_are_given_once_and_every_link_leads_to_one(elements: _Elements):
    ids = Counter(str(attributes["id"]) for _, attributes in elements.elements if "id" in attributes)
    assert max(ids.values()) == 1
    links = [str(attributes["href"]) for attributes in elements.all("a")]
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)


def test_footnotes_are_linked_both_ways_from_every_mention(elements: _Elements):
    mentions = [link for link in elements.all("a") if link.get("role") == "doc-noteref"]
    backs = [link for link in elements.all("a") if link.get("role") == "doc-backlink"]
    assert {f"#{link['id']}" for link in mentions} == {link["href"] for link in backs}
    assert len(mentions) == len(backs) > 8


def test_the_policy_lets_only_the_pages_own_style_through(page: str, elements: _Elements):
    policy = next(str(meta["content"]) for meta in elements.all("meta") if "http-equiv" in meta)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not elements.all("script")
    assert not [
        name for _, attributes in elements.elements for name in attributes if name == "style" or name[:2] == "on"
    ]


def test_hostile_text_is_text(page: str, elements: _Elements):
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }} {% raw %}" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\u202e]", page)
    assert len(elements.all("style")) == 1


def test_the_page_can_be_read_by_programs_that_read_aloud(page: str, elements: _Elements):
    assert elements.all("html")[0]["lang"] == "zh-CN"
    assert [int(tag[1]) for tag, _ in elements.elements if re.fullmatch("h[1-6]", tag)][:4] == [1, 2, 3, 2]
    assert len(elements.all("h1")) == 1
    assert all(head.get("scope") in ("col", "rowgroup") for head in elements.all("th"))
    drawings = elements.all("svg")
    assert [(drawing["role"], drawing["aria-label"]) for drawing in drawings] == [("img", "柱形图：三年产值")]
    assert len(elements.all("caption")) == 4
    assert len(elements.all("figcaption")) == 1
    assert '<p class="body" lang="en">Twelve' in page


def test_the_same_document_gives_the_same_page(page: str, report_document: Document):
    assert web_page(report_document) == page


@pytest.fixture(scope="module")
def file(report_document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_document(report_document, tmp_path_factory.mktemp("page") / "report.html")


def _open(browser: Browser, file: Path, width: int) -> tuple[Page, list[str]]:
    shown = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("request", lambda request: said.append(request.url) if request.url != file.as_uri() else None)
    shown.goto(file.as_uri())
    return shown, said


@pytest.mark.parametrize("width", [1200, 360])
def test_the_page_loads_nothing_complains_of_nothing_and_fits_the_screen(browser: Browser, file: Path, width: int):
    shown, said = _open(browser, file, width)
    assert said == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor") == "rgb(255, 255, 255)"
    drawn = shown.locator("figure svg text").first
    assert drawn.is_visible()
    shown.close()


def test_a_mention_leads_to_its_note_and_the_note_back(browser: Browser, file: Path):
    shown, _ = _open(browser, file, 1200)
    shown.locator('a[role="doc-noteref"]').first.click()
    assert shown.evaluate("location.hash") == "#note-1"
    shown.locator("#note-1 a.back").nth(1).click()
    assert shown.evaluate("location.hash") == "#mention-1-2"
    shown.close()


def test_the_bars_of_a_chart_keep_their_colours_under_the_policy(browser: Browser, file: Path):
    shown, _ = _open(browser, file, 1200)
    colours = shown.evaluate(
        "[...document.querySelectorAll('figure svg path')].map(path => getComputedStyle(path).fill)"
    )
    assert "rgb(77, 126, 168)" in colours
    shown.close()
