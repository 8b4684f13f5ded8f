"""What banks hold of enterprises that show them evidence: dossiers, and what a bank did with each.

The packs themselves belong to the enterprises (`evidence.models`); a bank keeps only what it was sent as a file, and
loses that when the consent ends.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from gaoyuan.portal.accounts.models import Organisation
from gaoyuan.portal.accounts.owned import Owned
from gaoyuan.portal.evidence.models import LogRecord, Release


class Dossier(Owned):
    """What a bank, its organisation, may see of an enterprise: a pack that was released to it here (`release`), or a
    file that it was sent (`content`). `consent` is the number of the consent, `log` the key of the log that has it:
    for that of another platform nobody here vouches. `closed` is when it was found that the consent had ended; the
    content is gone then.
    """

    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="dossiers")
    content = models.BinaryField(default=b"")
    log = models.CharField(max_length=1000)
    consent = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    first = models.CharField(max_length=7)
    last = models.CharField(max_length=7)
    expires = models.DateField()
    made = models.DateTimeField(auto_now_add=True)
    closed = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made", "-pk")
        verbose_name = pgettext_lazy("credit", "dossier of an enterprise")
        verbose_name_plural = pgettext_lazy("credit", "dossiers of enterprises")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "consent", "log"], name="one_dossier_a_consent"),
        ]

    def __str__(self) -> str:
        return self.name


class BankAct(Owned):
    """What a bank did with a dossier, as its `number`-th act; acts are only added. A note is the bank's own; of the
    others the log has a record, and the enterprise sees them. `plain` is what the bank says of it in words.
    """

    class Kind(models.TextChoices):
        """What it did."""

        NOTE = "note", pgettext_lazy("credit", "note")
        APPLIED = "applied", pgettext_lazy("credit", "application taken")
        ASKED = "asked", pgettext_lazy("credit", "asked for more")
        GRANTED = "granted", pgettext_lazy("credit", "granted")
        REFUSED = "refused", pgettext_lazy("credit", "refused")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    plain = models.TextField(blank=True)
    amount_yuan = models.DecimalField(max_digits=15, decimal_places=2, null=True)
    months = models.PositiveSmallIntegerField(null=True)
    record = models.OneToOneField(LogRecord, models.PROTECT, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("number",)
        verbose_name = pgettext_lazy("credit", "act of a bank")
        verbose_name_plural = pgettext_lazy("credit", "acts of banks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "number"], name="one_act_a_number"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(kind__in=("granted", "refused")), name="decided_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="granted") | Q(amount_yuan__gt=0, months__gt=0), name="a_loan_has_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Fund(Owned):
    """A risk-compensation fund of an office, with its rules (`trust.credit.FundRules`) as data; `partners` are the
    banks that may register loans. `open` until the office ends it: then no loan is taken on any more.
    """

    title = models.CharField(max_length=200)
    share_bp = models.PositiveIntegerField()
    per_loan_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    multiple_percent = models.PositiveIntegerField()
    in_all_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    months = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=300)
    partners = models.ManyToManyField(Organisation, related_name="+")
    open = models.BooleanField(default=True)
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-made", "-pk")
        verbose_name = pgettext_lazy("credit", "risk-compensation fund")
        verbose_name_plural = pgettext_lazy("credit", "risk-compensation funds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(share_bp__gt=0, share_bp__lte=10_000, per_loan_yuan__gt=0, in_all_yuan__gt=0),
                name="a_fund_has_rules",
            )
        ]

    def __str__(self) -> str:
        return self.title


class FundLoan(Owned):
    """A loan that a bank, its organisation, has registered with a fund; `cover_yuan` is what the fund stands for."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="loans")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+")
    borrower = models.CharField(max_length=200)
    contract = models.CharField(max_length=100)
    principal_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    cover_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    lent = models.DateField()
    due = models.DateField()
    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-pk",)
        verbose_name = pgettext_lazy("credit", "loan under a fund")
        verbose_name_plural = pgettext_lazy("credit", "loans under funds")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "contract"], name="one_loan_a_contract"),
            models.CheckConstraint(
                condition=Q(principal_yuan__gt=0, cover_yuan__gt=0, due__gt=models.F("lent")), name="a_loan_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.contract


class FundClaim(Owned):
    """The claim of a bank, its organisation, for a loan; `open` while it is decided, paid or recovered."""

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="fund_claim")
    loan = models.ForeignKey(FundLoan, models.PROTECT, related_name="claims")
    loss_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    open = models.BooleanField(default=True)

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("-pk",)
        verbose_name = pgettext_lazy("credit", "claim on a fund")
        verbose_name_plural = pgettext_lazy("credit", "claims on funds")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan"], condition=Q(open=True), name="one_open_claim_a_loan")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class FundLine(Owned):
    """A line of the account of a fund, whose organisation is the fund's office; lines are only added. `number` is its
    turn, `capital_yuan`, `covered_yuan` and `due_yuan` are what the account adds up to with it.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    amount_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    loan = models.ForeignKey(FundLoan, models.PROTECT, null=True, related_name="lines")
    reference = models.CharField(max_length=300, blank=True)
    capital_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    covered_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    due_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    record = models.OneToOneField(LogRecord, models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("number",)
        verbose_name = pgettext_lazy("credit", "line of a fund")
        verbose_name_plural = pgettext_lazy("credit", "lines of funds")
        constraints: ClassVar = [
            # Two who write at once cannot both be next, whatever the locks do.
            models.UniqueConstraint(fields=["fund", "number"], name="one_fund_line_a_number"),
            models.CheckConstraint(
                condition=Q(amount_yuan__gt=0, capital_yuan__gte=0, covered_yuan__gte=0, due_yuan__gte=0)
                & Q(due_yuan__lte=models.F("capital_yuan")),
                name="a_fund_keeps_its_promises",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_yuan}"


class MutualAccount(Owned):
    """The account of a cluster company, its organisation, whose members stand in for one another."""

    made = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = pgettext_lazy("credit", "mutual guarantee account")
        verbose_name_plural = pgettext_lazy("credit", "mutual guarantee accounts")
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation"], name="one_mutual_account")]

    def __str__(self) -> str:
        return f"{self.organisation}"


class MutualLine(Owned):
    """A line of such an account; its organisation is the company. Lines are only added; `payer` and `debtor` as in
    `trust.credit.MutualEntry`.
    """

    account = models.ForeignKey(MutualAccount, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    payer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    amount_yuan = models.DecimalField(max_digits=15, decimal_places=2)
    reference = models.CharField(max_length=200, blank=True)
    record = models.OneToOneField(LogRecord, models.PROTECT, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        abstract = False
        ordering = ("number",)
        verbose_name = pgettext_lazy("credit", "line of a mutual guarantee account")
        verbose_name_plural = pgettext_lazy("credit", "lines of mutual guarantee accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="one_mutual_line_a_number"),
            models.CheckConstraint(condition=Q(amount_yuan__gt=0), name="a_mutual_line_has_an_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_yuan}"
