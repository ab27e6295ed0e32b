"""Proofs that an organisation controls a domain: asking, changing the way, checking now, judging, removing.

The prober asks the servers and writes down what they said (`record_answers`); the worker makes something of it
(`judge`): who meets strangers on the internet decides nothing and sees no people.
"""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from portal import identifiers
from portal.audit import services as audit
from portal.jobs import services as jobs
from whitelist.models import DomainProof
from whitelist.models.probes import DomainProofQuerySet
from whitelist.policy import domain_proof as policy
from whitelist.policy.domain_proof import Answers, Method, State
from whitelist.refusals import Refused

PROOFS_PER_PROVIDER = 50


@transaction.atomic
def ask(provider: Any, domain: str, *, by: Any, at: datetime, world: str = "production") -> DomainProof:
    """A proof to be given for `domain`, checked in the background from now on; the one that exists is returned.

    Raises Refused: domain.not_provable (an address, a bare public suffix, no domain), domain.too_many.
    """
    name = policy.domain_of(domain)
    if name is None:
        raise Refused("domain.not_provable")
    standing = of(provider).filter(domain=name, world=world).first()
    if standing is not None:
        return standing
    if of(provider).count() >= PROOFS_PER_PROVIDER:
        raise Refused("domain.too_many")
    proof = DomainProof.objects.create(
        public_id=identifiers.new("dom"),
        provider=provider,
        domain=name,
        world=world,
        token=secrets.token_urlsafe(24),
        created_by=by,
        created_at=at,
        waited_until=at + policy.WAITED_FOR,
        next_try_at=at,
    )
    audit.record("domain.asked", proof, by=by, provider=provider, details={"domain": name, "world": world})
    _enqueue(proof)
    return proof


@transaction.atomic
def choose_method(proof: DomainProof, method: Method, *, by: Any, at: datetime) -> None:
    """Prove by that way from now on. Raises Refused (domain.already_proven)."""
    locked = _locked(proof)
    if locked.state == State.PROVEN:
        raise Refused("domain.already_proven")
    if locked.method == method:
        return
    before, after = {"method": str(locked.method)}, {"method": method.value}
    _update(locked, method=method.value, answers_json=None, next_try_at=at)
    audit.record("domain.method_chosen", locked, by=by, provider=locked.provider, before=before, after=after)
    _enqueue(locked, now=True)


@transaction.atomic
def check_now(proof: DomainProof, *, by: Any, at: datetime) -> bool:
    """Ask the servers at once, also for a proof that has lapsed: it is waited for anew. False within the pause."""
    locked = _locked(proof)
    if locked.asked_now_at is not None and at - locked.asked_now_at < policy.PAUSE_BETWEEN_CHECKS:
        return False
    if locked.state == State.LAPSED:
        _update(locked, state=State.WAITING.value, waited_until=at + policy.WAITED_FOR, tries=0, missing_since=None)
        _record("domain.asked_again", locked, State.LAPSED.value, State.WAITING.value, by=by)
    _update(locked, asked_now_at=at, next_try_at=at)
    _enqueue(locked, now=True)
    return True


@transaction.atomic
def remove(proof: DomainProof, *, by: Any, at: datetime) -> None:
    """The organisation gives the proof up; its row stays."""
    locked = _locked(proof)
    if locked.removed_at is None:
        _update(locked, removed_at=at, next_try_at=None)
        _record("domain.removed", locked, locked.state, "removed", by=by)


def _record(action: str, proof: DomainProof, before: str, after: str, *, by: Any) -> None:
    old, new, about = {"state": before}, {"state": after}, {"domain": proof.domain}
    audit.record(action, proof, by=by, provider=proof.provider, before=old, after=new, details=about)


def of(provider: Any) -> DomainProofQuerySet:
    """The provider's proofs, by domain."""
    return DomainProof.objects.kept().filter(provider=provider).order_by("domain")


def proof_of(provider: Any, host: str, *, at: datetime, world: str = "production") -> DomainProof | None:
    """The proof that counts for `host` (ASCII): of the host itself, or of a parent down to its registrable domain.

    The nearest proven one; where none is proven, the nearest one that is waited for or has lapsed; else None. A caller
    asks `proof.state`; `proof.missing_since` says that a proven one was not found at the last look.
    """
    names = policy.covering(host)
    found = {proof.domain: proof for proof in of(provider).filter(domain__in=names, world=world)}
    nearest = [found[name] for name in names if name in found]
    return next((proof for proof in nearest if proof.state == State.PROVEN), nearest[0] if nearest else None)


def to_check(proof_id: int) -> DomainProof | None:
    """The proof to look at now; None when it was removed or has lapsed meanwhile."""
    return DomainProof.objects.kept().filter(pk=proof_id).exclude(state=State.LAPSED).first()


def record_answers(proof_id: int, answers: Answers, *, at: datetime) -> None:
    """What the servers said at `at`; the worker is asked to judge it. For the prober, in the effect of its job."""
    proof = DomainProof.objects.kept().filter(pk=proof_id).first()
    if proof is None or answers.asked != policy.asked(proof.domain, Method(proof.method)):
        return  # removed, or to be proven another way, while the servers were being asked
    DomainProof.objects.filter(pk=proof_id).update(answers_json=answers.as_json(), checked_at=at)
    jobs.enqueue("whitelist.judge_domain", proof_id, key=f"whitelist.judge_domain:{proof_id}")


@transaction.atomic
def judge(proof_id: int, *, at: datetime) -> None:
    """Make something of the newest answers: proven, still waited for, missing, lapsed; plan the next look."""
    locked = DomainProof.objects.select_for_update().kept().filter(pk=proof_id).first()
    if locked is None or locked.answers_json is None:
        return
    before = State(locked.state)
    standing = policy.judge(
        before,
        policy.answers_from_json(locked.answers_json),
        tries=locked.tries + 1,
        waited_until=locked.waited_until,
        missing_since=locked.missing_since,
        at=at,
    )
    event = _event(before, standing, locked.missing_since)
    _update(
        locked,
        state=standing.state.value,
        tries=locked.tries + 1,
        missing_since=standing.missing_since,
        proven_at=at if event == "proven" else locked.proven_at,
        next_try_at=at + standing.wait if standing.wait else None,
    )
    if event is not None:
        found = "missing" if event == "missing" else standing.state.value
        _record(_ACTIONS[event], locked, before.value, found, by="worker")
        jobs.enqueue("whitelist.send_domain_mail", locked.pk, event, lane="mail")
    if standing.wait is not None:
        _enqueue(locked)


_ACTIONS = {"proven": "domain.proven", "missing": "domain.missing", "lapsed": "domain.lapsed"}


def _event(before: State, standing: policy.Standing, missing_since: datetime | None) -> str | None:
    """What is worth telling: proven, missing (for the first time), lapsed."""
    if standing.state is not before:
        return standing.state.value
    is_new = standing.missing_since is not None and missing_since is None
    return "missing" if is_new else None


def _enqueue(proof: DomainProof, *, now: bool = False) -> None:
    """The next look. There is one waiting look per proof; "check now" goes before it and leaves it standing."""
    key = None if now else f"whitelist.check_domain:{proof.pk}"
    due = None if now else proof.next_try_at
    jobs.enqueue("whitelist.check_domain", proof.pk, lane="probe", due=due, key=key)


def _locked(proof: DomainProof) -> DomainProof:
    return DomainProof.objects.select_for_update(of=("self",)).select_related("provider").get(pk=proof.pk)


def _update(proof: DomainProof, **values: Any) -> None:
    for name, value in values.items():
        setattr(proof, name, value)
    proof.save(update_fields=list(values))
