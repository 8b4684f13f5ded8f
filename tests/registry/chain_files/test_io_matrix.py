from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.errors import InputError
from gaoyuan.registry.chain_files.io_matrix import IoMatrix, read_io_matrix

OWN = (
    "代码,名称,01,02,FU1,EX,IM,GO",
    "01,农产品,20,45,20,25,10,100",
    "02,加工品,15,30,40,9,4,90",
    "VA1,增加值,65,15,,,,",
)


def read(*lines: str) -> IoMatrix:
    headings, *rows = [line.split(",") for line in lines]
    columns = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(headings))]
    table = pa.table(columns, names=[str(at) for at in range(len(headings))])
    return read_io_matrix(headings, table, np.arange(2, 2 + len(rows)), "io.csv")


def part(matrix: IoMatrix, name: str) -> dict[tuple[str, str], float]:
    rows = matrix.cells.to_pylist()
    return {(row["from_code"], row["to_code"]): row["value"] for row in rows if row["part"] == name}


def test_a_table_is_read_into_its_parts():
    matrix = read(*OWN)
    assert matrix.codes == ("01", "02")
    assert part(matrix, "intermediate") == {
        ("01", "01"): 20, ("01", "02"): 45, ("02", "01"): 15, ("02", "02"): 30
    }  # fmt: skip
    assert part(matrix, "final_use") == {("01", "FU1"): 20, ("02", "FU1"): 40}
    assert part(matrix, "export") == {("01", "EX"): 25, ("02", "EX"): 9}
    assert part(matrix, "import") == {("01", "IM"): 10, ("02", "IM"): 4}
    assert part(matrix, "output") == {("01", "GO"): 100, ("02", "GO"): 90}
    assert part(matrix, "value_added") == {("VA1", "01"): 65, ("VA1", "02"): 15}
    assert matrix.notes == ()


def test_sectors_are_known_by_their_names_in_any_order_and_words_name_what_stands_beside():
    matrix = read(
        "部门,加工品,居民服务,中间使用合计,居民消费,出口,总产出",
        "居民服务,3,1,4,5,1,10",
        "加工品,2,2,4,15,1,20",
        "中间投入合计,5,3,,,,",
        "劳动者报酬,15,7,,,,",
        "总投入,20,10,,,,",
    )
    assert matrix.codes == ("居民服务", "加工品")
    assert part(matrix, "intermediate")["居民服务", "加工品"] == 3
    assert part(matrix, "final_use") == {("居民服务", "居民消费"): 5, ("加工品", "居民消费"): 15}
    assert matrix.notes == ()


def test_home_made_and_imported_goods_are_kept_apart_and_a_total_without_parts_is_a_final_use():
    matrix = read(
        "Code,Description,Origin,01,02,TIU,TC,EX,GO",
        "01,a,Domestic,1,2,3,6,1,10",
        "02,b,Domestic,3,4,7,12,1,20",
        "01,a,Imports,1,0,1,0,0,1",
        "02,b,Imports,0,2,2,0,0,2",
        "TII,t,TOT,5,8,,,,",
        "VA001,v,TOT,5,12,,,,",
        "TI,t,TOT,10,20,,,,",
    )
    assert part(matrix, "intermediate")["02", "01"] == 3
    assert part(matrix, "imported") == {("01", "01"): 1, ("01", "02"): 0, ("02", "01"): 0, ("02", "02"): 2}
    assert part(matrix, "final_use") == {("01", "TC"): 6, ("02", "TC"): 12}
    assert matrix.notes == ()


def test_two_rows_of_headings_and_lost_zeros_are_read():
    matrix = read(
        "(column 1),代码,农产品,加工品,最终消费,总产出",
        ",,1,2,FU,GO",
        "农产品,1,20,45,35,100",
        "加工品,2,15,30,45,90",
    )
    assert matrix.codes == ("01", "02")
    assert part(matrix, "intermediate")["01", "02"] == 45
    assert "zeros" in matrix.notes[0]


def test_rows_and_columns_that_do_not_sum_to_output_are_told():
    matrix = read(*(line.replace("15,30,40", "15,30,43") for line in OWN))
    (note,) = matrix.notes
    assert "02 加工品 +3.3%" in note
    assert note.startswith("行 rows")


def test_negative_flows_are_told_with_their_cells_and_what_follows_from_them():
    matrix = read(OWN[0], OWN[1].replace("20,45", "-20,45"), OWN[2].replace("15,30", "15,-3"), OWN[3])
    assert matrix.negative_flows == 2
    (note,) = [note for note in matrix.notes if "negative" in note]
    assert "01 农产品 → 01 农产品: -20" in note
    assert "02 加工品 → 02 加工品: -3" in note
    assert "部门指标" in note
    assert "gaoyuan chain WS sectors" in note


def test_a_fall_of_stocks_is_no_negative_flow():
    lines = [OWN[0].replace("FU1", "存货"), OWN[1].replace("45,20", "45,-20"), *OWN[2:]]
    matrix = read(*lines)
    assert matrix.negative_flows == 0
    assert not any("negative" in note for note in matrix.notes)


def test_a_negative_output_is_told():
    matrix = read(OWN[0], OWN[1].replace("100", "-100"), *OWN[2:])
    assert any("负的总产出" in note and "01 农产品: -100" in note for note in matrix.notes)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            [OWN[0].replace(",02,", ","), "01,农产品,20,20,25,10,100", "02,加工品,15,40,9,4,90"],
            "02: a row and no column",
        ),
        ([OWN[0], OWN[1]], "02: a column and no row"),
        ([OWN[0], OWN[1], OWN[1], OWN[2]], "'01' has two rows"),
        ([OWN[0], OWN[1].replace("45", "约45"), OWN[2]], "'约45' in row 2, column '02' is no number"),
        (["代码,01,02,FU1", "01,1,2,3", "02,1,2,3"], "neither a column nor a row of total output"),
        (["代码,Origin,01,02,GO", "01,Mars,1,2,3", "02,Mars,1,2,3"], "origin 'mars'"),
    ],
)
def test_what_is_no_square_table_is_refused_with_its_place(lines: list[str], said: str):
    with pytest.raises(InputError) as refused:
        read(*lines)
    assert said in str(refused.value)
    assert refused.value.zh
    assert refused.value.mend or said.startswith("'约")


@given(st.permutations(range(4)), st.permutations(range(4)))
def test_the_order_of_rows_and_columns_does_not_matter(rows: list[int], columns: list[int]):
    flows = np.arange(16).reshape(4, 4) + 1
    lines = [",".join(["代码", *(f"s{at}" for at in columns), "GO"])]
    lines += [",".join([f"s{row}", *(str(flows[row, at]) for at in columns), "500"]) for row in rows]
    assert part(read(*lines), "intermediate") == {
        (f"s{row}", f"s{column}"): flows[row, column] for row in range(4) for column in range(4)
    }
