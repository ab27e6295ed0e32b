"""Forms about oneself."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DescriptionForm(forms.Form):
    """How a person is called here, and which language they read."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Members of your organisation and reviewers see it."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_(
            "Mails come in this language, and pages show it wherever you log in. Until you choose, mails come in both."
        ),
        choices=[("ja", "日本語"), ("en", "English")],
        widget=forms.RadioSelect,
    )
