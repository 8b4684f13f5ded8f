"""The forms of a page as a browser would send them, with what stands in their fields already."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["PageForm", "forms_of"]

_NOT_SENT = {"submit", "button", "file", "image", "reset"}


@dataclass
class PageForm:
    """A form of a page: where it goes ("" for the page itself), its fields with their values, all their names, and the
    options of its lists, each with its words.
    """

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    options: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def chosen(self, name: str, words: str) -> str:
        """Give the value of the first option of a list that has some words, the words where none has them."""
        return next((value for value, said in self.options.get(name, ()) if words in said), words)


def forms_of(page: str) -> list[PageForm]:
    """Give the forms of a page.

    >>> forms_of('<form action="/a/"><input name="x" value="1"></form>')
    [PageForm(action='/a/', fields={'x': ['1']}, names={'x'}, options={})]
    """
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._open = False
        self._select = self._area = ""
        self._first: str | None = None
        self._option = False
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(held.get("action", "")))
            self._open = True
        elif not self._open:
            return
        elif tag == "input":
            self._input(held)
        elif tag == "button":
            # A button that says what it is is pressed by naming it among what is typed.
            self.forms[-1].names |= {held["name"]} if held.get("name") else set()
        elif tag == "select":
            self._select, self._first = held.get("name", ""), None if "multiple" not in held else ""
            self.forms[-1].names.add(self._select)
        elif tag == "option" and self._select:
            if self._first is None:
                self._first = held.get("value", "")
            self.forms[-1].options.setdefault(self._select, []).append((held.get("value", ""), ""))
            self._option = True
            if "selected" in held:
                self._add(self._select, held.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = held.get("name", ""), []
            self.forms[-1].names.add(self._area)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "option":
            self._option = False
        elif tag == "select" and self._open:
            # A browser sends the first option where none is chosen.
            if self._first and self._select not in self.forms[-1].fields:
                self._add(self._select, self._first)
            self._select = ""
        elif tag == "textarea" and self._area:
            self._add(self._area, "".join(self._text).removeprefix("\n"))
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._option and self._select:
            options = self.forms[-1].options[self._select]
            options[-1] = (options[-1][0], options[-1][1] + data)
        if self._area:
            self._text.append(data)

    def _input(self, held: dict[str, str]) -> None:
        name, kind = held.get("name", ""), held.get("type", "text")
        if not name or kind in _NOT_SENT:
            return
        self.forms[-1].names.add(name)
        ticked = kind in {"checkbox", "radio"}
        if not ticked or "checked" in held:
            self._add(name, held.get("value", "on" if ticked else ""))

    def _add(self, name: str, value: str) -> None:
        if name:
            self.forms[-1].fields.setdefault(name, []).append(value)
