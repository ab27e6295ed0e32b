"""Whether one host name passes for another in the eyes of a reader.

Two names are brought to a skeleton: compatibility forms folded, letters and signs that print alike made equal (after
Unicode Technical Standard 39, section 4, with the Japanese pairs that matter in host names), hyphens dropped. Names
with the same skeleton look alike; so do names whose skeletons are one slip of the pen apart (an optimal string
alignment distance of 1, or 2 for long names).
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import idna

from whitelist.policy.server_rule import SUFFIXES, registrable

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("0օоοσ", "o"),
        **dict.fromkeys("1iіιı|", "l"),
        **dict.fromkeys("аα", "a"),
        **dict.fromkeys("еεҽ", "e"),
        **dict.fromkeys("сϲ", "c"),
        **dict.fromkeys("рρ", "p"),
        **dict.fromkeys("хχ", "x"),
        **dict.fromkeys("уγ", "y"),
        **dict.fromkeys("һ", "h"),
        **dict.fromkeys("ѕ", "s"),
        **dict.fromkeys("ԁ", "d"),
        **dict.fromkeys("ԛ", "q"),
        **dict.fromkeys("ѵν", "v"),
        **dict.fromkeys("кκ", "k"),
        # One stroke, long vowel mark; the katakana that print like kanji.
        **dict.fromkeys("一―‐ｰ", "ー"),
        **dict.fromkeys("二", "ニ"),
        **dict.fromkeys("八", "ハ"),
        **dict.fromkeys("口", "ロ"),
        **dict.fromkeys("工", "エ"),
        **dict.fromkeys("力", "カ"),
        **dict.fromkeys("夕", "タ"),
        **dict.fromkeys("卜", "ト"),
        **dict.fromkeys("へ", "ヘ"),
        "-": "",
    }
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# Below this length two honest names are one letter apart too often; above the other, two slips still mislead.
_SHORTEST, _LONG = 5, 12


@lru_cache(maxsize=65_536)
def skeleton(label: str) -> str:
    """What is left of a U-label when everything that prints alike is made equal."""
    folded = unicodedata.normalize("NFKC", label).casefold().translate(_ALIKE)
    for pair, single in _PAIRS:
        folded = folded.replace(pair, single)
    return folded


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a reader sees of a host: its labels, its registrable domain, and the label people know it by."""

    labels: tuple[str, ...]
    domain: str
    name: str


@lru_cache(maxsize=65_536)
def _seen(host: str) -> _Seen:
    domain = registrable(host)
    suffix = SUFFIXES.publicsuffix(domain) or ""
    return _Seen(
        labels=tuple(_unicode(label) for label in host.split(".")),
        domain=domain,
        name=_unicode(domain.removesuffix(suffix).strip(".") or domain),
    )


def is_look_alike(host: str, other: str) -> bool:
    """True when ASCII host `host` may be taken for `other`. The same host, and a host below the other, are none."""
    if host == other or host.endswith("." + other) or other.endswith("." + host):
        return False
    mine, theirs = _seen(host), _seen(other)
    if mine.domain != theirs.domain:
        return _close(mine.name, theirs.name)
    return len(mine.labels) == len(theirs.labels) and _differ_by_a_slip(mine.labels, theirs.labels)


def _differ_by_a_slip(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Below one domain: exactly one label differs, and that one by a slip."""
    differing = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    return len(differing) == 1 and _close(*differing[0])


def _unicode(label: str) -> str:
    try:
        return idna.ulabel(label) if label.startswith("xn--") else label
    except (UnicodeError, ValueError, IndexError):
        return label


def _close(mine: str, theirs: str) -> bool:
    if mine == theirs:
        # The same name under another suffix: bank.co.jp and bank.jp.
        return len(mine) >= _SHORTEST
    if _numbers_apart(mine, theirs):
        return False
    a, b = skeleton(mine), skeleton(theirs)
    if a == b:
        return True
    longer = max(len(a), len(b))
    if longer < _SHORTEST:
        return False
    allowed = 2 if longer >= _LONG else 1
    return distance(a, b, limit=allowed) <= allowed


def _numbers_apart(mine: str, theirs: str) -> bool:
    """api1 and api2: numbering, not imitation."""
    return len(mine) == len(theirs) and all(
        a == b or (a.isdigit() and b.isdigit()) for a, b in zip(mine, theirs, strict=True)
    )


def distance(a: str, b: str, *, limit: int) -> int:
    """Optimal string alignment distance (insert, delete, replace, swap neighbours), or limit + 1 when it is larger."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    a, b = _without_common_ends(a, b)
    earlier: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        earlier, last = last, row
    return min(last[-1], limit + 1)


def _without_common_ends(a: str, b: str) -> tuple[str, str]:
    """Most names differ in the middle only or not at all alike: what is equal at both ends need not be compared."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]
