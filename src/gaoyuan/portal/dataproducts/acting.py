"""What the moves of the register do beside their records: the registry is called, the acts are entered with their
certificates.

A change or a transfer moves the case of the product as well, in the same transaction; where that is refused, such as
for a registration that has expired meanwhile, nothing is entered.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from gaoyuan.exchange.process import Moved
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.cases.models import Case, Participation, RecordLine, participants
from gaoyuan.portal.cases.moving import act, move_by_program, standing_of
from gaoyuan.portal.cases.service import Refused
from gaoyuan.portal.dataproducts.describing import words_of
from gaoyuan.portal.dataproducts.models import Act, Entry, Product
from gaoyuan.portal.dataproducts.seeing import day_of
from gaoyuan.portal.evidence.entering import enter_record
from gaoyuan.portal.evidence.keeping import STORE
from gaoyuan.trust.registry.acts import RegistryAct
from gaoyuan.trust.registry.certificates import KIND, registration_said
from gaoyuan.trust.registry.description import description_digest

REGISTRIES = (Role.CITY, Role.PROVINCE)
"""The offices that keep the register: the nearest above the holder is told of an application."""
_CALLING = ("data-product", "data-product-change", "data-product-transfer")


def _call_registry(case: Case, moved: Moved, line: RecordLine) -> None:
    """Have the nearest registry above the holder take part, so that it is told."""
    above = Organisation.objects.filter(pk__in=case.organisation.above, kind__in=REGISTRIES).order_by("-path")
    nearest = above.first()
    known = Participation.unscoped.filter(case=case, organisation=nearest, role="office")
    if nearest is not None and not known.exists():
        Participation.objects.create_for(nearest, case=case, role="office")


for _process in _CALLING:
    act(_process, "call_registry")(_call_registry)


@act("data-product", "publish_notice")
def publish_notice(case: Case, moved: Moved, line: RecordLine) -> None:
    """Show the product to everybody from now on."""
    product = _locked(case)
    product.noticed = moved.record.at
    product.save()


@act("data-product", "enter_first")
def enter_first(case: Case, moved: Moved, line: RecordLine) -> None:
    """Enter the first registration: the product gets its number."""
    product = _locked(case)
    product.registered, product.until = moved.record.at, _until(case)
    _enter(product, RegistryAct.FIRST, line, moved)


@act("data-product", "enter_renewal")
def enter_renewal(case: Case, moved: Moved, line: RecordLine) -> None:
    """Enter a renewal."""
    product = _locked(case)
    product.until = _until(case)
    _enter(product, RegistryAct.RENEWAL, line, moved)


@act("data-product", "enter_cancellation")
def enter_cancellation(case: Case, moved: Moved, line: RecordLine) -> None:
    """Enter a cancellation; what was registered stays to be read."""
    product = _locked(case)
    product.ended = moved.record.at
    _enter(product, RegistryAct.CANCELLATION, line, moved)


@act("data-product", "enter_expiry")
def enter_expiry(case: Case, moved: Moved, line: RecordLine) -> None:
    """Enter that a registration has expired."""
    product = _locked(case)
    product.ended = moved.record.at
    _enter(product, RegistryAct.EXPIRY, line, moved)


@act("data-product-change", "enter_change")
def enter_change(case: Case, moved: Moved, line: RecordLine) -> None:
    """Enter a change: what was last handed in holds from now on."""
    product = _product_of(case)
    entry = Entry.unscoped.filter(case=case).order_by("pk").last()
    assert entry is not None, "an application for a change comes with a description"
    _pass_on(product, "take_change", {"title": entry.said.title})
    product.entry, product.title, product.kind = entry, entry.said.title, entry.said.kind
    product.words = words_of(entry.said, product.organisation.name)
    _enter(product, RegistryAct.CHANGE, line, moved)


@act("data-product-transfer", "enter_transfer")
def enter_transfer(case: Case, moved: Moved, line: RecordLine) -> None:
    """Enter a transfer: the receiver holds the product from now on."""
    product = _product_of(case)
    before, receiver = product.organisation, Organisation.objects.get(pk=str(standing_of(case).facts["receiver"]))
    _pass_on(product, "take_transfer", {"holder": str(receiver.pk)})
    product.organisation = receiver
    assert product.entry is not None, "a registered product is described"
    product.words = words_of(product.entry.said, receiver.name)
    _enter(product, RegistryAct.TRANSFER, line, moved, before)


def _enter(
    product: Product, kind: RegistryAct, line: RecordLine, moved: Moved, before: Organisation | None = None
) -> Act:
    """Write an act down, its certificate into the log; whoever enters another waits until this one stands."""
    entry = product.entry
    assert entry is not None, "a product that is entered is described"
    registry = _registry(product, line, moved)
    with STORE.alone():
        if not product.code:
            product.code = _next_code(product, moved.record.at)
        product.save()
        number = Act.unscoped.filter(product=product).count() + 1
        identity = uuid.uuid4()
        holder = product.organisation
        said = registration_said(
            number=product.code,
            act=kind,
            act_number=number,
            title=product.title,
            holder=(str(holder.pk), holder.name),
            registry=(str(registry.pk), registry.name) if registry else ("", ""),
            until=day_of(product.until),
            description_sha256=description_digest(entry.plain),
            sample_sha256=entry.sample_sha256,
            quality_sha256=entry.quality.sha256 if entry.quality else "",
            before=(str(before.pk), before.name) if before else ("", ""),
        )
        parties = [one for one in (holder, before) if one is not None]
        public = {"number": product.code, "act": kind.value}
        record = enter_record(KIND, f"dataproducts.act:{identity}:made", parties, said, public=public)
        return Act.objects.create_for(
            holder,
            id=identity,
            product=product,
            number=number,
            kind=kind.value,
            holder=holder.name,
            registry=registry,
            why=moved.record.why if kind in (RegistryAct.CANCELLATION,) else "",
            entry=entry,
            line=line,
            record=record,
            until=product.until,
            at=moved.record.at,
        )


def _next_code(product: Product, at: dt.datetime) -> str:
    """Give the next number of the register: division, year, and how many there are of both."""
    begin = f"DP{product.case.division or '000000'}-{timezone.localtime(at):%Y}-"
    return f"{begin}{Product.unscoped.filter(code__startswith=begin).count() + 1:05d}"


def _registry(product: Product, line: RecordLine, moved: Moved) -> Organisation | None:
    """Give the office that has decided, or where the clock did the one that keeps the case."""
    if moved.record.actor.isdigit():
        found = Organisation.objects.filter(pk=int(moved.record.actor)).exclude(pk=product.organisation.pk).first()
        if found is not None:
            return found
    return participants(line.case, "office").first()


def _locked(case: Case) -> Product:
    return (
        Product.unscoped.select_for_update(of=("self",)).select_related("organisation", "case", "entry").get(case=case)
    )


def _product_of(case: Case) -> Product:
    """Give the product of a change or a transfer, held against others, as its case stands now."""
    number = uuid.UUID(str(standing_of(case).facts["product"]))
    # The case first, as its own moves do.
    Case.unscoped.select_for_update(of=("self",)).get(product=number)
    rows = Product.unscoped.select_for_update(of=("self",)).select_related("organisation", "case", "entry__quality")
    product = rows.get(pk=number)
    if str(product.organisation.pk) != str(standing_of(case).facts["holder"]):
        raise Refused(Refusal("other_holder", "产品已由他人持有", "the product is held by somebody else by now"))
    return product


def _pass_on(product: Product, move: str, given: dict[str, str]) -> None:
    """Move the product's own case along, or undo everything."""
    done = move_by_program(product.case, move, role="office", given=dict(given))
    if isinstance(done, Refusal):
        raise Refused(done)


def _until(case: Case) -> dt.datetime:
    until = standing_of(case).facts["valid_until"]
    assert isinstance(until, dt.datetime)
    return until
