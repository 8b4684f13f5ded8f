"""What the tests of whole pages share: one server with people of every role, and visits that listen for complaints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

_PEOPLE = Path(__file__).with_name("people.py")
_NARROW, _WIDE, _HIGH = 390, 1440, 900
_PATIENCE_SECONDS = 20
_PATIENCE = 60_000

# A machine that does much else at once is slow, not wrong.
expect.set_options(timeout=_PATIENCE)


class Visit:
    """A page in a browser of somebody, and what it complains of: errors of scripts, of the console, of the policy."""

    def __init__(self, context: BrowserContext, address: str, axe: str) -> None:
        self.context, self.address, self._axe = context, address, axe
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(_PATIENCE)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda asked: asked.accept())

    def _hear(self, said: Any) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {said.text}")

    def go(self, path: str) -> Page:
        """Open an address of the portal that answers with a page."""
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        # An explanation that takes longer is shown when it is there.
        expect(self.page.locator("[data-working]")).to_have_count(0)
        return self.page

    def press(self, name: str, within: str = "main") -> Page:
        """Press a button by what stands on it."""
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()
        return self.page

    def faults(self) -> list[str]:
        """Give what axe-core finds that keeps people out, and complaints so far."""
        # As the tools of the browser do: the page's own policy keeps scripts of others out.
        self.page.evaluate(self._axe)
        found = self.page.evaluate("axe.run()")["violations"]
        grave = [one for one in found if one["impact"] in {"serious", "critical"}]
        told = [f"{self.page.url}: {one['id']} {one['nodes'][0]['html']}" for one in grave]
        return told + self.complaints

    def is_narrow(self) -> bool:
        """Whether a phone shows the page without scrolling sideways."""
        self.page.set_viewport_size({"width": _NARROW, "height": _HIGH})
        until = time.monotonic() + _PATIENCE_SECONDS
        # Charts follow a moment later. What waits inside the page would be kept out by its policy.
        while (width := self.page.evaluate("document.documentElement.scrollWidth")) > _NARROW:
            if time.monotonic() > until:
                break
            self.page.wait_for_timeout(100)
        self.page.set_viewport_size({"width": _WIDE, "height": _HIGH})
        return width <= _NARROW

    def walk_to(self, selector: str, most: int = 150) -> list[str]:
        """Press Tab until something has the focus; give what had it on the way without being seen to have it."""
        unseen = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(_FOCUS, selector)
            if not found["seen"]:
                unseen.append(found["html"])
            if found["there"]:
                return unseen
        raise AssertionError(f"{selector} is not reached with {most} presses of Tab")


_FOCUS = """selector => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const drawn = box.width > 0 && box.height > 0 && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {there: at.matches(selector), html: at.outerHTML.slice(0, 120), seen: drawn};
}"""


@pytest.fixture(params=["zh-CN", "en"], scope="module")
def language(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def sessions(served) -> dict[str, str]:
    """People of every role in the served portal: role to the key of somebody's session."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, str(_PEOPLE), str(served.folder)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


@pytest.fixture(scope="module")
def visit_of(browser: Browser, served, sessions: dict[str, str], axe: str) -> Iterator[Callable[..., Visit]]:
    """Give the visit of a role in a language; one for each role, language and module."""
    visits: dict[tuple[str, str], Visit] = {}

    def visit(role: str, language: str = "zh-CN") -> Visit:
        if (role, language) not in visits:
            context = browser.new_context(
                viewport={"width": _WIDE, "height": _HIGH}, locale=language, accept_downloads=True
            )
            if role in sessions:
                context.add_cookies([{"name": "sessionid", "value": sessions[role], "url": served.address}])
            visits[role, language] = Visit(context, served.address, axe)
        visits[role, language].complaints.clear()
        return visits[role, language]

    yield visit
    for one in visits.values():
        one.context.close()
