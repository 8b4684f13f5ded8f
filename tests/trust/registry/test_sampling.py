"""Samples: read as what they say to be, and never with what is personal."""

from __future__ import annotations

import pytest

from gaoyuan.trust.registry.sampling import MOST_BYTES, MOST_ROWS, Sample, SampleRefused

HEAD = "日期,用电量\n"


def test_csv_in_both_chinese_encodings_and_json_are_read() -> None:
    text = f"{HEAD}2026-01-01,3.5\n"
    for name, content in (
        ("a.csv", text.encode()),
        ("a.CSV", text.encode("utf-8-sig")),
        ("a.csv", text.encode("gb18030")),
        ("a.json", '[{"日期": "2026-01-01", "用电量": 3.5}]'.encode()),
    ):
        sample = Sample.read(name, content)
        assert sample.columns == ("日期", "用电量")
        assert sample.rows == (("2026-01-01", "3.5"),)
        assert sample.content == content


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "空"),
        ("a.xlsx", b"PK", "CSV 或 JSON"),
        ("a.csv", b"\xff\xff\xff\xff", "UTF-8"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "UTF-8"),
        ("a.csv", HEAD.encode(), "没有数据行"),
        ("a.csv", f"{HEAD}1\n".encode(), "第 1 行有 1 个"),
        ("a.csv", b"a,a\n1,2\n", "重复"),
        ("a.json", b"{}", "列表"),
        ("a.json", b'[{"a": {"b": 1}}]', "嵌套"),
        ("a.json", b"[" * 100_000, "JSON"),
        ("a.csv", b"a\n" + b"1\n" * (MOST_ROWS + 1), "超过"),
        ("a.csv", b"a" * (MOST_BYTES + 1), "MB"),
    ],
)
def test_what_is_no_sample_is_refused_with_its_reason(name: str, content: bytes, said: str) -> None:
    with pytest.raises(SampleRefused) as refused:
        Sample.read(name, content)
    assert said in refused.value.zh
    assert refused.value.what


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("编号", "11010519491231002X", "身份证号码"),
        ("备注", "证件11010519491231002x在案", "身份证号码"),
        ("电话", "139 1234 5678", "手机号码"),
        ("电话", "+86-13912345678", "手机号码"),
        ("账户", "6222021234567890128", "银行卡号"),
        ("法定代表人", "x", "个人信息"),
        ("full_name", "x", "个人信息"),
    ],
)
def test_what_is_personal_is_refused_with_its_place(column: str, cell: str, said: str) -> None:
    with pytest.raises(SampleRefused) as refused:
        Sample.read("a.csv", f"序号,{column}\n1,\n2,{cell}\n".encode())
    assert said in refused.value.zh
    assert column in refused.value.zh
    assert cell not in refused.value.zh


@pytest.mark.parametrize(
    "cell",
    [
        "914403001922038216",
        "0532-88886666",
        "400-810-8888",
        "139.12345678",
        "2026-01-01 12:30:45",
        "110105194912310021",
    ],
)
def test_numbers_of_organisations_and_measurements_are_no_finding(cell: str) -> None:
    assert Sample.read("a.csv", f"值\n{cell}\n".encode()).rows == ((cell,),)
