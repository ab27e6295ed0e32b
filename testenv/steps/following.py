"""The sandbox's stand-in for a TSM follows its environment's list: fetch, judge, keep, acknowledge. Worker only."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from portal.environments.models import Environment
from portal.signing import services as signing
from testenv.models import WhitelistReplica
from testenv.tsm import whitelist_copy
from testenv.tsm.whitelist_copy import CopyRefused, WhitelistCopy
from whitelist import consumers, lists, proofs

log = logging.getLogger(__name__)


def follow(environment: Environment, name: str, *, at: datetime) -> Callable[[], None] | None:
    """Take the environment's current list into the copy of the stand-in `name`; the answer keeps it."""
    replica = WhitelistReplica.objects.filter(environment=environment, name=name).first()
    held = WhitelistCopy.from_json(replica.state) if replica and replica.state else None
    head = lists.current_head(environment)
    if head is None:
        return None
    answer = json.loads(lists.hand_out(environment, head, since=held.version if held else None).body)
    try:
        copy = whitelist_copy.take(
            held,
            answer,
            environment=environment.public_id,
            keys=signing.jwks()["keys"],
            at=at,
            consistency=_proof(environment, held, answer),
        )
    except CopyRefused as refused:
        log.error("%s refuses the list of %s: %s", name, environment.public_id, refused.code)
        return partial(_keep_refusal, environment, name, refused.code, at)
    return partial(_keep, environment, name, copy, at)


def _proof(environment: Environment, held: WhitelistCopy | None, answer: dict[str, Any]) -> list[str]:
    if held is None or answer["since"] is not None:
        return []
    return proofs.consistency(environment, first=held.tree_size, second=answer["tree"]["size"]) or []


def _keep(environment: Environment, name: str, copy: WhitelistCopy, at: datetime) -> None:
    """Write the copy down and say so to the publisher, who sees it as any consumer's word."""
    kept = {"state": copy.as_json(), "refusal": "", "seen_at": at}
    WhitelistReplica.objects.update_or_create(environment=environment, name=name, defaults=kept)
    consumer = consumers.stand_in(environment, name=name, at=at)
    consumers.acknowledge(consumer, number=copy.version, tree_size=copy.tree_size, root=copy.tree_root, since=at, at=at)


def _keep_refusal(environment: Environment, name: str, code: str, at: datetime) -> None:
    WhitelistReplica.objects.update_or_create(
        environment=environment, name=name, defaults={"refusal": code, "seen_at": at}
    )
