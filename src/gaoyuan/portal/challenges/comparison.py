"""Answers beside one another: marks, ranks, prices, for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from gaoyuan.exchange.challenges import CRITERIA, Answer, Criterion, Judged, compare_answers
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.challenges.models import Answer as AnswerRow
from gaoyuan.portal.challenges.models import Marks, NeedForm
from gaoyuan.portal.challenges.seeing import answers_seen_by

__all__ = ["Compared", "compared"]


@dataclass(frozen=True, slots=True)
class Compared:
    """An answer and where it stands."""

    answer: AnswerRow
    marks: dict[str, float | None]
    judged: Judged

    @property
    def rank(self) -> str:
        """Its rank, or between which ranks it stands where marks are missing."""
        best, worst = self.judged.best_rank, self.judged.worst_rank
        if best is None:
            return "—"
        return str(best) if best == worst else f"{best}–{worst}"

    @property
    def score(self) -> str:
        """Its score, or between which scores it lies."""
        low, high = self.judged.low, self.judged.high
        return f"{low:.2f}" if low == high else f"{low:.2f}–{high:.2f}"

    @property
    def words(self) -> str:
        """What the rank does not say."""
        return self.judged.en if get_language() == "en" else self.judged.zh


def compared(viewer: Viewer, case: Case) -> list[Compared]:
    """Compare the opened answers of a challenge that a viewer may see, the best first."""
    rows = {str(one.pk): one for one in answers_seen_by(viewer).filter(case=case, opened__isnull=False)}
    held = {str(one.answer.pk): one for one in Marks.unscoped.filter(answer__in=rows).select_related("answer")}
    need = NeedForm.unscoped.filter(case=case).first()
    marks: dict[str, dict[Criterion, float | None]] = {
        pk: {name: _mark(held.get(pk), name) for name in CRITERIA} for pk in rows
    }
    weights: dict[Criterion, float] | None = None
    if need is not None and any(need.weights.values()):
        weights = {name: float(need.weights.get(name, 0)) for name in CRITERIA}
    judged = compare_answers([Answer(pk, marks[pk], True) for pk in rows], weights)
    return [
        Compared(rows[one.party], {str(name): mark for name, mark in marks[one.party].items()}, one) for one in judged
    ]


def _mark(held: Marks | None, name: str) -> float | None:
    mark = getattr(held, name, None)
    return None if mark is None else float(mark)
