"""The public figures of the reviews."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from whitelist import deadlines, statistics
from whitelist.policy.working_days import STANDARD_PERIOD
from whitelist.views import queue_age


@require_safe
def review_statistics(request: HttpRequest) -> HttpResponse:
    at = timezone.now().replace(microsecond=0)
    figures = statistics.figures(at)
    highest = max((count for _, count in figures.days), default=0)
    context = {
        "figures": figures,
        "standard_period": STANDARD_PERIOD,
        "since": at - statistics.WINDOW,
        "at": at,
        "age": queue_age.of(clock for _, clock in deadlines.running(at)),
        "bars": [
            {"day": day, "count": count, "x": index * 24 + 2, "height": count * 100 // highest}
            for index, (day, count) in enumerate(figures.days)
        ],
        "width": max(len(figures.days) * 24, 24),
    }
    return render(request, "whitelist/public/statistics.html", context)
