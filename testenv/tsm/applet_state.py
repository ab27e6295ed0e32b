"""How an applet rests between two sessions: as JSON bytes that the caller seals before they touch a disk.

These bytes hold the private keys in the clear (PKCS #8, RFC 5958). No other function lets a key out.
A verified PIN is not part of the state: who loads an applet has to show the PIN again.
"""

import base64
import binascii
import json
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from testenv.tsm.applet import Applet, KeySlot
from testenv.tsm.pin import PinRecord
from verifier.pki.profiles import Purpose

VERSION = 1


class BrokenState(ValueError):
    """Stored bytes that this module did not write."""


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _slot_record(slot: KeySlot) -> dict[str, Any]:
    key = slot.private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = None if slot.certificate is None else _text(slot.certificate)
    return {"purpose": slot.purpose.value, "key": _text(key), "certificate": certificate}


def _slot(record: dict[str, Any]) -> KeySlot:
    key = serialization.load_der_private_key(_bytes(record["key"]), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise BrokenState("not an RSA key")
    certificate = None if record["certificate"] is None else _bytes(record["certificate"])
    return KeySlot(Purpose(record["purpose"]), key, certificate)


def _pin_record(pin: PinRecord) -> dict[str, Any]:
    return {
        "purpose": pin.purpose.value,
        "salt": _text(pin.salt),
        "digest": _text(pin.digest),
        "cost": pin.cost,
        "failures": pin.failures,
    }


def _pin(record: dict[str, Any]) -> PinRecord:
    return PinRecord(
        Purpose(record["purpose"]),
        _bytes(record["salt"]),
        _bytes(record["digest"]),
        int(record["cost"]),
        int(record["failures"]),
    )


def dump(kind: str, identifier: str, applet: Applet | None) -> bytes:
    """The state of a carrier of `kind` and the applet in it, if any. To be sealed by the caller."""
    inside = None
    if applet is not None:
        inside = {
            "slots": [_slot_record(slot) for slot in applet.slots],
            "pins": [_pin_record(pin) for pin in applet.pin_records],
        }
    return json.dumps({"version": VERSION, "kind": kind, "identifier": identifier, "applet": inside}).encode("ascii")


def load(kind: str, state: bytes) -> tuple[str, Applet | None]:
    """What `dump` wrote: the carrier's identifier and the applet. Raises BrokenState for anything else."""
    try:
        document = json.loads(state)
        if (document["version"], document["kind"]) != (VERSION, kind):
            raise BrokenState("another version or kind")
        inside = document["applet"]
        applet = None
        if inside is not None:
            applet = Applet(tuple(map(_slot, inside["slots"])), tuple(map(_pin, inside["pins"])))
        return str(document["identifier"]), applet
    except (KeyError, TypeError, ValueError, binascii.Error) as problem:
        raise BrokenState(str(problem)) from problem
