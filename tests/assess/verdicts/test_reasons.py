"""Reasons: facts in words."""

from __future__ import annotations

import pytest

from gaoyuan.assess.facts.metric_catalogue import metrics
from gaoyuan.assess.verdicts.reasons import fact_text
from gaoyuan.assess.verdicts.verdict import Evidence
from gaoyuan.report import verdict_report


@pytest.mark.parametrize("english", [False, True])
def test_several_sectors_in_one_text_are_each_given_in_words(english: bool) -> None:
    options = metrics()["size_class"].options
    one, other = list(options)[:2]
    names = [options[name][int(english)] for name in (one, other)]
    for value in (f"{one}|{other}", (one, other)):
        evidence = Evidence("size_class", "", "", None, value, "", "", "", "")
        assert fact_text(evidence, english=english) == (", " if english else "、").join(names)


def test_reports_say_facts_as_reasons_do() -> None:
    assert verdict_report.fact_text is fact_text
