"""Sealed sheets are encrypted in the database: who reads a copy of it, or administers it, sees no score before the
opening.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from gaoyuan.assess.contest import ActRefused


def locked(text: str) -> str:
    """Encrypt a sheet for the database (AES-128-CBC with HMAC-SHA256, Fernet), with a key made of the portal's secret.

    >>> unlocked(locked("8.5"))
    '8.5'
    """
    return _cipher().encrypt(text.encode()).decode()


def unlocked(kept: str) -> str:
    """Give back what was encrypted. Raises ActRefused where the portal's secret has been replaced since."""
    try:
        return _cipher().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise ActRefused(
            "密封的评分表无法解密，本站密钥已更换 a sealed sheet cannot be decrypted: the portal has another secret",
            mend="恢复原 secret.key，或请评委重新密封 restore secret.key, or have the judge seal anew",
        ) from None


def _cipher() -> Fernet:
    key = hashlib.sha256(b"gaoyuan sealed sheet\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
