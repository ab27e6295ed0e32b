from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # allauth imports this module while its own models are still loading
    from portal.accounts.models import User


class SignupForm(forms.Form):
    """The one question sign-up asks beside e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: "User") -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
