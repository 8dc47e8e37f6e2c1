"""The rows of 1,400 trials, written in bulk with the same rules that the services use."""

from datetime import date, timedelta
from decimal import Decimal

from deals.models import (
    Approval,
    Deal,
    PolicyProfile,
    PublicityNotice,
    Signature,
    TermsVersion,
)
from deals.rules.agreement import Grant, digest
from deals.rules.distribution import policy_key
from deals.rules.states import DealState
from listings.models import Listing
from listings.rules.template import Dates, as_terms
from marketplace.accounts.models import User
from marketplace.site.demo.lives import Life, lives
from marketplace.site.demo.organisations import World
from marketplace.site.demo.stories import Story, noon, tell

YEARS = 5
HALF = 0.5  # of the deals before the platform have their first approval
ACTS = "制造、使用、销售"
FIELD = "被许可方自有产品"
USES = (
    ("在现有产线上替换对应工序，先做小批量", "一次合格率提高 3 个百分点以上"),
    ("作为新产品的核心部件，完成样机验证", "单位成本降低 10% 以上，性能不低于现有方案"),
    ("在客户现场并行运行一个周期", "故障停机时间减少三成"),
)


def make_deals(world: World, published: list[Listing]) -> list[Story]:
    """Create every deal up to its conversion; money follows in `ledgers`."""
    PolicyProfile.objects.create(
        effective_from=date(2020, 1, 1),
        notice_days=0,
        source="演示设定：公示 0 天，一律两人审批",
        ceiling_rate=Decimal("0.2"),
        ceiling_fixed_minor=2_000_000_000,
        ceiling_trial_months=36,
        ceiling_source="国家知识产权局专利开放许可试点工作通知（2022 年）；试用期上限为演示设定",
    )
    plans = list(lives(world, published))
    deals = [_deal(world, life) for life in plans]
    Deal.objects.bulk_create(deals, 500)
    stories = [Story(life, deal) for life, deal in zip(plans, deals, strict=True)]
    _agree_terms(world, stories)
    _decide(world, stories)
    _refresh_listings(stories)
    return stories


def _deal(world: World, life: Life) -> Deal:
    use, indicators = world.chance.choice(USES)
    since = life.converted_date or (life.trial_from if life.is_signed else life.requested_date)
    if life.state in (DealState.EXITED, DealState.AWAITING_DECISION):
        since = life.trial_to
    deal = Deal(
        listing=life.listing,
        licensor=life.listing.organisation,
        licensee=life.licensee,
        state=life.state,
        state_since=noon(min(since, world.at.date())),
        use=use,
        site=f"{life.licensee.city.name_zh}生产基地" if life.licensee.city else "生产基地",
        indicators=indicators,
        wished_start_date=life.trial_from,
        requested_by=_person(world, life.licensee.pk, "contact@company.example", life),
        requested_at=noon(life.requested_date),
        converted_date=life.converted_date,
        is_sample=True,
    )
    if life.is_signed:
        deal.trial_from_date, deal.trial_to_date = life.trial_from, life.trial_to
    if life.is_signed or life.state is DealState.READY_TO_SIGN:
        deal.first_approver = world.people["first@platform.example"]
        deal.second_approver = world.people["second@platform.example"]
    elif life.state is DealState.AWAITING_PLATFORM and world.chance.random() < HALF:
        deal.first_approver = world.people["first@platform.example"]
    return deal


def _person(world: World, organisation_id: int, address: str, life: Life) -> User:
    """The sign-in of the demo's own deals, the organisation's desk everywhere else."""
    return world.people[address] if life.is_home else world.desks[organisation_id]


def _agree_terms(world: World, stories: list[Story]) -> None:
    """Write the proposal of each deal that got so far, accepted where it was."""
    talking = [s for s in stories if s.life.is_agreed or s.life.state is DealState.IN_TALKS]
    for story in talking:
        story.terms = _version(world, story)
    TermsVersion.objects.bulk_create([s.terms for s in talking if s.terms], 500)
    agreed = [story for story in talking if story.life.is_agreed]
    for story in agreed:
        story.deal.terms = story.terms
    Deal.objects.bulk_update([story.deal for story in agreed], ["terms"], 500)
    PublicityNotice.objects.bulk_create([_notice(story) for story in agreed], 500)


def _version(world: World, story: Story) -> TermsVersion:
    life, deal = story.life, story.deal
    template = life.listing.terms_template
    assert template is not None
    paying_to = life.trial_from.replace(year=life.trial_from.year + YEARS, day=1)
    document = as_terms(
        template.document,
        contract=deal.number,
        version=1,
        dates=Dates(life.trial_from, life.trial_from, life.trial_to, paying_to),
        owners=[(deal.licensor.public_id, 1)],
    )
    if life.is_home:
        licensor = deal.licensor.public_id
        document["waterfalls"] = {licensor: policy_key(licensor)}
    grant = Grant("non_exclusive", ACTS, FIELD, template.territory)
    inventors = [{"name": p.name, "weight": p.weight} for p in life.listing.inventors.all()]
    proposed = life.requested_date + timedelta(days=2 if life.is_agreed else 0)
    version = TermsVersion(
        deal=deal,
        number=1,
        document=document,
        licence_kind=grant.kind,
        acts=grant.acts,
        field_of_use=grant.field_of_use,
        territory=grant.territory,
        inventors=inventors,
        sha256=digest(document, grant, inventors),
        proposed_by=_person(world, deal.licensor_id, "officer@university.example", life),
        proposed_at=noon(proposed),
    )
    if life.is_agreed:
        version.licensor_accepted_by = _person(
            world, deal.licensor_id, "head@university.example", life
        )
        version.licensee_accepted_by = _person(
            world, deal.licensee_id, "signatory@company.example", life
        )
        version.licensor_accepted_at = noon(proposed + timedelta(days=1))
        version.licensee_accepted_at = noon(proposed + timedelta(days=2))
    return version


def _notice(story: Story) -> PublicityNotice:
    assert story.terms is not None
    at = story.terms.licensee_accepted_at
    assert at is not None
    return PublicityNotice(
        deal=story.deal,
        terms=story.terms,
        snapshot={"document": story.terms.document, "sha256": story.terms.sha256},
        opened_at=at,
        ends_at=at,
        closed_at=at,
        outcome="ended_clean",
    )


def _decide(world: World, stories: list[Story]) -> None:
    """Approvals, signatures, facts and history of what happened to each."""
    approvals: list[Approval] = []
    signatures: list[Signature] = []
    for story in stories:
        tell(world, story)
        if story.terms is None or story.deal.first_approver is None:
            continue
        approvals += _approvals(story)
        if story.life.is_signed:
            signatures += _signatures(story)
            start = story.life.trial_from
            story.know("terms", story.terms.document, on=start)
    Approval.objects.bulk_create(approvals, 1_000)
    Signature.objects.bulk_create(signatures, 1_000)


def _approvals(story: Story) -> list[Approval]:
    version = story.terms
    assert version is not None
    assert version.licensee_accepted_at is not None
    people = (story.deal.first_approver, story.deal.second_approver)
    return [
        Approval(
            deal=story.deal,
            terms=version,
            ordinal=ordinal,
            decision="approve",
            decided_by=person,
            decided_at=version.licensee_accepted_at + timedelta(days=ordinal),
            note="企业资质齐全，用途清楚",
        )
        for ordinal, person in enumerate(people, start=1)
        if person is not None
    ]


def _signatures(story: Story) -> list[Signature]:
    version = story.terms
    assert version is not None
    signers = (
        (story.deal.licensor, version.licensor_accepted_by),
        (story.deal.licensee, version.licensee_accepted_by),
    )
    return [
        Signature(
            terms=version,
            organisation=organisation,
            signed_by=person,
            signed_at=noon(story.life.trial_from),
            sha256=version.sha256,
        )
        for organisation, person in signers
    ]


def _refresh_listings(stories: list[Story]) -> None:
    """What each listing shows of its trials."""
    counts: dict[int, int] = {}
    trying = {DealState.IN_TRIAL, DealState.AWAITING_DECISION}
    for story in stories:
        if story.life.state in trying:
            counts[story.life.listing.pk] = counts.get(story.life.listing.pk, 0) + 1
    rows = [story.life.listing for story in stories if story.life.listing.pk in counts]
    for row in rows:
        row.trials_running = counts[row.pk]
    Listing.objects.bulk_update(rows, ["trials_running"], 500)
