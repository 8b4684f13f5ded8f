from __future__ import annotations

import pytest

from gaoyuan.cli.rule_options import settings_of
from gaoyuan.errors import InputError


def test_settings_are_names_and_values_without_the_blanks_around_them():
    assert settings_of(["average_growth = cagr", "a=10%", "b=x=y", "a=12%"]) == {
        "average_growth": "cagr", "a": "12%", "b": "x=y"
    }  # fmt: skip
    assert settings_of(None) == settings_of([]) == {}


@pytest.mark.parametrize("given", ["average_growth", "=cagr", "  =1", ""])
def test_what_is_no_setting_is_refused_with_how_to_write_one(given: str):
    with pytest.raises(InputError, match="--set NAME=VALUE"):
        settings_of([given])
