"""Forms about entries that are granted: stopping one, giving one up, bringing one back."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from whitelist.messages import entry_words
from whitelist.retirement import LONGEST, OVERLAP

JAPAN = ZoneInfo("Asia/Tokyo")


class SuspensionForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=list(entry_words.SUSPENSION_REASONS.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What has happened"),
        help_text=_("Read by the service provider and the reviewers. No names of users, no certificates."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reason") == "other" and not cleaned.get("words"):
            self.add_error("words", _("Say what has happened when the reason is another one."))
        return cleaned


class ReturnForm(forms.Form):
    words = forms.CharField(
        label=_("Why the entry may come back"),
        help_text=_("What was mended, and how you know. The second reviewer reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class RetirementForm(forms.Form):
    """The day, and the host name typed by hand: nobody gives up the wrong entry by a slip."""

    day = forms.DateField(
        label=_("Last day in the list"),
        help_text=_("The entry leaves the list at the end of this day, Japan time."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    host = forms.CharField(
        label=_("Host name of the entry"),
        help_text=_("Type it, to be sure that this is the one."),
        max_length=255,
        widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, entry: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry, self.today = entry, at.astimezone(JAPAN).date()
        self.fields["day"].initial = self.today + OVERLAP

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not self.today <= day < self.today + LONGEST:
            raise forms.ValidationError(entry_words.refusal("retirement.day_out_of_range"))
        return day

    def clean_host(self) -> str:
        if self.cleaned_data["host"] != self.entry.host:
            raise forms.ValidationError(entry_words.refusal("retirement.host_not_typed"))
        return str(self.entry.host)

    def due_at(self) -> datetime:
        """The end of the chosen day in Japan."""
        return datetime.combine(self.cleaned_data["day"] + timedelta(days=1), time.min, JAPAN)
