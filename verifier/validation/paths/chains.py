"""Chains from a certificate up to an anchor, every link of them signed (RFC 4158, RFC 5280 section 6.1.3 (a) (1), (4)).

The issuer's name finds candidates; the key identifier rules out those that hold another key; the signature decides.
Anchors go before other certificates.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.work import Anchor, Case


@dataclass(frozen=True, slots=True)
class Chain:
    """``certificates`` run from the one issued by the anchor down to the one asked about, as RFC 5280 numbers them."""

    anchor: Anchor
    certificates: tuple[PathCertificate, ...]

    @property
    def target(self) -> PathCertificate:
        """The certificate asked about."""
        return self.certificates[-1]

    def index(self, position: int) -> int:
        """The position as refusals count it: 0 is the certificate asked about."""
        return len(self.certificates) - 1 - position


def chains(target: PathCertificate, case: Case, dead_ends: list[Refusal]) -> Iterator[Chain]:
    """Every signed chain, best candidates first.  Why a branch ended short of an anchor is added to ``dead_ends``.
    Raises ``WorkLimitReached``."""
    yield from _climb((target,), case, dead_ends)


def _climb(path: tuple[PathCertificate, ...], case: Case, dead_ends: list[Refusal]) -> Iterator[Chain]:
    case.work.step()
    top, index = path[-1], len(path) - 1
    anchors = [anchor for anchor in case.anchors if may_issue(anchor.certificate, top)]
    issuers = [issuer for issuer in case.certificates_of(top.issuer_key) if _is_new(issuer, path, case)]
    issuers = _ranked([issuer for issuer in issuers if may_issue(issuer, top)])
    proven = False
    for anchor in anchors:
        if case.work.is_signed_by(top, anchor.certificate):
            proven = True
            yield Chain(anchor, path[::-1])
    if issuers and len(path) >= case.settings.limits.depth:
        dead_ends.append(Refusal("path.too_deep", index))
        return
    for issuer in issuers:
        if case.work.is_signed_by(top, issuer):
            proven = True
            yield from _climb((*path, issuer), case, dead_ends)
    if not proven:
        dead_ends.append(_unproven(top, index, [*(anchor.certificate for anchor in anchors), *issuers]))


def may_issue(issuer: PathCertificate, certificate: PathCertificate) -> bool:
    """Name and key identifier do not speak against it (RFC 5280 section 6.1.3 (a) (4)); only a signature speaks for
    it."""
    return issuer.subject_key == certificate.issuer_key and issuer.answers_to(certificate.authority_key_id)


def _is_new(issuer: PathCertificate, path: tuple[PathCertificate, ...], case: Case) -> bool:
    """No name with the same key twice in a chain (RFC 4158 section 5.2), and no anchor a second time as a stranger."""
    if any(issuer == anchor.certificate for anchor in case.anchors):
        return False
    return all((item.subject_key, item.spki) != (issuer.subject_key, issuer.spki) for item in path)


def _ranked(issuers: list[PathCertificate]) -> list[PathCertificate]:
    """What cannot issue goes last, for it can only end in a refusal; so does the longer way over self-issued ones."""
    return sorted(issuers, key=lambda item: (not item.is_ca, item.is_self_issued))


def _unproven(certificate: PathCertificate, index: int, candidates: list[PathCertificate]) -> Refusal:
    if certificate.scheme is None:
        return Refusal("cert.algorithm", index, certificate.algorithm)
    if not candidates:
        return Refusal("cert.issuer_unknown", index)
    if not any(candidate.has_usable_key for candidate in candidates):
        return Refusal("cert.weak_key", index + 1)
    return Refusal("cert.bad_signature", index)
