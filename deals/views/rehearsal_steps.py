"""The steps of a rehearsal's desk by name: the form of each, what it does, what is said then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from deals.forms.rehearsals import LeaveForm, MoveForm, PayForm, PlayForm, seen_of
from deals.models import Rehearsal
from deals.services import rehearsals
from marketplace.accounts.actors import Actor

Service = Callable[..., Rehearsal]


@dataclass(frozen=True)
class Step:
    """One step: its form, its service with the names of what it takes, and the words after it."""

    form: type[PlayForm]
    service: Service
    words: str | Promise
    given: Callable[[Any], Mapping[str, Any]] = lambda form: {}

    def take(self, found: Rehearsal, form: PlayForm, *, by: Actor, at: datetime) -> str:
        """Do it, and say where the rehearsal stands."""
        row = self.service(found, **self.given(form), seen=seen_of(form.data), by=by, at=at)
        return str(self.words) % {"day": f"{row.today_date:%Y-%m-%d}"}


STEPS: Mapping[str, Step] = {
    "move": Step(
        MoveForm,
        rehearsals.move_date,
        gettext_lazy("It is %(day)s in this rehearsal now."),
        lambda form: {"to": form.cleaned_data["to"]},
    ),
    "pay": Step(
        PayForm,
        rehearsals.pay,
        gettext_lazy("The invented transfer is recorded."),
        lambda form: {"payment": form.payment()},
    ),
    "convert": Step(
        PlayForm, rehearsals.convert, gettext_lazy("Converted: sales from %(day)s on are paid for.")
    ),
    "leave": Step(
        LeaveForm,
        rehearsals.leave,
        gettext_lazy("The company has left on %(day)s."),
        lambda form: {"last_use": form.cleaned_data["last_use_date"]},
    ),
    "terminate": Step(
        PlayForm, rehearsals.terminate, gettext_lazy("The contract has ended on %(day)s.")
    ),
    "again": Step(PlayForm, rehearsals.start_over, gettext_lazy("Back to %(day)s, as it began.")),
}


def form_of(step: str, found: Rehearsal, data: Any = None) -> PlayForm:
    """The form of a step, filled in with what is likely: all that is open, today."""
    form_class = STEPS[step].form
    today = found.today_date
    initial = {"last_use_date": today, "received_date": today}
    if form_class is PayForm:
        return PayForm(data, currency=rehearsals.play_of(found).currency, initial=initial)
    return form_class(data, initial=initial, auto_id=f"{step}_%s")
