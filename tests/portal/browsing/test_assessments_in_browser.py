"""An assessment from a cluster's page to the signed report, in Chromium."""

from __future__ import annotations

from playwright.sync_api import expect

_EVIDENCE = {
    "name": "快报.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
}


def test_from_a_cluster_to_a_signed_report(visit_of, language, demonstrated) -> None:
    chinese = language == "zh-CN"
    visit = visit_of("county", language)
    cluster = demonstrated.read("cluster", ["cluster_id"])["cluster_id"].to_pylist()[0 if chinese else 1]
    page = visit.go(f"/clusters/{cluster}/")
    page.click(f"a[href='/assessments/new/?cluster={cluster}']")
    visit.press("开始" if chinese else "Begin")
    page.locator("#facts").wait_for()
    key = "sme_output_share:"
    page.fill(f"[id='value-{key}']", "65%")
    page.fill(f"[id='source-{key}']", "县统计局快报")
    page.select_option("#fact", key)
    page.set_input_files("#files", {**_EVIDENCE, "buffer": b"MZ no document"})
    page.locator("#facts button[value=save]").first.click()
    # What is no document is refused, and nothing that was typed is lost.
    expect(page.locator("main > .message").first).to_contain_text("快报.pdf")
    expect(page.locator(f"[id='value-{key}']")).to_have_value("65%")
    changed = page.locator("section[aria-labelledby=verdict] li", has_text="1.5")
    expect(changed.locator(".badge.unmet")).to_be_visible()
    page.select_option("#fact", key)
    page.set_input_files("#files", _EVIDENCE)
    page.locator(f"[id='source-{key}']").focus()
    assert visit.walk_to("#facts > p.toolbar:last-child button[value=save]", 400) == []
    page.keyboard.press("Enter")
    expect(page.locator("a[href*='/evidence/']")).to_have_text("快报.pdf")
    assert visit.faults() == []
    assert visit.is_narrow()
    page.check("[name=confirm]")
    visit.press("签核" if chinese else "Sign", "section[aria-labelledby=signing]")
    expect(page.locator("code.hash").first).to_be_visible()
    expect(page.locator("#facts")).to_have_count(0)
    with page.expect_download() as waiting:
        page.locator("a[href$='report.docx']").click()
    assert waiting.value.path().read_bytes().startswith(b"PK")
    assert visit.faults() == []
    page.goto(f"{visit.address}/clusters/{cluster}/")
    expect(page.locator("main")).to_contain_text("county")
    assert visit.complaints == []
