"""How an entry of a ledger is refused."""

from __future__ import annotations

from gaoyuan.errors import InputError

__all__ = ["CreditRefused", "refused"]


class CreditRefused(InputError):
    """An entry that the rules of a fund, or what its records add up to, do not allow; nothing was entered."""


def refused(zh: str, en: str) -> CreditRefused:
    """Give the refusal of an entry in both languages."""
    return CreditRefused(en, zh=zh)
