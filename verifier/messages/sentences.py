"""What words are made of, until a reader's language is known."""

from typing import NamedTuple

from django.utils.functional import Promise

Words = str | Promise


class Sentence(NamedTuple):
    """What happened, and what the caller should do."""

    title: Words
    advice: Words
