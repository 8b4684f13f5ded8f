"""Whether what is planted in the chain of the sample province is found: missing links, single point, lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.locality import REGISTER
from gaoyuan.chain.sourcing.plan import Plan
from gaoyuan.chain.sourcing.sourced_bill import SourcedBill
from gaoyuan.workspace import Workspace

_MISSING, _SINGLE = "missing_link", "single_point"
_STATE_OF = {_MISSING: "missing", _SINGLE: "single_source"}
_REASON_OF = {"no_offer": "no offer", "late_offers": "too late", "outside_offers": "no local offer"}
_SERVED = {"outside_offers"}


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A planted link of the chain: the state in which it was found and its rank among the gaps, None where it is not
    among them; `found` where the state is the planted one.
    """

    planted: str
    product: str
    product_name: str
    state: str | None
    rank: int | None
    found: bool


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A planted line of the bill, and whether the plan treats it as it should and says why."""

    planted: str
    line: str
    found: bool


@dataclass(frozen=True, slots=True)
class PlantedChain:
    """What of the planted chain was found.

    `others` are missing or single-sourced links that were not planted, `gaps` all links among the gaps. Of firms that
    alone make a planted single point `firm_rank` is the best rank by systemic risk, None where no risk was measured. Of
    the bill: lines, lines that have a supplier, gap of the plan to its proven bound (NaN without a plan), share of the
    purchases that is local.
    """

    links: tuple[FoundLink, ...]
    others: tuple[str, ...]
    gaps: int
    firm_rank: int | None
    lines: tuple[FoundLine, ...]
    bill_lines: int
    bill_served: int
    bill_gap: float
    bill_local_share: float | None

    @property
    def all_found(self) -> bool:
        """Whether everything that is planted was found, and nothing of its kind that was not planted."""
        return all(one.found for one in (*self.links, *self.lines)) and not self.others

    def __str__(self) -> str:
        if not self.links:
            return "没有植入产业链可对照 no planted chain to find"
        parts = [
            f"植入的产业链 planted chain: 缺失环节 missing links {self._counted(_MISSING)}；"
            f"单点 single point of failure {self._counted(_SINGLE)}"
            + (f"，独家企业风险位次 its maker by systemic risk {self.firm_rank}" if self.firm_rank else "")
            + (f"；另有未植入的 not planted: {len(self.others)}" if self.others else "")
        ]
        if self.lines:
            found = sum(one.found for one in self.lines)
            share = self.bill_local_share
            local = "未知 unknown" if share is None else f"{share:.1%}"
            parts.append(
                f"物料清单 bill of materials: {self.bill_lines:,} 行 lines, 有供应商 served {self.bill_served:,}, "
                f"差距 gap {self.bill_gap:.2%}, 本地 local {local}; 植入行 planted lines {found}/{len(self.lines)}"
            )
        return "\n".join(parts)

    def _counted(self, kind: str) -> str:
        own = [one for one in self.links if one.planted == kind]
        ranks = ", ".join(str(one.rank) for one in own if one.found)
        said = f"（位次 rank {ranks}）" if ranks else ""
        return f"{sum(one.found for one in own)}/{len(own)}{said}"


def planted_chain(workspace: Workspace, sourced: SourcedBill | None = None) -> PlantedChain:
    """Compare the gaps of the whole province (table `chain_gap`), the systemic risk of firms where it was measured, and
    the plan of the sample's bill where it is given, with what was planted (table `sample_chain`).

    A missing link is found where it is a gap in the state `missing`, the single point where it is `single_source`. Of
    the planted lines, the plan has to leave unserved the one that nobody offers and the one that nobody delivers in
    time, to buy outside the one that is only offered there, and to say so. Raises StepMissing where the workspace has
    no sample or no gaps.
    """
    truth = workspace.read("sample_chain").to_pylist()
    rows = workspace.read("chain_gap", ["locality", "product", "product_name", "state", "rank"])
    gaps = {row["product"]: row for row in rows.filter(pc.equal(rows["locality"], REGISTER)).to_pylist()}
    links = tuple(_found_link(row, gaps.get(row["product"])) for row in truth if row["planted"] in _STATE_OF)
    planted = {link.product for link in links}
    states = set(_STATE_OF.values())
    others = [row["product_name"] for code, row in gaps.items() if row["state"] in states and code not in planted]
    lines: tuple[FoundLine, ...] = ()
    if sourced is not None:
        kinds = [(row["planted"], row["line"]) for row in truth if row["planted"] in _REASON_OF]
        lines = tuple(FoundLine(kind, line, _line_found(sourced.plan, kind, line)) for kind, line in kinds)
    return PlantedChain(
        links=links,
        others=tuple(others),
        gaps=len(gaps),
        firm_rank=_firm_rank(workspace, [link.product for link in links if link.planted == _SINGLE]),
        lines=lines,
        bill_lines=0 if sourced is None else len(sourced.plan.assignment),
        bill_served=0 if sourced is None else sourced.served,
        bill_gap=math.nan if sourced is None else sourced.plan.gap,
        bill_local_share=None if sourced is None else sourced.plan.local_share,
    )


def _found_link(planted: Mapping[str, str], gap: Mapping[str, object] | None) -> FoundLink:
    state = None if gap is None else str(gap["state"])
    rank = None if gap is None else int(str(gap["rank"]))
    found = state == _STATE_OF[planted["planted"]]
    return FoundLink(planted["planted"], planted["product"], planted["product_name"], state, rank, found)


def _line_found(plan: Plan, kind: str, line: str) -> bool:
    if line not in plan.assignment:
        return False
    served = plan.assignment[line] is not None
    told = {reason.code for reason in plan.reasons[line]}
    return served == (kind in _SERVED) and _REASON_OF[kind] in told


def _firm_rank(workspace: Workspace, products: Iterable[str]) -> int | None:
    """Give the best rank by systemic risk of the firms of the register that make some products."""
    if not (workspace.has("firm_risk") and workspace.has("makes")):
        return None
    makes = workspace.read("makes", ["enterprise_id", "product"])
    makers = makes.filter(pc.is_in(makes["product"], pa.array(list(products), pa.string())))["enterprise_id"]
    risks = workspace.read("firm_risk", ["enterprise_id", "rank"])
    own = risks.filter(pc.is_in(risks["enterprise_id"], makers.combine_chunks(), skip_nulls=True))
    return pc.min(own["rank"]).as_py()
