"""An object of every model that belongs to organisations, made for anybody.

A new model that belongs to organisations needs a maker in `TWINS`; a test fails and says so where one is missing.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Model
from django.test import Client
from django.utils import timezone

from gaoyuan.assess.contest import read_definition
from gaoyuan.portal.accounts.models import Membership, Organisation, User
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.api.models import AccessToken
from gaoyuan.portal.assessments.models import Assessment, Evidence, Judgement
from gaoyuan.portal.booking.models import (
    Bill,
    Booking,
    Closure,
    Permit,
    Report,
    Resource,
    Sample,
    SigningKey,
    TestItem,
)
from gaoyuan.portal.booking.reports import issue
from gaoyuan.portal.cases.models import Attachment, Case, Notice, Participation, RecordDetail
from gaoyuan.portal.cases.models import RecordLine as CaseLine
from gaoyuan.portal.cases.moving import open_case
from gaoyuan.portal.challenges.models import (
    Answer,
    Check,
    Contract,
    Marks,
    Milestone,
    NeedForm,
    PublicChallenge,
    Support,
)
from gaoyuan.portal.challenges.sealing import seal
from gaoyuan.portal.contests.acting import EXAMPLE, begin
from gaoyuan.portal.contests.models import Contest, Entry, RecordLine, Seat, Sheet
from gaoyuan.portal.dataproducts.models import Act, Product, QualityReport
from gaoyuan.portal.dataproducts.models import Entry as ProductEntry
from gaoyuan.portal.delivery.models import Channel, Delivery
from gaoyuan.portal.desk.importing import marked_file
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.evidence.keeping import enter
from gaoyuan.portal.evidence.models import Concern, Erasure, Release, Signature, Statement, Use
from gaoyuan.portal.evidence.models import SigningKey as EvidenceKey
from gaoyuan.portal.evidence.releasing import Terms
from gaoyuan.portal.evidence.releasing import release as grant
from gaoyuan.portal.finance.models import (
    BankAct,
    Dossier,
    Fund,
    FundClaim,
    FundLine,
    FundLoan,
    MutualAccount,
    MutualLine,
)
from gaoyuan.portal.freight.models import Declined, DockSlot, Load, Plan, Trip, Vehicle, Warehouse
from gaoyuan.portal.freight.stating import problem_of
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.network.models import (
    InspectionPlan,
    InspectionReader,
    InspectionResult,
    Licence,
    PooledPatent,
    PoolMember,
    Provider,
    ServiceRequest,
    Wait,
)
from gaoyuan.portal.pooling.models import Commitment, CreditEntry, CreditLine, Pool
from gaoyuan.portal.themes.models import Theme
from gaoyuan.portal.trades.models import Consent, Trade
from gaoyuan.portal.trading.models import Demand, Offer, Quote
from gaoyuan.trust.pack.entries import withdrawal_entry

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


def _channel(twin: Twin) -> Channel:
    return Channel.make(twin.organisation, "mail", f"{uuid.uuid4()}@example.org")[0]


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


def challenge_of(twin: Twin) -> Case:
    """A challenge of the twin's organisation."""
    made = open_case(
        Viewer(Role.ENTERPRISE, twin.user, twin.organisation),
        "challenge",
        role="firm",
        title="难题",
        given={"title": "难题"},
    )
    assert isinstance(made, Case)
    return made


def _contract(twin: Twin) -> Contract:
    return Contract.objects.create_for(
        twin.organisation, case=challenge_of(twin), solver=twin.organisation, yuan=1, terms="t"
    )


def _answer(twin: Twin) -> Answer:
    case = challenge_of(twin)
    line = CaseLine.unscoped.get(case=case)
    return Answer.objects.create_for(twin.organisation, case=case, line=line, data=seal({}), digest="0" * 64)


def _of_challenge(model: type[Owned], **other: object) -> Maker:
    """Give a maker of what belongs to a challenge and to its first record."""

    def made(twin: Twin) -> Model:
        case = challenge_of(twin)
        return model.unscoped.create(
            organisation=twin.organisation, case=case, line=CaseLine.unscoped.get(case=case), **other
        )

    return made


_WHEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _provider(twin: Twin) -> Provider:
    party = Organisation.objects.create(name=f"机构 {uuid.uuid4()}", kind=Role.ENTERPRISE)
    return Provider.objects.create_for(
        twin.organisation, party=party, level="county", division="370202", kinds=["testing"]
    )


def _request(twin: Twin) -> ServiceRequest:
    return ServiceRequest.objects.create_for(twin.organisation, case=challenge_of(twin), kind="testing", text="t")


def _patent(twin: Twin) -> PooledPatent:
    number = f"ZL{uuid.uuid4().int % 10**12:012}"
    return PooledPatent.objects.create_for(
        twin.organisation, number=number, title="p", kind="design", expires=dt.date(2040, 1, 1)
    )


def patent_of_another(twin: Twin) -> PooledPatent:
    """A patent in the pool, which everybody who is served may read."""
    other = Organisation.objects.create(name=f"专利 {uuid.uuid4()}", kind=Role.ENTERPRISE)
    return _patent(Twin(other, twin.user))


def published_by_another(twin: Twin) -> PublicChallenge:
    """A challenge of a firm that the twin has nothing to do with, which everybody may read."""
    other = Organisation.objects.create(name=f"发榜 {uuid.uuid4()}", kind=Role.ENTERPRISE)
    return _published(Twin(other, twin.user))


def _published(twin: Twin) -> PublicChallenge:
    closes_at = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    return PublicChallenge.objects.create_for(
        twin.organisation, case=challenge_of(twin), title="难题", shown={"problem": "p"}, closes_at=closes_at
    )


def _product(twin: Twin) -> Product:
    """A product that is applied for, described, with a sample: only its parties and offices know of it."""
    viewer = Viewer(Role.ENTERPRISE, twin.user, twin.organisation)
    case = open_case(viewer, "data-product", role="holder", title="数据", given={"title": "数据"})
    assert isinstance(case, Case)
    made = Product.objects.create_for(twin.organisation, case=case, title="数据", kind="dataset")
    made.entry = ProductEntry.objects.create_for(
        twin.organisation,
        product=made,
        case=case,
        line=CaseLine.unscoped.get(case=case),
        plain={"title": "数据", "description": "d"},
        sample_name="s.csv",
        sample_media="text/csv",
        sample_sha256="0" * 64,
        content=b"a",
        quality=_quality(twin),
    )
    made.save()
    return made


def _quality(twin: Twin) -> QualityReport:
    content = {"rows": 1, "as_of": "2026-01-01", "columns": []}
    return QualityReport.objects.create_for(twin.organisation, source="t", content=content, sha256=uuid.uuid4().hex)


def registered_act(twin: Twin) -> Act:
    """The first registration of a product, which everybody may read."""
    product = _product(twin)
    (record,) = enter([withdrawal_entry(uuid.uuid4().hex, str(twin.organisation.pk))])
    product.case.state, product.registered, product.code = "registered", _WHEN, uuid.uuid4().hex
    product.case.save()
    product.save()
    line = CaseLine.unscoped.get(case=product.case)
    return Act.objects.create_for(
        twin.organisation,
        product=product,
        number=1,
        kind="first",
        entry=product.entry,
        line=line,
        record=record,
        at=_WHEN,
    )


def _resource(twin: Twin) -> Resource:
    """A machine that only its owner and those above it know of."""
    return Resource.objects.create_for(
        twin.organisation,
        kind="machine",
        name=uuid.uuid4().hex,
        listed=False,
        hours=[[0, "08:00", "12:00"]],
        prices={"internal": "0"},
    )


def shared_by_another(_: Twin) -> Resource:
    """A machine that another organisation shares with those whom it permits."""
    another = Organisation.objects.create(name=uuid.uuid4().hex, kind=Role.ENTERPRISE)
    return Resource.objects.create_for(
        another, kind="machine", name="n", hours=[[0, "08:00", "12:00"]], prices={"external": "1"}, needs=["n"]
    )


def _booking(twin: Twin) -> Booking:
    at = timezone.now()
    return Booking.objects.create_for(
        twin.organisation,
        case=_case(twin),
        resource=_resource(twin),
        number=1,
        begins=at,
        ends=at + dt.timedelta(hours=1),
        slot_minutes=60,
        user_kind="internal",
    )


def _sample(twin: Twin) -> Sample:
    booking, number = _booking(twin), Sample.unscoped.count() + 1
    return Sample.objects.create_for(
        twin.organisation, booking=booking, laboratory=twin.organisation, number=number, name="n", quantity=1, unit="g"
    )


def _evidence(model: type[Owned]) -> Maker:
    """Give a maker of what belongs to the log: each has records of its own."""

    def made(twin: Twin) -> Model:
        own = twin.organisation
        first, second = enter([withdrawal_entry(uuid.uuid4().hex, str(own.pk)) for _ in range(2)])
        if model is Concern:
            return Concern.objects.of(own).get(record=first)
        if model is EvidenceKey:
            return EvidenceKey.objects.create_for(own, vkey=f"k+{uuid.uuid4().hex}", registered=first)
        if model is Erasure:
            return Erasure.objects.create_for(own, record=first, reason="r")
        if model is Statement:
            return Statement.objects.create_for(own, record=first, text="s")
        if model is Signature:
            key = EvidenceKey.objects.create_for(own, vkey=f"k+{uuid.uuid4().hex}", registered=first)
            statement = Statement.objects.create_for(own, record=second, text="s")
            return Signature.objects.create_for(own, key=key, record=first, statement=statement)
        terms = Terms("银行", "首贷", "2026-01", "2026-02", dt.date.today(), [])
        release, _secret = grant(own, terms, twin.user)
        return release if model is Release else Use.objects.create_for(own, release=release, record=first, what="owner")

    return made


def _pool(twin: Twin) -> Pool:
    viewer = Viewer(Role.ENTERPRISE, twin.user, twin.organisation)
    case = open_case(viewer, "pool", role="organiser", title="钢板", given={"title": "钢板"})
    assert isinstance(case, Case)
    return Pool.objects.create_for(
        twin.organisation, case=case, specification="Q235", unit="千克", content="sealed", result="{}", invoice=1
    )


def _credit_line(twin: Twin) -> CreditLine:
    member = Organisation.objects.create(name=f"member {uuid.uuid4()}", kind=Role.ENTERPRISE)
    return CreditLine.objects.create_for(twin.organisation, member=member)


def _load(twin: Twin) -> Load:
    """A load that the twin has posted, planned by himself."""
    made = open_case(
        Viewer(Role.ENTERPRISE, twin.user, twin.organisation),
        "freight",
        role="shipper",
        title="货",
        given={
            "title": "货",
            "weight_kg": Decimal(1000),
            "pick_up_by": (soon := timezone.now() + dt.timedelta(days=1)),
            "deliver_by": soon + dt.timedelta(days=1),
        },
    )
    assert isinstance(made, Case), made
    ends = {
        f"{end}_{name}": value
        for end, early, late in (("from", timezone.now(), soon), ("to", soon, soon + dt.timedelta(days=1)))
        for name, value in {
            "place": "某处", "longitude": 119.0, "latitude": 36.0, "early": early, "late": late
        }.items()
    }  # fmt: skip
    return Load.objects.create_for(
        twin.organisation,
        case=made,
        planner=twin.organisation,
        weight_kg=1000,
        volume_dm3=0,
        pallets=0,
        handling_minutes=0,
        alike=uuid.uuid4().hex,
        **ends,
    )


def _vehicle(twin: Twin) -> Vehicle:
    now = timezone.now()
    return Vehicle.objects.create_for(
        twin.organisation,
        plate=uuid.uuid4().hex[:10],
        planner=twin.organisation,
        weight_kg=10_000,
        volume_dm3=40_000,
        pallets=20,
        place="某处",
        longitude=119.0,
        latitude=36.0,
        begins=now,
        ends=now + dt.timedelta(days=2),
        fixed_fen=0,
        per_kilometre_fen=400,
        per_hour_fen=0,
    )


def _freight_plan(twin: Twin) -> Plan:
    return Plan.objects.create_for(twin.organisation, title="计划", begins=timezone.now(), state=Plan.State.DRAFT)


def _trip(twin: Twin) -> Trip:
    """A trip that is offered with one load."""
    load, vehicle, plan = _load(twin), _vehicle(twin), _freight_plan(twin)
    plan.problem = problem_of(plan, [load], [vehicle], not_before={})
    plan.save()
    visits = [[str(load.pk), "pickup", 0, 86_000, 86_000], [str(load.pk), "delivery", 86_000, 87_000, 87_000]]
    made = Trip.objects.create_for(
        twin.organisation, plan=plan, vehicle=vehicle, starts=0, ends=87_000, metres=0, visits=visits, pay_fen=1
    )
    load.trip = made
    load.save()
    return made


def _part_of(model: type[Owned], whole: type[Owned], at: str, **other: object) -> Maker:
    """Give a maker of what belongs to another object."""
    return lambda twin: model.unscoped.create(organisation=twin.organisation, **{at: TWINS[whole](twin)}, **other)


def _dossier(twin: Twin) -> Dossier:
    made = TWINS[Release](twin)
    assert isinstance(made, Release)
    return Dossier.objects.create_for(
        twin.organisation,
        release=made,
        log="log",
        consent=str(made.pk),
        name="某厂",
        purpose="首贷",
        first=made.first,
        last=made.last,
        expires=made.expires,
    )


def _fund(twin: Twin) -> Fund:
    made = Fund.objects.create_for(
        twin.organisation,
        title="f",
        share_bp=4000,
        per_loan_yuan=1,
        multiple_percent=100,
        in_all_yuan=1,
        months=12,
        basis="b",
    )
    made.partners.add(twin.organisation)
    return made


def _loan(twin: Twin) -> FundLoan:
    return FundLoan.objects.create_for(
        twin.organisation,
        fund=_fund(twin),
        borrower="某厂",
        contract=uuid.uuid4().hex,
        principal_yuan=2,
        cover_yuan=1,
        lent=dt.date(2026, 1, 1),
        due=dt.date(2026, 6, 1),
    )


def _fund_line(twin: Twin) -> FundLine:
    concern = TWINS[Concern](twin)
    assert isinstance(concern, Concern)
    amounts = {"amount_yuan": 1, "capital_yuan": 1, "covered_yuan": 0, "due_yuan": 0}
    return FundLine.objects.create_for(
        twin.organisation, fund=_fund(twin), number=1, kind="contribution", record=concern.record, **amounts
    )


def _account(twin: Twin) -> MutualAccount:
    return MutualAccount.unscoped.get_or_create(organisation=twin.organisation)[0]


def _mutual_line(twin: Twin) -> MutualLine:
    account, concern = _account(twin), TWINS[Concern](twin)
    assert isinstance(concern, Concern)
    number = MutualLine.unscoped.filter(account=account).count() + 1
    return MutualLine.objects.create_for(
        twin.organisation,
        account=account,
        number=number,
        kind="contribution",
        payer=twin.organisation,
        amount_yuan=1,
        record=concern.record,
    )


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
    Resource: _resource,
    Closure: lambda twin: Closure.objects.create_for(
        twin.organisation, resource=_resource(twin), begins=timezone.now(), ends=timezone.now() + dt.timedelta(hours=1)
    ),
    TestItem: lambda twin: TestItem.objects.create_for(twin.organisation, resource=_resource(twin), name="n"),
    Permit: lambda twin: Permit.objects.create_for(twin.organisation, resource=_resource(twin)),
    Booking: _booking,
    Bill: lambda twin: Bill.objects.create_for(
        twin.organisation, booking=_booking(twin), payer=twin.organisation, reason="use", amount=1
    ),
    Sample: _sample,
    Report: lambda twin: issue(_booking(twin), (), "c", ()),
    SigningKey: lambda twin: SigningKey.objects.create_for(twin.organisation, sealed=b"", public="n"),
    Case: _case,
    CaseLine: lambda twin: CaseLine.unscoped.get(case=_case(twin)),
    Participation: lambda twin: Participation.unscoped.get(case=_case(twin)),
    Notice: lambda twin: Notice.unscoped.create(
        organisation=twin.organisation, case=(made := _case(twin)), line=CaseLine.unscoped.get(case=made)
    ),
    RecordDetail: lambda twin: RecordDetail.unscoped.create(
        organisation=twin.organisation, line=CaseLine.unscoped.get(case=_case(twin)), plain={}, salts={}
    ),
    Channel: _channel,
    Delivery: lambda twin: Delivery.unscoped.create(
        organisation=twin.organisation, channel=_channel(twin), notice=TWINS[Notice](twin)
    ),
    Attachment: lambda twin: Attachment.unscoped.create(
        organisation=twin.organisation,
        case=(made := _case(twin)),
        line=CaseLine.unscoped.get(case=made),
        name="n.pdf",
        media="application/pdf",
        size=1,
        content=b"%PDF-",
    ),
    Pool: _pool,
    Commitment: lambda twin: Commitment.objects.create_for(
        twin.organisation,
        case=_pool(twin).case,
        alias=uuid.uuid4().hex[:8],
        quantity=1,
        content="sealed",
        seal="0" * 64,
        placed=1,
    ),
    CreditLine: _credit_line,
    CreditEntry: lambda twin: CreditEntry.objects.create_for(
        twin.organisation, line=_credit_line(twin), kind="limit", amount=1
    ),
    Trade: lambda twin: Trade.unscoped.create(
        organisation=twin.organisation,
        buyer=Organisation.objects.get(kind=Role.ADMINISTRATOR),
        case=_case(twin),
        what="布",
        date="2026-05-01",
    ),
    Load: _load,
    Vehicle: _vehicle,
    Plan: _freight_plan,
    Trip: _trip,
    Warehouse: lambda twin: Warehouse.objects.create_for(
        twin.organisation, name=uuid.uuid4().hex, longitude=119.0, latitude=36.0
    ),
    DockSlot: _part_of(
        DockSlot,
        Warehouse,
        "warehouse",
        begins=timezone.now(),
        ends=timezone.now() + dt.timedelta(hours=1),
        vehicles=1,
    ),
    Declined: _part_of(Declined, Load, "load"),
    Consent: lambda twin: Consent.unscoped.get_or_create(organisation=twin.organisation)[0],
    **{model: _evidence(model) for model in (Concern, Erasure, EvidenceKey, Statement, Signature, Release, Use)},
    Dossier: _dossier,
    BankAct: lambda twin: BankAct.objects.create_for(
        twin.organisation, dossier=_dossier(twin), number=1, kind="note", plain="n"
    ),
    Fund: _fund,
    FundLoan: _loan,
    FundClaim: lambda twin: FundClaim.objects.create_for(
        twin.organisation, case=_case(twin), loan=_loan(twin), loss_yuan=1
    ),
    FundLine: _fund_line,
    MutualAccount: _account,
    MutualLine: _mutual_line,
    Offer: lambda twin: Offer.objects.create_for(twin.organisation, text="布", digest=uuid.uuid4().hex, active=False),
    Demand: _part_of(Demand, Case, "case", text="布", digest="0"),
    Quote: _part_of(Quote, Case, "case", content="0"),
    Entry: _part_of(Entry, Contest, "contest", entrant="e"),
    NeedForm: lambda twin: NeedForm.objects.create_for(twin.organisation, case=challenge_of(twin), data=seal({})),
    Check: _of_challenge(Check, complete=True, genuine=True, lawful=True),
    PublicChallenge: _published,
    Answer: _answer,
    Marks: lambda twin: Marks.objects.create_for(twin.organisation, answer=_answer(twin)),
    Contract: _contract,
    Milestone: lambda twin: Milestone.objects.create_for(
        twin.organisation, contract=_contract(twin), number=1, title="m", due=dt.date(2030, 1, 1), yuan=1
    ),
    Provider: _provider,
    ServiceRequest: _request,
    Wait: _part_of(Wait, ServiceRequest, "request", level="county", division="370202", came=_WHEN),
    PoolMember: lambda twin: (
        PoolMember.objects.of(twin.organisation).first() or PoolMember.objects.create_for(twin.organisation)
    ),
    PooledPatent: _patent,
    Licence: lambda twin: Licence.objects.create_for(twin.organisation, case=challenge_of(twin), patent=_patent(twin)),
    InspectionPlan: lambda twin: InspectionPlan.objects.create_for(
        twin.organisation, title="t", product="p", items=[["i", "N", "1", ""]]
    ),
    InspectionResult: _part_of(
        InspectionResult, InspectionPlan, "plan", lot="1", item="i", value=1, on=dt.date(2026, 1, 1), within=True
    ),
    InspectionReader: _part_of(InspectionReader, InspectionPlan, "plan"),
    Product: _product,
    ProductEntry: lambda twin: ProductEntry.unscoped.get(product=_product(twin)),
    QualityReport: _quality,
    Act: registered_act,
    Support: _of_challenge(Support, kind="grant", yuan=1, basis="b", on=dt.date(2026, 1, 1)),
}
"""How an object of an organisation is made."""
