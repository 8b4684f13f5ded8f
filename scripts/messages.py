#!/usr/bin/env python
"""The Chinese texts of the portal: `messages.py` compiles them, `messages.py --check` says which are missing or wrong.

Texts stand in English in the code and the templates. Their Chinese stands in the app's own
`locale/zh_Hans/LC_MESSAGES/django.po` or, for what several apps say, in that of the portal, and is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PORTAL = Path(__file__).parents[1] / "src/gaoyuan/portal"
_PO = Path("locale/zh_Hans/LC_MESSAGES/django.po")
_ONE = ("_", "gettext", "gettext_lazy", "gettext_noop")
_MANY = ("ngettext", "ngettext_lazy")
_KEYWORDS = {
    **dict.fromkeys(_ONE),
    **dict.fromkeys(_MANY, (1, 2)),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_GAP = re.compile(r"%(?:\(\w+\))?[sdif]|\{\w*\}")
"""What is filled into a text."""


def compile_all(portal: Path = PORTAL) -> list[Path]:
    """Write beside each .po its .mo where it has changed; give those written."""
    written = []
    for po in sorted(portal.rglob(str(_PO))):
        text = BytesIO()
        write_mo(text, _read(po))
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != text.getvalue():
            mo.write_bytes(text.getvalue())
            written.append(mo)
    return written


def faults(portal: Path = PORTAL) -> list[str]:
    """Give one line for each text without Chinese, and for each whose Chinese does not take the same values."""
    found = []
    catalogs = {po.parents[3]: _read(po) for po in sorted(portal.rglob(str(_PO)))}
    shared = catalogs.get(portal, Catalog())
    files = {*portal.rglob("*.py"), *portal.rglob("*.html"), *portal.rglob("*.txt")}
    for file in sorted(file for file in files if "static" not in file.relative_to(portal).parts):
        app = portal / file.relative_to(portal).parts[0]
        for line, text, context in texts_of(file):
            known = [one.get(text, context) for one in (catalogs.get(app, Catalog()), shared)]
            if not any(one is not None and one.string and not one.fuzzy for one in known):
                found.append(f"{file.relative_to(portal)}:{line}: no Chinese for {text!r}")
    for folder, catalog in catalogs.items():
        found += [
            f"{(folder / _PO).relative_to(portal)}:{line}: other values in {text!r}" for line, text in _lost(catalog)
        ]
    return [*found, *_twice(catalogs, portal)]


def _twice(catalogs: dict[Path, Catalog], portal: Path) -> Iterator[str]:
    """Tell of texts that have another Chinese in another app. Django holds one catalog of all apps, in which one of
    them would win everywhere: what means something else has a context of its own.
    """
    known: dict[tuple[str | None, str], tuple[Path, str]] = {}
    for folder, catalog in catalogs.items():
        for one in catalog:
            text, chinese = (each if isinstance(each, str) else str((each or [""])[0]) for each in (one.id, one.string))
            where, said = known.setdefault((one.context, text), (folder, chinese))
            if text and said != chinese:
                place = (folder / _PO).relative_to(portal)
                yield f"{place}:{one.lineno}: {text!r} is {chinese!r} here, {said!r} in {where.name}: give it a context"


def _lost(catalog: Catalog) -> Iterator[tuple[int | None, str]]:
    """Give line and Chinese of texts that do not take the values of their English."""
    for one in catalog:
        ids, strings = (each if isinstance(each, list | tuple) else (each,) for each in (one.id, one.string))
        for string in strings:
            # Chinese has one form for one and many: it takes what the form for many takes.
            if one.id and string and set(_GAP.findall(str(ids[-1]))) != set(_GAP.findall(string)):
                yield one.lineno, string


def texts_of(file: Path) -> Iterator[tuple[int, str, str | None]]:
    """Give line, text and context of every text of a Python module or a template that is to be translated; of a text
    with a form for many the form for one, by which catalogs know it.
    """
    source = file.read_text("utf-8")
    if file.suffix != ".py":
        source = _templatize(source, str(file))
    for line, message, _, context in extract("python", BytesIO(source.encode()), keywords=_KEYWORDS):
        text = message[0] if isinstance(message, tuple) else message
        if text:
            yield line, text, context


def _templatize(source: str, origin: str) -> str:
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    return templatize(source, origin=origin)


def _read(po: Path) -> Catalog:
    with po.open("rb") as opened:
        return read_po(opened, locale="zh_Hans", domain="django", abort_invalid=True)


def main() -> int:
    """Compile, or check."""
    if sys.argv[1:] == ["--check"]:
        lines = faults()
        print("\n".join(lines) if lines else "every text has its Chinese")
        return 1 if lines else 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
