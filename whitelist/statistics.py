"""Public figures of the reviews: how long they take, how they end, how many are late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from whitelist import deadlines
from whitelist.models import Application, Review, Transition
from whitelist.policy import legal_clock

WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Figures:
    """Of the decisions of the last 90 days: `base` is how many there were; days are working days.

    median, longest_of_nine_in_ten: None without a decision. withdrawn: submitted and taken back. open, overdue: now.
    """

    base: int
    median: float | None
    longest_of_nine_in_ten: int | None
    approved: int
    refused: int
    withdrawn: int
    open: int
    overdue: int
    days: tuple[tuple[int, int], ...]


def figures(at: datetime) -> Figures:
    """The figures as of `at` (aware)."""
    decided = _decisions(at)
    used = sorted(days for days in (_days_used(review) for review in decided) if days is not None)
    running = deadlines.running(at)
    return Figures(
        base=len(used),
        median=median(used),
        longest_of_nine_in_ten=percentile(used, 90),
        approved=sum(review.decision == Review.Decision.APPROVE for review in decided),
        refused=sum(review.decision == Review.Decision.REFUSE for review in decided),
        withdrawn=_withdrawn(at),
        open=len(running),
        overdue=sum(clock.is_overdue for _, clock in running),
        days=tuple((day, used.count(day)) for day in range(max(used, default=0) + 1)) if used else (),
    )


def median(ordered: Sequence[int]) -> float | None:
    """The middle of an ordered sequence, of two middles their mean; None of nothing."""
    if not ordered:
        return None
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percentile(ordered: Sequence[int], share: int) -> int | None:
    """The smallest value that `share` per cent of an ordered sequence do not exceed (nearest rank); None of nothing."""
    return ordered[ceil(len(ordered) * share / 100) - 1] if ordered else None


def _decisions(at: datetime) -> list[Review]:
    """Second approvals and refusals: what ended a review."""
    since = Review.objects.filter(created_at__gt=at - WINDOW, created_at__lte=at, voided_at=None)
    ended = [review for review in since.select_related("revision__application") if _ends(review)]
    return sorted(ended, key=lambda review: review.pk)


def _ends(review: Review) -> bool:
    is_approval = review.decision == Review.Decision.APPROVE and review.stage == Review.Stage.SECOND
    return is_approval or review.decision == Review.Decision.REFUSE


def _days_used(review: Review) -> int | None:
    application: Application = review.revision.application
    clock = legal_clock.clock(deadlines.trail(application), review.created_at)
    return clock.used if clock else None


def _withdrawn(at: datetime) -> int:
    """Applications taken back after they had been submitted."""
    found = Transition.objects.filter(state="withdrawn", at__gt=at - WINDOW, at__lte=at)
    return found.filter(application__submitted_at__isnull=False).count()
