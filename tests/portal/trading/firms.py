"""Firms of the tests, what they post, and how they move a demand."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import pass_deadlines
from gaoyuan.portal.trading.models import Offer, digest_of
from gaoyuan.portal.trading.places import point_of


class Firm:
    """A firm or an office with one of its people, in a browser of theirs."""

    def __init__(self, name: str, county: str = "370202", role: Role = Role.ENTERPRISE) -> None:
        office = Organisation.objects.get_or_create(name=f"局 {county}", kind=Role.COUNTY, division=county)[0]
        self.own = office
        if role == Role.ENTERPRISE:
            self.own = Organisation.objects.create(name=name, kind=role, parent=office)
        self.user = User.objects.create(username=name)
        Membership.objects.create(user=self.user, organisation=self.own)
        self.client = Client(headers={"accept-language": "zh-hans"})
        self.client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        self.viewer = Viewer(role, self.user, self.own)

    def page(self, path: str, language: str = "zh-hans") -> str:
        answer = self.client.get(path, headers={"accept-language": language})
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def move(self, case: Case, move: str, **given: object) -> HttpResponse:
        data = {f"{move}-{name}": value for name, value in given.items()}
        return self.client.post(f"/services/case/{case.pk}/{move}/", data)

    def done(self, case: Case, move: str, **given: object) -> None:
        answer = self.move(case, move, **given)
        assert answer.status_code == 302, faults(answer)

    def posts(self, **given: object) -> Case:
        """Draft a demand through the page."""
        before = set(Case.unscoped.values_list("pk", flat=True))
        answer = self.client.post("/services/supply-demand/new/", DEMAND | given)
        assert answer.status_code == 302, faults(answer)
        return Case.unscoped.exclude(pk__in=before).get()

    def publishes(self, days: float = 5, sealed: bool = True, **given: object) -> Case:
        case = self.posts(**given)
        self.done(case, "publish", closes_at=in_days(days), **({"sealed": "on"} if sealed else {}))
        case.refresh_from_db()
        return case

    def offers(self, text: str, **given: object) -> Offer:
        """Post an offer without the page."""
        county = str(given.pop("county", ""))
        place = point_of(county) if county else None
        longitude, latitude = place or (None, None)
        amounts = {name: Decimal(str(given.pop(name))) for name in _AMOUNTS & set(given)}
        offer = Offer(
            organisation=self.own, text=text, county=county, longitude=longitude, latitude=latitude, **amounts, **given
        )
        offer.digest = digest_of(text, offer.unit, *amounts.values())
        offer.save()
        return offer


_AMOUNTS = {"min_quantity", "capacity", "price_yuan"}
DEMAND: dict[str, object] = {"title": "法兰", "text": "求购DN100不锈钢法兰", "quantity": "500", "unit": "件"}


def quote(price: str = "12.5", days: int = 10, **given: object) -> dict[str, object]:
    until = (timezone.localdate() + dt.timedelta(days=60)).isoformat()
    return {"breaks": price, "lead_days": str(days), "valid_until": until} | given


def in_days(days: float) -> str:
    return timezone.localtime(timezone.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def closed(case: Case) -> Case:
    """Let the deadline of a case pass."""
    assert case.deadline is not None
    pass_deadlines(case.deadline + dt.timedelta(seconds=1))
    case.refresh_from_db()
    return case


def faults(answer: HttpResponse) -> list[tuple[str, str]]:
    return re.findall(r'role="alert">(.*?)<|errorlist[^>]*>(.*?)</ul', answer.content.decode(), re.S)
