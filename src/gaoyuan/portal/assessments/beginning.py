"""Beginning an assessment: of which cluster, by which edition, as of which day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gaoyuan.assess.rules.model import Edition
from gaoyuan.assess.rules.rulebook import edition
from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.accounts.roles import Role
from gaoyuan.portal.assessments.judging import cluster_editions
from gaoyuan.portal.assessments.knowing import read_known
from gaoyuan.portal.assessments.page import chinese
from gaoyuan.portal.assessments.saving import begin
from gaoyuan.portal.jobs.running import workspace_of
from gaoyuan.portal.workbench.reading import Look, Row, look_of

_DEFAULT = "cn-sme-cluster"
_MOST_SHOWN = 20
_EARLIEST, _YEARS_AHEAD = dt.date(2000, 1, 1), 5


@dataclass
class Found:
    """What a text names among the clusters of a snapshot: the one, or those that it may be."""

    one: Row | None
    several: list[Row]


def new(request: HttpRequest) -> HttpResponse:
    """Begin an assessment, with what is known filled in."""
    look = look_of(request)
    if look is None:
        return render(request, "assessments/nothing.html")
    folder = workspace_of(look.snapshot.organisation)
    known = cluster_editions(folder)
    form = NewForm(request.POST or None, look, known, request.GET.get("cluster", ""), request.GET.get("edition", ""))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        cluster, rule = given["cluster"], next(one for one in known if one.key == given["edition"])
        facts = read_known(folder, cluster, rule, given["as_of"], names_firms=look.viewer.is_office)
        made = begin(
            look.viewer,
            look.snapshot.organisation,
            facts,
            {
                "subject": cluster["cluster_id"],
                "name": str(cluster["name"] or cluster["cluster_id"])[:300],
                "edition": rule.key,
                "title_zh": rule.title_zh[:300],
                "title_en": rule.title_en[:300],
                "application": given["application"],
                "as_of": given["as_of"],
            },
        )
        return redirect("assessment", made.pk)
    shown = {"form": form, "several": form.several[:_MOST_SHOWN], "more": len(form.several) > _MOST_SHOWN}
    return render(request, "assessments/new.html", {**shown, "snapshot": look.snapshot, "own": own_cluster(look)})


def own_cluster(look: Look) -> str | None:
    """Give the one cluster that a cluster organisation may assess; None for an office, which assesses all."""
    if look.viewer.role != Role.CLUSTER or look.viewer.organisation is None:
        return None
    return look.viewer.organisation.subject


def find_cluster(look: Look, text: str) -> Found:
    """Find a cluster by its id or a part of its name, among those that the viewer may assess."""
    own = own_cluster(look)
    among = [row for row in look.clusters if own is None or row["cluster_id"] == own]
    exact = next((row for row in among if row["cluster_id"] == text), None)
    if exact is not None or not text:
        return Found(exact, [])
    wanted = text.casefold()
    several = [row for row in among if wanted in f"{row['name']} {row['county_name']}".casefold()]
    return Found(several[0], []) if len(several) == 1 else Found(None, several)


class NewForm(forms.Form):
    """A cluster, an edition, a day."""

    cluster = forms.CharField(
        label=_("Cluster"), max_length=200, help_text=_("Its id, or a part of its name or its county's.")
    )
    edition = forms.ChoiceField(label=_("Rule"))
    application = forms.ChoiceField(
        label=_("Application"), choices=[("new", _("first recognition")), ("renewal", _("review of a recognised one"))]
    )
    as_of = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Years are taken up to the last full one before this day."),
    )

    def __init__(self, data: Any, look: Look, known: list[Edition], cluster: str, rule: str) -> None:  # noqa: ANN401
        today = timezone.localdate()
        keys = {one.key for one in known}
        first = {
            "cluster": own_cluster(look) or cluster,
            "edition": rule if rule in keys else _in_force(today),
            "as_of": today,
        }
        super().__init__(data, initial=first)
        self.look, self.known, self.several = look, known, list[Row]()
        choices = [(one.key, _title(one)) for one in sorted(known, key=lambda one: (one.region != "CN", one.key))]
        self.fields["edition"].choices = choices  # pyright: ignore[reportAttributeAccessIssue]
        if data is None and cluster:
            self.several = find_cluster(look, cluster).several

    def clean_cluster(self) -> Row:
        """Give the cluster; one that the viewer may not assess is answered like one that there is not."""
        found = find_cluster(self.look, self.cleaned_data["cluster"].strip())
        self.several = found.several
        if found.one is None:
            raise forms.ValidationError(
                _("Several clusters have this name: choose one below.")
                if found.several
                else _("There is no such cluster.")
            )
        return found.one

    def clean_as_of(self) -> dt.date:
        """Refuse a day that no rule and no facts reach."""
        day = self.cleaned_data["as_of"]
        if day < _EARLIEST or day.year > timezone.localdate().year + _YEARS_AHEAD:
            raise forms.ValidationError(_("Give a day from 2000 on, at most five years ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse an application for which the edition says nothing."""
        given = super().clean() or {}
        rule = next((one for one in self.known if one.key == given.get("edition")), None)
        if rule is not None and given.get("application") and given["application"] not in rule.effective:
            self.add_error("application", _("This edition is not for such applications."))
        return given


def _in_force(day: dt.date) -> str:
    try:
        return edition(_DEFAULT, day).key
    except GaoyuanError:
        return _DEFAULT


def _title(one: Edition) -> str:
    title = one.title_zh if chinese() else one.title_en
    return f"{title} · {one.key}" + (f" · {one.document_number}" if one.document_number else "")
