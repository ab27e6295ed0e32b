"""What every page's frame needs: the navigation of the person's role, the organisation, the installation's banner.

A navigation item names one URL. Parts that are not installed in this profile have no URL and leave no item behind.
"""

from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal import waiting
from portal.providers import seats
from portal.providers.permissions import seat_of


class Item(NamedTuple):
    """``section`` names the items behind this one, itself included: they stand in the second navigation."""

    label: Promise
    url_name: str
    section: str = ""


PUBLIC: Final = (
    Item(_("For newcomers"), "landing"),
    Item(_("URL checker"), "whitelist:url-check"),
    Item(_("Review criteria"), "whitelist:criteria"),
    Item(_("List transparency"), "whitelist:list-current"),
    Item(_("Service status"), "status"),
    Item(_("Documents"), "api-reference"),
)
MEMBER: Final = (
    Item(_("Home"), "home"),
    Item(_("Test environment"), "testenv:environment-detail"),
    Item(_("Registration and applications"), "whitelist:entry-list", "registration"),
    Item(_("Verification log"), "verifier:verification-list"),
    Item(_("Organisation"), "providers:provider-detail"),
    Item(_("Verification API"), "api-reference"),
)
REVIEWER: Final = (
    Item(_("Reviews"), "review:queue"),
    Item(_("Health"), "review:health-board"),
    Item(_("Rules"), "review:rule-list"),
    Item(_("Publication"), "review:publication-board"),
    Item(_("Registered entries"), "whitelist:list-current"),
    Item(_("Organisations"), "providers:provider-directory"),
    Item(_("Audit"), "audit:event-list"),
    Item(_("Verification API"), "api-reference"),
)
OPERATOR: Final = (
    Item(_("Staff"), "staff:person-list"),
    Item(_("Organisations"), "providers:provider-directory"),
    Item(pgettext_lazy("section", "Whitelist"), "review:publication-board", "operated list"),
    Item(pgettext_lazy("section", "CAs and revocation"), "anchors:anchor-list", "operated trust"),
    Item(_("Service status"), "status"),
    Item(_("Audit"), "audit:event-list"),
    Item(_("Verification API"), "api-reference"),
)
AUDITOR: Final = (
    Item(_("Audit"), "audit:event-list"),
    Item(_("Publication"), "review:publication-board"),
    Item(_("Registered entries"), "whitelist:list-current"),
    Item(_("Service status"), "status"),
)
BY_ROLE: Final = {"member": MEMBER, "reviewer": REVIEWER, "operator": OPERATOR, "auditor": AUDITOR}

# Second navigation of a section: shown on all of its pages; a view may give its own `second_navigation` instead.
SECTIONS: Final = {
    "registration": (
        Item(_("Return servers"), "whitelist:entry-list"),
        Item(_("Applications"), "whitelist:application-list"),
        Item(_("Does it match?"), "whitelist:url-match"),
        Item(_("Domains"), "whitelist:domain-list"),
    ),
    "operated list": (
        Item(_("Publication"), "review:publication-board"),
        Item(_("Registered entries"), "whitelist:list-current"),
        Item(_("Rules"), "review:rule-list"),
    ),
    "operated trust": (
        Item(_("Trust anchors"), "anchors:anchor-list"),
        Item(_("Revocation lists"), "sources:source-list"),
    ),
}

ACCOUNT: Final = (
    Item(_("Your account"), "person:account"),
    Item(_("E-mail address"), "account_email"),
    Item(_("Password"), "account_change_password"),
    Item(_("Second factor"), "mfa_index"),
    Item(_("Where you are logged in"), "usersessions_list"),
)
FOOTER: Final = (
    Item(_("Review criteria and standard period"), "whitelist:criteria"),
    Item(_("Figures of the reviews"), "whitelist:statistics"),
    Item(_("List transparency"), "whitelist:list-current"),
    Item(_("Service status"), "status"),
    Item(_("API reference"), "api-reference"),
    Item(_("Accessibility"), "accessibility"),
    Item(_("Personal information"), "privacy"),
)
SEAT_WORDS: Final = {
    "owner": pgettext_lazy("seat", "administrator"),
    "member": pgettext_lazy("seat", "member"),
    "reviewer": pgettext_lazy("seat", "reviewer"),
    "operator": pgettext_lazy("seat", "operator"),
    "auditor": pgettext_lazy("seat", "auditor"),
}


def links(items: tuple[Item, ...], user: Any = None) -> list[dict[str, Any]]:
    """The installed items as {label, url, covers, count} for `{% navigation_items %}`; ``covers`` are the URLs of its
    section, counts are those of `user`, of a whole section together."""
    found = []
    for item in items:
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        section = links(SECTIONS.get(item.section, ()), user)
        own = waiting.count(item.url_name, user) if user else 0
        count = sum(each["count"] for each in section) if section else own
        covers = [each["url"] for each in section]
        found.append({"label": item.label, "url": url, "covers": covers, "count": count})
    return found


def section_links(role: str, path: str, user: Any = None) -> list[dict[str, Any]]:
    """The second navigation of the section `path` stands in; empty where there is none."""
    for item in BY_ROLE.get(role, ()):
        found = links(SECTIONS.get(item.section, ()), user)
        if any(path.startswith(each["url"]) for each in found):
            return found
    return []


def _seat(user: Any) -> dict[str, Any]:
    """Organisation and standing of a logged-in person, for the header."""
    if user.role != user.Role.MEMBER:
        return {"organisation": _("J-LIS"), "word": SEAT_WORDS[user.role]}
    seat = seat_of(user)
    if seat is None:
        return {"organisation": "", "word": ""}
    operator = seat.acting_operator
    return {
        "organisation": seat.provider.name,
        "word": SEAT_WORDS[seat.role],
        "label": seats.label(seat),
        "acting_for": seat.provider.name if operator else "",
        "own_label": operator.public_id if operator else "",
        "may_change": seats.may_change(user),
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of base.html; `seat` costs a query only on pages that show the header."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    role = getattr(user, "role", "")
    who = user if is_known else None
    return {
        "main_navigation": links(BY_ROLE.get(role, PUBLIC), who),
        "second_navigation": section_links(role, request.path, who),
        "account_navigation": links(ACCOUNT),
        "footer_navigation": links(FOOTER),
        "seat": SimpleLazyObject(lambda: _seat(user)) if is_known else None,
        "is_embedded": settings.EMBEDDED,
        "passkey_site": settings.SITE_URL,
    }
