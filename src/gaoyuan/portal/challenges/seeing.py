"""Who may see which rows of a challenge. Everything that a page or a file shows is asked for here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.challenges.models import Answer, Contract, NeedForm, PublicChallenge, Support

__all__ = ["FIRMS", "answers_seen_by", "contracts_seen_by", "needs_seen_by", "published", "support_seen_by"]

FIRMS = (Role.ENTERPRISE, Role.CLUSTER)
_SIGNED = ("working", "accepting", "refereed", "solved", "unsolved")


def published() -> QuerySet[PublicChallenge]:
    """Give what everybody may read; a challenge that was withdrawn is no longer there."""
    return PublicChallenge.unscoped.filter(withdrawn=None)


def needs_seen_by(viewer: Viewer) -> QuerySet[NeedForm]:
    """Give the need forms that a viewer may see whole: the firm its own, offices of its division those handed in, the
    solver that of its signed contract.
    """
    if viewer.organisation is None:
        return NeedForm.unscoped.none()
    own = viewer.organisation
    seen = Q(case__organisation=own)
    seen |= Q(case__state__in=_SIGNED, case__facts__solver=str(own.pk), case__contract__solver=own)
    return NeedForm.unscoped.filter(seen | (_of_division(viewer) & ~Q(case__state="draft")))


def answers_seen_by(viewer: Viewer) -> QuerySet[Answer]:
    """Give the answers that a viewer may see: its own, and once they are open those to the firm's challenge, for
    offices those of their division.
    """
    own = viewer.organisation
    if own is None:
        return Answer.unscoped.none()
    opened = Q(opened__isnull=False) & (Q(case__organisation=own) | _of_division(viewer))
    return Answer.unscoped.filter(Q(organisation=own) | opened).select_related("organisation", "case")


def contracts_seen_by(viewer: Viewer) -> QuerySet[Contract]:
    """Give the contracts that a viewer may see: those of both parties, for offices those of their division."""
    own = viewer.organisation
    if own is None:
        return Contract.unscoped.none()
    parties = Q(case__organisation=own) | Q(solver=own, case__facts__solver=str(own.pk))
    return Contract.unscoped.filter(parties | _of_division(viewer)).select_related("solver")


def support_seen_by(viewer: Viewer) -> QuerySet[Support]:
    """Give the support money that a viewer may see: that of its own challenges, for offices that of their division."""
    own = viewer.organisation
    if own is None:
        return Support.unscoped.none()
    parties = Q(case__organisation=own) | Q(case__facts__solver=str(own.pk))
    return Support.unscoped.filter(parties | _of_division(viewer)).select_related("organisation", "case")


def _of_division(viewer: Viewer) -> Q:
    """Give the challenges that an office answers for: those of its division, an administrator all."""
    if viewer.role == Role.ADMINISTRATOR:
        return Q(pk__isnull=False)
    if viewer.is_office and viewer.division:
        return Q(case__division__startswith=viewer.division)
    return Q(pk__in=())
