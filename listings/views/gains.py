"""What a company gains: the measured benefits as a table's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from listings.models import Benefit, Listing
from listings.rules.benefits import PERCENT_SIGNS, change
from listings.views.cards import in_language, marked
from marketplace.base.formats import MINUS


@dataclass(frozen=True)
class Gain:
    """One row; texts are "" where nothing is known."""

    label: SafeString
    usual: str
    value: str
    change: str
    method: str
    compared_with: str


def gains(listing: Listing) -> Sequence[Gain]:
    """The rows of a listing whose benefits are prefetched, in their own order."""
    rows = sorted(listing.benefits.all(), key=lambda benefit: (benefit.position, benefit.pk))
    return [_gain(benefit) for benefit in rows]


def _gain(benefit: Benefit) -> Gain:
    return Gain(
        label=marked(in_language(benefit.label_zh, benefit.label_en)),
        usual=_number(benefit.compared_value, benefit.unit),
        value=_number(benefit.value, benefit.unit),
        change=_change(benefit),
        method=benefit.method,
        compared_with=benefit.compared_with,
    )


def _number(value: Decimal | None, unit: str) -> str:
    if value is None:
        return ""
    space = "" if unit in PERCENT_SIGNS else "\u00a0"
    return f"{_written(value)}{space}{unit}".strip()


def _change(benefit: Benefit) -> str:
    if benefit.compared_value is None:
        return ""
    found = change(benefit.value, benefit.compared_value, benefit.unit)
    if found is None or not found[0]:
        return ""
    number, in_points = found
    signed = f"+{_written(number)}" if number > 0 else _written(number)
    return _("%(number)s points") % {"number": signed} if in_points else f"{signed}%"


def _written(number: Decimal) -> str:
    """Separators, no superfluous zeros, and the real minus sign."""
    return f"{number.normalize():,f}".replace("-", MINUS)
