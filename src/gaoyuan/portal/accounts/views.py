"""Pages of accounts that the library has not: the first account, invitations, acting for another organisation."""

from __future__ import annotations

import logging

from allauth.account.utils import perform_login
from allauth.socialaccount.providers.openid_connect.views import login as openid_connect_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import UserCreationForm
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as _set_language
from requests import RequestException

from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.accounts.gate import viewer_of
from gaoyuan.portal.accounts.models import Membership, Organisation, SetupLink, User
from gaoyuan.portal.accounts.roles import OFFICES, Role
from gaoyuan.portal.accounts.viewer import SESSION_KEY, Viewer
from gaoyuan.portal.snapshots.models import Firm, Part, Snapshot
from gaoyuan.portal.workbench.exports import table_response

set_language = require_POST(_set_language)
_PEOPLE_HEADINGS = (_("Person"), _("Organisation"), _("Kind"), _("Since"))
_log = logging.getLogger(__name__)


class AccountForm(UserCreationForm):
    """A user name, an address and a password for a new account."""

    class Meta:
        model = User
        fields = ("username", "email")

    def clean_email(self) -> str:
        """Refuse an address by which somebody else is known: it opens his account."""
        email = self.cleaned_data["email"]
        if email and User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody has an account with this address."))
        return email


@sensitive_post_parameters()
def setup(request: HttpRequest, secret: str) -> HttpResponse:
    """Make an account by a one-time link. A used, old or invented link is answered like a page that does not exist."""
    link = SetupLink.valid(secret).select_related("organisation").first()
    if link is None:
        raise Http404
    form = AccountForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/setup.html", {"form": form, "organisation": link.organisation})
    try:
        user = _make_account(form, secret, link.organisation)
    except IntegrityError:
        form.add_error("username", _("Somebody has just taken this name."))
        return render(request, "accounts/setup.html", {"form": form, "organisation": link.organisation})
    return perform_login(request, user)


@transaction.atomic
def _make_account(form: AccountForm, secret: str, organisation: Organisation) -> User:
    """Use the link up and make its account, both or neither. Of two requests at once the database lets one use it."""
    if not update_logged(SetupLink.valid(secret), used=timezone.now()):
        raise Http404
    user = form.save(commit=False)
    if organisation.kind == Role.ADMINISTRATOR:
        user.is_staff = user.is_superuser = True
    user.save()
    Membership.objects.create(user=user, organisation=organisation)
    return user


def openid_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send somebody to his provider to sign in; one that is away, or whose address is wrong, is said on the
    page on which the library says what else fails between the two.
    """
    try:
        return openid_connect_login(request, provider_id=provider_id)
    except (RequestException, ValueError, KeyError) as fault:
        _log.error("the OpenID provider %s does not answer as it should: %s", provider_id, fault)
        return render(request, "socialaccount/authentication_error.html", status=401)


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show what somebody can do about his own account, also where he acts for no organisation."""
    providers = bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])
    return render(request, "accounts/account.html", {"providers": providers})


@require_POST
def choose_organisation(request: HttpRequest) -> HttpResponse:
    """Act for another organisation of one's own."""
    viewer = viewer_of(request)
    assert viewer.user is not None, "the gate lets signed-in people pass only"
    chosen = request.POST.get("organisation", "")
    # Read like a form's field, which refuses what is no number or too large a one.
    own = forms.ModelChoiceField(Organisation.objects.filter(memberships__user=viewer.user))
    try:
        organisation = own.clean(chosen)
    except forms.ValidationError as none:
        raise Http404 from none
    request.session[SESSION_KEY] = organisation.pk
    return redirect("home")


class InvitationForm(forms.Form):
    """An organisation, there already or new, for which somebody is invited."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("a new one")
    )
    name = forms.CharField(label=_("Name of the new organisation"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    division = forms.RegexField(r"^\d{6}$", label=_("Division code"), required=False)
    subject = forms.CharField(label=_("Cluster or enterprise id"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None, viewer: Viewer, below: QuerySet[Organisation]) -> None:
        super().__init__(data)
        self.viewer = viewer
        self.fields["organisation"].queryset = below  # pyright: ignore[reportAttributeAccessIssue]
        kinds = [one for one in Role if one not in {Role.PUBLIC, Role.ADMINISTRATOR}]
        if viewer.role in kinds and viewer.is_office:
            kinds = kinds[kinds.index(viewer.role) + 1 :]
        self.fields["kind"].choices = [(one.value, one.label) for one in kinds]  # pyright: ignore[reportAttributeAccessIssue]

    def clean(self) -> dict[str, object]:
        """Ask for an organisation; a new office is for a division inside that of the one who invites."""
        given = super().clean() or {}
        if given.get("organisation"):
            return given
        if not given.get("name"):
            self.add_error("name", _("Choose an organisation, or name a new one."))
        if given.get("kind") in OFFICES:
            division = given.get("division") or ""
            if not division or not division.startswith(self.viewer.division):
                self.add_error("division", _("An office needs the code of a division inside your own."))
        if given.get("subject") and not _is_known(self.viewer, str(given.get("kind")), str(given["subject"])):
            self.add_error("subject", _("No published cluster or enterprise has this id. Copy it from its page."))
        return given


def _is_known(viewer: Viewer, kind: str, subject: str) -> bool:
    """Whether published results that a viewer sees have the cluster, or the enterprise, that an organisation is."""
    shown = Snapshot.objects.for_viewer(viewer)
    if kind == Role.CLUSTER:
        return Part.objects.filter(snapshot__in=shown, kind="cluster", key=subject).exists()
    return Firm.objects.filter(snapshot__in=shown, enterprise_id=subject, county__startswith=viewer.division).exists()


def _below(viewer: Viewer) -> QuerySet[Organisation]:
    """Give the organisations whose people a viewer sees: his own and, for an office, those below it."""
    own = viewer.organisation
    if own is None:
        return Organisation.objects.none()
    below = Organisation.objects.filter(path__startswith=own.path)
    return below if viewer.is_office else below.filter(pk=own.pk)


def people(request: HttpRequest) -> HttpResponse:
    """Show the people of one's organisation and of those below it; offices invite more of them."""
    viewer = viewer_of(request)
    below = _below(viewer)
    members = Membership.objects.filter(organisation__in=below).select_related("user", "organisation")
    listed = members.order_by("organisation__path", "user__username")
    cells = (
        (
            one.user.username,
            one.organisation.name,
            Role(one.organisation.kind).label,
            timezone.localtime(one.created).date(),
        )
        for one in listed
    )
    file = table_response(request, "people", _PEOPLE_HEADINGS, cells, None)
    if file is not None:
        return file
    form = InvitationForm(request.POST or None, viewer, below)
    link = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if not viewer.is_office and given["organisation"] is None:
            raise Http404
        with transaction.atomic():
            organisation = given["organisation"] or Organisation.objects.create(
                name=given["name"],
                kind=given["kind"],
                division=given["division"],
                subject=given["subject"],
                parent=viewer.organisation,
            )
            secret = SetupLink.make(organisation)
        link = request.build_absolute_uri(reverse("setup", args=[secret]))
        messages.success(request, _("The link works once, for a day. It is shown only now."))
    return render(request, "accounts/people.html", {"members": listed, "form": form, "link": link})


@require_POST
@transaction.atomic
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    """End that somebody acts for one's organisation or one below it. Nobody ends his own, so that nobody locks all
    out.
    """
    viewer = viewer_of(request)
    ended = get_object_or_404(Membership.objects.filter(organisation__in=_below(viewer)).select_related("user"), pk=pk)
    if ended.user == viewer.user:
        messages.error(request, _("You cannot end your own membership. Ask somebody else to do it."))
        return redirect("people")
    ended.delete()
    user = ended.user
    left = Membership.objects.filter(user=user)
    if not left.filter(organisation__kind=Role.ADMINISTRATOR).exists():
        user.is_staff = user.is_superuser = False
    user.is_active = left.exists()
    user.save()
    messages.success(request, _("Ended. The account is closed where it acts for nobody else."))
    return redirect("people")
