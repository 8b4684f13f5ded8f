"""The form of a channel."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gaoyuan.portal.delivery.addresses import AddressRefused, target_of
from gaoyuan.portal.delivery.models import ChannelKind


class ChannelForm(forms.Form):
    """Asks for the kind of a channel and its address."""

    kind = forms.ChoiceField(label=lazy("Tell us by"), choices=ChannelKind.choices)
    address = forms.CharField(label=lazy("Address of the channel"), max_length=500)

    def clean(self) -> dict[str, object]:
        """Check that the portal may send there."""
        cleaned = super().clean() or {}
        kind, address = cleaned.get("kind"), str(cleaned.get("address", "")).strip()
        if kind == ChannelKind.MAIL and address:
            try:
                validate_email(address)
            except ValidationError:
                self.add_error("address", _("This is no mail address."))
        elif kind == ChannelKind.WEBHOOK and address:
            try:
                target_of(address)
            except AddressRefused as refused:
                english = get_language() == "en"
                said = f"{refused.what}. {refused.mend}" if english else f"{refused.zh}。{refused.mend_zh}"
                self.add_error("address", said)
        return {**cleaned, "address": address}
