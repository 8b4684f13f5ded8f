"""The page that checks packs, opened from a folder without a network, says what the program says."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.trust.pack.conftest import NOW, Platform, copied, signed_by

from gaoyuan.errors import ExtraMissing
from gaoyuan.report.verify_page import verify_page
from gaoyuan.trust.keys import Signer
from gaoyuan.trust.pack import verify_pack
from gaoyuan.trust.pack.figures import FIGURES
from gaoyuan.trust.pack.sealing import open_seal, seal
from gaoyuan.trust.pack.word import RingWord
from gaoyuan.trust.pack.words import figure_text


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Page:
    file = tmp_path_factory.mktemp("page") / "verify.html"
    try:
        file.write_text(verify_page(), "utf-8")
    except ExtraMissing:
        pytest.skip("the page has not been built")
    opened = browser.new_context(offline=True, viewport={"width": 390, "height": 844}).new_page()
    opened.clock.set_fixed_time(NOW)
    opened.goto(file.as_uri())
    return opened


def judged(page: Page, content: bytes, key: str = "", witnesses: str = "") -> str:
    page.locator("input[type=text]").fill(key)
    page.locator("textarea").fill(witnesses)
    page.locator("input[type=file]").set_input_files({"name": "a.pack", "mimeType": "x/y", "buffer": content})
    page.locator(".verdict").wait_for()
    verdict = page.locator(".verdict").get_attribute("class") or ""
    return verdict.split()[1]


def test_a_pack_holds_and_its_figures_are_those_of_the_program(
    page: Page, packed: bytes, traded: tuple[Platform, int]
) -> None:
    platform = traded[0]
    keys = "\n".join(str(one.key) for one in platform.witnesses)
    assert judged(page, packed, str(platform.signer.key), keys) == "holds"
    report = verify_pack(packed, NOW, platform.policy)
    told = page.locator("section").inner_text()
    for name, (zh, _en) in FIGURES.items():
        value = report.figures[name]
        if not isinstance(value, list):
            row = page.locator("section tr", has_text=zh).first
            assert row.locator("td").inner_text() == figure_text(name, value), name
    assert "某银行" in told
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_key_it_says_that_nothing_is_confirmed(page: Page, packed: bytes) -> None:
    page.reload()
    assert judged(page, packed) == "unconfirmed"


@pytest.mark.parametrize("place", [5, 90, 200, 3000, 9000, -300, -5])
def test_a_byte_that_was_changed_is_found(page: Page, packed: bytes, place: int, traded: tuple[Platform, int]) -> None:
    page.reload()
    changed = bytearray(packed)
    changed[place] ^= 1
    assert judged(page, bytes(changed), str(traded[0].signer.key)) == "fails"


def test_what_a_platform_changes_and_seals_again_is_found(
    page: Page, packed: bytes, traded: tuple[Platform, int]
) -> None:
    platform = traded[0]
    for change in (
        lambda body: body["figures"].update(trades=99),
        lambda body: body["records"].pop(3),
        lambda body: body["statements"].append(body["statements"][0].replace("example", "exampel")),
        lambda body: body["credential"]["credentialSubject"]["figures"].update(trades=99),
        lambda body: body.update(checkpoint=body["checkpoint"].replace("\n2", "\n3", 1)),
    ):
        body = json.loads(open_seal(packed, platform.signer.key))
        change(body)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        page.reload()
        assert judged(page, seal(content, platform.signer), str(platform.signer.key)) == "fails"


def test_signatures_of_security_keys_and_of_sm2_are_checked(page: Page, signer: Signer, other_signer: Signer) -> None:
    platform, content = signed_by(signer, other_signer, other_signer)
    page.reload()
    assert judged(page, content, str(platform.signer.key)) == "holds"
    wrong = Signer(other_signer.key, lambda text: other_signer.sign(text + b"x"))
    platform, content = signed_by(signer, other_signer, wrong)
    page.reload()
    assert judged(page, content, str(platform.signer.key)) == "fails"
    assert page.locator("li.fails").get_attribute("data-check") == "file"
    assert "签名无效" in page.locator("li.fails").inner_text()


def test_a_copy_of_a_security_key_is_found_by_the_page_too(page: Page, signer: Signer) -> None:
    content = signed_by(signer, *copied())[1]
    page.reload()
    assert judged(page, content, str(signer.key)) == "fails"
    assert "可能已被复制" in page.locator("li.fails").inner_text()


def test_the_platforms_word_is_shown_with_a_question_mark_and_one_that_was_changed_fails(
    page: Page, traded: tuple[Platform, int]
) -> None:
    platform, consent = traded
    content = platform.pack("7", consent, word=RingWord(12, (1, 2, 0), 123_450, 9))
    page.reload()
    assert judged(page, content, str(platform.signer.key)) == "holds"
    said = page.locator("[data-check=platform]")
    assert "三方循环 2 个" in said.inner_text()
    assert said.get_attribute("class") == "unknown"
    body = json.loads(open_seal(content, platform.signer.key))
    body["platform"] = body["platform"].replace('"firms":12', '"firms":99')
    forged = seal(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), platform.signer)
    page.reload()
    assert judged(page, forged, str(platform.signer.key)) == "fails"


def test_an_expired_consent_fails(page: Page, packed: bytes, traded: tuple[Platform, int]) -> None:
    page.clock.set_fixed_time(NOW + dt.timedelta(days=400))
    page.reload()
    assert judged(page, packed, str(traded[0].signer.key)) == "fails"
    page.clock.set_fixed_time(NOW)


def test_the_page_is_one_file_that_may_ask_nobody(tmp_path: Path) -> None:
    try:
        text = verify_page()
    except ExtraMissing:
        pytest.skip("the page has not been built")
    assert "connect-src 'none'" in text
    assert 'src="' not in text
