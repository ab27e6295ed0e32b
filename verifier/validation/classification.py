"""Which kind of certificate is this?  Told by three witnesses: the policy OID, the issuer's name, and the medium that
the app's answer declared (Digital Agency briefing, June 2022: card and phone are told apart by certificate parameters
or by the parameter the app returns).  Witnesses that contradict each other are a refusal, never a vote.

Nothing is proven here: the certificate is only read.  The proof follows in later steps, against anchors of the kind
told here.
"""

from typing import NamedTuple

from verifier.pki import names, oids
from verifier.pki.certificate import Certificate
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World, ca_name, kind_for_policy
from verifier.validation.paths.refusal import Refusal

_CA_BY_NAME = {names.normalised(ca_name(purpose, world)): (purpose, world) for purpose in Purpose for world in World}
_WRONG_WORLD = {World.SANDBOX: "env.sandbox_certificate", World.PRODUCTION: "env.production_certificate"}


class Classification(NamedTuple):
    """``kind`` is set, or ``refusal`` says why there is none; ``rule`` names what was broken then."""

    kind: CertificateKind | None
    refusal: Refusal | None = None
    rule: str = ""


def classify(
    certificate: Certificate, *, world: World, purpose: Purpose | None, declared_medium: Medium | None
) -> Classification:
    """Tell the kind of a certificate that was shown to an environment of ``world``.

    ``purpose`` is what the caller asked to verify, None when only looking; ``declared_medium`` is what the app said,
    None if it said nothing.  Codes: ``env.sandbox_certificate``, ``env.production_certificate`` (the certificate's
    own world is not this one), ``cert.unknown_kind`` (no known policy, several, or one that contradicts the issuer),
    ``cert.wrong_kind`` (not the purpose asked), ``cert.medium_contradiction``.
    """
    issuer = _CA_BY_NAME.get(certificate.issuer_key)
    kinds = [kind for kind in map(kind_for_policy, certificate.policies) if kind is not None]
    if issuer is not None and issuer[1] is not world:
        return _no(_WRONG_WORLD[issuer[1]], "issuer_is_of_this_world", None)
    for kind in kinds:
        if kind.world is not world:
            return _no(_WRONG_WORLD[kind.world], "policy_is_of_this_world")
    if len(kinds) != 1:
        return _no("cert.unknown_kind", "policy_names_one_kind")
    kind = kinds[0]
    if issuer != (kind.purpose, kind.world):
        return _no("cert.unknown_kind", "issuer_goes_with_the_policy", None)
    if purpose is not None and kind.purpose is not purpose:
        return _no("cert.wrong_kind", "purpose_is_the_one_asked_for")
    if declared_medium is not None and kind.medium is not declared_medium:
        return _no("cert.medium_contradiction", "medium_is_the_one_declared")
    return Classification(kind)


def _no(code: str, rule: str, oid: str | None = oids.CERTIFICATE_POLICIES) -> Classification:
    return Classification(None, Refusal(code, 0, oid), rule)
