"""The clauses about time: the trial, the paying stage, reporting periods and due dates."""

from django.utils.translation import gettext_lazy as _

from deals.forms.terms.parts import Group, Kind, Leaf, Rows

_NOT_STATED = ("", _("not stated"))

TRIAL = Group(
    "stages.trial",
    _("Free trial"),
    (
        Leaf("from", Kind.DAY, _("Trial begins")),
        Leaf("to", Kind.DAY, _("Last day of the trial")),
        Leaf(
            "unconverted_use",
            Kind.CHOICE,
            _("Use after the trial without conversion"),
            _("If the company goes on without saying that it wants to."),
            (
                _NOT_STATED,
                ("paying_rates", _("is charged like any use")),
                ("claim", _("is a claim of the university")),
            ),
        ),
        Leaf(
            "nothing_due_before",
            Kind.CHOICE,
            _("Nothing falls due before"),
            _("A promise that every other clause is checked against."),
            (
                _NOT_STATED,
                ("trial_end", _("the end of the trial")),
                ("first_revenue", _("the first revenue")),
            ),
        ),
        Leaf("reports_required", Kind.FLAG, _("Sales are reported in the trial as well")),
        Rows(
            "ends_on",
            _("End of the trial by use"),
            (
                Leaf("cumulative_net", Kind.AMOUNT, _("Net sales in all")),
                Leaf("cumulative_units", Kind.NUMBER, _("Or pieces in all")),
            ),
            each=_("Limit"),
            one=_("Add a limit"),
            hint=_("The trial ends early when sales reach a limit."),
            is_unusual=True,
        ),
        Leaf(
            "trigger_granularity",
            Kind.CHOICE,
            _("A limit ends the trial"),
            choices=(
                _NOT_STATED,
                ("period", _("with the period that reaches it")),
                ("line", _("with the sale that reaches it")),
            ),
            is_unusual=True,
        ),
        Leaf(
            "free_counts_toward_tiers",
            Kind.FLAG,
            _("Free sales fill the lower tiers"),
            is_unusual=True,
        ),
    ),
)

PAYING = Group(
    "stages.paying",
    _("Paying stage"),
    (
        Leaf(
            "from",
            Kind.START,
            _("Payment begins on"),
            _("Blank: with the conversion, when the company says that it goes on."),
        ),
        Leaf("to", Kind.DAY, _("Paying until at most"), _("No later sale bears royalty.")),
    ),
    is_kept=True,
)

PERIODS = Group(
    "periods",
    _("Reports and instalments"),
    (
        Leaf(
            "kind",
            Kind.CHOICE,
            _("Reporting period"),
            _("One report and one instalment each."),
            (
                ("month", _("month")),
                ("quarter", _("quarter")),
                ("half_year", _("half a year")),
                ("year", _("year")),
            ),
        ),
        Leaf(
            "anchor",
            Kind.CHOICE,
            _("Counted from"),
            _("Calendar periods suit the books, contract periods the first day."),
            (("calendar", _("the calendar")), ("contract", _("the first day of the contract"))),
        ),
        Leaf(
            "report_days",
            Kind.COUNT,
            _("Days to report"),
            _("After the end of the period."),
            unit=_("days"),
        ),
        Leaf(
            "pay_days",
            Kind.COUNT,
            _("Days to pay"),
            _("After the end of the period."),
            unit=_("days"),
        ),
        Leaf(
            "min_days_after_final",
            Kind.COUNT,
            _("Days from the final statement at least"),
            _("A late answer of the university never shortens the time to pay. Blank: none."),
            unit=_("days"),
        ),
        Leaf(
            "roll",
            Kind.CHOICE,
            _("Due date on a day off"),
            _("By the public holidays and make-up workdays of the year."),
            (
                ("following", _("the next working day")),
                ("preceding", _("the working day before")),
                ("none", _("stays")),
            ),
        ),
    ),
)
