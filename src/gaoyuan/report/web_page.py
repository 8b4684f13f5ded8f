"""A document as a web page: one file that loads nothing, for the screen, the telephone and the printer."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from gaoyuan.report.arranged import ArrangedFigure
from gaoyuan.report.arrangement import NO_ROWS, arrange
from gaoyuan.report.document import Document
from gaoyuan.report.drawings import plain_drawing

__all__ = ["web_page"]


def web_page(document: Document) -> str:
    """Give a document as the text of one HTML file; the same document gives the same text.

    The page runs no scripts, and its content security policy lets it load nothing. Footnotes stand at its end, linked
    both ways. Drawings are part of it, cleaned by `gaoyuan.report.drawings`. Raises ValueError as `arrange` does.

    >>> import datetime
    >>> from gaoyuan.report.document import Paragraph
    >>> "1 &lt; 2" in web_page(Document("报告", datetime.date(2026, 1, 5), (Paragraph("1 < 2"),)))
    True
    """
    arranged = arrange(document)
    style = _file("report.css")
    drawings = {
        position: _drawing(block, f"drawing-{position}-")
        for position, block in enumerate(arranged.blocks)
        if isinstance(block, ArrangedFigure)
    }
    return _template().render(
        document=arranged,
        drawings=drawings,
        no_rows=NO_ROWS,
        # Our own file, and the only style that the policy lets through.
        style=Markup(style),
        policy=_policy(style),
    )


def _drawing(figure: ArrangedFigure, prefix: str) -> Markup:
    """Give a drawing as a part of the page: its ids its own, and one picture with one description to readers."""
    root = ElementTree.fromstring(plain_drawing(figure.svg, prefix))
    root.set("role", "img")
    root.set("aria-label", figure.alternative)
    if not root.get("viewBox"):
        # Without it the drawing would be cut off where the page is narrow.
        root.set("viewBox", f"0 0 {_number(root, 'width')} {_number(root, 'height')}")
    # What is left after cleaning are shapes and escaped texts.
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _number(root: ElementTree.Element, name: str) -> str:
    return root.get(name, "").strip().removesuffix("pt").removesuffix("px")


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_file), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template("report.html")


def _file(name: str) -> str:
    return (files("gaoyuan.report") / "templates" / name).read_text(encoding="utf-8")
