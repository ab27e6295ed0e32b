"""Mail about the recovery of an account, and the links in it: signed, so that the database keeps no secret of theirs.

The link that proves the address is bound to the moment it was asked for: a newer one makes it void, and so does its
use. The link that stops a recovery works as long as the recovery is open. Opening either changes nothing.
"""

from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from portal.accounts import letters
from portal.accounts.models import PersonRecovery
from portal.jobs import services as jobs

_PROOF: Final = "portal.accounts.recovery.proof"
_STOP: Final = "portal.accounts.recovery.stop"
_NOTHING: Final = (0, 0)


def tell(made: PersonRecovery, kind: str) -> None:
    """Send the mail accounts/email/recovery_KIND to the person, by a job of the present transaction."""
    jobs.enqueue("accounts.send_recovery_mail", made.pk, kind, lane="mail")


def send(recovery_id: int, kind: str) -> int:
    """The mail itself; returns how many were sent: none to somebody whose account is closed."""
    made = PersonRecovery.objects.select_related("user").get(pk=recovery_id)
    if not made.user.is_active:
        return 0
    values: dict[str, Any] = {
        "recovery": made,
        "person": made.user,
        "hours": settings.PERSON_RECOVERY_HOURS,
        "proof_link": settings.SITE_URL + reverse("person:recovery-prove", args=[proof_token(made)]),
        "stop_link": settings.SITE_URL + reverse("person:recovery-stop", args=[stop_token(made)]),
        "ask_link": settings.SITE_URL + reverse("person:recovery-ask"),
        "log_in_link": settings.SITE_URL + reverse("account_login"),
        "password_link": settings.SITE_URL + reverse("account_reset_password"),
    }
    return letters.send(f"recovery_{kind}", [made.user.email], values)


def asked_milliseconds(made: PersonRecovery) -> int:
    return int(made.asked_at.timestamp() * 1000)


def proof_token(made: PersonRecovery) -> str:
    return signing.dumps([made.pk, asked_milliseconds(made)], salt=_PROOF)


def stop_token(made: PersonRecovery) -> str:
    return signing.dumps(made.pk, salt=_STOP)


def read_proof(token: str) -> tuple[int, int]:
    """Which recovery, asked when; zeros for what we did not write."""
    try:
        pk, asked = signing.loads(token, salt=_PROOF)
    except signing.BadSignature:
        return _NOTHING
    return pk, asked


def read_stop(token: str) -> int:
    """Which recovery; zero for what we did not write."""
    try:
        return int(signing.loads(token, salt=_STOP))
    except signing.BadSignature:
        return 0
