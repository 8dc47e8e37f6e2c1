"""The words of each refusal, by code. One table, so that a page, a form and the API agree."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.base.errors import RuleError

WORDS: Mapping[str, str | Promise] = {
    "state.moved": _(
        "Someone was faster: this is now “%(state)s”. Reload the page and look again."
    ),
    "approver.is_requester": _("Whoever asked for this cannot approve it."),
    "approver.is_first": _("The second approval must come from another person than the first."),
    "approver.is_party": _("Nobody from the organisations of this deal may approve it."),
    "approver.is_author": _("The author cannot approve his or her own submission."),
    "reviewer.is_approver": _("Whoever approved this for the office cannot review it again."),
    "role.missing": _("Your role in this organisation does not allow this step."),
    "note.missing": _("Say why: a note is needed to send back or refuse."),
    "terms.hash_differs": _("The terms changed since you opened this page. Read them again."),
    "terms.not_accepted": _("Both sides must accept one version of the terms first."),
    "credit_code.invalid": _("This is not a valid unified social credit code."),
    "credit_code.taken": _("An organisation with this unified social credit code exists already."),
    "invitation.invalid": _("This invitation is used up, expired or meant for another address."),
    "listing.incomplete": _("Still missing before this can be submitted: %(missing)s."),
    "listing.not_open": _("This result is not open for new trials."),
    "trial.exists": _("Your company already has a running request or trial for this result."),
    "organisation.not_verified": _("The platform has not verified your organisation yet."),
    "report.period_open": _("This period ends on %(end)s; it can be reported from the day after."),
    "report.already_accepted": _("This report is accepted. File a correction as a new revision."),
    "report.line": _("Line %(line)s: %(reason)s"),
    "receipt.duplicate": _("This bank reference is already recorded with other figures."),
    "amount.invalid": _("Write an amount like 12000 or 12000.50."),
    "contract.refused": _("%(message)s (%(at)s)"),
    "deal.parked": _("This deal is parked for the platform to look at: %(reason)s"),
    "idempotency.differs": _("This idempotency key was used with another body."),
}


def words_for(error: RuleError) -> str:
    """The sentence for a refusal in the active language."""
    template = str(WORDS.get(error.code, error.code))
    return template % error.context if error.context else template
