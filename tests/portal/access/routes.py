"""The routes of the portal, read from it, and what stands at the places of their addresses and in their forms.

A new route with a place for a number needs an entry in `NAMED`, a form that names an object one in `BODIES`; tests fail
and say so where one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from gaoyuan.portal.accounts.models import Membership, Organisation, SetupLink
from gaoyuan.portal.api.models import AccessToken
from gaoyuan.portal.assessments.models import Assessment, Evidence
from gaoyuan.portal.booking.models import Report, Resource, Sample
from gaoyuan.portal.cases.models import Attachment, Case
from gaoyuan.portal.contests.models import Contest, Seat
from gaoyuan.portal.dataproducts.models import Entry, Product, QualityReport
from gaoyuan.portal.delivery.models import Channel
from gaoyuan.portal.desk.models import Upload
from gaoyuan.portal.evidence.models import Concern, Erasure, LogFile, LogWitness, Release, SigningKey
from gaoyuan.portal.evidence.releasing import Terms
from gaoyuan.portal.evidence.releasing import release as grant
from gaoyuan.portal.finance.models import Dossier, Fund, FundLoan
from gaoyuan.portal.freight.models import Plan, Trip, Vehicle
from gaoyuan.portal.jobs.models import Job
from gaoyuan.portal.network.models import InspectionPlan, Provider
from gaoyuan.portal.pooling.models import Pool
from gaoyuan.portal.snapshots.models import Firm, Part, Snapshot
from gaoyuan.portal.themes.models import Theme
from gaoyuan.portal.trading.models import Offer

from .twins import TWINS, Twin, challenge_of, patent_of_another, published_by_another, registered_act, shared_by_another

CLOSED = {
    "account_signup": "accounts come from invitations",
    "account_email": "an administrator changes addresses",
    "account_email_verification_sent": "addresses are not verified",
    "account_confirm_email": "addresses are not verified",
    "account_confirm_login_code": "nobody signs in by mail",
    "socialaccount_signup": "accounts come from invitations",
    "api:api-root": "an address for the library's own use",
}
"""Routes of the libraries that nobody may use, and why."""


@dataclass(frozen=True)
class Named:
    """What stands at a place in an address or a form: the number of an object of an organisation, or a word.

    `own` gives one that is there, `foreign` one that is there for others (None: the word is nobody's own), `missing` is
    one that nothing has. `above_all`: administrators see those of everybody.
    """

    own: Callable[[Twin], str]
    foreign: Callable[[Twin], str] | None = None
    missing: str = "nothing-is-called-so"
    malformed: tuple[str, ...] = ("\0", "' OR 1=1 --", "长" * 300)
    above_all: bool = True


def _object(model: type[Model], missing: str = "999999999", above_all: bool = True) -> Named:
    def made(twin: Twin) -> str:
        return str(TWINS[model](twin).pk)

    return Named(made, made, missing, ("x", "-1", "\0", "1e9", "9" * 30), above_all)


def _uuid(model: type[Model]) -> Named:
    return _object(model, "00000000-0000-4000-8000-000000000000")


def _own_uuid(model: type[Model]) -> Named:
    """An object that only its own organisation may change, an administrator no more than others."""
    return _object(model, "00000000-0000-4000-8000-000000000000", above_all=False)


def _attachment() -> Named:
    """A file of a case: an administrator sees those of others no more than anybody else."""

    def made(twin: Twin) -> str:
        return str(cast(Attachment, TWINS[Attachment](twin)).number)

    malformed = ("x", "-1", "\0", "1e9", "9" * 30)
    return Named(made, made, "00000000-0000-4000-8000-000000000000", malformed, above_all=False)


def _shared(twin: Twin) -> str:
    today = timezone.localdate()
    return grant(twin.organisation, Terms("银行", "首贷", "2026-01", "2026-02", today, []), twin.user)[1]


def _record_of(twin: Twin) -> str:
    return str(cast(Concern, TWINS[Concern](twin)).record.pk)


def _witness(_: Twin) -> str:
    return str(LogWitness.objects.create(vkey=f"w+{LogWitness.objects.count()}", address="https://w.example").pk)


def _tile(twin: Twin) -> str:
    TWINS[Concern](twin)
    return LogFile.objects.filter(path__startswith="tile/0/").values_list("path", "width").get()[0][5:] + ".p/1"


def _pool(twin: Twin) -> str:
    made = TWINS[Pool](twin)
    assert isinstance(made, Pool)
    return str(made.case.pk)


def _word(known: Callable[[Twin], str]) -> Named:
    return Named(known)


def _key(kind: str) -> Named:
    parts = Part.objects.filter(kind=kind, audience="public").order_by("pk")
    return _word(lambda _: parts.values_list("key", flat=True)[0])


def _firm(county: str) -> Callable[[Twin], str]:
    def made(twin: Twin) -> str:
        number = f"{county}-{twin.organisation.pk}"
        Firm.objects.get_or_create(
            snapshot=Snapshot.objects.get(public=True), enterprise_id=number, name="某厂", county=county
        )
        return number

    return made


def _product(_: Twin) -> str:
    products = Part.objects.get(kind="products", audience="public").content()["product"]
    assert isinstance(products, list)
    return str(products[0])


_LEVEL = _word(lambda _: "county")
_REGION, _INDUSTRY, _CLUSTER = _key("region"), _key("about_industry"), _key("cluster")
_DIVISION, _PRODUCT = _key("footprints"), _word(_product)
_FIGURE = _word(lambda _: "firms")
_FIRM = Named(_firm("370202"), _firm("110101"))
_NONE, _NO_UUID = "00000000-0000-4000-8000-000000000000", ("x", "-1", "\0", "1e9", "9" * 30)
_PUBLISHED = Named(lambda twin: str(published_by_another(twin).pk), None, _NONE, _NO_UUID)
_CHALLENGE = Named(lambda twin: str(challenge_of(twin).pk), lambda twin: str(challenge_of(twin).pk), _NONE, _NO_UUID)

_PRODUCT_OF_REGISTER = Named(
    lambda twin: str(registered_act(twin).product.pk),
    lambda twin: str(TWINS[Product](twin).pk),
    _NONE,
    _NO_UUID,
    above_all=False,
)
_ACT = Named(lambda twin: str(registered_act(twin).pk), None, _NONE, _NO_UUID)
_ENTRY = Named(
    lambda twin: str(registered_act(twin).entry.pk),
    lambda twin: str(TWINS[Entry](twin).pk),
    "999999999",
    ("x", "-1", "\0", "1e9", "9" * 30),
)

NAMED: dict[str, dict[str, Named]] = {
    "setup": {"secret": _word(lambda twin: SetupLink.make(twin.organisation))},
    "end_membership": {"pk": _object(Membership)},
    "account_reset_password_from_key": {"uidb36": _word(lambda _: "1"), "key": _word(lambda _: "set-password")},
    "account_confirm_email": {"key": _word(lambda _: "a")},
    "openid_connect_login": {"provider_id": _word(lambda _: "oidc")},
    "openid_connect_callback": {"provider_id": _word(lambda _: "oidc")},
    "explore_footprints": {"division": _DIVISION},
    "explore_industry": {"level": _LEVEL, "code": _INDUSTRY},
    "cluster": {"cluster_id": _CLUSTER},
    "why": {"cluster_id": _CLUSTER, "figure": _FIGURE},
    "region": {"code": _REGION},
    "region_why": {"code": _REGION, "figure": _FIGURE},
    "industry": {"code": _INDUSTRY},
    "industry_why": {"code": _INDUSTRY, "figure": _FIGURE},
    "product_why": {"product": _PRODUCT, "figure": _word(lambda _: "local_firms")},
    "enterprise": {"enterprise_id": _FIRM},
    "enterprise_why": {"enterprise_id": _FIRM},
    "embed_cluster": {"cluster_id": _CLUSTER},
    "embed_region": {"code": _REGION},
    "chain_product": {"product": _PRODUCT},
    **{f"assessment{act}": {"pk": _uuid(Assessment)} for act in ("", "_sign", "_copy")},
    "assessment_report": {"pk": _uuid(Assessment), "ending": _word(lambda _: "docx")},
    "assessment_evidence": {"pk": _uuid(Assessment), "file": _uuid(Evidence)},
    **{f"contest{act}": {"pk": _uuid(Contest)} for act in ("", "_act", "_enter", "_results")},
    **{
        name: {"pk": Named(_pool, _pool, "00000000-0000-4000-8000-000000000000", ("x", "\0", "9" * 30))}
        for name in ("pool_record", "pool_shares")
    },
    "case": {"pk": _uuid(Case)},
    "challenge": {"pk": _PUBLISHED},
    "challenge_answer": {"pk": _PUBLISHED},
    "challenge_comparison": {"pk": _CHALLENGE},
    "provider": {"pk": _object(Provider)},
    "patent": {"pk": Named(lambda twin: str(patent_of_another(twin).pk), None, _NONE, _NO_UUID)},
    "inspection": {"pk": _own_uuid(InspectionPlan)},
    "inspection_act": {"pk": _own_uuid(InspectionPlan)},
    **{f"data_product{act}": {"pk": _PRODUCT_OF_REGISTER} for act in ("", "_dcat", "_object")},
    **{f"data_product_{what}": {"pk": _ACT} for what in ("certificate", "proof", "pdf")},
    **{f"data_product_{what}": {"pk": _ENTRY} for what in ("sample", "quality")},
    "data_quality_report": {"pk": _uuid(QualityReport)},
    "case_tender": {"pk": _uuid(Case)},
    "case_move": {"pk": _uuid(Case), "name": _word(lambda _: "publish")},
    "attachment": {"pk": _attachment()},
    **{f"trading_offer{act}": {"pk": _object(Offer, above_all=False)} for act in ("", "_change", "_end")},
    "trading_quotations": {"pk": _uuid(Case)},
    "freight_vehicle": {"pk": _own_uuid(Vehicle)},
    "freight_vehicle_withdraw": {"pk": _own_uuid(Vehicle)},
    "freight_trip": {"pk": _own_uuid(Trip)},
    "freight_plan": {"pk": _uuid(Plan)},
    "freight_send": {"pk": _own_uuid(Plan)},
    "freight_again": {"pk": _own_uuid(Plan)},
    **{f"channel_{act}": {"pk": _object(Channel, above_all=False)} for act in ("remove", "again")},
    "cases": {"key": _word(lambda _: "supply-demand")},
    "case_new": {"key": _word(lambda _: "supply-demand")},
    **{name: {"pk": _uuid(Resource)} for name in ("resource", "resource_book")},
    "resource_permit": {"pk": Named(lambda twin: str(shared_by_another(twin).pk), None, _NONE, _NO_UUID)},
    **{f"resource_{act}": {"pk": _own_uuid(Resource)} for act in ("edit", "close", "items", "permits", "use")},
    "sample_label": {"pk": _own_uuid(Sample)},
    "test_report": {"pk": _own_uuid(Report)},
    "evidence_revoke": {"pk": _object(SigningKey, above_all=False)},
    "evidence_record": {
        "index": Named(_record_of, _record_of, "999999999", ("x", "-1", "\0", "1e9", "9" * 30), above_all=False)
    },
    "evidence_erasure": {"pk": _object(Erasure)},
    "log_witness_remove": {"pk": _word(_witness)},
    "evidence_shared": {"secret": _word(_shared)},
    "evidence_consent": {"pk": _word(lambda twin: str(TWINS[Release](twin).pk))},
    **{f"evidence_{act}": {"pk": _own_uuid(Release)} for act in ("release", "pack", "withdraw")},
    **{name: {"pk": _object(Dossier, above_all=False)} for name in ("finance_dossier", "finance_act")},
    "finance_fund": {"pk": _object(Fund)},
    "finance_fund_act": {"pk": _object(Fund, above_all=False)},
    "finance_loan_new": {"pk": _object(Fund, above_all=False)},
    **{name: {"pk": _object(FundLoan, above_all=False)} for name in ("finance_repaid", "finance_claim")},
    "log_tile": {"place": _word(_tile)},
    "log_proof": {"index": _word(lambda twin: str(cast(Concern, TWINS[Concern](twin)).record.pk))},
    "contest_file": {"pk": _uuid(Contest), "ending": _word(lambda _: "jsonl")},
    "contest_claim": {"secret": _word(lambda _: "none")},
    "contest_seat": {"pk": _uuid(Seat)},
    "contest_form": {"pk": _uuid(Seat)},
    "revoke_token": {"pk": _object(AccessToken, above_all=False)},
    "api:industry_in_regions": {"level": _LEVEL, "code": _INDUSTRY},
    "api:industry": {"code": _INDUSTRY},
    "api:region": {"code": _REGION},
    "api:cluster": {"cluster": _CLUSTER},
    "api:enterprise": {"enterprise": _FIRM},
    "job": {"pk": _uuid(Job)},
    "job_state": {"pk": _uuid(Job)},
    "cancel_job": {"pk": _uuid(Job)},
    "theme": {"pk": _uuid(Theme)},
    **{name: {"pk": _own_uuid(Theme)} for name in ("theme_save", "theme_again", "theme_stop", "theme_delete")},
    "desk_upload": {"pk": _uuid(Upload)},
    "desk_rejected": {"pk": _uuid(Upload)},
    "desk_delete": {"pk": _own_uuid(Upload)},
    "desk_stop": {"pk": _uuid(Job)},
    "api:job": {"job": _uuid(Job)},
    "api:cancel_job": {"job": _uuid(Job)},
}
"""Route to place in its address to what stands there."""

BODIES: dict[str, dict[str, Named]] = {
    "choose_organisation": {"organisation": _object(Organisation, above_all=False)},
    "people": {"organisation": _object(Organisation)},
}
"""Route to field of its form to the object that it names."""

ASKED = {"api:search": "?q=3"}
"""Route to what it must be asked with."""

UNREACHED = {
    *("account_set_password", "openid_connect_login", "openid_connect_callback", "account_reset_password_from_key"),
    *(
        "contest_claim",
        "contest_enter",
        "contest_form",
        "contest_seat",
        "assessment_evidence",
        "case_tender",
        "data_product_object",
        "desk_stop",
        "desk_rejected",
        "theme_stop",
    ),
    *("mfa_authenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
}
"""Routes that show nothing to the people of these tests: they have no second factor, no seat, no running job,
no published tender, and no product in its public notice.
"""


@dataclass(frozen=True)
class Route:
    """A route: its name, its address with places, and the names of the places."""

    name: str
    address: str
    places: tuple[str, ...] = field(default=())

    def at(self, values: dict[str, str]) -> str:
        """Give the address with values at its places."""
        filled = self.address
        for place in self.places:
            filled = filled.replace(f"<{place}>", quote(values[place], safe=""))
        return filled


def _routes() -> Iterator[Route]:
    def walk(patterns: Iterable[object], spaces: str, before: str) -> Iterator[Route]:
        for one in patterns:
            assert isinstance(one, URLPattern | URLResolver)
            address = before + _address(str(one.pattern))
            if isinstance(one, URLResolver):
                space = f"{one.namespace}:" if one.namespace else ""
                yield from walk(one.url_patterns, spaces + space, address)
            else:
                yield Route(f"{spaces}{one.name or ''}", address, tuple(re.findall(r"<(\w+)>", address)))

    yield from walk(get_resolver().url_patterns, "", "/")


def _address(pattern: str) -> str:
    """Give an address with places <name> for a pattern of either form."""
    plain = re.sub(r"\(\?P(<\w+>)[^()]*\)", r"\1", pattern.replace(r"\Z", ""))
    return re.sub(r"<\w+:(\w+)>", r"<\1>", plain).replace("^", "").replace("$", "")


ROUTES = list(_routes())
OURS = [route for route in ROUTES if not route.name.startswith("admin:") and route.name and route.name not in CLOSED]
WITH_PLACES = [route for route in OURS if route.places]


def by_name(route: Route) -> str:
    return route.name
