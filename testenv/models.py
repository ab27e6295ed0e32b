"""What a sandbox is made of. The sealed keys of its CAs stand in a table of their own that only workers read."""

from django.db import models
from django.db.models import Q

from portal import identifiers
from testenv.ca.revocation import Standing, Status
from testenv.tsm import lifecycle
from verifier.pki.profiles import Medium, Purpose
from verifier.pki.reasons import RevocationReason

PURPOSES = [(purpose.value, purpose.value) for purpose in Purpose]
MEDIA = [(medium.value, medium.value) for medium in Medium]
GROUPS = [("card", "card"), ("phone", "phone")]


def _order_id() -> str:
    return identifiers.new("ord", 12)


def _device_id() -> str:
    return identifiers.new("dev", 12)


class Provisioning(models.Model):
    """How far the making of a sandbox has come: one stage a job run. `failure` is a code when it stopped."""

    class Stage(models.TextChoices):
        AUTHORITIES = "authorities"
        CARDS = "cards"
        PHONES = "phones"
        REVOCATION_LISTS = "revocation_lists"
        READY = "ready"

    environment = models.OneToOneField("environments.Environment", on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.AUTHORITIES)
    log = models.JSONField(default=list)
    failure = models.CharField(max_length=100, blank=True)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["authorities", "cards", "phones", "revocation_lists", "ready"]),
                name="provisioning_stage_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.environment_id} {self.stage}"


class CertificateAuthority(models.Model):
    """A sandbox CA: certificate and counters. Its key is a `CaKey`, sealed.

    `last_serial` is the highest number ever given out, card and phone alike; read it under the row's lock.
    """

    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=PURPOSES)
    der = models.BinaryField()
    not_after = models.DateTimeField()
    last_serial = models.BigIntegerField()
    crl_number = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "purpose"], name="one_authority_per_purpose"),
            models.CheckConstraint(
                condition=Q(purpose__in=["signature", "user_authentication"]), name="authority_purpose_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.environment_id} {self.purpose}"


class CaKey(models.Model):
    """The sealed private key of a CA. The web's database role needs no access to this table."""

    authority = models.OneToOneField(CertificateAuthority, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"key of {self.authority_id}"


class Persona(models.Model):
    """A synthetic holder in one environment; who that is stands in `testenv.personas`."""

    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="+")
    persona_id = models.CharField(max_length=10)

    class Meta:
        ordering = ["persona_id"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "persona_id"], name="one_persona_per_id"),
        ]

    def __str__(self) -> str:
        return self.persona_id


class TestCard(models.Model):
    """A persona's card. `state` holds toy keys and the PIN counters (testenv.tsm.secure_element.TestCard)."""

    __test__ = False  # pytest collects by name

    persona = models.OneToOneField(Persona, on_delete=models.CASCADE, related_name="card")
    state = models.BinaryField()

    def __str__(self) -> str:
        return f"card of {self.persona_id}"


class Device(models.Model):
    """A virtual phone. `state` is its Secure Element: toy keys and the PIN counters."""

    public_id = models.CharField(max_length=30, unique=True, default=_device_id)
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="devices")
    medium = models.CharField(max_length=20, choices=MEDIA)
    os_major = models.PositiveSmallIntegerField()
    os_minor = models.PositiveSmallIntegerField(default=0)
    screen_lock = models.CharField(max_length=20, default="biometric")
    state = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(medium__in=["phone_android", "phone_iphone"]), name="device_is_a_phone"),
        ]

    def __str__(self) -> str:
        return self.public_id


class IssuanceOrder(models.Model):
    """An application for phone certificates: a state of `testenv.tsm.lifecycle` and what each step did, with times."""

    public_id = models.CharField(max_length=30, unique=True, default=_order_id)
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="orders")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="orders")
    purposes = models.JSONField()
    agrees_to_replace = models.BooleanField(default=False)
    state = models.CharField(
        max_length=30, choices=[(s.value, s.value) for s in lifecycle.State], default=lifecycle.INITIAL.value
    )
    log = models.JSONField(default=list)
    refusals = models.JSONField(default=list)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in lifecycle.State]), name="order_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["persona"], condition=Q(finished_at__isnull=True), name="one_open_order_per_persona"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"


class IssuedCertificate(models.Model):
    """The CA's register: one row a certificate, with its standing."""

    authority = models.ForeignKey(CertificateAuthority, on_delete=models.CASCADE, related_name="certificates")
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="certificates")
    device = models.ForeignKey(Device, null=True, on_delete=models.CASCADE, related_name="certificates")
    order = models.ForeignKey(IssuanceOrder, null=True, on_delete=models.CASCADE, related_name="certificates")
    medium = models.CharField(max_length=20, choices=MEDIA)
    purpose = models.CharField(max_length=20, choices=PURPOSES)
    serial = models.BigIntegerField()
    der = models.BinaryField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    linked_card_certificate = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="phone_certificates"
    )
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status], default=Status.GOOD.value)
    reason = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField(null=True, help_text="of hold or revocation, in the sandbox's time")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "serial"], name="serial_is_unique_per_authority"),
            models.CheckConstraint(
                condition=Q(status="good", reason__isnull=True, since__isnull=True)
                | Q(status="on_hold", reason=RevocationReason.CERTIFICATE_HOLD.value, since__isnull=False)
                | Q(status="revoked", reason__isnull=False, since__isnull=False),
                name="certificate_standing_is_sound",
            ),
            models.CheckConstraint(
                condition=Q(medium="card", device__isnull=True, linked_card_certificate__isnull=True)
                | Q(~Q(medium="card"), device__isnull=False, linked_card_certificate__isnull=False),
                name="phone_certificate_hangs_on_a_card",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.medium} {self.serial:08X}"

    @property
    def standing(self) -> Standing:
        reason = None if self.reason is None else RevocationReason(self.reason)
        return Standing(Status(self.status), reason, self.since)


class PublishedCrl(models.Model):
    """A signed list of one distribution point. `this_update` is sandbox time, `published_at` is real time."""

    authority = models.ForeignKey(CertificateAuthority, on_delete=models.CASCADE, related_name="lists")
    medium_group = models.CharField(max_length=10, choices=GROUPS)
    number = models.BigIntegerField()
    der = models.BinaryField()
    entries = models.PositiveIntegerField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="crl_number_is_unique_per_authority"),
            models.CheckConstraint(condition=Q(medium_group__in=["card", "phone"]), name="crl_group_is_known"),
        ]
        indexes = [models.Index(fields=["authority", "medium_group", "-number"], name="crl_latest")]

    def __str__(self) -> str:
        return f"{self.authority} {self.medium_group} {self.number}"


class OcspResponderKey(models.Model):
    """A delegated responder: certified for a day at most, so the responders' process may hold its key in the clear."""

    authority = models.ForeignKey(CertificateAuthority, on_delete=models.CASCADE, related_name="responders")
    medium_group = models.CharField(max_length=10, choices=GROUPS)
    der = models.BinaryField()
    key_pem = models.TextField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "medium_group"], name="one_responder_per_medium_group"),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.medium_group}"


class PhoneRequest(models.Model):
    """One journey through the app simulator: what the service asked, how far it came, hop by hop with times.

    `message` and `return_url` are the bytes as asked. `result` is what the return server is told.
    """

    class State(models.TextChoices):
        REFUSED = "refused"
        WAITING_PIN = "waiting_pin"
        SIGNED = "signed"
        DELIVERED = "delivered"
        CANCELLED = "cancelled"
        PIN_LOCKED = "pin_locked"
        EXPIRED = "expired"

    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="+")
    request_id = models.CharField(max_length=64)
    purpose = models.CharField(max_length=20, choices=PURPOSES)
    message = models.BinaryField()
    return_url = models.BinaryField()
    way = models.CharField(max_length=20)
    nonce = models.CharField(max_length=40)
    persona = models.ForeignKey(Persona, null=True, on_delete=models.CASCADE, related_name="requests")
    device = models.ForeignKey(Device, null=True, on_delete=models.CASCADE, related_name="requests")
    state = models.CharField(max_length=20, choices=State.choices)
    refusal = models.CharField(max_length=60, blank=True)
    certificate = models.BinaryField(null=True)
    signature = models.BinaryField(null=True)
    hops = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "request_id"], name="one_journey_per_request_id"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "refused",
                        "waiting_pin",
                        "signed",
                        "delivered",
                        "cancelled",
                        "pin_locked",
                        "expired",
                    ]
                ),
                name="phone_request_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=False, certificate__isnull=False, state__in=["signed", "delivered"])
                | Q(signature__isnull=True, certificate__isnull=True),
                name="only_signed_requests_carry_a_signature",
            ),
        ]
        indexes = [models.Index(fields=["environment", "-created_at"], name="phone_request_recent")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"


class DemonstrationAnswer(models.Model):
    """What a public persona's phone answered to a fixed message, for the landing page's first verification."""

    environment = models.OneToOneField("environments.Environment", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=PURPOSES)
    medium = models.CharField(max_length=20, choices=MEDIA)
    certificate = models.BinaryField()
    signature = models.BinaryField()
    message = models.BinaryField()
    key_prefix = models.CharField(max_length=30)
    not_after = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.environment_id} {self.purpose}"


class WhitelistReplica(models.Model):
    """What a stand-in TSM holds of its environment's whitelist, and why it last refused to take a newer one."""

    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    state = models.JSONField(null=True)
    refusal = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "name"], name="replica_name_once")]

    def __str__(self) -> str:
        return f"{self.name} in {self.environment_id}"
