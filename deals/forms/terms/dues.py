"""The clauses about time and payment: stages, periods, credits, interest, tax, owners."""

from django.utils.translation import gettext_lazy as _

from deals.forms.terms.parts import Group, Kind, Leaf, Rows
from deals.rules.money import EXPONENTS

_NOT_STATED = ("", _("not stated"))
_MODES = (
    ("half_up", _("half up")),
    ("half_even", _("half to even")),
    ("down", _("down")),
    ("up", _("up")),
)

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

CREDITS = Group(
    "credits",
    _("Credits"),
    (
        Leaf(
            "order",
            Kind.CHOICE,
            _("Which credit is used first"),
            choices=(_NOT_STATED, ("fifo", _("the oldest"))),
        ),
        Leaf(
            "max_share_per_period",
            Kind.SHARE,
            _("Pays at most"),
            _("Of each instalment. Blank: all of it."),
            unit="%",
        ),
        Leaf("refund_on_end", Kind.FLAG, _("What is left is refunded at the end")),
    ),
    is_unusual=True,
)

LATE = Group(
    "late",
    _("Late interest"),
    (
        Leaf("method", Kind.CONSTANT, usual="simple"),
        Group(
            "rate",
            "",
            (
                Leaf(
                    "fixed",
                    Kind.SHARE,
                    _("Fixed rate a year"),
                    _("Either this or a published series."),
                    unit="%",
                ),
                Leaf(
                    "series",
                    Kind.TEXT,
                    _("Published series"),
                    _("For example LPR1Y, the one-year loan prime rate."),
                ),
                Leaf(
                    "multiple",
                    Kind.NUMBER,
                    _("Times the series"),
                    _("1.5 is one and a half times the rate in force."),
                ),
            ),
        ),
        Leaf(
            "basis",
            Kind.COUNT,
            _("Days of a year"),
            choices=(("365", "365"), ("360", "360")),
            usual="365",
        ),
        Leaf(
            "grace_days",
            Kind.COUNT,
            _("Days of grace"),
            _("Paid within them, nothing is charged."),
            unit=_("days"),
        ),
        Leaf("retroactive", Kind.FLAG, _("After the grace interest runs from the due date")),
        Leaf(
            "stops_in_dispute",
            Kind.FLAG,
            _("A disputed part bears none"),
            _("While the dispute lasts."),
        ),
    ),
)

CORRECTION = Group(
    "correction",
    _("Corrections"),
    (
        Leaf(
            "interest_from",
            Kind.CHOICE,
            _("Interest on an upward correction runs from"),
            choices=(
                _NOT_STATED,
                ("notice", _("its own due date")),
                ("original_due", _("the due date of the period it corrects")),
            ),
        ),
    ),
    is_unusual=True,
)

TAX = Group(
    "tax",
    _("Tax"),
    (
        Group(
            "vat",
            "",
            (
                Leaf(
                    "treatment",
                    Kind.NAMED,
                    _("Value-added tax"),
                    _("Exempt as a registered contract, Taxed, or a word of the contract's own."),
                    (
                        ("exempt_registered", _("Exempt as a registered contract")),
                        ("taxed", _("Taxed")),
                    ),
                ),
                Leaf(
                    "rate",
                    Kind.SHARE,
                    _("Rate of the value-added tax"),
                    _("As in force for the licensor. Blank: none is charged."),
                    unit="%",
                ),
                Leaf(
                    "certificate",
                    Kind.TEXT,
                    _("Registration certificate"),
                    _("Exempt needs the registered contract."),
                ),
                Leaf(
                    "price",
                    Kind.CHOICE,
                    _("The price"),
                    choices=(
                        _NOT_STATED,
                        ("includes", _("includes the tax")),
                        ("excludes", _("is without the tax")),
                    ),
                ),
            ),
        ),
        Group(
            "withholding",
            "",
            (
                Leaf(
                    "rate",
                    Kind.SHARE,
                    _("Withheld by the company"),
                    _("Tax kept back for the treasury, of the price without VAT. Blank: none."),
                    unit="%",
                ),
            ),
            is_unusual=True,
        ),
    ),
)

OWNERS = Rows(
    "owners",
    _("Owners"),
    (
        Leaf(
            "party",
            Kind.PARTY,
            _("Owner"),
            _("Name or unified social credit code of a university of this site."),
        ),
        Leaf("weight", Kind.WEIGHT, _("Weight"), _("60 and 40, or fractions such as 1/3.")),
    ),
    one=_("Add an owner"),
    hint=_("Who shares what the company pays, by weight."),
)

WATERFALLS = Rows(
    "waterfalls",
    _("Distribution policies"),
    (
        Leaf("party", Kind.PARTY, _("Owner")),
        Leaf("", Kind.TEXT, _("Policy"), _("The key of the owner's policy.")),
    ),
    one=_("Add a policy"),
    hint=_("How each owner shares its part with inventors and departments."),
    by="party",
    is_unusual=True,
)

WHOLE = Group(
    "",
    _("Contract"),
    (
        Leaf(
            "currency",
            Kind.CHOICE,
            _("Currency"),
            _("Sales in another one are converted by the dated rate of the file."),
            tuple((code, code) for code in sorted(EXPONENTS)),
            usual="CNY",
        ),
        Group(
            "rounding",
            "",
            (
                Leaf(
                    "mode", Kind.CHOICE, _("Rounding"), _("At the points the rules name."), _MODES
                ),
                Leaf(
                    "unit_minor",
                    Kind.COUNT,
                    _("Rounded to"),
                    _("In the smallest unit: 1 is a fen, 100 a yuan."),
                ),
            ),
        ),
        Leaf(
            "min_payable",
            Kind.AMOUNT,
            _("Smallest payment"),
            _("Less than this waits for the next period. Blank: none."),
        ),
        Leaf("zone", Kind.TEXT, _("Time zone"), _("Whose days the contract's dates are.")),
        Leaf("effective_from", Kind.DAY, _("In force from"), _("Blank: from the trial on.")),
        Leaf(
            "retroactive_from",
            Kind.DAY,
            _("Applies back to"),
            _("Sales from this day on are counted again under this version."),
        ),
        Leaf("reset_windows", Kind.FLAG, _("Tiers start anew when this version takes effect")),
    ),
    is_unusual=True,
)

COLLECTION = Leaf(
    "collection",
    Kind.COLLECTION,
    _("Who collects"),
    _("Blank: each owner its own part. Otherwise the owner who collects for all."),
)
