"""The secrets of second factors are encrypted in the database: a copy of the database alone opens no account."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


class Encrypted(DefaultMFAAdapter):
    """Encrypts with a key that is made of the portal's secret (AES-128-CBC with HMAC-SHA256, Fernet)."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Give back what was encrypted. Raises InvalidToken where the portal's secret has been replaced."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"gaoyuan second factor\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
