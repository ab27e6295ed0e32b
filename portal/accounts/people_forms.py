"""What an operator writes down when closing an account or opening it again."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why; kept with the account for the other operators, never in the audit trail."""

    reason = forms.CharField(
        label=_("Grounds"),
        help_text=_("Read by operators only."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
