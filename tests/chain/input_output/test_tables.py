from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gaoyuan.chain.input_output import extraction_loss, upstreamness
from gaoyuan.chain.input_output.tables import read_io_table, sector_indicators, sector_shock
from gaoyuan.errors import InputError, NotFound, StepMissing
from gaoyuan.workspace import SCHEMAS, Workspace, create_workspace

FLOWS = [[20.0, 45.0], [15.0, 30.0]]
OUTPUT = [100.0, 90.0]
NAMES = ("农业", "工业")


def cells(table: str, **more: list[float]) -> list[dict[str, Any]]:
    found = [
        {
            "table": table,
            "part": "intermediate",
            "from_code": f"0{row + 1}",
            "from_name": NAMES[row],
            "to_code": f"0{column + 1}",
            "to_name": NAMES[column],
            "value_yuan": FLOWS[row][column],
        }
        for row in range(2)
        for column in range(2)
    ]
    for part, values in ({"output": OUTPUT} | more).items():
        found += [
            {"table": table, "part": part, "from_code": f"0{row + 1}", "from_name": NAMES[row], "value_yuan": value}
            for row, value in enumerate(values)
        ]
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "workspace")


def put(workspace: Workspace, rows: list[dict[str, Any]]) -> None:
    schema = pa.schema([field for field in SCHEMAS["io_table"].arrow if field.name != "run"])
    with workspace.run("import", {}) as run:
        workspace.write("io_table", pa.Table.from_pylist(rows, schema=schema), run)


def test_a_table_comes_back_as_it_was(workspace: Workspace) -> None:
    put(workspace, cells("甲"))
    table = read_io_table(workspace)
    assert table.codes == ("01", "02")
    assert table.names == NAMES
    np.testing.assert_array_equal(table.flows, FLOWS)
    np.testing.assert_array_equal(table.output, OUTPUT)
    assert table.number("工业") == table.number("02") == 1


def test_the_indicators_are_those_of_the_kernels(workspace: Workspace) -> None:
    put(workspace, cells("甲"))
    found = sector_indicators(read_io_table(workspace))
    np.testing.assert_allclose(found["upstreamness"], upstreamness(FLOWS, OUTPUT))
    np.testing.assert_allclose(found["extraction_loss_yuan"], extraction_loss(FLOWS, OUTPUT))


def test_imports_are_taken_off_every_buyer_in_the_same_share(workspace: Workspace) -> None:
    bought = {"table": "甲", "part": "import", "from_code": "01", "from_name": NAMES[0], "value_yuan": -25.0}
    put(workspace, [*cells("甲", export=[25.0, 0.0]), bought])
    home = read_io_table(workspace).home_made()
    np.testing.assert_allclose(home, [[15.0, 33.75], [15.0, 30.0]])


def test_a_shock_costs_the_sector_that_suffers_it_and_ends(workspace: Workspace) -> None:
    put(workspace, cells("甲"))
    found = sector_shock(read_io_table(workspace), {"农业": 0.5}, duration=30, recovery_days=30).to_pylist()
    first = next(row for row in found if row["name"] == "农业")
    assert first["lost_share"] == 0.5
    assert first["lost_output_yuan"] > 0
    assert first["worst_day_share"] == pytest.approx(0.5, abs=0.02)
    assert sector_shock(read_io_table(workspace), {})["lost_output_yuan"].to_pylist() == pytest.approx([0.0, 0.0])


def test_a_sector_that_is_named_by_its_code_and_by_its_name_is_refused(workspace: Workspace) -> None:
    put(workspace, cells("t"))
    table = read_io_table(workspace)
    with pytest.raises(InputError, match="same sector") as caught:
        sector_shock(table, {table.codes[0]: 0.5, table.names[0]: 0.3})
    assert table.codes[0] in caught.value.zh
    assert table.names[0] in caught.value.zh


def test_a_negative_flow_names_the_table_the_sector_and_its_partner_in_both_languages(workspace: Workspace) -> None:
    rows = cells("甲")
    rows[1]["value_yuan"] = -45.0
    put(workspace, rows)
    table = read_io_table(workspace)
    for measure in (sector_indicators, lambda table: sector_shock(table, {"02": 0.5})):
        with pytest.raises(InputError) as refused:
            measure(table)
        fault = refused.value
        assert "甲" in (fault.where or "")
        for said in (fault.what, fault.zh):
            assert "01 农业" in said
            assert "02 工业" in said
            assert "-45" in said
        assert fault.mend
        assert fault.mend_zh


@pytest.mark.parametrize(
    ("more", "said"),
    [({"output": [100.0, 0.0]}, "02 工业"), ({"output": [20.0, 20.0]}, "not productive")],
)
def test_every_fault_of_a_table_is_said_in_both_languages_with_its_name(
    workspace: Workspace, more: dict[str, list[float]], said: str
) -> None:
    put(workspace, cells("甲", **more))
    with pytest.raises(InputError, match=said) as refused:
        sector_indicators(read_io_table(workspace))
    assert "甲" in (refused.value.where or "")
    assert refused.value.zh
    assert refused.value.mend_zh


def test_what_is_not_there_is_said_in_words(workspace: Workspace) -> None:
    with pytest.raises(StepMissing):
        read_io_table(workspace)
    put(workspace, cells("甲") + cells("乙"))
    with pytest.raises(InputError, match="--table") as refused:
        read_io_table(workspace)
    assert "--table" in refused.value.mend_zh
    with pytest.raises(NotFound):
        read_io_table(workspace, "丙")
    with pytest.raises(NotFound):
        read_io_table(workspace, "甲").number("矿业")


def test_a_table_that_is_not_square_or_has_no_outputs_is_refused(workspace: Workspace) -> None:
    put(workspace, [row for row in cells("甲") if row["part"] != "output"])
    with pytest.raises(InputError, match="outputs"):
        read_io_table(workspace)
    put(workspace, [row for row in cells("甲") if row["from_code"] == "01"])
    with pytest.raises(InputError, match="square"):
        read_io_table(workspace)
