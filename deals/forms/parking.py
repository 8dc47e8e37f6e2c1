"""Why a deal is set aside and what to do about it, in the reader's language: one table, by code."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.faults import FAULTS, placed_words
from deals.rules.faults import Fault
from deals.services.parking import FINAL_CHANGED, LEDGER_BROKEN

REASONS: Mapping[str, str | Promise] = {
    FINAL_CHANGED: gettext_lazy(
        "The statement of %(where)s is final, but its facts now come to other figures."
    ),
    LEDGER_BROKEN: gettext_lazy("The ledger does not show the deal's rows: %(where)s."),
}
RULES: Mapping[str, str | Promise] = {
    "receivable": gettext_lazy("what the company owes"),
    "cash": gettext_lazy("the money received"),
    "clearing": gettext_lazy("what the owners were given"),
    "accrued": gettext_lazy("what is accrued"),
    "interest": gettext_lazy("late interest"),
    "pair": gettext_lazy("a movement between wrong accounts"),
}
ADVICE: Mapping[str, str | Promise] = {
    FINAL_CHANGED: gettext_lazy(
        "Compare the statement's contract file with today's one. Nothing was changed; ask the "
        "developers before anything else is recorded."
    ),
    LEDGER_BROKEN: gettext_lazy(
        "Compute again. If it comes back, the developers compare rows and ledger; no row is ever "
        "corrected by hand."
    ),
    "rate.missing": gettext_lazy("Publish the missing rate, then compute again."),
    "refund.too_large": gettext_lazy(
        "The university's finance office looks at the refunds and credits of the deal."
    ),
}
_ELSE = gettext_lazy(
    "Look at the named place in the contract file. The parties put it right with a corrected "
    "report, transfer or version; then compute again."
)


def reason_words(code: str, where: str, text: str) -> str:
    """Why a deal is set aside; `text` is the machine's own English, for a code without words."""
    if code in REASONS:
        return str(REASONS[code]) % {"where": _rules(where)}
    if code in FAULTS:
        return placed_words(Fault(code, where, text))
    return text


def advice_words(code: str) -> str:
    """What staff can do about it."""
    return str(ADVICE.get(code, _ELSE))


def _rules(where: str) -> str:
    """Names of broken rules; a period stays as it is."""
    names = [str(RULES.get(part, part)) for part in where.split(", ")]
    return _(", ").join(names)
