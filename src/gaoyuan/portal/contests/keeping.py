"""Sealed sheets are encrypted in the database: who reads a copy of it, or administers it, sees no score before the
opening.
"""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from gaoyuan.assess.contest import ActRefused
from gaoyuan.portal.encryption import cipher


def locked(text: str) -> str:
    """Encrypt a sheet for the database (AES-128-CBC with HMAC-SHA256, Fernet), with a key made of the portal's secret.

    >>> unlocked(locked("8.5"))
    '8.5'
    """
    return cipher("sealed sheet").encrypt(text.encode()).decode()


def unlocked(kept: str) -> str:
    """Give back what was encrypted. Raises ActRefused where the portal's secret has been replaced since."""
    try:
        return cipher("sealed sheet").decrypt(kept.encode()).decode()
    except InvalidToken:
        raise ActRefused(
            "密封的评分表无法解密，本站密钥已更换 a sealed sheet cannot be decrypted: the portal has another secret",
            mend="恢复原 secret.key，或请评委重新密封 restore secret.key, or have the judge seal anew",
        ) from None
