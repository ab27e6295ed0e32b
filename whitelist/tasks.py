"""What workers do for the whitelist: publish lists, watch live entries, tend the reviewers' desk, send mail."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import timezone

from portal.jobs import services as jobs
from portal.jobs.registry import RetryLater, handles, periodic
from whitelist import (
    checks,
    claims,
    domain_mail,
    domains,
    entry_mail,
    heads,
    imports,
    mail,
    probing,
    publication,
    rechecks,
    reminders,
    retirement,
    reviews,
    rule_mail,
)
from whitelist.policy.domain_proof import Method
from whitelist.probes import proofs
from whitelist.probes.look import look
from whitelist.publication import Edition


@handles("whitelist.publish_list")
def publish_list(environment_id: int) -> Callable[[], object] | None:
    edition = publication.prepare_edition(environment_id, at=_now())
    return partial(_publish, edition) if edition else None


def _publish(edition: Edition) -> None:
    if publication.publish(edition) is None:
        raise RetryLater(0.2, "an entry changed while the list was being signed")


@handles("whitelist.probe_return_url", lease_seconds=120)
def probe_return_url(probe_id: int) -> Callable[[], object] | None:
    """Look at one return server, within whitelist.probes.look.SECONDS."""
    probe = probing.asked(probe_id)
    if probe is None:
        return None
    facts = look(probe.url_text, probe.extras, at=_now())
    return partial(probing.record, probe.pk, facts)


@handles("whitelist.report_on_look")
def report_on_look(probe_id: int) -> Callable[[], object] | None:
    seen = probing.looked(probe_id)
    return None if seen is None else partial(reviews.report_on_look, bytes(seen.url), at=_now())


@handles("whitelist.check_domain", lease_seconds=120)
def check_domain(proof_id: int) -> Callable[[], object] | None:
    """Ask the servers for one domain's proof, within whitelist.probes.proofs.SECONDS."""
    proof = domains.to_check(proof_id)
    if proof is None:
        return None
    answers = proofs.look(proof.domain, Method(proof.method), proof.token)
    return partial(domains.record_answers, proof.pk, answers, at=_now())


@handles("whitelist.judge_domain")
def judge_domain(proof_id: int) -> Callable[[], object]:
    return partial(domains.judge, proof_id, at=_now())


@handles("whitelist.send_domain_mail")
def send_domain_mail(proof_id: int, kind: str) -> None:
    domain_mail.send(proof_id, kind)


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
    return heads.renew(at=_now())


@handles("whitelist.send_entry_mail")
def send_entry_mail(entry_id: int, kind: str) -> None:
    entry_mail.send(entry_id, kind)


@periodic("whitelist.watch_entries", every=60)
def watch_entries() -> None:
    jobs.enqueue("whitelist.recheck_entries", key="whitelist.recheck_entries")
    jobs.enqueue("whitelist.retire_entries", key="whitelist.retire_entries")


@handles("whitelist.recheck_entries")
def recheck_entries() -> Callable[[], object]:
    return _recheck_entries


def _recheck_entries() -> None:
    at = _now()
    rechecks.ask_where_due(at)
    for entry_id in rechecks.with_new_facts():
        rechecks.judge(entry_id, at=at)


@handles("whitelist.retire_entries")
def retire_entries() -> Callable[[], object]:
    return _retire_entries


def _retire_entries() -> None:
    at = _now()
    for entry_id in retirement.due(at):
        retirement.finish(entry_id, at=at)


@handles("whitelist.warn_desk")
def warn_desk(application_id: int, per_cent: int) -> None:
    mail.warn_desk(application_id, per_cent)


@periodic("whitelist.tend_desk", every=300)
def ask_to_tend_desk() -> None:
    jobs.enqueue("whitelist.tend_desk", key="whitelist.tend_desk")


@handles("whitelist.tend_desk")
def tend_desk() -> None:
    """Claims lapse, deadlines are told. Each case is a transaction of its own: a kill in between loses nothing."""
    at = _now()
    claims.lapse(at)
    reminders.remind(at)


@periodic("whitelist.forget_checks", every=3600)
def ask_to_forget_checks() -> None:
    jobs.enqueue("whitelist.forget_checks", key="whitelist.forget_checks")


@handles("whitelist.forget_checks")
def forget_checks() -> Callable[[], object]:
    return partial(checks.forget, _now())


@handles("whitelist.send_rule_notice")
def send_rule_notice(version_id: int, provider_id: int) -> None:
    rule_mail.send(version_id, provider_id)


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)


@handles("whitelist.read_import", lease_seconds=120)
def read_import(import_id: int) -> Callable[[], object] | None:
    return imports.read(import_id)


@handles("whitelist.enter_import", lease_seconds=300)
def enter_import(import_id: int) -> Callable[[], object]:
    return partial(imports.enter, import_id, at=timezone.now())
