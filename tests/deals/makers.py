"""Deals in any state, made by the product's own services from the request on.

`make_deal(cast, "paying", at)` walks the whole path; nothing is written past a service, so a state
that cannot be reached cannot be made.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from deals.models import Deal, PolicyProfile, TermsVersion
from deals.rules.agreement import Grant
from deals.services import approvals, publicity, terms, trials
from listings.models import Industry, Inventor, Listing, TermsTemplate
from listings.rules.template import Dates, Offer, Tier, as_terms, standard_template
from tests.cast import Cast
from tests.factories import BEGINNING

TIERS = (Tier(200_000_000, "0.04"), Tier(None, "0.03"))
OFFER = Offer(TIERS, allowance=50_000_000, cap=120_000_000)
GRANT = Grant("non_exclusive", "制造、使用、销售", "动力电池", "中国内地")

# The usual way, in its order; a state further on passes through all before it.
WAY = (
    "requested", "in_talks", "notice_running", "awaiting_platform", "half_approved",
    "ready_to_sign", "half_signed", "in_trial",
)  # fmt: skip


def make_policy(notice_days: int = 0, second_from: int = 0) -> PolicyProfile:
    """The policy profile in force, as a test wants it."""
    return PolicyProfile.objects.update_or_create(
        effective_from=date(2020, 1, 1),
        defaults={
            "notice_days": notice_days,
            "second_approval_from_minor": second_from,
            "source": "tests",
        },
    )[0]


def for_company_d(cast: Cast) -> Cast:
    """The cast with company D's member in the roles of company C."""
    return replace(cast, contact_c=cast.member_d, signatory_c=cast.member_d)


def make_listing(cast: Cast, **fields) -> Listing:
    """A result of university A on the shelf, with two inventors of whom one is in the cast."""
    number = Listing.objects.count() + 1
    published = {
        "organisation": cast.university_a,
        "state": "published",
        "shelf_code": f"A-0312-{number:02d}",
        "published_at": BEGINNING,
        "title_zh": "低温快充磷酸铁锂电解液",
        "title_en": "Fast-charging electrolyte for the cold",
        "pitch_zh": "−30℃ 下 15 分钟充至 80%",
        "pitch_en": "Charges to 80% in 15 minutes at −30 °C",
        "industry": Industry.objects.get(code="new-energy"),
        "trl": 6,
        "trial_months": 6,
        "rate_first": Decimal("0.04"),
        "rate_last": Decimal("0.03"),
        "allowance_minor": 50_000_000,
        "cap_minor": 120_000_000,
    }
    listing = Listing.objects.create(
        terms_template=_make_template(cast),
        created_at=BEGINNING,
        state_since=BEGINNING,
        **published | fields,
    )
    Inventor.objects.create(listing=listing, name="陈敏", weight=2, user=cast.researcher_a.user)
    Inventor.objects.create(listing=listing, name="刘航", weight=1)
    return listing


def _make_template(cast: Cast) -> TermsTemplate:
    """University A's standing terms: OFFER, six months, an ordinary licence for the mainland."""
    return TermsTemplate.objects.get_or_create(
        organisation=cast.university_a,
        name="标准条款 A",
        defaults={"document": standard_template(OFFER), "created_at": BEGINNING},
    )[0]


def make_request(at: datetime) -> trials.TrialRequest:
    """What a company asks for, to begin on the day of `at`."""
    return trials.TrialRequest(
        use="中试 200 kg",
        site="东莞",
        indicators="−30℃ 充至 80% 不超过 15 分钟",
        wished_start_date=timezone.localdate(at),
    )


def make_document(deal: Deal, at: datetime, offer: Offer = OFFER) -> dict[str, object]:
    """The document of a proposal: a trial from the day of `at`, paying for five years."""
    begins = timezone.localdate(at)
    dates = Dates(
        effective_from=begins,
        trial_from=begins,
        trial_to=trial_end(begins),
        paying_to=begins.replace(year=begins.year + 5),
    )
    return as_terms(
        standard_template(offer),
        contract=deal.number,
        version=terms.next_number(deal),
        dates=dates,
        owners=[(deal.licensor.public_id, 1)],
    )


def trial_end(begins: date) -> date:
    """The last day of the six months that the listing's standing terms give."""
    month = begins.month + 5
    year, month = begins.year + month // 12, month % 12 + 1
    return begins.replace(year=year, month=month) - timedelta(days=1)


def propose(
    deal: Deal, cast: Cast, at: datetime, *, offer: Offer = OFFER, grant: Grant = GRANT
) -> TermsVersion:
    """A proposal by university A's officer."""
    document = make_document(deal, at, offer)
    return terms.propose_terms(deal, document=document, grant=grant, by=cast.officer_a, at=at)


def accept(version: TermsVersion, cast: Cast, at: datetime) -> Deal:
    """Both sides accept."""
    terms.accept_terms(version, sha256=version.sha256, by=cast.head_a, at=at)
    return terms.accept_terms(version, sha256=version.sha256, by=cast.signatory_c, at=at)


def approve(deal: Deal, cast: Cast, at: datetime) -> Deal:
    """Both approvers approve."""
    sha256 = deal.terms.sha256
    deal = approvals.approve_deal(deal, sha256=sha256, by=cast.approver, at=at)
    return approvals.approve_deal(deal, sha256=sha256, by=cast.second_approver, at=at)


def sign(deal: Deal, cast: Cast, at: datetime) -> Deal:
    """Both sides sign."""
    sha256 = deal.terms.sha256
    trials.sign_deal(deal, sha256=sha256, by=cast.head_a, at=at)
    return trials.sign_deal(deal, sha256=sha256, by=cast.signatory_c, at=at)


def make_deal(
    cast: Cast,
    state: str,
    at: datetime,
    *,
    listing: Listing | None = None,
    offer: Offer = OFFER,
    grant: Grant = GRANT,
) -> Deal:
    """A deal of company C on a result of university A in this state, all of it done at `at`.

    `state` is a state's code, "half_approved" (first approval given) or "half_signed" (the
    university has signed). The trial runs from the day of `at` for six months.
    "awaiting_decision" and "expired" happen after its end; "paying" on the day of `at`.
    """
    if not PolicyProfile.objects.exists():
        make_policy()
    listing = listing or make_listing(cast)
    deal = trials.request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)
    if state in ENDS_EARLY:
        return ENDS_EARLY[state](deal, cast, at)
    for step in _steps(state):
        deal = _walk(deal, step, cast, at, offer=offer, grant=grant)
    return ENDS_LATE[state](deal, cast, at) if state in ENDS_LATE else deal


def _steps(state: str) -> tuple[str, ...]:
    last = WAY.index(state) if state in WAY else len(WAY) - 1
    return WAY[1 : last + 1]


def _walk(deal: Deal, step: str, cast: Cast, at: datetime, *, offer: Offer, grant: Grant) -> Deal:
    sha256 = deal.terms.sha256 if deal.terms else ""
    match step:
        case "in_talks":
            propose(deal, cast, at, offer=offer, grant=grant)
        case "notice_running":
            accept(deal.terms_versions.get(), cast, at)
        case "awaiting_platform" if deal.state == "notice_running":
            publicity.close_due_notices(deal.notices.get().ends_at)
        case "half_approved":
            approvals.approve_deal(deal, sha256=sha256, by=cast.approver, at=at)
        case "ready_to_sign":
            approvals.approve_deal(deal, sha256=sha256, by=cast.second_approver, at=at)
        case "half_signed":
            trials.sign_deal(deal, sha256=sha256, by=cast.head_a, at=at)
        case "in_trial":
            trials.sign_deal(deal, sha256=sha256, by=cast.signatory_c, at=at)
    return Deal.objects.get(pk=deal.pk)


def _withdrawn(deal: Deal, cast: Cast, at: datetime) -> Deal:
    return trials.withdraw_deal(deal, by=cast.contact_c, at=at)


def _refused(deal: Deal, cast: Cast, at: datetime) -> Deal:
    return trials.decline_deal(deal, note="不在许可计划内", by=cast.officer_a, at=at)


def _awaiting_decision(deal: Deal, cast: Cast, at: datetime) -> Deal:
    trials.end_due_trials(_after_trial(deal, at, days=1))
    return Deal.objects.get(pk=deal.pk)


def _expired(deal: Deal, cast: Cast, at: datetime) -> Deal:
    _awaiting_decision(deal, cast, at)
    trials.expire_due_decisions(_after_trial(deal, at, days=31))
    return Deal.objects.get(pk=deal.pk)


def _after_trial(deal: Deal, at: datetime, *, days: int) -> datetime:
    return at + (deal.trial_to_date - timezone.localdate(at)) + timedelta(days=days)


def _paying(deal: Deal, cast: Cast, at: datetime) -> Deal:
    return trials.convert_deal(deal, by=cast.signatory_c, at=at)


def _exited(deal: Deal, cast: Cast, at: datetime) -> Deal:
    declaration = trials.ExitDeclaration(
        has_stopped=True, last_use_date=timezone.localdate(at), note="不合用"
    )
    return trials.exit_deal(deal, declaration=declaration, by=cast.signatory_c, at=at)


ENDS_EARLY: dict[str, Callable[[Deal, Cast, datetime], Deal]] = {
    "withdrawn": _withdrawn,
    "refused": _refused,
}
ENDS_LATE: dict[str, Callable[[Deal, Cast, datetime], Deal]] = {
    "awaiting_decision": _awaiting_decision,
    "expired": _expired,
    "paying": _paying,
    "exited": _exited,
}
EXCLUSIVE = Grant("exclusive", GRANT.acts, GRANT.field_of_use, GRANT.territory)
DEARER = Offer(
    (Tier(200_000_000, "0.05"), Tier(None, "0.03")), allowance=50_000_000, cap=100_000_000
)
