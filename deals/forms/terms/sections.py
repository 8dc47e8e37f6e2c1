"""The clauses in the order in which people read them, and which of them a kind of deal needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from deals.forms.terms.contract import COLLECTION, OWNERS, WATERFALLS, WHOLE
from deals.forms.terms.dues import CORRECTION, CREDITS, LATE, TAX
from deals.forms.terms.parts import Part, Words
from deals.forms.terms.stages import PAYING, PERIODS, TRIAL
from deals.forms.terms.streams import STREAMS
from deals.forms.terms.sums import CAPS, FIXED, LONG_STOP, MILESTONES, MINIMUM


@dataclass(frozen=True)
class Section:
    """One card of the form."""

    key: str
    title: Words
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Family:
    """A kind of deal: what it means in plain words, and the sections that it cannot do without."""

    key: str
    name: Words
    means: Words
    risk: Words
    sections: tuple[str, ...]
    is_contingent: bool = True


SECTIONS: tuple[Section, ...] = (
    Section("trial", _("Trial and term"), (TRIAL, PAYING)),
    Section("fixed", _("Agreed sums"), (FIXED,)),
    Section("milestones", _("Milestone payments"), (MILESTONES,)),
    Section("streams", _("Royalty"), (STREAMS,)),
    Section("limits", _("Cap and minimum"), (CAPS, MINIMUM)),
    Section("long_stop", _("Long stop"), (LONG_STOP,)),
    Section("periods", _("Reports and instalments"), (PERIODS,)),
    Section("late", _("Late payment"), (LATE, CORRECTION)),
    Section("tax", _("Tax"), (TAX,)),
    Section("owners", _("Owners"), (OWNERS, COLLECTION, WATERFALLS)),
    Section("contract", _("Currency, rounding and credits"), (WHOLE, CREDITS)),
)
ALL: tuple[Part, ...] = tuple(part for section in SECTIONS for part in section.parts)

_ALWAYS = ("trial", "periods", "late", "tax")
FAMILIES: Mapping[str, Family] = {
    family.key: family
    for family in (
        Family(
            "use_first",
            _("Use first, pay later"),
            _("Free at first, then a share of what is earned, up to a cap."),
            _("No revenue, no fee: the university carries the risk with the company."),
            (*_ALWAYS, "streams", "limits"),
        ),
        Family(
            "option",
            _("Option"),
            _("A small fee reserves the result; on conversion an entry fee and a royalty follow."),
            _("Whoever does not convert has lost the option fee and owes nothing else."),
            (*_ALWAYS, "fixed", "streams", "limits"),
        ),
        Family(
            "staged",
            _("Staged"),
            _("A sum at each step that is reached: a pilot, an approval, a turnover."),
            _("Steps that are never reached are never paid."),
            (*_ALWAYS, "milestones", "streams", "limits"),
        ),
        Family(
            "fixed_licence",
            _("Fixed licence"),
            _("A fixed price in instalments on agreed days, whatever is sold."),
            _("The company carries the risk; the university knows what it gets."),
            (*_ALWAYS, "fixed"),
            is_contingent=False,
        ),
        Family(
            "buy_out",
            _("Buy-out"),
            _("One price, paid once; nothing is reported or counted after it."),
            _("The company carries the whole risk and keeps the whole gain."),
            (*_ALWAYS, "fixed"),
            is_contingent=False,
        ),
    )
}


def family_of(document: Mapping[str, object]) -> str:
    """The kind of deal that a document amounts to."""
    fixed = document.get("fixed")
    if not document.get("streams") and fixed and not document.get("milestones"):
        return "buy_out" if isinstance(fixed, list) and len(fixed) == 1 else "fixed_licence"
    if document.get("milestones"):
        return "staged"
    return "option" if fixed else "use_first"
