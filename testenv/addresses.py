"""Where the sandbox's own servers answer. Card and phone have separate ones (Digital Agency briefing, June 2022)."""

from django.conf import settings

from portal.environments.models import Environment
from verifier.pki.profiles import MediumGroup, Purpose


def crl_url(environment: Environment, purpose: Purpose, group: MediumGroup) -> str:
    """The list of one distribution point."""
    return f"{settings.RESPONDERS_URL}/crl/{environment.public_id}/{purpose.value}-{group}.crl"


def ocsp_url(environment: Environment, purpose: Purpose, group: MediumGroup) -> str:
    """The OCSP responder for one purpose and medium."""
    return f"{settings.RESPONDERS_URL}/ocsp/{environment.public_id}/{purpose.value}-{group}"


def authority_url(environment: Environment, purpose: Purpose) -> str:
    """The CA certificate, PEM."""
    return f"{settings.RESPONDERS_URL}/ca/{environment.public_id}/{purpose.value}.pem"


def practice_statement_url() -> str:
    """What the policy qualifier of every sandbox certificate points to: that this is a test."""
    return f"{settings.RESPONDERS_URL}/cps.txt"
