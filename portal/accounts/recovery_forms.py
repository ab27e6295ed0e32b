"""Forms about the recovery of an account: what the person says, and what an operator writes down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts import messages


class AskForm(forms.Form):
    """Whose account it is."""

    email = forms.EmailField(
        label=_("E-mail address of your account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ProofForm(forms.Form):
    """What is lost, and how two operators can make sure who asks."""

    lost = forms.ChoiceField(
        label=_("What have you lost?"), choices=lambda: list(messages.LOST.items()), widget=forms.RadioSelect
    )
    contact = forms.CharField(
        label=_("How can the operators reach you?"),
        help_text=_(
            "For example the number of your organisation's switchboard and your department, and who there knows you. "
            "They do not rely on this alone."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GroundsForm(forms.Form):
    """How the first operator made sure."""

    grounds = forms.CharField(
        label=_("How did you make sure who asks?"),
        help_text=_(
            "Read by the second operator, for example: called back on the published number of the organisation, "
            "spoke to the person and to a superior."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
