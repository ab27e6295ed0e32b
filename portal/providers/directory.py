"""Finding organisations, for staff."""

from typing import Any

from django.db.models import Q

from portal.providers.models import ServiceProvider


def search(asked: str) -> Any:
    """Organisations by a part of their name or the beginning of their corporate number or id; all for an empty text."""
    found = ServiceProvider.objects.prefetch_related("accreditations", "delegations", "changes").order_by("-id")
    if not asked:
        return found
    named = Q(name__icontains=asked) | Q(name_english__icontains=asked)
    return found.filter(named | Q(corporate_number__startswith=asked) | Q(public_id__startswith=asked))
