"""Purposes and media."""

from django.utils.translation import gettext_lazy as _

from verifier.messages.sentences import Words

PURPOSES: dict[str, Words] = {"signature": _("Signature"), "user_authentication": _("User authentication")}

MEDIA: dict[str, Words] = {
    "card": _("Card"),
    "phone_android": _("Smartphone (Android)"),
    "phone_iphone": _("Smartphone (iPhone)"),
}

MEDIA_GROUPS: dict[str, Words] = {"card": _("Card"), "phone": _("Smartphone")}
