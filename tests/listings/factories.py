"""Builders of the catalogue's rows, with just enough filled in to satisfy the database."""

import datetime
from decimal import Decimal

import factory

from listings.models import Benefit, Industry, Listing, Patent, TermsTemplate
from listings.rules.template import Offer, Tier, standard_template
from listings.services import search
from listings.services.listings import show_terms
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation
from tests.factories import BEGINNING, CityFactory, OrganisationFactory

TIERS = (Tier(200_000_000, "0.04"), Tier(None, "0.03"))
OFFER = Offer(TIERS, allowance=50_000_000, cap=120_000_000)


class IndustryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Industry

    code = factory.Sequence(lambda number: f"industry-{number}")
    aisle = "A"
    name_zh = factory.Sequence(lambda number: f"产业{number}")
    name_en = factory.Sequence(lambda number: f"Industry {number}")
    cover = "bars"
    source = "ours"
    position = factory.Sequence(lambda number: number)


class UniversityFactory(OrganisationFactory):
    kind = "university"
    name_zh = factory.Sequence(lambda number: f"第{number}大学")
    name_en = factory.Sequence(lambda number: f"University {number}")
    city = factory.SubFactory(CityFactory)


class TermsTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TermsTemplate

    organisation = factory.SubFactory(UniversityFactory)
    name = factory.Sequence(lambda number: f"A{number}")
    document = factory.LazyFunction(
        lambda: standard_template(Offer(TIERS, allowance=50_000_000, cap=120_000_000))
    )
    created_at = BEGINNING


class ListingFactory(factory.django.DjangoModelFactory):
    """A draft that lacks nothing; PublishedFactory puts it on the shelf."""

    class Meta:
        model = Listing

    organisation = factory.SubFactory(UniversityFactory)
    state_since = BEGINNING
    created_at = BEGINNING
    title_zh = factory.Sequence(lambda number: f"成果{number}")
    title_en = factory.Sequence(lambda number: f"Result {number}")
    pitch_zh = "单份成本降低 8%"
    pitch_en = "Costs 8% less per unit"
    industry = factory.SubFactory(IndustryFactory)
    trl = 6
    trial_months = 6
    rate_first = Decimal("0.04")
    rate_last = Decimal("0.03")
    allowance_minor = 50_000_000
    cap_minor = 120_000_000
    terms_template = factory.SubFactory(
        TermsTemplateFactory, organisation=factory.SelfAttribute("..organisation")
    )


class PublishedFactory(ListingFactory):
    """A listing on the shelf, found by search."""

    class Meta:
        skip_postgeneration_save = True

    state = "published"
    shelf_code = factory.Sequence(lambda n: f"A-{n // 100:04d}-{n % 100:02d}")
    published_at = factory.Sequence(lambda n: BEGINNING + datetime.timedelta(minutes=n))

    @factory.post_generation
    def patents(self, create, numbers, **kwargs):
        for number in numbers or ():
            PatentFactory(listing=self, number=number)

    @factory.post_generation
    def search_row(self, create, extracted, **kwargs):
        search.index(self)


class PatentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Patent

    listing = factory.SubFactory(ListingFactory)
    number = factory.Sequence(lambda number: f"CN2023{number:08d}.7")
    office = "CN"


class BenefitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Benefit

    listing = factory.SubFactory(ListingFactory)
    label_zh = "−30℃ 充至 80%"
    value = 15
    compared_value = 72
    unit = "分钟"


def make_template(
    organisation: Organisation, at: datetime.datetime, name: str = "A"
) -> TermsTemplate:
    """Standing terms: 4 % up to two million a quarter, 3 % above, capped at 1.2 million."""
    return TermsTemplate.objects.create(
        organisation=organisation,
        name=name,
        document=standard_template(OFFER),
        trial_months=6,
        created_at=at,
    )


def make_draft(by: Actor, at: datetime.datetime, **changes: object) -> Listing:
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
    listing = Listing(**fields)
    if listing.terms_template:
        show_terms(listing, listing.terms_template)
    listing.save()
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
