"""What only a worker opens, and what nobody rewrites."""

import jwt
import pytest
from django.db import DatabaseError, connection, transaction

from portal import custody
from portal.audit import services as audit
from portal.audit.models import AuditEvent
from portal.environments import services as environments
from portal.signing import services as signing
from portal.signing.models import SigningKey


def test_sealed_bytes_open_only_in_their_context():
    sealed = custody.seal(b"secret", context="row 1")
    assert custody.unseal(sealed, context="row 1") == b"secret"
    with pytest.raises(custody.CustodyUnavailable):
        custody.unseal(sealed, context="row 2")
    with pytest.raises(custody.CustodyUnavailable):
        custody.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), context="row 1")


def test_without_the_key_nothing_opens(settings):
    sealed = custody.seal(b"secret", context="row 1")
    settings.CUSTODY_KEY = None
    with pytest.raises(custody.CustodyUnavailable):
        custody.unseal(sealed, context="row 1")
    with pytest.raises(custody.CustodyUnavailable):
        custody.seal(b"secret", context="row 1")


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE audit_auditevent SET action = 'x'", "DELETE FROM audit_auditevent"])
def test_the_database_refuses_to_rewrite_the_trail(statement):
    audit.record("test.happened", environments.production(), by="test")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().action == "test.happened"


@pytest.mark.django_db
def test_keys_are_made_once_and_a_web_key_is_certified_by_the_site_key():
    assert {key.purpose for key in signing.rotate()} == {"site", "list", "log", "audit", "lookup"}
    assert signing.rotate() == []
    published = {key["purpose"]: key for key in signing.jwks()["keys"]}
    site = jwt.PyJWK(published["site"])
    claims = jwt.decode(published["lookup"]["certification"], site.key, algorithms=["ES256"])
    assert claims["key"]["x"] == published["lookup"]["x"]
    assert claims["exp"] - claims["nbf"] <= 24 * 3600


@pytest.mark.django_db
def test_the_web_cannot_sign_for_the_list(settings):
    signing.rotate()
    settings.CUSTODY_KEY = None
    with pytest.raises(custody.CustodyUnavailable):
        signing.worker_signer("list")
    assert signing.web_signer("lookup").sign({"a": 1})


@pytest.mark.django_db
def test_an_ended_web_key_is_forgotten_and_replaced():
    signing.rotate()
    SigningKey.objects.filter(purpose="lookup").update(not_after="2020-01-01T00:00:00Z")
    (made,) = signing.rotate()
    assert made.purpose == "lookup"
    assert SigningKey.objects.exclude(web_key="").count() == 1
