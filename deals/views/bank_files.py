"""A bank statement's file: looked through first, then recorded as a whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.forms.finance import BankFileForm
from deals.services.bank_files import BankFile, BankLine, read_bank_file
from deals.services.receipts import record_receipts
from deals.views.periods import period_word
from deals.views.seats import frame_of
from deals.views.wrong import problem_of
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

FINANCE = needs("receipt.record")


@guarded(FINANCE)
def receipts_upload(request: AccountRequest) -> HttpResponse:
    """Read a file, show what it says, and record it once that was confirmed."""
    typed = request.POST.get("content", "")
    form = BankFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _page(request, form, None)
    if not typed and not form.is_valid():
        return _page(request, form, None, status=400)
    data = typed.encode() if typed else form.cleaned_data["file"].read()
    form = BankFileForm() if typed else form
    try:
        found = read_bank_file(data, by=request.actor, today=clock.today())
        if typed and not found.wrong:
            return _record(request, found)
    except RuleError as error:
        form = BankFileForm({}) if typed else form
        show_refusal(form, error)
        return _page(request, form, None, status=400)
    return _page(request, form, found, status=400 if found.wrong else 200)


def _record(request: AccountRequest, found: BankFile) -> HttpResponse:
    entries = [line.entry for line in found.lines]
    record_receipts(entries, by=request.actor, at=clock.now())
    fresh = sum(not line.is_known for line in found.lines)
    messages.success(request, _("Transfers recorded: %(count)s.") % {"count": fresh})
    return redirect("receipts")


def _page(
    request: AccountRequest, form: BankFileForm, found: BankFile | None, *, status: int = 200
) -> HttpResponse:
    lines = found.lines if found else []
    context = {
        "page_frame": frame_of(request.actor),
        "section": "receipts",
        "crumbs": [{"text": _("Money received"), "url": reverse("receipts")}],
        "form": form,
        "problems": [problem_of(wrong) for wrong in found.wrong] if found else [],
        "content": found.text if found else "",
        "rows": [_row(line) for line in lines],
        "fresh": sum(not line.is_known for line in lines),
        "total": sum(line.entry.transfer.amount_minor for line in lines if not line.is_known),
    }
    return render(request, "deals/receipts_upload.html", context, status=status)


def _row(line: BankLine) -> dict[str, Any]:
    deal, transfer = line.entry.deal, line.entry.transfer
    return {
        "line": line.line,
        "transfer": transfer,
        "deal": deal,
        "company": cards.name_of(deal.licensee),
        "title": cards.title_of(deal.listing).text,
        "period": period_word(transfer.for_period) if transfer.for_period else "",
        "is_known": line.is_known,
    }
