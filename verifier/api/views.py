"""POST and GET verifications, POST signed-documents, POST certificates/inspect, POST challenges."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema

from portal import identifiers
from portal.api.base import LeanView
from portal.api.decoding import Fields
from portal.problems import Problem, language_of
from verifier import asking, services, signed_documents
from verifier.api import answers, document_shapes, kind_shapes, kinds, operation_words, shapes
from verifier.document_reading import Unreadable
from verifier.permissions import EntitlementMissing
from verifier.pki.certificate import MAX_CERTIFICATE_BYTES
from verifier.pki.profiles import Purpose
from verifier.services import EnvironmentNotReady
from verifier.validation.document_findings import Document

# The worker has been asked for the missing list; a fetch takes a second or two.
RETRY_AFTER_SECONDS = "5"


class VerifierView(LeanView):
    """What the verifier's operations share."""

    def environment(self, expected: str | None) -> Any:
        """The key's environment; a caller who names another one is stopped before anything is judged."""
        environment = services.environment_of(self.principal)
        if expected not in {None, environment.public_id, environment.kind}:
            raise Problem("env.mismatch", facts={"environment": environment.public_id})
        return environment

    def judged(self, verdict: str, data: dict[str, Any] | bytes, language: str) -> HttpResponse:
        headers = {"Retry-After": RETRY_AFTER_SECONDS} if verdict == "indeterminate" else {}
        return self.answer(data, language=language, headers=headers)


class CertificateKinds(LeanView):
    needs_key = False

    @extend_schema(
        operation_id="certificate_kinds",
        tags=["verification"],
        auth=[],
        responses=shapes.answers_200(kind_shapes.CERTIFICATE_KINDS, 400),
        **operation_words.words("certificate_kinds"),
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        return self.answer(kinds.table(language), language=language)


class VerificationCreate(VerifierView):
    @extend_schema(
        operation_id="verification_create",
        tags=["verification"],
        request={"application/json": shapes.VERIFICATION_REQUEST},
        responses=shapes.answers_200(shapes.VERIFICATION, 400, 401, 403, 409, 411, 413, 415, 422, 429),
        **operation_words.words("verification_create"),
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        asked = asking.decode(self.body())
        environment = self.environment(asked.environment)
        try:
            record = services.answer(self.principal, asked)
        except (EntitlementMissing, EnvironmentNotReady) as refused:
            raise _problem(refused) from None
        language = language_of(request)
        data = answers.of_new_verification(record, environment=environment, language=language)
        return self.judged(record.verdict, data, language)


class VerificationDetail(VerifierView):
    @extend_schema(
        operation_id="verification_retrieve",
        tags=["verification"],
        parameters=[
            OpenApiParameter("public_id", str, OpenApiParameter.PATH, **operation_words.parameter_words("public_id"))
        ],
        responses=shapes.answers_200(shapes.VERIFICATION, 401, 404, 429),
        **operation_words.words("verification_retrieve"),
    )
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        record = services.by_public_id(self.principal, public_id)
        if record is None:
            raise Problem("verification.not_found")
        language = language_of(request)
        environment = services.environment_of(self.principal)
        return self.answer(
            answers.of_verification(record, environment=environment, language=language), language=language
        )


class SignedDocumentCreate(VerifierView):
    @extend_schema(
        operation_id="signed_document_create",
        tags=["verification"],
        parameters=document_shapes.DOCUMENT_PARAMETERS,
        request=dict.fromkeys(document_shapes.DOCUMENT_TYPES, document_shapes.DOCUMENT_BODY),
        responses=shapes.answers_200(document_shapes.SIGNED_DOCUMENT, 400, 401, 403, 409, 411, 413, 415, 422, 429, 503),
        **operation_words.words("signed_document_create"),
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = _query(request.GET)
        request_id = fields.identifier("request_id")
        expected = fields.text("environment", max_length=30)
        source = asking.revocation_source(fields)
        fields.finish()
        environment = self.environment(expected)
        limit = settings.VERIFIER_DOCUMENT_MAX_BYTES
        document = Document(*self.file(document_shapes.DOCUMENT_TYPES, max_bytes=limit, too_large="document.too_large"))
        request_id = request_id or identifiers.new("req")
        try:
            judged = signed_documents.judge(self.principal, document, request_id=request_id, source=source)
        except (EntitlementMissing, EnvironmentNotReady) as refused:
            raise _problem(refused) from None
        except Unreadable as unreadable:
            raise _unreadable(unreadable) from None
        language = language_of(request)
        data = answers.of_document(judged, request_id=request_id, environment=environment, language=language)
        return self.judged(judged.decisive.verdict, data, language)


class CertificateInspect(VerifierView):
    @extend_schema(
        operation_id="certificate_inspect",
        tags=["verification"],
        request={"application/json": shapes.INSPECTION_REQUEST},
        responses=shapes.answers_200(shapes.INSPECTION, 400, 401, 403, 409, 411, 413, 415, 422, 429),
        **operation_words.words("certificate_inspect"),
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(self.body())
        certificate = fields.base64("certificate", max_bytes=MAX_CERTIFICATE_BYTES)
        expected = fields.text("environment", max_length=30)
        source = asking.revocation_source(fields)
        fields.finish()
        environment = self.environment(expected)
        try:
            verdict, at = services.inspect(self.principal, certificate, source=source)
        except (EntitlementMissing, EnvironmentNotReady) as refused:
            raise _problem(refused) from None
        language = language_of(request)
        data = answers.of_inspection(verdict, at=at, environment=environment, language=language)
        return self.judged(verdict.status.value, data, language)


class ChallengeCreate(VerifierView):
    @extend_schema(
        operation_id="challenge_create",
        tags=["verification"],
        request={"application/json": shapes.CHALLENGE_REQUEST},
        responses=shapes.answers_200(
            shapes.CHALLENGE, 400, 401, 403, 409, 411, 413, 415, 422, 429, said=_("The challenge.")
        ),
        **operation_words.words("challenge_create"),
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        fields = Fields(self.body())
        purpose = fields.choice("purpose", [purpose.value for purpose in Purpose])
        expected = fields.text("environment", max_length=30)
        fields.finish()
        environment = self.environment(expected)
        try:
            issued = services.issue_challenge(self.principal, Purpose(purpose))
        except (EntitlementMissing, EnvironmentNotReady) as refused:
            raise _problem(refused) from None
        return self.answer(answers.of_challenge(issued, environment=environment))


def _problem(refused: Exception) -> Problem:
    if isinstance(refused, EntitlementMissing):
        return Problem("provider.not_entitled", facts={"reason": refused.code})
    return Problem("env.not_ready")


def _query(query: QueryDict) -> Fields:
    """The query's parameters; of one that is repeated nobody knows which is meant."""
    fields = Fields(query.dict())
    for name, values in query.lists():
        if len(values) > 1:
            fields.wrong(name, "field.repeated")
    return fields


def _unreadable(unreadable: Unreadable) -> Problem:
    busy = {"Retry-After": "1"} if unreadable.code == "document.busy" else {}
    return Problem(unreadable.code, headers=busy, facts={"met": unreadable.detail} if unreadable.detail else {})
