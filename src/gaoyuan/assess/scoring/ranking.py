"""Ranking alternatives by a composite score, with what the ranking rests on and how far it can be trusted."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from gaoyuan.assess.scoring.facts import Errors, Facts, Finding, Indicator, read_facts
from gaoyuan.assess.scoring.methods import (
    TIE,
    Method,
    MethodName,
    Scale,
    rank_intervals,
    ranks,
    score_intervals,
    scores,
)
from gaoyuan.assess.scoring.stability import DEFAULT_TIE_LEVEL, Stability, stability, tiers
from gaoyuan.assess.scoring.weight_sampling import Restrictions
from gaoyuan.assess.scoring.weights import Weights, critic_weights, entropy_weights, equal_weights, given_weights
from gaoyuan.errors import InputError

WeightRule = Literal["equal", "entropy", "critic"]


@dataclass(frozen=True, eq=False)
class Ranking:
    """A ranking with what it rests on.

    `table` has the subject id as index (named `subject`), best first, and the columns

    - `score`, `score_low`, `score_high`: the method's score and its range over what is unknown; `score` is empty where
      the range is not a point. VIKOR's is better when smaller;
    - `rank`, `rank_low`, `rank_high`: from 1, ties share the best rank of their group; `rank` is empty where what is
      unknown leaves several;
    - `tier`: those who share one differ by less than the facts can carry, with the weights as used (see `tiers`);
    - `unknown`: the number of the alternative's unknown indicators; 0 is a complete one;
    - `mean_rank`, `rank_95_low`, `rank_95_high`, `first_acceptability`: over sampled weights and facts.

    `stability` varies weights and facts; `fact_stability` only the facts, with the weights as used: `tier` comes from
    it, and with exact facts it is the ranking itself. `findings` are what the reader has to know. `record` derives it
    all again from the same table and errors.
    """

    table: pd.DataFrame
    indicators: tuple[Indicator, ...]
    weights: Weights
    method: Method
    stability: Stability
    fact_stability: Stability
    restrictions: Restrictions | None
    tie_level: float
    seed: int
    facts_sha256: str
    findings: tuple[Finding, ...]

    @property
    def record(self) -> dict[str, object]:
        """What derives the ranking again from the same table and errors, in types that JSON has."""
        return {
            "indicators": [asdict(indicator) for indicator in self.indicators],
            "weights": dict(zip(self.weights.indicators, self.weights.values, strict=True)),
            "weights_origin": self.weights.origin,
            "consistency_ratio": self.weights.consistency.ratio if self.weights.consistency else None,
            "method": self.method.name,
            "normalisation": self.method.normalisation_used,
            "group_utility": self.method.group_utility if self.method.name == "vikor" else None,
            "restrictions": {
                "order": list(self.restrictions.order),
                "intervals": {name: list(ends) for name, ends in self.restrictions.intervals.items()},
            }
            if self.restrictions
            else None,
            "samples": self.stability.samples,
            "seed": self.seed,
            "tie_level": self.tie_level,
            "facts_sha256": self.facts_sha256,
            "libraries": {name: importlib.metadata.version(name) for name in ("numpy", "pymcdm")},
        }


def rank(
    table: pd.DataFrame,
    indicators: Sequence[Indicator],
    *,
    weights: Weights | Mapping[str, float] | WeightRule | None = None,
    method: Method | MethodName = "weighted sum",
    errors: Errors | None = None,
    restrictions: Restrictions | None = None,
    subject: str | None = None,
    samples: int | None = None,
    seed: int = 0,
    tie_level: float = DEFAULT_TIE_LEVEL,
) -> Ranking:
    """Rank alternatives (排名): clusters, regions or firms, by indicators of a table.

    `table` has a row an alternative with the subject id as index (or in the column `subject`), and a column for each of
    the `indicators`; missing values are unknown. An alternative with unknown indicators gets the interval of its score
    from the worst to the best case within each indicator's known range, and everybody the interval of ranks that
    follows; nothing unknown counts as zero or as an average.

    `weights`: one for each indicator, a rule, or `Weights` (such as those of `ahp_weights`); None takes equal ones,
    marked as the product's default, as no official weights exist. `errors` are the facts' standard errors or intervals.
    `restrictions` narrow the weights of the stability; `samples` and `seed` are those of `stability`. The order of rows
    changes nothing.

    Raises InputError for what cannot be read, ComparisonRefused for what the data cannot carry (see `read_facts`,
    `entropy_weights`, `critic_weights`, `score_intervals`).

    >>> clusters = pd.DataFrame({"output": [90, 60, 10], "energy": [5, None, 9]}, index=["towels", "pumps", "glass"])
    >>> ranking = rank(clusters, [Indicator("output"), Indicator("energy", "cost")], seed=1)
    >>> ranking.table[["score", "score_low", "score_high", "rank"]].rename_axis(index=None)
            score  score_low  score_high  rank
    towels    1.0     1.0000      1.0000     1
    pumps     NaN     0.3125      0.8125     2
    glass     0.0     0.0000      0.0000     3
    >>> ranking.weights.origin, ranking.findings[0].text
    ('product default', 'energy is unknown for 1 of 3; their scores and ranks are intervals')
    """
    facts = read_facts(table, indicators, errors=errors, subject=subject)
    used = method if isinstance(method, Method) else Method(method)
    chosen = _chosen(weights, facts)
    vector = chosen.for_indicators(facts.names)
    sampled = stability(facts, used, restrictions=restrictions, samples=samples, seed=seed)
    fixed = stability(facts, used, weights=vector, samples=samples, seed=seed)
    result = _scored(facts, vector, used)
    result["tier"] = tiers(fixed.winning, fixed.mean_rank, tie_level)
    result["unknown"] = facts.unknown.sum(axis=1)
    result["mean_rank"] = sampled.mean_rank
    result["rank_95_low"], result["rank_95_high"] = sampled.rank_low, sampled.rank_high
    result["first_acceptability"] = sampled.acceptability[:, 0]
    order = np.lexsort((np.arange(len(result)), fixed.mean_rank.round(9), result["tier"].to_numpy()))
    return Ranking(
        result.iloc[order], facts.indicators, chosen, used, sampled, fixed, restrictions, tie_level, seed,
        facts.sha256, (*facts.findings, *chosen.findings),
    )  # fmt: skip


def _chosen(weights: Weights | Mapping[str, float] | WeightRule | None, facts: Facts) -> Weights:
    if weights is None:
        return equal_weights(facts.names, origin="product default")
    if isinstance(weights, Weights):
        return weights
    if not isinstance(weights, str):
        return given_weights(weights)
    if weights not in get_args(WeightRule):
        raise InputError(
            f"{weights!r} is no rule for weights",
            mend=f"Rules are: {', '.join(get_args(WeightRule))}; or give the weights, or those of `ahp_weights`.",
            zh=f"没有名为 {weights!r} 的赋权方法",
            mend_zh=f"可用：{'、'.join(get_args(WeightRule))}；或直接给出权重",
        )
    return {"entropy": entropy_weights, "critic": critic_weights}.get(weights, _equal)(facts)


def _equal(facts: Facts) -> Weights:
    return equal_weights(facts.names)


def _scored(facts: Facts, weights: np.ndarray, method: Method) -> pd.DataFrame:
    scale = Scale(facts.signs, *facts.reference())
    sign = 1.0 if method.greater_is_better else -1.0
    if facts.unknown.any():
        low, high = score_intervals(*facts.bounds(), weights, scale, method)
        best, worst = rank_intervals(*((low, high) if sign > 0 else (-high, -low)))
    else:
        low = high = scores(facts.values, weights, scale, method)
        best = worst = ranks(sign * low)
    result = pd.DataFrame(index=pd.Index(facts.subjects, name="subject"))
    result["score"] = np.where(high - low <= TIE, (low + high) / 2, np.nan)
    result["score_low"], result["score_high"] = low, high
    result["rank"] = pd.array(best, dtype="Int64")
    result.loc[best < worst, "rank"] = pd.NA
    result["rank_low"], result["rank_high"] = best, worst
    return result
