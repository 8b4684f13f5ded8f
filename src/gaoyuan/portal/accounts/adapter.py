"""Accounts come from invitations, never from a form that is open to all."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ByInvitation(DefaultAccountAdapter):
    """Closes the open registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by himself."""
        return False
