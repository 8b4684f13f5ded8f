"""What a challenge holds beyond its case: the need, its public part, answers with marks, the contract, the support.

Who may see which of these rows is decided in `challenges.seeing`.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.cases.models import Case, RecordLine
from gaoyuan.portal.challenges.sealing import unseal


class NeedForm(Owned):
    """The need form of a firm: `data` holds its fields, encrypted; `public` names those that the firm allows to be
    public, `weights` how much each criterion counts when answers are compared.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="need")
    data = models.TextField()
    public = models.JSONField(default=list)
    weights = models.JSONField(default=dict)
    changed = models.DateTimeField(auto_now=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("need form")
        verbose_name_plural = _("need forms")

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def given(self) -> dict[str, str]:
        """The fields of the form."""
        return unseal(self.data)


class Check(Owned):
    """What an office has found when it checked a need form."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="checks")
    line = models.OneToOneField(RecordLine, models.PROTECT, related_name="+")
    complete = models.BooleanField()
    genuine = models.BooleanField()
    lawful = models.BooleanField()
    opinion = models.TextField(blank=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("check of a need form")
        verbose_name_plural = _("checks of need forms")

    def __str__(self) -> str:
        return f"{self.pk}"


class PublicChallenge(Owned):
    """The part of a need that everybody may read. Its number is not that of the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(Case, models.CASCADE, related_name="published")
    title = models.CharField(max_length=300)
    shown = models.JSONField(default=dict)
    weights = models.JSONField(default=dict)
    closes_at = models.DateTimeField(db_index=True)
    published = models.DateTimeField(auto_now_add=True)
    withdrawn = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-closes_at", "pk")
        verbose_name = _("published challenge")
        verbose_name_plural = _("published challenges")

    def __str__(self) -> str:
        return self.title


class Answer(Owned):
    """An answer to a challenge; its organisation gives it. `data` is encrypted, and nobody but the organisation sees
    that there is one before `opened`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    line = models.ForeignKey(RecordLine, models.PROTECT, related_name="+")
    data = models.TextField()
    digest = models.CharField(max_length=64)
    size_class = models.CharField(max_length=10)
    size_source = models.CharField(max_length=10)
    made = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    opened = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("made", "pk")
        verbose_name = _("answer to a challenge")
        verbose_name_plural = _("answers to challenges")
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "organisation"], name="one_answer_a_party")]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def given(self) -> dict[str, str]:
        """The fields of the answer."""
        return unseal(self.data)


class Marks(Owned):
    """How the challenging firm marks an answer, 0 to 10 by criterion; None where it has not yet."""

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="marks")
    team = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    ability = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    plan = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    fit = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("marks of an answer")
        verbose_name_plural = _("marks of answers")

    def __str__(self) -> str:
        return f"{self.pk}"


class Contract(Owned):
    """What firm and solver agree on; `signed` by the solver."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="contract")
    solver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    yuan = models.DecimalField(max_digits=15, decimal_places=2)
    terms = models.TextField(blank=True)
    made = models.DateTimeField(auto_now_add=True)
    signed = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")

    def __str__(self) -> str:
        return f"{self.pk}"


class Milestone(Owned):
    """A part of the work: what, until when, for how much; the solver reports it, the firm accepts or returns it."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due = models.DateField()
    yuan = models.DecimalField(max_digits=15, decimal_places=2)
    report = models.TextField(blank=True)
    reported = models.DateTimeField(null=True)
    returned = models.TextField(blank=True)
    met = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("number",)
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints: ClassVar = [models.UniqueConstraint(fields=["contract", "number"], name="one_milestone_a_number")]

    def __str__(self) -> str:
        return self.title


class Support(Owned):
    """Support money of an office for a challenge: a grant, a payment, or money taken back; never changed."""

    class Kind(models.TextChoices):
        """What happened to the money."""

        GRANT = "grant", pgettext_lazy("support", "granted")
        PAYMENT = "payment", pgettext_lazy("support", "paid")
        RETURN = "return", pgettext_lazy("support", "taken back")

    case = models.ForeignKey(Case, models.PROTECT, related_name="support")
    line = models.OneToOneField(RecordLine, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    yuan = models.DecimalField(max_digits=15, decimal_places=2)
    basis = models.CharField(max_length=300)
    on = models.DateField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("on", "pk")
        verbose_name = _("support money")
        verbose_name_plural = _("support money")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(yuan__gt=0), name="support_above_zero")]

    def __str__(self) -> str:
        return f"{self.kind} {self.yuan}"
