"""A sandbox on the bench: its CAs are trusted, its lists are in, and a key may ask. Real services underneath."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from django.test import Client

from portal.environments import services as environments
from portal.environments.models import Environment
from portal.providers import services as providers
from portal.providers.models import ServiceProvider
from tests.pure.pki.forge import MESSAGE, Authority, an_authority, sign
from verifier import anchors, intake
from verifier.models import DistributionPoint
from verifier.pki.profiles import Medium, Purpose, World

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
LIFE = {"not_before": NOW - timedelta(days=30), "not_after": NOW + timedelta(days=300)}
HELD = x509.ReasonFlags.certificate_hold


def authority(purpose: Purpose = Purpose.USER_AUTHENTICATION, world: World = World.SANDBOX) -> Authority:
    return an_authority(
        f"bench-{purpose}-{world}", purpose, world, not_before=NOW - 400 * 24 * HOUR, not_after=NOW + 4000 * 24 * HOUR
    )


def crl(ca: Authority, *entries: tuple[int, Any], **changes: Any) -> bytes:
    window = {"this_update": NOW - HOUR, "next_update": NOW + 24 * HOUR, "revoked_at": NOW - 2 * HOUR}
    return ca.crl(entries, **{"group": "phone", "number": 7, **window, **changes})


@dataclass
class Bench:
    environment: Environment
    key: str
    ca: Authority
    point: DistributionPoint
    client: Client

    def body(self, **changes: Any) -> dict[str, Any]:
        certificate = changes.pop("der", None) or self.ca.issue(Medium.PHONE_ANDROID, **LIFE)
        return {
            "purpose": "user_authentication",
            "certificate": base64.b64encode(certificate).decode(),
            "signature": base64.b64encode(sign("holder")).decode(),
            "message": base64.b64encode(MESSAGE).decode(),
            **changes,
        }

    def take_in(self, der: bytes) -> None:
        intake.take_in(self.point, intake.accept_crl(self.point, der), der=der)

    def post(self, path: str = "verifications", body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{path}",
            self.body() if body is None else body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.key}", **headers})


def a_provider(name: str = "Hanako's bank", number: str = "7000012050002") -> ServiceProvider:
    return ServiceProvider.objects.create(
        public_id=f"sp_{number}", name=name, corporate_number=number, legal_basis="administrative_body"
    )


def a_bench(provider: ServiceProvider | None = None, *, production: bool = False, with_list: bool = True) -> Bench:
    provider = provider or a_provider()
    environment = environments.production() if production else environments.request_sandbox(provider)[0]
    environments.mark_ready(environment)
    environment.refresh_from_db()
    _, key = providers.issue_client(provider, environment=environment, name="bench", by="test")
    ca = authority(world=World(environment.kind))
    anchor = anchors.trust(environment, purpose="user_authentication", certificate_der=ca.certificate_der, by="test")
    point = anchors.add_distribution_point(
        environment, anchor=anchor, dp_name=ca.dp_key("phone"), url="http://localhost:1/phone.crl", by="test"
    )
    bench = Bench(environment, key, ca, point, Client())
    if with_list:
        bench.take_in(crl(ca))
    return bench
