"""Certificates that were proven before, so that the next signature under one costs one signature check and not two.

What is remembered is the outcome of the steps that rest on nothing but the certificate's bytes, the anchors and what
was asked: form, kind, issuer, the anchor's signature, the profile.  Validity, the signature and revocation are asked
every time.

A memory is bound to the very ``TrustStore`` it was made under, by identity: whoever builds another store, because an
anchor came or went, starts without memories, and stores of two environments never share any.  It is used only inside
the time in which every certificate that had a say in it is valid.  Bytes are compared whole, not by digest.  Only a
certificate that passed is remembered; a refusal is found anew each time.
"""

import threading
from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple

from verifier.pki.certificate import Certificate
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World
from verifier.validation.case import Plan
from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.trust import TrustAnchor, TrustStore
from verifier.validation.verdict import CertificateFinding, OcspNeeded

# A remembered certificate takes some 15 KiB.
DEFAULT_CAPACITY = 1024


# What a kind is told against: the environment's world, and what the caller asked for and the app declared.
Asked = tuple[World, Purpose | None, Medium | None]


class Seen(NamedTuple):
    """A certificate that a pinned anchor issued, and the ``plan`` of a judgement with the steps that told so.  It holds
    for what was ``asked``, from ``since`` to ``until``, both included (aware UTC)."""

    certificate: Certificate
    subject: PathCertificate
    kind: CertificateKind
    anchor: TrustAnchor
    finding: CertificateFinding
    responder_question: OcspNeeded
    plan: Plan
    asked: Asked
    since: datetime
    until: datetime


class SeenCertificates:
    """The certificates seen last, up to ``capacity`` of them; safe to share between threads."""

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[object, bytes], Seen] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._seen.clear()

    def __len__(self) -> int:
        return len(self._seen)

    def recall(self, der: bytes, *, trust: TrustStore, asked: Asked, at: datetime) -> Seen | None:
        """What was proven of these bytes under this very store, if it was for the same question and holds at ``at``
        (aware UTC)."""
        key = (trust.generation, der)
        with self._lock:
            found = self._seen.get(key)
            if found is None:
                return None
            self._seen.move_to_end(key)
        return found if found.asked == asked and found.since <= at <= found.until else None

    def remember(self, seen: Seen, *, trust: TrustStore) -> None:
        """Keep it, and let go of those that were not asked for the longest."""
        key = (trust.generation, seen.certificate.der)
        with self._lock:
            self._seen[key] = seen
            self._seen.move_to_end(key)
            while len(self._seen) > self._capacity:
                self._seen.popitem(last=False)
