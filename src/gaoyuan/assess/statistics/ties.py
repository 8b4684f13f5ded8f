"""Which places of a ranking can be told apart (并列): what facts and weights leave open shares one rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaoyuan.assess.scoring import Ranking, Stability, tiers
from gaoyuan.assess.scoring.methods import TIE


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a ranking; those that are `tied` share the best rank of their group (1, 1, 3).

    `ahead` is the probability that it stands above the next one, over sampled weights and the errors of facts: a tie in
    a sample counts half; None for the last one. `open` says that this is below the level of ties.
    """

    subject: str
    rank: int
    tied: bool
    ahead: float | None
    open: bool


def decisive(ranking: Ranking) -> Stability:
    """Give what decides on ties: the facts' errors with the weights that somebody chose; where nobody chose any, also
    the sampled weights, as the order may then rest on no weights in particular.
    """
    return ranking.stability if ranking.weights.origin == "product default" else ranking.fact_stability


def places(ranking: Ranking) -> list[Place]:
    """Give the places of a ranking, the best first, with ties.

    Ties are the tiers of `decisive` (see `tiers`): what the leader of a tier does not stand above with a probability of
    at least `ranking.tie_level`. Within a tier the one with the least mean rank comes first.
    """
    used = decisive(ranking)
    tier = tiers(used.winning, used.mean_rank, ranking.tie_level)
    order = np.lexsort((np.arange(len(tier)), used.mean_rank.round(9), tier))
    found = []
    for at, here in enumerate(order):
        last = at + 1 == len(order)
        ahead = None if last else float(ranking.stability.winning[here, order[at + 1]])
        found.append(
            Place(
                used.subjects[here],
                int(np.count_nonzero(tier < tier[here])) + 1,
                bool(np.count_nonzero(tier == tier[here]) > 1),
                ahead,
                ahead is not None and ahead < ranking.tie_level - TIE,
            )
        )
    return found
