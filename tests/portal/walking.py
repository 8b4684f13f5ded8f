"""Walks through the pages of a portal in a browser: people with a page each, whose complaints are heard, and looks at
pages as people look at them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from .served import Served

NARROW, WIDE = 390, 1440
_HIGH = 900
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

    def _hear(self, said: ConsoleMessage) -> None:
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

    def barriers(self) -> list[str]:
        """Give what axe-core finds that keeps people out."""
        # As the tools of the browser do: the page's own policy keeps scripts of others out.
        self.page.evaluate(self._axe)
        found = self.page.evaluate("axe.run()")["violations"]
        grave = [one for one in found if one["impact"] in {"serious", "critical"}]
        return [f"{self.page.url}: {one['id']} {one['nodes'][0]['html']}" for one in grave]

    def faults(self) -> list[str]:
        """Give what keeps people out, and complaints so far."""
        return self.barriers() + self.complaints

    def is_narrow(self, picture: str = "") -> bool:
        """Whether a phone shows the page without scrolling sideways. `picture` is the name of those that are taken at
        both widths where GAOYUAN_PICTURES names a folder.
        """
        folder = os.environ.get("GAOYUAN_PICTURES") if picture else None
        self.page.set_viewport_size({"width": NARROW, "height": _HIGH})
        until = time.monotonic() + _PATIENCE_SECONDS
        # Charts follow a moment later. What waits inside the page would be kept out by its policy.
        while (width := self.page.evaluate("document.documentElement.scrollWidth")) > NARROW:
            if time.monotonic() > until:
                break
            self.page.wait_for_timeout(100)
        if folder:
            self.page.screenshot(path=Path(folder) / f"{picture}-{NARROW}.png", full_page=True)
        self.page.set_viewport_size({"width": WIDE, "height": _HIGH})
        if folder:
            self.page.screenshot(path=Path(folder) / f"{picture}-{WIDE}.png", full_page=True)
        return width <= NARROW

    def look(self, picture: str) -> None:
        """See that nothing keeps people out of the page, that a phone shows it whole; `picture` as in `is_narrow`."""
        assert self.barriers() == [], picture
        assert self.is_narrow(picture), f"{self.page.url} has to be scrolled sideways"

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


class People:
    """People in browsers of their own: `keys` has the sessions of those who are signed in, all others are visitors.
    `walk` stands in the names of pictures.
    """

    def __init__(self, browser: Browser, served: Served, axe: str, keys: Mapping[str, str], walk: str) -> None:
        self._walk = walk
        self._browser, self._axe, self.served, self.keys = browser, axe, served, keys
        self._visits: dict[tuple[str, str], Visit] = {}

    @property
    def address(self) -> str:
        """Where the portal is."""
        return self.served.address

    @property
    def complaints(self) -> list[str]:
        """What all of their pages complain of."""
        return [told for visit in self._visits.values() for told in visit.complaints]

    def visit(self, who: str, language: str = "zh-CN") -> Visit:
        """Give somebody's visit in a language; always the same."""
        if (who, language) not in self._visits:
            size: Any = {"width": WIDE, "height": _HIGH}
            context = self._browser.new_context(viewport=size, locale=language, accept_downloads=True)
            if who in self.keys:
                context.add_cookies([{"name": "sessionid", "value": self.keys[who], "url": self.address}])
            self._visits[who, language] = Visit(context, self.address, self._axe)
        return self._visits[who, language]

    def go(self, who: str, path: str, language: str = "zh-CN") -> Page:
        """Let somebody open an address."""
        return self.visit(who, language).go(path)

    def page(self, who: str, language: str = "zh-CN") -> Page:
        """Give somebody's page as it is."""
        return self.visit(who, language).page

    def look(self, page: Page, picture: str) -> None:
        """Look at the page of one of them as `Visit.look` does."""
        self._of(page).look(f"{self._walk}-{picture}")

    def press(self, page: Page, name: str) -> None:
        """Press a button on the page of one of them."""
        self._of(page).press(name)

    def forgive(self, words: Iterable[str]) -> None:
        """Forget complaints that have one of these words in them."""
        for visit in self._visits.values():
            visit.complaints = [told for told in visit.complaints if not any(word in told for word in words)]

    def _of(self, page: Page) -> Visit:
        return next(one for one in self._visits.values() if one.page is page)

    def close(self) -> None:
        """Close their browsers."""
        for one in self._visits.values():
            one.context.close()
