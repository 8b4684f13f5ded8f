"""The forms of themes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gaoyuan.errors import GaoyuanError
from gaoyuan.portal.desk.telling import told
from gaoyuan.portal.themes.models import Share, Theme
from gaoyuan.registry.expressions import compiled


class ExpressionForm(forms.Form):
    """Words, separated by bars."""

    expression = forms.CharField(
        label=_("Words in the name or business scope"),
        max_length=300,
        help_text=_("Separate words by |, such as 毛巾|纺织. Regular expressions work too."),
        widget=forms.TextInput(attrs={"placeholder": "毛巾|纺织", "autocomplete": "off"}),
    )

    def clean_expression(self) -> str:
        """Refuse what is no expression, in the library's words."""
        expression = self.cleaned_data["expression"].strip()
        try:
            compiled(expression)
        except GaoyuanError as fault:
            raise forms.ValidationError(told(fault)) from None
        except (RecursionError, OverflowError):
            raise forms.ValidationError(_("The expression is too complicated.")) from None
        return expression


class SavingForm(forms.ModelForm):
    """A name for a theme, and who may see it."""

    class Meta:
        model = Theme
        fields = ("name", "share")
        widgets = {"share": forms.RadioSelect}

    def __init__(self, *args: object, may_be_public: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # pyright: ignore[reportArgumentType]
        self.fields["name"].required = True
        offered = [one for one in Share.choices if one[0] != Share.PUBLIC or may_be_public]
        self.fields["share"].choices = offered  # pyright: ignore[reportAttributeAccessIssue]
