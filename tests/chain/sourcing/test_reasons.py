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
