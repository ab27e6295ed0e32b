"""POST and GET verifications, POST certificates/inspect, POST challenges."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema

from portal.api.base import LeanView
from portal.api.decoding import Fields
from portal.problems import Problem, language_of
from verifier import asking, services
from verifier.api import answers, kinds, shapes
from verifier.permissions import EntitlementMissing
from verifier.pki.certificate import MAX_CERTIFICATE_BYTES
from verifier.pki.profiles import Purpose
from verifier.services import EnvironmentNotReady

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
        responses=shapes.answers_200(shapes.CERTIFICATE_KINDS, 400),
        **shapes.words("certificate_kinds"),
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
        **shapes.words("verification_create"),
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
        parameters=[OpenApiParameter("public_id", str, OpenApiParameter.PATH, **shapes.parameter_words("public_id"))],
        responses=shapes.answers_200(shapes.VERIFICATION, 401, 404, 429),
        **shapes.words("verification_retrieve"),
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


class CertificateInspect(VerifierView):
    @extend_schema(
        operation_id="certificate_inspect",
        tags=["verification"],
        request={"application/json": shapes.INSPECTION_REQUEST},
        responses=shapes.answers_200(shapes.INSPECTION, 400, 401, 403, 409, 411, 413, 415, 422, 429),
        **shapes.words("certificate_inspect"),
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
        **shapes.words("challenge_create"),
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
