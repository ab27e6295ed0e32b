"""One good server, and what the vectors change about it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from whitelist.policy.server_facts import ServerFacts, from_json
from whitelist.policy.server_rule import ContactState, Context, Neighbour, ProofState

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "return_servers" / "vectors.json").read_text("utf-8"))
AT = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://bank.example.jp/return"

GOOD: dict[str, Any] = {
    "url": URL,
    "host": "bank.example.jp",
    "looked_at": "2026-11-23T00:00:00Z",
    "dns": {
        "host": "bank.example.jp",
        "outcome": "answered",
        "addresses": ["203.0.113.5"],
        "ttl": 300,
        "zone": "example.jp",
        "caa": ['0 issue "ca.example.net"'],
        "is_signed": True,
    },
    "tls": {
        "outcome": "answered",
        "trust": "trusted",
        "version": "TLSv1.3",
        "versions": ["TLSv1.2", "TLSv1.3"],
        "names": ["bank.example.jp"],
        "name_matches": True,
        "issuer": "CN=Example CA",
        "not_before": "2026-10-01T00:00:00Z",
        "not_after": "2027-10-01T00:00:00Z",
        "key": "ec",
        "key_bits": 256,
        "signature_hash": "sha256",
        "fingerprint": "00" * 32,
    },
    "web": {
        "outcome": "answered",
        "status": 405,
        "hsts": "max-age=31536000",
        "cache_control": "no-store",
        "frame_options": "DENY",
        "referrer_policy": "no-referrer",
        "open_redirect": "none",
    },
}


def facts(changes: Mapping[str, Any]) -> ServerFacts:
    """The good server with values put in under dotted names."""
    value = json.loads(json.dumps(GOOD))
    for name, changed in changes.items():
        part, dot, field = name.partition(".")
        if dot:
            value[part][field] = changed
        else:
            value[part] = changed
    return from_json(value)


def context(changes: Mapping[str, Any]) -> Context:
    values = {
        "url": URL,
        "host": "bank.example.jp",
        "legal_basis": "certified_operator",
        "proof": "dns",
        "contacts": {"security": "answered", "operations": "answered"},
        "neighbours": [],
        **changes,
    }
    contacts, proof = values["contacts"], values["proof"]
    return Context(
        at=AT,
        url=values["url"],
        host=values["host"],
        legal_basis=values["legal_basis"],
        proof=ProofState(proof) if proof else None,
        contacts={kind: ContactState(state) for kind, state in contacts.items()} if contacts else None,
        neighbours=tuple(Neighbour(**neighbour) for neighbour in values["neighbours"]),
    )
