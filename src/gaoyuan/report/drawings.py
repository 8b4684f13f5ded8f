"""Drawings (SVG) as pages with a strict policy may hold them: no scripts, no styles, nothing loaded."""

from __future__ import annotations

import re
from xml.etree import ElementTree

__all__ = ["drawing_size", "plain_drawing"]

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ELEMENTS = _words(
    """svg g defs path rect circle ellipse line polyline polygon text tspan use clipPath pattern symbol linearGradient
    radialGradient stop marker mask title desc"""
)
_ATTRIBUTES = _words(
    """id d x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height viewBox points transform offset version
    preserveAspectRatio patternUnits patternTransform patternContentUnits clipPathUnits gradientUnits gradientTransform
    spreadMethod markerWidth markerHeight refX refY orient maskUnits clip-path clip-rule mask fill fill-opacity
    fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit opacity font-family font-size font-weight font-style text-anchor dominant-baseline letter-spacing
    stop-color stop-opacity textLength lengthAdjust paint-order"""
)
_REFERRING = frozenset(("href", f"{{{_XLINK}}}href"))
_FOREIGN_URL = re.compile(r"url\(\s*['\"]?(?!\s*['\"]?#)", re.IGNORECASE)
_OWN_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]*)['\"]?\s*\)")
_LENGTH = re.compile(r"\s*([0-9.]+)\s*(pt|px|)\s*$")
_POINTS = {"pt": 1.0, "px": 0.75, "": 0.75}

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


def plain_drawing(svg: str, prefix: str = "") -> str:
    """Give a drawing with only shapes and texts left in it, styles as attributes, and `prefix` before every id.

    What could run, load or style a page it stands in goes: scripts, event attributes, style sheets, foreign objects,
    links and addresses outside the drawing. Equal drawings stay equal, and a plain one stays as it is. Raises
    ValueError where the text is not SVG.

    >>> plain_drawing('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script/><g style="fill: red"/></svg>')
    '<svg xmlns="http://www.w3.org/2000/svg"><g fill="red" /></svg>'
    """
    root = _parsed(svg)
    _clean(root, prefix)
    return ElementTree.tostring(root, encoding="unicode")


def drawing_size(svg: str) -> tuple[float, float]:
    """Give the width and height of a drawing in points (1/72 inch); raises ValueError where it names none."""
    root = _parsed(svg)
    sizes = [_LENGTH.match(root.get(name, "")) for name in ("width", "height")]
    if all(sizes):
        width, height = (float(size[1]) * _POINTS[size[2]] for size in sizes if size)
    else:
        box = root.get("viewBox", "").replace(",", " ").split()
        try:
            width, height = (float(part) * _POINTS["px"] for part in box[2:4])
        except ValueError:
            raise ValueError("the drawing names neither width and height nor a viewBox") from None
    if not (width > 0 and height > 0):
        raise ValueError(f"the drawing is {width} by {height} points large")
    return width, height


def _parsed(svg: str) -> ElementTree.Element:
    if re.search(r"<!ENTITY", svg, re.IGNORECASE):
        raise ValueError("the drawing defines entities, which a drawing does not need")
    try:
        # A parser of text takes no notice of the encoding that the text declares.
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise ValueError(f"the drawing is not well-formed SVG: {error}") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise ValueError(f"the drawing's outermost element is {root.tag!r}, not svg")
    return root


def _clean(element: ElementTree.Element, prefix: str) -> None:
    attributes = dict(element.attrib)
    attributes.update(_declarations(attributes.pop("style", "")))
    element.attrib.clear()
    for name, value in attributes.items():
        if name in _REFERRING and value.startswith("#"):
            element.set(f"{{{_XLINK}}}href", f"#{prefix}{value[1:]}")
        elif name == "id":
            element.set("id", prefix + value)
        elif name in _ATTRIBUTES and not _FOREIGN_URL.search(value):
            element.set(name, _OWN_URL.sub(lambda match: f"url(#{prefix}{match[1]})", value))
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag.removeprefix(f"{{{_SVG}}}") not in _ELEMENTS:
            element.remove(child)
        else:
            _clean(child, prefix)
    if element.tag not in (f"{{{_SVG}}}text", f"{{{_SVG}}}tspan", f"{{{_SVG}}}title", f"{{{_SVG}}}desc"):
        element.text = None
        for child in element:
            child.tail = None


def _declarations(style: str) -> dict[str, str]:
    """Split a style attribute into presentation attributes, which a policy without styles lets through."""
    found = {}
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon and name.strip() in _ATTRIBUTES:
            found[name.strip()] = value.strip()
    return found
