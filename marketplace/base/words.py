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
    "reviewer.is_colleague": _("Nobody from the university itself may review its results."),
    "template.name_taken": _("Your university already has terms under this name."),
    "field.unknown": _("This cannot be changed here."),
    "shelf.full": _("Every number of aisle %(aisle)s is given out."),
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
    "listing.no_places": _("All trial places of this result are taken at the moment."),
    "listing.no_template": _("This result has no standing terms yet."),
    "trial.exists": _("Your company already has a running request or trial for this result."),
    "trial.start_past": _("Choose today or a later day."),
    "trial.not_begun": _("The trial has not begun yet."),
    "terms.superseded": _("There is a newer version of the terms. Read that one."),
    "terms.accepted": _("Your side has accepted this version already."),
    "terms.no_trial": _("These terms hold no trial with a first and a last day."),
    "owners.without_licensor": _("The university that offers the result must be an owner."),
    "owners.unknown": _("Every owner must be a verified university of this site."),
    "terms.trial_over": _("The trial of these terms ends in the past. Agree on new days."),
    "terms.over": _("The last day of these terms is past."),
    "signature.given": _("Your side has signed already."),
    "grant.overlaps": _(
        "Kind of licence: a licence that is already in force on this right stands against it."
    ),
    "policy.missing": _("No policy profile is in force on this day."),
    "approver.is_inventor": _("An inventor of this result cannot decide on it."),
    "reason.unknown": _("Choose one of the reasons."),
    "exit.not_declared": _("Declare that the result is no longer used."),
    "exit.use_in_future": _("The last day of use cannot lie ahead."),
    "organisation.not_verified": _("The platform has not verified your organisation yet."),
    "statement.final": _("This statement is final. File a correction of its report instead."),
    "deal.not_parked": _("This deal is not set aside any more."),
    "dispute.open": _("This line is disputed already."),
    "dispute.closed": _("This dispute is resolved already."),
    "dispute.agreed": _("Your side has said so already."),
    "dispute.not_yours": _("Only the side that questioned the line can withdraw it."),
    "dispute.not_corrected": _("No corrected report of this period has been accepted since."),
    "dispute.same_person": _("Another person must speak for the other side."),
    "dispute.line_unknown": _("Choose a line of this statement."),
    "dispute.too_much": _("At most %(most)s of this statement can still be disputed."),
    "report.period_open": _("This period ends on %(end)s; it can be reported from the day after."),
    "report.already_accepted": _("This report is accepted. File a correction as a new revision."),
    "report.line": _("Line %(line)s: %(reason)s"),
    "report.period_unknown": _("This contract has no period %(period)s."),
    "report.awaiting_answer": _("This period's report waits for the university's answer."),
    "report.not_draft": _("This report was submitted already."),
    "report.not_submitted": _("This report does not wait for an answer any more."),
    "report.decider_is_submitter": _("Whoever submitted this report cannot decide on it."),
    "receipt.future": _("A transfer cannot arrive on a day that has not come."),
    "receipt.too_early": _("A transfer cannot arrive before the contract begins (%(begins)s)."),
    "receipt.not_positive": _("The amount must be greater than zero."),
    "receipt.duplicate": _("This bank reference is already recorded with other figures."),
    "receipt.reversed_already": _("This transfer was reversed already."),
    "receipt.is_reversal": _("A reversal cannot be reversed. Record the transfer anew."),
    "receipt.before_original": _("The bank cannot take a transfer back before it arrived."),
    "interest.decided": _("Somebody has decided about this interest already."),
    "interest.moved": _("The figures have changed since. Read the new ones and decide again."),
    "interest.older_first": _("Decide about the older interest of this period first."),
    "amount.not_positive": _("The amount must be greater than zero."),
    "credit.past": _("A credit can be used from today or from a later day."),
    "credit.waiting": _("Another credit of this deal waits for the head of office."),
    "credit.decided": _("This credit was decided already: %(state)s."),
    "decider.is_proposer": _("Whoever proposed this cannot decide on it."),
    "refund.not_agreed": _("The terms do not say that credits are paid back."),
    "refund.too_early": _("Credits are paid back when the paying stage is over."),
    "refund.too_large": _("That is more than is left of the credits."),
    "rate.series": _("Name a known series, such as LPR1Y or USD/CNY."),
    "rate.value": _("This is no possible value of the series."),
    "rate.future": _("A rate cannot be recorded before its day."),
    "source.missing": _("Name the source."),
    "policy.past": _("A policy takes effect today or on a later day."),
    "policy.empty": _("A policy needs at least one step."),
    "policy.waiting": _("Another version waits for the head of office."),
    "policy.decided": _("This version was decided already: %(state)s."),
    "policy.same_day": _("Another version begins on that day."),
    "file.too_large": _("The file is larger than %(limit)s MB."),
    "file.too_many_rows": _("The file has more than %(limit)s rows. Split it."),
    "file.empty": _("The file has no row below its header."),
    "header.twice": _("The header names column %(name)s twice."),
    "column.missing": _("The file lacks these columns: %(columns)s."),
    "encoding.binary": _("This is not a text file. Give a CSV file."),
    "encoding.ask": _("Line %(line)s is neither UTF-8 nor Chinese GB18030."),
    "encoding.wrong": _("Line %(line)s is not %(name)s."),
    "amount.invalid": _("Write an amount like 12000 or 12000.50."),
    "deal.parked": _("This deal is parked for the platform to look at: %(reason)s"),
    "rehearsal.past": _(
        "The date of a rehearsal only runs forward from %(today)s. Start over to go back."
    ),
    "rehearsal.too_early": _("It can begin on %(first)s at the earliest."),
    "rehearsal.too_far": _("A rehearsal reaches as far as %(last)s."),
    "rehearsal.too_large": _("The reports are too long for a rehearsal."),
    "rehearsal.too_many": _(
        "You keep %(most)s rehearsals already. Delete one that you no longer need."
    ),
    "rehearsal.no_terms": _(
        "No terms were proposed yet. Rehearse the standing terms of the result instead."
    ),
    "rehearsal.not_owner": _(
        "Only whoever began this rehearsal can play it. Make a copy of your own."
    ),
    "rehearsal.moved": _("This rehearsal moved on in another window. Look where it stands now."),
    "platform.exists": _("This installation has a platform already."),
    "idempotency.too_long": _("An idempotency key has at most 100 characters."),
    "idempotency.differs": _("This idempotency key was used with another body."),
}

# The states of every machine (rules/states of listings and deals): one code, one word everywhere.
STATES: Mapping[str, str | Promise] = {
    "draft": _("Draft"),
    "office_review": _("Office review"),
    "to_correct": _("To correct"),
    "platform_review": _("Platform review"),
    "published": _("On shelf"),
    "hidden": _("Hidden"),
    "frozen": _("Frozen"),
    "withdrawn": _("Withdrawn"),
    "requested": _("Requested"),
    "in_talks": _("In talks"),
    "terms_accepted": _("Terms accepted"),
    "awaiting_university": _("Awaiting the university"),
    "notice_running": _("Notice running"),
    "notice_paused": _("Notice paused"),
    "awaiting_platform": _("Awaiting the platform"),
    "ready_to_sign": _("Ready to sign"),
    "in_trial": _("On trial"),
    "extended": _("Extended"),
    "awaiting_decision": _("Awaiting decision"),
    "paying": _("Paying"),
    "settled": _("Settled"),
    "exited": _("Exited"),
    "refused": _("Refused"),
    "expired": _("Expired"),
    "breached": _("Breached"),
    "terminated": _("Terminated"),
    "submitted": _("Submitted"),
    "questioned": _("Questioned"),
    "accepted": _("Accepted"),
    "superseded": _("Superseded"),
    "due": _("Not due yet"),
    "overdue_report": _("Report overdue"),
    "paid": _("Paid"),
    "part_paid": _("Part paid"),
    "overdue": _("Overdue"),
    "payment_due": _("Payment due"),
    "issued": _("Issued"),
    "proposed": _("To decide"),
    "confirmed": _("Confirmed"),
    "reversed": _("Reversed"),
    "reversal": _("Reversal"),
    "charged": _("Charged"),
    "waived": _("Waived"),
    "accruing": _("Accruing"),
    "final": _("Final"),
    "disputed": _("Disputed"),
    "corrected": _("Put right"),
}


def state_word(state: str) -> str:
    """The word of a state in the active language; an unknown one stays its code."""
    return str(STATES.get(state, state))


def words_for(error: RuleError) -> str:
    """The sentence for a refusal in the active language."""
    template = str(WORDS.get(error.code, error.code))
    context = dict(error.context)
    if "state" in context:
        context["state"] = state_word(str(context["state"]))
    return template % context if context else template
