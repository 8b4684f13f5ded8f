"""What templates ask of assessments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.assessments import page, shown
from gaoyuan.portal.assessments.models import Assessment
from gaoyuan.portal.snapshots.models import Snapshot

register = template.Library()

_CHOICES = {"cagr": _("compound growth rate"), "mean_of_yearly": _("mean of the yearly rates")}


@register.simple_tag
def verdicts_of(viewer: Viewer, snapshot: Snapshot, cluster_id: str) -> QuerySet[Assessment]:
    """Give the signed assessments of a cluster that the viewer may see."""
    return shown.verdicts_of(viewer, snapshot, cluster_id)


@register.simple_tag
def may_assess(viewer: Viewer, cluster_id: str) -> bool:
    """Say whether the viewer may begin an assessment of a cluster."""
    own = viewer.organisation
    return viewer.is_office or (viewer.role == "cluster" and own is not None and own.subject == cluster_id)


@register.filter
def words(one: Mapping[str, Any], name: str = "") -> str:
    """Give a text of plain data in the language of the page."""
    return page.said(one, name)


@register.filter
def state_words(state: str) -> str:
    """Give a state of a verdict in words."""
    return str(page.STATES.get(state, state))


@register.filter
def told(one: Mapping[str, Any]) -> str:
    """Give the value of a piece of evidence of a verdict in words."""
    return page.told(str(one["metric"]), one["value"])


@register.filter
def choice_words(choice: object) -> str:
    """Give a choice of what a rule leaves open in words; a number as it is."""
    return str(_CHOICES.get(str(choice), choice))


@register.filter
def source_words(name: str) -> str:
    """Give a source's name in the language of the page."""
    return page.source(name)
