from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.environments import services
from portal.environments.models import Environment
from portal.providers.models import ServiceProvider

KIND_WORDS: Final[dict[str, Promise]] = {
    Environment.Kind.SANDBOX: _("Test environment"),
    Environment.Kind.PRODUCTION: _("Production"),
}


class ClientForm(forms.Form):
    """A new API key: where it works, and what its people call it."""

    environment = forms.ChoiceField(label=_("Environment"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the key"),
        help_text=_("For your own records, for example the system that uses it."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, provider: ServiceProvider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._environments = {row.public_id: row for row in services.open_to(provider)}
        field = self.fields["environment"]
        field.choices = [(key, KIND_WORDS[row.kind]) for key, row in self._environments.items()]  # type: ignore[attr-defined]
        field.initial = next(iter(self._environments), None)

    @property
    def chosen(self) -> Environment:
        """The environment of a valid form."""
        return self._environments[self.cleaned_data["environment"]]
