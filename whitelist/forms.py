"""Forms check shape; whether a URL may be entered is asked of the policy. Nothing typed is stripped or mended."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whitelist.messages import case_words
from whitelist.policy.url_rules import UNREAD_ABOVE


def _choices(words: Any) -> list[tuple[str, str | Promise]]:
    return list(words.items())


def _url_field(label: Any, help_text: Any, required: bool = True) -> forms.CharField:
    widget = forms.TextInput(
        attrs={
            "class": "mono",
            "autocomplete": "off",
            "spellcheck": "false",
            "autocapitalize": "none",
            "inputmode": "url",
        }
    )
    return forms.CharField(
        label=label, help_text=help_text, max_length=UNREAD_ABOVE, strip=False, required=required, widget=widget
    )


def _several(label: Any, words: Any, required: bool = True, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=_choices(words),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "inline"}),
        required=required,
        **more,
    )


class EntryForm(forms.Form):
    """A return URL of the test environment."""

    url = _url_field(
        _("URL of the return server"),
        _("Paste exactly what your system hands to the app. http://localhost works here."),
    )
    purposes = _several(
        _("What this URL receives"),
        case_words.PURPOSES,
        initial=list(case_words.PURPOSES),
        help_text=_("The app refuses what is not ticked here."),
    )
    ways_in = _several(_("Ways in"), case_words.WAYS_IN, initial=list(case_words.WAYS_IN))


class DomainForm(forms.Form):
    """A domain to be proven."""

    domain = forms.CharField(
        label=_("Domain"),
        help_text=_("The name after https:// of your return server, or the domain above it. Example: bank.example.jp"),
        max_length=253,
        widget=forms.TextInput(
            attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class ApplicationForm(forms.Form):
    """A draft. What is marked as required is needed for sending, not for saving: the summary names what is missing."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    url = _url_field(
        _("URL of the return server"),
        _("Your server's URL that receives signatures and certificates. Paste exactly what you hand to the app."),
    )
    # The stored form that was accepted by its tick: another URL typed later needs another tick.
    accepts_canonical = forms.CharField(label=_("Accepted form"), required=False, max_length=UNREAD_ABOVE)
    purposes = _several(
        _("What this URL receives"),
        case_words.PURPOSES,
        help_text=_("The app refuses what is not ticked here."),
    )
    ways_in = _several(_("Ways in"), case_words.WAYS_IN)
    security_contact = forms.EmailField(
        label=_("Security contact"),
        help_text=_("An address that is read at all times; incidents are reported to it."),
    )
    purpose_of_use = forms.CharField(
        label=_("What the certificates are used for"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    note = forms.CharField(
        label=_("A word to the reviewer"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )

    def full_clean(self) -> None:
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    def content(self) -> dict[str, Any]:
        """The draft as it is kept, without the form's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("form_key", "seen_version")}
