from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pyarrow as pa

from gaoyuan.codes import credit_code_faults
from gaoyuan.sample.chain_firms import ChainFirms
from gaoyuan.workspace import Workspace


def test_only_firms_that_an_import_accepts_are_kept(sample_workspace: Workspace):
    file = sample_workspace.path / "sample" / "sample-enterprises.csv"
    given = pd.read_csv(file, dtype={"统一社会信用代码": str, "行业代码": str, "成立日期": str}, encoding="utf-8-sig")
    firms = ChainFirms()
    firms.add(pa.RecordBatch.from_pandas(given, preserve_index=False))
    kept = {firm.uscc for code in ("3829", "3823", "3391", "2669") for firm in firms.of(code)}
    kept |= {firm.uscc for firm in firms.others}
    assert len(kept) > 400
    assert kept <= set(sample_workspace.read("register", ["uscc"])["uscc"].to_pylist())


def test_firms_are_kept_by_the_class_that_the_register_gives(made: SimpleNamespace):
    rows = made.rows
    firms = ChainFirms()
    firms.add(pa.RecordBatch.from_pandas(rows, preserve_index=False))
    industry = rows.set_index("统一社会信用代码")["行业代码"]
    for code in ("3829", "3823", "2669"):
        assert {industry[firm.uscc] for firm in firms.of(code)} == {code}
        sound = rows[(rows["行业代码"] == code) & (credit_code_faults(pa.array(rows["统一社会信用代码"])) == 0)]
        assert len(firms.of(code)) <= min(40, len(sound))
    others = {industry[firm.uscc] for firm in firms.others}
    assert all("13" <= code[:2] <= "43" for code in others)
    assert not others & {"3829", "3823", "2669"}


def test_a_class_that_no_firm_gives_has_the_firms_that_are_named_for_it():
    rows = pa.RecordBatch.from_pydict(
        {
            "统一社会信用代码": ["91370782000000000H", "91370782NEBHU1Y58Q"],
            "企业名称": ["诸城宏远电容器及其配套设备厂", "诸城宏远布厂"],
            "行业代码": pa.array([None, None], pa.string()),
            "营业收入(万元)": pa.array([None, 3.0]),
            "成立日期": ["2015-02-03", "2015-02-03"],
            "经度": pa.array([None, 119.0]),
            "纬度": pa.array([None, 36.0]),
        }
    )
    firms = ChainFirms()
    firms.add(rows)
    assert [firm.name for firm in firms.of("3822")] == ["诸城宏远电容器及其配套设备厂"]
    assert firms.of("3081") == []


def test_a_spoiled_row_is_passed_over():
    codes = ["91370782000000000H", "91370782NEBHU1Y58Q", "913707820000000001"]
    rows = pa.RecordBatch.from_pydict(
        {
            "统一社会信用代码": codes,
            "企业名称": ["甲", "乙", "丙"],
            "行业代码": ["3822"] * 3,
            "营业收入(万元)": [1.0, 1.0, 1.0],
            "成立日期": ["2015-02-30", "2015-02-03", "2015-02-03"],
            "经度": [119.0, 119.0, 119.0],
            "纬度": [36.0, 36.0, 36.0],
        }
    )
    firms = ChainFirms()
    firms.add(rows)
    assert [firm.name for firm in firms.of("3822")] == ["乙"]
