"""The public register: products, each with its acts; objections during a public notice; the catalogue for programs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header  # pyright: ignore[reportAttributeAccessIssue]
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gaoyuan.exchange.process import process
from gaoyuan.exchange.refusal import Refusal
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.cases.moving import move_case
from gaoyuan.portal.dataproducts.asking_forms import ObjectionForm
from gaoyuan.portal.dataproducts.describing import registered_of, rows_of, said_in
from gaoyuan.portal.dataproducts.keeping import kept
from gaoyuan.portal.dataproducts.models import Act, Product
from gaoyuan.portal.dataproducts.quality_views import show_report
from gaoyuan.portal.dataproducts.seeing import STATES, entries_seen_by, published, shown_state, transfers_noticed
from gaoyuan.portal.workbench.exports import table_response
from gaoyuan.trust.registry.dcat import MEDIA_TYPE, catalogue_of, dataset_of
from gaoyuan.trust.registry.description import KINDS, LICENCES, PRICES

_PAGE, _CATALOGUE_PAGE = 30, 100
_OBJECTING = (Role.ENTERPRISE, Role.CLUSTER)


def products(request: HttpRequest) -> HttpResponse:
    """List the register, what was entered last first; every word that is asked for must stand in a product."""
    asked = request.GET.get("q", "").strip()[:100]
    state = request.GET.get("state", "")
    rows = _found(published(), asked, state).order_by(F("registered").desc(nulls_first=True), "-noticed", "pk")
    file = table_response(
        request,
        "data-products",
        (
            pgettext("register", "Number"),
            _("Name of the product"),
            _("Kind of product"),
            pgettext("register", "Holder"),
            _("State of the registration"),
            pgettext("register", "Registered"),
            pgettext("register", "Valid until"),
            _("Licence"),
            _("Price"),
        ),
        (
            (
                one.code,
                one.title,
                said_in(KINDS, one.kind),
                one.organisation.name,
                str(_state_words(shown_state(one))),
                _local(one.registered),
                _local(one.until),
                said_in(LICENCES, one.entry.said.licence) if one.entry else "",
                said_in(PRICES, one.entry.said.price) if one.entry else "",
            )
            for one in rows
        ),
        None,
    )
    if file:
        return file
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    listed = [
        {"product": one, "state": _state_words(key), "key": key, "kind": said_in(KINDS, one.kind)}
        for one in page
        if (key := shown_state(one))
    ]
    states = [(key, _state_words(key)) for key in STATES]
    context = {"page": page, "listed": listed, "asked": asked, "state": state, "states": states}
    return render(request, "dataproducts/products.html", context)


def product(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a product: what it is, whether it stands, all acts, and during a notice how to object."""
    return _page(request, get_object_or_404(published(), pk=pk), None, None)


@require_POST
def objection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Object to a registration, or to a transfer, that is in its public notice."""
    viewer = viewer_of(request)
    held = get_object_or_404(published(), pk=pk)
    case = _noticed(held).get(request.POST.get("case", ""))
    if case is None or not _may_object(viewer, case):
        raise Http404
    asked = process(case.process)
    form = ObjectionForm(asked, asked.moves["object"], request.POST)
    if not form.is_valid():
        return _page(request, held, form, None)
    done = move_case(viewer, case, "object", role="objector", why=form.why())
    if isinstance(done, Refusal):
        return _page(request, held, form, done)
    messages.success(request, _("Your objection is on record; the registry decides on it and you are told."))
    return redirect("data_product", held.pk)


def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a sample, as a download and never as a page."""
    held = get_object_or_404(entries_seen_by(viewer_of(request)).exclude(sample_sha256=""), pk=pk)
    answer = HttpResponse(bytes(held.content), content_type=held.sample_media)
    answer["Content-Disposition"] = content_disposition_header(True, held.sample_name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def entry_quality(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the quality report that belongs to a description that the viewer may see."""
    held = get_object_or_404(entries_seen_by(viewer_of(request)).exclude(quality=None).select_related("quality"), pk=pk)
    assert held.quality is not None, "others were left out"
    return show_report(request, held.quality)


def dcat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a registered product as DCAT 3 (JSON-LD)."""
    held = get_object_or_404(published().exclude(registered=None), pk=pk)
    return _linked(dataset_of(registered_of(request, held, _acts([held])[held.pk])))


def catalogue(request: HttpRequest) -> HttpResponse:
    """Send a page of the catalogue of all standing registrations as DCAT 3 (JSON-LD), `?page=` from 1 on."""
    rows = published().filter(case__state__in=STATES["registered"]).order_by("registered", "pk")
    pages = Paginator(rows, _CATALOGUE_PAGE)
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    if not 1 <= number <= pages.num_pages:
        raise Http404
    held = list(pages.page(number))
    acts = _acts(held)
    newest = Act.unscoped.order_by("-at").first()
    document = catalogue_of(
        [registered_of(request, one, acts[one.pk]) for one in held],
        address=request.build_absolute_uri(reverse("data_catalogue")),
        title=("数据产品登记目录", "Register of data products"),
        publisher=request.get_host(),
        modified=timezone.localtime(newest.at if newest else None).date(),
        page=number,
        pages=pages.num_pages,
        total=pages.count,
    )
    return _linked(document)


def _page(request: HttpRequest, held: Product, tried: ObjectionForm | None, fault: Refusal | None) -> HttpResponse:
    viewer = viewer_of(request)
    acts = list(Act.unscoped.filter(product=held).select_related("record", "registry", "entry").order_by("number"))
    key = shown_state(held)
    notices = []
    for number, case in _noticed(held).items():
        asked = process(case.process)
        may = _may_object(viewer, case)
        mine = tried if tried is not None and request.POST.get("case") == number else None
        form = (mine or ObjectionForm(asked, asked.moves["object"], None)) if may else None
        own = viewer.organisation
        objected = own is not None and case.lines.filter(plain__move="object", plain__actor=str(own.pk)).exists()  # pyright: ignore[reportAttributeAccessIssue]
        notices.append({"case": case, "form": form, "transfer": held.case != case, "objected": objected})
    assert held.entry is not None, "a published product is described"
    context = {
        "product": held,
        "entry": held.entry,
        "state": _state_words(key),
        "key": key,
        "rows": rows_of(held.entry.said),
        "acts": acts,
        "notices": notices,
        "kept": kept(held),
        "asks": viewer.organisation == held.organisation and key == "registered",
        "knows": viewer.organisation is not None
        and (viewer.is_office or viewer.organisation in (held.organisation, held.case.organisation)),
        "signed_in": viewer.user is not None,
        "fault": fault and (fault.en if get_language() == "en" else fault.zh),
    }
    return render(request, "dataproducts/product.html", context)


def _noticed(held: Product) -> dict[str, Case]:
    """Give the cases of a product that are in their public notice now, by their numbers."""
    now = timezone.now()
    own = [held.case] if held.case.state == "noticed" else []
    cases = [*own, *transfers_noticed(held).select_related("organisation")]
    return {str(one.pk): one for one in cases if one.deadline is not None and one.deadline > now}


def _may_object(viewer: Viewer, case: Case) -> bool:
    own = viewer.organisation
    if own is None or viewer.role not in _OBJECTING:
        return False
    return str(own.pk) not in (str(case.facts.get("holder")), str(case.facts.get("receiver")))


def _acts(held: Iterable[Product]) -> dict[uuid.UUID, list[Act]]:
    found: dict[uuid.UUID, list[Act]] = defaultdict(list)
    rows = Act.unscoped.filter(product__in=[one.pk for one in held]).select_related("registry").order_by("number")
    for one in rows:
        found[one.product_id].append(one)  # pyright: ignore[reportAttributeAccessIssue]
    return found


def _found(rows: QuerySet[Product], asked: str, state: str) -> QuerySet[Product]:
    if state in STATES:
        rows = rows.filter(case__state__in=STATES[state])
    for word in asked.split():
        rows = rows.filter(Q(words__icontains=word) | Q(code__iexact=word))
    return rows


def _state_words(key: str) -> str:
    return {
        "noticed": pgettext("register", "public notice"),
        "registered": pgettext("register", "registered"),
        "expired": pgettext("register", "expired"),
        "cancelled": pgettext("register", "cancelled"),
    }.get(key, "")


def _local(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localtime(moment).date() if moment else None


def _linked(document: object) -> HttpResponse:
    answer = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Type"] = MEDIA_TYPE
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
