"""The signature of one CMS signer: over its signed attributes, which hold the hash of the content."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from verifier.pki import cms
from verifier.pki.certificate import Certificate
from verifier.pki.cms import Signer
from verifier.pki.signature_schemes import RSA_SCHEMES, SignatureScheme
from verifier.validation import cms_attributes
from verifier.validation.cms_algorithms import RefusedAlgorithm, scheme_of
from verifier.validation.diagnosis import code_of, diagnose
from verifier.validation.message_signature import refusal
from verifier.validation.outcome import Outcome
from verifier.validation.signature_value import Content, is_made_by
from verifier.validation.verdict import JsonValue


@dataclass(frozen=True, slots=True)
class CmsSignature:
    """``signer`` of the container ``data`` is said to have signed ``content``, of the type ``content_type``."""

    data: bytes = field(repr=False)
    signer: Signer = field(repr=False)
    content: Content = field(repr=False)
    content_type: str

    @property
    def parts(self) -> tuple[bytes, ...]:
        """The container as received, then the content."""
        return self.data, self.content.octets

    def check(self, holder: Certificate, allowed: frozenset[SignatureScheme] = RSA_SCHEMES) -> Outcome:
        """``ok``, a code with the prefix ``cms.`` for what the attributes say, or one with ``sig.``."""
        looked_at: dict[str, JsonValue] = {
            "signed": "attributes",
            "message_bytes": len(self.content.octets),
            "signature_bytes": len(self.signer.signature),
            "signed_attributes": len(self.signer.signed_attributes or ()),
            "signing_certificate": "named" if cms_attributes.names_its_certificate(self.signer) else "absent",
            "unsigned_attributes": f"{self.signer.unsigned_attributes} ignored",
        }
        try:
            scheme = scheme_of(self.signer, _curve(holder))
            looked_at["scheme"] = scheme.name
            violation = cms_attributes.first_violation(self.signer, self.content, self.content_type, holder)
        except RefusedAlgorithm as refused:
            return Outcome(refused.code, looked_at)
        if violation is not None:
            return Outcome(violation[0], looked_at | {"rule": violation[1]})
        return self._value(holder, scheme, allowed, looked_at)

    def _value(
        self,
        holder: Certificate,
        scheme: SignatureScheme,
        allowed: frozenset[SignatureScheme],
        looked_at: dict[str, JsonValue],
    ) -> Outcome:
        refused = refusal(holder, scheme, allowed)
        if refused is not None:
            return Outcome(refused, looked_at)
        signed = Content(cms.set_of(self.signer.signed_attributes or ()))
        if is_made_by(holder.public_key, self.signer.signature, signed, scheme):
            return Outcome("ok", looked_at)
        found = diagnose(holder.public_key, self.signer.signature, signed, scheme)
        return Outcome(code_of(found), looked_at | {"found": found})


def _curve(holder: Certificate) -> str | None:
    key = holder.public_key
    return key.curve.name if isinstance(key, EllipticCurvePublicKey) else None
