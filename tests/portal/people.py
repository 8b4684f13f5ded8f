"""People of every role, who are in each served portal of the tests: what is done inside it (`inside.py`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gaoyuan.portal.accounts.models import Membership, Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.snapshots.models import Snapshot

Person = Callable[[str, Organisation], str]


def move_in(_person: Person, folder: str) -> None:
    """Let the platform work on the workspace that is served, and not on the one that it was published from, and call
    what is shown by its name.
    """
    platform = Organisation.objects.get(kind=Role.ADMINISTRATOR)
    platform.workspace = folder
    platform.save()
    shown = Snapshot.objects.get(organisation=platform, shown=True)
    shown.title = Path(folder).name
    shown.save()


def sign_in(person: Person) -> dict[str, str]:
    """Sign the person of every role in: role to the key of the session."""
    held = Membership.objects.select_related("organisation").filter(user__username__in=[one.value for one in Role])
    return {str(one.organisation.kind): person(one.user.username, one.organisation) for one in held}
