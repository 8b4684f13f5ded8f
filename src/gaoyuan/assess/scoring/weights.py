"""Weights of indicators: given, equal, or drawn from the data by entropy or CRITIC.

No official weights exist: whoever ranks chooses, and weights say where they come from. Weights from pairwise
judgements are in `ahp`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gaoyuan.assess.scoring.facts import Facts, Finding, Matrix, Vector
from gaoyuan.errors import ComparisonRefused, InputError

Origin = Literal["given", "equal", "entropy", "critic", "ahp", "product default"]

_ALIKE = 1e-12


@dataclass(frozen=True)
class Consistency:
    """How consistent pairwise judgements are: the principal eigenvalue, the consistency index and its ratio."""

    principal_eigenvalue: float
    index: float
    ratio: float


@dataclass(frozen=True)
class Weights:
    """Weights (权重) that sum to 1, one an indicator, and where they come from.

    `alternatives_used` is how many alternatives data-driven weights rest on, None for others; `consistency` is that of
    the judgements of AHP.
    """

    indicators: tuple[str, ...]
    values: tuple[float, ...]
    origin: Origin
    alternatives_used: int | None = None
    consistency: Consistency | None = None
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        values = np.array(self.values)
        if len(set(self.indicators)) != len(values) or not (values >= 0).all() or not np.isclose(values.sum(), 1.0):
            raise InputError(
                "weights must be at least 0, sum to 1, and be one for each indicator", mend="Use `given_weights`."
            )

    def for_indicators(self, names: Sequence[str]) -> Vector:
        """Give the weights (m) in the order of the names; InputError where they are not for these indicators."""
        return np.array(list(_matched(dict(zip(self.indicators, self.values, strict=True)), names).values()))


def given_weights(weights: Mapping[str, float], *, origin: Origin = "given") -> Weights:
    """Give a user's weights, divided by their sum. Zero is allowed; InputError for negative or no numbers, or sum 0.

    `origin` is "product default" for weights that the product proposes.

    >>> given_weights({"output": 3, "patents": 1}).values
    (0.75, 0.25)
    """
    for name, weight in weights.items():
        if not np.isfinite(weight) or weight < 0:
            raise InputError(
                f"{weight} is no weight",
                where=name,
                mend="Weights are finite numbers of at least 0.",
                zh=f"{weight} 不是权重",
                mend_zh="权重为不小于 0 的数",
            )
    total = float(sum(weights.values()))
    if not 0 < total < np.inf:
        raise InputError(
            "the weights sum to nothing",
            mend="Give at least one indicator a weight above 0.",
            zh="权重之和为零",
            mend_zh="至少给一个指标大于 0 的权重",
        )
    return Weights(tuple(weights), tuple(float(weight) / total for weight in weights.values()), origin)


def equal_weights(names: Sequence[str], *, origin: Origin = "equal") -> Weights:
    """Give every indicator the same weight.

    >>> equal_weights(["output", "patents"]).values
    (0.5, 0.5)
    """
    return given_weights(dict.fromkeys(names, 1.0), origin=origin)


def entropy_weights(facts: Facts) -> Weights:
    """Give entropy weights (熵权法): the less evenly an indicator is spread over the alternatives, the more it weighs.

    p_ij = x_ij / Σ_i x_ij, e_j = -Σ_i p_ij ln p_ij / ln n with 0 ln 0 = 0, w_j = (1 - e_j) / Σ_j (1 - e_j): Shannon
    (1948), A mathematical theory of communication; as weights in Hwang & Yoon (1981), Multiple attribute decision
    making. The direction of an indicator does not matter; its zero does, so that it needs a ratio scale.

    Rests on the alternatives all of whose indicators are known. A constant indicator, also one of zeros only, weighs 0.
    Raises InputError for negative values; ComparisonRefused with fewer than two complete alternatives, or where
    all indicators are constant.

    >>> import pandas as pd
    >>> from gaoyuan.assess.scoring.facts import Indicator, read_facts
    >>> table = pd.DataFrame({"even": [1, 1], "uneven": [0, 1]}, index=["a", "b"])
    >>> entropy_weights(read_facts(table, [Indicator("even"), Indicator("uneven")])).values
    (0.0, 1.0)
    """
    values, varying = _complete(facts, "entropy")
    negative = (values < 0).any(axis=0)
    if negative.any():
        raise InputError(
            "entropy weights need shares of a total, and there are negative values",
            where=", ".join(np.array(facts.names)[negative]),
            mend="Choose CRITIC, equal or given weights, or leave the indicator out.",
            zh="熵权法要求数值不为负，而有负值",
            mend_zh="改用 CRITIC、等权或给定权重，或去掉该指标",
        )
    information = np.zeros(values.shape[1])
    held = values[:, varying]
    # pymcdm's entropy weights refuse zeros, which are common among counts; SciPy's entropy has the limit 0 ln 0 = 0.
    # Importing scipy.stats takes half a second, which only those who ask for these weights should wait.
    import scipy.stats

    entropy = np.asarray(scipy.stats.entropy(held, axis=0)) / np.log(len(held))
    information[varying] = np.maximum(1.0 - entropy, 0.0)
    return _from_data(facts, information, "entropy", len(values))


def critic_weights(facts: Facts) -> Weights:
    """Give CRITIC weights: an indicator weighs by its contrast and by its conflict with the others.

    x scaled to 0..1 towards the better end, C_j = s_j Σ_k (1 - r_jk) with s_j its standard deviation and r_jk Pearson's
    correlation, w_j = C_j / Σ C: Diakoulaki, Mavrotas & Papayannakis (1995), Determining objective weights in multiple
    criteria problems: the CRITIC method, Computers & Operations Research 22. Computed by pymcdm.

    Rests on the alternatives all of whose indicators are known. A constant indicator weighs 0. Where the others are
    one, or all correlate fully, C is 0 throughout: any weights then give the same order, and they weigh alike, with a
    finding. Raises ComparisonRefused with fewer than two complete alternatives, or where all indicators are constant.

    >>> import pandas as pd
    >>> from gaoyuan.assess.scoring.facts import Indicator, read_facts
    >>> table = pd.DataFrame({"x": [1, 2, 3], "y": [3, 2, 1], "z": [1, 1, 1]}, index=["a", "b", "c"])
    >>> critic_weights(read_facts(table, [Indicator("x"), Indicator("y"), Indicator("z")])).values
    (0.5, 0.5, 0.0)
    """
    # Importing pymcdm takes seconds, as it draws in its charts: only those who need it wait.
    from pymcdm.weights import critic_weights as critic_of

    values, varying = _complete(facts, "CRITIC")
    oriented = (values * facts.signs)[:, varying]
    scaled = (oriented - oriented.min(axis=0)) / np.ptp(oriented, axis=0)
    contrast = np.zeros(values.shape[1])
    if np.abs(scaled - scaled[:, :1]).max() <= 1e-9:
        contrast[varying] = 1.0
        about = tuple(np.array(facts.names)[varying].tolist())
        text = "the indicators that vary do not conflict, so that CRITIC cannot weigh them: they weigh alike"
        return _from_data(facts, contrast, "critic", len(values), (Finding("no conflict", about, text),))
    contrast[varying] = critic_of(scaled)
    return _from_data(facts, contrast, "critic", len(values))


def _complete(facts: Facts, what: str) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    values = facts.values[~facts.unknown.any(axis=1)]
    if len(values) < 2:
        raise ComparisonRefused(
            f"{what} weights need two alternatives all of whose indicators are known, and there are {len(values)}",
            mend="Give weights, choose equal ones, or leave out the indicators that are mostly unknown.",
            zh=f"客观赋权至少需要两个各项指标都已知的对象，现有 {len(values)} 个",
            mend_zh="给出权重，改用等权，或去掉多为未知的指标",
        )
    varying = np.ptp(values, axis=0) > _ALIKE * np.abs(values).max(axis=0)
    if not varying.any():
        raise ComparisonRefused(
            f"every indicator is the same for all alternatives, so that {what} cannot weigh them",
            mend="Give weights or choose equal ones.",
            zh="各对象的各项指标都相同，无法据以赋权",
            mend_zh="给出权重，或改用等权",
        )
    return values, varying


def _from_data(facts: Facts, raw: Vector, origin: Origin, used: int, findings: tuple[Finding, ...] = ()) -> Weights:
    shares = raw / raw.sum()
    return Weights(facts.names, tuple(shares.tolist()), origin, alternatives_used=used, findings=findings)


def _matched(weights: dict[str, float], names: Sequence[str]) -> dict[str, float]:
    missing, strange = [name for name in names if name not in weights], [name for name in weights if name not in names]
    if missing or strange:
        raise InputError(
            f"the weights are not for these indicators: without a weight are {missing}, without an indicator {strange}",
            mend="Give one weight for each indicator; 0 leaves it out of the score.",
            zh=f"权重与指标不对应：缺权重 {missing}，多出 {strange}",
            mend_zh="每个指标给一个权重；0 表示不计入",
        )
    return {name: weights[name] for name in names}
