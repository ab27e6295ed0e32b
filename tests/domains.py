"""Proofs of domains for stories that begin after them: asked for, written in the stand-in internet, found, judged."""

from datetime import datetime
from pathlib import Path
from typing import Any

from testenv.internet import zone
from whitelist import domains
from whitelist.models import DomainProof
from whitelist.policy import domain_proof as policy
from whitelist.policy.domain_proof import Method
from whitelist.probes import proofs


def prove(provider: Any, domain: str, *, by: Any, at: datetime, zone_file: Path) -> DomainProof:
    """A proof by DNS. `zone_file` is the running stand-in's: fixture `zone_file`, or zone.json in a site's VAR_DIR."""
    proof = domains.ask(provider, domain, by=by, at=at)
    zone.add_record(zone_file, policy.record_name(proof.domain), "TXT", policy.wanted_value(proof.token))
    domains.record_answers(proof.pk, proofs.look(proof.domain, Method.DNS_TXT, proof.token), at=at)
    domains.judge(proof.pk, at=at)
    proof.refresh_from_db()
    assert proof.state == "proven", proof.answers_json
    return proof
