"""The key of a TSM (tsm_live_…, tsm_test_…) from the Authorization header: another kind than a provider's API key."""

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal import problems
from portal.api import authentication
from whitelist import consumers
from whitelist.consumers import ConsumerKeyRefused, ConsumerPrincipal

problems.declare(
    "consumer_key.unknown", 401, _("This TSM key is not known."), _("Check the key, or have an operator issue another.")
)
problems.declare(
    "consumer_key.unconfirmed",
    401,
    _("This TSM key is not in force yet."),
    _("A second operator has to confirm it first."),
)
problems.declare("consumer_key.revoked", 401, _("This TSM key was revoked."), _("Have an operator issue another."))


def is_consumer_key(key: str) -> bool:
    return key.startswith("tsm_")


def consumer_of(request: HttpRequest) -> ConsumerPrincipal:
    """Which consumer calls; raises Problem 401 with WWW-Authenticate."""
    try:
        return consumers.authenticate(authentication.key_of(request), at=datetime.now(UTC).replace(microsecond=0))
    except ConsumerKeyRefused as refused:
        raise authentication.refusal(refused.code) from None
