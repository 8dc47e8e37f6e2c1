"""The clauses about revenue: what counts as sales, what is taken off, which rate it bears."""

from django.utils.translation import gettext_lazy as _

from deals.forms.money import DEDUCTIONS
from deals.forms.terms.parts import Group, Kind, Leaf, Rows

_BASES = (
    ("net_sales", _("Net sales")),
    ("gross", _("Sales without tax, nothing deducted")),
    ("units", _("Pieces sold")),
    ("added_output_value", _("Added output value")),
    ("profit", _("Profit")),
    ("sublicence_income", _("Income from sublicences")),
)
_NEGATIVE = (
    ("carry_forward", _("lowers the sales of the next periods")),
    ("zero", _("counts as nothing")),
    ("zero_per_product", _("counts as nothing, product by product")),
)
_WINDOWS = (
    ("period", _("each reporting period")),
    ("contract_year", _("each contract year")),
    ("calendar_year", _("each calendar year")),
    ("lifetime", _("the whole term")),
)

_DEDUCTIONS = Rows(
    "deductions",
    _("Deductions"),
    (
        Leaf(
            "type",
            Kind.NAMED,
            _("Kind of deduction"),
            _("Returns and allowances, Freight, Customs duties ... or a name of your own."),
            tuple(DEDUCTIONS.items()),
        ),
        Leaf(
            "cap_of_gross",
            Kind.SHARE,
            _("At most, of sales without tax"),
            _("Blank: no limit of its own."),
            unit="%",
        ),
    ),
    each=_("Deduction"),
    one=_("Add a deduction"),
    hint=_("Only what stands here may be taken off sales; everything else is refused."),
    is_stated=True,
)

_TIERS = Group(
    "tiers",
    _("Royalty tiers"),
    (
        Leaf(
            "mode",
            Kind.CHOICE,
            _("How a tier counts"),
            _("Part by part like income tax, or one rate for all once a limit is passed."),
            (("marginal", _("part by part")), ("whole", _("one rate for everything"))),
        ),
        Leaf(
            "window",
            Kind.CHOICE,
            _("Tiers start anew with"),
            _("Sales are added up over this time to find the tier."),
            _WINDOWS,
        ),
        Rows(
            "rows",
            _("Tier"),
            (
                Leaf(
                    "up_to",
                    Kind.QUANTITY,
                    _("Up to a royalty base of"),
                    _("Leave the last one blank: it has no limit."),
                ),
                Leaf(
                    "rate",
                    Kind.SHARE,
                    _("Royalty"),
                    _("Share of the royalty base; blank when pieces are counted."),
                    unit="%",
                ),
                Leaf(
                    "unit",
                    Kind.NUMBER,
                    _("Price per piece"),
                    _("Only when pieces are counted."),
                    is_unusual=True,
                ),
                Leaf(
                    "flat",
                    Kind.AMOUNT,
                    _("Flat sum on entering"),
                    _("Due once, when sales reach this tier."),
                    is_unusual=True,
                ),
            ),
            each=_("Tier"),
            one=_("Add a tier"),
            least=1,
        ),
        Leaf(
            "first_tier_flat_on_zero",
            Kind.FLAG,
            _("The first flat sum is due without sales as well"),
            is_unusual=True,
        ),
        Leaf(
            "above_last",
            Kind.CHOICE,
            _("Above the last limit"),
            _("Only when the last tier has a limit."),
            (("", _("not stated")), ("use_last", _("the last tier goes on"))),
            is_unusual=True,
        ),
    ),
)

_FACTORS = Rows(
    "factors",
    _("Step-downs"),
    (
        Leaf(
            "reason",
            Kind.TEXT,
            _("Reason"),
            _("For example patent_expired, or a country without a patent."),
        ),
        Leaf("from", Kind.DAY, _("First day")),
        Leaf("to", Kind.DAY, _("Last day"), _("Blank: for good.")),
        Leaf(
            "factor", Kind.NUMBER, _("Factor"), _("0.5 halves the royalty while the reason holds.")
        ),
    ),
    each=_("Step-down"),
    one=_("Add a step-down"),
    hint=_("The royalty of these days counts only in part."),
    is_unusual=True,
)

_STACKING = Group(
    "stacking",
    _("Royalties to third parties"),
    (
        Leaf(
            "offset_share",
            Kind.SHARE,
            _("Share that is set off"),
            _("How much of what the company pays others lowers this royalty."),
            unit="%",
        ),
        Leaf(
            "max_reduction",
            Kind.SHARE,
            _("Lowered by at most"),
            _("Of the royalty of the period. Blank: wholly."),
            unit="%",
        ),
        Leaf(
            "floor_share",
            Kind.SHARE,
            _("What always stays"),
            _("Of the royalty of the period. Blank: nothing."),
            unit="%",
        ),
        Leaf("carry_forward", Kind.FLAG, _("The rest is set off in later periods")),
    ),
    is_unusual=True,
)

_ALLOWANCE = Group(
    "free_allowance",
    _("Free allowance"),
    (
        Leaf(
            "per",
            Kind.CHOICE,
            _("Granted anew"),
            _("What is not used up is lost."),
            (("period", _("each reporting period")), ("contract_year", _("each contract year"))),
            usual="period",
        ),
        Leaf(
            "amount",
            Kind.QUANTITY,
            _("Free of royalty"),
            _("This part of the net sales carries no royalty. Blank: none."),
        ),
    ),
)

STREAMS = Rows(
    "streams",
    _("Source of revenue"),
    (
        Leaf(
            "key",
            Kind.TEXT,
            _("Short name"),
            _("Reports and statements call the source by it."),
        ),
        Leaf(
            "basis",
            Kind.CHOICE,
            _("Royalty basis"),
            _("What the royalty is a share of."),
            _BASES,
            usual="net_sales",
        ),
        _DEDUCTIONS,
        Leaf(
            "negative_net",
            Kind.CHOICE,
            _("Returns above the sales of a period"),
            _("What a negative figure does."),
            _NEGATIVE,
            usual="carry_forward",
        ),
        _ALLOWANCE,
        _TIERS,
        Leaf(
            "deduction_cap_of_gross",
            Kind.SHARE,
            _("Ceiling of all deductions"),
            _("Of sales without tax. Blank: none."),
            unit="%",
            is_unusual=True,
        ),
        _FACTORS,
        _STACKING,
    ),
    each=_("Source of revenue"),
    one=_("Add a source of revenue"),
    hint=_(
        "If the result is sold inside a larger product, the report states its share A/(A+B); "
        "clause 4.6 takes it from there."
    ),
    is_stated=True,
)
