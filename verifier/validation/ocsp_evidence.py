"""What responders said, as the last step reads it: evidence, or why there is none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from verifier.pki.profiles import MediumGroup
from verifier.pki.reasons import RevocationReason
from verifier.validation.verdict import RevocationStatus


class NonceRule(StrEnum):
    """``REQUIRED``: sent, and must come back.  ``ALLOWED``: sent, and an answer without one will do (RFC 6960 section
    4.4.1).  ``NEVER``: not sent, as responders of ready-made answers want it (RFC 5019 section 4)."""

    REQUIRED = "required"
    ALLOWED = "allowed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class OcspRules:
    """What an OCSP profile asks of an answer.

    ``max_age``: how old thisUpdate may be where nextUpdate is absent.  ``skew``: by how much the responder's clock may
    differ from ours.  ``delegate_life``: how long a responder certificate with id-pkix-ocsp-nocheck may live, at most;
    a longer one needs a status of its own.
    """

    nonce: NonceRule
    max_age: timedelta
    skew: timedelta
    delegate_life: timedelta


@dataclass(frozen=True, slots=True)
class OcspEvidence:
    """An answer that passed ``ocsp_answers.accept``.

    ``status`` is GOOD, REVOKED, ON_HOLD or UNKNOWN.  Times are aware UTC; the answer counts up to ``good_until``, and a
    final revocation always.  ``responder`` is a label for people; ``nonce_matched`` is None if no nonce was sent.
    """

    status: RevocationStatus
    reason: RevocationReason | None
    revoked_at: datetime | None
    produced_at: datetime
    this_update: datetime
    next_update: datetime | None
    good_until: datetime
    fetched_at: datetime
    responder: str
    nonce_matched: bool | None
    cached: bool = False

    def is_fresh(self, at: datetime) -> bool:
        """True up to ``good_until``, that moment included.  When it begins to count was judged on acceptance."""
        return at <= self.good_until

    @property
    def is_final(self) -> bool:
        """True for a revocation that nothing undoes (RFC 5280 section 5.3.1)."""
        return self.status is RevocationStatus.REVOKED


@dataclass(frozen=True, slots=True)
class OcspFailure:
    """No answer to go by: ``status`` is STALE, UNKNOWN or UNAVAILABLE, ``code`` says why (``ocsp.…``, ``fetch.…``)."""

    status: RevocationStatus
    code: str
    responder: str


class OcspAnswers(Protocol):
    """What is at hand from the responders of one environment."""

    def has_responder(self, anchor_id: str, group: MediumGroup) -> bool:
        """Whether anybody can be asked about this anchor's certificates of this medium."""
        ...

    def find(self, anchor_id: str, group: MediumGroup, serial: int) -> OcspEvidence | OcspFailure | None:
        """What was said, None if nobody was asked yet."""
        ...


class NoAnswers:
    """An environment without responders."""

    def has_responder(self, anchor_id: str, group: MediumGroup) -> bool:
        return False

    def find(self, anchor_id: str, group: MediumGroup, serial: int) -> OcspEvidence | OcspFailure | None:
        return None


NO_ANSWERS = NoAnswers()
