"""The clauses about sums: agreed ones, milestones, the minimum, caps, the long stop."""

from django.utils.translation import gettext_lazy as _

from deals.forms.terms.parts import Group, Kind, Leaf, Rows

COMPONENTS = (
    ("earned", _("royalty")),
    ("minimum", _("minimum")),
    ("milestone", _("milestones")),
    ("fixed", _("agreed sums")),
)

FIXED = Rows(
    "fixed",
    _("Agreed sums"),
    (
        Leaf("key", Kind.TEXT, _("Short name"), _("For example entry or option.")),
        Leaf("amount", Kind.AMOUNT, _("Amount"), _("Once, whatever is sold.")),
        Leaf(
            "on",
            Kind.NAMED,
            _("Falls due on"),
            _("A day such as 2027-03-31, or the event: conversion."),
            (("conversion", _("conversion")), ("signature", _("signature"))),
        ),
        Leaf(
            "due_days",
            Kind.COUNT,
            _("Days to pay"),
            _("Blank: joins the instalment of its period."),
            unit=_("days"),
        ),
        Leaf(
            "creditable",
            Kind.FLAG,
            _("Set off against royalty later"),
            _("Needs days to pay of its own."),
        ),
    ),
    each=_("Agreed sum"),
    one=_("Add an agreed sum"),
    hint=_("An entry fee, a price, an option fee, instalments of a fixed licence."),
)

MILESTONES = Rows(
    "milestones",
    _("Milestone payments"),
    (
        Leaf("key", Kind.TEXT, _("Short name"), _("For example pilot or first_million.")),
        Leaf("amount", Kind.AMOUNT, _("Amount"), _("Once, when the milestone is reached.")),
        Leaf(
            "cumulative_net",
            Kind.AMOUNT,
            _("Reached at net sales in all of"),
            _("Either this or a day."),
        ),
        Leaf("date", Kind.DAY, _("Or on the day"), _("Either this or net sales.")),
    ),
    each=_("Milestone payment"),
    one=_("Add a milestone"),
    hint=_("Sums that wait for success, each paid once."),
)

_RECOUP = Group(
    "recoup",
    _("Minimum taken back"),
    (
        Leaf(
            "kind",
            Kind.CHOICE,
            _("A topped-up minimum"),
            _("May later royalty above the minimum give it back?"),
            (
                ("", _("not stated")),
                ("none", _("is never given back")),
                ("first_years", _("is given back in the first years")),
                ("following_years", _("is given back in the years that follow")),
            ),
        ),
        Leaf("years", Kind.COUNT, _("Years for it"), unit=_("years")),
    ),
    is_unusual=True,
)

MINIMUM = Group(
    "minimum",
    _("Minimum royalty"),
    (
        Leaf(
            "amount",
            Kind.AMOUNT,
            _("Minimum"),
            _("Topped up when royalty stays below it. Blank: no revenue, no fee."),
        ),
        Leaf(
            "scope",
            Kind.CHOICE,
            _("Counted over"),
            _("The time in which royalty must reach it."),
            (
                ("contract_year", _("each contract year")),
                ("calendar_year", _("each calendar year")),
                ("quarter", _("each quarter")),
            ),
            usual="contract_year",
        ),
        Leaf(
            "first_year",
            Kind.CHOICE,
            _("First year"),
            _("If payment begins inside it."),
            (
                ("", _("not stated: whole")),
                ("full", _("whole")),
                ("prorate_days", _("in proportion to its days")),
            ),
        ),
        Leaf(
            "on_termination",
            Kind.CHOICE,
            _("When the contract ends early"),
            _("What is left of the last year's minimum."),
            (
                ("", _("not stated: whole")),
                ("prorate", _("in proportion to its days")),
                ("waive", _("waived")),
                ("full", _("whole")),
            ),
        ),
        Rows(
            "schedule",
            _("Amounts by year"),
            (Leaf("", Kind.AMOUNT, _("Amount")),),
            each=_("Year"),
            one=_("Add a year"),
            hint=_("Instead of one minimum: year by year, the last one goes on."),
            is_unusual=True,
        ),
        Leaf(
            "quarter_excess_counts",
            Kind.FLAG,
            _("More in an earlier quarter counts for a later one"),
            is_unusual=True,
        ),
        Rows(
            "suspended",
            _("Suspended"),
            (Leaf("from", Kind.DAY, _("First day")), Leaf("to", Kind.DAY, _("Last day"))),
            each=_("Suspension"),
            one=_("Add a suspension"),
            hint=_("Days that bear no minimum."),
            is_unusual=True,
        ),
        _RECOUP,
    ),
)

CAPS = Group(
    "caps",
    _("Cap"),
    (
        Leaf(
            "lifetime",
            Kind.AMOUNT,
            _("Cap over the whole term"),
            _("Once it is reached the company goes on without paying. A price is a cap as well."),
        ),
        Leaf(
            "includes",
            Kind.WORDS,
            _("What counts towards the cap"),
            _("Everything else is paid on top."),
            COMPONENTS,
            usual=("earned", "minimum", "milestone", "fixed"),
        ),
        Leaf("period", Kind.AMOUNT, _("Cap of a reporting period"), is_unusual=True),
        Leaf("contract_year", Kind.AMOUNT, _("Cap of a contract year"), is_unusual=True),
        Leaf("calendar_year", Kind.AMOUNT, _("Cap of a calendar year"), is_unusual=True),
    ),
)

LONG_STOP = Group(
    "long_stop",
    _("Long stop"),
    (
        Leaf(
            "date",
            Kind.DAY,
            _("Last day to pay a price from revenue"),
            _("Blank: there is none."),
        ),
        Leaf(
            "balance",
            Kind.CHOICE,
            _("What is not paid by then"),
            _("The balance of the lifetime cap."),
            (("waived", _("is waived")), ("due", _("falls due"))),
            usual="waived",
        ),
    ),
)
