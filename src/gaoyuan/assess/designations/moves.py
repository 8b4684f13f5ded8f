"""Designations: which industries a unit (district, county, zone) of a province may call leading or featured, and moves
that change them.

A map is plain data; its rule is an edition with one limit a role, such as Chongqing's industry map of 2023 (33618): at
most two leading industries a unit, three in two named zones, and at most four featured ones. A move after which the map
breaks the rule where it did not before is refused with the rule's words; the history of moves only grows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from gaoyuan.assess.rules.model import Criterion, Edition, Limit, Membership
from gaoyuan.errors import InputError

BreachKind: TypeAlias = "Literal['over_limit', 'not_an_option', 'duplicate', 'unknown_unit', 'unknown_role']"
Operation: TypeAlias = "Literal['add', 'remove', 'change_role']"

OPERATIONS: tuple[Operation, ...] = ("add", "remove", "change_role")
ROLE_ZH = {"leading": "主导产业", "featured": "特色产业"}


@dataclass(frozen=True, slots=True, order=True)
class Designation:
    """An industry that a unit is to develop in a role (leading 主导, featured 特色), since a day if that is known."""

    unit: str
    role: str
    industry: str
    since: dt.date | None = None

    def __str__(self) -> str:
        return f"{self.unit} {ROLE_ZH.get(self.role, self.role)} {self.industry}" + (
            f"（{self.since} 起）" if self.since else ""
        )


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a map: who asks for it, when it holds from, and why. `role` is the new one; None for a removal."""

    operation: Operation
    unit: str
    industry: str
    role: str | None
    on: dt.date
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class DesignationRule:
    """The rule of a map: a limit by role, the units, and the industries to choose from.

    `units` and `options` are None where nobody has said which there are: then they are not checked, and `open_points`
    says so.
    """

    key: str
    title_zh: str
    title_en: str
    document_number: str
    limits: Mapping[str, Criterion]
    options: frozenset[str] | None
    options_criterion: Criterion | None
    units: frozenset[str] | None

    def at_most(self, unit: str, role: str) -> float:
        """Give how many industries a unit may have in a role: its own limit where it is named, else the general one."""
        rule = self.limits[role].rule
        assert isinstance(rule, Limit)
        return rule.exceptions.get(unit, rule.at_most)

    def open_points(self) -> tuple[str, ...]:
        """Say what of the rule cannot be checked."""
        found = []
        if self.options is None:
            found.append(
                "没有产业选项清单，所选产业须人工核对 there is no list of options: a person has to check the industries"
            )
        if self.units is None:
            found.append("没有单元清单，单元名称未核对 there is no list of units: their names are not checked")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a map breaks its rule: what, in which unit, the words of the rule, and the present designations there."""

    kind: BreachKind
    unit: str
    role: str
    industry: str
    zh: str
    en: str
    criterion: str
    article: str
    rule_zh: str
    document: str
    present: tuple[Designation, ...]

    def __str__(self) -> str:
        where = f"【{self.document} {self.article}】{self.rule_zh}" if self.rule_zh else ""
        present = "；".join(map(str, self.present)) or "无 none"
        return f"{self.zh}。{where} 现有 present: {present}. {self.en}."


class DesignationRefused(InputError):
    """A move that the rule does not allow; the map stays as it is. `breaches` are what it would break."""

    def __init__(self, what: str, breaches: tuple[Breach, ...] = (), *, mend: str) -> None:
        self.breaches = breaches
        super().__init__(what, mend=mend)


def designation_rule(
    edition: Edition, *, units: Iterable[str] | None = None, options: Iterable[str] | None = None
) -> DesignationRule:
    """Make the rule of a map from an edition: its limits are the roles, by their criteria's ids.

    The options are those that a criterion of the edition lists (kind `membership`), else those given; units with a
    limit of their own count among the units. Raises InputError for an edition without limits.
    """
    limits = {one.id: one for one in edition.criteria if isinstance(one.rule, Limit)}
    if not limits:
        raise InputError(
            f"the rule {edition.key} limits no designations",
            mend="Name one with criteria of kind limit.",
            zh=f"规则 {edition.key} 没有布局数量限制",
            mend_zh="换一个有 limit 条目的规则",
        )
    listed = next((one for one in edition.criteria if isinstance(one.rule, Membership)), None)
    named = listed or next((one for one in edition.criteria if one.id == "options"), None)
    among = listed.rule.among if listed is not None and isinstance(listed.rule, Membership) else options
    exceptions = {
        unit for one in limits.values() if isinstance(one.rule, Limit) for unit in one.rule.exceptions
    }  # fmt: skip
    return DesignationRule(
        edition.key,
        edition.title_zh,
        edition.title_en,
        edition.document_number,
        limits,
        frozenset(among) if among is not None else None,
        named,
        frozenset(units) | exceptions if units is not None else None,
    )


def breaches(designations: Iterable[Designation], rule: DesignationRule) -> tuple[Breach, ...]:
    """Give everywhere that a map breaks its rule, by unit; the order of the designations does not matter."""
    held = sorted(designations, key=lambda one: (one.unit, one.role, one.industry, one.since or dt.date.min))
    by_unit: dict[str, list[Designation]] = {}
    for one in held:
        by_unit.setdefault(one.unit, []).append(one)
    found: list[Breach] = []
    for unit, present in by_unit.items():
        found += _breaches_of_unit(unit, tuple(present), rule)
    return tuple(found)


def moved(designations: Iterable[Designation], move: Move, rule: DesignationRule) -> tuple[Designation, ...]:
    """Give the map after a move, in order of units.

    Raises DesignationRefused, with the rule's words and the unit's present designations, for a move that breaks the
    rule where the map does not break it yet, and for one that changes what is not there. A move that only mends an old
    breach is allowed.
    """
    before = tuple(designations)
    after = tuple(sorted(_changed(before, move), key=lambda one: (one.unit, one.role, one.industry)))
    old = Counter(_same(one) for one in breaches(before, rule))
    worse = tuple(
        one for one in breaches(after, rule) if old[_same(one)] < 1 or _deepens(one, before, after)
    )  # fmt: skip
    if worse:
        now = tuple(one for one in before if one.unit == move.unit)
        shown = tuple(replace(one, present=now) for one in worse)
        raise DesignationRefused(
            "不予变更 refused: " + " ".join(map(str, shown)), shown, mend="先撤去一项，或另选产业 Remove one first."
        )
    return after


def _changed(before: tuple[Designation, ...], move: Move) -> list[Designation]:
    present = [one for one in before if one.unit == move.unit]
    same = [one for one in present if one.industry == move.industry]
    if move.operation == "add":
        return [*before, Designation(move.unit, move.role or "", move.industry, move.on)]
    if not same:
        shown = "；".join(map(str, present)) or "无 none"
        raise DesignationRefused(
            f"{move.unit} 没有 {move.industry} 的布局 has no such designation; 现有 present: {shown}",
            mend="核对单元和产业名称 Check the names.",
        )
    others = [one for one in before if one not in same]
    if move.operation == "remove":
        return others
    if any(one.role == move.role for one in same):
        raise DesignationRefused(
            f"{move.unit} {move.industry} 已是{ROLE_ZH.get(move.role or '', move.role or '')} already has that role",
            mend="核对角色 Check the role.",
        )
    return [*others, Designation(move.unit, move.role or "", move.industry, move.on)]


def _breaches_of_unit(unit: str, present: tuple[Designation, ...], rule: DesignationRule) -> Iterable[Breach]:
    def breach(kind: BreachKind, one: Designation | None, role: str, zh: str, en: str, by: Criterion | None) -> Breach:
        return Breach(
            kind, unit, role, one.industry if one else "", zh, en, by.id if by else "", by.article if by else "",
            by.zh if by else "", f"《{rule.title_zh}》{rule.document_number or '（文号未见）'}", present,
        )  # fmt: skip

    if rule.units is not None and unit not in rule.units:
        yield breach("unknown_unit", None, "", f"“{unit}”不是布局单元", f"{unit} is none of the units", None)
    for role, criterion in rule.limits.items():
        held, most = [one for one in present if one.role == role], rule.at_most(unit, role)
        if len(held) > most:
            zh = f"{unit}{ROLE_ZH.get(role, role)}有 {len(held)} 个，超过上限 {most:g} 个"
            yield breach("over_limit", None, role, zh, f"{len(held)} {role} industries, {most:g} allowed", criterion)
    seen: set[str] = set()
    for one in present:
        if one.role not in rule.limits:
            roles = "、".join(rule.limits)
            yield breach("unknown_role", one, one.role, f"没有“{one.role}”这一类（有：{roles}）", "no such role", None)
        if rule.options is not None and one.industry not in rule.options:
            zh = f"“{one.industry}”不在产业选项之内"
            yield breach("not_an_option", one, one.role, zh, "not one of the options", rule.options_criterion)
        if one.industry in seen:
            zh = f"{unit} 的“{one.industry}”重复"
            yield breach("duplicate", one, one.role, zh, f"{one.industry} is there twice", None)
        seen.add(one.industry)


def _same(one: Breach) -> tuple[str, str, str, str]:
    return one.kind, one.unit, one.role, one.industry


def _deepens(one: Breach, before: tuple[Designation, ...], after: tuple[Designation, ...]) -> bool:
    """Whether a breach that was there before has become greater: more of the role, or of the same industry."""

    def size(held: tuple[Designation, ...]) -> int:
        own = [part for part in held if part.unit == one.unit]
        if one.kind == "over_limit":
            return sum(part.role == one.role for part in own)
        return sum(part.industry == one.industry for part in own) if one.industry else len(own)

    return size(after) > size(before)
