"""A sourcing plan as a workbook or as JSON: the plan line by line with its reasons, summary, suppliers, and curve."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from gaoyuan.assess.sheets import Cell, Sheet, write_sheets
from gaoyuan.chain.sourcing.plan import Goal
from gaoyuan.chain.sourcing.sourced_bill import SourcedBill
from gaoyuan.errors import OutputUnknown
from gaoyuan.workspace.whole_files import check_writable, whole_file

_PLAN = (
    "物料 line", "名称 name", "所属 path", "需求量 need", "到货期限（天） due_days", "关键 critical", "供应商 supplier",
    "供应商名称 name", "本地 local", "采购量 quantity", "适用阶梯起点 tier_from", "单价（元） unit_price",
    "金额（元） cost",
    "非本地加价（元） premium", "占用工时 hours", "备选供应商 second_source", "说明 reasons",
    "英文说明 reasons_english",
)  # fmt: skip
_SUPPLIERS = (
    "供应商 supplier", "名称 name", "本地 local", "物料行 lines", "金额（元） cost", "占用工时 hours",
    "可用工时 capacity_hours", "占用率 used",
)  # fmt: skip
_CURVE = (
    "非本地加价率 premium", "采购金额（元） purchase_cost", "未供应损失（元） penalty_cost", "本地份额 local_share",
    "本地物料行 local_lines", "未供应行 unserved_lines", "目标值 objective", "已证明下限 lower_bound", "差距 gap",
)  # fmt: skip
_GOALS: dict[Goal, str] = {
    "lowest price": "最低价 lowest price",
    "fewest suppliers": "供应商最少 fewest suppliers",
    "most local": "本地最多 most local",
}


def check_plan_path(file: Path) -> None:
    """Raise OutputUnknown for an ending that names no format of plans, InputError where no file can stand."""
    kind = file.suffix.lower()
    if kind not in (".xlsx", ".json"):
        raise OutputUnknown(
            f"a plan cannot be written as {kind or 'a file without ending'}",
            where=str(file),
            mend="Name a .xlsx or .json file.",
            zh=f"方案不能写成 {kind or '无后缀文件'}",
            mend_zh="写成 .xlsx 或 .json 文件",
        )
    check_writable(file)


def write_sourcing(sourced: SourcedBill, file: Path) -> None:
    """Write a plan into an .xlsx or .json file. Raises OutputUnknown for another ending."""
    check_plan_path(file)
    if file.suffix.lower() == ".xlsx":
        write_sheets(file, _sheets(sourced))
    else:
        text = json.dumps(plan_data(sourced), ensure_ascii=False, indent=1, allow_nan=False)
        with whole_file(file) as partial:
            partial.write_text(text, encoding="utf-8")


def plan_data(sourced: SourcedBill) -> dict[str, object]:
    """Give a plan as plain values for JSON."""
    plan = sourced.plan
    return {
        "objective": plan.objective,
        "lower_bound": plan.lower_bound,
        "gap": plan.gap,
        "purchase_cost": plan.purchase_cost,
        "premium_cost": plan.premium_cost,
        "penalty_cost": plan.penalty_cost,
        "goal_cost": plan.goal_cost,
        "goal": plan.goal,
        "nonlocal_premium": plan.nonlocal_premium,
        "local_share": plan.local_share,
        "lines": len(plan.assignment),
        "served": sourced.served,
        "suppliers_used": plan.suppliers_used,
        "place": sourced.local.name,
        "run": sourced.run,
        "plan": plan.to_table().to_pylist(),
        "curve": [point._asdict() for point in sourced.curve],
    }


def _sheets(sourced: SourcedBill) -> list[Sheet]:
    sheets = [
        Sheet("汇总 summary", ("项目 item", "内容 content"), list(_summary(sourced))),
        Sheet("采购方案 plan", _PLAN, list(_plan(sourced))),
        Sheet("未供应 unserved", _PLAN, [row for row in _plan(sourced) if not row[_PLAN.index("供应商 supplier")]]),
        Sheet("供应商 suppliers", _SUPPLIERS, list(_suppliers(sourced))),
    ]
    if sourced.curve:
        sheets.append(Sheet("本地化代价 curve", _CURVE, [tuple(point) for point in sourced.curve]))
    return sheets


def _summary(sourced: SourcedBill) -> Iterable[Sequence[Cell]]:
    plan = sourced.plan
    yield from (
        ("物料行 lines", len(plan.assignment)),
        ("有供应商 served", sourced.served),
        ("供应商数 suppliers", plan.suppliers_used),
        ("目标 goal", _GOALS[plan.goal]),
        ("目标值（元） objective", plan.objective),
        ("  采购金额 purchase_cost", plan.purchase_cost),
        ("  非本地加价 premium_cost", plan.premium_cost),
        ("  未供应损失 penalty_cost", plan.penalty_cost),
        ("  目标附加 goal_cost", plan.goal_cost),
        ("已证明下限（元） lower_bound", plan.lower_bound),
        ("与最优的差距不超过 gap", plan.gap),
        ("非本地加价率 nonlocal_premium", plan.nonlocal_premium),
        ("按金额本地份额 local_share", plan.local_share),
        ("本地范围 place", sourced.local.title),
        ("登记数据中找到的供应商 known_suppliers", sourced.known_suppliers),
        ("运行 run", sourced.run),
    )


def _plan(sourced: SourcedBill) -> Iterable[Sequence[Cell]]:
    lines = sourced.bill.lines.set_index(sourced.bill.lines["line"].astype(str))
    about = lines[["name", "path", "need", "due_days", "critical"]].to_dict("index")
    names = _names(sourced)
    for row in sourced.plan.to_table().to_pylist():
        own = about[row["line"]]
        supplier = row["supplier"]
        yield (
            row["line"], _known(own["name"]), _known(own["path"]), _known(own["need"]), _known(own["due_days"]),
            _yes(own["critical"]), supplier, names.get(supplier), _yes(row["local"]), row["quantity"],
            row["tier_from"], row["unit_price"], row["cost"], row["premium"], row["hours"], row["second_source"],
            row["reasons"], row["reasons_english"],
        )  # fmt: skip


def _suppliers(sourced: SourcedBill) -> Iterable[Sequence[Cell]]:
    used: dict[str, list[float]] = {}
    for purchase in sourced.plan.purchases:
        sums = used.setdefault(str(purchase.supplier), [0.0, 0.0, 0.0])
        for at, value in enumerate((1.0, purchase.cost, purchase.hours)):
            sums[at] += value
    for row in sourced.bill.suppliers.to_dict("records"):
        count, cost, hours = used.get(str(row["supplier"]), [0.0, 0.0, 0.0])
        capacity = _known(row["capacity_hours"])
        share = hours / float(capacity) if isinstance(capacity, float) and capacity > 0 else None
        yield (row["supplier"], _known(row["name"]), _yes(row["local"]), int(count), cost, hours, capacity, share)


def _names(sourced: SourcedBill) -> dict[str, Cell]:
    rows = sourced.bill.suppliers
    return {str(own): _known(name) for own, name in zip(rows["supplier"], rows["name"], strict=True)}


def _known(cell: object) -> Cell:
    """Give a cell of a table, None where it is unknown."""
    if cell is None or (isinstance(cell, float) and cell != cell):
        return None
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def _yes(cell: object) -> str | None:
    return None if cell is None or cell != cell else "是" if cell else "否"
