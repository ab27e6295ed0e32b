"""What an operator types to enter a TSM."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConsumerForm(forms.Form):
    """The name under which everybody sees what the TSM runs."""

    name = forms.CharField(
        label=_("Name of the TSM"),
        help_text=_("Everybody sees it on the page of list transparency, for example TSM-A."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
