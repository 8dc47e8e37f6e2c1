"""Terms to start from, beside each other: the three standards and the university's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from deals.forms.terms.sample import FIRST_SALES, GROWTH
from deals.forms.terms.sections import FAMILIES
from deals.rules.agreement import NON_EXCLUSIVE
from deals.rules.ceilings import most_payable
from deals.rules.faults import Refused
from deals.rules.money import format_amount
from deals.rules.points import points_offered
from deals.rules.samples import try_out
from deals.rules.terms import validate
from deals.views.figures import rows_offered
from deals.views.plain import money
from listings.models import TermsTemplate
from listings.rules.simulator import Guess, guessed_sales
from listings.rules.standards import COMPARED, Start, start_named
from listings.rules.template import specimen
from marketplace.accounts.actors import Actor
from marketplace.base import formats

OWN = 3


@dataclass(frozen=True)
class Column:
    """One start: its key for the address, its name, and what it says row by row."""

    key: str
    name: str
    values: Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """The starts beside each other."""

    labels: Sequence[str]
    columns: Sequence[Column]

    @property
    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """Each label with what every start says of it."""
        for index, label in enumerate(self.labels):
            yield label, [column.values[index] for column in self.columns]


def comparison_for(actor: Actor) -> Comparison:
    """The standards, and the newest terms of the actor's university."""
    names = {
        "a": _("A: no minimum"),
        "b": _("B: small minimum, lower rate"),
        "c": _("C: a fixed price, paid from revenue"),
    }
    found = [(key, names[key], start_named(key)) for key in COMPARED]
    own = TermsTemplate.objects.filter(organisation=actor.organisation).order_by("-created_at")
    found += [(one.public_id, one.name, _start_of(one)) for one in own[:OWN]]
    tables = [(key, name, _says(start)) for key, name, start in found if start is not None]
    columns = [Column(key, name, [*says.values()]) for key, name, says in tables]
    return Comparison([*tables[0][2]], columns)


def start_of(key: str, actor: Actor) -> Start | None:
    """A named start, or one of the university's own by its public id."""
    named = start_named(key)
    if named is not None or not key:
        return named
    own = TermsTemplate.objects.filter(organisation=actor.organisation, public_id=key).first()
    return _start_of(own) if own else None


def _start_of(template: TermsTemplate) -> Start:
    return Start(template.family, template.document, template.trial_months)


def _says(start: Start) -> dict[str, str]:
    """Label and value of each row; the same labels for every start."""
    points = points_offered(
        start.document, trial_months=start.trial_months, kind=NON_EXCLUSIVE, territory=""
    )
    rows = {row.label: row.value for row in rows_offered(points) if row.label != _("Licence")}
    family = FAMILIES.get(start.family)
    named = {_("Kind of deal"): str(family.name) if family else start.family}
    return {**named, **rows, **_costs(start)}


def _costs(start: Start) -> dict[str, str]:
    sales = {"amount": formats.wan(FIRST_SALES), "growth": GROWTH}
    label = _("Five years of sales, %(amount)s a quarter growing by %(growth)s%%") % sales
    return {_("The most it can cost"): _most(start), label: _sample(start)}


def _most(start: Start) -> str:
    terms = validate(_whole(start))[0]
    most = None if terms is None else most_payable(terms)
    return _("no limit") if terms is None or most is None else money(terms, most)


def _sample(start: Start) -> str:
    """What the calculation makes of the sample; a dash for terms that it does not fit."""
    document = _whole(start)
    terms = validate(document)[0]
    if terms is None or any(stream.counts_units for stream in terms.streams.values()):
        return "–"
    if terms.calendar.kind != "quarter":
        return "–"
    guessed = guessed_sales(Guess(FIRST_SALES, GROWTH))
    sales = [dict.fromkeys(terms.streams, format_amount(one, terms.currency)) for one in guessed]
    try:
        return money(terms, try_out(document, sales).payable)
    except Refused:
        return "–"


def _whole(start: Start) -> dict[str, Any]:
    return specimen(start.document, trial_months=start.trial_months)
