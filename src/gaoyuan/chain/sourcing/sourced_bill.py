"""The step that sources a bill of materials with what the workspace knows of its suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gaoyuan.chain.locality import Locality, locality
from gaoyuan.chain.sourcing.bill_file import Bill, read_bill
from gaoyuan.chain.sourcing.curve import CurvePoint, locality_curve
from gaoyuan.chain.sourcing.plan import Goal, Plan
from gaoyuan.chain.sourcing.planning import source
from gaoyuan.codes import CreditCodeFault, credit_code_faults, normalise_credit_codes
from gaoyuan.registry.firm_matching import match_firms
from gaoyuan.registry.import_records import sha256_of
from gaoyuan.workspace import Workspace

PREMIUMS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5)
"""The premiums on non-local offers at which the curve of the price of locality is drawn."""


@dataclass(frozen=True, slots=True)
class SourcedBill:
    """A bill with its plan, and where it was asked for the price-of-locality curve; `known_suppliers` are those that
    the register has, `run` names the run.
    """

    bill: Bill
    plan: Plan
    curve: tuple[CurvePoint, ...]
    local: Locality
    known_suppliers: int
    run: str

    @property
    def served(self) -> int:
        """How many lines have a supplier."""
        return sum(supplier is not None for supplier in self.plan.assignment.values())

    def __str__(self) -> str:
        plan, lines = self.plan, len(self.plan.assignment)
        share = plan.local_share
        local = "未知 unknown" if share is None else f"{share:.1%}"
        # Without a goal of its own a plan has nothing to count for it.
        goal = f", 目标附加 counted for the goal {plan.goal_cost:,.0f}" if plan.goal_cost else ""
        return "\n".join(
            [
                f"{lines:,} 行物料 lines, 有供应商 served {self.served:,}, 供应商 suppliers {plan.suppliers_used:,}",
                f"总目标值 objective {plan.objective:,.0f} 元 yuan: 采购 purchase {plan.purchase_cost:,.0f}, "
                f"非本地加价 premium {plan.premium_cost:,.0f}, 未供应 unserved {plan.penalty_cost:,.0f}{goal}",
                f"已证明下限 proven lower bound {plan.lower_bound:,.0f}, 差距 gap {plan.gap:.3%}",
                f"按金额本地配套 local by value: {local} ({self.local.title})",
                *self._unused(),
                *(_point_words(point) for point in self.curve),
            ]
        )

    def _unused(self) -> list[str]:
        count = self.bill.unused_offers
        return [f"清单不采购的物料的报价 offers for what the bill does not buy: {count:,}"] if count else []


def _point_words(point: CurvePoint) -> str:
    share = "—" if point.local_share is None else f"{point.local_share:.1%}"
    return (
        f"非本地加价 premium {point.premium:.0%}: 采购 purchase {point.purchase_cost:,.0f} 元 yuan, "
        f"按金额本地 local by value {share}, 本地 {point.local_lines:,} 行 lines local, "
        f"未供应 {point.unserved_lines:,} 行 not served"
    )


def source_bill(
    workspace: Workspace,
    file: Path,
    place: str | None = None,
    *,
    nonlocal_premium: float = 0.0,
    goal: Goal = "lowest price",
    gap: float = 0.001,
    time_limit: float = 10.0,
    premiums: Sequence[float] | None = None,
) -> SourcedBill:
    """Read a bill of materials with suppliers and offers, and choose a supplier for each line.

    A supplier is local where the file says so, else where the register has it, by credit code or by a name that only
    one firm has, in the place (`locality`); where neither knows, it is not local and the plan tells so. `premiums` asks
    for the curve of what locality costs. Raises as `read_bill`, `locality` and `source`.
    """
    with workspace.run("source", {"file": str(file), "place": place, "premium": nonlocal_premium, "goal": goal}) as run:
        local = locality(workspace, place)
        with run.timed("read"):
            bill = read_bill(Path(file))
            run.inputs[Path(file).name] = sha256_of(Path(file))
        known = _place_suppliers(workspace, bill, local)
        options = {"gap": gap, "time_limit": time_limit}
        with run.timed("solve"):
            plan = source(
                bill.lines, bill.suppliers, bill.offers, nonlocal_premium=nonlocal_premium, goal=goal, **options
            )
        curve: tuple[CurvePoint, ...] = ()
        if premiums is not None:
            with run.timed("curve"):
                curve = tuple(locality_curve(bill.lines, bill.suppliers, bill.offers, premiums=premiums, **options))
    return SourcedBill(bill, plan, curve, local, known, run.id)


def _place_suppliers(workspace: Workspace, bill: Bill, local: Locality) -> int:
    """Fill in which suppliers are local where the file does not say; gives how many the register knows."""
    suppliers = bill.suppliers
    names = suppliers["name"].fillna(suppliers["supplier"]).astype(str)
    given = normalise_credit_codes(pa.array(suppliers["supplier"], pa.large_string()))
    # A number of the buyer's own is no credit code, and does not speak against a name.
    sound = pa.array(credit_code_faults(given) == CreditCodeFault.NONE)
    codes = pc.if_else(sound, given, pa.scalar(None, given.type))
    found = match_firms(workspace, codes, pa.array(names, pa.large_string())).enterprise_id
    here, open_place = local.holds(found), local.unknown(found)
    absent = found.is_null().to_numpy(zero_copy_only=False)
    suppliers["local"] = [
        said if said is not None else None if unknown else placed
        for said, placed, unknown in zip(suppliers["local"], here.tolist(), (absent | open_place).tolist(), strict=True)
    ]
    return int((~absent).sum())
