"""Who looks at a page: the person, the organisation for which he acts now, and what follows for what he may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import OFFICES, Role

SESSION_KEY = "organisation"
_DIGITS = {Role.PROVINCE: 2, Role.CITY: 4, Role.COUNTY: 6}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks: `user` and `organisation` are None for the public."""

    role: Role
    user: User | None = None
    organisation: Organisation | None = None

    @property
    def is_office(self) -> bool:
        """Whether he acts for an administration, which sees figures of fewer than three enterprises."""
        return self.role in OFFICES

    @property
    def division(self) -> str:
        """The beginning of the codes of the counties that his organisation is for; empty: not limited to any."""
        if self.organisation is None:
            return ""
        return self.organisation.division[: _DIGITS.get(self.role, 0)]

    def sees_firms(self, county: str | None) -> bool:
        """Whether he may see enterprises of a county one by one: an administrator all, an office those of its
        division.
        """
        if self.role == Role.ADMINISTRATOR:
            return True
        return self.is_office and bool(self.division) and (county or "").startswith(self.division)


PUBLIC = Viewer(Role.PUBLIC)


def read_viewer(request: HttpRequest) -> Viewer:
    """Give who looks. Somebody in several organisations acts for the one chosen in his session, else for the first;
    somebody in none is the public, but for administrators.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return PUBLIC
    memberships = Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
    # A program acts for the organisation of its token, a person for the one that he has chosen.
    chosen = getattr(request, "acts_for", None) or request.session.get(SESSION_KEY)
    own = [one.organisation for one in memberships]
    organisation = next((one for one in own if one.pk == chosen), own[0] if own else None)
    if organisation is None:
        return Viewer(Role.PUBLIC, user)
    return Viewer(Role(organisation.kind), user, organisation)
