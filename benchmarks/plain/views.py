"""What anybody would write first: one RSA-2048 verification, and where a record is due one INSERT."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

_key = rsa.generate_private_key(65537, 2048)
_public_key = _key.public_key()
_MESSAGE = bytes(range(256)) * 4
_signature = _key.sign(_MESSAGE, PKCS1v15(), SHA256())
# By hand and not by the ORM: the floor should be low.
_INSERT = "INSERT INTO plain_judgement (request_id, verdict, message, created_at) VALUES (%s, %s, %s, %s)"


def judge_and_keep(request: HttpRequest) -> HttpResponse:
    """Takes the body that the site's verification takes and keeps a row; the signature is one of its own."""
    body = json.loads(request.body)
    message = base64.b64decode(body["message"])
    _public_key.verify(_signature, _MESSAGE, PKCS1v15(), SHA256())
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [body["request_id"], "valid", message, now])
    return JsonResponse({"request_id": body["request_id"], "verdict": "valid"})


def judge(request: HttpRequest) -> HttpResponse:
    _public_key.verify(_signature, _MESSAGE, PKCS1v15(), SHA256())
    return JsonResponse({"verdict": "valid"})
