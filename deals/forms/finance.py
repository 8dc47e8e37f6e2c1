"""The forms of finance: a reversal, a decision on interest, a credit, rates, a bank file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.money import SumField
from deals.forms.talks import date_widget
from deals.rules.money import RATIO_DECIMALS, MoneyError, parse_scaled
from deals.services import credits, interest, receipts
from deals.services.credits import Grant
from deals.services.rates import Quote
from deals.services.receipts import Reversal

Words = Mapping[str, str | Promise]

REVERSAL_WORDS: Words = {
    "bounced": gettext_lazy("The bank took it back"),
    "not_ours": gettext_lazy("It was not for this deal"),
    "mistyped": gettext_lazy("It was recorded with wrong figures"),
    "other": gettext_lazy("Other"),
}
INTEREST_WORDS: Words = {
    "agreed": gettext_lazy("As the contract says"),
    "reminded": gettext_lazy("Paid late in spite of a reminder"),
    "repeated": gettext_lazy("Paid late again"),
    "small": gettext_lazy("The amount is small"),
    "our_delay": gettext_lazy("We were late ourselves"),
    "first_time": gettext_lazy("It happened for the first time"),
    "settled_otherwise": gettext_lazy("Settled in another way"),
    "other": gettext_lazy("Other"),
}
CREDIT_WORDS: Words = {
    "prepaid": gettext_lazy("Paid in advance"),
    "goodwill": gettext_lazy("Goodwill"),
    "settlement": gettext_lazy("Part of a settlement"),
    "other": gettext_lazy("Other"),
}


def chosen(words: Words, codes: tuple[str, ...]) -> list[tuple[str, str | Promise]]:
    """The choices of a reason: an empty one first, so that nobody picks by accident."""
    return [("", gettext_lazy("Choose a reason")), *((code, words[code]) for code in codes)]


def _note() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Both sides can read it."),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class ReversalForm(forms.Form):
    """A line of the bank statement that takes a transfer back."""

    reference = forms.CharField(label=gettext_lazy("Bank reference of the reversal"), max_length=60)
    reversed_date = forms.DateField(label=gettext_lazy("Taken back on"), widget=date_widget())
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=chosen(REVERSAL_WORDS, receipts.REVERSAL_REASONS)
    )
    note = _note()

    def reversal(self) -> Reversal:
        """What the service takes."""
        return Reversal(**self.cleaned_data)


class InterestForm(forms.Form):
    """Why interest is charged or waived; `decision` is one of the service's two."""

    note = _note()

    def __init__(self, data: Any = None, *, decision: str, **options: Any) -> None:
        super().__init__(data, **options)
        reasons = chosen(INTEREST_WORDS, interest.REASONS[decision])
        reason = forms.ChoiceField(label=_("Reason"), choices=reasons)
        self.fields = {"reason": reason, "note": self.fields["note"]}


class CreditForm(forms.Form):
    """A credit that the university's finance office proposes."""

    usable_from_date = forms.DateField(label=gettext_lazy("Can be used from"), widget=date_widget())
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=chosen(CREDIT_WORDS, credits.REASONS)
    )
    note = _note()

    def __init__(self, data: Any = None, *, currency: str, **options: Any) -> None:
        super().__init__(data, **options)
        amount = SumField(label=_("Amount"), currency=currency)
        self.fields = {"amount": amount, **self.fields}

    def grant(self) -> Grant:
        """What the service takes."""
        given = self.cleaned_data
        return Grant(given["amount"], given["usable_from_date"], given["reason"], given["note"])


class RefundForm(forms.Form):
    """What was paid back to the company."""

    def __init__(self, data: Any = None, *, currency: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields = {"amount": SumField(label=_("Amount"), currency=currency)}


class BankFileForm(forms.Form):
    """A file of transfers from the bank."""

    file = forms.FileField(
        label=gettext_lazy("CSV file with one line a transfer"),
        help_text=gettext_lazy(
            "Columns: reference, date, amount, deal (its number), and if the payer named one,"
            " period. UTF-8 or GB18030."
        ),
    )


class RateForm(forms.Form):
    """One value of a series."""

    series = forms.CharField(
        label=gettext_lazy("Series"),
        help_text=gettext_lazy("LPR1Y, LPR5Y, or two currencies such as USD/CNY."),
        max_length=20,
    )
    rate_date = forms.DateField(label=gettext_lazy("Day"), widget=date_widget())
    value = forms.CharField(
        label=gettext_lazy("Value"),
        help_text=gettext_lazy("A yearly rate as 0.0310; yuan for one dollar as 7.1000."),
        max_length=24,
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Who published it, and where it can be looked up."),
        max_length=200,
    )

    def clean_value(self) -> Decimal:
        """An exact decimal with ten decimals at most."""
        return exact_value(self.cleaned_data["value"])

    def quote(self) -> Quote:
        """What the service takes."""
        given = self.cleaned_data
        return Quote(given["series"].strip().upper(), given["rate_date"], given["value"])


class RateFileForm(forms.Form):
    """A file of one source's values."""

    file = forms.FileField(
        label=gettext_lazy("CSV file with one line a value"),
        help_text=gettext_lazy("Columns: series, date, value. UTF-8 or GB18030."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Who published it, and where it can be looked up."),
        max_length=200,
    )


def exact_value(text: str) -> Decimal:
    """A rate as typed; raises ValidationError for anything but plain ASCII digits."""
    try:
        parse_scaled(text.strip(), RATIO_DECIMALS)
    except MoneyError as error:
        raise forms.ValidationError(_("Write a number like 0.0310 or 7.1000.")) from error
    return Decimal(text.strip())
