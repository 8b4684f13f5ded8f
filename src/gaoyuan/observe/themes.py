"""Clusters that no industry code names: the counties whose firms speak of a theme in name or scope.

A firm speaks of a theme by how near to its heart it does: in its name, as the first thing of its scope, among the next
two, or later. A firm that produces weighs more than one that does not, for the shops of a product are everywhere and
hide its makers; where nobody produces, as in services, all weigh alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, cast

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd
from ibis.expr import types as ir

from gaoyuan.codes import division_name
from gaoyuan.errors import ExpressionInvalid
from gaoyuan.observe.excess import local_excess, poisson_log_tail
from gaoyuan.registry.expressions import compiled
from gaoyuan.workspace import Workspace
from gaoyuan.workspace.tables import THEME

FEWEST_FIRMS = 30
LEAST_SHARE = 0.5
"""A cluster is of a theme where at least this part of its members speaks of it."""

_IN_NAME = 1.0
_BY_POSITION = ((0, 0.7), (2, 0.3), (10**6, 0.1))
_NOT_PRODUCING = 0.2
_LAST_PRODUCING_DIVISION = "46"
_ITEM_MARKS = "、，,；;。"
_HEADING = re.compile("(?:一般(?:经营)?项目|许可(?:经营)?项目|经营范围|主营|兼营)(?:范围|业务)?[：:]")
"""What scopes head their parts with; in each part the first thing is a first thing."""

Floats = npt.NDArray[np.float64]


class ThemeEvidence(NamedTuple):
    """How strongly each county speaks of a theme (counties): minus the decimal log of the chance of as much weight, 0
    without specialists beyond expectation; and the ranks.
    """

    evidence: Floats
    rank: npt.NDArray[np.int64]


def theme_evidence(
    weight: npt.ArrayLike, squared: npt.ArrayLike, specialists: npt.ArrayLike, totals: npt.ArrayLike
) -> ThemeEvidence:
    """Rank counties by the evidence that a theme is theirs.

    `weight` and `squared` (counties) are the summed weights of the firms that speak of the theme and their summed
    squares, `specialists` (counties) the firms that carry it in their name, weighed or not, `totals` (counties) all
    firms. Under chance a county's weight is a compound Poisson sum with expectation by its size; its upper tail is
    taken from the gamma-matched Poisson distribution of the same mean and variance. A county without more specialists
    than its size lets expect has no evidence; those share the last rank.

    >>> theme_evidence([5, 1, 0], [5, 1, 0], [4, 0, 0], [50, 500, 50]).rank.tolist()
    [1, 2, 2]
    """
    weights, squares, named, sizes = (
        np.asarray(part, dtype=np.float64) for part in (weight, squared, specialists, totals)
    )
    everything, size = weights.sum(), sizes.sum()
    if everything <= 0 or size <= 0:
        return ThemeEvidence(np.zeros(weights.shape), np.ones(weights.shape, dtype=np.int64))
    scale = squares.sum() / everything
    expected = np.maximum(sizes * everything / size, 1e-300) / scale
    with np.errstate(divide="ignore"):
        surprise = np.where(weights > 0, -poisson_log_tail(np.maximum(weights / scale, 1e-9), expected), 0.0) / np.log(
            10.0
        )
    evidence = np.where(named > sizes * named.sum() / size, np.maximum(surprise, 1e-12), 0.0)
    order = np.sort(evidence)[::-1]
    return ThemeEvidence(evidence, 1 + np.searchsorted(-order, -evidence, side="left"))


def theme(workspace: Workspace, expression: str, *, top: int = 20, fewest_firms: int = FEWEST_FIRMS) -> pd.DataFrame:
    """Give the counties whose firms speak most of a theme, the strongest first, with the columns of `THEME`.

    `expression` is a regular expression that is looked for in firms' names and scopes, such as 毛巾|纺织; `top` is how
    many counties to give, 0 for all. Counties with fewer than `fewest_firms` firms are left out. `firms` are the firms
    that match in name or scope, `expected` what the county's size lets expect, `p_value` the exact hypergeometric tail
    and `q_value` its correction over all counties; `rank` is by `evidence` (see `theme_evidence`), which weighs a name
    1, the first thing of a scope 0.7, the next two 0.3 and later ones 0.1, name and scope adding up, and all of that a
    fifth for a firm that does not produce (is not of sections A to D).

    Raises ExpressionInvalid for an expression that is none, StepMissing where nothing has been observed,
    ResultsOutdated where the register has changed since.
    """
    pattern = compiled(expression)
    workspace.require_current("enterprise")
    enterprises = workspace.table("enterprise")
    located = enterprises.filter(enterprises.county.notnull())
    totals = (
        workspace.to_arrow(located.group_by("county").aggregate(all_firms=ibis._.count()))
        .to_pandas()
        .set_index("county")["all_firms"]
        .sort_index()
    )
    # Sums of numbers depend on their order in the last digit, and rows come in any order.
    speaking = _speaking(_matching(workspace, expression), pattern).sort_values("weight")
    counted = (
        speaking.groupby("county")[["firms", "in_name", "first_in_scope", "weight", "squared", "specialists"]]
        .sum()
        .reindex(totals.index, fill_value=0)
    )
    shown = (totals >= fewest_firms).to_numpy()
    sizes = totals.to_numpy()[shown]
    counted = counted[shown]
    exact = local_excess(counted["firms"].astype(np.int64), sizes)
    ranked = theme_evidence(counted["weight"], counted["squared"], counted["specialists"], sizes)
    rows = pd.DataFrame(
        {
            "county": counted.index,
            "county_name": [division_name(code) for code in counted.index],
            "firms": counted["firms"].astype(np.int64).to_numpy(),
            "expected": exact.expected,
            "location_quotient": exact.location_quotient,
            "p_value": exact.p_value,
            "q_value": exact.q_value,
            "rank": ranked.rank,
            "in_name": counted["in_name"].astype(np.int64).to_numpy(),
            "first_in_scope": counted["first_in_scope"].astype(np.int64).to_numpy(),
            "evidence": ranked.evidence,
        }
    )
    rows = rows.sort_values(["rank", "p_value", "county"], ignore_index=True)[THEME.arrow.names]
    return rows if top <= 0 else rows.head(top)


def theme_clusters(workspace: Workspace, expression: str, *, least_share: float = LEAST_SHARE) -> pd.DataFrame:
    """Give the clusters of a theme: those of whose members at least `least_share` match the expression in name or
    scope, with `cluster_id`, `name`, `industry`, `members` and `matching`; the one with most of them first.

    Members are those of the table `cluster_member`; a cluster that only an official list has has none. Raises as
    `theme` does.
    """
    compiled(expression)
    workspace.require_current("cluster", "cluster_member")
    register, clusters = workspace.table("register"), workspace.table("cluster")
    name, scope = cast(ir.StringColumn, register.name), cast(ir.StringColumn, register.scope)
    speaks = name.re_search(expression) | scope.re_search(expression).fill_null(ibis.literal(False))
    members = workspace.table("cluster_member").select("cluster_id", "enterprise_id")
    texts = register.select("enterprise_id", speaks=speaks.cast("int64"))
    counted = (
        members.join(texts, "enterprise_id")
        .group_by("cluster_id")
        .aggregate(members=ibis._.count(), matching=ibis._.speaks.sum())
    )
    named = clusters.select("cluster_id", "name", "industry").join(counted, "cluster_id")
    rows = _run(workspace, named, expression)[["cluster_id", "name", "industry", "members", "matching"]]
    rows = rows[rows["matching"] >= least_share * rows["members"]]
    return rows.sort_values(["matching", "cluster_id"], ascending=[False, True], ignore_index=True)


def _matching(workspace: Workspace, expression: str) -> pd.DataFrame:
    """Give the firms with a county that match in name or scope."""
    register, enterprises = workspace.table("register"), workspace.table("enterprise")
    name, scope = cast(ir.StringColumn, register.name), cast(ir.StringColumn, register.scope)
    in_name, in_scope = name.re_search(expression), scope.re_search(expression).fill_null(ibis.literal(False))
    texts = register.filter(in_name | in_scope).select(
        "enterprise_id", "name", scope=ibis.ifelse(in_scope, scope, ibis.null("string")), in_name=in_name
    )
    places: ir.Table = enterprises.filter(enterprises.county.notnull()).select("enterprise_id", "county", "industry")
    return _run(workspace, places.join(texts, "enterprise_id"), expression)


def _run(workspace: Workspace, question: ir.Table, expression: str) -> pd.DataFrame:
    """Give the rows of a question that holds an expression. Raises ExpressionInvalid where the engine knows it not."""
    try:
        return workspace.to_arrow(question).to_pandas()
    except Exception as fault:  # the engine's own dialect is narrower than Python's
        if "regex" in str(fault).lower() or "invalid" in str(fault).lower():
            raise ExpressionInvalid(
                f"{expression!r} uses what the search does not know ({fault})",
                mend="Leave out look-around and back-references.",
                zh=f"{expression!r} 含有检索不支持的写法",
                mend_zh="不用环视和反向引用",
            ) from None
        raise


def _speaking(matching: pd.DataFrame, pattern: re.Pattern[str]) -> pd.DataFrame:
    """Weigh each matching firm by where it speaks of the theme, and by whether it produces."""
    position = _positions(matching["scope"].tolist(), pattern)
    in_name = matching["in_name"].to_numpy(dtype=float)
    producing = matching["industry"].astype("str").fillna("99").str[:2].to_numpy() <= _LAST_PRODUCING_DIVISION
    share = np.where(producing, 1.0, _NOT_PRODUCING)
    weight = share * (in_name * _IN_NAME + _position_weight(position))
    return pd.DataFrame(
        {
            "county": matching["county"].to_numpy(),
            "firms": 1,
            "in_name": in_name,
            "first_in_scope": position == 0,
            "weight": weight,
            "squared": weight**2,
            "specialists": share * in_name,
        }
    )


def _positions(scopes: Sequence[str | None], pattern: re.Pattern[str]) -> npt.NDArray[np.int64]:
    """Give how many things stand before the theme in each scope, -1 where it is not there."""
    found = np.full(len(scopes), -1, dtype=np.int64)
    for i, scope in enumerate(scopes):
        if isinstance(scope, str) and (match := pattern.search(scope)) is not None:
            head = _HEADING.split(scope[: match.start()])[-1]
            found[i] = sum(head.count(mark) for mark in _ITEM_MARKS)
    return found


def _position_weight(position: npt.NDArray[np.int64]) -> Floats:
    weight = np.zeros(position.size)
    for last, value in reversed(_BY_POSITION):
        weight[(position >= 0) & (position <= last)] = value
    return weight
