"""Who receives what a waterfall gives, and which movement books it (S16, records and postings)."""

from deals.rules.postings import Kind
from deals.rules.waterfall import INVENTORS, UNDISTRIBUTED

# One person of those who share what the steps give to the inventors: "inventor:" and the name.
PERSON = "inventor:"
COSTS = "costs"
DEPARTMENTS = frozenset({"department", "college", "team"})
UNIVERSITIES = frozenset({"university", "fund", "office"})
# Whom the steps of a policy may name; the persons come from each deal's terms.
RECIPIENTS = (INVENTORS, "department", "college", "team", "university", "office", "fund", COSTS)

_BACK = {
    Kind.TO_UNIVERSITY: Kind.BACK_FROM_UNIVERSITY,
    Kind.TO_COSTS: Kind.BACK_FROM_COSTS,
    Kind.TO_INVENTORS: Kind.BACK_FROM_INVENTORS,
    Kind.TO_DEPARTMENT: Kind.BACK_FROM_DEPARTMENT,
}


def policy_key(party: str) -> str:
    """Return the name by which terms and contract files know a party's own policy."""
    return f"policy-{party}"


def movement_kind(recipient: str, amount: int) -> Kind | None:
    """Return the kind of movement that books a recipient's part; a negative one takes back.

    None for what no step took: it stays in the owner's clearing account.
    """
    if recipient == UNDISTRIBUTED:
        return None
    given = _given(recipient)
    return given if amount > 0 else _BACK[given]


def _given(recipient: str) -> Kind:
    if recipient == INVENTORS or recipient.startswith(PERSON):
        return Kind.TO_INVENTORS
    if recipient == COSTS:
        return Kind.TO_COSTS
    return Kind.TO_DEPARTMENT if recipient in DEPARTMENTS else Kind.TO_UNIVERSITY
