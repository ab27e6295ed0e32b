"""What a step looked at, written out when somebody reads it: most judgements are answered and their steps put away."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from verifier.validation.verdict import JsonValue


class Facts(Mapping[str, JsonValue]):
    """A mapping that is made by ``make(*of)`` on first use.  ``of`` are frozen values, so it is the same whenever that
    is."""

    __slots__ = ("_made", "_make", "_of", "_text")

    def __init__(self, make: Callable[..., Mapping[str, JsonValue]], *of: Any) -> None:
        self._make, self._of = make, of
        self._made: Mapping[str, JsonValue] | None = None
        self._text: str | None = None

    def __getitem__(self, name: str) -> JsonValue:
        return self.written[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.written)

    def __len__(self) -> int:
        return len(self.written)

    def __repr__(self) -> str:
        return repr(self.written)

    @property
    def written(self) -> Mapping[str, JsonValue]:
        """The mapping itself, which is quicker to go through."""
        if self._made is None:
            self._made = self._make(*self._of)
        return self._made

    def text(self, encode: Callable[[Mapping[str, JsonValue]], str]) -> str:
        """The facts as text.  It is kept, for the steps of a certificate seen before are told again and again; so
        ``encode`` has to be the same every time."""
        if self._text is None:
            self._text = encode(self.written)
        return self._text
