"""A draft's fields as a form: any of them, for a step of the wizard or for a correction.

The form checks shape only and asks for nothing: a draft may be kept half filled. What is missing for sending is said by
whitelist.applications.gaps. Nothing typed is stripped or mended, except a fingerprint, which has one way to be written.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from whitelist.drafts import ACCEPTED
from whitelist.messages import case_words, content_words, measure_words
from whitelist.policy import app_identifier, measures
from whitelist.policy.measures import REASON_LENGTH
from whitelist.policy.url_rules import UNREAD_ABOVE

Fields = dict[str, forms.Field]
_MONO = {"class": "mono", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
_PHONE = RegexValidator(r"\A[0-9+() ‐－-]{0,30}\Z", _("Write a telephone number: digits, spaces, + - ( )."))


def _lazy(words: Any) -> Any:
    """Lazy words where the stubs of Django ask for text."""
    return words


def _label(key: str) -> Any:
    return _lazy(content_words.FIELDS[key])


def _text(
    label: Any, help_text: Any = "", *, length: int, rows: int = 0, attributes: Mapping[str, str] | None = None
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=dict(attributes or {}))
    return forms.CharField(
        label=label, help_text=help_text, max_length=length, strip=False, required=False, widget=widget
    )


def _several(label: Any, words: Mapping[str, Any], help_text: Any = "") -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "inline"})
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, choices=list(words.items()), widget=widget, required=False
    )


def _url_fields(key: str) -> Fields:
    help_text = _(
        "Your server's URL that receives signatures and certificates. Paste exactly what you hand to the app."
    )
    url = _text(_("URL of the return server"), help_text, length=UNREAD_ABOVE, attributes={**_MONO, "inputmode": "url"})
    return {"url": url, ACCEPTED: forms.CharField(label=_("Accepted form"), required=False, max_length=UNREAD_ABOVE)}


def _kind_fields(key: str) -> Fields:
    widget = forms.RadioSelect(attrs={"class": "inline"})
    help_text = _("Where the user starts: a page in a browser, or an app of your own.")
    choices = list(content_words.KINDS.items())
    return {
        "kind": forms.ChoiceField(
            label=_label("kind"), help_text=help_text, choices=choices, widget=widget, required=False
        )
    }


def _identifier_fields(key: str) -> Fields:
    help_text = _("As the store knows it, for example jp.example.bank (your domain name backwards).")
    return {"app_identifier": _text(content_words.FIELDS[key], help_text, length=255, attributes=_MONO)}


def _fingerprint_fields(key: str) -> Fields:
    help_text = _("SHA-256, 64 hexadecimal digits. For Android, as apksigner prints it.")
    return {"app_fingerprint": _text(content_words.FIELDS[key], help_text, length=200, attributes=_MONO)}


def _redirect_fields(key: str) -> Fields:
    help_text = _(
        "We send a few requests whose parameters name another site (open redirects). "
        "They are sent only when the domain has been proven, and only with this tick."
    )
    return {key: forms.BooleanField(label=_label(key), help_text=help_text, required=False)}


def _contact_fields(key: str) -> Fields:
    role = key.partition(".")[2]
    helps = {
        "security": _("An address that is read at all times; incidents are reported to it."),
        "operations": _("Who answers questions about the server and changes to it."),
    }
    email = forms.EmailField(
        label=_label(key),
        help_text=helps[role],
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = _text(_PHONES[role], length=30, attributes={"inputmode": "tel", "autocomplete": "tel"})
    phone.validators.append(_PHONE)
    return {f"{role}_email": email, f"{role}_phone": phone}


_PHONES: Mapping[str, Promise | str] = {
    "security": _("Telephone of the security contact"),
    "operations": _("Telephone of the operations contact"),
}


def _measure_fields(key: str) -> Fields:
    code = key.partition(".")[2]
    found, words = measures.measure(code), measure_words.MEASURES[code]
    assert found is not None  # the code has words
    status = forms.ChoiceField(
        label=format_lazy("{} {}", found.criterion_number, words.title),
        help_text=_lazy(words.statement),
        choices=list(measure_words.STATUSES.items()),
        widget=forms.RadioSelect(attrs={"class": "inline"}),
        required=False,
    )
    by = forms.CharField(
        label=_("Met by"), required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"})
    )
    return {
        f"m_{code}": status,
        f"m_{code}_by": by,
        f"m_{code}_reason": _text(_("Remark"), length=REASON_LENGTH, rows=2),
    }


_MAKERS: Mapping[str, Callable[[str], Fields]] = {
    "url": _url_fields,
    "kind": _kind_fields,
    "app.identifier": _identifier_fields,
    "app.fingerprint": _fingerprint_fields,
    "try_open_redirects": _redirect_fields,
    "purposes": lambda key: {
        "purposes": _several(
            content_words.FIELDS[key], case_words.PURPOSES, _("The app refuses what is not ticked here.")
        )
    },
    "ways_in": lambda key: {"ways_in": _several(content_words.FIELDS[key], case_words.WAYS_IN)},
    "purpose_of_use": lambda key: {"purpose_of_use": _text(content_words.FIELDS[key], length=2000, rows=3)},
    "contacts.security": _contact_fields,
    "contacts.operations": _contact_fields,
    "note": lambda key: {"note": _text(content_words.FIELDS[key], length=2000, rows=3)},
}
_OPTIONAL = {"note", "try_open_redirects", "app_fingerprint", "security_phone", "operations_phone"}


class DraftForm(forms.Form):
    """The fields `keys` of a draft that says `said`. `evidence` has no field here: files come by their own button."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # What the page showed: JSON by field key, so that a team-mate's change can be told from one's own.
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60_000)

    def __init__(self, data: Any = None, *, keys: Iterable[str], said: Mapping[str, Any], seen_version: int) -> None:
        self.keys = [key for key in keys if key != "evidence"]
        self.standing = said
        initial = {"seen_version": seen_version, "base": base_of(said, self.keys)}
        for key in self.keys:
            initial |= _initial(key, said)
        super().__init__(data, initial=initial)
        for key in self.keys:
            self.fields |= _MAKERS.get(key, _measure_fields)(key)
        self._mark(lambda name: name not in _OPTIONAL and not name.endswith(("_by", "_reason")))

    def _mark(self, is_needed: Callable[[str], bool]) -> None:
        """Fields that are needed for sending carry the mark; saving asks for none of them."""
        for name, field in self.fields.items():
            field.required = not field.widget.is_hidden and name != ACCEPTED and is_needed(name)

    use_required_attribute = False

    def full_clean(self) -> None:
        needed = {name for name, field in self.fields.items() if field.required}
        self._mark(lambda name: False)
        super().full_clean()
        self._mark(lambda name: name in needed)

    def names_of(self, key: str) -> list[str]:
        """The form's own names for a field of the draft."""
        return list(_MAKERS.get(key, _measure_fields)(key))

    def clean_app_fingerprint(self) -> str:
        typed = str(self.cleaned_data["app_fingerprint"])
        written = app_identifier.fingerprint(typed)
        if typed.strip() and written is None:
            raise ValidationError(case_words.refusal("app.fingerprint_malformed"), code="app.fingerprint_malformed")
        return written or ""

    def said(self) -> dict[str, Any]:
        """What was sent, by field key; a field whose shape is wrong is left out (its error stands in the form)."""
        found: dict[str, Any] = {}
        for key in self.keys:
            if all(name in self.cleaned_data for name in self.names_of(key)):
                found |= _said(key, self.cleaned_data, self.standing)
        return found

    def rebase(self, said: Mapping[str, Any], *, version: int) -> None:
        """The next send of this form knows what is kept now; what was typed stays typed."""
        bound: Any = self.data  # the browser's own dictionary, several values to a name
        sent = bound.copy()
        sent["seen_version"], sent["base"] = str(version), base_of(said, self.keys)
        self.data = sent

    def seen_base(self) -> dict[str, Any] | None:
        """What the page showed, None when the browser sent nothing readable."""
        try:
            read = json.loads(self.cleaned_data.get("base") or "null")
        except ValueError:
            return None
        return read if isinstance(read, dict) else None


def base_of(said: Mapping[str, Any], keys: Iterable[str]) -> str:
    """The values of `keys` as the hidden field carries them."""
    shown = {key: said.get(key) for key in keys}
    if "url" in shown:
        shown[ACCEPTED] = said.get(ACCEPTED, "")
    return json.dumps(shown, ensure_ascii=False, sort_keys=True)


def _initial(key: str, said: Mapping[str, Any]) -> dict[str, Any]:
    value = said.get(key)
    if key.startswith("measures."):
        code, answer = key.partition(".")[2], value or {}
        return {
            f"m_{code}": answer.get("status"),
            f"m_{code}_by": answer.get("by"),
            f"m_{code}_reason": answer.get("reason"),
        }
    if key.startswith("contacts."):
        role = key.partition(".")[2]
        return {f"{role}_{part}": (value or {}).get(part) for part in ("email", "phone")}
    if key == "url":
        return {"url": value, ACCEPTED: said.get(ACCEPTED)}
    return {key.replace(".", "_"): value}


def _said(key: str, sent: Mapping[str, Any], standing: Mapping[str, Any]) -> dict[str, Any]:
    if key.startswith("measures."):
        return {key: _answer(key, sent, standing)}
    if key.startswith("contacts."):
        role = key.partition(".")[2]
        return {key: {part: sent[f"{role}_{part}"] for part in ("email", "phone")}}
    if key == "url":
        return {"url": sent["url"], ACCEPTED: sent[ACCEPTED]}
    if key == "kind":
        return {"kind": sent["kind"] or "browser"}
    if key in ("purposes", "ways_in"):
        return {key: sorted(sent[key])}
    return {key: sent[key.replace(".", "_")]}


def _answer(key: str, sent: Mapping[str, Any], standing: Mapping[str, Any]) -> dict[str, Any] | None:
    code, before = key.partition(".")[2], standing.get(key)
    status, by, reason = sent[f"m_{code}"], sent[f"m_{code}_by"], sent[f"m_{code}_reason"]
    papers = (before or {}).get("evidence") or []
    if not (status or reason or papers):
        return None
    return {"status": status, "by": (by or None) if status == "planned" else None, "reason": reason, "evidence": papers}
