from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.evidence.forms import EvidenceField
from portal.providers import corporate_number, messages, services
from portal.providers.accreditation import jst_day
from portal.providers.models import Membership, ServiceProvider


def _bases() -> list[tuple[str, Any]]:
    return [
        (
            value,
            format_html(
                '{}<span class="detail">{}</span>', messages.LEGAL_BASES[value], messages.LEGAL_BASES_EXPLAINED[value]
            ),
        )
        for value in ServiceProvider.LegalBasis.values
    ]


def _day(label: Any, help_text: Any = "", **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget, **options)


class ProviderForm(forms.Form):
    """What an organisation says about itself."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("As registered, for example 株式会社サンプル銀行."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name_english = forms.CharField(
        label=_("Name in English"), help_text=_("Shown on English pages."), max_length=200, required=False
    )
    corporate_number = forms.CharField(
        label=_("Corporate number (法人番号)"),
        help_text=_("13 digits, published by the National Tax Agency. Spaces, hyphens and full-width digits are fine."),
        max_length=64,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    legal_basis = forms.ChoiceField(
        label=_("On which legal basis will you verify certificates?"),
        help_text=_("It decides whether production calls are answered. The test environment is open to all."),
        choices=_bases,
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )

    test_environment = forms.BooleanField(
        label=_("Make our test environment at once"),
        help_text=_("It takes a few seconds, costs nothing, and can be made later as well."),
        required=False,
        initial=True,
    )

    def clean_corporate_number(self) -> str:
        try:
            return corporate_number.parse(self.cleaned_data["corporate_number"])
        except corporate_number.CorporateNumberRefused as refused:
            raise forms.ValidationError(messages.sentence(refused.code), code=refused.code) from refused


class ProviderEditForm(forms.Form):
    """What may change about an organisation."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    name_english = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    address = forms.CharField(
        label=_("Address"),
        help_text=_("Head office, as registered."),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    contact_email = forms.EmailField(
        label=_("Contact: e-mail address"), help_text=_("Shown to reviewers only."), max_length=254, required=False
    )
    contact_phone = forms.RegexField(
        r"^\+?[0-9 ()-]{6,30}$",
        label=_("Contact: telephone"),
        required=False,
        error_messages={"invalid": _("Write the number with digits, spaces and hyphens, for example 03-1234-5678.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class StandingForm(forms.Form):
    """A reviewer's word on a standing."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("confirm", _("Confirm: it is true")), ("refuse", _("Do not confirm"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, if you do not confirm"),
        help_text=_("The owners read it in the mail."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("decision") == "refuse" and not (answers.get("reason") or "").strip():
            self.add_error("reason", messages.sentence("review.reason_missing"))
        return answers


class AccreditationForm(forms.Form):
    """A certification by the competent ministers with its days."""

    number = forms.CharField(
        label=_("Certification number"), help_text=_("As in the notice of certification."), max_length=100
    )
    valid_from = _day(_("First day"))
    valid_until = _day(_("Last day"))
    evidence = EvidenceField(label=_("Notice of certification"))
    is_platform_operator = forms.BooleanField(
        label=_("We are a platform operator: we verify for other organisations, too"),
        help_text=_("Other organisations can then ask you to stand in front of them."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("valid_from"), answers.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day lies before the first day."))
        elif last and last < jst_day(timezone.now()):
            self.add_error("valid_until", _("This certification has run out already."))
        return answers


class DelegationForm(forms.Form):
    """Which platform operator, and from when."""

    operator = forms.ModelChoiceField(
        label=_("Platform operator"),
        help_text=_("Platform operators that are registered here."),
        queryset=ServiceProvider.objects.none(),
        empty_label=_("Choose one"),
    )
    valid_from = _day(_("First day"), _("From this day on the operator verifies for you."))
    valid_until = _day(_("Last day"), _("Leave it empty if no end is agreed."), required=False)
    evidence = EvidenceField(label=_("Agreement with the operator (signed)"), required=False)

    def __init__(self, *args: Any, provider: ServiceProvider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        operators = services.platform_operators().exclude(pk=provider.pk)
        self.fields["operator"].queryset = operators  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = jst_day(timezone.now())

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("valid_from"), answers.get("valid_until")
        if first and first < jst_day(timezone.now()) - timedelta(days=366):
            self.add_error("valid_from", _("The first day lies more than a year back."))
        if first and last and last < first:
            self.add_error("valid_until", _("The last day lies before the first day."))
        return answers


class InvitationForm(forms.Form):
    """Whom to ask, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Membership.Role.MEMBER, _("Member: uses the test environment, prepares and sends applications")),
            (Membership.Role.OWNER, _("Owner: also manages members, keys and the organisation")),
        ],
        initial=Membership.Role.MEMBER,
        widget=forms.RadioSelect,
    )


class RoleForm(forms.Form):
    """The role a seat is changed to."""

    role = forms.ChoiceField(choices=Membership.Role.choices)


class RecoveryForm(forms.Form):
    """Who should become an owner, and why nobody else can make them one."""

    email = forms.EmailField(
        label=_("E-mail address of the new owner"),
        help_text=_("A member's address; anybody else is invited as an owner."),
        max_length=254,
    )
    reason = forms.CharField(
        label=_("What happened to the owners"),
        help_text=_(
            "And how the reviewers can reach your organisation, for example by its published telephone number."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
