"""The clauses about the contract itself: its owners, its currency, its rounding."""

from django.utils.translation import gettext_lazy as _

from deals.forms.terms.parts import Group, Kind, Leaf, Rows
from deals.rules.money import EXPONENTS

_MODES = (
    ("half_up", _("half up")),
    ("half_even", _("half to even")),
    ("down", _("down")),
    ("up", _("up")),
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
    each=_("Owner"),
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
    each=_("Policy"),
    one=_("Add a policy"),
    hint=_("How each owner shares its part with inventors and departments."),
    by="party",
    is_unusual=True,
)

COLLECTION = Leaf(
    "collection",
    Kind.COLLECTION,
    _("Who collects"),
    _("Blank: each owner its own part. Otherwise the owner who collects for all."),
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
