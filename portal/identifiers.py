"""Public identifiers: a readable prefix and 100 random bits in Crockford's base 32 (no I, L, O, U)."""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new(prefix: str, length: int = 20) -> str:
    """`new("req")` is like `req_7Q2K4M9D…`; `length` counts the characters after the underscore."""
    # 256 is a multiple of 32, so the low five bits of a random byte favour no character.
    return f"{prefix}_" + "".join(_ALPHABET[byte & 31] for byte in secrets.token_bytes(length))
