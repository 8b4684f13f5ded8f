"""Composite scores and rankings of clusters, regions or firms, with the stability of each ranking.

`rank` ties all together; the rest are its parts. No official weights exist: a ranking says whose weights it uses.
"""

from gaoyuan.assess.scoring.ahp import (
    ahp_weights,
)
from gaoyuan.assess.scoring.facts import (
    Errors,
    Facts,
    Finding,
    Indicator,
    read_facts,
)
from gaoyuan.assess.scoring.methods import (
    Method,
    Scale,
    rank_intervals,
    ranks,
    score_intervals,
    scores,
)
from gaoyuan.assess.scoring.ranking import (
    Ranking,
    rank,
)
from gaoyuan.assess.scoring.stability import (
    Stability,
    stability,
    tiers,
)
from gaoyuan.assess.scoring.weight_sampling import (
    Restrictions,
    sample_weights,
)
from gaoyuan.assess.scoring.weights import (
    Consistency,
    Weights,
    critic_weights,
    entropy_weights,
    equal_weights,
    given_weights,
)

__all__ = [
    "Consistency",
    "Errors",
    "Facts",
    "Finding",
    "Indicator",
    "Method",
    "Ranking",
    "Restrictions",
    "Scale",
    "Stability",
    "Weights",
    "ahp_weights",
    "critic_weights",
    "entropy_weights",
    "equal_weights",
    "given_weights",
    "rank",
    "rank_intervals",
    "ranks",
    "read_facts",
    "sample_weights",
    "score_intervals",
    "scores",
    "stability",
    "tiers",
]
