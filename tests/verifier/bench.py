"""A sandbox on the bench: its CAs are trusted, its lists are in, and a key may ask. Real services underneath."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.environments import services as environments
from portal.environments.models import Environment
from portal.providers import services as providers
from portal.providers.models import ServiceProvider
from tests.pure.pki.forge import MESSAGE, Authority, an_authority, sign
from verifier import anchor_proposals, anchors, intake
from verifier.models import DistributionPoint, TrustAnchor
from verifier.pki.profiles import Medium, Purpose, World

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
LIFE = {"not_before": NOW - timedelta(days=30), "not_after": NOW + timedelta(days=300)}
HELD = x509.ReasonFlags.certificate_hold


def authority(purpose: Purpose = Purpose.USER_AUTHENTICATION, world: World = World.SANDBOX) -> Authority:
    """A CA; in production a throw-away root that bears no number of a published one."""
    return an_authority(
        f"bench-{purpose}-{world}",
        purpose,
        world,
        not_before=NOW - 400 * 24 * HOUR,
        not_after=NOW + 4000 * 24 * HOUR,
        serial=0x7001,
    )


def an_operator(name: str) -> User:
    """An operator who logs in nowhere, made on first use."""
    email = f"{name}@example.jp"
    return User.objects.filter(email=email).first() or User.objects.create(email=email, name=name, role="operator")


def believe(environment: Environment, ca: Authority) -> TrustAnchor:
    """The CA is trusted there: in production by the hands of two operators."""
    purpose, der = ca.purpose.value, ca.certificate_der
    if not environment.is_production:
        return anchors.trust(environment, purpose=purpose, certificate_der=der, by="test")
    told = hashlib.sha256(der).hexdigest()
    first, second = an_operator("operator-one"), an_operator("operator-two")
    proposal = anchor_proposals.propose(
        purpose=purpose, certificate_der=der, fingerprint=told, lists={}, by=first, at=timezone.now()
    )
    return anchor_proposals.confirm(proposal, fingerprint=told, by=second, at=timezone.now())


def crl(ca: Authority, *entries: tuple[int, Any], **changes: Any) -> bytes:
    window = {"this_update": NOW - HOUR, "next_update": NOW + 24 * HOUR, "revoked_at": NOW - 2 * HOUR}
    return ca.crl(entries, **{"group": "phone", "number": 7, **window, **changes})


def another_generation(bench: "Bench") -> Authority:
    """A CA of the same name with another key, trusted there too."""
    other = an_authority(
        "other-generation", bench.ca.purpose, bench.ca.world, not_before=NOW - 40 * HOUR, not_after=NOW + 900 * HOUR
    )
    believe(bench.environment, other)
    return other


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


def a_bench(
    provider: ServiceProvider | None = None,
    *,
    purpose: Purpose = Purpose.USER_AUTHENTICATION,
    production: bool = False,
    with_list: bool = True,
) -> Bench:
    provider = provider or a_provider()
    environment = environments.production() if production else environments.request_sandbox(provider)[0]
    environments.mark_ready(environment)
    environment.refresh_from_db()
    _, key = providers.issue_client(provider, environment=environment, name="bench", by="test")
    ca = authority(purpose, World(environment.kind))
    anchor = believe(environment, ca)
    point = anchors.add_distribution_point(
        environment, anchor=anchor, dp_name=ca.dp_key("phone"), url="http://localhost:1/phone.crl", by="test"
    )
    bench = Bench(environment, key, ca, point, Client())
    if with_list:
        bench.take_in(crl(ca))
    return bench
