"""Public identifiers: a readable prefix and 100 random bits in Crockford's base 32 (no I, L, O, U)."""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new(prefix: str, length: int = 20) -> str:
    """`new("req")` is like `req_7Q2K4M9D…`; `length` counts the characters after the underscore."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))
