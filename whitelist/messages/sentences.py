"""The shape of a finding's words, shared by the files that hold them."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Sentences:
    title: Promise | str
    expected: Promise | str
    mend: Promise | str
