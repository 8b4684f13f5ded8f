"""Challenges (发榜揭榜): what of a need may be published, whose answers count, and how answers compare."""

from gaoyuan.exchange.challenges.comparing import CRITERIA, Answer, Criterion, Judged, compare_answers
from gaoyuan.exchange.challenges.need import ChallengeInvalid, Need, publishable
from gaoyuan.exchange.challenges.support import Payment, SupportBalance, support_balance

__all__ = [
    "CRITERIA",
    "Answer",
    "ChallengeInvalid",
    "Criterion",
    "Judged",
    "Need",
    "Payment",
    "SupportBalance",
    "compare_answers",
    "publishable",
    "support_balance",
]
