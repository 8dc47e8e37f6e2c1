"""Where in a contract file something stands, in the reader's language."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES: Mapping[str, str | Promise] = {
    "accepted_on": gettext_lazy("Accepted on"),
    "amount": gettext_lazy("Amount"),
    "anchor": gettext_lazy("Counted from"),
    "basis": gettext_lazy("Royalty basis"),
    "calendar_year": gettext_lazy("Calendar year"),
    "caps": gettext_lazy("Cap"),
    "collection": gettext_lazy("Collection"),
    "combination": gettext_lazy("Combined product"),
    "contract": gettext_lazy("Contract number"),
    "contract_year": gettext_lazy("Contract year"),
    "correction": gettext_lazy("Corrections"),
    "country": gettext_lazy("Country"),
    "credits": gettext_lazy("Credits"),
    "cumulative_net": gettext_lazy("Net sales in all"),
    "cumulative_units": gettext_lazy("Pieces in all"),
    "currency": gettext_lazy("Currency"),
    "date": gettext_lazy("Date"),
    "deduction_cap_of_gross": gettext_lazy("Ceiling of all deductions"),
    "cap_of_gross": gettext_lazy("Ceiling"),
    "deductions": gettext_lazy("Deductions"),
    "due_days": gettext_lazy("Days to pay"),
    "effective_from": gettext_lazy("In force from"),
    "ends_on": gettext_lazy("End of the trial by use"),
    "events": gettext_lazy("Events"),
    "factor": gettext_lazy("Factor"),
    "factors": gettext_lazy("Step-down"),
    "fixed": gettext_lazy("Agreed sum"),
    "flat": gettext_lazy("Flat sum"),
    "free_allowance": gettext_lazy("Free allowance"),
    "from": gettext_lazy("First day"),
    "gross": gettext_lazy("Sales, tax included"),
    "invoice": gettext_lazy("Invoice number"),
    "key": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "late": gettext_lazy("Late interest"),
    "lifetime": gettext_lazy("Lifetime"),
    "lines": gettext_lazy("Sales line"),
    "long_stop": gettext_lazy("Long stop"),
    "milestones": gettext_lazy("Milestone payment"),
    "min_payable": gettext_lazy("Smallest payment"),
    "minimum": gettext_lazy("Minimum royalty"),
    "mode": gettext_lazy("Mode"),
    "negative_net": gettext_lazy("Negative net sales"),
    "on": gettext_lazy("Due on"),
    "owners": gettext_lazy("Owners"),
    "party": gettext_lazy("Party"),
    "pay_days": gettext_lazy("Days to pay"),
    "paying": gettext_lazy("Paying stage"),
    "period": gettext_lazy("Period"),
    "periods": gettext_lazy("Reporting periods"),
    "product": gettext_lazy("Product"),
    "rate": gettext_lazy("Rate"),
    "rates": gettext_lazy("Rate series"),
    "receipts": gettext_lazy("Transfer"),
    "recoup": gettext_lazy("Minimum taken back"),
    "report_days": gettext_lazy("Days to report"),
    "reports": gettext_lazy("Revenue report"),
    "retroactive_from": gettext_lazy("Applies back to"),
    "roll": gettext_lazy("Due date on a day off"),
    "rounding": gettext_lazy("Rounding"),
    "rows": gettext_lazy("Tier"),
    "sale_date": gettext_lazy("Day of sale"),
    "schedule": gettext_lazy("Amounts by year"),
    "scope": gettext_lazy("Counted over"),
    "stacking": gettext_lazy("Royalties to third parties"),
    "stages": "",
    "stream": gettext_lazy("Source of revenue"),
    "streams": gettext_lazy("Source of revenue"),
    "tax": gettext_lazy("Tax"),
    "terms": gettext_lazy("Terms version"),
    "third_party_royalty": gettext_lazy("Royalties to third parties"),
    "tiers": gettext_lazy("Tier table"),
    "to": gettext_lazy("Last day"),
    "trial": gettext_lazy("Trial"),
    "type": gettext_lazy("Kind"),
    "unit": gettext_lazy("Price per piece"),
    "unit_minor": gettext_lazy("Rounded to"),
    "units": gettext_lazy("Pieces"),
    "up_to": gettext_lazy("Up to"),
    "vat_rate": gettext_lazy("VAT rate"),
    "version": gettext_lazy("Version"),
    "waterfalls": gettext_lazy("Distribution policy"),
    "weight": gettext_lazy("Weight"),
    "weights": gettext_lazy("Weights"),
    "window": gettext_lazy("Window"),
}
_PART = re.compile(r"([^.\[\]]+)(?:\[([0-9]+)\])?")
# Which report or version a person is at work on stands above; its number in the file says nothing.
_OUTER = re.compile(r"^(?:(?:reports|terms)\[[0-9]+\]|reports\.[^.]+(?:\.[0-9]+)?)\.(?=[a-z])")


def place_of(where: str) -> str:
    """`streams[0].tiers.mode` as `Source of revenue 1 · Tier table · Mode`.

    A part that has no name here, such as one that the writer invented, stays as it is.
    """
    found = (_named(*part.groups()) for part in _PART.finditer(_OUTER.sub("", where)))
    return " · ".join(name for name in found if name)


def _named(key: str, index: str | None) -> str:
    name = str(NAMES.get(key, key))
    if index is None:
        return name
    return _("%(thing)s %(number)s") % {"thing": name, "number": int(index) + 1}
