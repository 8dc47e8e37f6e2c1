"""Who sees which object: the reviewed half of the access matrix (tests/test_access.py).

The other half, who passes the door, is each view's declared policy. A route with arguments must
stand here by its URL name, or the matrix fails: give one sample for each kind of object that the
route can name, with its arguments and the personas that see it. Everybody else who passes the door
gets the same 404 as for an object that does not exist.

Personas are the names of tests/cast.py, and `reader_token` and `writer_token` (API keys of company
C's signatory).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests import access_objects as objects
from tests.cast import Cast
from tests.listings.factories import ListingFactory, PublishedFactory

Arguments = Mapping[str, Any]

UNIVERSITY_A = {"researcher_a", "officer_a", "head_a", "approver_a", "finance_a", "audit_a"}
UNIVERSITY_B = {"officer_b", "head_b"}
COMPANY_C = {
    *("contact_c", "finance_c", "signatory_c", "double_for_c"),
    *("reader_token", "writer_token"),
}
COMPANY_D = {"member_d", "double"}
PLATFORM = {
    *("reviewer", "approver", "second_approver", "guarantee_officer", "platform_finance"),
    *("administrator", "auditor"),
}
NOBODYS = {"anonymous", "disabled", "guest"}
EVERYBODY = UNIVERSITY_A | UNIVERSITY_B | COMPANY_C | COMPANY_D | PLATFORM | NOBODYS


@dataclass
class World:
    """The cast, and what else the samples need, each made once: `world.one(make_a_deal)`."""

    cast: Cast
    _made: dict[Callable[[Cast], Any], Any] = field(default_factory=dict)

    def one(self, make: Callable[[Cast], Any]) -> Any:
        """What `make(cast)` returned the first time."""
        if make not in self._made:
            self._made[make] = make(self.cast)
        return self._made[make]


@dataclass(frozen=True)
class Sample:
    """One object that a route can name: what it is, how it is named, who sees it."""

    what: str
    arguments: Callable[[World], Arguments]
    seen_by: frozenset[str] | set[str]


def published(cast: Cast) -> Any:
    """A result of university A on the shelf."""
    return PublishedFactory(organisation=cast.university_a)


def withdrawn(cast: Cast) -> Any:
    """A result of university A that stood on the shelf."""
    return ListingFactory(organisation=cast.university_a, state="withdrawn", shelf_code="Z-0000-01")


def submitted(cast: Cast) -> Any:
    """A result of university A in review."""
    return ListingFactory(organisation=cast.university_a, state="platform_review")


def draft(cast: Cast) -> Any:
    """A result of university A that nobody submitted yet."""
    return ListingFactory(organisation=cast.university_a)


def listing_samples() -> list[Sample]:
    """A listing on every side of the shelf."""
    return [
        Sample("on the shelf", lambda world: _named(world.one(published)), EVERYBODY),
        Sample("withdrawn", lambda world: _named(world.one(withdrawn)), EVERYBODY),
        Sample("in review", lambda world: _named(world.one(submitted)), UNIVERSITY_A | PLATFORM),
        Sample("a draft of university A", lambda world: _named(world.one(draft)), UNIVERSITY_A),
    ]


def _named(listing: Any) -> Arguments:
    return {"public_id": listing.public_id}


def desk_samples(**more: str) -> list[Sample]:
    """A draft at the desk of university A; `more` are the route's other arguments."""
    return [
        Sample(
            "a draft at the desk of university A",
            lambda world: {**_named(world.one(draft)), **more},
            UNIVERSITY_A,
        )
    ]


def review_samples() -> list[Sample]:
    """What the platform's reviewer may open, and what is not yet the platform's."""
    return [
        Sample("in review", lambda world: _named(world.one(submitted)), PLATFORM),
        Sample("a draft of university A", lambda world: _named(world.one(draft)), set()),
    ]


def named(make: Callable[[Cast], Any], **further: str) -> Callable[[World], Arguments]:
    """The arguments that name an object of tests/access_objects.py by its public id."""
    return lambda world: {"public_id": world.one(make).public_id, **further}


def alike(names: str, *samples: Sample) -> dict[str, list[Sample]]:
    """The same samples for several routes, named with spaces between."""
    return {name: list(samples) for name in names.split()}


# --- people and organisations -------------------------------------------------------------------

MEMBER_OF_C = Sample(
    "a member of company C",
    lambda world: {"public_id": world.cast.contact_c.membership.public_id},
    COMPANY_C,
)
SITE = {
    "sitemap_section": [
        Sample("the file of listings", lambda world: {"section": "listings"}, EVERYBODY)
    ],
}
ACCOUNTS = {
    **alike("member member_deactivate", MEMBER_OF_C),
    "invitation_withdraw": [
        Sample(
            "an invitation into company C",
            lambda world: {"public_id": world.cast.invitation.public_id},
            COMPANY_C,
        )
    ],
    "invitation": [
        Sample(
            "the link of an open invitation",
            lambda world: {"token": world.cast.invitation_token},
            EVERYBODY,
        )
    ],
    "token_revoke": [
        Sample(
            "a key of company C",
            lambda world: {"public_id": world.cast.write_token.public_id},
            COMPANY_C,
        )
    ],
    "verification": [
        Sample(
            "the registration of company D",
            lambda world: {"public_id": world.cast.company_d.public_id},
            PLATFORM,
        )
    ],
}

# --- results ------------------------------------------------------------------------------------

PUBLISHED = Sample("a result on the shelf", named(objects.published), EVERYBODY)
WITHDRAWN = Sample("a result that stood there", named(objects.withdrawn), EVERYBODY)
DRAFT = Sample("a draft of university A", named(objects.draft), UNIVERSITY_A)
SUBMITTED = Sample("a submitted result", named(objects.submitted), UNIVERSITY_A | PLATFORM)
STEP = Sample("a draft's pitch", named(objects.draft, step="pitch"), UNIVERSITY_A)
STOREFRONT = Sample(
    "a verified university",
    lambda world: {"public_id": world.cast.university_a.public_id},
    EVERYBODY,
)
LISTINGS = {
    "storefront": [STOREFRONT],
    **alike("listing simulator estimate_file api_listing", PUBLISHED, WITHDRAWN, SUBMITTED, DRAFT),
    **alike("trial_request api_request", PUBLISHED),
    **alike("listing_at_desk listing_withdraw", replace(DRAFT, what="a draft at the desk")),
    **alike("listing_step listing_card", STEP),
    "listing_approval": [replace(SUBMITTED, seen_by=UNIVERSITY_A), DRAFT],
    "listing_review": [
        Sample("a result that the office approved", named(objects.approved), PLATFORM),
        replace(DRAFT, seen_by=set()),
    ],
}

# --- deals --------------------------------------------------------------------------------------

PARTIES = UNIVERSITY_A | COMPANY_C
# Platform staff whose work is not deals do not see them.
DESK = PLATFORM - {"reviewer", "administrator"}
REQUEST = Sample("a request of company C", named(objects.requested_deal), PARTIES | DESK)
TRIAL = Sample("a trial of company C", named(objects.trial), PARTIES | DESK)
EXPIRED = Sample("an expired trial", named(objects.expired_trial), PARTIES | DESK)
PAYING = Sample("a paying deal", named(objects.paying_deal), PARTIES | DESK)
AT_THE_DESK = Sample("a deal at the desk", named(objects.deal_at_the_desk), PARTIES | DESK)
PERIOD = Sample(
    "a quarter to report", named(objects.paying_deal, period=objects.QUARTER), COMPANY_C
)
DEALS = {
    **alike("deal api_deal", REQUEST, AT_THE_DESK, TRIAL, EXPIRED, PAYING),
    **alike("deal_history deal_instalments api_terms", TRIAL),
    **alike("deal_propose deal_propose_check deal_decline deal_withdraw", REQUEST),
    **alike("api_propose api_decline api_withdraw", REQUEST),
    **alike("deal_accept deal_sign deal_convert deal_exit", TRIAL),
    **alike("api_accept api_sign api_convert api_exit", TRIAL),
    **alike("approval api_approve api_send_back api_refuse", AT_THE_DESK),
    **alike("api_contract api_reports api_statements api_receipts", PAYING),
    **alike("api_preview api_report api_receipt", PAYING),
    **alike("report_form report_upload report_check", PERIOD),
    "parked_compute": [replace(PAYING, seen_by=PLATFORM)],
    "receipt_new": [replace(PAYING, seen_by=UNIVERSITY_A)],
}
REPORT = Sample("a submitted report", named(objects.submitted_report), PARTIES | DESK)
DRAFTED = Sample("a report not submitted yet", named(objects.drafted_report), {"finance_c"})
DISPUTE = Sample("a disputed line", named(objects.dispute), PARTIES | DESK)
BILL = Sample("a statement", named(objects.statement), PARTIES | DESK)
MONEY = {
    "report": [REPORT, DRAFTED],
    **alike("report_accept report_question api_accept_report api_question_report", REPORT),
    **alike("statement statement_contract statement_pdf api_statement dispute_new", BILL),
    **alike("dispute_withdraw dispute_agree", DISPUTE),
    **alike("api_disputes api_dispute", BILL),
    **alike("api_withdraw_dispute api_agree_correction", DISPUTE),
}

PLAYED = Sample("a rehearsal of company C", named(objects.rehearsal), COMPANY_C)
REHEARSALS = {
    **alike("rehearsal rehearsal_contract rehearsal_copy rehearsal_delete", PLAYED),
    "rehearse_deal": [TRIAL, REQUEST, PAYING],
    "rehearse_listing": [PUBLISHED, WITHDRAWN],
    "rehearsal_step": [replace(PLAYED, arguments=named(objects.rehearsal, step="move"))],
    "rehearsal_report": [
        replace(PLAYED, arguments=named(objects.rehearsal, period=objects.QUARTER))
    ],
    "rehearsal_statement": [replace(PLAYED, arguments=named(objects.rehearsal, period="2026-Q2"))],
}

TRANSFER = Sample("a transfer", named(objects.receipt), UNIVERSITY_A)
LATE = Sample("late interest", named(objects.interest), UNIVERSITY_A)
CREDIT = Sample("a proposed credit", named(objects.credit), UNIVERSITY_A)
POLICY = Sample("a policy of university A", named(objects.policy), UNIVERSITY_A)
FINANCE = {
    **alike("deal_interest deal_credits", PAYING),
    **alike("credit_new credit_refund", replace(PAYING, seen_by=UNIVERSITY_A)),
    **alike("receipt_reverse receipt_split", TRANSFER),
    **alike("interest_charge interest_waive", LATE),
    **alike("credit_confirm credit_refuse", CREDIT),
    **alike("policy_confirm policy_refuse", POLICY),
    **alike("api_interest api_credits", PAYING),
    **alike("api_credit api_distributions", replace(PAYING, seen_by=UNIVERSITY_A)),
    **alike("api_charge_interest api_waive_interest", LATE),
    **alike("api_confirm_credit api_refuse_credit", CREDIT),
    "api_reverse_receipt": [TRANSFER],
}

OBJECTS: dict[str, list[Sample]] = {
    **SITE, **ACCOUNTS, **LISTINGS, **DEALS, **MONEY, **REHEARSALS, **FINANCE,
}  # fmt: skip

# Arguments for views of others (admin, allauth), where only the door and the absence of faults are
# looked at: their objects are not ours.
OTHERS_ARGUMENTS: Arguments = {
    "object_id": "1",
    "app_label": "accounts",
    "content_type_id": "1",
    "url": "nowhere",
    "key": "nonsense",
    "uidb36": "1",
}

# Routes without arguments that may answer 404 to those whom they admit, with the reason.
MAY_BE_ABSENT = {
    "organisation_switch": "the form names the membership",
    "demo_clock": "only a demo has it",
}

# Tables that reading may change, with the reason.
READING_MAY_WRITE = {
    "django_session": "sessions are not business",
    "base_cache": "counts of attempts",
    "accounts_apitoken": "when a key was last used, once an hour",
}
