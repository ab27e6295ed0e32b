"""How a CA comes to be believed in production: one operator proposes its certificate, another one confirms it.

Both give the full SHA-256 fingerprint, each from a source of their own. Until then the certificate is worth nothing. To
stop believing one, `anchors.distrust` takes one operator; believing it again takes two.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from portal import identifiers
from portal.accounts import staff
from portal.audit import services as audit
from portal.environments import services as environments
from portal.jobs import services as jobs
from verifier import anchors
from verifier.anchors import AnchorRefused
from verifier.models import AnchorProposal, TrustAnchor
from verifier.pki import certificate as certificate_format
from verifier.pki import names
from verifier.pki.profiles import MediumGroup, Purpose, World, crl_dp_name
from verifier.pki.published_roots import ShortForm, short_form

PROPOSAL_DAYS: Final = 7
_GROUPS: Final[tuple[MediumGroup, ...]] = ("card", "phone")


@transaction.atomic
def propose(
    *, purpose: str, certificate_der: bytes, fingerprint: str, lists: Mapping[str, str], by: Any, at: datetime
) -> AnchorProposal:
    """Ask for a CA certificate to be believed in production; the other operators are told by mail.

    `fingerprint` is the full SHA-256 in hexadecimal, with or without colons, from another source than the certificate.
    `lists` are the addresses of its revocation lists by medium group (`card`, `phone`). Raises AnchorRefused.
    """
    _require_operator(by)
    certificate = anchors.fit_anchor(certificate_der, Purpose(purpose), World.PRODUCTION)
    _require_same(fingerprint, certificate.sha256.hex())
    if short_form(certificate, Purpose(purpose)) is ShortForm.CONTRADICTS:
        raise AnchorRefused("anchor.contradicts_published", certificate.sha256.hex())
    told = certificate.sha256.hex()
    # What has run out no longer stands in the way of a new proposal.
    AnchorProposal.objects.filter(fingerprint=told, confirmed_at=None, withdrawn_at=None, expires_at__lte=at).update(
        withdrawn_at=at
    )
    if AnchorProposal.objects.open(at).filter(fingerprint=told).exists():
        raise AnchorRefused("anchor.proposed_already")
    if believed().filter(fingerprint=told).exists():
        raise AnchorRefused("anchor.trusted_already")
    proposal = AnchorProposal.objects.create(
        public_id=identifiers.new("anp", 10),
        purpose=Purpose(purpose).value,
        der=certificate.der,
        fingerprint=told,
        subject=names.readable(certificate.subject)[:400],
        lists={group: lists[group] for group in _GROUPS if lists.get(group)},
        proposed_by=by,
        proposed_at=at,
        expires_at=at + timedelta(days=PROPOSAL_DAYS),
    )
    audit.record("anchor.proposed", proposal, by=by, details=_facts(proposal))
    _tell(proposal, "proposed", by)
    return proposal


@transaction.atomic
def confirm(proposal: AnchorProposal, *, fingerprint: str, by: Any, at: datetime) -> TrustAnchor:
    """The second pair of eyes: from here on the certificate is believed in production, and its lists are fetched.

    `fingerprint` is what the second operator has found out for themselves. Raises AnchorRefused; the database refuses
    the same person in any case.
    """
    _require_operator(by)
    held = _hold(proposal, at)
    if held.proposed_by_id == by.pk:
        raise AnchorRefused("anchor.same_person")
    if not staff.is_operator(held.proposed_by):
        raise AnchorRefused("anchor.proposer_left")
    _require_same(fingerprint, held.fingerprint)
    held.confirmed_by, held.confirmed_at = by, at
    held.save(update_fields=["confirmed_by", "confirmed_at"])
    _record("anchor.confirmed", held, "confirmed", by)
    anchor = anchors.trust(environments.production(), purpose=held.purpose, certificate_der=bytes(held.der), by=by)
    for group in _GROUPS:
        if url := held.lists.get(group):
            name = crl_dp_name(Purpose(held.purpose), group, World.PRODUCTION)
            anchors.add_distribution_point(
                anchor.environment,
                anchor=anchor,
                dp_name=names.normalised(name),
                url=url,
                by=by,
                label=names.readable(name),
            )
    _tell(held, "confirmed", by)
    return anchor


@transaction.atomic
def withdraw(proposal: AnchorProposal, *, by: Any, at: datetime) -> None:
    """One operator takes back what is not confirmed yet. Raises AnchorRefused."""
    _require_operator(by)
    held = _hold(proposal, at)
    held.withdrawn_by, held.withdrawn_at = by, at
    held.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _record("anchor.proposal_withdrawn", held, "withdrawn", by)
    _tell(held, "withdrawn", by)


@transaction.atomic
def distrust(anchor: TrustAnchor, *, by: Any) -> None:
    """Stop believing a production anchor at once; the other operators are told. Raises AnchorRefused."""
    if anchor.distrusted_at is not None:
        raise AnchorRefused("anchor.distrusted_already")
    anchors.distrust(anchor, by=by)
    jobs.enqueue("verifier.tell_operators", "distrusted", anchor.subject, anchor.fingerprint, by.pk, lane="mail")


def standing(proposal: AnchorProposal) -> ShortForm:
    """How the proposed certificate stands to what is published in shortened form."""
    return short_form(certificate_format.parse(bytes(proposal.der)), Purpose(proposal.purpose))


def open_ones(at: datetime) -> Any:
    """Proposals that wait for a second operator."""
    return AnchorProposal.objects.open(at).select_related("proposed_by").order_by("pk")


def by_public_id(public_id: str) -> AnchorProposal | None:
    return AnchorProposal.objects.filter(public_id=public_id).first()


def believed() -> Any:
    """The anchors that production believes now."""
    return TrustAnchor.objects.filter(world=World.PRODUCTION.value, distrusted_at=None).order_by("purpose", "not_after")


def believed_by_fingerprint(fingerprint: str) -> TrustAnchor | None:
    return believed().filter(fingerprint=plain(fingerprint)).first()  # type: ignore[no-any-return]


def plain(fingerprint: str) -> str:
    """Without the colons and spaces that tools print, in lower case."""
    return "".join(fingerprint.replace(":", "").split()).lower()


def _require_same(given: str, actual: str) -> None:
    if plain(given) != actual:
        raise AnchorRefused("anchor.fingerprint_differs")


def _require_operator(by: Any) -> None:
    if not anchors.is_operator(by):
        raise AnchorRefused("anchor.not_an_operator")


def _hold(proposal: AnchorProposal, at: datetime) -> AnchorProposal:
    """Two who act on one proposal in the same second take turns."""
    held = AnchorProposal.objects.select_for_update(of=("self",)).open(at).filter(pk=proposal.pk).first()
    if held is None:
        raise AnchorRefused("anchor.proposal_over")
    return held


def _record(action: str, proposal: AnchorProposal, after: str, by: Any) -> None:
    audit.record(
        action, proposal, by=by, before={"state": "proposed"}, after={"state": after}, details=_facts(proposal)
    )


def _facts(proposal: AnchorProposal) -> dict[str, str]:
    return {"fingerprint": proposal.fingerprint, "purpose": proposal.purpose, "short_form": standing(proposal).value}


def _tell(proposal: AnchorProposal, event: str, by: Any) -> None:
    jobs.enqueue("verifier.tell_operators", event, proposal.subject, proposal.fingerprint, by.pk, lane="mail")
