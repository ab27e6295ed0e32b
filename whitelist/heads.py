"""The signed heads of a list and of its change log, and how they are kept fresh; worker only.

A head of a list ends after WHITELIST_LIST_VALID_SECONDS, so that nobody can freeze a consumer at an old version. A
third of the way there it is signed anew, so that two missed rounds do no harm. A head of the log never ends; there is
one with every version, and one at least every hour of silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max

from whitelist import register, signing
from whitelist.models import ListHead, ListVersion, TreeHead
from whitelist.policy import statement

_SILENCE = timedelta(minutes=55)
# A sandbox where nothing has been published for so long is silent in its log too.
_SANDBOX_IS_QUIET_AFTER = timedelta(days=7)


def validity() -> timedelta:
    return timedelta(seconds=settings.WHITELIST_LIST_VALID_SECONDS)


@dataclass(frozen=True)
class Facts:
    """What the head of a version says."""

    environment_id: str
    number: int
    digest: str
    previous_digest: str | None
    entry_count: int
    tree_size: int
    tree_root: str


def sign_list_head(facts: Facts, signer: Any, *, at: datetime) -> str:
    claims = statement.list_head_claims(
        issuer=settings.SITE_URL,
        environment_id=facts.environment_id,
        number=facts.number,
        digest=facts.digest,
        previous_digest=facts.previous_digest,
        entry_count=facts.entry_count,
        tree_size=facts.tree_size,
        tree_root=facts.tree_root,
        at=at,
        lifetime=validity(),
    )
    return str(signer.sign(claims))


def sign_tree_head(facts: Facts, signer: Any, *, at: datetime) -> str:
    claims = statement.tree_head_claims(
        issuer=settings.SITE_URL,
        environment_id=facts.environment_id,
        tree_size=facts.tree_size,
        tree_root=facts.tree_root,
        at=at,
    )
    return str(signer.sign(claims))


def renew(*, at: datetime) -> Callable[[], None] | None:
    """Sign what is near its end; the answer writes it, in a transaction. None when everything is fresh."""
    lists = _due_lists(at)
    logs = _due_logs(at)
    if not lists and not logs:
        return None
    list_signer, log_signer = signing.list_signer(), signing.log_signer()
    signed_lists = [(version, sign_list_head(_facts(version), list_signer, at=at)) for version in lists]
    signed_logs = [(version, sign_tree_head(_facts(version), log_signer, at=at)) for version in logs]

    def write() -> None:
        for version, jws in signed_lists:
            # Only if no newer version has come meanwhile.
            heads = ListHead.objects.filter(environment_id=version.environment_id, version=version)
            heads.update(jws=jws, signed_at=at, valid_until=at + validity())
            if version.kid != list_signer.kid:  # a new key is announced by a version of its own
                register.ask_for_publication(version.environment)
        TreeHead.objects.bulk_create(tree_head(version, jws, at=at) for version, jws in signed_logs)

    return write


def tree_head(version: ListVersion, jws: str, *, at: datetime) -> TreeHead:
    assert version.tree_size is not None  # only versions with leaves have a head
    return TreeHead(
        environment_id=version.environment_id, size=version.tree_size, root=version.tree_root, jws=jws, signed_at=at
    )


def _due_lists(at: datetime) -> list[ListVersion]:
    due = ListHead.objects.filter(valid_until__lt=at + validity() * 2 / 3)
    return [head.version for head in due.select_related("version__environment")]


def _due_logs(at: datetime) -> list[ListVersion]:
    newest = TreeHead.objects.values("environment").annotate(signed=Max("signed_at"))
    silent = [row["environment"] for row in newest if row["signed"] < at - _SILENCE]
    heads = ListHead.objects.filter(environment__in=silent).select_related("version__environment")
    return [head.version for head in heads if _is_watched(head.version, at)]


def _is_watched(version: ListVersion, at: datetime) -> bool:
    return version.environment.is_production or version.published_at > at - _SANDBOX_IS_QUIET_AFTER


def _facts(version: ListVersion) -> Facts:
    assert version.tree_size is not None
    return Facts(
        version.environment.public_id,
        version.number,
        version.digest,
        version.previous_digest,
        version.entry_count,
        version.tree_size,
        version.tree_root,
    )
