"""YAML that people wrote: what cannot be read is refused with its reason, and nothing kills the interpreter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gaoyuan.assess.facts.yaml_reading import DEEPEST, MOST_BYTES, parse_yaml, read_yaml
from gaoyuan.errors import FileUnreadable


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "deeper"),
        ("- " * 5_000 + "a", "deeper"),
        ("{a: " * (DEEPEST + 1), "deeper"),
        ("&a [*a]", "deeper"),
        (
            "a: &a [" + "1," * 99 + "1]\nb: &b [" + "*a," * 99 + "*a]\nc: &c [" + "*b," * 99 + "*b]\nd: [*c, *c, *c]",
            "alias",
        ),
        ("a: " + "9" * 5_000, "digits"),
        ("a: 2025-02-30", "month"),
        ("a: !!bool x", "cannot be read"),
        ("a: !!int ''", "cannot be read"),
        ("a: !!timestamp x", "cannot be read"),
        ("? [a]\n: 1", "cannot be read"),
        ("a: [", "cannot be read"),
        ("#" * (MOST_BYTES + 1), "bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(text: str, said: str, tmp_path: Path):
    file = tmp_path / "my.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileUnreadable, match=r"my\.yaml") as fault:
        read_yaml(file, "the plan")
    assert "the plan" in str(fault.value)
    assert said in str(fault.value) + str(fault.value.mend)


def test_a_file_that_there_is_not_or_in_another_encoding_is_refused(tmp_path: Path):
    (tmp_path / "gb.yaml").write_bytes("名: 集群".encode("gb18030"))
    for name, said in (("none.yaml", "No such file"), ("gb.yaml", "UTF-8")):
        with pytest.raises(FileUnreadable, match=said):
            read_yaml(tmp_path / name, "the map")


def test_dates_are_dates_or_the_text_that_was_written():
    assert parse_yaml("a: 2025-02-03", "it", "x") == {"a": dt.date(2025, 2, 3)}
    assert parse_yaml("a: 2025-02-30", "it", "x", dates_as_text=True) == {"a": "2025-02-30"}


def test_what_stands_as_deep_as_allowed_is_read():
    data = parse_yaml("[" * DEEPEST + "]" * DEEPEST, "it", "x")
    assert str(data) == "[" * DEEPEST + "]" * DEEPEST
