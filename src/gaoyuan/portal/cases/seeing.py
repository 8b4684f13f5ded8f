"""Who may know of a case, and which role of its process he plays there."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gaoyuan.exchange.process import CLOCK, Process, process, process_keys
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case, Participation
from gaoyuan.portal.cases.service import service_of

_OFFICE_ROLES = {"office", "county", "city", "province"}
_BANK_ROLES = {"bank"}
_FIRMS = (Role.ENTERPRISE, Role.CLUSTER)
_DIGITS = {Role.PROVINCE: 2, Role.CITY: 4, Role.COUNTY: 6}


def seen_by(viewer: Viewer) -> QuerySet[Case]:
    """Give the cases that a viewer may know of: those in which his organisation takes part; for an office those of its
    division; for firms and cluster organisations those that ask for others just now (`open_states`). The public and
    judges know of none.
    """
    own = viewer.organisation
    if own is None:
        return Case.unscoped.none()
    if viewer.role == Role.ADMINISTRATOR:
        return Case.unscoped.all()
    seen = Q(organisation=own) | Q(pk__in=Participation.unscoped.filter(organisation=own).values("case"))
    if viewer.is_office and viewer.division:
        seen |= Q(division__startswith=viewer.division)
    if viewer.role in _FIRMS:
        for key in process_keys():
            seen |= Q(process=key, state__in=open_states(process(key)))
    for key in process_keys():
        more = service_of(key).sees(viewer)
        if more is not None:
            seen |= Q(process=key) & more
    hidden = Q(pk__in=())
    for key in process_keys():
        less = service_of(key).hides(viewer)
        if less is not None:
            hidden |= Q(process=key) & less
    return Case.unscoped.filter(seen).exclude(hidden)


def open_states(asked: Process) -> list[str]:
    """Give the states in which somebody who takes no part yet may move: quote, join, answer.

    >>> open_states(process("supply-demand"))
    ['open']
    """
    return [
        name
        for name in asked.states
        if any(_is_for_others(asked, role) for move in asked.moves_from(name) for role in move.roles)
    ]


def roles_of(viewer: Viewer, case: Case) -> list[str]:
    """Give the roles that a viewer's organisation plays in a case or may take up now; the first is the usual one."""
    own = viewer.organisation
    if own is None:
        return []
    asked = process(case.process)
    played = Participation.unscoped.filter(case=case, organisation=own).values_list("role", flat=True)
    roles = [name for name in asked.roles if name in set(played)]
    if viewer.role in OFFICES and case.division.startswith(viewer.division):
        roles += [name for name in asked.roles if name in _OFFICE_ROLES]
    if viewer.role in _FIRMS and case.organisation != own:
        roles += [name for name in asked.roles if _is_for_others(asked, name)]
    return list(service_of(case.process).plays(viewer, case, list(dict.fromkeys(roles))))


def opening_roles(viewer: Viewer, asked: Process) -> list[str]:
    """Give the roles in which a viewer may open a case of a process."""
    roles = asked.moves[asked.opening].roles
    if viewer.role in OFFICES:
        return [name for name in roles if name in _OFFICE_ROLES or name == "organiser"]
    return [name for name in roles if viewer.role in _FIRMS and name not in _OFFICE_ROLES | _BANK_ROLES]


def _is_for_others(asked: Process, role: str) -> bool:
    """Whether a role is bound to no party and to no office: whoever wants may take it up."""
    return role != CLOCK and role not in _OFFICE_ROLES and asked.roles[role].party is None
