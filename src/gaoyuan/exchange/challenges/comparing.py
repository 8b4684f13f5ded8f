"""How answers to a challenge compare: by team, ability, plan and fit, with weights that are published beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gaoyuan.exchange.challenges.need import ChallengeInvalid

__all__ = ["CRITERIA", "Answer", "Criterion", "Judged", "compare_answers"]

Criterion: TypeAlias = Literal["team", "ability", "plan", "fit"]
CRITERIA: dict[Criterion, tuple[str, str]] = {
    "team": ("团队水平", "team"),
    "ability": ("研发能力", "ability"),
    "plan": ("攻关方案", "plan"),
    "fit": ("与需求匹配度", "fit"),
}
"""The criteria of the official calls, which give them no weights."""
_MOST = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: who gives it, its marks of 0 to 10 by criterion (None: not marked yet), and whether the party is a
    small or medium firm by the size rule (None: not known).
    """

    party: str
    marks: Mapping[Criterion, float | None]
    is_small_or_medium: bool | None


@dataclass(frozen=True, slots=True)
class Judged:
    """Where an answer stands: between which scores (they differ where marks are missing), and its best and worst rank.
    `admitted` is False for a party that is no small or medium firm, None where that is not known.
    """

    party: str
    low: float
    high: float
    best_rank: int | None
    worst_rank: int | None
    admitted: bool | None
    zh: str
    en: str


def compare_answers(answers: Sequence[Answer], weights: Mapping[Criterion, float] | None = None) -> list[Judged]:
    """Compare answers by the weighted mean of their marks, equal weights where none are given; the best first.

    A missing mark is any of 0 to 10: two answers whose scores overlap are not put in an order, both have the ranks that
    they could have. Who is known to be no small or medium firm has no rank. Raises ChallengeInvalid where a mark is
    outside 0 to 10, a weight negative or all weights zero, or a party answers twice.

    >>> full = Answer("甲", {"team": 8, "ability": 8, "plan": 8, "fit": 8}, True)
    >>> half = Answer("乙", {"team": 9, "ability": 2, "plan": 2, "fit": None}, True)
    >>> [(one.party, one.low, one.high, one.best_rank) for one in compare_answers([half, full])]
    [('甲', 8.0, 8.0, 1), ('乙', 3.25, 5.75, 2)]
    """
    given: dict[Criterion, float] = {name: 1.0 if weights is None else weights.get(name, 0.0) for name in CRITERIA}
    if min(given.values()) < 0 or sum(given.values()) <= 0:
        raise ChallengeInvalid("weights are positive, at least one of them", zh="权重不能为负，且不能全为零")
    parties = [answer.party for answer in answers]
    if len(set(parties)) < len(parties):
        twice = next(party for party in parties if parties.count(party) > 1)
        raise ChallengeInvalid(f"{twice!r} answers twice", zh=f"{twice} 重复揭榜")
    spans = {answer.party: _span(answer, given) for answer in answers}
    ranked = [answer for answer in answers if answer.is_small_or_medium is not False]
    judged = [_judged(answer, spans, ranked) for answer in answers]
    return sorted(judged, key=lambda one: (one.admitted is False, -(one.low + one.high), one.party))


def _span(answer: Answer, weights: Mapping[Criterion, float]) -> tuple[float, float]:
    low = high = 0.0
    for name, weight in weights.items():
        mark = answer.marks.get(name)
        if mark is not None and not 0 <= mark <= _MOST:
            raise ChallengeInvalid(
                f"{answer.party!r}: a mark of {mark} is not from 0 to {_MOST}",
                zh=f"{answer.party} 的评分须为 0 至 {_MOST}",
            )
        low += weight * (0 if mark is None else mark)
        high += weight * (_MOST if mark is None else mark)
    whole = sum(weights.values())
    return low / whole, high / whole


def _judged(answer: Answer, spans: Mapping[str, tuple[float, float]], ranked: Sequence[Answer]) -> Judged:
    low, high = spans[answer.party]
    missing = [CRITERIA[name] for name in CRITERIA if answer.marks.get(name) is None]
    zh = "尚缺评分：" + "、".join(one for one, _ in missing) if missing else "评分齐全"
    en = "no mark yet for " + ", ".join(one for _, one in missing) if missing else "fully marked"
    if answer.is_small_or_medium is False:
        return Judged(answer.party, low, high, None, None, False, "不是中小企业，不能揭榜", "no small or medium firm")
    if answer.is_small_or_medium is None:
        zh, en = f"{zh}；企业规模未知", f"{en}; size not known"
    others = [spans[other.party] for other in ranked if other.party != answer.party]
    best = 1 + sum(other_low > high for other_low, _ in others)
    worst = 1 + sum(other_high > low for _, other_high in others)
    return Judged(answer.party, low, high, best, max(best, worst), answer.is_small_or_medium, zh, en)
