"""What the moves of a challenge do beside its record: offices are told, the public part is published, answers open."""

from __future__ import annotations

from django.utils import timezone

from gaoyuan.exchange.challenges import publishable
from gaoyuan.exchange.process import Moved
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.attachments import unseal_attachments
from gaoyuan.portal.cases.models import Case, Participation, RecordLine
from gaoyuan.portal.cases.moving import act, standing_of
from gaoyuan.portal.challenges.models import Answer, Contract, NeedForm, PublicChallenge
from gaoyuan.portal.challenges.need_forms import WHO_CHECKS, need_of
from gaoyuan.portal.trades.recording import record_trade

_PROCESS = "challenge"
_PLACES = {Role.COUNTY: "county", Role.CITY: "county", Role.PROVINCE: "office"}


@act(_PROCESS, "call_offices")
def call_offices(case: Case, moved: Moved, line: RecordLine) -> None:
    """Have the offices above the firm take part, so that they are told: the nearest checks, the provincial screens."""
    above = Organisation.objects.filter(pk__in=case.organisation.above).order_by("-path")
    found: dict[str, Organisation] = {}
    for one in above:
        role = _PLACES.get(Role(one.kind))
        if role is not None:
            found.setdefault(role, one)
    for role, office in found.items():
        if not Participation.unscoped.filter(case=case, organisation=office, role=role).exists():
            Participation.objects.create_for(office, case=case, role=role)


@act(_PROCESS, "publish_part")
def publish_part(case: Case, moved: Moved, line: RecordLine) -> None:
    """Publish what the firm allows, and nothing else; the case is called by its public title from now on."""
    held = NeedForm.unscoped.get(case=case)
    shown = publishable(need_of(held))
    title = shown.pop("title")
    closes_at = standing_of(case).facts["closes_at"]
    PublicChallenge.objects.create_for(
        case.organisation, case=case, title=title[:300], shown=shown, weights=held.weights, closes_at=closes_at
    )
    case.title = title[:300]
    case.save()


@act(_PROCESS, "take_down")
def take_down(case: Case, moved: Moved, line: RecordLine) -> None:
    """Take the public part down."""
    for one in PublicChallenge.unscoped.filter(case=case, withdrawn=None):
        one.withdrawn = timezone.now()
        one.save()


@act(_PROCESS, "open_answers")
def open_answers(case: Case, moved: Moved, line: RecordLine) -> None:
    """Open all answers at once, with their files, for the firm and the offices."""
    for one in Answer.unscoped.filter(case=case, opened=None):
        one.opened = moved.record.at
        one.save()
    unseal_attachments(case, WHO_CHECKS)


@act(_PROCESS, "record_trade")
def record(case: Case, moved: Moved, line: RecordLine) -> None:
    """Record the sale of the solution."""
    held = Contract.unscoped.filter(case=case).select_related("solver").first()
    if held is not None:
        record_trade(
            case,
            seller=held.solver,
            buyer=case.organisation,
            what=case.title,
            amount_yuan=held.yuan,
            on=timezone.localdate(moved.record.at),
        )
