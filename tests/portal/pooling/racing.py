"""Firms commit at once into the last room of a cap, on an empty database of its own; ends with 1 where it was exceeded.

Run in a process of its own: threads need transactions that end, tests undo theirs.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import django

_FIRMS, _WANTED, _CAP = 6, 40, 100


def race() -> list[str]:
    """Let them race, and give what is wrong."""
    from django.db import connections

    from gaoyuan.exchange.refusal import Refusal
    from gaoyuan.portal.cases.models import Case
    from gaoyuan.portal.pooling.models import Commitment

    sys.path.insert(0, str(Path(__file__).parent))
    from campaigns import TERMS, firm, opened  # pyright: ignore[reportMissingImports]

    pool = opened(replace(TERMS, cap=_CAP))
    names = [f"厂{at}" for at in range(_FIRMS)]
    for name in names:
        pool.members[name] = firm(name)
    together = Barrier(_FIRMS)

    def commit(name: str) -> Case | Refusal:
        try:
            together.wait(60)
            return pool.commit(name, _WANTED, "12")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(_FIRMS) as threads:
        answers = list(threads.map(commit, names))
    confirmed = sorted(name for name, answer in zip(names, answers, strict=True) if isinstance(answer, Case))
    kept = sorted(Commitment.unscoped.filter(case=pool.case).values_list("organisation__name", flat=True))
    wrong = []
    if kept != confirmed:
        wrong.append(f"confirmed {confirmed}, kept {kept}")
    if len(confirmed) != _CAP // _WANTED:
        wrong.append(f"{len(confirmed)} were confirmed")
    facts = pool.again().facts
    if (facts["committed"], facts["room"]) != ("80", "20"):
        wrong.append(f"the case says {facts}")
    said = {answer.zh for answer in answers if isinstance(answer, Refusal)}
    if said != {"超过剩余可认购量"}:
        wrong.append(f"those who came too late were told {said}")
    return wrong


if __name__ == "__main__":
    django.setup()
    wrong = race()
    print("\n".join(wrong) or "never above the cap")
    sys.exit(1 if wrong else 0)
