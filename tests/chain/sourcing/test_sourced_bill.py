from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from gaoyuan.chain.sourcing.plan import Goal
from gaoyuan.chain.sourcing.sourced_bill import source_bill
from gaoyuan.errors import InputError, NotFound
from gaoyuan.registry.import_records import sha256_of
from gaoyuan.workspace import Workspace

Rows = Sequence[Sequence[object]]


def _book(file: Path, suppliers: Rows, offers: Rows) -> Path:
    sheets = {
        "BOM": [("item", "quantity", "duedays"), ("bolt", 100, 30), ("nut", 50, 30)],
        "suppliers": [("supplier", "name", "local"), *suppliers],
        "offers": [("item", "supplier", "price", "leaddays", "hours"), *offers],
    }
    with xlsxwriter.Workbook(str(file)) as made:
        for title, rows in sheets.items():
            sheet = made.add_worksheet(title)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return file


@pytest.fixture(scope="module")
def firms(sample_workspace: Workspace) -> list[dict[str, str]]:
    """Two firms of one county and one of another, of the sample province."""
    rows = sample_workspace.read("enterprise", ["uscc", "name", "county"]).to_pandas().dropna()
    rows = rows[~rows["name"].duplicated(keep=False)]
    first = rows.iloc[0]["county"]
    chosen = [*rows[rows["county"] == first].iloc[:2].to_dict("records")]
    return [*chosen, rows[rows["county"] != first].iloc[0].to_dict()]


def test_the_register_says_which_suppliers_are_local_where_the_file_does_not(
    own_sample: Workspace, firms: list[dict[str, str]], tmp_path: Path
):
    near, named, far = firms
    suppliers: Rows = [
        (near["uscc"], "", ""),
        ("S2", named["name"], ""),
        (far["uscc"], "", ""),
        ("S4", "株洲某厂", ""),
        ("S5", "株洲另一厂", "是"),
    ]
    offers: Rows = [("bolt", supplier[0], 1.0, 10, 0.0) for supplier in suppliers]
    sourced = source_bill(own_sample, _book(tmp_path / "bom.xlsx", suppliers, offers), near["county"])
    assert sourced.bill.suppliers["local"].tolist() == [True, True, False, None, True]
    assert sourced.known_suppliers == 3
    everywhere = source_bill(own_sample, tmp_path / "bom.xlsx")
    assert everywhere.bill.suppliers["local"].tolist() == [True, True, True, None, True]


def test_what_the_file_says_of_a_supplier_stands(own_sample: Workspace, firms: list[dict[str, str]], tmp_path: Path):
    suppliers: Rows = [(firms[0]["uscc"], "", "否")]
    offers: Rows = [("bolt", firms[0]["uscc"], 1.0, 10, 0.0)]
    sourced = source_bill(own_sample, _book(tmp_path / "bom.xlsx", suppliers, offers))
    assert sourced.bill.suppliers["local"].tolist() == [False]
    assert sourced.plan.local_share == 0.0
    assert sourced.served == 1


def test_a_premium_on_what_is_not_local_moves_purchases_and_the_curve_shows_it(own_sample: Workspace, tmp_path: Path):
    suppliers: Rows = [("A", "", "是"), ("B", "", "否")]
    offers: Rows = [("bolt", "A", 1.1, 10, 0.0), ("bolt", "B", 1.0, 10, 0.0), ("nut", "B", 1.0, 10, 0.0)]
    file = _book(tmp_path / "bom.xlsx", suppliers, offers)
    sourced = source_bill(own_sample, file, premiums=(0.0, 0.2))
    assert sourced.plan.assignment == {"bolt": "B", "nut": "B"}
    assert [point.local_lines for point in sourced.curve] == [0, 1]
    shown = [line for line in str(sourced).splitlines() if line.startswith("非本地加价 premium")]
    assert [f"本地 {point.local_lines} 行" in line for point, line in zip(sourced.curve, shown, strict=True)] == [
        True
    ] * 2
    assert source_bill(own_sample, file, nonlocal_premium=0.2).plan.assignment == {"bolt": "A", "nut": "B"}


def test_the_parts_told_of_the_objective_add_up_to_it_with_every_goal(own_sample: Workspace, tmp_path: Path):
    suppliers: Rows = [("A", "", "是"), ("B", "", "否")]
    offers: Rows = [("bolt", "B", 2.0, 10, 0.0), ("nut", "A", 1.0, 10, 0.0)]
    file = _book(tmp_path / "bom.xlsx", suppliers, offers)
    goals: tuple[Goal, ...] = ("lowest price", "fewest suppliers", "most local")
    for goal in goals:
        said = str(source_bill(own_sample, file, goal=goal)).splitlines()[1]
        objective, *parts = (float(number) for number in re.findall(r"[\d.]+", said.replace(",", "")))
        assert (len(parts), sum(parts)) == (3 if goal == "lowest price" else 4, objective)


def test_the_run_names_the_bill_that_it_read(own_sample: Workspace, tmp_path: Path):
    file = _book(tmp_path / "bom.xlsx", [("A", "", "是")], [("bolt", "A", 1.0, 10, 0.0), ("pin", "A", 1.0, 1, 0.0)])
    sourced = source_bill(own_sample, file, goal="most local")
    run = own_sample.runs().to_pylist()[0]
    assert (run["run"], run["step"]) == (sourced.run, "source")
    assert json.loads(run["inputs"]) == {"bom.xlsx": sha256_of(file)}
    assert json.loads(run["parameters"])["goal"] == "most local"
    assert "清单不采购的物料的报价 offers for what the bill does not buy: 1" in str(sourced)


def test_a_fault_of_the_bill_or_a_place_that_is_none_is_told(own_sample: Workspace, tmp_path: Path):
    file = _book(tmp_path / "bom.xlsx", [("A", "", "是")], [("bolt", "Z", 1.0, 10, 0.0)])
    with pytest.raises(InputError, match="'Z' is not in the sheet of suppliers"):
        source_bill(own_sample, file)
    with pytest.raises(NotFound):
        source_bill(own_sample, file, "999999")


def test_the_locomotive_is_sourced_with_a_proven_gap(own_sample: Workspace):
    sourced = source_bill(own_sample, own_sample.path / "sample" / "sample-bom.xlsx", gap=0.005)
    assert len(sourced.plan.assignment) == 2_400
    assert sourced.served > 0.98 * 2_400
    assert sourced.plan.gap <= 0.005
    assert 0.2 < (sourced.plan.local_share or 0.0) < 1.0
    local = sourced.bill.suppliers["local"].astype(bool)
    assert sourced.known_suppliers == local.sum()
