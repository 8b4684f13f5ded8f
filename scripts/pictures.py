#!/usr/bin/env python
"""Take the pictures of docs/pictures anew: `pictures.py WS`, with WS a workspace of `gaoyuan demo WS`.

A copy of the workspace is served, an administrator and a county office sign in as anybody would, and Chromium takes
the pictures. Needs Chromium, as the tests of pages do.
"""

from __future__ import annotations

import io
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gaoyuan.workspace import open_workspace

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
PORT = 8797
MOST_BYTES = 150_000
_PASSWORD = "many small looms 83 turning"
_SHOWN = {"zh": ("zh-hans", {"assessment"}), "en": ("en", {"cluster", "assessment", "desk", "chain"})}
"""Language of a picture's name to that of its page, and the pages that are shown in it beside Explore."""
_REGISTER = """企业名称,经营范围,住所,成立时间,员工数,营业收入(万元)
青岛甲饮用水有限公司,瓶装饮用水生产,山东省青岛市黄岛区长江路1号,2015-03-01,20,800
青岛乙饮用水有限公司,瓶装饮用水生产,山东省青岛市黄岛区长江路2号,2016-05-01,很多,1200
青岛丙饮料有限公司,果汁饮料制造,山东省青岛市黄岛区长江路3号,2017-09-01,45,2600
"""


@contextmanager
def served(workspace: Path) -> Iterator[tuple[str, str]]:
    """Serve a copy of a workspace; give its address and the link that makes the administrator."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / workspace.name
        shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns("portal"))
        program = Path(sys.executable).parent / "gaoyuan"
        command = [str(program), "serve", str(copy), "--port", str(PORT), "--public", "--quiet"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
            assert server.stdout is not None
            said = ""
            for line in server.stdout:
                said += line
                if "open in a browser" in line:
                    break
            link = re.search(r"http://\S+/setup/\S+", said)
            if link is None:
                raise SystemExit(f"the server did not start:\n{said}")
            try:
                yield f"http://127.0.0.1:{PORT}", link[0]
            finally:
                server.send_signal(signal.SIGINT)


def strongest_of(workspace: Path) -> dict[str, str]:
    """Give the cluster with the strongest evidence: its id, its county and its industry."""
    rows = open_workspace(workspace).read("cluster", ["cluster_id", "county", "industry", "minus_log10_p"]).to_pylist()
    return max(rows, key=lambda row: row["minus_log10_p"] or 0)


def make_account(page: Page, link: str, name: str) -> None:
    """Make an account by a one-time link."""
    page.goto(link)
    page.fill("[name=username]", name)
    page.fill("[name=email]", f"{name}@example.org")
    for field in ("password1", "password2"):
        page.fill(f"[name={field}]", _PASSWORD)
    page.locator("main form button").click()


def take(page: Page, name: str) -> None:
    """Write what the window shows as a picture."""
    page.wait_for_load_state("networkidle")
    if page.locator("[data-map]").count() > 0:
        # Maps are drawn by software here, which takes its time.
        page.locator("[data-map][data-ready]").wait_for(timeout=90_000)
    page.wait_for_timeout(1500)
    file = PICTURES / f"{name}.webp"
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(file, "WEBP", quality=72, method=6)
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size:,} bytes")
    if size > MOST_BYTES:
        raise SystemExit(f"{name} has more than {MOST_BYTES:,} bytes")


def take_all(browser: Browser, address: str, link: str, cluster: dict[str, str]) -> None:
    """Take the pictures of a county office in both languages."""
    host = browser.new_page(locale="zh-CN")
    host.set_default_timeout(90_000)
    make_account(host, link, "administrator")
    host.goto(f"{address}/people/")
    host.fill("[name=name]", "示范县工业和信息化局")
    host.select_option("[name=kind]", "county")
    host.fill("[name=division]", cluster["county"])
    host.locator("main form.stacked button").click()
    invitation = host.locator("#link").input_value()
    context = browser.new_context(viewport={"width": 1320, "height": 960}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(90_000)
    make_account(page, invitation, "office")
    number = cluster["cluster_id"]
    page.goto(f"{address}/assessments/new/?cluster={number}")
    page.locator("main form.stacked button.main").click()
    page.locator("#facts").wait_for()
    page.fill("[id='value-sme_output_share:']", "65%")
    page.fill("[id='source-sme_output_share:']", "县统计局快报")
    page.locator("#facts button[value=save]").first.click()
    page.locator("section[aria-labelledby=verdict] li").first.wait_for()
    assessment = page.url
    page.goto(f"{address}/desk/")
    page.locator("main form button.main").first.click()
    page.set_input_files("[name=file]", {"name": "登记.csv", "mimeType": "text/csv", "buffer": _REGISTER.encode()})
    page.locator("section[aria-labelledby=send] button").click()
    page.locator("#columns").wait_for()
    upload = page.url
    page.goto(f"{address}/chain/")
    gap = page.locator("#gaps tbody a").first.get_attribute("href")
    for short, (language, shown) in _SHOWN.items():
        page.goto(f"{address}/explore/?industry={cluster['industry'][:2]}")
        if page.locator("html").get_attribute("lang") != language:
            page.click("form.language button")
        page.wait_for_selector("#explore[data-complete]")
        take(page, f"explore-{short}")
        for name, path in (
            ("cluster", f"{address}/clusters/{number}/"),
            ("assessment", assessment),
            ("desk", upload),
            ("chain", f"{address}{gap}"),
        ):
            if name in shown:
                page.goto(path)
                take(page, f"{name}-{short}")


def main() -> None:
    """Take all pictures."""
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "tables").is_dir():
        raise SystemExit("usage: scripts/pictures.py WS    (WS of: gaoyuan demo WS)")
    workspace = Path(sys.argv[1])
    chromium = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("no Chromium here; as an administrator: apt-get install -y chromium fonts-noto-cjk")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served(workspace) as (address, link), sync_playwright() as playwright:
        drawing = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
        browser = playwright.chromium.launch(executable_path=chromium, args=drawing)
        take_all(browser, address, link, strongest_of(workspace))
        browser.close()


if __name__ == "__main__":
    main()
