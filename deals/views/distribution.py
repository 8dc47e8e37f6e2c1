"""Distribution: what a university's receipts gave to whom, and each one's way through the steps."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.models import Deal, Distribution, Receipt
from deals.rules.distribution import PERSON
from deals.rules.money import format_amount
from deals.rules.statement import Allocation
from deals.rules.waterfall import INVENTORS, Taken
from deals.services.positions import position
from deals.views.owners import RECIPIENT_WORDS, party_words, recipient_word, shares_of
from deals.views.seats import frame_of
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import needs

READERS = needs("distribution.view")
OWN_INCOME = needs("income.view")
STEPS: Mapping[str, str | Promise] = {
    "top_slice": gettext_lazy("A share of what is left"),
    "fixed": gettext_lazy("A fixed sum"),
    "share_of_gross": gettext_lazy("A share of all that came in"),
    "costs": gettext_lazy("Costs first"),
    "bands": gettext_lazy("Shares by bands"),
    "cap": gettext_lazy("A ceiling"),
    "rest": gettext_lazy("The rest"),
    "inventors": gettext_lazy("Among the inventors"),
}


@dataclass(frozen=True)
class Part:
    """What one recipient gets, in minor units."""

    label: str
    amount: int


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: what was left when it began, and what it moved."""

    title: str
    left: int
    parts: list[Part]


@dataclass(frozen=True)
class Flow:
    """A sum on its way: when it was shared, how much came in, the steps, and the outcome."""

    day: date
    amount: int
    steps: list[Step]
    parts: list[Part]


@guarded(READERS)
def distributions(request: AccountRequest) -> HttpResponse:
    """By month and by person; of one deal when the address names it."""
    deal = _deal_named(request)
    rows = _own(request).filter(deal=deal) if deal else _own(request)
    groups = _groups(rows)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "distributions",
        "crumbs": [{"text": _("Money received"), "url": reverse("receipts")}],
        "deal": deal,
        "title": cards.title_of(deal.listing) if deal else None,
        "groups": [recipient_word(name) for name in groups],
        "months": _months(rows, groups),
        "people": _people(rows),
        "receipts": _receipts(rows),
        "query": f"?deal={deal.public_id}" if deal else "",
    }
    return render(request, "deals/distributions.html", context)


@guarded(READERS)
def distributions_file(request: AccountRequest) -> HttpResponse:
    """Every row, the oldest first, for a spreadsheet; a name that could run is made plain text."""
    deal = _deal_named(request)
    rows = _own(request).filter(deal=deal) if deal else _own(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="distributions.csv"'
    sheet = csv.writer(response)
    sheet.writerow(
        [
            _("Deal"),
            _("Bank reference"),
            _("Arrived on"),
            _("Booked on"),
            _("Recipient"),
            _("Amount"),
        ]
    )
    for row in rows.select_related("receipt", "deal").order_by("pk"):
        sheet.writerow(
            [
                row.deal.number,
                _plain(row.receipt.reference),
                row.receipt.received_date.isoformat(),
                row.booked_date.isoformat(),
                _plain(recipient_word(row.recipient)),
                format_amount(row.amount_minor, row.receipt.currency),
            ]
        )
    return response


@guarded(READERS)
def receipt_split(request: AccountRequest, public_id: str) -> HttpResponse:
    """How each fen of a receipt was split: among the owners, then step by step."""
    own = Receipt.objects.filter(licensor=request.actor.organisation)
    rows = own.select_related("deal__listing", "deal__licensor", "deal__licensee")
    receipt = get_object_or_404(rows, public_id=public_id)
    result = position(receipt.deal, on=clock.today())
    party = receipt.deal.licensor.public_id
    shared = [one for one in result.allocations if one.reference == receipt.reference]
    context = {
        "page_frame": frame_of(request.actor),
        "section": "receipts",
        "crumbs": [{"text": _("Money received"), "url": reverse("receipts")}],
        "receipt": receipt,
        "deal": receipt.deal,
        "company": cards.name_of(receipt.deal.licensee),
        "title": cards.title_of(receipt.deal.listing),
        "owners": shares_of(receipt),
        "owner": party_words([party])[party],
        "flows": [_flow(one, party) for one in shared if party in one.waterfalls],
        "is_shared": bool(shared),
    }
    return render(request, "deals/receipt_split.html", context)


@guarded(OWN_INCOME)
def income(request: AccountRequest) -> HttpResponse:
    """What a researcher gets out of the university's receipts, and nobody else's part."""
    rows = _of_person(request)
    found = [
        {
            "deal": row.deal,
            "title": cards.title_of(row.deal.listing).text,
            "day": row.receipt.received_date,
            "amount": row.amount_minor,
        }
        for row in rows.select_related("deal__listing", "receipt").order_by("-pk")
    ]
    context = {
        "page_frame": frame_of(request.actor),
        "section": "income",
        "rows": found,
        "total": rows.aggregate(total=Sum("amount_minor"))["total"] or 0,
    }
    return render(request, "deals/income.html", context)


def _of_person(request: AccountRequest) -> QuerySet[Distribution]:
    """The parts that name the person in deals of results that this person is an inventor of."""
    own = _own(request)
    inventing = own.filter(deal__listing__inventors__user=request.actor.user)
    names = set(
        inventing.values_list("deal__listing__inventors__name", flat=True).filter(
            deal__listing__inventors__user=request.actor.user
        )
    )
    recipients = [f"{PERSON}{name}" for name in names]
    return own.filter(pk__in=inventing.filter(recipient__in=recipients).values("pk"))


def _own(request: AccountRequest) -> QuerySet[Distribution]:
    return Distribution.objects.owned_by(request.actor)


def _deal_named(request: AccountRequest) -> Deal | None:
    named = request.GET.get("deal", "")
    if not named:
        return None
    own = Deal.objects.filter(licensor=request.actor.organisation)
    return get_object_or_404(own.select_related("listing"), public_id=named[:24])


def _months(rows: QuerySet[Distribution], groups: list[str]) -> list[dict[str, Any]]:
    """The sums of every month by group, the last month first."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    sums = rows.values_list("receipt__received_date", "recipient").annotate(Sum("amount_minor"))
    for day, recipient, amount in sums:
        found[f"{day:%Y-%m}"][_group(recipient)] += amount
    return [
        {
            "month": month,
            "cells": [Part(recipient_word(group), found[month][group]) for group in groups],
            "total": found[month].total(),
        }
        for month in sorted(found, reverse=True)
    ]


def _group(recipient: str) -> str:
    """The persons count together."""
    return INVENTORS if recipient.startswith(PERSON) else recipient


def _groups(rows: QuerySet[Distribution]) -> list[str]:
    """The groups that got something, in the order in which pages name them."""
    found = {_group(name) for name in rows.values_list("recipient", flat=True).distinct()}
    return [name for name in RECIPIENT_WORDS if name in found]


def _people(rows: QuerySet[Distribution]) -> list[Part]:
    """What every person gets in all, the largest first."""
    sums = rows.filter(recipient__startswith=PERSON).values_list("recipient")
    found = _parts(dict(sums.annotate(total=Sum("amount_minor"))))
    return sorted(found, key=lambda part: (-part.amount, part.label))


def _receipts(rows: QuerySet[Distribution]) -> list[dict[str, Any]]:
    """The receipts that were distributed, the last first."""
    sums = dict(rows.values_list("receipt").annotate(total=Sum("amount_minor")))
    found = Receipt.objects.filter(pk__in=sums).select_related("deal__licensee")
    return [
        {"receipt": row, "company": cards.name_of(row.deal.licensee), "amount": sums[row.pk]}
        for row in found.order_by("-received_date", "-pk")[:100]
    ]


def _flow(one: Allocation, party: str) -> Flow:
    return Flow(
        one.day,
        one.owners[party],
        [_step(step) for step in one.steps.get(party, ())],
        _parts(one.waterfalls[party]),
    )


def _step(step: Taken) -> Step:
    """What came in and where it went; the last one shares what others had set aside for people."""
    if step.take == INVENTORS and INVENTORS in step.moved:
        people = {name: amount for name, amount in step.moved.items() if name != INVENTORS}
        return Step(str(STEPS[step.take]), -step.moved[INVENTORS], _parts(people))
    return Step(str(STEPS[step.take]), step.left, _parts(step.moved))


def _parts(amounts: Mapping[str, int]) -> list[Part]:
    items: Iterable[tuple[str, int]] = amounts.items()
    return [Part(recipient_word(name), amount) for name, amount in items if amount]


def _plain(text: str) -> str:
    """A cell that a spreadsheet shows and never runs."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
