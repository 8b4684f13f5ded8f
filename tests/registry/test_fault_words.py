"""Every fault is said in Chinese too."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from gaoyuan.registry import cell_checks, cleaning, fault_words, importing, importing_titles, title_rows
from gaoyuan.registry.fault_words import in_chinese

SOURCES = [Path(str(module.__file__)) for module in (cell_checks, cleaning, importing, importing_titles, title_rows)]


def _said() -> set[str]:
    """Give what the sources pass to faults as reason or mend, with {} where it differs from case to case."""
    said = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            called = getattr(node, "func", None)
            if isinstance(node, ast.Call) and getattr(called, "id", getattr(called, "attr", "")) in (
                "Fault",
                "parsed",
            ):
                said |= {text for argument in node.args[-2:] if (text := _text(argument)) is not None}
    return said


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return None


def test_every_reason_and_mend_of_the_checks_has_its_chinese():
    said = _said() | {text for pair in cell_checks._CODE_FAULTS.values() for text in pair}
    assert len(said) > 25
    assert sorted(text for text in said if in_chinese(text) is None) == []


def test_what_differs_from_case_to_case_is_carried_over():
    assert in_chinese("Compare with row 12; keep the right one.") == "与第 12 行核对，保留正确的一行。"


def test_what_is_not_known_is_not_invented():
    assert in_chinese("something else") is None


@pytest.mark.parametrize("part", ["reasons", "mends"])
def test_a_sentence_has_as_many_holes_in_both_languages(part):
    catalogue = tomllib.loads((Path(str(fault_words.__file__)).parent / "faults_zh.toml").read_text("utf-8"))
    assert {a: b for a, b in catalogue[part].items() if a.count("{}") != b.count("{}")} == {}
