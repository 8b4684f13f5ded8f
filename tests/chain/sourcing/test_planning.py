from __future__ import annotations

import math
import random
from collections.abc import Hashable

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaoyuan.chain.sourcing import source
from gaoyuan.errors import ColumnsMissing, InputError


def small(case, seed, lines=5, suppliers=4, split=False):
    """A case that a few seconds of trying everything can solve; capacities are short."""
    rng = random.Random(seed)
    names = [f"S{i}" for i in range(suppliers)]
    of_lines = [
        {
            "line": f"L{i}",
            "need": rng.choice([0, 1, 7, 12.5, 40, 95, 130]),
            "due_days": rng.choice([None, 10, 20, 30]),
            "unserved_penalty": rng.choice([0, 50, 300, 2000]),
            "suppliers_wanted": rng.choice([1, 2]) if split else 1,
            "critical": rng.random() < 0.3,
            "certificates_required": rng.choice([[], [], ["ISO"], ["ISO", "IRIS"]]),
        }
        for i in range(lines)
    ]
    of_suppliers = [
        {
            "supplier": name,
            "capacity_hours": rng.choice([None, 5, 20, 60]),
            "local": rng.choice([True, False]),
            "certificates": rng.choice([["ISO"], ["ISO", "IRIS"], []]),
        }
        for name in names
    ]
    offers = []
    for line in of_lines:
        for name in rng.sample(names, rng.randint(0, suppliers)):
            price = rng.choice([0.5, 1.0, 2.0, 4.0])
            tiers = [[rng.choice([1, 1, 10]), price], [50, price * 0.9], [100, price * 0.7]]
            offers.append(
                {
                    "line": line["line"],
                    "supplier": name,
                    "price_tiers": tiers[: rng.randint(0, 3)] if rng.random() < 0.3 else tiers,
                    "moq": rng.choice([0, 1, 10, 60]),
                    "pack": rng.choice([1, 5, 0.5, 12]),
                    "lead_days": rng.choice([None, 5, 15, 25]),
                    "hours_per_unit": rng.choice([0, 0.1, 0.2, 0.5]),
                }
            )
    return case(of_lines, of_suppliers, offers)


def tables(one):
    return one.lines, one.suppliers, one.offers


def large(case, lines=400, suppliers=150, capacity=1.0, seed=1):
    rng = random.Random(seed)
    needs = [round(math.exp(rng.gauss(4.5, 1.0))) + 1 for _ in range(lines)]
    prices = [math.exp(rng.gauss(3.0, 1.0)) for _ in range(lines)]
    offers = [
        {
            "line": i,
            "supplier": s,
            "price_tiers": [[1, price], [100, round(price * 0.96, 4)], [500, round(price * 0.92, 4)]],
            "moq": rng.choice([1, 10, 50]),
            "pack": rng.choice([1, 5, 10]),
            "lead_days": rng.randint(3, 60),
            "hours_per_unit": round(rng.uniform(0.05, 0.15), 4),
        }
        for i in range(lines)
        for s in rng.sample(range(suppliers), 5)
        for price in [round(prices[i] * rng.uniform(0.8, 1.25), 2)]
    ]
    share = capacity * 0.1 * sum(needs) / suppliers
    return case(
        [
            {"line": i, "need": needs[i], "due_days": rng.randint(20, 90), "unserved_penalty": 3 * needs[i] * prices[i]}
            for i in range(lines)
        ],
        [
            {"supplier": s, "capacity_hours": share * rng.uniform(0.5, 1.5), "local": rng.random() < 0.4}
            for s in range(suppliers)
        ],
        offers,
    )


@given(seed=st.integers(0, 10**6), premium=st.sampled_from([0.0, 0.1, 1.0]), split=st.booleans())
def test_a_plan_holds_and_is_the_best_of_all_plans_where_the_gap_asks_for_it(
    case, verified, brute_force, seed, premium, split
):
    one = small(case, seed, split=split)
    plan = source(*tables(one), nonlocal_premium=premium, gap=0.0)
    verified(plan, one, premium)
    best = brute_force(one, premium)
    assert plan.lower_bound <= best * (1 + 1e-9) + 1e-9
    assert math.isclose(plan.objective, best, rel_tol=1e-9, abs_tol=1e-9)


@given(seed=st.integers(0, 10**6), split=st.booleans())
def test_with_opening_costs_and_weights_of_locality_a_plan_is_the_best_too(case, verified, brute_force, seed, split):
    one = small(case, seed, lines=4, split=split)
    few = source(*tables(one), goal="fewest suppliers", supplier_cost=70.0, gap=0.0)
    verified(few, one)
    assert math.isclose(few.objective, brute_force(one, supplier_cost=70.0), rel_tol=1e-9, abs_tol=1e-9)
    near = source(*tables(one), goal="most local", locality_weight=3.0, gap=0.0)
    verified(near, one)
    assert math.isclose(near.objective, brute_force(one, locality_weight=3.0), rel_tol=1e-9, abs_tol=1e-9)


@given(seed=st.integers(0, 10**6))
def test_a_bound_is_valid_however_early_the_search_ends(case, verified, brute_force, seed):
    one = small(case, seed, lines=6)
    plan = source(*tables(one), gap=1e9, time_limit=0.0)
    verified(plan, one)
    best = brute_force(one)
    assert plan.lower_bound <= best * (1 + 1e-9) + 1e-9
    assert plan.objective >= best * (1 - 1e-9) - 1e-9


@pytest.mark.parametrize("capacity", [0.6, 1.0, 3.0])
def test_hundreds_of_lines_reach_the_gap_and_hold(case, verified, capacity):
    one = large(case, capacity=capacity)
    plan = source(*tables(one), nonlocal_premium=0.1, gap=0.001, time_limit=60.0)
    verified(plan, one, 0.1)
    assert plan.gap <= 0.001


def test_the_order_of_rows_and_the_kind_of_table_do_not_matter_beyond_the_gap(case, verified):
    one = large(case)
    plan = source(*tables(one), gap=0.001, time_limit=60.0)
    rng = random.Random(5)
    mixed = case(*(rng.sample(list(table), len(table)) for table in tables(one)))
    for kind in (list, pd.DataFrame, pa.Table.from_pylist):
        other = source(*(kind(table) for table in tables(mixed)), gap=0.001, time_limit=60.0)
        verified(other, mixed)
        assert other.lower_bound <= plan.objective * (1 + 1e-9)
        assert plan.lower_bound <= other.objective * (1 + 1e-9)


def test_the_same_tables_give_the_same_plan_whatever_kind_they_are(case):
    one = large(case, lines=120, suppliers=50)
    plans = [
        source(*(kind(table) for table in tables(one)), gap=0.001, time_limit=60.0)
        for kind in (list, pd.DataFrame, pa.Table.from_pylist)
    ]
    assert plans[0] == plans[1] == plans[2]


def test_many_small_offers_of_one_large_supplier_do_not_stall_the_search(case, verified):
    one = large(case, lines=300, suppliers=6, capacity=0.7)
    plan = source(*tables(one), gap=0.005, time_limit=60.0)
    verified(plan, one)
    assert plan.gap <= 0.005


def offer(line: Hashable = "L", supplier: Hashable = "S", **changed):
    return {
        "line": line, "supplier": supplier, "price_tiers": [[1, 2.0]], "moq": 1, "pack": 1, "lead_days": 5,
        "hours_per_unit": 0.1, **changed,
    }  # fmt: skip


def line(name: Hashable = "L", **changed):
    return {"line": name, "need": 10, "due_days": 30, "unserved_penalty": 1000, **changed}


def supplier(name: Hashable = "S", **changed):
    return {"supplier": name, "capacity_hours": 100, "local": True, **changed}


@pytest.mark.parametrize(
    ("need", "tiers", "moq", "pack", "quantity", "cost"),
    [
        (95, [[1, 2.0], [100, 1.8]], 1, 1, 100, 180.0),  # up to the break
        (80, [[1, 2.0], [100, 1.8]], 1, 1, 80, 160.0),  # not worth it
        (95, [[1, 2.0], [100, 1.8]], 1, 30, 120, 216.0),  # a pack reaches the break by itself
        (3, [[10, 2.0]], 1, 1, 10, 20.0),  # below the first tier nothing is quoted
        (3, [[1, 2.0]], 25, 10, 30, 60.0),  # minimum, then packs
        (0.3, [[0, 2.0]], 0, 0.1, 0.3, 0.6),  # no fourth pack by rounding
        (5, [[1, 0.0]], 1, 1, 5, 0.0),  # a price of zero is a price
        (5, [[100, 1.0], [1, 2.0]], 1, 1, 5, 10.0),  # tiers in any order
        (5, [[1, 1.0], [10, 3.0]], 1, 1, 5, 5.0),  # a surcharge for more
    ],
)
def test_quantities_follow_tiers_packs_and_minima(need, tiers, moq, pack, quantity, cost):
    plan = source([line(need=need)], [supplier()], [offer(price_tiers=tiers, moq=moq, pack=pack)])
    assert plan.quantity["L"] == pytest.approx(quantity)
    assert plan.objective == pytest.approx(cost)
    assert plan.gap == 0.0


def test_buying_up_to_a_break_is_given_up_where_the_capacity_is_worth_more():
    lines = [line("A", need=95), line("B", need=100)]
    offers = [offer("A", price_tiers=[[1, 2.0], [100, 1.8]]), offer("B")]
    plan = source(lines, [supplier(capacity_hours=19.5)], offers)
    assert plan.quantity == {"A": 95.0, "B": 100.0}


def test_equal_prices_are_bought_locally():
    plan = source(
        [line()], [supplier("far", local=False), supplier("near")], [offer(supplier="far"), offer(supplier="near")]
    )
    assert plan.assignment == {"L": "near"}


def test_a_line_wanted_from_two_is_split_in_halves_between_different_suppliers():
    suppliers = [supplier("A"), supplier("B"), supplier("C")]
    offers = [offer(supplier="A", price_tiers=[[1, 1.0]]), offer(supplier="A"), offer(supplier="B"), offer(supplier="C", price_tiers=[[1, 3.0]])]  # fmt: skip # noqa: E501
    plan = source([line(suppliers_wanted=2)], suppliers, offers)
    assert plan.assignment["L"] == "A"
    assert plan.second_sources["L"].supplier == "B"
    assert plan.second_sources["L"].bought
    assert [purchase.quantity for purchase in plan.purchases] == [5.0, 5.0]
    assert plan.objective == pytest.approx(15.0)


def test_a_line_that_only_one_can_deliver_is_bought_whole_and_told():
    plan = source([line(suppliers_wanted=2)], [supplier()], [offer()])
    assert plan.assignment == {"L": "S"}
    assert [reason.code for reason in plan.reasons["L"]] == ["only one supplier"]


def test_a_critical_line_names_a_stand_in_and_prefers_one_with_room():
    suppliers = [supplier("A"), supplier("B", capacity_hours=0.1), supplier("C")]
    offers = [
        offer(supplier="A"),
        offer(supplier="B", price_tiers=[[1, 2.1]], hours_per_unit=0.01),
        offer(supplier="C", price_tiers=[[1, 2.5]]),
    ]
    plan = source([line(critical=True)], suppliers, offers)
    assert plan.assignment == {"L": "A"}
    assert plan.second_sources["L"] == ("B", False, True, pytest.approx(1.0))
    other = [line("M", need=10)]
    offers.append(offer("M", "B", hours_per_unit=0.01))
    plan = source([line(critical=True), *other], suppliers, offers)
    assert plan.second_sources["L"] == ("C", False, True, pytest.approx(5.0))


def test_fewest_suppliers_pays_more_to_use_fewer():
    lines = [line("A"), line("B")]
    suppliers = [supplier("S"), supplier("T"), supplier("U")]
    offers = [offer("A", "S"), offer("B", "T"), *(offer(n, "U", price_tiers=[[1, 2.2]]) for n in "AB")]
    assert source(lines, suppliers, offers).suppliers_used == 2
    plan = source(lines, suppliers, offers, goal="fewest suppliers", supplier_cost=10.0)
    assert plan.suppliers_used == 1
    assert plan.objective == pytest.approx(54.0)
    assert plan.goal_cost == pytest.approx(10.0)


def test_most_local_takes_dearer_local_offers():
    suppliers = [supplier("near"), supplier("far", local=False)]
    offers = [offer(supplier="near", price_tiers=[[1, 9.0]]), offer(supplier="far")]
    assert source([line()], suppliers, offers).assignment == {"L": "far"}
    plan = source([line()], suppliers, offers, goal="most local")
    assert plan.assignment == {"L": "near"}
    assert plan.local_share == 1.0


def test_empty_tables_have_an_empty_plan():
    for empty in ([], pd.DataFrame({"line": [], "need": [], "due_days": [], "unserved_penalty": []})):
        plan = source(empty, [], [])
        assert plan.assignment == {}
        assert plan.objective == plan.lower_bound == plan.gap == 0.0
    plan = source([line()], [], [])
    assert plan.objective == 1000.0
    assert plan.gap == 0.0


def test_an_unknown_capacity_is_taken_as_unlimited_and_told():
    plan = source([line(need=10**6)], [supplier(capacity_hours=None)], [offer(price_tiers=[[1, 0.0001]])])
    assert plan.assignment == {"L": "S"}
    assert [reason.code for reason in plan.reasons["L"]] == ["capacity unknown"]


def test_a_name_stays_as_it_was_given():
    plan = source([line(7)], [supplier(("A", 1))], [offer(7, ("A", 1))])
    assert plan.assignment == {7: ("A", 1)}


@pytest.mark.parametrize(
    ("table", "changed", "says"),
    [
        ("lines", {"need": -1}, "lines, row 1, column need"),
        ("lines", {"need": float("nan")}, "lines, row 1, column need"),
        ("lines", {"need": "ten"}, "lines, row 1, column need"),
        ("lines", {"need": float("inf")}, "lines, row 1, column need"),
        ("lines", {"unserved_penalty": None}, "lines, row 1, column unserved_penalty"),
        ("lines", {"suppliers_wanted": 3}, "lines, row 1, column suppliers_wanted"),
        ("lines", {"line": None}, "lines, row 1, column line"),
        ("suppliers", {"capacity_hours": -0.5}, "suppliers, row 1, column capacity_hours"),
        ("suppliers", {"local": "maybe"}, "suppliers, row 1, column local"),
        ("offers", {"supplier": "who"}, "offers, row 1, column supplier"),
        ("offers", {"line": "what"}, "offers, row 1, column line"),
        ("offers", {"moq": -1}, "offers, row 1, column moq"),
        ("offers", {"pack": 0}, "offers, row 1, column pack"),
        ("offers", {"lead_days": -3}, "offers, row 1, column lead_days"),
        ("offers", {"hours_per_unit": float("nan")}, "offers, row 1, column hours_per_unit"),
        ("offers", {"price_tiers": [[1, -2.0]]}, "offers, row 1, column price_tiers"),
        ("offers", {"price_tiers": [[1, float("nan")]]}, "offers, row 1, column price_tiers"),
        ("offers", {"price_tiers": [[1, None]]}, "offers, row 1, column price_tiers"),
        ("offers", {"price_tiers": [[1, 2.0], [1, 1.5]]}, "offers, row 1, column price_tiers"),
        ("offers", {"price_tiers": [[1, 2.0, 3.0]]}, "offers, row 1, column price_tiers"),
        ("offers", {"price_tiers": "cheap"}, "offers, row 1, column price_tiers"),
        ("offers", {"price_tiers": 2.0}, "offers, row 1, column price_tiers"),
    ],
)
@pytest.mark.parametrize("kind", [list, pd.DataFrame])
def test_what_cannot_be_is_refused_with_its_place(table, changed, says, kind):
    given_tables = {"lines": [line()], "suppliers": [supplier()], "offers": [offer()]}
    given_tables[table] = [{**given_tables[table][0], **changed}]
    with pytest.raises(InputError) as refused:
        source(*(kind(rows) for rows in given_tables.values()))
    assert says in str(refused.value)


def test_a_name_that_stands_twice_and_a_column_that_is_missing_are_refused():
    with pytest.raises(InputError, match="lines, row 2, column line"):
        source([line(), line()], [supplier()], [offer()])
    with pytest.raises(ColumnsMissing, match="need"):
        source([{"line": "L"}], [supplier()], [offer()])
    with pytest.raises(InputError, match="nonlocal_premium"):
        source([line()], [supplier()], [offer()], nonlocal_premium=-0.1)
    with pytest.raises(InputError, match="goal"):
        source([line()], [supplier()], [offer()], goal="cheap")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "tiers",
    [
        ((1, 2.0), (100, 1.0)),
        [{"min_quantity": 1, "unit_price": 2.0}, {"unit_price": 1.0, "min_quantity": 100}],
    ],
)
def test_tiers_may_be_tuples_or_records(tiers):
    plan = source([line(need=100)], pd.DataFrame([supplier()]), [offer(price_tiers=tiers)])
    assert plan.objective == 100.0


def test_a_plan_reads_as_a_table(case):
    one = large(case, lines=30, suppliers=5, capacity=0.5)
    plan = source(*tables(one))
    table = plan.to_table()
    assert table.num_rows == 30
    assert sum(table["cost"].drop_null().to_pylist()) == pytest.approx(plan.purchase_cost)
