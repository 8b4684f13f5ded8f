"""A pool between firms of a county: what members, organiser, supplier, office and worker do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from gaoyuan.exchange.pools import Schedule, Tier
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case, open_case, pass_deadlines
from gaoyuan.portal.pooling.clearing import announce_all
from gaoyuan.portal.pooling.joining import Committed, Left
from gaoyuan.portal.pooling.models import Commitment, Pool, plain_schedule

TERMS = Schedule((Tier(1, Decimal(10)), Tier(100, Decimal(8))), minimum=50)


@dataclass
class Campaign:
    """A pool with its organiser, its supplier and its members."""

    case: Case
    organiser: Viewer
    supplier: Viewer
    office: Viewer
    members: dict[str, Viewer] = field(default_factory=dict)

    @property
    def pool(self) -> Pool:
        return Pool.unscoped.get(case=self.case)

    def again(self) -> Case:
        self.case.refresh_from_db()
        return self.case

    def of(self, name: str) -> Commitment:
        return Commitment.unscoped.get(case=self.case, organisation__name=name)

    def commit(self, name: str, quantity: int, limit: str, tolerance: int = 0) -> Case | Refusal:
        viewer = self.members.setdefault(name, firm(name))
        assert viewer.organisation is not None
        detail = Committed(viewer.organisation, quantity, tolerance, Decimal(limit))
        return move_case(viewer, self.case, "commit", role="member", given={"quantity": quantity}, detail=detail)

    def change(self, name: str, quantity: int, limit: str | None = None) -> Case | Refusal:
        held, viewer = self.of(name), self.members[name]
        detail = Committed(
            held.organisation, quantity, held.tolerance, Decimal(limit) if limit else None, held.quantity, held
        )
        given = {"difference": quantity - held.quantity}
        return move_case(viewer, self.case, "change", role="member", given=given, detail=detail)

    def leave(self, name: str) -> Case | Refusal:
        held = self.of(name)
        detail = Left(held.organisation, held.quantity)
        given = {"quantity": held.quantity}
        return move_case(self.members[name], self.case, "leave", role="member", given=given, detail=detail)

    def withdraw(self, name: str) -> Case | Refusal:
        given = {"quantity": self.of(name).got or 0}
        return move_case(self.members[name], self.case, "withdraw", role="member", given=given, why="停产")

    def close(self, days: float = 8) -> None:
        """Let the deadline pass, and the worker look."""
        pass_deadlines(timezone.now() + dt.timedelta(days=days))
        announce_all()
        self.again()

    def deliver(self, volume: int) -> None:
        due = timezone.now() + dt.timedelta(days=90)
        done(move_case(self.organiser, self.case, "order", role="organiser", given={"delivery_due": due}))
        done(move_case(self.supplier, self.case, "deliver", role="supplier", given={"delivered": volume}))
        done(move_case(self.organiser, self.case, "settle", role="organiser"))
        self.again()


def done(moved: Case | Refusal) -> Case:
    assert isinstance(moved, Case), moved
    return moved


def firm(name: str, kind: Role = Role.ENTERPRISE) -> Viewer:
    office = Organisation.objects.get_or_create(name="某县局", kind=Role.COUNTY, division="370202")[0]
    own = Organisation.objects.get_or_create(name=name, kind=kind, defaults={"parent": office})[0]
    return Viewer(kind, None, own)


def client_for(viewer: Viewer) -> Client:
    assert viewer.organisation is not None
    user = User.objects.get_or_create(username=f"user of {viewer.organisation.pk}")[0]
    Membership.objects.get_or_create(user=user, organisation=viewer.organisation)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(schedule: Schedule = TERMS, *, on_credit: bool = False, kind: Role = Role.CLUSTER) -> Campaign:
    """Open a pool by terms; the supplier has confirmed them."""
    organiser, supplier = firm("集群公司", kind), firm("钢厂")
    assert organiser.organisation is not None
    assert organiser.organisation.parent is not None
    assert supplier.organisation is not None
    office = Viewer(Role.COUNTY, None, organiser.organisation.parent)
    case = done(open_case(organiser, "pool", role="organiser", title="冷轧钢板", given={"title": "冷轧钢板"}))
    Pool.objects.create_for(
        organiser.organisation,
        case=case,
        specification="DC01 1.0 mm",
        unit="千克",
        schedule=plain_schedule(schedule),
        on_credit=on_credit,
    )
    given = {
        "supplier": str(supplier.organisation.pk),
        "closes_at": timezone.now() + dt.timedelta(days=7),
        "minimum": schedule.minimum,
        "room": schedule.cap or 10**12,
        "on_failure": schedule.on_failure,
    }
    done(move_case(organiser, case, "propose", role="organiser", given=given))
    done(move_case(supplier, case, "accept", role="supplier"))
    case.refresh_from_db()
    return Campaign(case, organiser, supplier, office)
