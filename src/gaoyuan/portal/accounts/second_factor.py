"""Second factors: for whom they are compulsory, and how their secrets are kept. Those are encrypted in the database: a
copy of the database alone opens no account.
"""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from gaoyuan.portal.accounts.roles import SIGNED_IN
from gaoyuan.portal.accounts.viewer import Viewer
from gaoyuan.portal.encryption import cipher

_ON_THE_WAY = ("account_", "mfa_", "openid_connect_", "socialaccount_login_")
_ALSO = {"set_language", "choose_organisation"}


def is_missing(viewer: Viewer) -> bool:
    """Whether somebody must have a second factor for what he acts as, and has none."""
    if viewer.user is None or viewer.role not in settings.SECOND_FACTOR_ROLES:
        return False
    return not Authenticator.objects.filter(user=viewer.user, type=Authenticator.Type.TOTP).exists()


def is_on_the_way(route: str) -> bool:
    """Whether a route is needed to sign in, to get a second factor, or to act for another organisation."""
    return route.startswith(_ON_THE_WAY) or route in _ALSO


def check_roles() -> None:
    """Raise ImproperlyConfigured where the settings ask a second factor of roles that do not exist."""
    unknown = settings.SECOND_FACTOR_ROLES - {role.value for role in SIGNED_IN}
    if unknown:
        raise ImproperlyConfigured(f"GAOYUAN_SECOND_FACTOR names no kind of organisation: {', '.join(sorted(unknown))}")


class Encrypted(DefaultMFAAdapter):
    """Encrypts with a key that is made of the portal's secret (AES-128-CBC with HMAC-SHA256, Fernet)."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return cipher("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Give back what was encrypted. Raises InvalidToken where the portal's secret has been replaced."""
        return cipher("second factor").decrypt(encrypted_text.encode()).decode()
