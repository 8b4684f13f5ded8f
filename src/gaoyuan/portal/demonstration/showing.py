"""What the services have done for the people of the sample: a line for each, read from the portal's own pages' sources.

Each line names what the service had to find, as it is planted in the story, and who opens which page to see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.booking.models import Booking, Resource
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import standing_of
from gaoyuan.portal.challenges.models import Answer, PublicChallenge
from gaoyuan.portal.demonstration.playing import Player
from gaoyuan.portal.freight.models import Load, Trip
from gaoyuan.portal.network.models import ServiceRequest
from gaoyuan.portal.network.patents_models import Licence
from gaoyuan.portal.network.quality_models import InspectionPlan, InspectionResult
from gaoyuan.portal.network.routing import named_for
from gaoyuan.portal.trading.finding import counterparts
from gaoyuan.portal.trading.models import Demand
from gaoyuan.portal.trading.places import chain_of

__all__ = ["Shown", "shown"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a service has done, who sees it on which page, and what it has found best."""

    service: str
    zh: str
    en: str
    user: str
    page: str
    best: str = ""


def shown(players: Mapping[str, Player]) -> list[Shown]:
    """Give a line for each service, in the order of the story."""
    return [
        _demand(players["valve"]),
        _pool(players["flange"]),
        _laboratory(players["lab"]),
        _freight(players["carrier"]),
        _challenge(players["valve"]),
        _request(players["county"]),
        _patents(players["coating"]),
        _quality(players["valve"]),
    ]


def _demand(buyer: Player) -> Shown:
    demand = Demand.unscoped.select_related("case", "organisation").get(organisation=buyer.organisation)
    found = counterparts(demand, top=10, chain=chain_of(), private=True)
    best = found[0]
    reasons = [one for one in best.match.reasons if one.gain > 0][:3]
    quotes = standing_of(demand.case).facts.get("quotes", 0)
    name = best.row.organisation.name
    return Shown(
        "supply-demand",
        f"供需对接：“{demand.case.title}”找到 {len(found)} 家，最合适的是{name}"
        f"（{'；'.join(one.zh for one in reasons)}）；收到 {quotes} 份密封报价",
        f"supply and demand: {len(found)} firms fit the demand, best {name} ({'; '.join(one.en for one in reasons)});"
        f" {quotes} sealed quotations",
        buyer.user,
        f"/services/case/{demand.case.pk}/",
        name,
    )


def _pool(member: Player) -> Shown:
    case = Case.unscoped.get(process="pool")
    members = case.participations.filter(role="member").count()  # pyright: ignore[reportAttributeAccessIssue]
    closes = timezone.localtime(case.deadline) if case.deadline else None
    until, until_en = (f"，{closes:%H:%M} 截止出清", f", cleared at {closes:%H:%M}") if closes else ("", "")
    return Shown(
        "pool",
        f"订单集采：“{case.title}”已有 {members} 家认购，限价互不可见{until}",
        f"pooled orders: {members} members have committed, each limit sealed{until_en}",
        member.user,
        f"/services/case/{case.pk}/",
        case.title,
    )


def _laboratory(owner: Player) -> Shown:
    resource = Resource.unscoped.get(organisation=owner.organisation)
    bookings = Booking.unscoped.filter(resource=resource).select_related("case")
    states = [one.case.state for one in bookings]
    shared = Resource.unscoped.filter(listed=True).count()
    return Shown(
        "booking",
        f"共享实验室：{shared} 台设备共享，{resource.name}已确认 {states.count('confirmed')} 个预约，"
        f"同一时段另有 {states.count('waiting')} 家候补",
        f"shared laboratories: {shared} resources, {states.count('confirmed')} booking confirmed,"
        f" {states.count('waiting')} firm waits for the same slot",
        owner.user,
        f"/services/booking/resources/{resource.pk}/",
        resource.name,
    )


def _freight(carrier: Player) -> Shown:
    trips = list(Trip.objects.of(carrier.organisation).filter(loads__isnull=False).distinct())
    loads = Load.unscoped.filter(trip__in=trips)
    accepted = loads.filter(case__state="accepted").count()
    left = Load.unscoped.filter(trip=None).exclude(case__state="withdrawn").count()
    return Shown(
        "freight",
        f"车货匹配：{len(trips)} 趟车去程、回程共装 {loads.count()} 票货，承运方已接 {accepted} 票；"
        f"{left} 票装不下，计划页写明原因",
        f"freight: {len(trips)} trip out and back with {loads.count()} loads, {accepted} accepted;"
        f" {left} load is left, with its reason on the plan",
        carrier.user,
        f"/services/freight/trips/{trips[0].pk}/" if trips else "/services/freight/trips/",
        f"{loads.count()}",
    )


def _challenge(firm: Player) -> Shown:
    challenge = PublicChallenge.unscoped.select_related("case").get(organisation=firm.organisation)
    answers = Answer.unscoped.filter(case=challenge.case).count()
    return Shown(
        "challenge",
        f"发榜揭榜：“{challenge.title}”经县级初审、省级公布，{answers} 家中小企业揭榜，截止后比选；"
        "只公开企业允许的部分",
        f"challenges: published after checks of county and province, {answers} answers of small and medium firms,"
        " sealed; only what the firm allows is public",
        firm.user,
        f"/services/case/{challenge.case.pk}/",
        challenge.title,
    )


def _request(office: Player) -> Shown:
    request = ServiceRequest.unscoped.select_related("case", "organisation", "provider__party").earliest("pk")
    suited = named_for(request)
    provider = request.provider.party.name if request.provider else (suited[0].provider.name if suited else "")
    return Shown(
        "service-request",
        f"服务请求：“{request.case.title}”先到县级，符合的机构是{provider}，已指派",
        f"service network: the request came to the county first, and went to {provider}",
        office.user,
        f"/services/case/{request.case.pk}/",
        provider,
    )


def _patents(holder: Player) -> Shown:
    licence = Licence.unscoped.select_related("patent", "case").get(patent__organisation=holder.organisation)
    return Shown(
        "patent-licence",
        f"专利池：“{licence.patent.title}”入池，{licence.organisation.name}已申请许可，等待答复",
        f"patent pool: one patent, a licence was asked for by {licence.organisation.name}",
        holder.user,
        f"/services/case/{licence.case.pk}/",
        licence.patent.title,
    )


def _quality(reader: Player) -> Shown:
    viewer = Viewer(Role(reader.organisation.kind), None, reader.organisation)
    plan = InspectionPlan.unscoped.get(readers__organisation=viewer.organisation)
    results = InspectionResult.unscoped.filter(plan=plan)
    lots = results.order_by().values("lot").distinct().count()
    bad = sorted(set(results.filter(within=False).values_list("lot", flat=True)))
    return Shown(
        "quality",
        f"质量记录：{plan.organisation.name}的“{plan.title}”{lots} 批，超限批次 {'、'.join(bad)}，客户可查",
        f"quality records: {lots} lots, outside the limits {', '.join(bad)}; the customer reads them",
        reader.user,
        f"/network/quality/{plan.pk}/",
        "、".join(bad),
    )
