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
    "sign_in.missing": _("Sign in first."),
    "kind.closed": _("Only a university or a company can be registered."),
    "verifier.is_registrant": _("Whoever registered or belongs to it cannot verify it."),
    "roles.none": _("Choose at least one role."),
    "roles.unknown": _("This kind of organisation has no such role."),
    "roles.stand_alone": _("An auditor or administrator holds no other role beside it."),
    "roles.own": _("Platform staff cannot change their own roles. Ask another administrator."),
    "members.last_manager": _("Somebody must remain who can manage members."),
    "membership.ended": _("This membership has ended already."),
    "invitation.is_member": _("This address belongs to a member already."),
    "invitation.closed": _("This invitation was accepted or withdrawn already."),
    "token.days": _("A key must expire within 1 to 366 days."),
    "token.name_taken": _("You already have a key of this name. Revoke it or choose another."),
    "token.revoked": _("This key was revoked already."),
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
