"""The step that finds gaps: from a chain as a place sees it to ranked gaps and firms that could fill them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gaoyuan.chain.atlas.link_state import (
    IMPORTED,
    MISSING,
    SINGLE_SOURCE,
    STATES,
    STATES_ZH,
    UNKNOWN,
    WEAK,
    StateRule,
    highest_local_share,
    link_states,
)
from gaoyuan.chain.criticality import carried_value, dominated, immediate_dominators, needed_by
from gaoyuan.chain.gaps.candidates import DEFAULT_CANDIDATES, FitWeights, candidates
from gaoyuan.chain.gaps.feasibility import Feasibility, feasibility
from gaoyuan.chain.gaps.local_ends import final_products, final_values, needed_products
from gaoyuan.chain.gaps.ranking import (
    PARTS,
    PARTS_ZH,
    GapWeights,
    Scores,
    ranks,
    relative,
    share_among_first,
    weighted_mean,
)
from gaoyuan.chain.gaps.sentences import GapFacts, gap_reasons
from gaoyuan.chain.known_chain import Chain, note_inputs, read_chain, replacing_locality
from gaoyuan.chain.makers import LOCAL, OUTSIDE, UNKNOWN_PLACE
from gaoyuan.errors import InputError
from gaoyuan.workspace import SCHEMAS, Json, Workspace

Floats: TypeAlias = npt.NDArray[np.float64]
Longs: TypeAlias = npt.NDArray[np.int64]

DEFAULT_TOP = 50
_GAPS = (WEAK, SINGLE_SOURCE, MISSING, IMPORTED)


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of a place, ranked, with the firms that could fill the first of them.

    `gaps` and `candidates` have the columns of the tables `chain_gap` and `gap_candidate`. `final` names the products
    that the gaps are measured by, `needed` is how many products these need at any level. `unasked` are those needed of
    which it is not known whether they are made here, with how many firms could be asked: product, product_name,
    possible_firms, carried_share; they are no gaps yet. `notes` say what the figures lack, Chinese with English.
    """

    locality: str
    title: str
    final: tuple[str, ...]
    needed: int
    gaps: pa.Table
    candidates: pa.Table
    unasked: pa.Table
    notes: tuple[str, ...]

    def __str__(self) -> str:
        counts = {state: self.gaps["state"].to_pylist().count(state) for state in STATES}
        said = "，".join(f"{STATES_ZH[state]} {count}" for state, count in counts.items() if count) or "无"
        lines = [f"{self.title}：{self.needed} 种投入中的缺口 gaps among {self.needed} inputs：{said}"]
        lines += [
            f"{row['rank']:>4}  {row['product_name']}  {STATES_ZH[row['state']]} {row['state']}  {row['score']:.3f}"
            for row in self.gaps.slice(0, 10).to_pylist()
        ]
        return "\n".join([*lines, *self.notes])


def gaps(
    workspace: Workspace,
    place: str | None = None,
    product: str | None = None,
    *,
    top: int = DEFAULT_TOP,
    firms: int = DEFAULT_CANDIDATES,
    weights: GapWeights | None = None,
    fit_weights: FitWeights | None = None,
    rule: StateRule | None = None,
) -> Gaps:
    """Rank the missing, imported, single-sourced and weak links of a locality (see `locality`) into `chain_gap`, and
    find firms that could fill the `top` first of them into `gap_candidate`, `firms` of each side.

    Links are the products that the final products of the place need at any level; with `product`, those that this one
    needs, whether it is made there or not. The state does not rank by itself: a weak link that carries much comes
    before a missing one that carries little. Rows of the same place are replaced, also those of another `product`.

    Raises as `read_chain`; NotFound for a product that is not known; ResultsOutdated where the register was observed
    and has changed since.
    """
    if top < 0:
        raise InputError(f"{top} gaps are none", mend="Give 0 or more.", zh="缺口数不能为负")
    weighing = weights or GapWeights()
    fitting = fit_weights or FitWeights()
    states = rule or StateRule()
    settings: Mapping[str, Json] = {
        "place": place,
        "product": product,
        "top": top,
        "firms": firms,
        "weights": asdict(weighing),
        "fit_weights": asdict(fitting),
        "states": asdict(states),
    }
    with workspace.run("gaps", settings) as run:
        note_inputs(workspace, run, "region_industry", "industry_pair")
        chain = read_chain(workspace, place)
        found = _found(workspace, chain, product, weighing, states)
        offered = candidates(workspace, chain, found.numbers[:top].tolist(), most=firms, weights=fitting)
        replacing = [replacing_locality(workspace, name, chain) for name in ("chain_gap", "gap_candidate")]
        workspace.write("chain_gap", found.table, run, replacing=replacing[0])
        workspace.write("gap_candidate", offered, run, replacing=replacing[1])
    here = chain.locality
    final = tuple(chain.name(one) for one in found.final.tolist())
    return Gaps(here.name, here.title, final, found.needed, found.table, offered, found.unasked, found.notes)


@dataclass(frozen=True, slots=True)
class _Found:
    final: Longs
    needed: int
    numbers: Longs
    table: pa.Table
    unasked: pa.Table
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Carried:
    """What the products (n) carry for some final ones: shares of their value (NaN unknown), how many dominate."""

    share: Floats
    dominates: Longs
    ends: tuple[str, str]
    notes: tuple[str, ...]


def _found(workspace: Workspace, chain: Chain, product: str | None, weights: GapWeights, rule: StateRule) -> _Found:
    graph, states = chain.graph, link_states(chain, rule)
    local = chain.makers.count(LOCAL)
    final = final_products(graph, local > 0) if product is None else np.array([chain.number(product)])
    needed = needed_products(graph, final)
    if product is not None:
        needed[final] = False
    carried = _carried(chain, final, None if product is None else chain.name(int(final[0])))
    near = feasibility(workspace, chain.locality)
    at = np.flatnonzero(needed & np.isin(states, _GAPS))
    outside_share = _outside_share(chain)[at]
    industries = chain.products["industry"].take(pa.array(at)).to_pylist()
    percentile = np.array([near.percentile.get(code, np.nan) for code in industries], dtype=np.float64)
    parts = np.column_stack(
        [relative(carried.share[at]), relative(carried.dominates[at]), percentile, outside_share]
    ).reshape(at.size, len(PARTS))
    scores = weighted_mean(parts, astuple(weights))
    rank = ranks(scores.score)
    stable = share_among_first(parts)
    order = np.lexsort((at, rank))
    columns = _Columns(chain, rule, states, at, needed_by(graph, at, local > 0), carried, near, parts, outside_share)
    table = columns.table(scores, rank, stable).take(pa.array(order))
    notes = list(carried.notes)
    if not final.size:
        notes.append(
            "本地没有已知产品，无从判断需要什么；可指定产品 "
            "nothing is known to be made here, so nothing is known to be needed: name a product"
        )
    if not near.percentile:
        notes.append(
            "可行度未知：本地未测度，或没有可比地区 feasibility unknown: not observed, or no region to compare"
        )
    unasked = _unasked(chain, np.flatnonzero(needed & (states == UNKNOWN)), carried.share)
    if unasked.num_rows:
        notes.append(
            f"{unasked.num_rows} 种投入本地能否生产未知，尚不算缺口，应先询问同行业企业 "
            f"inputs of which it is not known whether they are made here: {unasked.num_rows}, no gaps yet; ask the "
            "firms of the industry first"
        )
    return _Found(final, int(needed.sum()), at[order], table, unasked, tuple(notes))


def _carried(chain: Chain, final: Longs, product: str | None) -> _Carried:
    graph, notes = chain.graph, []
    dominates = dominated(immediate_dominators(graph, final)) if final.size else np.zeros(graph.products, np.int64)
    values, guessed = final_values(final, chain.makers.local_sum(chain.makers.output_yuan))
    ends = ("本地最终产品", "the final products made here")
    if product is not None:
        ends = (product, product)
    elif guessed:
        notes.append(
            "部分或全部最终产品的本地产值未知：按已知值的中位数计，均未知时等权 "
            "the local output of some final products is not known: they count as the median of the known ones, or all "
            "alike where none is"
        )
    try:
        share = np.minimum(1.0, carried_value(graph, values) / max(values.sum(), np.finfo(float).tiny))
    except InputError as fault:
        # A loop that keeps all of its value leaves what is carried undefined; all else of a gap is still known.
        share = np.full(graph.products, np.nan)
        notes.append(f"承载份额未知：存在价值循环不减的闭环 value carried unknown: {fault.what}")
    return _Carried(share, dominates, ends, tuple(notes))


def _outside_share(chain: Chain) -> Floats:
    """Give the share of the country (n) that known makers outside have; NaN where it is known of none."""
    held = chain.makers
    product = np.repeat(np.arange(chain.graph.products), np.diff(held.start))
    known = (held.place[held.firm] == OUTSIDE) & ~np.isnan(held.national_share)
    counted = np.bincount(product[known], minlength=chain.graph.products)
    total = np.bincount(product[known], held.national_share[known], chain.graph.products)
    return np.where(counted > 0, np.minimum(1.0, total), np.nan)


def _unasked(chain: Chain, at: Longs, carried: Floats) -> pa.Table:
    at = at[np.lexsort((at, -np.nan_to_num(carried[at])))]
    own = chain.products.select(["product", "product_name"]).take(pa.array(at))
    possible = chain.industry_firms[at] - chain.asked_firms[at]
    own = own.append_column("possible_firms", pa.array(possible, mask=chain.industry_firms[at] < 0))
    return own.append_column("carried_share", pa.array(carried[at], from_pandas=True))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The facts of the gaps (k), as columns."""

    chain: Chain
    rule: StateRule
    states: npt.NDArray[np.int8]
    at: Longs
    needed_by: Longs
    carried: _Carried
    near: Feasibility
    parts: Floats
    outside_share: Floats

    def table(self, scores: Scores, rank: Longs, stable: Floats) -> pa.Table:
        chain, at, makers = self.chain, self.at, self.chain.makers
        own = chain.products.select(["product", "product_name", "chain"]).take(pa.array(at))
        facts = self._facts()
        said = [gap_reasons(one) for one in facts]
        columns: dict[str, pa.Array | pa.ChunkedArray] = {
            "locality": pa.array([chain.locality.name] * at.size, pa.string()),
            "rank": pa.array(rank),
            **{name: own[name] for name in own.column_names},
            "state": pa.array([STATES[one.state] for one in facts], pa.string()),
            "local_firms": pa.array(makers.count(LOCAL)[at]),
            "needed_by": pa.array(self.needed_by),
            "carried_share": pa.array(self.carried.share[at], from_pandas=True),
            "dominates": pa.array(self.carried.dominates[at]),
            "feasibility": pa.array([one.feasibility for one in facts], pa.float64()),
            "outside_firms": pa.array(makers.count(OUTSIDE)[at]),
            "outside_share": pa.array(self.outside_share, from_pandas=True),
            "score": pa.array(scores.score, from_pandas=True),
            "score_low": pa.array(scores.low),
            "score_high": pa.array(scores.high),
            "top_ten": pa.array(stable),
            "reasons_zh": pa.array([zh for zh, _ in said], pa.string()),
            "reasons": pa.array([en for _, en in said], pa.string()),
        }
        schema = pa.schema([field for field in SCHEMAS["chain_gap"].arrow if field.name != "run"])
        return pa.table({name: columns[name] for name in schema.names}).cast(schema)

    def _facts(self) -> list[GapFacts]:
        chain, makers = self.chain, self.chain.makers
        local, outside, unplaced = (makers.count(where) for where in (LOCAL, OUTSIDE, UNKNOWN_PLACE))
        share = highest_local_share(chain)
        most_local = np.where(share < self.rule.low_local_share, share, np.nan)
        imported = chain.products["imported_share"].to_pylist()
        industries = chain.products["industry"].to_pylist()
        names = chain.firms["name"].to_pylist()
        facts: list[GapFacts] = []
        for row, number in enumerate(self.at.tolist()):
            rows = makers.of(number)
            firms, shares = makers.firm[rows], makers.national_share[rows]
            led = np.where((makers.place[firms] == OUTSIDE) & ~np.isnan(shares), shares, -1.0)
            leader = int(led.argmax()) if led.size and led.max() >= 0 else None
            asked = int(chain.industry_firms[number] - chain.asked_firms[number])
            facts.append(
                GapFacts(
                    state=int(self.states[number]),
                    # Local makers stand first.
                    only_maker=names[firms[0]] if local[number] == 1 else None,
                    local_firms=int(local[number]),
                    unplaced_firms=int(unplaced[number]),
                    possible_firms=asked if chain.industry_firms[number] >= 0 else None,
                    imported_share=imported[number],
                    low_local_share=_known(most_local[number]),
                    needed_by=int(self.needed_by[row]),
                    carried_share=_known(self.carried.share[number]),
                    ends=self.carried.ends[0],
                    ends_en=self.carried.ends[1],
                    dominates=int(self.carried.dominates[number]),
                    feasibility=_known(self.near.density.get(industries[number], np.nan)),
                    percentile=_known(self.near.percentile.get(industries[number], np.nan)),
                    outside_firms=int(outside[number]),
                    outside_share=_known(self.outside_share[row]),
                    leader=None if leader is None else names[firms[leader]],
                    leader_share=None if leader is None else float(led[leader]),
                    unknown=tuple(
                        (zh, en)
                        for zh, en, part in zip(PARTS_ZH, PARTS, self.parts[row], strict=True)
                        if np.isnan(part)
                    ),
                )
            )
        return facts


def _known(value: np.floating | npt.NDArray[np.float64] | float) -> float | None:
    number = float(value)
    return None if np.isnan(number) else number
