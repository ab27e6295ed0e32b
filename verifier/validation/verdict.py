"""What comes out of a judgement: frozen values with stable codes, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from cryptography import x509

from verifier.pki.profiles import KINDS_VERSION, CertificateKind, MediumGroup
from verifier.pki.reasons import RevocationReason

JsonValue = str | int | bool | None


class Status(StrEnum):
    """``INDETERMINATE`` is not "probably fine": evidence is missing, and until it is there the caller must refuse."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"


class StepResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    NOT_RUN = "not_run"


class Step(NamedTuple):
    """One check: its id, how it went, why (``ok`` when passed, empty when not run), and what it looked at (flat JSON
    values).
    """

    id: str
    result: StepResult
    code: str
    looked_at: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class CrlNeeded:
    """Evidence that would decide: the list that this issuer *key* signs for this distribution point (normalised DER
    name).

    Stated only after the certificate is proven to come from a pinned anchor, so a made-up certificate cannot ask for
    anything. ``dp_label`` is the name for people and logs.
    """

    issuer_key_id: bytes
    dp_name: bytes
    dp_label: str


class OcspNeeded(NamedTuple):
    """Evidence that would decide: what the responder of this medium says about this serial of this anchor.

    Stated, as above, for proven certificates only.  ``issuer_name`` is the issuer as the certificate encodes it,
    ``not_after`` its end.
    """

    anchor_id: str
    group: MediumGroup
    issuer_name: x509.Name
    serial: int
    not_after: datetime

    def __repr__(self) -> str:
        """Without the serial, which is protected data."""
        return f"OcspNeeded({self.anchor_id}, {self.group})"


# Evidence that would decide.  Another kind of evidence is another member of this union.
Need = CrlNeeded | OcspNeeded


class RevocationStatus(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    ON_HOLD = "on_hold"
    MISSING = "missing"
    STALE = "stale"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"


class RevocationSource(StrEnum):
    """Where the caller wants to have it from.  ``AUTOMATIC``: a fresh list if there is one, else the responder."""

    AUTOMATIC = "automatic"
    CRL = "crl"
    OCSP = "ocsp"


class RevocationFinding(NamedTuple):
    """The answer about revocation and the list or OCSP response it rests on.  Times are aware UTC; its fields are None
    when there is none.

    ``age_seconds`` counts from thisUpdate to the moment of judgement.  ``reason`` and ``revoked_at`` are set for
    revoked and on hold.  ``number`` and ``distribution_point`` are a list's; ``responder`` (a label),
    ``produced_at``, ``nonce_matched`` (None if no nonce was sent) and ``cached`` are an OCSP response's.  ``detail``
    is the code that tells why the responder gave no answer to go by.
    """

    status: RevocationStatus
    distribution_point: str | None = None
    number: int | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None
    age_seconds: int | None = None
    fetched_at: datetime | None = None
    source: str | None = None
    reason: RevocationReason | None = None
    revoked_at: datetime | None = None
    responder: str | None = None
    produced_at: datetime | None = None
    nonce_matched: bool | None = None
    cached: bool | None = None
    detail: str | None = None


class CertificateFinding(NamedTuple):
    """What may be told about the certificate.  ``told_by`` maps ``policy_oid``, ``issuer``, ``declared_medium`` to
    what was seen.

    ``kind`` is None until the ``kind`` step has passed.  Serial numbers are protected data and are left out on purpose.
    """

    fingerprint_sha256: str
    not_before: datetime
    not_after: datetime
    kind: CertificateKind | None
    told_by: Mapping[str, str | None]


class Verdict(NamedTuple):
    """A judgement.  ``code`` is ``ok`` or that of the step that failed; ``retryable`` is True if fresh evidence may
    change it.

    ``steps`` lists every step in order, the unrun ones too; ``needs`` is the evidence that would decide;
    ``anchor_id`` is the anchor whose key proved the certificate, None before that; ``kinds_version`` is the version of
    the table by which kinds are told.
    """

    status: Status
    code: str
    retryable: bool
    steps: tuple[Step, ...]
    needs: tuple[Need, ...]
    certificate: CertificateFinding | None
    revocation: RevocationFinding | None
    anchor_id: str | None
    kinds_version: str = KINDS_VERSION

    @property
    def kind(self) -> CertificateKind | None:
        """Purpose, medium and world of the certificate, once told."""
        return self.certificate.kind if self.certificate else None
