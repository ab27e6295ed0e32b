"""Addresses as people read them."""

from typing import Final

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()

# So many characters fit beside a label on the narrowest screen.
FITS: Final = 24


@register.filter
def mail_address(address: str) -> str:
    """An e-mail address that breaks, where it is long, in front of the @ or of a dot behind it; copied, it is whole."""
    local, at, domain = address.rpartition("@")
    if not at or len(address) <= FITS:
        return address
    first, *labels = domain.split(".")
    rest = format_html_join("", "<wbr>.{}", ((label,) for label in labels))
    return format_html('<span class="mail-address">{}<wbr>@{}{}</span>', local, first, rest)
