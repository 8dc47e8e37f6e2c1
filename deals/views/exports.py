"""The record of instalments as a file for a spreadsheet."""

import csv

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from deals.models import Deal, Instalment
from deals.rules.money import format_amount
from deals.views.bills import status_of
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import needs
from marketplace.base.words import state_word


@guarded(needs("deal.view"))
def instalments(request: AccountRequest, public_id: str) -> HttpResponse:
    """Every instalment of a deal, oldest first, with a byte order mark for spreadsheets.

    Each cell is a number, a date or a word of ours: nothing that a spreadsheet could run.
    """
    deal = get_object_or_404(Deal.objects.visible_to(request.actor), public_id=public_id)
    rows = Instalment.objects.filter(statement__deal=deal).select_related("statement")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{deal.number}-instalments.csv"'
    sheet = csv.writer(response)
    sheet.writerow(
        [_("Statement"), _("Period"), _("Due"), _("Amount"), _("Paid"), _("State"), _("Paid on")]
    )
    for row in rows.order_by("due_date", "pk"):
        sheet.writerow(_cells(row))
    return response


def _cells(row: Instalment) -> list[str]:
    statement = row.statement
    return [
        statement.number,
        statement.period,
        row.due_date.isoformat(),
        format_amount(row.amount_minor, statement.currency),
        format_amount(row.paid_minor, statement.currency),
        state_word(status_of(row, clock.today())["state"]),
        row.paid_date.isoformat() if row.paid_date else "",
    ]
