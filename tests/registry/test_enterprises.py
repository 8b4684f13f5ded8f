from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gaoyuan.codes import classes, industries
from gaoyuan.errors import StepMissing
from gaoyuan.registry import EnterpriseCounts, IndustryCoder, import_enterprises, write_enterprises
from gaoyuan.registry.given_codes import read_given
from gaoyuan.workspace import Workspace, create_workspace

MakeCode = Callable[..., str]
WriteCsv = Callable[..., Path]


def coded(workspace: Workspace) -> EnterpriseCounts:
    with workspace.run("observe") as run:
        return write_enterprises(workspace, run)


def by_name(workspace: Workspace) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in workspace.read("enterprise").to_pylist()}


def test_without_an_import_there_is_nothing_to_code(workspace: Workspace):
    with pytest.raises(StepMissing, match="gaoyuan import"):
        coded(workspace)


def test_given_codes_are_kept_those_of_2011_carried_and_marked_and_others_derived(
    workspace: Workspace, write_csv: WriteCsv
):
    scope = "毛巾、浴巾生产、销售"
    path = write_csv(
        "企业名称,经营范围,行业代码",
        f"甲,{scope},5139",
        f"乙,{scope},",
        f"丙,{scope},17",
        "丁,,",
        "戊,,17",
    )
    before = write_csv("企业名称,经营范围,行业代码", "己,服装生产,1810", "庚,,1810", name="2011.csv")
    import_enterprises(workspace, [path, before])
    counts = coded(workspace)
    firms = by_name(workspace)
    facts = {name: (row["industry"], row["industry_by"]) for name, row in firms.items()}
    assert facts["甲"] == ("5139", "given")
    assert facts["乙"] == ("1772", "derived")
    assert facts["丙"] == ("1772", "derived")
    assert facts["丁"] == (None, "unknown")
    assert facts["戊"] == (None, "unknown")
    assert facts["己"][1] == facts["庚"][1] == "given_2011"
    assert {facts["己"][0], facts["庚"][0]} <= {"1811", "1819"}
    assert (firms["甲"]["industry_confidence"], firms["甲"]["industry_alternatives"]) == (1.0, None)
    assert firms["丁"]["industry_confidence"] is None
    assert firms["庚"]["industry_confidence"] == 0.5
    assert firms["庚"]["industry_alternatives"] == "1811"
    assert counts.firms == 7
    assert counts.industry_by == {"given": 1, "derived": 2, "unknown": 2, "given_2011": 2}


def test_a_file_of_2011_is_known_by_its_codes_also_where_a_code_means_something_else_now(
    workspace: Workspace, write_csv: WriteCsv
):
    import_enterprises(workspace, [write_csv("企业名称,行业代码", "甲,1810", "乙,1830", "丙,1711")])
    coded(workspace)
    assert {row["industry_by"] for row in by_name(workspace).values()} == {"given_2011"}


def test_merging_given_and_derived_codes_agrees_with_the_rule_row_by_row():
    """A derived class counts only within what is given; a split class of 2011 falls to its largest part."""
    from gaoyuan.registry import enterprises

    codes = sorted({*industries(), *industries(2011)})
    given = [*codes, *codes, None] * 2
    count = len(given)
    files = ["a"] * (count // 2) + ["b"] * (count - count // 2)
    editions = {"a": 2011, "b": 2017}
    derived_codes = [classes()[(37 * i) % 1381] if i % 5 else None for i in range(count)]
    # Half of the alternatives lie near what is given, so that some of them are allowed.
    near = [read_given(code or "C", editions[file]).candidates for code, file in zip(given, files, strict=True)]
    alternatives = [
        None
        if main is None
        else "|".join(code for code in dict.fromkeys([classes()[(11 * i) % 1381], *group[-2:]]) if code != main)
        for i, (main, group) in enumerate(zip(derived_codes, near, strict=True))
    ]
    confidence = [None if main is None else round(0.1 + (i % 9) / 10, 4) for i, main in enumerate(derived_codes)]
    batch = pa.RecordBatch.from_pydict({"industry_given": pa.array(given, pa.string()), "file": files})
    derived = {
        "industry": pa.array(derived_codes, pa.string()),
        "industry_confidence": pa.array(confidence, pa.float64()),
        "industry_alternatives": pa.array(alternatives, pa.string()),
        "producer": pa.array([True] * count),
    }
    merged = enterprises._Given(batch, editions).merged(derived)
    rows = pa.RecordBatch.from_pydict(merged).to_pylist()
    for i, row in enumerate(rows):
        code = given[i]
        main, others = derived_codes[i], (alternatives[i] or "").split("|")
        if code is None:
            assert (row["industry"], row["industry_confidence"]) == (main, confidence[i])
            assert row["industry_alternatives"] == ("|".join(others[:3]) or None)
            assert row["industry_by"] == ("derived" if main else "unknown")
            continue
        read = read_given(code, editions[files[i]])
        candidates = list(read.candidates)
        allowed = [found for found in dict.fromkeys([main, *others[:3]]) if found in read.candidates]
        if len(read.candidates) == 1:
            expected = (candidates[0], 1.0, None)
        elif allowed:
            expected = (allowed[0], confidence[i] if allowed[0] == main else None, "|".join(allowed[1:]) or None)
        elif len({found[:3] for found in read.candidates}) <= 2 and len(read.candidates) <= 9:
            expected = (candidates[0], 1 / len(candidates), "|".join(candidates[1:4]))
        else:
            expected = (None, None, None)
        assert (row["industry"], row["industry_confidence"], row["industry_alternatives"]) == expected
        kept = "given_2011" if read.from_2011 else "given" if len(read.candidates) == 1 else "derived"
        assert row["industry_by"] == ("unknown" if row["industry"] is None else kept)


def test_what_a_county_was_read_from_is_told(workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode):
    lines = [
        f"甲,{credit_code(1, '130600')},河北省保定市高阳县,,115.7784,38.7001",
        f"乙,{credit_code(2, '130628')},河北省保定市蠡县,,,",
        f"丙,{credit_code(3, '130628')},人民路1号,130635,,",
        f"丁,{credit_code(4, '130628')},人民路1号,,,",
        f"戊,{credit_code(5, '130600')},人民路1号,,,",
        "己,,人民路1号,,,",
        f"庚,{credit_code(6, '510922')},,,,",
    ]
    import_enterprises(workspace, [write_csv("企业名称,统一社会信用代码,住所,行政区划代码,经度,纬度", *lines)])
    counts = coded(workspace)
    firms = {name: (row["county"], row["prefecture"], row["located_by"]) for name, row in by_name(workspace).items()}
    assert firms == {
        "甲": ("130628", "130600", "coordinates"),
        "乙": ("130635", "130600", "address"),
        "丙": ("130635", "130600", "division"),
        "丁": ("130628", "130600", "credit_code"),
        "戊": (None, "130600", None),
        "己": (None, None, None),
        "庚": ("510981", "510900", "credit_code"),
    }
    assert counts.located_by == {
        "coordinates": 1,
        "address": 1,
        "division": 1,
        "credit_code": 2,
        "unknown": 2,
    }


def test_the_industries_of_firms_coded_by_language_models_are_found_as_documented(tmp_path: Path, shared_data: Path):
    # The whole way: a file, the register, the table of enterprises.
    with (shared_data / "registry" / "coding_dev.csv").open(encoding="utf-8", newline="") as file:
        readings = list(csv.DictReader(file))
    workspace = create_workspace(tmp_path / "workspace")
    import_enterprises(workspace, [shared_data / "registry" / "coding_dev.csv"])
    coded(workspace)
    derived = {row["uscc"]: row for row in workspace.read("enterprise").to_pylist()}
    found = [(derived[row["uscc"]]["industry"] or "", row["accepted"].split("|")) for row in readings]
    four = sum(code in accepted for code, accepted in found) / len(found)
    two = sum(code[:2] in {right[:2] for right in accepted} for code, accepted in found) / len(found)
    assert four >= 0.85
    assert two >= 0.91
    for row in derived.values():
        alternatives = (row["industry_alternatives"] or "").split("|")
        assert len(alternatives) <= 3
        assert row["industry"] not in alternatives
        if row["industry"] is not None:
            assert 0.0 < row["industry_confidence"] <= 1.0


@pytest.mark.parametrize("name", ["cn_registry_mfg.parquet", "cn_registry_other.parquet"])
def test_the_real_register_is_imported_coded_and_located_without_a_mapping(
    tmp_path: Path, shared_data: Path, name: str
):
    whole = pq.ParquetFile(shared_data / "registry" / name)
    group = whole.read_row_group(whole.num_row_groups - 1).slice(0, 30_000)
    pq.write_table(group, tmp_path / name)
    workspace = create_workspace(tmp_path / "workspace")
    (result,) = import_enterprises(workspace, [tmp_path / name])
    assert result.rows == group.num_rows
    assert result.accepted + result.rejected == result.rows
    assert result.accepted > 0.98 * result.rows
    counts = coded(workspace)
    assert counts.firms == result.accepted
    assert counts.located_by.get("unknown", 0) < 0.3 * counts.firms
    assert counts.industry_by.get("unknown", 0) < 0.1 * counts.firms
    capital = workspace.read("register", ["capital_yuan"])["capital_yuan"].to_pylist()
    given = [value for value in capital if value is not None]
    assert given
    assert all(math.isfinite(value) for value in given)


def test_what_the_coder_says_does_not_depend_on_who_is_coded_beside(shared_data: Path):
    with (shared_data / "registry" / "coding_dev.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names, scopes = pa.array([row["name"] for row in rows]), pa.array([row["scope"] for row in rows])
    coder = IndustryCoder()
    together = coder.code(names, scopes).to_pylist()
    turned = coder.code(names[::-1], scopes[::-1]).to_pylist()[::-1]
    alone = [coder.code(names.slice(i, 1), scopes.slice(i, 1)).to_pylist()[0] for i in range(0, len(rows), 20)]
    assert turned == together
    assert alone == together[::20]
