"""Who sees which object: the reviewed half of the access matrix (tests/test_access.py).

The other half, who passes the door, is each view's declared policy. A route with arguments must
stand here by its URL name, or the matrix fails: give one sample for each kind of object that the
route can name, with its arguments and the personas that see it. Everybody else who passes the door
gets the same 404 as for an object that does not exist.

Personas are the names of tests/cast.py, and `reader_token` and `writer_token` (API keys of company
C's signatory).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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


OBJECTS: dict[str, list[Sample]] = {
    "listing_at_desk": desk_samples(),
    "listing_step": desk_samples(step="pitch"),
    "listing_card": desk_samples(step="pitch"),
    "listing_withdraw": desk_samples(),
    "listing_approval": desk_samples(),
    "listing_review": review_samples(),
    "listing": listing_samples(),
    "simulator": listing_samples(),
    "member": [
        Sample(
            "a member of company C",
            lambda world: {"public_id": world.cast.contact_c.membership.public_id},
            COMPANY_C,
        )
    ],
    "member_deactivate": [
        Sample(
            "a member of company C",
            lambda world: {"public_id": world.cast.contact_c.membership.public_id},
            COMPANY_C,
        )
    ],
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
