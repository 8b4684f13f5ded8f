"""Which service comes next: what is known of a chain proposes an invitation, a demand, a pool or a listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["COMMON", "Idle", "Link", "Proposal", "ServiceKind", "propose"]

ServiceKind: TypeAlias = Literal["invite", "demand", "pool", "listing", "advertise"]
"""Inviting a maker, asking for offers, buying together, lending out capacity, or offering the free hours of what is
lent out already.
"""

COMMON = 3
"""So many firms with one need make a pool worthwhile; fewer could also be told apart in its totals."""
IDLE = 0.5
"""Below this share of its time in use a machine is worth listing."""
_MISSING = {"missing", "imported"}
_SCARCE = {"single_source", "weak"}


@dataclass(frozen=True, slots=True)
class Link:
    """A product of a chain: its state there (None: unknown) and how many local firms need it (None: unknown)."""

    product: str
    name: str
    state: str | None
    users: int | None


@dataclass(frozen=True, slots=True)
class Idle:
    """A machine and the share of its time in which it is used, 0 to 1; `key` names it, `listed` tells that others can
    book it already, `free_hours` how long it stood idle, and `words` what it can do.
    """

    name: str
    used: float
    key: str = ""
    listed: bool = False
    free_hours: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A service, what for, and why; `product` is empty for a machine, which is `idle`."""

    service: ServiceKind
    product: str
    name: str
    zh: str
    en: str
    idle: Idle | None = None


def propose(links: Iterable[Link], idle: Iterable[Idle] = (), *, most: int = 4) -> tuple[Proposal, ...]:
    """Propose services, at most `most` of a kind: for links that are missing, for inputs that many firms need, for
    what few make, for machines that stand idle. What more firms need comes first; equal ones stand as given.

    >>> [(one.service, one.name) for one in propose([Link("P1", "轴承", "missing", 5)], [Idle("五轴机床", 0.2)])]
    [('invite', '轴承'), ('demand', '轴承'), ('pool', '轴承'), ('listing', '五轴机床')]
    """
    found: dict[ServiceKind, list[Proposal]] = {"invite": [], "demand": [], "pool": [], "listing": [], "advertise": []}
    ranked = sorted(links, key=lambda link: -(link.users or 0))
    for link in ranked:
        if link.state in _MISSING:
            why = ("本地缺这一环", "nobody makes it here")
            found["invite"].append(Proposal("invite", link.product, link.name, *why))
            found["demand"].append(Proposal("demand", link.product, link.name, *why))
        if link.users is not None and link.users >= COMMON:
            why = (f"{link.users} 家企业都要用", f"{link.users} firms need it")
            found["pool"].append(Proposal("pool", link.product, link.name, *why))
        if link.state in _SCARCE:
            why = ("本地做的企业少", "few firms make it here")
            found["listing"].append(Proposal("listing", link.product, link.name, *why))
    for machine in sorted(idle, key=lambda one: one.used):
        if machine.used < IDLE:
            share = round(machine.used * 100)
            free = machine.free_hours
            zh, en = f"使用率只有 {share}%", f"in use only {share} % of the time"
            if free:
                zh, en = f"{zh}，近四周空闲 {free:.0f} 小时", f"{en}, {free:.0f} hours free in the last four weeks"
            kind: ServiceKind = "advertise" if machine.listed else "listing"
            found[kind].append(Proposal(kind, "", machine.name, zh, en, machine))
    return tuple(one for kind in found.values() for one in kind[:most])
