"""The answer's shape, made from the record, so that the first answer and a later look at it are the same."""

import base64
from typing import Any

from portal import problems
from verifier import reason_words, verdict_facts
from verifier.messages import verdict_words
from verifier.models import Challenge, NewVerification, Verification
from verifier.signed_documents import JudgedDocument
from verifier.validation.verdict import Verdict
from verifier.verdict_facts import moment


def of_verification(record: Verification, *, environment: Any, language: str) -> dict[str, Any]:
    return {
        **_frame(record, environment, language),
        "certificate": record.certificate,
        "steps": record.steps,
        "revocation": record.revocation,
    }


def of_new_verification(record: NewVerification, *, environment: Any, language: str) -> bytes:
    """The same as JSON, with the very texts just recorded: the larger part, which nobody needs to encode twice."""
    certificate, steps, revocation = record.facts_as_json
    facts = f', "certificate": {certificate}, "steps": {steps}, "revocation": {revocation}}}'
    return problems.encode(_frame(record, environment, language))[:-1] + facts.encode()


def _frame(record: Verification | NewVerification, environment: Any, language: str) -> dict[str, Any]:
    return {
        "id": record.public_id,
        "request_id": record.request_id,
        **_judgement(record.verdict, record.code, environment, language),
        "purpose": record.purpose,
        "verified_at": moment(record.verified_at),
        "kinds_version": record.kinds_version,
        **_to_the_holder(record.revocation, record.medium, language),
        **_virtual_time(environment),
    }


def of_document(judged: JudgedDocument, *, request_id: str, environment: Any, language: str) -> bytes:
    """The document's verdict, which is that of its worst signature, and the verifications as they are told alone."""
    decisive = judged.decisive
    frame = {
        "request_id": request_id,
        **_judgement(decisive.verdict, decisive.code, environment, language),
        "document": {
            "format": judged.document.format,
            "bytes": len(judged.document.octets),
            "sha256": judged.document.sha256,
            "timestamps": judged.timestamps,
        },
    }
    told = [of_new_verification(each, environment=environment, language=language) for each in judged.verifications]
    return problems.encode(frame)[:-1] + b', "verifications": [' + b", ".join(told) + b"]}"


def of_inspection(verdict: Verdict, *, at: Any, environment: Any, language: str) -> dict[str, Any]:
    revocation = verdict_facts.of_revocation(verdict)
    return {
        **_judgement(verdict.status.value, verdict.code, environment, language),
        "certificate": verdict_facts.of_certificate(verdict),
        "steps": verdict_facts.of_steps(verdict),
        "revocation": revocation,
        "verified_at": moment(at),
        "kinds_version": verdict.kinds_version,
        **_to_the_holder(revocation, verdict.kind.medium.value if verdict.kind else "", language),
        **_virtual_time(environment),
    }


def _judgement(verdict: str, code: str, environment: Any, language: str) -> dict[str, Any]:
    return {
        "environment": {"id": environment.public_id, "kind": environment.kind},
        "verdict": verdict,
        "code": code,
        "title": verdict_words.title(code, language),
        "retryable": verdict == Verification.Verdict.INDETERMINATE,
    }


def _to_the_holder(revocation: dict[str, Any] | None, medium: str, language: str) -> dict[str, Any]:
    """Present only beside a reason: what it means in JPKI, and what the holder can do, by medium."""
    reason = revocation["reason"] if revocation else None
    words = reason_words.told(reason, medium.partition("_")[0], language) if reason else {}
    return {"to_the_holder": words} if words else {}


def _virtual_time(environment: Any) -> dict[str, Any]:
    """Present only in an environment whose clock was moved."""
    return {"virtual_time": {"offset_seconds": environment.clock_offset}} if environment.clock_offset else {}


def of_challenge(issued: Challenge, *, environment: Any) -> dict[str, Any]:
    """A challenge for its owner, with the bytes to be signed. Times are real ones, whatever the environment's clock."""
    return {
        "challenge_id": issued.public_id,
        "challenge": base64.b64encode(bytes(issued.value)).decode(),
        "purpose": issued.purpose,
        "environment": {"id": environment.public_id, "kind": environment.kind},
        "issued_at": moment(issued.issued_at),
        "expires_at": moment(issued.expires_at),
    }
