"""Public identifiers: a readable prefix and 100 random bits in Crockford's base 32 (no I, L, O, U)."""

import secrets

_ALPHABET = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 256 is a multiple of 32, so that each character stands for as many values of a random byte.
_CHARACTERS = _ALPHABET * 8


def new(prefix: str, length: int = 20) -> str:
    """`new("req")` is like `req_7Q2K4M9D…`; `length` counts the characters after the underscore."""
    return f"{prefix}_{secrets.token_bytes(length).translate(_CHARACTERS).decode()}"
