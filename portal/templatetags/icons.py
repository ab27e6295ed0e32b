"""`{% icon "phone" %}`: one drawing of the sprite, decorative unless it is given a label."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def icon(name: str, *, size: int = 20, label: str = "") -> SafeString:
    """An <svg> that shows the drawing `name` of icons.svg.

    `size` is one of 16, 20, 24, 28, 56 CSS pixels. Without `label` it is hidden from assistive technology: the word
    beside it says the same.
    """
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon icon-{}" data-size="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        name,
        size,
        voice,
        static("portal/icons.svg"),
        name,
    )
