"""A listing's way from draft to shelf, one verb each."""

from listings.services.listings.drafts import (
    OPEN_STATES,
    DraftChanges,
    create_draft,
    create_terms_template,
    draft_facts,
    missing_words,
    quality_words,
    show_terms,
    update_draft,
)
from listings.services.listings.moves import (
    approve_listing,
    publish_listing,
    return_listing,
    send_back_listing,
    submit_listing,
    why_not,
    withdraw_listing,
)
from listings.services.listings.selections import (
    Outcome,
    approve_many,
    publish_many,
    submit_many,
)

__all__ = [
    "OPEN_STATES",
    "DraftChanges",
    "Outcome",
    "approve_listing",
    "approve_many",
    "create_draft",
    "create_terms_template",
    "draft_facts",
    "missing_words",
    "publish_listing",
    "publish_many",
    "quality_words",
    "return_listing",
    "send_back_listing",
    "show_terms",
    "submit_listing",
    "submit_many",
    "update_draft",
    "why_not",
    "withdraw_listing",
]
