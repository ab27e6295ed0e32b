"""A PDF signed on a phone of the sandbox, handed in over real sockets to a site on PostgreSQL and Redis."""

import base64
import json
import socket
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from tests.documents.made import a_note, a_pdf, updated_pdf
from tests.flows.scenes import scene
from tests.flows.test_status_by_ocsp import READY
from tests.servers import wait_until

PERSONA = "P19"  # no other flow signs with this one's signature certificate


def broken_off(site: str, key: str, document: bytes) -> str:
    """The code of the answer to a body that ends before its length is reached; empty if there was no answer."""
    where = urlsplit(site)
    head = (
        "POST /api/v1/signed-documents HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/pdf\r\nContent-Length: {len(document)}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=20) as line:
        line.sendall(head.encode() + document[:-100])
        line.shutdown(socket.SHUT_WR)
        told = b"".join(iter(lambda: line.recv(65536), b""))
    body = told.partition(b"\r\n\r\n")[2]
    return json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])["code"] if b"{" in body else ""


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

    # A body that breaks off is no document: what came of it is not judged.
    assert broken_off(journey_site.site_url, signed["key"], pdf) == "request.bad_request"

    # Many at once: each is judged, or told that there is no place just now; nothing else happens to anybody.
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(hand_in, [pdf] * 16))
    assert {(status, found["code"]) for status, found in answers} <= {(200, "ok"), (503, "document.busy")}
    assert (200, "ok") in {(status, found["code"]) for status, found in answers}
