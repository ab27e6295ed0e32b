"""What a reviewer sends. Forms check shape; whether a decision may be recorded is asked of whitelist.reviews."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from whitelist.messages import case_words, review_words
from whitelist.policy.content import FIELDS
from whitelist.policy.corrections import OWN_WORDS, TEMPLATES, Request
from whitelist.policy.criteria import CRITERIA
from whitelist.policy.second_look import CONFLICT_STATEMENT
from whitelist.reviews import Verdict

ASKED, ASKED_TEXT = "ask:", "ask-text:"


class DecisionForm(forms.Form):
    """What a reviewer decides. The hidden fields say what the page showed; the verbs judge completeness.

    A correction names fields: for the field `url` the form carries `ask:url` (a template's code) and `ask-text:url`.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    stage = forms.CharField(widget=forms.HiddenInput, max_length=10)
    binding = forms.CharField(widget=forms.HiddenInput, max_length=64)
    criteria = forms.MultipleChoiceField(
        label=_("Criteria"),
        choices=[(c.number, c.number) for c in CRITERIA],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    decision = forms.ChoiceField(
        label=_("Decision"), choices=list(case_words.DECISIONS.items()), widget=forms.RadioSelect, required=False
    )
    criterion = forms.ChoiceField(
        label=_("Criterion on which a refusal rests"),
        choices=[("", "—"), *((c.number, c.number) for c in CRITERIA)],
        required=False,
    )
    message = forms.CharField(
        label=_("To the applicant"),
        help_text=_("The reason of a refusal, or what is to be said beside the marked fields; sent by mail."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For reviewers only; the applicant does not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )
    no_conflict = forms.CharField(required=False, max_length=20)
    previewed = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, finding_codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings_seen"] = forms.MultipleChoiceField(
            choices=[(code, code) for code in finding_codes], required=False
        )

    def verdict(self) -> Verdict:
        """What was sent, of a valid form."""
        sent = self.cleaned_data
        return Verdict(
            seen_version=sent["seen_version"],
            stage=sent["stage"],
            binding=sent["binding"],
            decision=sent["decision"],
            criteria=tuple(sent["criteria"]),
            findings_seen=tuple(sent["findings_seen"]),
            criterion=sent["criterion"] if sent["decision"] == "refuse" else "",
            message=sent["message"],
            note=sent["note"],
            no_conflict=sent["no_conflict"],
            field_requests=tuple(self.requests()) if sent["decision"] == "request_changes" else (),
        )

    def requests(self) -> list[Request]:
        """The fields marked, in the order of the form; also of a form that is not valid."""
        found = []
        for field in FIELDS:
            code, text = self.asked(field)
            if code or text.strip():
                found.append(Request(field, code or OWN_WORDS, text))
        return found

    def asked(self, field: str) -> tuple[str, str]:
        """The template's code and the own words sent for `field`; empty texts where nothing was."""
        if not self.is_bound:
            return "", ""
        code = self.data.get(ASKED + field, "")
        known = code if code in {template.code for template in TEMPLATES} else ""
        return known, self.data.get(ASKED_TEXT + field, "")[:2000]

    def is_conflict_stated(self) -> bool:
        return self.is_bound and self.data.get("no_conflict") == CONFLICT_STATEMENT


class ProvisionalForm(forms.Form):
    """The second reviewer's own opinion before the first one's is shown."""

    binding = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decision = forms.ChoiceField(
        choices=list(review_words.PROVISIONAL_WORDS.items()), widget=forms.RadioSelect, required=False
    )
