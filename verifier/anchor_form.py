"""What the second operator gives to confirm a CA certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _

from verifier.anchor_proposals import plain


class FingerprintForm(forms.Form):
    """All of the fingerprint, found out independently of the proposal."""

    fingerprint = forms.CharField(
        label=_("SHA-256 fingerprint from a source of your own"),
        help_text=_("All 64 hexadecimal digits; colons and spaces do not matter."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_fingerprint(self) -> str:
        given = plain(self.cleaned_data["fingerprint"])
        if len(given) != 64 or not set(given) <= set("0123456789abcdef"):
            raise forms.ValidationError(_("A SHA-256 fingerprint has 64 hexadecimal digits."))
        return given
