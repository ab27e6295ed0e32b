"""Two people edit one draft: what each changed is kept, and only what both changed differently is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed, each otherwise; key: of content.FIELDS."""

    key: str
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """said: what may be kept; conflicts: what has to be asked (there `said` has the team-mate's value)."""

    said: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(*, base: Said | None, theirs: Said, mine: Said) -> Merged:
    """Three-way merge by field.

    base: the values the page was made from, None when it is not known (then every difference is a conflict);
    theirs: the values kept now; mine: what was sent. Fields that `mine` does not name are left alone.
    """
    said, conflicts = {}, []
    for key, wanted in mine.items():
        standing = theirs.get(key)
        if wanted == standing or (base is not None and key in base and wanted == base[key]):
            said[key] = standing
        elif base is not None and key in base and standing == base[key]:
            said[key] = wanted
        else:
            said[key] = standing
            conflicts.append(Conflict(key, standing, wanted))
    return Merged(said, tuple(conflicts))
