"""Recoveries of accounts: one that waits for the operators, and races of those who act on one in the same second."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from portal.accounts import people as people_verbs
from portal.accounts import recovery, recovery_mail
from portal.accounts import services as accounts
from portal.accounts.models import PersonRecovery, User
from portal.accounts.refusals import Refused
from portal.audit.models import AuditEvent
from tests.flows.scenes_of import people
from tests.flows.scenes_of.at_once import LEADS, together

Act = Callable[[Any], object]
OPERATORS = ("osamu", "sanae", "satoru")


def proven(*, email: str) -> dict[str, Any]:
    """Whoever reads that mailbox has pressed the button."""
    asked: Any = recovery.ask(email, at=timezone.now())
    token = recovery_mail.proof_token(asked)
    return {"pk": recovery.prove(token, lost="factors", contact="代表 03-0000-0000", at=timezone.now()).pk}


def delay_is_over(*, email: str) -> dict[str, Any]:
    """The day of waiting has passed: the moments of the row are a day older than they were."""
    row = PersonRecovery.objects.open().get(user__email=email)
    day = timedelta(days=1, minutes=1)
    assert row.due_at is not None
    PersonRecovery.objects.filter(pk=row.pk).update(due_at=row.due_at - day)
    return {"pk": row.pk}


def races(*, rounds: int) -> list[dict[str, Any]]:
    """Every race several times; what each side got, and how the recovery stands afterwards."""
    operators = [_person(name, "operator") for name in OPERATORS]
    found = []
    for name in RACES:
        for turn in range(rounds):
            for lead in LEADS:
                subject = _person(f"{name}{turn}{lead}".replace(".", "").replace("-", "m"), "member")
                made = PersonRecovery.objects.get(pk=proven(email=subject.email)["pk"])
                got = _together(made, RACES[name](operators, made), lead)
                found.append({"race": name, "got": got, **_standing(made)})
    return found


def _person(name: str, role: str) -> User:
    email = f"{name}@recovery-race.example.jp"
    people.person(email=email, name=name, role=role)
    user = accounts.by_email(email)
    assert user is not None
    return user


def _propose(by: User) -> Act:
    return lambda made: recovery.propose(made, grounds="折り返し電話", by=by, at=timezone.now())


def _confirm(by: User) -> Act:
    return lambda made: recovery.confirm(made, by=by, at=timezone.now())


def _refuse(by: User) -> Act:
    return lambda made: recovery.refuse(made, by=by, at=timezone.now())


def _stop(made: PersonRecovery) -> object:
    return recovery.stop(made, by=None, at=timezone.now())


def _complete(made: PersonRecovery) -> object:
    made.refresh_from_db()
    if not recovery.complete(made.pk, at=made.due_at or timezone.now()):
        raise Refused("nothing to do")
    return None


def _prepared(made: PersonRecovery, *acts: Act) -> None:
    for act in acts:
        act(made)


def _two_propose(operators: list[User], made: PersonRecovery) -> tuple[Act, Act]:
    return _propose(operators[0]), _propose(operators[1])


def _two_confirm(operators: list[User], made: PersonRecovery) -> tuple[Act, Act]:
    _prepared(made, _propose(operators[0]))
    return _confirm(operators[1]), _confirm(operators[2])


def _confirm_and_refuse(operators: list[User], made: PersonRecovery) -> tuple[Act, Act]:
    _prepared(made, _propose(operators[0]))
    return _confirm(operators[1]), _refuse(operators[2])


def _confirm_and_stop(operators: list[User], made: PersonRecovery) -> tuple[Act, Act]:
    _prepared(made, _propose(operators[0]))
    return _confirm(operators[1]), _stop


def _complete_and_stop(operators: list[User], made: PersonRecovery) -> tuple[Act, Act]:
    _prepared(made, _propose(operators[0]), _confirm(operators[1]))
    return _complete, _stop


def _two_complete(operators: list[User], made: PersonRecovery) -> tuple[Act, Act]:
    _prepared(made, _propose(operators[0]), _confirm(operators[1]))
    return _complete, _complete


RACES = {
    "propose-propose": _two_propose,
    "confirm-confirm": _two_confirm,
    "confirm-refuse": _confirm_and_refuse,
    "confirm-stop": _confirm_and_stop,
    "complete-stop": _complete_and_stop,
    "complete-complete": _two_complete,
}


def closing_each_other(*, rounds: int) -> list[dict[str, Any]]:
    """Two operators close each other's account in the same second."""
    found = []
    for turn in range(rounds):
        one, other = _person(f"one{turn}", "operator"), _person(f"other{turn}", "operator")
        acts = (_close(other, one), _close(one, other))
        got = _together(None, acts, 0.0)
        open_ones = User.objects.filter(pk__in=[one.pk, other.pk], is_active=True)
        found.append({"got": got, "open": open_ones.count()})
    return found


def _close(subject: User, by: User) -> Act:
    return lambda made: people_verbs.close(subject, reason="race", by=by, at=timezone.now())


def _together(made: PersonRecovery | None, acts: tuple[Act, Act], lead: float) -> list[str]:
    """Both act at once, each on the recovery as the database has it."""
    one, other = (partial(_on_fresh, act, made) for act in acts)
    return together(one, other, lead, refused=Refused)


def _on_fresh(act: Act, made: PersonRecovery | None) -> None:
    act(made and PersonRecovery.objects.get(pk=made.pk))


def _standing(made: PersonRecovery) -> dict[str, Any]:
    made.refresh_from_db()
    events = AuditEvent.objects.filter(subject_type="accounts.personrecovery", subject_id=str(made.pk))
    return {
        "two_people": made.second_by_id is not None and made.first_by_id != made.second_by_id,
        "done": made.done_at is not None,
        "closing": made.closing,
        "factors": Authenticator.objects.filter(user=made.user_id).count(),
        "lines": [event.action.removeprefix("person.recovery_") for event in events.order_by("id")],
    }
