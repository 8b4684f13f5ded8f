"""Only small and medium firms answer: by what they state, and by the register where that knows them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.exchange.challenges import SizeFigures, judge_size

NUMBERS = st.none() | st.floats(0, 1e12)
FIGURES = st.builds(SizeFigures, st.sampled_from([None, "1761", "F", "J", "3311"]), NUMBERS, NUMBERS, NUMBERS)


@given(FIGURES, st.none() | FIGURES)
def test_who_is_large_by_either_is_refused_and_the_reason_is_said_in_both_languages(stated, registered) -> None:
    judged = judge_size(stated, registered)
    classes = {judged.stated, judged.registered}
    assert judged.is_small_or_medium == (False if "large" in classes else True if classes - {None} else None)
    assert judged.zh
    assert judged.en


def test_the_register_decides_where_it_knows_the_firm() -> None:
    stated = SizeFigures("1761", 50, 8e6)
    assert "登记数据" in judge_size(stated, SizeFigures("1761", 15, 1e6)).zh
    assert "登记数据" not in judge_size(stated, SizeFigures(None)).zh
