"""Paying deals with accepted reports, made in bulk for measuring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from math import isqrt
from typing import Any

import orjson
from django.db import models, transaction

from deals.models import Deal, Fact, TermsVersion
from deals.rules.agreement import Grant, digest
from deals.rules.periods import PeriodPlan
from deals.rules.states import DealState
from deals.services import dossiers
from listings.models import Listing, TermsTemplate
from listings.rules.template import Dates, Offer, Tier, as_terms, standard_template
from marketplace.accounts.models import Organisation, User
from marketplace.base import bulk
from marketplace.base.audit import GENESIS

# Over by now, because a worker computes as of today.
STARTED = date(2024, 1, 1)
CONVERTED = date(2024, 7, 1)
LAST = date(2050, 6, 30)
# After the acceptance of the first quarter's report, which is all that most measurements need.
AT = datetime(2024, 10, 13, 4, tzinfo=UTC)
CHUNK = 1_000
ACCEPTED_AFTER = timedelta(days=12)
TIERS = (Tier(200_000_000, "0.04"), Tier(None, "0.03"))
# So high that a deal reaches it after some ten quarters of middling sales for each that it reports.
CAP = 120_000_000
GRANT = Grant("non_exclusive", "制造、使用、销售", "自有产品", "中国内地")

Known = tuple[str, dict[str, Any], date]


@dataclass(frozen=True)
class Quarter:
    """A reported quarter: its name, the middle of it, and when its report was accepted."""

    name: str
    sale_date: date
    accepted: date


@dataclass(frozen=True)
class Parties:
    """What all the deals share; every pair of a listing and a company has one deal."""

    listings: Sequence[Listing]
    companies: Sequence[Organisation]
    university: Organisation
    officer: User
    terms: dict[str, Any]

    def pair(self, number: int) -> tuple[Listing, Organisation]:
        """The listing and the company of a deal."""
        listing, company = divmod(number, len(self.companies))
        return self.listings[listing], self.companies[company]


def make(size: int, periods: int = 1) -> Iterator[int]:
    """Create `size` deals with this many reported quarters; yields how many after each chunk."""
    quarters = list(islice(_quarters(), periods))
    parties = _parties(size, periods)
    for start in range(0, size, CHUNK):
        numbers = range(start, min(start + CHUNK, size))
        _chunk(parties, numbers, quarters)
        yield numbers.stop


def after(periods: int) -> datetime:
    """An instant after the last of so many reports was accepted."""
    last = list(islice(_quarters(), periods))[-1]
    return datetime.combine(last.accepted + timedelta(days=1), AT.timetz())


def _quarters() -> Iterator[Quarter]:
    plan = PeriodPlan("quarter", "calendar", STARTED)
    period = plan.holding(CONVERTED)
    for _ in count():
        yield Quarter(period.name, period.start + timedelta(days=31), period.last + ACCEPTED_AFTER)
        period = plan.after(period)


def _parties(size: int, periods: int) -> Parties:
    university = Organisation.objects.create(
        kind="university", name_zh="测算大学", verification="verified", created_at=AT
    )
    officer = User.objects.create_user("bench@sample.example")
    offer = Offer(TIERS, allowance=50_000_000, cap=CAP * periods)
    document = standard_template(offer)
    template = TermsTemplate.objects.create(
        organisation=university, name="A", document=document, created_at=AT
    )
    companies = Organisation.objects.bulk_create(
        Organisation(
            kind="company", name_zh=f"测算企业{number}", verification="verified", created_at=AT
        )
        for number in range(isqrt(size - 1) + 1)
    )
    listings = Listing.objects.bulk_create(
        Listing(organisation=university, state_since=AT, created_at=AT, terms_template=template)
        for _ in range(-(-size // len(companies)))
    )
    dates = Dates(STARTED, STARTED, CONVERTED - timedelta(days=1), LAST)
    owners = [(university.public_id, 1)]
    terms = as_terms(document, contract="-", version=1, dates=dates, owners=owners)
    return Parties(listings, companies, university, officer, terms)


@transaction.atomic
def _chunk(parties: Parties, numbers: range, quarters: Sequence[Quarter]) -> None:
    deal_ids = bulk.next_ids(Deal, len(numbers))
    version_ids = bulk.next_ids(TermsVersion, len(numbers))
    deals = [
        _deal(parties, number, pk, version)
        for number, pk, version in zip(numbers, deal_ids, version_ids, strict=True)
    ]
    versions = [_version(parties, deal) for deal in deals]
    facts = [
        fact
        for number, version in zip(numbers, versions, strict=True)
        for fact in _chained(version.deal, _known(version, number, quarters))
    ]
    for rows in (deals, versions, facts):
        _copy(rows)


def _copy(rows: Sequence[models.Model]) -> None:
    """Write instances with COPY; what has no id yet gets one from the database."""
    fields = [
        field for field in rows[0]._meta.concrete_fields if rows[0].pk or not field.primary_key
    ]
    documents = {field.attname for field in fields if isinstance(field, models.JSONField)}
    names = [field.attname for field in fields]
    bulk.copy(
        type(rows[0]),
        [str(field.column) for field in fields],
        (
            bulk.row(
                *(
                    orjson.dumps(getattr(row, name)).decode()
                    if name in documents
                    else getattr(row, name)
                    for name in names
                )
            )
            for row in rows
        ),
    )


def _deal(parties: Parties, number: int, pk: int, terms_id: int) -> Deal:
    listing, company = parties.pair(number)
    return Deal(
        pk=pk,
        terms_id=terms_id,
        listing=listing,
        licensor=parties.university,
        licensee=company,
        state=DealState.PAYING,
        state_since=AT,
        use="测算",
        site="测算",
        indicators="测算",
        wished_start_date=STARTED,
        requested_by=parties.officer,
        requested_at=AT,
        converted_date=CONVERTED,
    )


def _version(parties: Parties, deal: Deal) -> TermsVersion:
    document = {**parties.terms, "contract": deal.number}
    return TermsVersion(
        pk=deal.terms_id,
        deal=deal,
        number=1,
        document=document,
        licence_kind=GRANT.kind,
        acts=GRANT.acts,
        field_of_use=GRANT.field_of_use,
        territory=GRANT.territory,
        sha256=digest(document, GRANT, []),
        proposed_by=parties.officer,
        proposed_at=AT,
    )


def _known(version: TermsVersion, number: int, quarters: Sequence[Quarter]) -> Iterator[Known]:
    yield "terms", version.document, STARTED
    conversion = {"type": "conversion", "date": CONVERTED.isoformat()}
    yield "event", conversion, CONVERTED
    for index, quarter in enumerate(quarters):
        yield "report", _report(quarter, number + index), quarter.accepted


def _report(quarter: Quarter, number: int) -> dict[str, Any]:
    gross = (number + 3) * 397_919 % 4_000_000
    line = {
        "sale_date": quarter.sale_date.isoformat(),
        "stream": "product",
        "currency": "CNY",
        "gross": f"{gross}.00",
        "vat_rate": "0.13",
        "deductions": {"returns": f"{gross // 50}.00"},
    }
    return {
        "period": quarter.name,
        "revision": 1,
        "accepted_on": quarter.accepted.isoformat(),
        "lines": [line],
    }


def _chained(deal: Deal, known: Iterator[Known]) -> Iterator[Fact]:
    previous = GENESIS
    for sequence, (kind, payload, day) in enumerate(known, start=1):
        fact = Fact(
            deal=deal,
            sequence=sequence,
            kind=kind,
            effective_date=day,
            recorded_at=AT,
            payload=payload,
            previous_hash=previous,
        )
        fact.hash = previous = dossiers.digest(fact)
        yield fact
