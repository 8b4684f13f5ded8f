from __future__ import annotations

import json
from pathlib import Path

import pytest

from gaoyuan.assess import judge
from gaoyuan.assess.facts.files import facts_of, read_facts
from gaoyuan.assess.facts.rows import FactRow
from gaoyuan.errors import FileUnreadable, InputError

CLUSTER, OTHER = "370827-1523", "370827-1771"
TABLE = f"标识,指标,年份,值,来源\n{CLUSTER},area_km2,,80,甲\n{CLUSTER},output_yuan,2024,45亿元,甲\n"


def write(tmp_path: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    (tmp_path / name).write_text(text, encoding=encoding)
    return tmp_path / name


def test_a_mapping_of_json_may_have_every_form_that_facts_have(tmp_path: Path):
    given = {
        "area_km2": "80",
        "sme_output_share": "72%",
        "counties": {"value": 1, "source": "地图"},
        "output_yuan": {"series": {"2023": "45亿元", "2024": 4.6e9}, "source": "统计局"},
        "little_giants": [{"value": 1, "source": "甲"}, {"value": 2, "source": "乙"}],
    }
    read = read_facts(write(tmp_path, "f.json", json.dumps(given), "utf-8-sig"))
    assert (read.subject, read.facts.findings) == ("", ())
    assert read.facts.of("area_km2")[0].value == 80.0
    assert read.facts.of("output_yuan")[0].series == {2023: 4.5e9, 2024: 4.6e9}
    assert [claim.source for claim in read.facts.of("little_giants")] == ["甲", "乙"]


@pytest.mark.parametrize(
    "text",
    [
        f"subject: {CLUSTER}\nfacts: {{area_km2: 80, output_yuan: {{series: {{2024: 45亿元}}}}}}\n",
        f"subject: {CLUSTER}\narea_km2: 80\noutput_yuan: {{series: {{2024: 45亿元}}}}\n",
    ],
)
def test_the_subject_may_stand_above_the_facts_or_beside_them(tmp_path: Path, text: str):
    read = read_facts(write(tmp_path, "f.yaml", text))
    assert (read.subject, read.facts.findings) == (CLUSTER, ())
    assert set(read.facts) == {"area_km2", "output_yuan"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_gives_the_years_of_a_source_together(tmp_path: Path, encoding: str):
    read = read_facts(write(tmp_path, "f.csv", TABLE + f"{CLUSTER},output_yuan,2025,46亿元,甲\n", encoding))
    assert read.subject == CLUSTER
    (fact,) = read.facts.of("output_yuan")
    assert (fact.series, fact.source) == ({2024: 4.5e9, 2025: 4.6e9}, "甲")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.json", None, "No such file"),
        ("empty.json", b"", "Expecting value"),
        ("nonsense.json", b'{"area_km2": 80,', "line 1"),
        ("deep.json", b"[" * 200_000, "recursion"),
        ("long.json", b'{"area_km2": ' + b"9" * 5000 + b"}", "digits"),
        ("gbk.json", '{"area_km2": "80平方公里"}'.encode("gb18030"), "UTF-8"),
        ("junk.yaml", bytes(range(256)), "UTF-8"),
        ("control.yaml", b"a: \x00\x01", "characters are not allowed"),
        ("nonsense.yml", b"a: [1, 2\nb: }", "line 2"),
        ("date.yaml", b"area_km2: 2024-02-30\n", "day is out of range"),
        ("none.csv", None, "no such file"),
        ("empty.csv", b"", "empty"),
        ("junk.xlsx", bytes(range(8)) * 99, "the file is no workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_reason(
    tmp_path: Path, name: str, content: bytes | None, said: str
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FileUnreadable) as caught:
        read_facts(tmp_path / name)
    assert said in str(caught.value)
    assert name in str(caught.value.where)


@pytest.mark.parametrize("text", ["[]", '"area"', "3", "null", '{"subject": "x", "facts": []}', '{"facts": null}'])
def test_what_is_no_mapping_of_facts_is_refused(tmp_path: Path, text: str):
    with pytest.raises(InputError, match="no mapping from metrics to facts"):
        read_facts(write(tmp_path, "f.json", text))


def test_bad_values_of_a_mapping_become_findings_and_never_numbers(tmp_path: Path):
    given = '{"area_km2": NaN, "counties": Infinity, "sme_output_share": 72, "little_giants": {"wert": 3}, "areas": 1}'
    read = read_facts(write(tmp_path, "f.json", given))
    assert len(read.facts) == 0
    assert {finding.metric: finding.kind for finding in read.facts.findings} == {
        "area_km2": "not_a_number",
        "counties": "not_a_number",
        "sme_output_share": "percent_for_fraction",
        "little_giants": "not_a_fact",
        "areas": "unknown_metric",
    }


def test_a_table_of_several_subjects_needs_one_to_be_named(tmp_path: Path):
    file = write(tmp_path, "f.csv", TABLE + f"{OTHER},area_km2,,30,甲\n{OTHER},counties,,-1,甲\n")
    with pytest.raises(InputError, match=f"2 subjects\n.*--subject {CLUSTER}"):
        read_facts(file)
    mine, theirs = read_facts(file, CLUSTER).facts, read_facts(file, OTHER).facts
    assert (mine.of("area_km2")[0].value, mine.findings) == (80.0, ())
    assert theirs.of("area_km2")[0].value == 30.0
    assert [finding.kind for finding in theirs.findings] == ["negative"]


@pytest.mark.parametrize(("name", "text"), [("f.csv", TABLE), ("f.json", f'{{"subject": "{CLUSTER}", "facts": {{}}}}')])
def test_a_file_about_another_subject_is_refused(tmp_path: Path, name: str, text: str):
    with pytest.raises(InputError, match=f"no facts of {OTHER}, but of {CLUSTER}"):
        read_facts(write(tmp_path, name, text), OTHER)


def test_rows_without_a_subject_count_where_none_is_named_or_one_is_asked_for_and_are_told_elsewhere(tmp_path: Path):
    nameless = write(tmp_path, "a.csv", "指标,值\narea_km2,80\n")
    assert read_facts(nameless).facts.of("area_km2")[0].value == 80.0
    assert read_facts(nameless).subject == ""
    assert read_facts(nameless, CLUSTER).subject == CLUSTER
    mixed = write(tmp_path, "b.csv", TABLE + ",counties,,1,甲\n")
    read = read_facts(mixed)
    assert (read.subject, set(read.facts)) == (CLUSTER, {"area_km2", "output_yuan"})
    assert [(finding.kind, finding.metric) for finding in read.facts.findings] == [("not_a_fact", "counties")]
    assert set(read_facts(mixed, CLUSTER).facts) == {"area_km2", "output_yuan", "counties"}


def test_the_order_of_rows_does_not_matter(tmp_path: Path):
    rows = [
        f"{CLUSTER},output_yuan,{year},{40 + year % 7}亿元,{source}" for year in (2023, 2024, 2025) for source in "甲乙"
    ]
    verdicts = [
        judge(
            "cn-sme-cluster",
            read_facts(write(tmp_path, "f.csv", "\n".join(["标识,指标,年份,值,来源", *given]))).facts,
            "2026-06-30",
        )
        for given in (rows, rows[::-1])
    ]
    assert verdicts[0].criteria["1.4"].state == verdicts[1].criteria["1.4"].state
    assert verdicts[0].findings == verdicts[1].findings


def test_words_and_several_options_stay_what_they_are():
    def row(metric: str, text: str) -> FactRow:
        return FactRow(2, "enterprise", "91350100M000100Y43", metric, None, None, text, "甲", "")

    facts = facts_of(
        [row("size_class", "small"), row("leading_product_field", "emerging|future"), row("industry", "0111")]
    )
    assert [facts.of(name)[0].value for name in ("size_class", "leading_product_field", "industry")] == [
        "small", ("emerging", "future"), "0111"
    ]  # fmt: skip
    assert facts_of([row("leading_product_field", "")]).of("leading_product_field")[0].value == ()
