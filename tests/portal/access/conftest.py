"""The people who ask: one of each role, and one of each role somewhere else."""

from __future__ import annotations

import pytest

from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.roles import Role

from .twins import Twin

PARENTS = {Role.CITY: Role.PROVINCE, Role.COUNTY: Role.CITY, Role.CLUSTER: Role.COUNTY, Role.ENTERPRISE: Role.COUNTY}


@pytest.fixture
def people(published) -> dict[Role, Twin]:
    """The people of the shared tests."""
    found = Membership.objects.select_related("user", "organisation").filter(
        user__username__in=[one.value for one in Role]
    )
    return {Role(one.organisation.kind): Twin(one.organisation, one.user) for one in found}


@pytest.fixture
def others(people) -> dict[Role, Twin]:
    """One of each role somewhere else: another province and all below it; of administrators there is only one kind."""
    made: dict[Role, Twin] = {}
    divisions = {Role.PROVINCE: "330000", Role.CITY: "330100", Role.COUNTY: "330102"}
    for role in Role:
        if role in {Role.PUBLIC, Role.ADMINISTRATOR}:
            continue
        parent = made[PARENTS[role]].organisation if role in PARENTS else people[Role.ADMINISTRATOR].organisation
        organisation = Organisation.objects.create(
            name=f"another {role}", kind=role, parent=parent, division=divisions.get(role, "")
        )
        user = User.objects.create(username=f"another {role}")
        Membership.objects.create(user=user, organisation=organisation)
        made[role] = Twin(organisation, user)
    return made | {Role.ADMINISTRATOR: made[Role.PROVINCE], Role.PUBLIC: made[Role.BANK]}
