"""How a certificate is named in tables that outlive a request: never by its serial number, which is protected data."""

import hmac

from django.conf import settings


def keyed(anchor_id: str, serial: int) -> bytes:
    """A keyed digest of issuer (the anchor's public id) and serial: finds what is known of one certificate, gives the
    serial to nobody."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"verifier serial:{anchor_id}:{serial:x}".encode(), "sha256")
