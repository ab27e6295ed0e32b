"""Judge a signed document: every signature in it by the judge of all signatures, each with a record of its own."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.environments import services as environments
from portal.providers.services import ApiPrincipal
from verifier import document_reading, services
from verifier.models import NewVerification
from verifier.validation.document_findings import Document, Found
from verifier.validation.document_signatures import questions
from verifier.validation.envelope import Envelope, open_each
from verifier.validation.verdict import RevocationSource, Status

# The worst of them speaks for the document.
_ORDER = (Status.INVALID, Status.INDETERMINATE, Status.VALID)


class JudgedDocument(NamedTuple):
    """The verifications of its signatures in the order of signing; ``timestamps`` counts what was not judged."""

    document: Document
    verifications: tuple[NewVerification, ...]
    timestamps: int

    @property
    def decisive(self) -> NewVerification:
        """The first of the worst: a document is worth what its worst signature is."""
        return min(self.verifications, key=lambda record: _ORDER.index(Status(record.verdict)))


def judge(principal: ApiPrincipal, document: Document, *, request_id: str, source: RevocationSource) -> JudgedDocument:
    """Judge every signature of the document at one moment, the environment's present one, and keep a record of each
    under the same ``request_id``. The document itself is kept nowhere.

    Raises services' EntitlementMissing and EnvironmentNotReady before anything is read, and
    document_reading.Unreadable.
    """
    services.require_able(principal)
    found, timestamps = _signatures(document)
    at = environments.now(services.environment_of(principal))
    asked = questions(document, found)
    records = [services.verify(principal, each, request_id=request_id, at=at, source=source) for each in asked]
    return JudgedDocument(document, tuple(records), timestamps)


def _signatures(document: Document) -> tuple[Sequence[Found | Envelope], int]:
    """CMS is read by the house itself (decision 0017), everything else by a process of its own."""
    return (open_each(document.octets), 0) if document.format == "cms" else document_reading.read(document)
