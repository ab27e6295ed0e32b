"""The form field for evidence: chooses a file, tells at once why it would not be kept."""

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.evidence import messages, services
from portal.evidence.content import MAX_BYTES

ACCEPTED = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"


class Given(NamedTuple):
    """A file that passed the look; hand it to services.keep(given.content, name=given.name, …)."""

    content: bytes
    name: str


class EvidenceField(forms.FileField):
    """Cleans to Given, or None when it is not required and left empty. The form must be multipart/form-data."""

    widget = forms.FileInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("PDF, PNG or JPEG, at most 10 MB."))
        super().__init__(allow_empty_file=True, **options)
        self.widget.attrs.setdefault("accept", ACCEPTED)

    def clean(self, data: Any, initial: Any = None) -> Given | None:
        file = super().clean(data, initial)
        if not file or not hasattr(file, "read"):
            return None
        content = file.read(MAX_BYTES + 1)
        try:
            services.look_at(content, name=file.name)
        except services.EvidenceRefused as refused:
            raise forms.ValidationError(messages.sentence(refused.code), code=refused.code) from refused
        return Given(content, file.name)
