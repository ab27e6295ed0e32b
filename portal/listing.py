"""Several things in a row, as the active language writes them."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(items: Iterable[object]) -> str:
    """The items as one text: 「A、B」 in Japanese, "A, B" in English."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)
