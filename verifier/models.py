"""What is trusted, the revocation lists at hand, and what was judged."""

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q

from portal import inserting


class Purpose(models.TextChoices):
    SIGNATURE = "signature"
    USER_AUTHENTICATION = "user_authentication"


class World(models.TextChoices):
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class TrustAnchor(models.Model):
    """A CA certificate pinned for one environment. A database trigger refuses an anchor of the other world."""

    public_id = models.CharField(max_length=30, unique=True)
    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="trust_anchors")
    world = models.CharField(max_length=10, choices=World.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    der = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    key_id = models.BinaryField(max_length=20)
    subject = models.CharField(max_length=400)
    not_after = models.DateTimeField()
    trusted_at = models.DateTimeField(auto_now_add=True)
    distrusted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "fingerprint"], name="one_anchor_per_certificate"),
            models.CheckConstraint(condition=Q(world__in=World.values), name="anchor_world_is_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="anchor_purpose_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.world} {self.purpose}"


class AnchorProposalSet(models.QuerySet["AnchorProposal"]):
    def open(self, at: Any) -> Self:
        """Neither confirmed nor withdrawn, and its days are not over at `at`."""
        return self.filter(confirmed_at=None, withdrawn_at=None, expires_at__gt=at)


def _person(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class AnchorProposal(models.Model):
    """A CA certificate that one operator proposes for production and another one confirms; until then worth nothing.

    What was proposed is a fact, and decided once: database triggers hold both, and they refuse a production anchor
    that no confirmed proposal stands behind. `lists` says where its revocation lists are fetched, by medium.
    """

    public_id = models.CharField(max_length=30, unique=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    der = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    subject = models.CharField(max_length=400)
    lists = models.JSONField(default=dict)
    proposed_by = _person()
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_by = _person(null=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_by = _person(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AnchorProposalSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="anchor_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, withdrawn_at=None)
                & Q(confirmed_at__lt=F("expires_at")),
                name="anchor_confirmed_in_time_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="anchor_proposed_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="anchor_proposal_purpose_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.fingerprint}"


class DistributionPointSet(models.QuerySet["DistributionPoint"]):
    def in_use(self) -> Self:
        return self.filter(anchor__distrusted_at=None, retired_at=None)

    def fetched(self) -> Self:
        """Without those whose lists are only ever handed in (`manage.py load_crl`)."""
        return self.in_use().exclude(url="")

    def due(self, now: Any) -> Self:
        return self.fetched().filter(next_refresh_at__lte=now)


class DistributionPoint(models.Model):
    """Where the list of one issuer key for one distribution point is fetched.

    The address is ours, never one read from a certificate; empty, if lists are only ever handed in. `dp_name` is the
    normalised DER of the directory name. Its environment is its anchor's. A distribution point may have several
    sources, told apart by `series`: each has its own numbers and its own current list, and what any of them says
    counts.
    `validators` are what the server gave to ask with whether there is anything new (RFC 9110 section 8.8).
    """

    anchor = models.ForeignKey(TrustAnchor, on_delete=models.CASCADE, related_name="distribution_points")
    dp_name = models.BinaryField(max_length=1000)
    dp_name_digest = models.CharField(max_length=64)
    series = models.CharField(max_length=30, blank=True, default="", db_default="")
    label = models.CharField(max_length=400)
    url = models.CharField(max_length=500, blank=True)
    validators = models.JSONField(null=True)
    next_refresh_at = models.DateTimeField()
    last_looked_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=60, blank=True, default="")
    last_error_detail = models.CharField(max_length=200, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, help_text="given up: its lists count no more, its record stays")

    objects = DistributionPointSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["anchor", "dp_name_digest", "series"], name="one_source_per_series")
        ]
        indexes = [models.Index(fields=["next_refresh_at"], name="verifier_points_due")]

    def __str__(self) -> str:
        return self.label


class ListSigner(models.Model):
    """A certificate that an anchor's CA issued for signing lists in its place, admitted by an operator; the lists it
    signed count only while it is admitted and itself not revoked."""

    anchor = models.ForeignKey(TrustAnchor, on_delete=models.CASCADE, related_name="list_signers")
    der = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    admitted_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["anchor", "fingerprint"], name="one_list_signer_per_anchor")]

    def __str__(self) -> str:
        return self.fingerprint


class CrlSnapshot(models.Model):
    """A revocation list that was accepted: the record of what was believed, from when, and who brought it. Its entries
    are found in a file named by its digest (`verifier.index_files`), which can be made anew from its body.

    The body is kept for the current list only, in the row if it is short and in a file beside the index if it is not;
    the digests of earlier lists remain, for the verdicts that rested on them.
    """

    point = models.ForeignKey(DistributionPoint, on_delete=models.CASCADE, related_name="snapshots")
    der = models.BinaryField(null=True)
    digest = models.BinaryField(max_length=32)
    number = models.CharField(max_length=50, null=True, help_text="CRL number in decimal (up to 20 octets)")
    entries = models.PositiveIntegerField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    fetched_at = models.DateTimeField()
    loaded_by = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="empty: fetched from its source"
    )
    is_current = models.BooleanField(default=True)
    signer = models.ForeignKey(
        ListSigner, null=True, on_delete=models.PROTECT, related_name="+", help_text="empty: the anchor's own key"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point"], condition=Q(is_current=True), name="one_current_list_per_point"),
        ]

    def __str__(self) -> str:
        return f"CRL {self.number} of {self.point}"


class SourceAlarm(models.Model):
    """From when until when something was wrong with a source of revocation lists; `alarm` is of verifier.alarms."""

    point = models.ForeignKey(DistributionPoint, on_delete=models.CASCADE, related_name="alarms")
    alarm = models.CharField(max_length=30)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point"], condition=Q(ended_at=None), name="one_open_alarm_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.alarm} {self.point_id}"


class StatusChange(models.Model):
    """What became of one certificate when a list took the place of the one before. No serial number, only its keyed
    digest. `revoked_at` is what the list says, in the environment's time; `seen_at` is real time.
    """

    class Became(models.TextChoices):
        REVOKED = "revoked"
        HELD = "held"
        RELEASED = "released"
        REASON_CHANGED = "reason_changed"

    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="+")
    snapshot = models.ForeignKey(CrlSnapshot, on_delete=models.CASCADE, related_name="status_changes")
    serial_hmac = models.BinaryField(max_length=32)
    became = models.CharField(max_length=20, choices=Became.choices)
    reason = models.CharField(max_length=30, blank=True)
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["environment", "serial_hmac"], name="status_changes_of_one"),
            models.Index(fields=["seen_at"], name="status_changes_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.became} {self.seen_at}"


class OcspResponder(models.Model):
    """Whom to ask about the certificates of one CA key and one medium, and how: an OCSP profile (docs/operations.md).

    Card and phone have separate responders, and nothing in a question tells them apart, so each is asked about its own
    medium only. The address is ours, never one read from a certificate. `failing_since` and `last_error` are kept when
    a process stops asking or begins again.
    """

    class CertIdHash(models.TextChoices):
        SHA1 = "sha1"
        SHA256 = "sha256"

    class Nonce(models.TextChoices):
        REQUIRED = "required"
        ALLOWED = "allowed"
        NEVER = "never"

    class Method(models.TextChoices):
        POST = "post"
        GET = "get"

    anchor = models.ForeignKey(TrustAnchor, on_delete=models.CASCADE, related_name="ocsp_responders")
    medium_group = models.CharField(max_length=5)
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=500)
    cert_id_hash = models.CharField(max_length=6, choices=CertIdHash.choices, default=CertIdHash.SHA1)
    nonce = models.CharField(max_length=8, choices=Nonce.choices, default=Nonce.REQUIRED)
    keeps_answers = models.BooleanField(default=False)
    signs_requests = models.BooleanField(default=False)
    method = models.CharField(max_length=4, choices=Method.choices, default=Method.POST)
    max_age_seconds = models.PositiveIntegerField(default=900)
    skew_seconds = models.PositiveIntegerField(default=60)
    delegate_life_days = models.PositiveIntegerField(default=7)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["anchor", "medium_group"], name="one_responder_per_medium"),
            models.CheckConstraint(condition=Q(medium_group__in=["card", "phone"]), name="responder_medium_is_known"),
        ]

    def __str__(self) -> str:
        return self.label


class OcspAnswer(models.Model):
    """What a responder said about one certificate, for every process: facts only, the serial as a keyed digest.

    A good answer or a hold is used up to `next_update` and only where the profile says that answers are kept. A final
    revocation is kept until the certificate has ended, and nothing replaces it.
    """

    class Status(models.TextChoices):
        GOOD = "good"
        ON_HOLD = "on_hold"
        REVOKED = "revoked"

    responder = models.ForeignKey(OcspResponder, on_delete=models.CASCADE, related_name="answers")
    serial_hmac = models.BinaryField(max_length=32)
    status = models.CharField(max_length=7, choices=Status.choices)
    reason = models.PositiveSmallIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)
    produced_at = models.DateTimeField()
    this_update = models.DateTimeField()
    next_update = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField()
    nonce_matched = models.BooleanField(null=True)
    ends_at = models.DateTimeField(help_text="when the row is of no use any more, in the environment's time")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["responder", "serial_hmac"], name="one_answer_per_certificate"),
            models.CheckConstraint(
                condition=Q(status__in=["good", "on_hold", "revoked"]), name="ocsp_answer_is_definite"
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="verifier_answers_end")]

    def __str__(self) -> str:
        return f"{self.status} by {self.responder}"


class EvidenceVersion(models.Model):
    """One row an environment: its token changes whenever anchors, sources or lists do, so that processes reload."""

    environment = models.OneToOneField("environments.Environment", on_delete=models.CASCADE, primary_key=True)
    token = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.environment_id} {self.token}"


class Challenge(models.Model):
    """Random bytes issued to a caller, to be signed once. `owner` is who may use it; times are real ones."""

    public_id = models.CharField(max_length=30, unique=True)
    owner = models.CharField(max_length=60)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    value = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="verifier_challenges_expiring")]

    def __str__(self) -> str:
        return f"{self.public_id} {self.purpose}"


class SeenChallenge(models.Model):
    """A challenge that a caller made itself, as a digest over owner and bytes, and when it was last taken."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="verifier_challenges_seen")]

    def __str__(self) -> str:
        return bytes(self.digest).hex()


@dataclass(slots=True, kw_only=True)
class NewVerification:
    """A judgement before it is a row: the columns of `Verification`, in plain values. Making a model's instance and
    having the ORM insert it cost more than the signature checks do, and a request waits for it.

    `steps` are JSON text. `facts_as_json` is set when it is a row: certificate, steps and revocation as written, for
    the answer says the same.
    """

    public_id: str
    environment_id: int
    provider_id: int | None
    client_id: int
    request_id: str
    purpose: str
    medium: str
    verdict: str
    code: str
    certificate: dict[str, Any] | None
    steps: str
    revocation: dict[str, Any] | None
    request_digest: bytes
    serial_hmac: bytes | None
    verified_at: datetime
    created_at: datetime
    kinds_version: str
    facts_as_json: tuple[str, str, str] = field(init=False)

    def read_steps(self) -> list[dict[str, Any]]:
        """The steps as the row will tell them."""
        steps: list[dict[str, Any]] = json.loads(self.steps)
        return steps


class VerificationSet(models.QuerySet["Verification"]):
    def append(self, record: NewVerification) -> NewVerification:
        """Insert with one plain statement."""
        record.facts_as_json = (as_json(record.certificate), record.steps, as_json(record.revocation))
        values = (
            record.public_id,
            record.environment_id,
            record.provider_id,
            record.client_id,
            record.request_id,
            record.purpose,
            record.medium,
            record.verdict,
            record.code,
            *record.facts_as_json,
            record.request_digest,
            record.serial_hmac,
            _moment(record.verified_at),
            _moment(record.created_at),
            record.kinds_version,
        )
        inserting.append("verifier_verification", _COLUMNS, values, unique="public_id")
        return record

    def of(self, *, provider_id: int | None, environment_id: int) -> Self:
        return self.filter(provider_id=provider_id, environment_id=environment_id)

    def matching(self, text: str) -> Self:
        """By verification ID, by the caller's request ID, or by the beginning of a certificate's fingerprint."""
        return self.filter(
            Q(public_id=text) | Q(request_id=text) | Q(certificate__fingerprint_sha256__startswith=text.lower())
        )

    def older_than(self, pk: int | None) -> Self:
        """Newest first, below a row."""
        rows = self if pk is None else self.filter(pk__lt=pk)
        return rows.order_by("-id")


class Verification(models.Model):
    """One judgement: digests and facts. No certificate, no signature, no message, no personal data.

    `verified_at` is the environment's time, which a sandbox may have moved; `created_at` is real time.
    """

    class Verdict(models.TextChoices):
        VALID = "valid"
        INVALID = "invalid"
        INDETERMINATE = "indeterminate"

    public_id = models.CharField(max_length=30, unique=True)
    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="+")
    provider = models.ForeignKey("providers.ServiceProvider", null=True, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey("providers.ApiClient", on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=64)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    medium = models.CharField(max_length=20, blank=True)
    verdict = models.CharField(max_length=15, choices=Verdict.choices)
    code = models.CharField(max_length=60)
    certificate = models.JSONField(null=True)
    steps = models.JSONField()
    revocation = models.JSONField(null=True)
    request_digest = models.BinaryField(max_length=32)
    serial_hmac = models.BinaryField(max_length=32, null=True)
    verified_at = models.DateTimeField()
    created_at = models.DateTimeField()
    kinds_version = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="of the table by which the kind was told"
    )

    objects = VerificationSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["valid", "invalid", "indeterminate"]), name="verdict_is_one_of_three"
            )
        ]
        indexes = [
            models.Index(fields=["environment", "request_id"], name="verifications_by_request"),
            models.Index(fields=["provider", "environment", "-created_at"], name="verifications_of_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.verdict} {self.code}"


as_json = json.JSONEncoder(ensure_ascii=False).encode
_COLUMNS = tuple(column.name for column in fields(NewVerification) if column.init)


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
