"""Forms about staff. Apart from `forms`, which allauth reads while its own models are still loading."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.accounts import messages
from portal.accounts.models import StaffGrant, User


def _roles() -> list[tuple[str, Any]]:
    explained = messages.ROLES_EXPLAINED
    return [
        (role.value, format_html('{}<span class="detail">{}</span>', messages.ROLES[role], explained[role]))
        for role in StaffGrant.ROLES
    ]


class ProposalForm(forms.Form):
    """For whom a role of staff is asked, and why."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=_roles, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Grounds"),
        help_text=_("Read by the operator who confirms, for example the order of appointment and its date."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RevocationForm(forms.Form):
    """Why a role is taken away."""

    reason = forms.CharField(label=_("Grounds"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class JoinForm(forms.Form):
    """What the invited person tells of themselves. The address is the invitation's."""

    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if password := given.get("password"):
            try:
                validate_password(password, User(email=self.email, name=given.get("name", "")))
            except forms.ValidationError as wrong:
                self.add_error("password", wrong)
        return given
