"""Challenges (发榜揭榜): what of a need may be published, whose answers count, and how answers compare."""

from gaoyuan.exchange.challenges.comparing import CRITERIA, Answer, Criterion, Judged, compare_answers
from gaoyuan.exchange.challenges.need import FIELDS, ChallengeInvalid, Need, publishable
from gaoyuan.exchange.challenges.size import SizeFigures, SizeJudged, judge_size
from gaoyuan.exchange.challenges.support import Payment, SupportBalance, support_balance

__all__ = [
    "CRITERIA",
    "FIELDS",
    "Answer",
    "ChallengeInvalid",
    "Criterion",
    "Judged",
    "Need",
    "Payment",
    "SizeFigures",
    "SizeJudged",
    "SupportBalance",
    "compare_answers",
    "judge_size",
    "publishable",
    "support_balance",
]
