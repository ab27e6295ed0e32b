"""The identifier of an app as its store knows it, and the fingerprint of the certificate that signs it.

Android: at least two segments, each beginning with a letter, of A–Z a–z 0–9 _ (Android developer documentation, "Set
the application ID"). iOS: A–Z a–z 0–9 - . (Apple developer documentation, CFBundleIdentifier). Both are written as a
domain name backwards; the domain should be one that the applicant holds, which a reviewer is told when it is not.
"""

import re

from whitelist.policy import lanes

_ANDROID = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+\Z")
_IOS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\Z")
_LENGTH = 255
_SHA256 = re.compile(r"[0-9A-F]{64}\Z")


def identifier_gap(identifier: str) -> str | None:
    """None for a package name or bundle id, else the code of the refusal."""
    if not identifier:
        return "app.identifier_missing"
    is_known_form = _ANDROID.match(identifier) or _IOS.match(identifier)
    return None if is_known_form and len(identifier) <= _LENGTH else "app.identifier_malformed"


def platforms(identifier: str, fingerprint: str = "") -> tuple[str, ...]:
    """Where an app of this identifier can live: "android", "ios" or both; nothing for what is no identifier.

    A fingerprint is Android's. A package name without capitals and underscores is as good a bundle id: then the host
    vouches for the app when either of the two association files names it.
    """
    fits = {"android": _ANDROID.match(identifier), "ios": _IOS.match(identifier) and not fingerprint}
    return tuple(name for name, matched in fits.items() if matched and len(identifier) <= _LENGTH)


def is_under_domain_of(identifier: str, url: str) -> bool:
    """Whether the identifier begins with the registrable domain of `url`, written backwards."""
    domain = lanes.registrable_domain(url)
    if not domain:
        return False
    # An Android segment has no hyphen and begins with a letter: both are written with an underscore there.
    wanted = [label.replace("-", "_") for label in reversed(domain.split("."))]
    given = [segment.replace("-", "_").lstrip("_") for segment in identifier.lower().split(".")]
    return given[: len(wanted)] == [label.lstrip("_") for label in wanted]


def fingerprint(text: str) -> str | None:
    """A SHA-256 fingerprint as pairs of capital hex digits with colons, from any usual way to write it; None else."""
    digits = re.sub(r"[\s:-]", "", text).upper()
    return ":".join(digits[at : at + 2] for at in range(0, 64, 2)) if _SHA256.match(digits) else None
