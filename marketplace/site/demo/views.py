"""The demo's clock: move the date, and everything that is due by then happens."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import SIGNED_IN
from marketplace.site.demo import calendar

STEPS = {"week": calendar.in_a_week, "month": calendar.next_month, "quarter": calendar.next_quarter}


@guarded(SIGNED_IN)
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Show the demo's date; a POST with `step` moves it. Not there outside a demo."""
    if not settings.DEMO:
        raise Http404
    today = clock.today()
    if request.method == "POST":
        step = STEPS.get(request.POST.get("step", ""), calendar.next_quarter)
        calendar.move_to(step(today), today=today)
        return redirect("demo_clock")
    return render(request, "site/demo_clock.html", {"choices": _choices(today)})


def _choices(today: date) -> list[tuple[str, date]]:
    return [(name, step(today)) for name, step in STEPS.items()]
