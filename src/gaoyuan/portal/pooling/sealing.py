"""Sealed limits: kept as ciphertexts, bound by a commitment in the case's record, and opened by the clearing alone."""

from __future__ import annotations

import json
import secrets
from decimal import Decimal

from gaoyuan.exchange.pools import Member, seal_of
from gaoyuan.portal.cases.models import Case
from gaoyuan.portal.encryption import cipher
from gaoyuan.portal.pooling.models import Commitment

__all__ = ["Opened", "member_of", "members_of", "new_alias", "opened", "sealed"]

_PURPOSE = "limits of pools"
Opened = tuple[Decimal, str]
"""A limit in yuan a unit, and its salt."""


def new_alias() -> str:
    """Give what stands for a member in the record of a clearing; it says nothing of it."""
    return f"M{secrets.token_hex(4)}"


def sealed(member: Member) -> tuple[str, str]:
    """Give the ciphertext of a member's limit, and the seal that binds it to quantity and tolerance."""
    salt = secrets.token_hex(16)
    told = json.dumps({"limit": str(member.limit), "salt": salt})
    # Padded, so that the length of the ciphertext does not tell the digits.
    return cipher(_PURPOSE).encrypt(told.ljust(160).encode()).decode(), seal_of(member, salt)


def opened(commitment: Commitment) -> Opened:
    """Open a limit: for the clearing, and afterwards for the member itself."""
    told = json.loads(cipher(_PURPOSE).decrypt(commitment.content.encode()))
    return Decimal(told["limit"]), told["salt"]


def member_of(commitment: Commitment) -> Member:
    """Give a commitment as the clearing takes it, its limit opened."""
    return Member(commitment.alias, commitment.quantity, opened(commitment)[0], commitment.tolerance)


def members_of(case: Case) -> list[Member]:
    """Give all commitments of a pool in their order, opened: for the clearing."""
    return [member_of(one) for one in Commitment.unscoped.filter(case=case).order_by("placed")]


def seal_record(text: str) -> str:
    """Encrypt the record of a clearing with the true limits."""
    return cipher(_PURPOSE).encrypt(text.encode()).decode()


def open_record(text: str) -> str:
    """Read it again: for settlement and for charges of those who withdraw."""
    return cipher(_PURPOSE).decrypt(text.encode()).decode()
