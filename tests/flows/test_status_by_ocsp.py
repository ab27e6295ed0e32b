"""Over real sockets, on PostgreSQL and Redis: web asks the responders, and a hold is told the moment it is made."""

import json
import time
import urllib.request

from tests.flows.scenes import scene
from tests.servers import wait_until

READY = "SELECT 1 FROM environments_environment WHERE public_id = 'env_public' AND state = 'ready'"
PERSONA = "P12"  # not the one whose log-in is the public demonstration


def test_a_hold_is_told_by_ocsp_the_moment_it_is_made(journey_site):
    wait_until(lambda: journey_site.query(READY), 300, f"no public sandbox; see {journey_site.log}", pause=1)
    log_in = scene(journey_site, "phones:signed", persona=PERSONA)

    def ask():
        url = journey_site.site_url + "/api/v1/verifications"
        headers = {"Authorization": f"Bearer {log_in['key']}", "Content-Type": "application/json"}
        data = json.dumps({**log_in["body"], "revocation": "ocsp"}).encode()
        begun = time.monotonic()
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=20) as answer:
            found = json.load(answer)
        print(f"{found['code']} by {found['revocation']['source']} in {(time.monotonic() - begun) * 1000:.0f} ms")
        assert (found["revocation"]["source"], found["revocation"]["nonce_matched"]) == ("ocsp", True)
        return found["verdict"], found["code"]

    assert ask() == ("valid", "ok")
    scene(journey_site, "phones:lose", persona=PERSONA)
    assert ask() == ("invalid", "cert.on_hold")
    scene(journey_site, "phones:find_again", persona=PERSONA)
    assert ask() == ("valid", "ok")
