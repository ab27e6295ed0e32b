"""CRL distribution points and OCSP responders of the sandboxes, in a web process of their own.

They serve what workers signed. Only OCSP answers are signed here, with a responder's delegated key that lives a day at
most (RFC 6960, 4.2.2.2); a CA key is never within reach. HTTP dates are real time, lists and answers the sandbox's.
"""

import base64
import binascii
import urllib.parse
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_http_methods, require_safe

from portal.environments import services as environments
from portal.environments.models import Environment
from testenv import services
from testenv.ca import ocsp_building
from testenv.ca.ocsp_building import Found, MalformedQuestion, Responder
from testenv.models import CertificateAuthority, IssuedCertificate, OcspResponderKey, PublishedCrl
from verifier.pki.profiles import Medium, MediumGroup, Purpose

ANSWER_LIFE = timedelta(hours=1)
_PRACTICE_STATEMENT = """\
Sandbox certificates (JPKI-SANDBOX)

Every certificate whose policy points here was issued by the test environment of this site for practice.
It is an emulation: not issued by J-LIS, not a certificate of the public personal authentication service (JPKI), and
worth nothing outside the sandbox it was made for. All holders are invented.

試験用の証明書です。公的個人認証サービスの電子証明書ではありません。
"""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("Not found\n", status=404, content_type="text/plain")


def _latest(request: HttpRequest, env: str, purpose: str, group: MediumGroup) -> PublishedCrl | None:
    environment = environments.by_public_id(env)
    if environment is None or environment.is_production:
        return None
    return services.latest_list(environment, Purpose(purpose), group)


def _list_tag(request: HttpRequest, env: str, purpose: str, group: MediumGroup) -> str | None:
    found = _latest(request, env, purpose, group)
    return None if found is None else f'"{env}-{purpose}-{group}-{found.number}"'


def _list_time(request: HttpRequest, env: str, purpose: str, group: MediumGroup) -> datetime | None:
    found = _latest(request, env, purpose, group)
    return None if found is None else found.published_at


@require_safe
@condition(etag_func=_list_tag, last_modified_func=_list_time)
def revocation_list(request: HttpRequest, env: str, purpose: str, group: MediumGroup) -> HttpResponse:
    """The latest list (DER, RFC 2585); may be kept, but is to be asked for again before use: a hold is urgent."""
    found = _latest(request, env, purpose, group)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.der), content_type="application/pkix-crl")
    patch_cache_control(response, public=True, no_cache=True)
    return response


@require_safe
def authority_certificate(request: HttpRequest, env: str, purpose: str) -> HttpResponse:
    """The CA certificate, PEM."""
    row = CertificateAuthority.objects.filter(environment__public_id=env, purpose=purpose).first()
    if row is None:
        raise Http404
    pem = x509.load_der_x509_certificate(bytes(row.der)).public_bytes(serialization.Encoding.PEM)
    response = HttpResponse(pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = f'attachment; filename="{env}-{purpose}.pem"'
    return response


@require_safe
def practice_statement(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_PRACTICE_STATEMENT, content_type="text/plain; charset=utf-8")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ocsp(request: HttpRequest, env: str, purpose: str, group: MediumGroup, encoded: str | None = None) -> HttpResponse:
    """OCSP over HTTP (RFC 6960, appendix A): GET with the request in the path, or POST."""
    key = _responder_key(env, purpose, group)
    try:
        question = ocsp_building.read_question(_asked(request, encoded))
    except (MalformedQuestion, ValueError):
        return _ocsp_response(ocsp_building.malformed_request())
    environment = key.authority.environment
    at = environments.now(environment)
    if not key.not_before <= at <= key.not_after:
        return _ocsp_response(ocsp_building.try_later())
    return _ocsp_response(
        ocsp_building.answer(
            question,
            _found(key.authority, question.serial),
            responder=_responder(key, group),
            produced_at=at,
            this_update=at,
            next_update=min(at + ANSWER_LIFE, key.not_after),
        )
    )


def _responder_key(env: str, purpose: str, group: MediumGroup) -> OcspResponderKey:
    rows = OcspResponderKey.objects.select_related("authority__environment")
    row = rows.filter(
        authority__environment__public_id=env,
        authority__environment__kind=Environment.Kind.SANDBOX,
        authority__purpose=purpose,
        medium_group=group,
    ).first()
    if row is None:
        raise Http404
    return row


def _asked(request: HttpRequest, encoded: str | None) -> bytes:
    if request.method == "POST":
        if int(request.headers.get("Content-Length") or 0) > ocsp_building.LARGEST_REQUEST:
            raise MalformedQuestion("too long")
        return request.read(ocsp_building.LARGEST_REQUEST + 1)
    try:
        return base64.b64decode(urllib.parse.unquote(encoded or ""), validate=True)
    except binascii.Error as problem:
        raise MalformedQuestion(str(problem)) from problem


def _responder(row: OcspResponderKey, group: MediumGroup) -> Responder:
    key = serialization.load_pem_private_key(row.key_pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Responder(
        issuer=x509.load_der_x509_certificate(bytes(row.authority.der)),
        group=group,
        certificate=x509.load_der_x509_certificate(bytes(row.der)),
        private_key=key,
    )


def _found(authority: CertificateAuthority, serial: int) -> Found | None:
    if not 0 < serial < 2**63:
        return None
    row = IssuedCertificate.objects.filter(authority=authority, serial=serial).first()
    return None if row is None else Found(Medium(row.medium).group, row.standing)


def _ocsp_response(der: bytes) -> HttpResponse:
    response = HttpResponse(der, content_type="application/ocsp-response")
    patch_cache_control(response, no_store=True)
    return response
