"""Back into an account whose second factors are lost, as an organisation gets a new owner (portal.providers.recovery):
asked for, confirmed by two, done after a delay that the person can use to stop it.

Who can read the mailbox asks; two operators make sure, by another way, that it is the person. Neither of them may be
the person; the database holds it. Then PERSON_RECOVERY_HOURS pass, in which whoever reads the mailbox or can log in
after all stops it. Only the second factors go: a forgotten password is set anew by a code, as ever.
"""

from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction

from portal.accounts import notices, recovery_mail, sessions, staff
from portal.accounts.models import PersonRecovery, User
from portal.accounts.refusals import Refused
from portal.accounts.services import by_email
from portal.audit import services as audit
from portal.jobs import services as jobs

Closing = PersonRecovery.Closing
LINK_MINUTES: Final = 30
OPERATORS_DAYS: Final = 14
_BY_LINK: Final = "mail link"
_ACTIONS = {
    Closing.STOPPED: "person.recovery_stopped",
    Closing.REFUSED: "person.recovery_refused",
    Closing.LAPSED: "person.recovery_lapsed",
    Closing.CONFIRMER_LEFT: "person.recovery_confirmer_left",
}


@transaction.atomic
def request(email: str) -> None:
    """Somebody at the public page names an address. A worker looks whether there is an account: so the answer, and
    the time it takes, is the same for every address."""
    jobs.enqueue("accounts.ask_recovery", email.strip().lower(), lane="mail")


@transaction.atomic
def ask(email: str, *, at: datetime) -> PersonRecovery | None:
    """What follows for the account of that address, if there is one: a link by mail, or why none is needed.

    `at`: the aware moment. An address asked for again before its link was used gets a new one; the old one is void.
    """
    user = by_email(email)
    if user is None or not user.is_active:
        return None
    held = User.objects.select_for_update().get(pk=user.pk)
    if not is_mfa_enabled(held):
        notices.tell(held, "recovery_not_needed")
        return None
    known = PersonRecovery.objects.open().filter(user=held).select_for_update(of=("self",)).first()
    made = known or PersonRecovery(user=held)
    if made.proven_at is not None:
        recovery_mail.tell(made, "known")
        return made
    made.asked_at, made.expires_at = at, at + timedelta(minutes=LINK_MINUTES)
    made.save()
    audit.record("person.recovery_asked", made, by="recovery page")
    recovery_mail.tell(made, "link")
    return made


def by_link(token: str, *, at: datetime) -> PersonRecovery | None:
    """The recovery whose newest link this is, while it waits for the proof of the address."""
    pk, asked = recovery_mail.read_proof(token)
    found = (
        PersonRecovery.objects.open().filter(pk=pk, proven_at=None, expires_at__gt=at).select_related("user").first()
    )
    return found if found and recovery_mail.asked_milliseconds(found) == asked else None


def by_stop_link(token: str) -> PersonRecovery | None:
    """The recovery that this link stops, while it is open."""
    return PersonRecovery.objects.open().filter(pk=recovery_mail.read_stop(token)).select_related("user").first()


@transaction.atomic
def prove(token: str, *, lost: str, contact: str, at: datetime) -> PersonRecovery:
    """Whoever reads the mailbox says what is lost and how they can be reached. Raises Refused: recovery.link_over."""
    found = by_link(token, at=at)
    held = _held(found.pk) if found else None
    if held is None or held.proven_at is not None or not held.is_open:
        raise Refused("recovery.link_over")
    before = held.state
    held.proven_at, held.lost, held.contact = at, lost, contact.strip()
    held.expires_at = at + timedelta(days=OPERATORS_DAYS)
    held.save()
    _record_step("person.recovery_proven", held, before, by=_BY_LINK, lost=lost)
    recovery_mail.tell(held, "proven")
    return held


@transaction.atomic
def propose(made: PersonRecovery, *, grounds: str, by: User, at: datetime) -> PersonRecovery:
    """The first operator has made sure who asks; `grounds` say how.

    Raises Refused: staff.not_an_operator, recovery.over, recovery.oneself, recovery.proposed_already.
    """
    held = _for_operator(made, by, at)
    if held.first_by_id is not None:
        raise Refused("recovery.proposed_already")
    before = held.state
    held.first_by, held.first_at, held.grounds = by, at, grounds.strip()
    held.save()
    _record_step("person.recovery_first_confirmed", held, before, by=by)
    return held


@transaction.atomic
def confirm(made: PersonRecovery, *, by: User, at: datetime) -> PersonRecovery:
    """The second operator agrees with what the first found; the delay begins, and the person is told.

    Raises Refused: staff.not_an_operator, recovery.over, recovery.oneself, recovery.not_proposed,
    recovery.two_people, recovery.first_left, recovery.confirmed_already.
    """
    held = _for_operator(made, by, at)
    if held.first_by is None:
        raise Refused("recovery.not_proposed")
    if held.second_by_id is not None:
        raise Refused("recovery.confirmed_already")
    if held.first_by_id == by.pk:
        raise Refused("recovery.two_people")
    if not staff.is_operator(held.first_by):
        raise Refused("recovery.first_left")
    before = held.state
    held.second_by, held.second_at = by, at
    held.due_at = at + timedelta(hours=settings.PERSON_RECOVERY_HOURS)
    held.save()
    _record_step("person.recovery_second_confirmed", held, before, by=by)
    recovery_mail.tell(held, "confirmed")
    return held


@transaction.atomic
def refuse(made: PersonRecovery, *, by: User, at: datetime) -> None:
    """One operator is not convinced. Raises Refused: staff.not_an_operator, recovery.over, recovery.oneself."""
    _close(_for_operator(made, by, at), Closing.REFUSED, by=by, at=at)


@transaction.atomic
def stop(made: PersonRecovery, *, by: User | None, at: datetime) -> None:
    """The person ends it: logged in (`by`), or by the link in the mail (None).

    Raises Refused: recovery.over, recovery.not_yours.
    """
    if by is not None and by.pk != made.user_id:
        raise Refused("recovery.not_yours")
    held = _held(made.pk)
    if not held.is_open:
        raise Refused("recovery.over")
    _close(held, Closing.STOPPED, by=by, at=at)


def open_of(user: User) -> PersonRecovery | None:
    """The person's own recovery that somebody with their mailbox has asked for."""
    return PersonRecovery.objects.open().filter(user=user, proven_at__isnull=False).first()


def due(at: datetime) -> list[int]:
    """Ids of recoveries whose delay has passed at the aware moment `at`."""
    waiting = PersonRecovery.objects.open().filter(due_at__lte=at)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def complete(recovery_id: int, *, at: datetime) -> bool:
    """Take the second factors away and end all sessions, once the delay has passed; False if there is nothing to do.

    The two who confirmed must be operators still: who was sent away meanwhile lets nobody in.
    """
    # The person's row first, as whoever asks anew and whoever closes the account do.
    User.objects.select_for_update().get(
        pk=PersonRecovery.objects.values_list("user_id", flat=True).get(pk=recovery_id)
    )
    held = _held(recovery_id)
    if not held.is_open or held.due_at is None or held.due_at > at:
        return False
    if not (staff.is_operator(held.first_by) and staff.is_operator(held.second_by)):
        _close(held, Closing.CONFIRMER_LEFT, by=None, at=at)
        return False
    Authenticator.objects.filter(user=held.user).delete()
    sessions.end_all(held.user)
    before, held.done_at = held.state, at
    held.save()
    _record_step("person.recovery_done", held, before, by="worker")
    recovery_mail.tell(held, "done")
    return True


@transaction.atomic
def lapse(*, at: datetime) -> int:
    """Close what nobody went on with in time; returns how many."""
    found = list(PersonRecovery.objects.lapsed(at).select_for_update(of=("self",)).select_related("user"))
    for held in found:
        _close(held, Closing.LAPSED, by=None, at=at)
    return len(found)


def close_of(user: User, *, by: User, at: datetime) -> None:
    """Inside the verb that closes an account: nothing leads back into it."""
    for held in PersonRecovery.objects.open().filter(user=user).select_for_update(of=("self",)):
        _close(held, Closing.REFUSED, by=by, at=at)


def _held(pk: int) -> PersonRecovery:
    """Two who act on one recovery in the same second take turns."""
    rows = PersonRecovery.objects.select_for_update(of=("self",)).select_related("user", "first_by", "second_by")
    return rows.get(pk=pk)


def _for_operator(made: PersonRecovery, by: User, at: datetime) -> PersonRecovery:
    """The row, held, for an operator who is not the person it is about, while there is something to decide."""
    if not staff.is_operator(by):
        raise Refused("staff.not_an_operator")
    held = _held(made.pk)
    if by.pk == held.user_id:
        raise Refused("recovery.oneself")
    if not held.is_open or held.proven_at is None or (held.second_by_id is None and held.expires_at <= at):
        raise Refused("recovery.over")
    return held


def _record_step(action: str, held: PersonRecovery, before: str, *, by: User | str, **details: str) -> None:
    audit.record(action, held, by=by, before={"state": before}, after={"state": held.state}, details=details)


def _close(held: PersonRecovery, closing: PersonRecovery.Closing, *, by: User | None, at: datetime) -> None:
    """Nobody is told of a link that was never used: that address may never have been asked by its owner."""
    before = held.state
    held.closed_at, held.closed_by, held.closing = at, by, closing
    held.save()
    label = _BY_LINK if closing == Closing.STOPPED else "worker"
    _record_step(_ACTIONS[closing], held, before, by=by or label)
    if held.proven_at is not None:
        recovery_mail.tell(held, "closed")
