"""Late interest of a deal: each proposal with its days, and charging or waiving it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.finance import INTEREST_WORDS, InterestForm
from deals.models import Deal, InterestDecision, InterestProposal
from deals.rules.interest import Bearing
from deals.rules.money import RATIO_DECIMALS, RATIO_SCALE, format_ratio, parse_scaled
from deals.rules.statement import Interest
from deals.rules.terms.model import Late
from deals.services import interest, previews
from deals.services.positions import position
from deals.views.periods import period_word
from deals.views.seats import frame_of
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.rules import Permission
from marketplace.base import clock, formats
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

PARTIES = needs("deal.view")
FINANCE = needs("interest.decide")
# Exact interest of a span is shown to the hundredth of a fen, rounded half up for the eye only.
_FINE = 100


@dataclass(frozen=True)
class Span:
    """Days in a row at one rate on one sum, and what they come to."""

    first: date
    last: date
    days: int
    amount: int
    rate: str
    interest: str


@dataclass(frozen=True)
class Bill:
    """One proposal as the page explains it; `total` less `before` is its amount."""

    row: InterestProposal | None
    period: str
    due: date
    until: date
    days: int
    amount: int
    state: str
    spans: list[Span]
    total: int
    before: int
    charge: InterestForm | None = None
    waive: InterestForm | None = None

    @property
    def is_refused(self) -> bool:
        """Whether one of its forms was sent and not taken."""
        return any(form is not None and form.is_bound for form in (self.charge, self.waive))

    @property
    def is_accruing(self) -> bool:
        """Whether it still grows, because nothing was paid yet."""
        return self.row is None


@guarded(PARTIES)
def deal_interest(request: AccountRequest, public_id: str) -> HttpResponse:
    """Every proposal of a deal, and what was decided."""
    return _page(request, _deal(request, public_id))


@require_POST
@guarded(FINANCE)
def interest_charge(request: AccountRequest, public_id: str) -> HttpResponse:
    """Charge a proposal: from today it is asked for."""
    return _decide(request, public_id, interest.CHARGE)


@require_POST
@guarded(FINANCE)
def interest_waive(request: AccountRequest, public_id: str) -> HttpResponse:
    """Waive a proposal."""
    return _decide(request, public_id, interest.WAIVE)


def _decide(request: AccountRequest, public_id: str, decision: str) -> HttpResponse:
    deals = Deal.objects.visible_to(request.actor)
    rows = InterestProposal.objects.filter(deal__in=deals).select_related("deal")
    row = get_object_or_404(rows, public_id=public_id)
    form = InterestForm(request.POST, decision=decision, prefix=decision)
    service = interest.charge_interest if decision == interest.CHARGE else interest.waive_interest
    if form.is_valid():
        try:
            service(row, **form.cleaned_data, by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Decided. The records follow in a moment."))
            return redirect("deal_interest", row.deal.public_id)
    deal = _deal(request, row.deal.public_id)
    return _page(request, deal, refused=(row.pk, form))


def _deal(request: AccountRequest, public_id: str) -> Deal:
    deals = Deal.objects.visible_to(request.actor).filter(facts__kind="terms").for_lists()
    return get_object_or_404(deals.distinct(), public_id=public_id)


def _page(
    request: AccountRequest, deal: Deal, *, refused: tuple[int, InterestForm] | None = None
) -> HttpResponse:
    result = position(deal, on=clock.today())
    agreed = previews.agreed_terms(deal)
    may_decide = request.actor.may(Permission.INTEREST_DECIDE) and request.actor.belongs_to(
        deal.licensor
    )
    bills = _bills(deal, result.interest, agreed.late, may_decide=may_decide, refused=refused)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "deal": deal,
        "title": cards.title_of(deal.listing),
        "company": cards.name_of(deal.licensee),
        "crumbs": [
            {"text": _("Deals"), "url": reverse("deals")},
            {"text": deal.number, "url": reverse("deal", args=[deal.public_id])},
        ],
        "form": refused[1] if refused else None,
        "rule": _rule(agreed.late) if agreed.late else "",
        "basis": agreed.late.basis if agreed.late else 0,
        "series": _series(deal, agreed.late),
        "bills": bills,
        "open": result.decided.open,
        "proposed": sum(bill.row.open_minor for bill in bills if bill.row),
        "decisions": _decisions(deal),
    }
    return render(request, "deals/interest.html", context, status=400 if refused else 200)


def _bills(
    deal: Deal,
    rows: tuple[Interest, ...],
    late: Late | None,
    *,
    may_decide: bool,
    refused: tuple[int, InterestForm] | None,
) -> list[Bill]:
    kept = {
        (row.period, row.due_date, row.until_date): row
        for row in InterestProposal.objects.filter(deal=deal)
    }
    found: dict[tuple[str, date, date], Bill] = {}
    asked: set[str] = set()
    for one in rows if late else ():
        key = (one.period.name, one.due, one.until)
        if key in found or late is None:
            continue
        row = None if one.state == "accruing" else kept.get(key)
        # The older one of a period is decided first.
        may_ask = may_decide and row is not None and one.period.name not in asked
        asking = _asking(row, refused) if may_ask else {}
        if asking:
            asked.add(one.period.name)
        found[key] = _bill(one, row, asking, late.basis)
    return list(found.values())


def _asking(
    row: InterestProposal | None, refused: tuple[int, InterestForm] | None
) -> dict[str, InterestForm]:
    """The two forms of an open proposal; the one that was refused keeps what was typed."""
    if row is None or row.open_minor <= 0:
        return {}
    kinds = (interest.CHARGE, interest.WAIVE)
    forms = {
        kind: InterestForm(decision=kind, prefix=kind, auto_id=f"id_{row.pk}_%s") for kind in kinds
    }
    if refused is not None and refused[0] == row.pk:
        forms[str(refused[1].prefix)] = refused[1]
    return forms


def _bill(
    one: Interest, row: InterestProposal | None, asking: dict[str, InterestForm], basis: int
) -> Bill:
    amount = row.amount_minor if row else one.amount
    return Bill(
        row=row,
        period=period_word(one.period.name),
        due=one.due,
        until=one.until,
        days=one.days,
        amount=amount,
        state=_state(row) if row else "accruing",
        spans=[_span(span, basis) for span in one.spans],
        total=one.total,
        before=one.total - amount,
        **asking,
    )


def _state(row: InterestProposal) -> str:
    if row.open_minor:
        return "proposed"
    return "charged" if row.charged_minor else "waived"


def _span(span: Bearing, basis: int) -> Span:
    exact = Fraction(span.amount * span.rate * span.days * _FINE, RATIO_SCALE**2 * basis)
    return Span(span.first, span.last, span.days, span.amount, percent(span.rate), _fine(exact))


def _fine(exact: Fraction) -> str:
    hundredths = int(exact + Fraction(1, 2))
    return f"{formats.amount(hundredths // _FINE)}{hundredths % _FINE:02d}"


def percent(rate: int) -> str:
    """A yearly rate over 10**20 as `4.65%`, exactly."""
    return f"{format_ratio(rate * 100 // RATIO_SCALE)}%"


def _rule(late: Late) -> str:
    said: dict[str, Any] = {"basis": late.basis, "grace": late.grace_days}
    if late.fixed is not None:
        said["rate"] = percent(late.fixed * RATIO_SCALE)
    else:
        said["rate"] = f"{late.series} × {format_ratio(late.multiple)}"
    text = _("Yearly rate %(rate)s, by the day, a year of %(basis)s days, never on interest.")
    grace = _("Nothing is asked for when it is paid within %(grace)s days.")
    return f"{text} {grace}" % said if late.grace_days else text % said


def _series(deal: Deal, late: Late | None) -> list[dict[str, Any]]:
    """The published values that the deal's interest rests on, the newest first."""
    if late is None or not late.series:
        return []
    facts = deal.facts.filter(kind="rate", payload__series=late.series)
    rows = [fact.payload for fact in facts.order_by("-effective_date")]
    return [{**row, "percent": _percent_of(row["value"])} for row in rows]


def _percent_of(value: str) -> str:
    return f"{format_ratio(parse_scaled(value, RATIO_DECIMALS) * 100)}%"


def _decisions(deal: Deal) -> Iterator[dict[str, Any]]:
    for row in InterestDecision.objects.filter(deal=deal).order_by("-pk"):
        yield {
            "row": row,
            "period": period_word(row.period),
            "state": "charged" if row.decision == interest.CHARGE else "waived",
            "reason": INTEREST_WORDS[row.reason],
        }
