"""The steps of a calculation in plain sentences: one table, by the code of each line.

No amount is worked out here: every number is an input or an output of the calculation's own line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.money import deduction_word
from deals.forms.talks import percent_of
from deals.views.formulas import Spoken, own_formula, tier_formulas
from marketplace.base import formats


@dataclass(frozen=True)
class Traced:
    """A line with its amount in minor units, wherever it came from."""

    code: str
    amount: int
    inputs: Mapping[str, str]
    about: str = ""


@dataclass(frozen=True)
class Step:
    """One step for a page: `amount` is signed as it counts, None where words say it."""

    code: str
    title: str
    formula: str
    source: str
    amount: int | None
    amount_words: str = ""
    kind: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Words:
    """How a code is told: title, formula, whether it takes away, and words instead of a sum."""

    title: str | Promise
    formula: str | Promise = ""
    sign: int = 1
    instead: str | Promise = ""
    kind: str = ""


WORDS: Mapping[str, Words] = {
    "gross": Words(gettext_lazy("Revenue you reported, tax included"), "%(converted)s"),
    "vat": Words(gettext_lazy("Less value-added tax, %(rate)s"), sign=-1),
    "deduction": Words(gettext_lazy("Less: %(type)s"), sign=-1),
    "deduction.refused": Words(
        gettext_lazy("Not deducted: %(type)s"),
        gettext_lazy("Claimed %(claimed)s, allowed %(allowed)s"),
        instead=gettext_lazy("No change"),
    ),
    "net": Words(
        gettext_lazy("Net sales"),
        gettext_lazy("%(gross)s − %(vat)s − %(deductions)s"),
        kind="subtotal",
    ),
    "trial.free": Words(
        gettext_lazy("Use during the trial is free"),
        gettext_lazy("%(net)s of net sales bear no royalty"),
        instead=gettext_lazy("Free"),
    ),
    "allowance": Words(gettext_lazy("Less the free allowance"), sign=-1),
    "base": Words(gettext_lazy("Royalty base"), kind="subtotal"),
    "earned": Words(gettext_lazy("Royalty by tiers")),
    "earned.rounding": Words(gettext_lazy("Rounding of the window's total")),
    "claim": Words(
        gettext_lazy("Use after the trial without conversion"),
        gettext_lazy("A claim of the university; it is not billed here"),
    ),
    "stacking": Words(
        gettext_lazy("Less a share of royalties paid to others"),
        gettext_lazy(
            "%(paid)s × %(share)s + %(brought)s, at most %(most)s of %(earned)s; "
            "%(floor)s of it stays"
        ),
        -1,
    ),
    "fixed": Words(gettext_lazy("Agreed sum: %(item)s"), gettext_lazy("Due with %(on)s")),
    "fixed.long_stop": Words(gettext_lazy("Balance at the long stop"), "%(cap)s − %(before)s"),
    "milestone": Words(gettext_lazy("Milestone: %(item)s"), gettext_lazy("Reached on %(on)s")),
    "minimum.top_up": Words(gettext_lazy("Up to the minimum of the year")),
    "minimum.recouped": Words(
        gettext_lazy("Less an earlier minimum, taken back"),
        gettext_lazy("%(earned)s − %(minimum)s, at most the %(open)s topped up before"),
        -1,
    ),
    "minimum.lapsed": Words(
        gettext_lazy("Earlier minimum that can no longer be taken back"),
        instead=gettext_lazy("No change"),
    ),
    "cap": Words(gettext_lazy("Cap check"), sign=-1),
    "accrued": Words(gettext_lazy("Accrued this period"), kind="subtotal"),
    "correction": Words(
        gettext_lazy("Correction to %(about)s"),
        gettext_lazy("%(part)s: %(before)s → %(after)s, on %(on)s"),
    ),
    "credit.granted": Words(gettext_lazy("Less a granted credit"), "%(credit)s", -1),
    "credit.overpaid": Words(
        gettext_lazy("Less a credit from a correction"), gettext_lazy("Dated %(dated)s"), -1
    ),
    "credit.surplus": Words(
        gettext_lazy("Less what was paid too much"), gettext_lazy("Transfer %(credit)s"), -1
    ),
    "overpayment": Words(
        gettext_lazy("Kept as your credit"), gettext_lazy("It pays for what falls due next")
    ),
    "deferred.brought": Words(
        gettext_lazy("Held back before as too small"), gettext_lazy("It is due now")
    ),
    "deferred": Words(
        gettext_lazy("Too small to ask for alone"),
        gettext_lazy("It moves to the next statement"),
        -1,
    ),
}
# What stands on the invoice of an instalment: beside the statement's own steps, not among them.
INVOICE_WORDS: Mapping[str, Words] = {
    "tax.exempt": Words(
        gettext_lazy("Exempt from value-added tax"),
        gettext_lazy("Registered contract, certificate %(certificate)s"),
        instead=gettext_lazy("No tax"),
    ),
    "tax.vat": Words(gettext_lazy("Value-added tax, %(rate)s")),
    "tax.price": Words(gettext_lazy("Price without tax")),
    "tax.total": Words(gettext_lazy("Invoice total"), "%(price)s + %(vat)s", kind="subtotal"),
    "tax.withheld": Words(
        gettext_lazy("Withheld for the tax office, %(rate)s"), "%(price)s × %(rate)s", -1
    ),
    "tax.transfer": Words(
        gettext_lazy("To be transferred"), "%(total)s − %(withheld)s", kind="subtotal"
    ),
}
# What a sentence may name that not every line of its code has.
SILENT = {
    "about": "",
    "on": "",
    "credit": "",
    "dated": "",
    "item": "",
    "type": "",
    # How a foreign sum became the contract's currency.
    "converted": "",
}
# What lines that were posted by an earlier calculation do not say.
_EARLIER = {
    "gross": "",
    "used": "",
    "open": "",
    "cap": "",
    "before": "",
    "minimum": "",
    "earned": "",
}
# Shown by the steps around them: rows of the tier table, credits that a correction already names.
_SILENT = {"earned.tier", "credit.netted", "payable"}
_MONEY = {
    *("gross", "vat", "deductions", "net", "claimed", "allowed", "quantity", "allowance"),
    *("combined", "base", "cumulative", "before", "after", "offered", "cap", "left", "taxable"),
    *("to", "start", "flat", "paid", "brought", "earned", "minimum", "agreed", "threshold"),
    "cumulative_net",
    "room",
    "ceiling",
    "claimed_in_all",
    "all_types",
    "taken",
    "used",
    "opening",
    "charged",
    "kept",
    "excess",
    "open",
    "over",
    "asked",
    "price",
    "total",
    "withheld",
}
_RATES = {"rate", "share", "most", "floor", "cap_of_gross", "all_cap_of_gross"}


def steps_of(lines: Sequence[Traced]) -> list[Step]:
    """The steps of a statement in their order; rows of a tier table stand inside their royalty."""
    tiers = tier_formulas(_spoken(line) for line in lines)
    has_parts = any(_adds_a_part(line) for line in lines)
    shown = [line for line in lines if line.code not in {*_SILENT, *INVOICE_WORDS}]
    if not has_parts:
        shown = [line for line in shown if line.code != "accrued"]
    return [_step(line, tiers.get(line.inputs.get("stream", ""), "")) for line in shown]


def invoice_steps_of(lines: Sequence[Traced]) -> list[Step]:
    """What the invoices of a statement's instalments show, in their order."""
    return [_step(line, "") for line in lines if line.code in INVOICE_WORDS]


def words_of(code: str) -> Words:
    """The words of a code, by its whole or by its first part."""
    return WORDS.get(code) or INVOICE_WORDS.get(code) or WORDS[code.partition(".")[0]]


def _adds_a_part(line: Traced) -> bool:
    """Whether something besides the royalty makes up what accrued."""
    family = line.code.partition(".")[0]
    return family in {"stacking", "fixed", "milestone", "minimum", "cap"} and line.amount != 0


def _step(line: Traced, tiers: str) -> Step:
    words = words_of(line.code)
    spoken = _spoken(line)
    said = spoken.said
    formula = tiers if line.code == "earned" else own_formula(spoken)
    instead = _pieces(spoken) or words.instead
    if line.code.startswith("cap.") and not line.amount:
        instead = _("No change")
    clause = line.inputs.get("clause", "")
    return Step(
        code=line.code,
        title=str(words.title) % said,
        formula=str(words.formula) % said if formula is None else formula,
        source=_("Contract, clause %(clause)s") % {"clause": clause} if clause else "",
        amount=None if instead else words.sign * line.amount,
        amount_words=str(instead),
        kind=words.kind,
    )


def _spoken(line: Traced) -> Spoken:
    return Spoken(line.code, line.amount, line.inputs, _said(line))


def _pieces(line: Spoken) -> str:
    """What a base or allowance of a stream that counts pieces comes to; "" for money."""
    name = {"base": "base", "allowance": "taken"}.get(line.code)
    if name is None or line.raw.get("per") != "unit":
        return ""
    return _("%(count)s pieces") % {"count": line.said[name]}


def _part(line: Traced) -> str:
    """What a correction corrects: the words of that line, and its name where there are several."""
    words = words_of(line.code.partition(".")[2])
    item = "/".join(line.inputs.get("line", "").split("/")[1:-1])
    return str(words.title) % {**SILENT, "item": item}


def _said(line: Traced) -> dict[str, str]:
    """The inputs as people read them: grouped amounts, percentages, names of deductions."""
    said = {**SILENT, **_EARLIER, "about": line.about}
    if line.code.startswith("correction."):
        said["part"] = _part(line)
    counts_units = line.inputs.get("per") == "unit"
    for name, text in line.inputs.items():
        if name in _MONEY or (name == "rate" and counts_units):
            said[name] = written(text)
        elif name in _RATES:
            said[name] = f"{percent_of(text)}%"
        else:
            said[name] = text
    said["type"] = deduction_word(said["type"])
    said["converted"] = said["converted"].replace(" * ", " × ")
    return said


def written(text: str) -> str:
    """`3390000.00` as `3,390,000.00`; what is no amount stays as it is."""
    whole, point, fraction = text.lstrip("-").partition(".")
    if not whole.isdigit():
        return text
    sign = formats.MINUS if text.startswith("-") else ""
    return f"{sign}{int(whole):,}{point}{fraction}"
