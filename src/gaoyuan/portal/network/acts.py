"""What the moves of a request do beside its record: stations are told, and waits are measured."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from gaoyuan.exchange.process import Moved
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.cases.moving import act, standing_of
from gaoyuan.portal.network.models import Licence, ServiceRequest, Wait
from gaoyuan.portal.network.routing import LEVEL_OF, climb, station_division
from gaoyuan.portal.trades.recording import record_trade

_PROCESS = "service-request"
_STATIONS = {Role.COUNTY: "county", Role.CITY: "city", Role.PROVINCE: "province"}
_ANSWERS = ("assign", "take_on")


@act(_PROCESS, "find_providers")
def find_providers(case: Case, moved: Moved, line: RecordLine) -> None:
    """Have the stations above the firm take part, so that they are told, and pass those with nobody to name."""
    for one in Organisation.objects.filter(pk__in=case.organisation.above):
        role = _STATIONS.get(Role(one.kind))
        if role is not None:
            Participation.objects.create_for(one, case=case, role=role)


@act(_PROCESS, "keep_times")
def keep_times(case: Case, moved: Moved, line: RecordLine) -> None:
    """End the wait that was, begin the next, and note who declined and how content the firm was."""
    row = ServiceRequest.unscoped.filter(case=case).first()
    if row is None:
        return
    move, at, state = moved.record.move, moved.record.at, moved.case.state
    before = Wait.unscoped.filter(request=row, answered=None, left=None).first()
    if before is not None:
        if move in _ANSWERS:
            before.answered = at
        else:
            before.left = at
        before.save()
    if move in ("decline", "assignment_lapses") and row.provider is not None:
        row.declined, row.provider = [*row.declined, row.provider.pk], None
        row.save()
    if move == "rate":
        content = moved.case.facts["satisfaction"]
        assert isinstance(content, int), "the process asks for a whole number"
        row.content = content
        row.save()
    if state in LEVEL_OF:
        level = LEVEL_OF[state]
        division = station_division(level, case.division)
        Wait.objects.create_for(case.organisation, request=row, level=level, division=division, came=at)
        transaction.on_commit(lambda: climb(case.pk), robust=True)
    elif state == "assigned" and row.provider is not None:
        held = row.provider
        Wait.objects.create_for(
            case.organisation, request=row, level=held.level, division=held.division, provider=held, came=at
        )


@act("patent-licence", "record_trade")
def record(case: Case, moved: Moved, line: RecordLine) -> None:
    """Record the sale of the licence."""
    held = Licence.unscoped.filter(case=case).select_related("patent__organisation").first()
    fee = standing_of(case).facts.get("fee_yuan")
    if held is not None and isinstance(fee, Decimal) and fee > 0:
        record_trade(
            case,
            seller=held.patent.organisation,
            buyer=case.organisation,
            what=f"{held.patent.number} {held.patent.title}",
            amount_yuan=fee,
            on=timezone.localdate(moved.record.at),
        )
