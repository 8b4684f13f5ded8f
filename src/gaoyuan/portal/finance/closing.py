"""What a bank was sent as a file goes when the consent to it ends; what it noted and decided stays."""

from __future__ import annotations

from django.utils import timezone

from gaoyuan.portal.accounts.audit import update_logged
from gaoyuan.portal.finance.dossiers import ended
from gaoyuan.portal.finance.models import Dossier

__all__ = ["close_ended"]


def close_ended() -> int:
    """Close the dossiers whose consent has ended, and give how many."""
    held = (
        Dossier.unscoped.filter(closed=None).select_related("release__withdrawn").defer("release__content", "content")
    )
    over = [one.pk for one in held if ended(one) is not None]
    return update_logged(Dossier.unscoped.filter(pk__in=over, closed=None), closed=timezone.now(), content=b"")
