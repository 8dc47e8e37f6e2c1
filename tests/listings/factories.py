"""Listings for tests: a draft with everything that an office asks for."""

from datetime import datetime
from decimal import Decimal

from listings.models import Benefit, Industry, Listing, Patent, TermsTemplate
from listings.rules.template import Offer, Tier, standard_template
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation

OFFER = Offer(
    tiers=(Tier(200_000_000, "0.04"), Tier(None, "0.03")), allowance=50_000_000, cap=120_000_000
)


def make_template(organisation: Organisation, at: datetime, name: str = "A") -> TermsTemplate:
    """Standing terms: 4 % up to two million a quarter, 3 % above, capped at 1.2 million."""
    return TermsTemplate.objects.create(
        organisation=organisation,
        name=name,
        document=standard_template(OFFER),
        trial_months=6,
        created_at=at,
    )


def make_draft(by: Actor, at: datetime, **changes: object) -> Listing:
    """A complete draft of the actor's university."""
    fields: dict[str, object] = {
        "organisation": by.organisation,
        "created_by": by.user,
        "created_at": at,
        "state_since": at,
        "title_zh": "低温快充磷酸铁锂电解液",
        "title_en": "Fast-charging electrolyte for the cold",
        "pitch_zh": "−30℃ 下 15 分钟充至 80%",
        "industry": Industry.objects.get(code="new-energy"),
        "trl": 6,
        "trl_evidence": "中试 200 kg 检测报告",
        **changes,
    }
    if "terms_template" not in fields:
        fields["terms_template"] = TermsTemplate.objects.filter(
            organisation=by.organisation
        ).first() or make_template(by.organisation, at)
    listing = Listing.objects.create(**fields)
    Benefit.objects.create(
        listing=listing,
        label_zh="充电时间",
        value=Decimal(15),
        unit="分钟",
        compared_value=Decimal(60),
        compared_with="常规电解液",
        method="第三方检测",
    )
    Patent.objects.create(listing=listing, number="CN202310123456.7", office="CN")
    return listing
