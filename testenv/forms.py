from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from testenv import messages
from testenv.models import Device, Persona
from testenv.services import current_certificates, current_device
from verifier.pki.profiles import Purpose


class PhoneOrderForm(forms.Form):
    """What the holder applies for, and on which phone."""

    device = forms.ChoiceField(label=_("Phone"), widget=forms.RadioSelect)
    purposes = forms.MultipleChoiceField(
        label=_("Certificates"), choices=list(messages.CERTIFICATES.items()), widget=forms.CheckboxSelectMultiple
    )
    agrees_to_replace = forms.BooleanField(
        label=_("The certificates on the other phone are revoked"),
        help_text=_("One certificate of each kind per person, both on the same phone."),
        required=False,
    )

    def __init__(self, persona: Persona, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current_device(persona)
        choices: list[tuple[str, Any]] = [("new", _("A new phone"))]
        if self.current is not None:
            name = messages.device_name(self.current.medium, self.current.os_major, self.current.os_minor)
            choices.insert(0, (self.current.public_id, f"{name} · {self.current.public_id}"))
        self.fields["device"].choices = choices  # type: ignore[attr-defined]
        self.fields["device"].initial = choices[0][0]
        self.fields["purposes"].initial = [purpose.value for purpose in Purpose]
        if self.current is None or not current_certificates(self.current):
            del self.fields["agrees_to_replace"]

    @property
    def chosen_device(self) -> Device | None:
        """The phone applied for; None is a new one."""
        return None if self.cleaned_data["device"] == "new" else self.current

    @property
    def chosen_purposes(self) -> tuple[Purpose, ...]:
        return tuple(Purpose(value) for value in self.cleaned_data["purposes"])
