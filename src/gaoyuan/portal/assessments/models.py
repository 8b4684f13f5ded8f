"""An assessment: a cluster, a rule, facts with their evidence, the verdict that they give, and who signed it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned


class State(models.TextChoices):
    """Where an assessment stands."""

    DRAFT = "draft", _("draft")
    SIGNED = "signed", _("signed")


class Assessment(Owned):
    """Facts of a cluster, to be judged by an edition of a rule as of a day.

    `facts` are the rows of the form as they were typed (`facts_form.Row`), `chosen` the settings of the rule, `known`
    what the workspace knew when it was begun (`knowing.Known`). `revision` counts what was saved, so that nobody writes
    over what another has saved since. `source` is the organisation whose snapshot has the cluster. Once signed nothing
    changes any more; `facts_sha256` is the SHA-256 of what was signed, and a new version is a copy.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    edition = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    application = models.CharField(max_length=10, default="new")
    as_of = models.DateField()
    chosen = models.JSONField(default=dict)
    facts = models.JSONField(default=list)
    known = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT, db_index=True)
    revision = models.PositiveIntegerField(default=0)
    copy_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    made = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    signed = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    signed_name = models.CharField(max_length=300, blank=True)
    facts_sha256 = models.CharField(max_length=64, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made",)
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        indexes = [models.Index(fields=["subject", "state"])]

    def __str__(self) -> str:
        return f"{self.name} {self.edition} {self.as_of}"

    @property
    def is_draft(self) -> bool:
        """Whether it can be changed."""
        return self.state == State.DRAFT


class Judgement(Owned):
    """What judging an assessment's saved facts gave: `data` holds the verdict and the plan, `changed` what is different
    from what was saved before. It follows from the facts, so that the audit log leaves the data out.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="judgement")
    verdict = models.CharField(max_length=20)
    counts = models.JSONField(default=dict)
    changed = models.JSONField(default=list)
    data = models.JSONField(default=dict)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.verdict}"  # pyright: ignore[reportAttributeAccessIssue]


class Evidence(Owned):
    """A file that shows where a fact is from. It lies under a random name; `sha256` is that of its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence")
    fact = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=5)
    stored = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    made = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("fact", "made")
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.name
