"""A verifier of plans, written from the description of the tables alone: it shares no code with what it checks."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import pytest

from gaoyuan.chain.sourcing import Plan, Purchase

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Row]


@dataclass(frozen=True)
class Case:
    """Three tables as rows."""

    lines: Rows
    suppliers: Rows
    offers: Rows


def _names(cell: Any) -> set[str]:
    return set(cell or ())


def _price(tiers: Sequence[Sequence[float]], quantity: float) -> float | None:
    """Give the unit price of a quantity; None below the first tier."""
    reached = [(least, price) for least, price in tiers if least <= quantity + 1e-9]
    return max(reached)[1] if reached else None


def _allowed(line: Row, supplier: Row, offer: Row) -> bool:
    due, lead = line["due_days"], offer["lead_days"]
    dated = due is not None and not math.isnan(due)
    if dated and (lead is None or math.isnan(lead) or lead > due):
        return False
    held = _names(supplier.get("certificates")) | _names(offer.get("certificates"))
    return _names(line.get("certificates_required")) <= held


def _wanted(line: Row, case: Case) -> int:
    """Give between how many suppliers a line is split: two only where two could each deliver half."""
    if line.get("suppliers_wanted", 1) != 2:
        return 1
    able = {o["supplier"] for o in case.offers if o["line"] == line["line"] and _ways(line, o, case, 2)}
    return 2 if len(able) > 1 else 1


def _ways(line: Row, offer: Row, case: Case, parts: int) -> list[tuple[float, float]]:
    """Give every quantity worth trying of an offer, with its cost: whole packs up to the highest tier and need."""
    supplier = next(s for s in case.suppliers if s["supplier"] == offer["supplier"])
    if not offer["price_tiers"] or not _allowed(line, supplier, offer):
        return []
    pack = Fraction(str(offer["pack"]))
    least = max(Fraction(str(line["need"])) / parts, Fraction(str(offer["moq"])))
    most = max(least, max(Fraction(str(tier[0])) for tier in offer["price_tiers"]))
    capacity = supplier["capacity_hours"]
    ways = []
    for packs in range(math.ceil(least / pack), math.ceil(most / pack) + 1):
        quantity = float(packs * pack)
        price = _price(offer["price_tiers"], quantity)
        if price is None:
            continue
        if capacity is None or quantity * offer["hours_per_unit"] <= capacity * (1 + 1e-9):
            ways.append((quantity, quantity * price))
    return ways


def verify(plan: Plan, case: Case, premium: float = 0.0) -> None:
    """Check everything that a plan claims against the tables."""
    lines = {line["line"]: line for line in case.lines}
    suppliers = {supplier["supplier"]: supplier for supplier in case.suppliers}
    offers = defaultdict(list)
    for offer in case.offers:
        offers[offer["line"], offer["supplier"]].append(offer)
    assert list(plan.assignment) == list(plan.quantity) == list(plan.reasons) == list(lines)
    used: dict[object, float] = defaultdict(float)
    bought: dict[object, list[Purchase]] = defaultdict(list)
    cost = premiums = 0.0
    for purchase in plan.purchases:
        line, supplier = lines[purchase.line], suppliers[purchase.supplier]
        fitting = []
        for offer in offers[purchase.line, purchase.supplier]:
            packs = purchase.quantity / offer["pack"]
            price = _price(offer["price_tiers"], purchase.quantity)
            fitting.append(
                abs(packs - round(packs)) < 1e-6
                and purchase.quantity >= offer["moq"] - 1e-9
                and price is not None
                and math.isclose(price, purchase.unit_price)
                and purchase.tier_from <= purchase.quantity + 1e-9
                and math.isclose(purchase.hours, purchase.quantity * offer["hours_per_unit"], abs_tol=1e-12)
                and _allowed(line, supplier, offer)
            )
        assert any(fitting), purchase
        assert math.isclose(purchase.cost, purchase.quantity * purchase.unit_price, abs_tol=1e-12)
        assert purchase.local == bool(supplier["local"])
        assert math.isclose(purchase.premium, 0.0 if purchase.local else premium * purchase.cost, abs_tol=1e-9)
        used[purchase.supplier] += purchase.hours
        bought[purchase.line].append(purchase)
        cost += purchase.cost
        premiums += purchase.premium
    for name, hours in used.items():
        capacity = suppliers[name]["capacity_hours"]
        assert capacity is None or math.isnan(capacity) or hours <= capacity * (1 + 1e-8) + 1e-9
    penalty = 0.0
    for name, line in lines.items():
        parts = bought[name]
        assert math.isclose(plan.quantity[name], sum(part.quantity for part in parts), abs_tol=1e-12)
        if not parts:
            assert plan.assignment[name] is None
            assert plan.reasons[name]
            penalty += line["unserved_penalty"] if line["need"] > 0 else 0.0
            assert {reason.about for reason in plan.reasons[name]} == {"not served"}
            continue
        assert len({part.supplier for part in parts}) == len(parts)
        assert len(parts) in (1, line.get("suppliers_wanted", 1))
        assert all(part.quantity >= line["need"] / len(parts) - 1e-9 for part in parts)
        assert plan.assignment[name] == min(parts, key=lambda part: part.cost).supplier or len(parts) == 2
        if len(parts) == 2:
            second = plan.second_sources[name]
            assert {plan.assignment[name], second.supplier} == {part.supplier for part in parts}
            assert second.bought
        told = any(reason.about == "not local" for reason in plan.reasons[name])
        assert told == any(not part.local for part in parts)
        for reason in plan.reasons[name]:
            assert str(reason)
    assert math.isclose(plan.purchase_cost, cost, rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(plan.premium_cost, premiums, rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(plan.penalty_cost, penalty, rel_tol=1e-9, abs_tol=1e-9)
    total = plan.purchase_cost + plan.premium_cost + plan.penalty_cost + plan.goal_cost
    assert math.isclose(plan.objective, total, rel_tol=1e-12)
    assert plan.lower_bound <= plan.objective
    assert math.isclose(plan.gap * plan.objective, plan.objective - plan.lower_bound, rel_tol=1e-9, abs_tol=1e-9)


def optimum(case: Case, premium: float = 0.0, supplier_cost: float = 0.0, locality_weight: float = 0.0) -> float:
    """Give the least objective of any plan by trying all of them; for a handful of lines."""
    capacity = {s["supplier"]: math.inf if s["capacity_hours"] is None else s["capacity_hours"] for s in case.suppliers}
    local = {s["supplier"]: bool(s["local"]) for s in case.suppliers}
    choices = []
    for line in case.lines:
        if line["need"] == 0:
            continue
        parts = _wanted(line, case)
        ways = [
            (offer["supplier"], quantity * offer["hours_per_unit"], cost)
            for offer in case.offers
            if offer["line"] == line["line"]
            for quantity, cost in _ways(line, offer, case, parts)
        ]
        astray = locality_weight * min((cost for _, _, cost in ways), default=0.0)
        priced = [(s, h, c if local[s] else c * (1 + premium) + astray) for s, h, c in ways]
        # Of one supplier only what no other way undercuts in both hours and cost is worth trying.
        unlike = list(dict.fromkeys(priced))
        priced = [
            way
            for way in unlike
            if not any(o != way and o[0] == way[0] and o[1] <= way[1] and o[2] <= way[2] for o in unlike)
        ]
        options = [()] + [
            pair for pair in itertools.combinations(priced, parts) if len({way[0] for way in pair}) == parts
        ]
        lost = line["unserved_penalty"] + parts * astray
        choices.append([(option, 0.0 if option else lost) for option in options])
    best = math.inf
    left = dict(capacity)
    users: dict[str, int] = defaultdict(int)

    def descend(depth: int, spent: float) -> None:
        nonlocal best
        if spent >= best:
            return
        if depth == len(choices):
            best = spent
            return
        for option, lost in choices[depth]:
            if any(hours > left[s] * (1 + 1e-9) + 1e-12 for s, hours, _ in option):
                continue
            added = lost
            for s, hours, cost in option:
                left[s] -= hours
                added += cost + (supplier_cost if users[s] == 0 else 0.0)
                users[s] += 1
            descend(depth + 1, spent + added)
            for s, hours, _ in option:
                left[s] += hours
                users[s] -= 1

    descend(0, 0.0)
    return best


@pytest.fixture(scope="session")
def case() -> type[Case]:
    """Three tables."""
    return Case


@pytest.fixture(scope="session")
def verified() -> Callable[[Plan, Case, float], None]:
    """The verifier."""
    return verify


@pytest.fixture(scope="session")
def brute_force() -> Callable[..., float]:
    """The optimum of small cases."""
    return optimum
