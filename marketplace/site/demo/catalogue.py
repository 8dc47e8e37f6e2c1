"""Six thousand published listings and the demo university's own desk, in bulk."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from listings.models import (
    Benefit,
    Industry,
    Inventor,
    Listing,
    Patent,
    ShelfCounter,
    TermsTemplate,
)
from listings.rules.states import ListingState
from listings.rules.template import standard_template, summary
from listings.services import search
from marketplace.accounts.models import Organisation
from marketplace.site.demo import offers, texts
from marketplace.site.demo.organisations import World

PUBLISHED = 6_000
HOME_SHARE = 96  # of them on the demo university's shelves
UNPUBLISHED = (
    (ListingState.DRAFT, 8),
    (ListingState.OFFICE_REVIEW, 5),
    (ListingState.TO_CORRECT, 2),
    (ListingState.PLATFORM_REVIEW, 6),
    (ListingState.HIDDEN, 3),
    (ListingState.WITHDRAWN, 4),
)
EVIDENCE = {
    "low": ("实验室样机通过校内测试，附原始数据", "在接近真实的环境里重复同一试验"),
    "middle": ("中试线连续运行 90 天，附第三方报告", "在用户现场完成一个完整周期的验证"),
    "high": ("两家用户量产线运行一年以上，附验收单", "不同规格产品的批量一致性数据"),
}
SURNAMES = "陈林黄张李梁何罗郑谢宋唐许韩冯邓曹彭曾肖"


@dataclass
class Shelf:
    """Rows on their way into the database, and what numbers them."""

    world: World
    industries: dict[str, Industry]
    templates: dict[int, list[TermsTemplate]]
    counters: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    listings: list[Listing] = field(default_factory=list)
    benefits: list[Benefit] = field(default_factory=list)
    patents: list[Patent] = field(default_factory=list)
    inventors: list[Inventor] = field(default_factory=list)


def make_catalogue(world: World) -> list[Listing]:
    """Create templates, listings with all that hangs on them, and the search entries."""
    industries = {row.code: row for row in Industry.objects.all()}
    shelf = Shelf(world, industries, _make_templates(world))
    for organisation, text, state in _plan(world):
        _put(shelf, organisation, text, state)
    Listing.objects.bulk_create(shelf.listings, 500)
    Benefit.objects.bulk_create(shelf.benefits, 2_000)
    Patent.objects.bulk_create(shelf.patents, 2_000)
    Inventor.objects.bulk_create(shelf.inventors, 2_000)
    for aisle, last in shelf.counters.items():
        ShelfCounter.objects.update_or_create(aisle=aisle, defaults={"last": last})
    published = Listing.objects.published().select_related(
        "organisation__city", "industry", "terms_template"
    )
    rows = list(published.prefetch_related("patents", "inventors").order_by("pk"))
    search.index_all(rows)
    return rows


def _plan(world: World) -> Iterator[tuple[Organisation, texts.Text, ListingState]]:
    """Which university offers which text in which state; the texts come round again and again."""
    pool = texts.chinese() * 6 + texts.english()
    home, *others = world.universities
    stream = _endless(pool, world.chance)
    for number in range(PUBLISHED):
        owner = home if number % (PUBLISHED // HOME_SHARE) == 0 else world.chance.choice(others)
        yield owner, next(stream), ListingState.PUBLISHED
    for state, count in UNPUBLISHED:
        for _ in range(count):
            yield home, next(stream), state


def _endless(pool: list[texts.Text], chance: random.Random) -> Iterator[texts.Text]:
    while True:
        chance.shuffle(pool)
        yield from pool


def _make_templates(world: World) -> dict[int, list[TermsTemplate]]:
    rows = []
    for organisation in world.universities:
        for name, offer in offers.offers_of(world.chance):
            rows.append(
                TermsTemplate(
                    organisation=organisation,
                    name=name,
                    trial_months=offer.trial_months,
                    document=standard_template(offer),
                    created_at=world.at,
                )
            )
    TermsTemplate.objects.bulk_create(rows, 500)
    templates: dict[int, list[TermsTemplate]] = defaultdict(list)
    for row in rows:
        templates[row.organisation_id].append(row)
    return templates


def _put(shelf: Shelf, owner: Organisation, text: texts.Text, state: ListingState) -> None:
    chance = shelf.world.chance
    industry = shelf.industries[text.industry]
    published_at = shelf.world.at - timedelta(
        days=chance.randint(20, 900), seconds=chance.randint(0, 86_000)
    )
    template = chance.choices(shelf.templates[owner.pk], (6, 2, 2))[0]
    gains = offers.benefits_of(industry.cover, chance)
    listing = _listing(owner, text, state, template)
    listing.industry = industry
    listing.created_at = published_at - timedelta(days=20)
    listing.state_since = published_at
    listing.is_guaranteed = chance.random() < 0.4
    _mature(listing, offers.trl_of(chance))
    _pitch(listing, gains[0])
    if state in (ListingState.PUBLISHED, ListingState.HIDDEN, ListingState.WITHDRAWN):
        _stand(shelf, listing, published_at)
    shelf.listings.append(listing)
    _hang_on(shelf, listing, gains, text)


def _listing(
    owner: Organisation, text: texts.Text, state: ListingState, template: TermsTemplate
) -> Listing:
    terms = summary(template.document)
    language = "zh" if text.language == "zh-hans" else "en"
    listing = Listing(
        organisation=owner,
        state=state,
        is_sample=True,
        original_language=text.language,
        keywords=[word[:80] for word in text.keywords],
        terms_template=template,
        trial_months=template.trial_months,
        rate_first=terms.rate_first,
        rate_last=terms.rate_last,
        allowance_minor=terms.allowance,
        cap_minor=terms.cap,
        has_minimum=terms.has_minimum,
    )
    setattr(listing, f"title_{language}", text.title)
    setattr(listing, f"description_{language}", text.description)
    return listing


def _mature(listing: Listing, level: int) -> None:
    band = "low" if level < 5 else "middle" if level < 8 else "high"
    listing.trl = level
    listing.trl_evidence, listing.trl_missing = EVIDENCE[band]


def _pitch(listing: Listing, gain: offers.Measured) -> None:
    """The sentence under the title, which must hold a measured number."""
    more_zh = "提高" if gain.change > 0 else "降低"
    more_en = "higher" if gain.change > 0 else "lower"
    listing.pitch_zh = f"{gain.label_zh}较{gain.compared_with}{more_zh} {abs(gain.change)}%"
    listing.pitch_en = f"{gain.label_en} {abs(gain.change)}% {more_en} than the usual way"


def _stand(shelf: Shelf, listing: Listing, published_at: datetime) -> None:
    """Give it the next place in its aisle."""
    assert listing.industry is not None
    aisle = listing.industry.aisle
    shelf.counters[aisle] += 1
    rack, slot = divmod(shelf.counters[aisle], 100)
    listing.shelf_code = f"{aisle}-{rack:04d}-{slot:02d}"
    listing.published_at = published_at
    if listing.state == ListingState.WITHDRAWN:
        listing.withdrawn_at = shelf.world.at - timedelta(days=9)


def _hang_on(
    shelf: Shelf, listing: Listing, gains: list[offers.Measured], text: texts.Text
) -> None:
    chance = shelf.world.chance
    shelf.benefits += [
        Benefit(
            listing=listing,
            label_zh=gain.label_zh,
            label_en=gain.label_en,
            value=gain.value,
            compared_value=gain.usual,
            unit=gain.unit,
            compared_with=gain.compared_with,
            method=gain.method,
            position=position,
        )
        for position, gain in enumerate(gains)
    ]
    shelf.inventors += [
        Inventor(listing=listing, name=f"{chance.choice(SURNAMES)}某", weight=weight)
        for weight in (2, 1)[: chance.randint(1, 2)]
    ]
    filed = shelf.world.at.date() - timedelta(days=chance.randint(500, 4_500))
    if text.number:
        shelf.patents.append(_patent(listing, f"US {text.number}", "US", text.title, filed))
    shelf.patents += [
        _patent(
            listing,
            f"CN1X{chance.randrange(10**7):07d}{'AB'[n % 2]}",
            "CN",
            listing.title_zh,
            filed,
        )
        for n in range(chance.randint(1, 4))
    ]


def _patent(listing: Listing, number: str, office: str, title: str, filed: date) -> Patent:
    return Patent(
        listing=listing,
        number=number,
        office=office,
        title=title,
        filed_date=filed,
        expires_date=filed.replace(year=filed.year + 20, day=min(filed.day, 28)),
    )
