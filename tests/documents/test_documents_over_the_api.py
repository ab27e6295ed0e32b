"""POST signed-documents: PDF and XML signatures, what they cover, and what was done to them afterwards."""

from typing import Any

import pytest

from tests.documents.made import a_pdf, changed_pdf, signed_pdf, signed_xml
from tests.pure.pki.forge import rsa_key
from tests.verifier.bench import HELD, LIFE, Bench, a_bench, crl
from tests.verifier.test_verification_api import held_to_document
from verifier.models import Verification
from verifier.pki.profiles import Medium

pytestmark = pytest.mark.django_db


def test_x() -> None:
    bench = a_bench()
    c = bench.ca.issue(Medium.PHONE_ANDROID, **LIFE)
    r = bench.client.post("/api/v1/signed-documents", signed_pdf(a_pdf(), c), content_type="application/pdf", headers={"Authorization": f"Bearer {bench.key}"})
    print(r.status_code, r.json())
    r = bench.client.post("/api/v1/signed-documents", signed_xml(c), content_type="application/xml", headers={"Authorization": f"Bearer {bench.key}"})
    print(r.status_code, r.json())
    assert 0
