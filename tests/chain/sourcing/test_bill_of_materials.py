from __future__ import annotations

import itertools
import random
from collections import defaultdict

import pytest

from gaoyuan.chain.sourcing import explode, source
from gaoyuan.errors import InputError

PRODUCTS = [{"product": "locomotive", "quantity": 2, "due_days": 100}]
USES = [
    {"product": "locomotive", "component": "bogie", "quantity": 2},
    {"product": "locomotive", "component": "cab", "quantity": 1},
    {"product": "bogie", "component": "bolt", "quantity": 30, "scrap": 0.25},
    {"product": "cab", "component": "bolt", "quantity": 10},
    {"product": "cab", "component": "window", "quantity": 3},
]
ITEMS = [
    {"item": "locomotive", "assembly_days": 20},
    {"item": "bogie", "assembly_days": 30},
    {"item": "cab", "assembly_days": 5},
    {"item": "bolt", "lead_days": 60, "penalty_per_unit": 2.0},
    {"item": "window", "lead_days": None},
]


def test_needs_are_added_up_and_dates_counted_back_along_the_critical_path():
    exploded = explode(PRODUCTS, USES, ITEMS)
    lines = {line.line: line for line in exploded.lines}
    assert lines["bolt"].need == pytest.approx(2 * 2 * 40 + 2 * 10)
    assert lines["bolt"].due_days == 50
    assert lines["bolt"].path == ("locomotive", "bogie")
    assert lines["bolt"].slack_days == -10
    assert lines["bolt"].unserved_penalty == pytest.approx(360.0)
    assert lines["window"] == ("window", "window", 6.0, 75.0, 2, ("locomotive", "cab"), None, None)
    assert exploded.made == {"locomotive": 2.0, "bogie": 4.0, "cab": 2.0}
    assert exploded.critical == (lines["bolt"],)


def test_by_date_a_shared_part_has_a_line_for_each_day():
    lines = {line.line: line for line in explode(PRODUCTS, USES, ITEMS, shared="by date").lines}
    assert lines["bolt@50"].need == pytest.approx(160.0)
    assert lines["bolt@75"].need == pytest.approx(20.0)
    assert lines["bolt@75"].path == ("locomotive", "cab")
    assert "window" in lines


def test_a_product_that_contains_itself_is_refused_and_the_loop_named():
    uses = [*USES, {"product": "bolt", "component": "steel", "quantity": 1}, {"product": "steel", "component": "bogie", "quantity": 1}]  # fmt: skip # noqa: E501
    with pytest.raises(InputError) as refused:
        explode(PRODUCTS, uses, ITEMS)
    named = str(refused.value).split(": ", 2)[2].splitlines()[0].split(" > ")
    assert named[0] == named[-1]
    assert set(named) == {"bogie", "bolt", "steel"}
    for product, component in itertools.pairwise(named):
        assert any(use["product"] == product and use["component"] == component for use in uses)
    with pytest.raises(InputError, match="a > a"):
        explode([], [{"product": "a", "component": "a", "quantity": 1}])


def test_a_product_without_a_date_gives_none_and_one_with_a_date_prevails():
    undated = [{"product": "locomotive", "quantity": 1}]
    assert {line.due_days for line in explode(undated, USES, ITEMS).lines} == {None}
    both = [*PRODUCTS, {"product": "cab", "quantity": 1}]
    window = next(line for line in explode(both, USES, ITEMS).lines if line.item == "window")
    assert (window.need, window.due_days) == (9.0, 75.0)


def test_a_product_without_components_is_bought_itself():
    [line] = explode([{"product": "bolt", "quantity": 5, "due_days": 3}], []).lines
    assert line == ("bolt", "bolt", 5.0, 3.0, 0, (), None, None)


def test_cells_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="uses, row 1, column scrap"):
        explode(PRODUCTS, [{**USES[0], "scrap": 1.0}])
    with pytest.raises(InputError, match="uses, row 1, column quantity"):
        explode(PRODUCTS, [{**USES[0], "quantity": -1}])
    with pytest.raises(InputError, match="products, row 1, column quantity"):
        explode([{"product": "a", "quantity": None}], [])


def test_needs_equal_those_counted_path_by_path():
    rng = random.Random(2)
    uses = [
        {"product": a, "component": b, "quantity": rng.randint(1, 3)}
        for a in range(12)
        for b in range(a + 1, 18)
        if rng.random() < 0.3
    ]
    items = [{"item": i, "assembly_days": rng.randint(0, 9)} for i in range(18)]
    days = {item["item"]: item["assembly_days"] for item in items}
    below = defaultdict(list)
    for use in uses:
        below[use["product"]].append((use["component"], use["quantity"]))
    need, due = defaultdict(float), defaultdict(lambda: float("inf"))

    def walk(item, quantity, date):
        if item not in below:
            need[item] += quantity
            due[item] = min(due[item], date)
        for component, each in below.get(item, ()):
            walk(component, quantity * each, date - days[item])

    walk(0, 5, 200)
    shuffled = rng.sample(uses, len(uses))
    exploded = explode([{"product": 0, "quantity": 5, "due_days": 200}], shuffled, items)
    assert {line.line: line.need for line in exploded.lines} == pytest.approx(need)
    assert {line.line: line.due_days for line in exploded.lines} == due
    dated = explode([{"product": 0, "quantity": 5, "due_days": 200}], shuffled, items, shared="by date")
    totals = defaultdict(float)
    for line in dated.lines:
        totals[line.item] += line.need
    assert totals == pytest.approx(need)


def test_the_lines_can_be_sourced():
    lines = explode(PRODUCTS, [use for use in USES if use["component"] != "window"], ITEMS).to_table()
    suppliers = [{"supplier": "S", "capacity_hours": 100, "local": True}]
    offers = [
        {
            "line": "bolt",
            "supplier": "S",
            "price_tiers": [[1, 0.5]],
            "moq": 1,
            "pack": 100,
            "lead_days": 45,
            "hours_per_unit": 0.01,
        }
    ]
    plan = source(lines, suppliers, offers)
    assert plan.quantity == {"bolt": 200.0}
