"""What the calculation refuses or points at, in the reader's language: one table, by code.

The calculation itself keeps plain English for the command line; pages and the API say these.
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.places import place_of
from deals.rules.faults import Caution, Fault

FAULTS: Mapping[str, str | Promise] = {
    "amount.currency_mixed": gettext_lazy("Amounts of two currencies are mixed."),
    "amount.negative": gettext_lazy("This amount must not be negative."),
    "amount.too_large": gettext_lazy("This amount is larger than can be held."),
    "cap.below_final": gettext_lazy(
        "The cap is below what was final already when this version took effect."
    ),
    "cap.below_minimum": gettext_lazy("The cap of the year is below the minimum of the year."),
    "choice.unknown": gettext_lazy("This is not one of the values allowed here."),
    "collection.unknown": gettext_lazy(
        "Say that each owner collects, or name the owner who collects for all."
    ),
    "combination.zero": gettext_lazy("A and B must not be negative and not both be zero."),
    "currency.unknown": gettext_lazy("This currency is not known."),
    "date.malformed": gettext_lazy("This is no date such as 2027-03-31."),
    "date.range": gettext_lazy("This date lies outside 1950 to 2200."),
    "dates.reversed": gettext_lazy("The later day lies before the earlier one."),
    "due.too_early": gettext_lazy("The terms promise that nothing falls due this early."),
    "file.encoding": gettext_lazy("The file is not written in UTF-8."),
    "file.json": gettext_lazy("The file is not JSON."),
    "file.too_deep": gettext_lazy("The file is nested too deeply."),
    "file.too_large": gettext_lazy("The file is too large."),
    "guarantee_call.too_large": gettext_lazy("The guarantor would pay more than is open that day."),
    "key.missing": gettext_lazy("This must be stated."),
    "key.repeated": gettext_lazy("This stands here twice."),
    "key.unknown": gettext_lazy("This is not known here."),
    "limit.one": gettext_lazy("State exactly one of the two."),
    "line.future_sale": gettext_lazy("The sale lies in the future."),
    "line.outside_period": gettext_lazy("The sale lies outside this period."),
    "long_stop.cap": gettext_lazy("A balance at the long stop needs a lifetime cap as the price."),
    "minimum.schedule": gettext_lazy("A schedule of minimums needs at least one amount."),
    "minimum.scope": gettext_lazy("A quarterly minimum needs periods of a quarter or less."),
    "number.decimals": gettext_lazy("This number has too many decimals."),
    "number.malformed": gettext_lazy("This is no plain number such as 12000.50."),
    "number.range": gettext_lazy("This number lies outside its range."),
    "owner.weight": gettext_lazy("An owner's weight must be greater than zero."),
    "party.unknown": gettext_lazy("This party owns nothing here."),
    "period.unknown": gettext_lazy("The contract has no period of this name."),
    "policy.order": gettext_lazy("This step must be the last one."),
    "policy.people": gettext_lazy("Persons come from each deal's terms, not from the policy."),
    "posted.length": gettext_lazy("There must be as many earlier results as contracts."),
    "rate.missing": gettext_lazy("There is no rate dated early enough yet."),
    "receipt.contradicts": gettext_lazy("This bank reference is there with other figures."),
    "receipt.not_positive": gettext_lazy("The amount must be greater than zero."),
    "receipt.reversed": gettext_lazy("This transfer is reversed twice."),
    "receipt.unknown": gettext_lazy("There is no such transfer to reverse."),
    "refund.too_large": gettext_lazy("The refund is larger than the credits of that day."),
    "report.not_nil": gettext_lazy("A nil report holds no lines."),
    "report.repeated": gettext_lazy("This revision of the period is there already."),
    "series.entry": gettext_lazy("A pair of date and value is expected here."),
    "stream.unknown": gettext_lazy("The contract has no such source of revenue."),
    "streams.empty": gettext_lazy(
        "Without a source of revenue the terms need an agreed sum or a milestone."
    ),
    "tax.certificate": gettext_lazy(
        "An exemption needs the certificate of the registered contract."
    ),
    "tax.exempt_rate": gettext_lazy("What is exempt from tax has no tax rate."),
    "terms.after_sale": gettext_lazy("The contract did not run yet on this day."),
    "terms.empty": gettext_lazy("At least one version of the terms is needed."),
    "terms.fixed": gettext_lazy("An amendment cannot change this."),
    "terms.order": gettext_lazy("A later version needs a higher number and a later first day."),
    "text.length": gettext_lazy("This text is empty, too long or cannot be written."),
    "tiers.empty": gettext_lazy("At least one tier is needed."),
    "tiers.open": gettext_lazy("The last tier must be open upwards."),
    "tiers.order": gettext_lazy("The bounds of the tiers must rise, row by row."),
    "tiers.price": gettext_lazy("Pieces are priced each, revenue by a rate; not the other way."),
    "type.flag": gettext_lazy("True or false is expected here."),
    "type.integer": gettext_lazy("A whole number is expected here."),
    "type.list": gettext_lazy("A list is expected here."),
    "type.object": gettext_lazy("An object is expected here."),
    "type.text": gettext_lazy("A text is expected here."),
    "weights.not_positive": gettext_lazy("The weights need a sum greater than zero."),
}
CAUTIONS: Mapping[str, str | Promise] = {
    "calendar.unpublished": gettext_lazy(
        "The holidays of this year are not published; due dates only skip weekends."
    ),
    "fixed.creditable": gettext_lazy(
        "Only a sum with its own due date can be set off against royalty later."
    ),
    "fixed.high": gettext_lazy("The agreed sums come to more than ¥ 20 million."),
    "invoice.duplicate": gettext_lazy("This invoice number was reported before."),
    "party.idle": gettext_lazy("A distribution policy is named for someone who owns nothing here."),
    "policy.missing": gettext_lazy("The file holds no distribution policy for this owner."),
    "rate.high": gettext_lazy("A royalty rate is above 20%."),
    "rate.revised": gettext_lazy("A rate of this series was revised; the first one counts."),
    "tax.rate_missing": gettext_lazy(
        "Without a tax rate the statement cannot show the tax on the invoice."
    ),
    "tiers.whole_falling": gettext_lazy(
        "The rate of all sales falls at a bound, so that more revenue can cost less royalty."
    ),
    "trial.long": gettext_lazy("The trial lasts longer than three years."),
    "use.unconverted": gettext_lazy("This was sold after the trial, without conversion."),
}


def fault_words(fault: Fault | Caution) -> str:
    """The sentence of a fault or caution; a code of a later calculation stays a code."""
    return str(FAULTS.get(fault.code) or CAUTIONS.get(fault.code) or fault.code)


def placed_words(fault: Fault | Caution) -> str:
    """`Sales line 2 · Day of sale: The sale lies outside this period.`"""
    place = place_of(fault.where)
    if not place:
        return fault_words(fault)
    return _("%(place)s: %(sentence)s") % {"place": place, "sentence": fault_words(fault)}


def fault_bodies(faults: Iterable[Fault | Caution]) -> list[dict[str, str]]:
    """Faults or cautions as the API gives them: code and path for machines, a sentence to read."""
    return [
        {"code": fault.code, "where": fault.where, "message": fault_words(fault)}
        for fault in faults
    ]
