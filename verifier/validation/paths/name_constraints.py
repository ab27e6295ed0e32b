"""Name constraints gathered on the way down a path: RFC 5280 sections 6.1.3 (b) and (c), 6.1.4 (g)."""

from typing import Any

from cryptography import x509

from verifier.validation.paths.name_forms import Names, form_and_value, is_within

_Subtrees = dict[str, list[Any]]


class NameConstraints:
    """permitted_subtrees and excluded_subtrees.

    Each CA's permitted subtrees are kept as a group of their own and a name must be in every group that speaks of its
    form: this is the intersection, without computing one.
    """

    def __init__(self) -> None:
        self._permitted: list[_Subtrees] = []
        self._excluded: _Subtrees = {}

    def add(self, constraints: x509.NameConstraints) -> None:
        """Take in the constraints of one CA certificate."""
        if constraints.permitted_subtrees:
            self._permitted.append(_by_form(constraints.permitted_subtrees))
        for form, subtrees in _by_form(constraints.excluded_subtrees or []).items():
            self._excluded.setdefault(form, []).extend(subtrees)

    @property
    def is_empty(self) -> bool:
        """True while nobody has constrained anything."""
        return not self._permitted and not self._excluded

    def violation(self, names: Names) -> str | None:
        """``not_permitted``, ``excluded``, ``cannot_be_judged`` (a constrained form that is not understood, or a name
        not of its form), or None."""
        for form, name in names.all:
            found = self._judge(form, name)
            if found is not None:
                return found
        return None

    def _judge(self, form: str, name: Any) -> str | None:
        for subtree in self._excluded.get(form, ()):
            inside = is_within(form, name, subtree)
            if inside is not False:
                return "excluded" if inside else "cannot_be_judged"
        for group in self._permitted:
            if form in group:
                answers = [is_within(form, name, subtree) for subtree in group[form]]
                if None in answers:
                    return "cannot_be_judged"
                if True not in answers:
                    return "not_permitted"
        return None


def count(constraints: x509.NameConstraints) -> int:
    """How many subtrees there are."""
    return len(constraints.permitted_subtrees or ()) + len(constraints.excluded_subtrees or ())


def _by_form(subtrees: list[x509.GeneralName]) -> _Subtrees:
    sorted_by_form: _Subtrees = {}
    for subtree in subtrees:
        form, value = form_and_value(subtree)
        sorted_by_form.setdefault(form, []).append(value)
    return sorted_by_form
