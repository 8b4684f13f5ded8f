from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from gaoyuan.registry import import_enterprises
from gaoyuan.registry.firm_matching import match_firms
from gaoyuan.workspace import Workspace

MakeCode = Callable[..., str]
WriteCsv = Callable[..., Path]
Found = list[tuple[str | None, str | None, bool]]


@pytest.fixture
def found(workspace: Workspace, write_csv: WriteCsv, credit_code: MakeCode) -> Callable[..., Found]:
    """Finds firms (code, name) in a register of five."""
    rows = [
        f"高阳甲毛巾有限公司,{credit_code(1)},高阳县",
        f"高阳乙(集团)公司,{credit_code(2)},高阳县",
        "丙厂,,高阳县",
        "丁厂,,高阳县",
        f"丁厂,{credit_code(3)},安国市",
    ]
    import_enterprises(workspace, [write_csv("企业名称,统一社会信用代码,县区", *rows)])

    def find(*firms: tuple[str | None, str]) -> Found:
        codes, names = pa.array([code for code, _ in firms], pa.string()), pa.array([name for _, name in firms])
        matches = match_firms(workspace, codes, names)
        columns = (matches.enterprise_id, matches.matched_by, matches.ambiguous)
        return list(zip(*(column.to_pylist() for column in columns), strict=True))

    return find


def test_a_credit_code_finds_its_firm_whatever_it_is_called(found, credit_code: MakeCode):
    assert found((credit_code(1), "改了名的公司")) == [(credit_code(1), "credit_code", False)]


def test_a_name_finds_the_one_firm_that_has_it_blanks_and_width_apart(found, credit_code: MakeCode):
    assert found((None, "高阳乙（集团） 公司"), (None, "高阳乙集团公司")) == [
        (credit_code(2), "name", False),
        (None, None, False),
    ]


def test_a_name_does_not_find_a_firm_of_another_credit_code(found, credit_code: MakeCode):
    assert found((credit_code(9), "高阳甲毛巾有限公司")) == [(None, None, False)]


def test_a_firm_without_a_code_is_found_by_its_name(found, credit_code: MakeCode):
    ((firm, by, _),) = found((credit_code(9), "丙厂"))
    assert by == "name"
    assert firm is not None
    assert firm.startswith("x")


def test_a_name_that_two_firms_have_finds_none_and_says_so(found, credit_code: MakeCode):
    assert found((None, "丁厂")) == [(None, None, True)]
    # With a code that the register has not, only the one without a code can be meant.
    ((firm, by, ambiguous),) = found((credit_code(9), "丁厂"))
    assert (firm is not None, by, ambiguous) == (True, "name", False)


def test_without_a_register_nothing_is_found(workspace: Workspace, credit_code: MakeCode):
    matches = match_firms(workspace, pa.array([credit_code(1)]), pa.array(["甲"]))
    assert (matches.enterprise_id.to_pylist(), matches.ambiguous.to_pylist()) == ([None], [False])
