"""Is this certificate valid under one of these anchors?  RFC 5280 section 6: build chains, check each, ask for
revocation last.

Pure: certificates, lists, anchors and the moment are arguments, refusals are values.  Nothing is fetched and no
address in a certificate is looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from verifier.validation.paths import checking, revocation_status
from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.chains import Chain, chains
from verifier.validation.paths.refusal import Refusal, gravest
from verifier.validation.paths.revocation_list import RevocationList
from verifier.validation.paths.settings import PathSettings
from verifier.validation.paths.work import Anchor, Case, WorkLimitReached

# A status of the certificate asked about is its issuer's word; another way up to the same issuer cannot change it.
_LAST_WORD = frozenset(("cert.revoked", "cert.on_hold"))


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """Valid if and only if ``refusal`` is None.

    Then ``chain`` is the chain that proves it and ``policies`` are user-constrained policies (dotted OIDs, empty where
    none was required and none is common to the chain).
    """

    refusal: Refusal | None
    chain: Chain | None = None
    policies: frozenset[str] = frozenset()

    @property
    def is_valid(self) -> bool:
        """True if a chain was found that breaks no rule."""
        return self.refusal is None


def validate(
    target: PathCertificate,
    *,
    anchors: Iterable[Anchor],
    settings: PathSettings,
    certificates: Iterable[PathCertificate] = (),
    lists: Iterable[RevocationList] = (),
) -> PathVerdict:
    """Judge ``target`` at ``settings.at``.

    ``anchors`` are believed; ``certificates`` (intermediates, signers of lists) and ``lists`` are not, and may be
    anybody's.  The first chain without fault decides.  If there is none, the refusal is the gravest over all chains.
    """
    case = Case.of(anchors, certificates, lists, settings)
    refusals: list[Refusal] = []
    dead_ends: list[Refusal] = []
    try:
        for chain in chains(target, case, dead_ends):
            outcome = _judge(chain, case)
            if not isinstance(outcome, Refusal):
                return PathVerdict(None, chain, outcome)
            refusals.append(outcome)
            if outcome.index == 0 and outcome.code in _LAST_WORD:
                break
    except WorkLimitReached:
        refusals.append(Refusal("path.work_limit", 0))
    return PathVerdict(gravest([*refusals, *dead_ends]))


def _judge(chain: Chain, case: Case) -> frozenset[str] | Refusal:
    policies = checking.check(chain, case.settings)
    if isinstance(policies, Refusal) or not case.settings.check_revocation:
        return policies
    return revocation_status.refusal_of(chain, case) or policies
