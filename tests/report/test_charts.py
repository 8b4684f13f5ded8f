"""Charts as they are drawn."""

from __future__ import annotations

import io
import re
import threading
import warnings
from xml.etree import ElementTree

import pytest
from PIL import Image

from gaoyuan.report.chart_frame import ACCENT, PALETTE, WIDTH, number_text
from gaoyuan.report.charts import (
    RankInterval,
    bars_over_years,
    ranks_with_intervals,
    shares,
)
from gaoyuan.report.drawings import drawing_size, plain_drawing

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "$x^2$ <script>alert(1)</script> \\frac & \x00 非常非常非常非常长的名称还要更长"


def _texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def _filled(svg: str, colour: str) -> list[tuple[float, float, float, float]]:
    """Give the boxes (left, top, right, bottom) of the shapes filled with a colour, in the order they are drawn."""
    boxes = []
    root = ElementTree.fromstring(svg)
    hatching = {path for pattern in root.iter(f"{SVG}pattern") for path in pattern}
    for path in root.iter(f"{SVG}path"):
        if path.get("fill") == colour and path not in hatching:
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d", ""))]
            boxes.append((min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])))
    return boxes


def _all(charts: str = "") -> list[str]:
    return [
        bars_over_years({2020: 1, 2021: None, 2022: 3}, charts or "亿元", target=(charts or "线", 2)),
        ranks_with_intervals([RankInterval(charts or "甲", 2, 1, 3, own=True), RankInterval("乙", 1, 1, 2)], 5),
        shares({charts or "甲": {charts or "纺织": 0.6, "其他": None}}),
    ]


def test_an_unknown_year_is_a_gap_with_its_word_and_never_a_bar():
    drawn = bars_over_years({2020: 10, 2021: None, 2023: 0}, "亿元")
    texts = _texts(drawn)
    assert texts.count("未知") == 2
    assert {"2020", "2021", "2022", "2023"} <= set(texts)
    bars = _filled(drawn, PALETTE[1])
    assert len(bars) == 2
    # A zero that is known is a bar without height, with its number.
    assert bars[1][3] == bars[1][1]
    assert texts.count("0") == 2


def test_bars_begin_at_zero_and_are_as_high_as_their_values():
    bars = _filled(bars_over_years({2020: 10, 2021: 40, 2022: -5}, "亿元"), PALETTE[1])
    (_, top_a, _, foot_a), (_, top_b, _, foot_b), (_, top_c, _, foot_c) = bars
    assert foot_a == pytest.approx(foot_b)
    assert (foot_b - top_b) / (foot_a - top_a) == pytest.approx(4, rel=1e-3)
    assert top_c == pytest.approx(foot_a)
    assert (foot_c - top_c) / (foot_a - top_a) == pytest.approx(0.5, rel=1e-3)


def test_the_own_cluster_stands_out_in_a_ranking():
    drawn = ranks_with_intervals([RankInterval("甲", 2, 1, 3, own=True), RankInterval("乙", 1, 1, 2)], 40)
    assert ACCENT in drawn
    assert "本集群" in _texts(drawn)
    assert {"1", "40"} <= set(_texts(drawn))
    assert "本集群" not in _texts(ranks_with_intervals([RankInterval("乙", 1, 1, 2)], 3))


def test_what_shares_leave_open_is_unknown():
    assert "未知" in _texts(shares({"2024": {"纺织": 0.6, "服装": None}}))
    assert "未知" not in _texts(shares({"2024": {"纺织": 0.6, "服装": 0.4}}))


def test_equal_input_gives_equal_drawings_that_carry_no_date():
    for first, second in zip(_all(), _all(), strict=True):
        assert first == second
        assert not re.search(r"<metadata|dc:date", first)


def test_drawings_are_plain_and_as_wide_as_the_text():
    for drawn in _all():
        assert plain_drawing(drawn) == drawn
        assert drawing_size(drawn)[0] == pytest.approx(WIDTH, abs=0.01)
        assert "style=" not in drawn


def test_hostile_labels_are_text():
    for drawn in _all(HOSTILE):
        assert "<script" not in drawn
        assert any("$x^2$" in text for text in _texts(drawn))


def test_drawing_says_nothing_of_missing_letters():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _all("集群")


def test_charts_of_several_threads_do_not_disturb_each_other():
    made: list[list[str]] = []
    threads = [threading.Thread(target=lambda: made.append(_all())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert made[0] == made[1] == made[2]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        bars_over_years({}, "亿元")
    with pytest.raises(ValueError, match="None stands for an unknown value"):
        bars_over_years({2020: float("nan")}, "亿元")
    with pytest.raises(ValueError, match="does not lie"):
        ranks_with_intervals([RankInterval("甲", 3, 1, 2)], 5)
    with pytest.raises(ValueError, match="make at most 1"):
        shares({"甲": {"a": 0.7, "b": 0.4}})
    with pytest.raises(ValueError, match="at most 5 parts"):
        shares({"甲": {str(part): 0.1 for part in range(6)}})


def test_all_unknown_is_drawn_as_unknown():
    assert _texts(bars_over_years({2020: None, 2021: None}, "亿元")).count("未知") == 2


def test_the_typesetter_draws_the_charts(chinese_fonts: None):
    from gaoyuan.report.typesetting import drawing_as_png

    for drawn in _all("集群"):
        image = Image.open(io.BytesIO(drawing_as_png(drawn, 72)))
        assert image.width == pytest.approx(WIDTH, abs=1)
        colours = image.convert("RGB").getcolors(1 << 20)
        assert colours
        assert len(colours) > 5


@pytest.mark.parametrize(("value", "text"), [(-1234.5, "−1,234"), (0.00012, "0.0001"), (-0.0, "0"), (99.95, "100")])
def test_numbers_have_as_many_digits_as_they_need(value: float, text: str):
    assert number_text(value) in (text, text.replace("234", "235"))
