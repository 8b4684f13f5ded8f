"""Reading a bill of materials with its suppliers and offers from one workbook of three sheets.

- 物料清单 BOM: a part in an assembly, or a product where `parent` is empty. Columns item, name, parent, quantity (in
  one unit of the parent; of a product: ordered), scrap, assembly_days, due_days (of products), critical, certificates,
  suppliers_wanted, penalty (yuan a unit).
- 供应商 suppliers: supplier, name, capacity_hours, local, certificates.
- 报价 offers: item, supplier, price_tiers, moq, pack, lead_days, hours_per_unit, certificates.

Prices are a number, or tiers such as `1:2.5; 100:2.4`. A bill without a column `parent` is a list of lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gaoyuan.chain.sourcing.bill_of_materials import explode
from gaoyuan.chain.sourcing.bill_sheets import BillSheet
from gaoyuan.errors import InputError

_DEAR = 10.0
"""A line that has no penalty of its own costs so many times its dearest offer where nobody serves it."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill ready for sourcing: the tables `lines`, `suppliers` and `offers` as `source` takes them; `lines` has
    besides item, name, path and slack_days, `suppliers` name and local (None where the file does not say).
    `unused_offers` are offers for items that the bill does not buy.
    """

    lines: pd.DataFrame
    suppliers: pd.DataFrame
    offers: pd.DataFrame
    unused_offers: int = 0


def read_bill(path: Path) -> Bill:
    """Read a workbook (.xlsx) of three sheets, and explode its bill where it has several levels.

    An item that stands in several rows is one line: what is needed is added up; it is critical where one row says so,
    and asks for all certificates that any row does. A line without a penalty is given ten times its dearest offer for
    what is needed, so that it is left out only where nobody can deliver it; one that nobody offers, ten times what the
    dearest offer of the middle line costs. Raises FileUnreadable, ColumnsMissing, and InputError with sheet, row and
    column for cells that cannot be.
    """
    bill, suppliers, offers = (BillSheet(Path(path), part) for part in ("bill", "suppliers", "offers"))
    lines = _lines(bill)
    given = _suppliers(suppliers)
    offered = _offers(offers, set(given["supplier"]))
    wanted = offered["line"].isin(set(lines["line"]))
    used = offered[wanted].reset_index(drop=True)
    lines["unserved_penalty"] = _penalties(lines, used)
    return Bill(lines, given, used, int((~wanted).sum()))


def _lines(sheet: BillSheet) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "item": pd.Series(sheet.names("item"), dtype=object),
            "name": pd.Series(sheet.texts("name"), dtype=object),
            "parent": pd.Series(sheet.texts("parent"), dtype=object),
            "quantity": sheet.numbers("quantity", needed=True),
            "scrap": np.nan_to_num(sheet.shares("scrap")),
            "assembly_days": sheet.numbers("assembly_days"),
            "due_days": sheet.numbers("due_days", signed=True),
            "critical": [bool(one) for one in sheet.flags("critical")],
            "certificates": pd.Series(sheet.name_sets("certificates"), dtype=object),
            "suppliers_wanted": sheet.numbers("suppliers_wanted"),
            "penalty": sheet.numbers("penalty"),
        }
    )
    _check(sheet, frame)
    ends, uses = frame[frame["parent"].isna()], frame[frame["parent"].notna()]
    made = set(uses["parent"])
    # What a line of a plain list loses is bought besides; of a product, so many are ordered as the cell says.
    lost = np.where(ends["item"].isin(made), 0.0, ends["scrap"])
    about = _items(frame)
    try:
        exploded = explode(
            ends.assign(quantity=ends["quantity"] / (1.0 - lost)).rename(columns={"item": "product"})[
                ["product", "quantity", "due_days"]
            ],
            uses.rename(columns={"parent": "product", "item": "component"})[
                ["product", "component", "quantity", "scrap"]
            ],
            about[["item", "assembly_days"]],
        )
    except InputError as fault:
        raise InputError(
            fault.what,
            where=f"{sheet.path}, {sheet.title}",
            mend="Take one of these rows out, or correct its parent.",
            zh="物料清单有误：部件的上级形成循环，或数值不可用",
            mend_zh="删去其中一行，或改正其上级物料",
        ) from None
    lines = exploded.to_table().select(["line", "item", "need", "due_days", "path", "slack_days"]).to_pandas()
    own = about.set_index("item")
    for column in ("name", "critical", "certificates", "suppliers_wanted", "penalty"):
        lines[column] = lines["item"].map(own[column])
    lines["suppliers_wanted"] = lines["suppliers_wanted"].astype(float).fillna(1.0)
    return lines.rename(columns={"certificates": "certificates_required"})


def _check(sheet: BillSheet, frame: pd.DataFrame) -> None:
    """Refuse what would be lost or mean nothing: a parent that is no item of the bill, a count of suppliers that is
    neither 1 nor 2.
    """
    stray = frame["parent"].notna() & ~frame["parent"].isin(set(frame["item"]))
    if stray.any():
        at = int(np.argmax(stray))
        parent = frame["parent"].iloc[at]
        raise sheet.fault(
            at,
            "parent",
            f"{parent!r} is no item of the bill",
            f"清单中没有物料 {parent!r}",
            "Give it a row of its own; a product has no parent, and its quantity is what is ordered.",
        )
    odd = frame["suppliers_wanted"].notna() & ~frame["suppliers_wanted"].isin([1.0, 2.0])
    if odd.any():
        raise sheet.fault(int(np.argmax(odd)), "suppliers_wanted", "has to be 1 or 2", "须为 1 或 2")


def _items(frame: pd.DataFrame) -> pd.DataFrame:
    """Give what the rows of each item say together."""
    if not frame["item"].duplicated().any():
        return frame
    groups = frame.groupby("item", sort=False)
    certificates = groups["certificates"].agg(lambda sets: frozenset[str]().union(*sets))
    highest = groups[["assembly_days", "suppliers_wanted", "penalty"]].max()
    about = {"name": groups["name"].first(), "critical": groups["critical"].any(), "certificates": certificates}
    return highest.assign(**about).reset_index()


def _suppliers(sheet: BillSheet) -> pd.DataFrame:
    names = pd.Series(sheet.names("supplier"), dtype=object)
    twice = names.duplicated().to_numpy()
    if twice.any():
        at = int(np.argmax(twice))
        raise sheet.fault(at, "supplier", f"{names[at]!r} stands twice", f"{names[at]!r} 重复", "One row each.")
    return pd.DataFrame(
        {
            "supplier": names,
            "name": pd.Series(sheet.texts("name"), dtype=object),
            "capacity_hours": sheet.numbers("capacity_hours"),
            "local": pd.Series(sheet.flags("local"), dtype=object),
            "certificates": pd.Series(sheet.name_sets("certificates"), dtype=object),
        }
    )


def _offers(sheet: BillSheet, suppliers: set[str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "line": pd.Series(sheet.names("item"), dtype=object),
            "supplier": pd.Series(sheet.names("supplier"), dtype=object),
            "price_tiers": pd.Series(sheet.tiers("price_tiers"), dtype=object),
            "moq": np.nan_to_num(sheet.numbers("moq")),
            "pack": np.nan_to_num(sheet.numbers("pack", above=0.0), nan=1.0),
            "lead_days": sheet.numbers("lead_days"),
            "hours_per_unit": np.nan_to_num(sheet.numbers("hours_per_unit")),
            "certificates": pd.Series(sheet.name_sets("certificates"), dtype=object),
        }
    )
    unknown = ~frame["supplier"].isin(suppliers).to_numpy()
    if unknown.any():
        at = int(np.argmax(unknown))
        name = frame["supplier"].iloc[at]
        raise sheet.fault(
            at,
            "supplier",
            f"{name!r} is not in the sheet of suppliers",
            f"供应商表中没有 {name!r}",
            "Give it a row there, or correct the name.",
        )
    return frame


def _penalties(lines: pd.DataFrame, offers: pd.DataFrame) -> pd.Series[float]:
    """Give the yuan that it costs to leave each line unserved."""
    dearest = [max((price for _, price in tiers), default=np.nan) for tiers in offers["price_tiers"]]
    by_line = pd.Series(dearest, index=offers["line"], dtype=float).groupby(level=0).max()
    offered = lines["line"].map(by_line).astype(float) * lines["need"]
    middle = float(offered.median()) if offered.notna().any() else 1.0
    return (lines["penalty"].astype(float) * lines["need"]).fillna(_DEAR * offered.fillna(middle))
