#!/usr/bin/env python
"""Write the page of the documentation that lists the shipped editions of rules: `docs/editions.md`.

.venv/bin/python scripts/rule-editions.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gaoyuan.assess import Criterion, Edition, Status, editions
from gaoyuan.assess.rules.model import Score, Threshold
from gaoyuan.assess.rules.walk import walk

DOCS = Path(__file__).parents[1] / "docs"
_SUBJECTS = {
    "cluster": "Clusters",
    "enterprise": "Enterprises",
    "region": "Regions",
    "project": "Projects",
}
_HEAD = """# Editions of rules

The rules that ship, by what they judge. `gaoyuan rules ID` shows one with its source, settings, notes and every
criterion; [Rules and verdicts](rules.md) says what the words mean.

Rules were typed for this project from public texts. *Status* is that of the text: `official` was seen in the official
text or a verbatim copy, `secondary` in news, notices or programs that quote it, `unverified` not at all, `draft` is not
in force. Each criterion has a status of its own; the last column of each table counts those that are weaker than
`official`. A number that was not seen is left empty, never guessed: its criterion is unknown until who has the text
gives it as a [setting](rules.md#as-of-date-windows-of-years-settings), or in a copy of the file.

This page is written by `scripts/rule-editions.py` from the files that the program uses."""


def editions_page() -> str:
    """Give the page of shipped editions."""
    parts = [_HEAD, ""]
    for subject, heading in _SUBJECTS.items():
        own = [one for one in editions() if one.subject == subject]
        parts += [f"## {heading}", "", *_table(own), ""]
    parts += ["## What is unverified or empty", "", *_gaps()]
    return "\n".join(parts).rstrip() + "\n"


def _table(own: list[Edition]) -> list[str]:
    rows = [
        "| edition | title | document | region | status | in force | criteria | of these not official |",
        "|---|---|---|---|---|---|---:|---|",
    ]
    for one in own:
        title = f"{one.title_zh}<br>{one.title_en}"
        cells = [f"`{one.key}`", title, one.document_number or "-", one.region_zh, one.status.value, _span(one),
                 str(len(one.criteria)), _weaker(one)]  # fmt: skip
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return rows


def _span(one: Edition) -> str:
    """Give from when to when an edition holds; an end that was not seen is open."""
    spans = {name: f"{begin or '…'} to {end or '…'}" for name, (begin, end) in one.effective.items()}
    if len(set(spans.values())) == 1:
        return next(iter(spans.values()))
    return "<br>".join(f"{name}: {span}" for name, span in spans.items())


def _weaker(one: Edition) -> str:
    counts = Counter(criterion.status for criterion in one.criteria)
    return (
        ", ".join(f"{counts[status]} {status.value}" for status in Status if status != "official" and counts[status])
        or "-"
    )


def _gaps() -> Iterator[str]:
    yield "| edition | unverified criteria | numbers that are missing | settings without a number |"
    yield "|---|---|---|---|"
    for one in editions():
        every = list(walk(one.criteria))
        unverified = [criterion.id for criterion in one.criteria if criterion.status is Status.UNVERIFIED]
        empty = [criterion.id for criterion in every if _is_empty(criterion)]
        open_ = [name for name, setting in one.settings.items() if setting.default is None]
        if unverified or empty or open_:
            named = [_named(unverified), _named(empty), ", ".join(f"`{name}`" for name in open_) or "-"]
            yield f"| `{one.key}` | " + " | ".join(named) + " |"


def _named(ids: list[str], most: int = 12) -> str:
    shown = ", ".join(ids[:most])
    return (shown + (f" and {len(ids) - most} more" if len(ids) > most else "")) or "-"


def _is_empty(criterion: Criterion) -> bool:
    rule = criterion.rule
    return isinstance(rule, Threshold | Score) and rule.bound is None


PAGES = {"editions.md": editions_page}


def main() -> None:
    """Write the page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
