"""What workers do for the whitelist: publish lists and send mail."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.utils import timezone

from portal.jobs import services as jobs
from portal.jobs.registry import RetryLater, handles, periodic
from whitelist import heads, mail, publication
from whitelist.publication import Edition


@handles("whitelist.publish_list")
def publish_list(environment_id: int) -> Callable[[], object] | None:
    edition = publication.prepare_edition(environment_id, at=timezone.now().replace(microsecond=0))
    return partial(_publish, edition) if edition else None


def _publish(edition: Edition) -> None:
    if publication.publish(edition) is None:
        raise RetryLater(0.2, "an entry changed while the list was being signed")


@handles("whitelist.send_mail")
def send_mail(application_id: int, kind: str) -> None:
    mail.send(application_id, kind)


@handles("whitelist.send_contact_mail")
def send_contact_mail(confirmation_id: int) -> None:
    mail.send_contact(confirmation_id)


@periodic("whitelist.renew_heads", every=max(2.0, settings.WHITELIST_LIST_VALID_SECONDS / 20))
def ask_for_renewal() -> None:
    publication.ask_where_no_head_is()
    jobs.enqueue("whitelist.renew_heads", lane="ca", key="whitelist.renew_heads")


@handles("whitelist.renew_heads")
def renew_heads() -> Callable[[], object] | None:
    return heads.renew(at=timezone.now().replace(microsecond=0))
