"""Who owns an organisation, decided by two people in the same moment: hand-over, leaving, recovery under four eyes."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.accounts import services as accounts
from portal.accounts import staff
from portal.accounts.refusals import Refused as RefusedToStaff
from portal.audit.models import AuditEvent
from portal.providers import confirmation, editing, handover, members, owners, recovery
from portal.providers.models import Membership, OwnerRecovery, OwnershipOffer, ServiceProvider
from portal.providers.refusals import Refused
from tests import organisations
from tests.flows.scenes_of import people
from tests.flows.scenes_of.at_once import LEADS, together

Act = Callable[[], Any]
CAST = {
    **dict.fromkeys(("hanako", "goro", "kuro", "taro", "saki"), "member"),
    **dict.fromkeys(("reiko", "renji", "rumi"), "reviewer"),
    **dict.fromkeys(("osamu", "sanae"), "operator"),
}
# Organisations that have something in production here.
_in_production: set[int] = set()


def races(*, rounds: int) -> list[dict[str, Any]]:
    """Every race, with either side ahead and with neither; what each side got, and how the organisation stands."""
    owners.need_two_while(lambda provider: provider.pk in _in_production)
    cast, found = _cast(), []
    for name, (owning, race) in RACES.items():
        for lead in LEADS * rounds:
            provider = _organisation(cast, owning, number=organisations.number(len(found)))
            one, other = race(cast, provider)
            got = together(one, other, lead, refused=(Refused, RefusedToStaff))
            found.append({"race": name, "got": got, **_standing(provider)})
    return found


def _cast() -> dict[str, Any]:
    for name, role in CAST.items():
        people.person(email=f"{name}@owners.example.jp", name=name.title(), role=role)
    return {name: accounts.by_email(f"{name}@owners.example.jp") for name in CAST}


def _organisation(cast: dict[str, Any], owning: str, *, number: str) -> ServiceProvider:
    """`owning`: the owners, "!" at the end when it has something in production; Taro and Saki are members."""
    first, *more = owning.rstrip("!").split("+")
    made = people.organisation(owner=f"{first}@owners.example.jp", number=number, name="競走省")
    provider = ServiceProvider.objects.get(public_id=made["provider"])
    for name in more:
        organisations.seat(cast[name], provider, role="owner")
    for name in ("taro", "saki"):
        organisations.seat(cast[name], provider)
    if owning.endswith("!"):
        _in_production.add(provider.pk)
    return provider


def _standing(provider: ServiceProvider) -> dict[str, Any]:
    made = OwnerRecovery.objects.filter(provider=provider)
    return {
        "owners": sorted(seat.user.name.lower() for seat in _owners(provider)),
        "required": owners.required(provider),
        "seats_of_staff": provider.memberships.exclude(user__role="member").count(),
        "accepted": OwnershipOffer.objects.filter(provider=provider, accepted_at__isnull=False).count(),
        "closed": OwnershipOffer.objects.filter(provider=provider, closed_at__isnull=False).count(),
        "recoveries": [
            {
                "stage": row.stage,
                "people": sorted({person.name for person in (row.asked_by, row.first_by, row.second_by) if person}),
                "done": row.done_at is not None,
                "stopped": row.stopped_at is not None,
            }
            for row in made.order_by("pk")
        ],
        "trail": sorted(_trail(provider)),
    }


def _owners(provider: ServiceProvider) -> Any:
    return provider.memberships.filter(role=Membership.Role.OWNER).select_related("user")


def _trail(provider: ServiceProvider) -> Iterator[str]:
    told = AuditEvent.objects.filter(provider=provider)
    for action in told.values_list("action", flat=True):
        if action.startswith(("ownership.", "recovery.")) or action in {
            "membership.removed",
            "membership.role_changed",
        }:
            yield action


def _seat(provider: ServiceProvider, person: Any) -> Membership:
    return provider.memberships.get(user=person)


# Hand-over and leaving ------------------------------------------------------------------------------------------------


def _leaves(cast: dict[str, Any], provider: ServiceProvider, name: str) -> Act:
    seat = _seat(provider, cast[name])
    return lambda: members.remove(seat, by=cast[name])


def _steps_down(cast: dict[str, Any], provider: ServiceProvider, name: str) -> Act:
    seat = _seat(provider, cast[name])
    return lambda: members.change_role(seat, role="member", by=cast[name])


def _accepts(cast: dict[str, Any], provider: ServiceProvider, giver: str, taker: str) -> Act:
    made = handover.offer(_seat(provider, cast[taker]), by=cast[giver])
    return lambda: handover.accept(made, by=cast[taker])


def accepted_twice(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    accepts = _accepts(cast, provider, "hanako", "taro")
    return accepts, accepts


def accepted_and_taken_back(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    accepts = _accepts(cast, provider, "hanako", "taro")
    made = handover.open_offers(provider).get()
    return accepts, lambda: handover.close(made, by=cast["hanako"])


def two_takers(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    return _accepts(cast, provider, "hanako", "taro"), _accepts(cast, provider, "hanako", "saki")


def two_givers(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    return _accepts(cast, provider, "hanako", "taro"), _accepts(cast, provider, "goro", "taro")


def accepted_and_giver_leaves(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    return _accepts(cast, provider, "hanako", "taro"), _leaves(cast, provider, "hanako")


def accepted_and_other_owner_leaves(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    return _accepts(cast, provider, "hanako", "taro"), _leaves(cast, provider, "goro")


def both_leave(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    return _leaves(cast, provider, "hanako"), _leaves(cast, provider, "goro")


def one_leaves_one_steps_down(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    return _leaves(cast, provider, "hanako"), _steps_down(cast, provider, "goro")


def a_change_confirmed_and_asked_anew(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    """A reviewer confirms the new name while the owner gives another one."""
    facts = dict.fromkeys(("name_english", "address", "contact_email", "contact_phone"), "")
    confirmation.confirm(confirmation.Question(confirmation.BASIS, provider), by=cast["reiko"])
    change = editing.edit(provider, by=cast["hanako"], name="競走庁", **facts)
    question = confirmation.Question("change", provider, change)
    return (
        lambda: confirmation.confirm(question, by=cast["renji"]),
        lambda: editing.edit(ServiceProvider.objects.get(pk=provider.pk), by=cast["hanako"], name="競走局", **facts),
    )


def a_seat_and_a_role(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    """One person, invited by the organisation and by the operators, says yes to both."""
    email = f"{provider.public_id.lower().replace('_', '-')}@owners.example.jp"
    people.person(email=email, name="Midori")
    person = accounts.by_email(email)
    invitation = members.invite(provider, email=email, role="member", by=cast["hanako"])
    grant = staff.propose(
        email=email, name="Midori", role="reviewer", reason="任命", by=cast["osamu"], at=timezone.now()
    )
    grant = staff.confirm(grant, by=cast["sanae"], at=timezone.now())
    return (
        lambda: members.accept(invitation, by=person),
        lambda: staff.accept(grant, by=person, at=timezone.now()),
    )


# Recovery -------------------------------------------------------------------------------------------------------------


def _asked(cast: dict[str, Any], provider: ServiceProvider, *confirmers: str) -> OwnerRecovery:
    """Taro asks that he becomes an owner; `confirmers` have confirmed it."""
    made = recovery.ask(provider, email=cast["taro"].email, reason="誰もログインできません", by=cast["taro"])
    for name in confirmers:
        recovery.confirm(made, by=cast[name], at=timezone.now())
    return made


def _confirms(cast: dict[str, Any], made: OwnerRecovery, name: str) -> Act:
    return lambda: recovery.confirm(made, by=cast[name], at=timezone.now())


def _stops(cast: dict[str, Any], made: OwnerRecovery) -> Act:
    return lambda: recovery.stop(made, by=cast["hanako"])


def _completes(made: OwnerRecovery) -> Act:
    return lambda: recovery.complete(made.pk, at=timezone.now() + timedelta(days=30))


def asked_twice(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    def asks(name: str) -> Act:
        return lambda: recovery.ask(provider, email=cast[name].email, reason="…", by=cast[name])

    return asks("taro"), asks("saki")


def two_confirm_first(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    made = _asked(cast, provider)
    return _confirms(cast, made, "reiko"), _confirms(cast, made, "renji")


def one_confirms_twice(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    made = _asked(cast, provider)
    return _confirms(cast, made, "reiko"), _confirms(cast, made, "reiko")


def two_confirm_second(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    made = _asked(cast, provider, "reiko")
    return _confirms(cast, made, "renji"), _confirms(cast, made, "rumi")


def confirmed_and_stopped(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    made = _asked(cast, provider, "reiko")
    return _confirms(cast, made, "renji"), _stops(cast, made)


def completed_and_stopped(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    made = _asked(cast, provider, "reiko", "renji")
    return _completes(made), _stops(cast, made)


def completed_twice(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    made = _asked(cast, provider, "reiko", "renji")
    return _completes(made), _completes(made)


def completed_and_handed_over(cast: dict[str, Any], provider: ServiceProvider) -> tuple[Act, Act]:
    made = _asked(cast, provider, "reiko", "renji")
    return _completes(made), _accepts(cast, provider, "hanako", "taro")


# name: (owners, and "!" for something in production; the race)
RACES: dict[str, Any] = {
    "accepted twice": ("hanako", accepted_twice),
    "accepted, taken back": ("hanako", accepted_and_taken_back),
    "two takers": ("hanako", two_takers),
    "two takers, in production": ("hanako+goro!", two_takers),
    "two givers": ("hanako+goro!", two_givers),
    "accepted, giver leaves": ("hanako+goro", accepted_and_giver_leaves),
    "accepted, other owner leaves": ("hanako+goro", accepted_and_other_owner_leaves),
    "both leave": ("hanako+goro", both_leave),
    "one leaves, one steps down": ("hanako+goro", one_leaves_one_steps_down),
    "both leave, in production": ("hanako+goro+kuro!", both_leave),
    "one leaves, one steps down, in production": ("hanako+goro+kuro!", one_leaves_one_steps_down),
    "a seat and a role": ("hanako", a_seat_and_a_role),
    "a change confirmed and asked anew": ("hanako", a_change_confirmed_and_asked_anew),
    "asked twice": ("hanako", asked_twice),
    "two confirm first": ("hanako", two_confirm_first),
    "one confirms twice": ("hanako", one_confirms_twice),
    "two confirm second": ("hanako", two_confirm_second),
    "confirmed, stopped": ("hanako", confirmed_and_stopped),
    "completed, stopped": ("hanako", completed_and_stopped),
    "completed twice": ("hanako", completed_twice),
    "completed, handed over": ("hanako", completed_and_handed_over),
}
