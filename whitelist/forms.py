"""Forms check shape; whether a URL may be entered is asked of the policy. Nothing typed is stripped or mended."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whitelist import sheets
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


class BulkForm(forms.Form):
    """A table of return servers."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    world = forms.ChoiceField(
        label=_("Where to"),
        choices=[
            ("sandbox", _("Test environment: live at once")),
            ("production", _("Production: each row becomes a draft of an application")),
        ],
        initial="sandbox",
        widget=forms.RadioSelect,
    )
    table = forms.FileField(
        label=_("Table (.xlsx or .csv)"),
        help_text=_("At most 1,000 rows and 5 MB. CSV in UTF-8 or Shift_JIS (CP932)."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def handed_in(self) -> dict[str, Any]:
        """What the verb takes, with at most one byte more than it keeps."""
        file = self.cleaned_data["table"]
        content = file.read(sheets.MAX_BYTES + 1)
        kept = {name: self.cleaned_data[name] for name in ("form_key", "world")}
        return {**kept, "content": content, "name": file.name}
