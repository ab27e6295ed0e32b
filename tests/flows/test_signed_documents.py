"""A PDF signed on a phone of the sandbox, handed in over real sockets to a site on PostgreSQL and Redis."""

import base64
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from tests.documents.made import a_note, a_pdf, updated_pdf
from tests.flows.scenes import scene
from tests.flows.test_status_by_ocsp import READY
from tests.servers import wait_until

PERSONA = "P19"  # no other flow signs with this one's signature certificate


def test_a_pdf_signed_on_a_phone(journey_site):
    wait_until(lambda: journey_site.query(READY), 300, f"no public sandbox; see {journey_site.log}", pause=1)
    signed = scene(journey_site, "phones:signed_pdf", persona=PERSONA, pdf=base64.b64encode(a_pdf()).decode())
    pdf = base64.b64decode(signed["pdf"])

    def hand_in(document: bytes) -> tuple[int, dict]:
        url = journey_site.site_url + "/api/v1/signed-documents"
        headers = {"Authorization": f"Bearer {signed['key']}", "Content-Type": "application/pdf"}
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(urllib.request.Request(url, document, headers), timeout=30) as answer:
                status, found = answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            status, found = refused.code, json.load(refused)
        print(f"{status} {found['code']} in {(time.monotonic() - begun) * 1000:.0f} ms")
        return status, found

    status, found = hand_in(pdf)
    assert (status, found["verdict"], found["code"]) == (200, "valid", "ok")
    (verification,) = found["verifications"]
    assert verification["certificate"]["medium"] == "phone_iphone"
    assert hand_in(updated_pdf(pdf, a_note))[1]["code"] == "document.changed"
    assert hand_in(pdf.replace(b"hereby", b"herebY"))[1]["code"] == "cms.message_digest"

    # Many at once: each is judged, or told that there is no place just now; nothing else happens to anybody.
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(hand_in, [pdf] * 16))
    assert {(status, found["code"]) for status, found in answers} <= {(200, "ok"), (503, "document.busy")}
    assert (200, "ok") in {(status, found["code"]) for status, found in answers}
