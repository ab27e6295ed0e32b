"""What the second small web process serves: the sandboxes' CRLs, OCSP answers and CA certificates."""

from django.urls import path, re_path

from portal import health
from testenv import responders

_WHICH = r"(?P<env>env_[A-Za-z0-9]+)/(?P<purpose>signature|user_authentication)"

urlpatterns = [
    path("health/live/", health.live),
    path("cps.txt", responders.practice_statement),
    re_path(rf"^ca/{_WHICH}\.pem$", responders.authority_certificate),
    re_path(rf"^crl/{_WHICH}-(?P<group>card|phone)\.crl$", responders.revocation_list),
    re_path(rf"^ocsp/{_WHICH}-(?P<group>card|phone)/?$", responders.ocsp),
    re_path(rf"^ocsp/{_WHICH}-(?P<group>card|phone)/(?P<encoded>.+)$", responders.ocsp),
]

# Programs ask here: no page of the site, whose links this process does not know.
handler404 = "testenv.responders.not_found"
