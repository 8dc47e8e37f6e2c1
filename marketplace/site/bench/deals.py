"""Paying deals with one accepted report each, made in bulk for measuring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from deals.models import Deal, Fact, TermsVersion
from deals.rules.agreement import Grant, digest
from deals.rules.states import DealState
from deals.services import dossiers
from listings.models import Listing, TermsTemplate
from listings.rules.template import Dates, Offer, Tier, as_terms, standard_template
from marketplace.accounts.models import Organisation, User
from marketplace.base.audit import GENESIS

STARTED = date(2026, 1, 1)
CONVERTED = date(2026, 7, 1)
ACCEPTED = date(2026, 10, 12)
AT = datetime(2026, 10, 13, 4, tzinfo=UTC)
CHUNK = 1_000
OFFER = Offer(
    (Tier(200_000_000, "0.04"), Tier(None, "0.03")), allowance=50_000_000, cap=120_000_000
)
GRANT = Grant("non_exclusive", "制造、使用、销售", "自有产品", "中国内地")


@dataclass(frozen=True)
class Parties:
    """What all the deals share."""

    listing: Listing
    officer: User
    document: dict[str, Any]


def make(size: int) -> Iterator[int]:
    """Create `size` deals; yields how many there are after each chunk."""
    parties = _parties()
    for start in range(0, size, CHUNK):
        _chunk(parties, range(start, min(start + CHUNK, size)))
        yield min(start + CHUNK, size)


def _parties() -> Parties:
    university = Organisation.objects.create(
        kind="university", name_zh="测算大学", verification="verified", created_at=AT
    )
    officer = User.objects.create_user("bench@sample.example")
    document = standard_template(OFFER)
    template = TermsTemplate.objects.create(
        organisation=university, name="A", document=document, created_at=AT
    )
    listing = Listing.objects.create(
        organisation=university, state_since=AT, created_at=AT, terms_template=template
    )
    return Parties(listing, officer, document)


def _chunk(parties: Parties, numbers: range) -> None:
    companies = Organisation.objects.bulk_create(
        Organisation(
            kind="company", name_zh=f"测算企业{number}", verification="verified", created_at=AT
        )
        for number in numbers
    )
    deals = Deal.objects.bulk_create(_deal(parties, company) for company in companies)
    versions = TermsVersion.objects.bulk_create(_version(parties, deal) for deal in deals)
    for deal, version in zip(deals, versions, strict=True):
        deal.terms = version
    Deal.objects.bulk_update(deals, ["terms"])
    facts = [
        fact
        for number, version in zip(numbers, versions, strict=True)
        for fact in _facts(version, number)
    ]
    Fact.objects.bulk_create(facts)


def _deal(parties: Parties, company: Organisation) -> Deal:
    return Deal(
        listing=parties.listing,
        licensor=parties.listing.organisation,
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
    dates = Dates(STARTED, STARTED, date(2026, 6, 30), date(2031, 6, 30))
    document = as_terms(
        parties.document,
        contract=deal.number,
        version=1,
        dates=dates,
        owners=[(deal.licensor.public_id, 1)],
    )
    return TermsVersion(
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


def _facts(version: TermsVersion, number: int) -> list[Fact]:
    gross = (number + 3) * 397_919 % 4_000_000
    line = {
        "sale_date": "2026-08-01",
        "stream": "product",
        "currency": "CNY",
        "gross": f"{gross}.00",
        "vat_rate": "0.13",
        "deductions": {"returns": f"{gross // 50}.00"},
    }
    report = {
        "period": "2026-Q3",
        "revision": 1,
        "accepted_on": ACCEPTED.isoformat(),
        "lines": [line],
    }
    conversion = {"type": "conversion", "date": CONVERTED.isoformat()}
    known = (
        ("terms", version.document, STARTED),
        ("event", conversion, CONVERTED),
        ("report", report, ACCEPTED),
    )
    return list(_chained(version.deal, known))


def _chained(deal: Deal, known: tuple[tuple[str, dict[str, Any], date], ...]) -> Iterator[Fact]:
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
