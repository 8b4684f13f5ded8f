"""An object of every model that belongs to organisations, made for anybody.

A new model that belongs to organisations needs a maker in `TWINS`; a test fails and says so where one is missing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from django.db.models import Model
from django.test import Client

from gaoyuan.assess.contest import read_definition
from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.api.models import AccessToken
from gaoyuan.portal.assessments.models import Assessment, Evidence, Judgement
from gaoyuan.portal.cases.models import Case, Notice, Participation
from gaoyuan.portal.cases.models import RecordLine as CaseLine
from gaoyuan.portal.cases.moving import open_case
from gaoyuan.portal.contests.acting import EXAMPLE, begin
from gaoyuan.portal.contests.models import Contest, Entry, RecordLine, Seat, Sheet
from gaoyuan.portal.desk.importing import marked_file
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.themes.models import Theme

DEFINITION = read_definition(EXAMPLE)


@dataclass(frozen=True)
class Twin:
    """An organisation and one of its people."""

    organisation: Organisation
    user: User


Maker = Callable[[Twin], Model]


def _membership(twin: Twin) -> Membership:
    colleague = User.objects.create(username=f"colleague {uuid.uuid4()}")
    return Membership.objects.create(user=colleague, organisation=twin.organisation)


def _upload(twin: Twin) -> Upload:
    """A file whose import has set a row aside."""
    made = Upload.objects.create_for(
        twin.organisation,
        kind="enterprises",
        name="register.csv",
        place=f"{twin.organisation.pk}/{uuid.uuid4().hex}",
        size=1,
        unpacked=1,
        sha256="0" * 64,
        by=twin.user,
    )
    marked = marked_file(made)
    marked.parent.mkdir(parents=True, exist_ok=True)
    marked.write_bytes(b"marked")
    return made


def _contest(twin: Twin) -> Contest:
    return begin(Viewer(Role.COUNTY, twin.user, twin.organisation), twin.organisation, DEFINITION, "2027-03-01T09:00")


def _seat(twin: Twin) -> Seat:
    contest = Contest.objects.create_for(twin.organisation, title_zh="赛", title_en="c", stage="draft", head="0")
    return Seat.objects.create_for(twin.organisation, contest=contest, judge=uuid.uuid4().hex, name="某", user=None)


_ASSESSED: list[tuple[Assessment, Judgement]] = []
"""An assessment and its verdict, begun once on the page and then copied: judging takes a second."""


def _assessment(twin: Twin) -> Assessment:
    if not _ASSESSED:
        client = Client()
        client.force_login(User.objects.get(username="administrator"), "django.contrib.auth.backends.ModelBackend")
        page = client.get("/assessments/new/")
        cluster = json.loads(client.get("/api/clusters?size=1").content)["items"][0]["cluster_id"]
        given = {"cluster": cluster, "application": "new", "as_of": "2026-06-30"}
        client.post("/assessments/new/", given | {"edition": page.context["form"].initial["edition"]})
        begun = Assessment.unscoped.latest("made")
        _ASSESSED.append((begun, Judgement.unscoped.get(assessment=begun)))
    made, judged = copy(_ASSESSED[0][0]), copy(_ASSESSED[0][1])
    made.pk, made.organisation, made._state.adding = uuid.uuid4(), twin.organisation, True
    made.save()
    judged.pk, judged.organisation, judged.assessment, judged._state.adding = None, twin.organisation, made, True
    judged.save()
    return made


def _case(twin: Twin) -> Case:
    made = open_case(
        Viewer(Role.ENTERPRISE, twin.user, twin.organisation),
        "supply-demand",
        role="buyer",
        title="布",
        given={"title": "布"},
    )
    assert isinstance(made, Case)
    return made


def _part_of(model: type[Owned], whole: type[Owned], at: str, **other: object) -> Maker:
    """Give a maker of what belongs to another object."""
    return lambda twin: model.unscoped.create(organisation=twin.organisation, **{at: TWINS[whole](twin)}, **other)


TWINS: dict[type[Model], Maker] = {
    Job: lambda twin: Job.objects.create_for(twin.organisation, kind="none", by=twin.user),
    AccessToken: lambda twin: AccessToken.objects.create_for(
        twin.organisation, user=twin.user, name="a program", digest=uuid.uuid4().hex
    ),
    Membership: _membership,
    Organisation: lambda twin: twin.organisation,
    Theme: lambda twin: Theme.objects.create_for(
        twin.organisation, expression="光伏", source=Organisation.objects.get(kind=Role.ADMINISTRATOR)
    ),
    Upload: _upload,
    Assessment: _assessment,
    Judgement: lambda twin: Judgement.unscoped.get(assessment=_assessment(twin)),
    Evidence: _part_of(
        Evidence, Assessment, "assessment", fact="f", name="n.pdf", kind="pdf", stored="none", size=1, sha256="0" * 64
    ),
    Contest: _contest,
    RecordLine: _part_of(RecordLine, Contest, "contest", number=999, line="{}"),
    Seat: _seat,
    Sheet: _part_of(Sheet, Seat, "seat", round="1", commitment="0" * 64, data="{}"),
    Case: _case,
    CaseLine: lambda twin: CaseLine.unscoped.get(case=_case(twin)),
    Participation: lambda twin: Participation.unscoped.get(case=_case(twin)),
    Notice: lambda twin: Notice.unscoped.create(
        organisation=twin.organisation, case=(made := _case(twin)), line=CaseLine.unscoped.get(case=made)
    ),
    Entry: _part_of(Entry, Contest, "contest", entrant="e"),
}
"""How an object of an organisation is made."""
