from __future__ import annotations

import pytest

from gaoyuan.chain.sourcing import source


def tables(local, *, need=10, due=30, penalty=1000, certificates=(), others=(), line=None):
    lines = [
        {
            "line": "L",
            "need": need,
            "due_days": due,
            "unserved_penalty": penalty,
            "certificates_required": certificates,
        },
        *others,
    ]
    suppliers = [
        {"supplier": "near", "capacity_hours": 2.0, "local": True, "certificates": []},
        {"supplier": "far", "capacity_hours": 100, "local": False, "certificates": ["ISO"]},
    ]
    usual = {"line": "L", "moq": 1, "pack": 1, "lead_days": 5, "hours_per_unit": 0.1, "price_tiers": [[1, 2.0]]}
    offers = [{**usual, "supplier": "far"}]
    if local is not None:
        offers.append({**usual, "supplier": "near", "price_tiers": [[1, 1.0]], **local})
    offers += [{**usual, "supplier": "near", "line": other["line"]} for other in others]
    return lines, suppliers, offers


@pytest.mark.parametrize(
    ("local", "more", "code", "amount"),
    [
        (None, {}, "no local offer", None),
        ({"lead_days": 42}, {}, "too late", 12.0),
        ({"lead_days": None}, {}, "lead time unknown", 0.0),
        ({"price_tiers": []}, {}, "no price", 0.0),
        ({}, {"certificates": ["ISO"]}, "not certified", 0.0),
        ({"hours_per_unit": 0.5}, {}, "capacity too small", 3.0),
        ({"price_tiers": [[1, 2.5]]}, {}, "dearer", 5.0),
        (
            {},
            {"others": [{"line": "M", "need": 15, "due_days": None, "unserved_penalty": 9000}]},
            "capacity taken",
            0.5,
        ),
    ],
)
def test_a_line_that_is_not_local_says_why(local, more, code, amount):
    plan = source(*tables(local, **more))
    assert plan.assignment["L"] == "far"
    [reason] = plan.reasons["L"]
    assert (reason.about, reason.code) == ("not local", code)
    assert reason.amount == (None if amount is None else pytest.approx(amount))
    assert reason.supplier == (None if local is None else "near")


def test_a_line_that_is_not_served_says_why_for_each_obstacle():
    lines, suppliers, offers = tables({"lead_days": 40}, penalty=15)
    plan = source(lines, suppliers, offers)
    assert plan.assignment["L"] is None
    assert [(r.about, r.code, r.supplier, r.amount) for r in plan.reasons["L"]] == [
        ("not served", "too late", "near", 10.0),
        ("not served", "dearer than the penalty", "far", 5.0),
    ]


def test_a_line_without_offers_or_without_need_says_so():
    lines, suppliers, _ = tables(None)
    assert [reason.code for reason in source(lines, suppliers, []).reasons["L"]] == ["no offer"]
    lines[0]["need"] = 0
    plan = source(lines, suppliers, [])
    assert [reason.code for reason in plan.reasons["L"]] == ["nothing needed"]
    assert plan.objective == 0.0


def test_a_supplier_whose_place_is_not_known_is_not_local_and_pays_the_premium():
    lines, suppliers, offers = tables(None)
    suppliers[1]["local"] = None
    plan = source(lines, suppliers, offers, nonlocal_premium=0.1)
    assert [reason.code for reason in plan.reasons["L"]] == ["no local offer", "place unknown"]
    assert plan.premium_cost == pytest.approx(2.0)


def test_a_local_line_has_no_reasons_and_every_reason_reads_in_both_languages():
    plan = source(*tables({}))
    assert plan.assignment["L"] == "near"
    assert plan.reasons["L"] == ()
    [reason] = source(*tables({"lead_days": 42})).reasons["L"]
    assert reason.chinese == "非本地:near 交货迟 12.0 天"
    assert reason.english == "not local: near too late by 12.0 days"


@pytest.mark.parametrize(
    ("local", "more", "told"),
    [
        (
            {"price_tiers": [[1, 2.5]]},
            {"others": [{"line": "M", "need": 15, "due_days": None, "unserved_penalty": 9000}]},
            [("dearer", 5.0), ("capacity taken", 0.5)],
        ),
        ({"price_tiers": [[1, 2.5]], "hours_per_unit": 0.5}, {}, [("capacity too small", 3.0), ("dearer", 5.0)]),
        ({"lead_days": 42}, {"certificates": ["ISO"]}, [("not certified", 0.0), ("too late", 12.0)]),
        ({"lead_days": None, "hours_per_unit": 0.5}, {}, [("lead time unknown", 0.0), ("capacity too small", 3.0)]),
        ({"lead_days": 42, "price_tiers": [[1, 2.5]]}, {}, [("too late", 12.0), ("dearer", 5.0)]),
        ({"price_tiers": [], "lead_days": 42}, {}, [("no price", 0.0), ("too late", 12.0)]),
        ({"price_tiers": [[1, 2.5], [30, 0.5]], "lead_days": 42}, {}, [("too late", 12.0)]),
    ],
)
def test_every_obstacle_that_an_offer_meets_is_named(local, more, told):
    plan = source(*tables(local, **more))
    assert plan.assignment["L"] == "far"
    assert [(reason.code, reason.amount) for reason in plan.reasons["L"]] == [
        (code, pytest.approx(amount)) for code, amount in told
    ]


def test_an_obstacle_is_told_by_the_offer_that_meets_the_fewest():
    lines, suppliers, offers = tables({"price_tiers": [[1, 2.1]], "lead_days": 42})
    suppliers.append({"supplier": "next", "capacity_hours": 2.0, "local": True, "certificates": []})
    offers.append({**offers[1], "supplier": "next", "price_tiers": [[1, 2.5]], "lead_days": 5})
    told = [(r.code, r.supplier, r.amount) for r in source(lines, suppliers, offers).reasons["L"]]
    assert told == [("too late", "near", 12.0), ("dearer", "next", 5.0)]


def test_a_premium_that_makes_a_dearer_local_offer_the_cheaper_leaves_only_its_capacity():
    others = [{"line": "M", "need": 15, "due_days": None, "unserved_penalty": 9000}]
    plan = source(*tables({"price_tiers": [[1, 2.5]]}, others=others), nonlocal_premium=0.5)
    assert [reason.code for reason in plan.reasons["L"]] == ["capacity taken"]


def test_a_premium_that_makes_a_line_dearer_than_its_penalty_is_the_reason_that_it_is_not_served():
    plan = source(*tables(None, penalty=25), nonlocal_premium=0.5)
    assert [(r.about, r.code, r.amount) for r in plan.reasons["L"]] == [("not served", "dearer than the penalty", 5.0)]


def test_a_line_split_between_a_near_and_a_far_supplier_says_that_the_near_one_delivers_half():
    lines, suppliers, offers = tables({})
    lines[0]["suppliers_wanted"] = 2
    (reason,) = source(lines, suppliers, offers).reasons["L"]
    assert (reason.about, reason.code, reason.supplier) == ("not local", "one half each", "near")


@pytest.mark.parametrize(
    ("local", "more", "codes"),
    [
        (None, {}, ["no local offer", "only one supplier"]),
        (
            {"price_tiers": [[1, 2.5]]},
            {"others": [{"line": "M", "need": 15, "due_days": None, "unserved_penalty": 9000}]},
            ["dearer", "capacity taken", "stand-in without room"],
        ),
        ({}, {}, []),
    ],
)
def test_a_critical_line_says_where_nobody_can_stand_in(local, more, codes):
    lines, suppliers, offers = tables(local, **more)
    lines[0]["critical"] = True
    assert [reason.code for reason in source(lines, suppliers, offers).reasons["L"]] == codes
