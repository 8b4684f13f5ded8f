"""What a service adds to the cases of its process: its own forms, what moves carry, panels on the page of a case, and
who may see which fact. A process without a service has the plain ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from gaoyuan.exchange.process import Move, Process, process
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.forms import MoveForm, Parties
from gaoyuan.trust.canonical import Json

if TYPE_CHECKING:
    from gaoyuan.portal.accounts.models import Organisation
    from gaoyuan.portal.cases.models import Case, RecordLine

__all__ = ["Detail", "Panel", "Refused", "Service", "register", "service_of"]


class Refused(Exception):
    """Raised while a move is written: undoes all of it, and says why to whoever made it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class Detail(Protocol):
    """What a move carries beyond the facts of its process, such as a quotation."""

    def plain(self) -> Mapping[str, Json]:
        """Give what it says; the record holds a commitment to every field of it."""
        ...

    def save(self, case: Case, line: RecordLine) -> None:
        """Write the service's own rows, in the transaction of the move; may raise Refused."""
        ...


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page of a case: a template and what it shows, which the viewer may see all of."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


class Service:
    """What is special to the cases of a process; a service overrides what it needs."""

    def form(
        self,
        asked: Process,
        move: Move,
        parties: Parties,
        data: Mapping[str, Any] | None,
        files: Mapping[str, Any] | None,
        *,
        viewer: Viewer,
        case: Case | None,
        opens: bool,
    ) -> MoveForm:
        """Give the form of a move; `case` is None where the move opens one."""
        return MoveForm(asked, move, parties, data, files, opens=opens)

    def panels(self, request: HttpRequest, viewer: Viewer, case: Case) -> Sequence[Panel]:
        """Give what the page of a case shows above its facts."""
        return ()

    def pages(self, viewer: Viewer) -> Sequence[tuple[str, str]]:
        """Give further pages of the service that a viewer may open, each as its words and its address."""
        return ()

    def shows(self, viewer: Viewer, case: Case, fact: str) -> bool:
        """Tell whether a viewer who may know of a case may see one of its facts."""
        return True

    def sees(self, viewer: Viewer) -> Q | None:
        """Give the further cases of the process that a viewer may know of, None for no more than usual."""
        return None

    def hides(self, viewer: Viewer) -> Q | None:
        """Give the cases of the process that a viewer may not know of after all, None for no fewer than usual."""
        return None

    def plays(self, viewer: Viewer, case: Case, roles: Sequence[str]) -> Sequence[str]:
        """Give those of the roles that a viewer usually has in a case which he has in this process."""
        return roles

    def offers(self, viewer: Viewer, case: Case, move: Move) -> bool:
        """Tell whether a move that a viewer's role may make is one for him, such as replacing what he has given."""
        return True

    def shows_line(self, viewer: Viewer, case: Case, line: RecordLine) -> bool:
        """Tell whether a viewer who may know of a case may see one of its records. Usually those of bidders, members
        and others who come of their own accord are for themselves, for whoever opened the case, and for offices.
        """
        own, plain = viewer.organisation, line.plain
        role = process(case.process).roles.get(plain["role"])
        by_anybody = role is not None and role.party is None and plain["actor"].isdigit()
        if not by_anybody or viewer.is_office or viewer.role == Role.ADMINISTRATOR:
            return True
        return own is not None and (case.organisation == own or plain["actor"] == str(own.pk))

    def address(self, organisation: Organisation, case: Case) -> str:
        """Give the page on which an organisation that was told of a case finds it."""
        return reverse("case", args=[case.pk])


_SERVICES: dict[str, Service] = {}


def register(process_key: str, service: Service) -> None:
    """Make a service that of a process."""
    _SERVICES[process_key] = service


def service_of(process_key: str) -> Service:
    """Give the service of a process, the plain one where none was registered."""
    return _SERVICES.get(process_key) or Service()
