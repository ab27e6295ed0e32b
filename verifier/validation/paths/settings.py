"""What the caller decides about a validation: the inputs of RFC 5280 section 6.1.1, the kinds of list it takes, and
how much work one certificate may cost."""

from dataclasses import dataclass, field
from datetime import datetime

from verifier.pki.oids import ANY_POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on the work that hostile certificates and lists can cause; every one of them refuses, none accepts.

    ``depth`` counts certificates below the anchor, the one asked about included.  ``signature_checks`` counts public
    key operations of the whole validation, lists and their signers included; ``steps`` counts links followed and lists
    weighed, because CAs that certify each other in a ring make many chains out of few signatures.  ``policies`` bounds
    policies, and mappings, per certificate: the graph of them grows with a product, which can be large too.  ``names``
    bounds names, and name constraints, per certificate.
    """

    depth: int = 8
    signature_checks: int = 64
    steps: int = 256
    policies: int = 64
    names: int = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class PathSettings:
    """``at`` is the moment of judgement, aware UTC.

    ``initial_policies`` is user-initial-policy-set in dotted OIDs; ``explicit_policy``, ``inhibit_mapping`` and
    ``inhibit_any`` are the initial values of RFC 5280 section 6.1.1 (d) to (f).  ``check_revocation`` off leaves
    out section 6.3 altogether, for callers who judge revocation themselves.  ``indirect_crls`` and ``delta_crls``
    admit these two kinds of list; JPKI issues neither, and a kind that is never issued is best not understood.
    ``purposes`` are the key purposes that would do (RFC 5280 section 4.2.1.12), any one of them: a certificate of the
    chain that restricts its key to others is refused.  None where the caller's purpose is none of the standard's;
    then a critical extendedKeyUsage is one that cannot be honoured.
    ``lists_name_their_point`` leaves out lists without a distribution point of their own: where card, phone and
    municipalities have a list each, one that claims to speak for all would let any of them answer for the others.

    Raises ``ValueError`` for a naive ``at``.
    """

    at: datetime
    initial_policies: frozenset[str] = frozenset((ANY_POLICY,))
    explicit_policy: bool = False
    inhibit_mapping: bool = False
    inhibit_any: bool = False
    purposes: frozenset[str] | None = None
    check_revocation: bool = True
    indirect_crls: bool = False
    delta_crls: bool = False
    lists_name_their_point: bool = False
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("`at` must be an aware UTC datetime")
