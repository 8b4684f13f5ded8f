from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from gaoyuan.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def province(demonstrated: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demonstrated province. Sourcing notes its runs in it."""
    return open_workspace(shutil.copytree(demonstrated.path, tmp_path_factory.mktemp("source") / "ws"))


@pytest.fixture
def bill(small_bill: Callable[..., Path], tmp_path: Path) -> Path:
    return small_bill(tmp_path / "bom.xlsx")


def test_a_plan_is_written_as_a_workbook_and_told(gaoyuan, province: Workspace, bill: Path, tmp_path: Path):
    shown = gaoyuan("source", province.path, bill, "--out", tmp_path / "plan.xlsx")
    assert (shown.code, shown.err) == (0, "")
    assert "3 行物料 lines, 有供应商 served 2, 供应商 suppliers 1" in shown.out
    assert "差距 gap 0.000%" in shown.out
    assert f"已写入 written: {tmp_path / 'plan.xlsx'}" in shown.out
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["采购方案 plan"]
    heads, *rows = sheet.iter_rows(values_only=True)
    assert [(row[0], row[heads.index("供应商 supplier")]) for row in rows] == [
        ("bolt", "far"),
        ("nut", "far"),
        ("pin", None),
    ]
    quiet = gaoyuan("source", province.path, bill, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_a_plan_as_json_is_the_same_in_the_file_and_on_the_screen(
    gaoyuan, province: Workspace, bill: Path, tmp_path: Path
):
    got = gaoyuan("source", province.path, bill, "--out", tmp_path / "plan.json", "--curve", "--json")
    assert (got.code, got.err) == (0, "")
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8")) == got.json
    assert (got.json["lines"], got.json["served"], got.json["place"]) == (3, 2, "register")
    assert [row["supplier"] for row in got.json["plan"]] == ["far", "far", None]
    assert got.json["lower_bound"] <= got.json["objective"]
    shares = [point["local_share"] for point in got.json["curve"]]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares == sorted(shares)


def test_a_premium_on_what_is_not_local_brings_purchases_home(gaoyuan, province: Workspace, bill: Path):
    def plan(premium: float) -> list[str | None]:
        got = gaoyuan("source", province.path, bill, "--premium", premium, "--json").json
        assert got["nonlocal_premium"] == premium
        return [row["supplier"] for row in got["plan"]]

    assert plan(0.0) == ["far", "far", None]
    assert plan(0.2) == ["near", "far", None]
    assert plan(0.6) == ["near", "near", None]


@pytest.mark.parametrize(
    ("goal", "suppliers", "name"),
    [
        ("lowest-price", ["far", "far", None], "lowest price"),
        ("fewest-suppliers", ["far", "far", None], "fewest suppliers"),
        ("most-local", ["near", "near", None], "most local"),
    ],
)
def test_the_goal_says_what_is_chosen_and_the_costs_add_up_to_what_it_minimises(
    gaoyuan, province: Workspace, bill: Path, goal: str, suppliers: list[str | None], name: str
):
    got = gaoyuan("source", province.path, bill, "--goal", goal, "--json").json
    assert [row["supplier"] for row in got["plan"]] == suppliers
    assert got["goal"] == name
    parts = (got[f"{part}_cost"] for part in ("purchase", "premium", "penalty", "goal"))
    assert sum(parts) == pytest.approx(got["objective"])


WRONG_OPTIONS = [
    (("--goal", "best"), "lowest-price"),
    (("--premium", "-1"), "--premium"),
    (("--premium", "nan"), "--premium"),
    (("--premium", "inf"), "--premium 须为有限的数"),
    (("--gap", "-1"), "--gap"),
    (("--gap", "inf"), "--gap 须为有限的数"),
    (("--seconds", "inf"), "--seconds 须为有限的数"),
    (("--seconds", "soon"), "--seconds"),
    (("--out", "plan.foo"), ".xlsx"),
    (("--out", "plan"), ".json"),
    (("--out", "none/plan.xlsx"), "none"),
]


@pytest.mark.parametrize(("given", "said"), WRONG_OPTIONS, ids=[" ".join(given) for given, _ in WRONG_OPTIONS])
def test_an_option_that_cannot_be_used_ends_with_2_before_anything_is_done(
    gaoyuan,
    province: Workspace,
    bill: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    said: str,
):
    monkeypatch.chdir(bill.parent)
    before = province.runs().num_rows
    shown = gaoyuan("source", province.path, bill, *given)
    assert (shown.code, shown.out) == (2, "")
    _is_told(shown.err, said)
    assert province.runs().num_rows == before
    assert list(bill.parent.iterdir()) == [bill]


OFFERS = ("物料 item", "供应商 supplier", "价格 price_tiers")
WRONG_SHEETS = {
    "a sheet is missing": ({"offers": None}, "报价 offers"),
    "a column is missing": ({"offers": [OFFERS[:2], ("bolt", "near")]}, "price_tiers"),
    "a supplier is unknown": ({"offers": [OFFERS, ("bolt", "Z", 1)]}, "'Z'"),
    "a price is none": ({"offers": [OFFERS, ("bolt", "near", "cheap")]}, "'cheap'"),
    "a supplier stands twice": ({"suppliers": [("供应商 supplier",), ("near",), ("near",)]}, "'near'"),
    "a quantity is missing": ({"bill": [("物料 item", "数量 quantity"), ("bolt", "")]}, "row 2"),
}


@pytest.mark.parametrize(("sheets", "said"), WRONG_SHEETS.values(), ids=WRONG_SHEETS)
def test_a_wrong_workbook_ends_with_2_and_says_where_and_no_plan_is_written(
    gaoyuan, province: Workspace, small_bill: Callable[..., Path], tmp_path: Path, sheets: dict[str, object], said: str
):
    file = small_bill(tmp_path / "wrong.xlsx", **sheets)
    shown = gaoyuan("source", province.path, file, "--out", tmp_path / "plan.xlsx")
    assert (shown.code, shown.out) == (2, "")
    _is_told(shown.err, said)
    assert "wrong.xlsx" in shown.err
    assert not (tmp_path / "plan.xlsx").exists()


@pytest.mark.parametrize("name", ["none.xlsx", "junk.xlsx", "list.csv"])
def test_a_file_that_is_no_workbook_ends_with_2(gaoyuan, province: Workspace, tmp_path: Path, name: str):
    if name != "none.xlsx":
        (tmp_path / name).write_bytes(b"a,b\n1,2\n")
    shown = gaoyuan("source", province.path, tmp_path / name)
    assert (shown.code, shown.out) == (2, "")
    _is_told(shown.err, name)


def test_an_unknown_place_ends_with_2(gaoyuan, province: Workspace, bill: Path):
    shown = gaoyuan("source", province.path, bill, "--place", "999999")
    assert (shown.code, shown.out) == (2, "")
    _is_told(shown.err, "999999")


def test_a_plan_that_cannot_be_made_leaves_the_old_file(gaoyuan, province: Workspace, bill: Path, tmp_path: Path):
    (tmp_path / "plan.json").write_text("old")
    assert gaoyuan("source", province.path, bill, "--out", tmp_path / "plan.json", "--place", "999999").code == 2
    assert (tmp_path / "plan.json").read_text() == "old"


def _is_told(text: str, said: str) -> None:
    """What is wrong stands there in Chinese and English, and how to mend it."""
    assert "Traceback" not in text
    (wrong,) = [line.removeprefix("错误 error: ") for line in text.splitlines() if line.startswith("错误 error: ")]
    assert any("一" <= letter <= "鿿" for letter in wrong.split(" · ")[0]), wrong
    assert any(word.isascii() and word.isalpha() for word in wrong.split()), wrong
    assert "改法 mend: " in text
    assert said in text
