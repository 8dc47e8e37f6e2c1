"""The clauses about payment: credits, late interest, corrections, tax."""

from django.utils.translation import gettext_lazy as _

from deals.forms.terms.parts import Group, Kind, Leaf

_NOT_STATED = ("", _("not stated"))

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
