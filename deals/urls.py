"""Addresses of the deal pages and of the deal API."""

from django.urls import URLPattern, URLResolver, path

from deals.api import routes
from deals.views import (
    answers,
    bills,
    desk,
    disputes,
    exports,
    licensee,
    licensor,
    parking,
    parties,
    rehearsal_reports,
    rehearsal_statements,
    rehearsals,
    reporting,
    standing,
    takings,
    work,
    workspace,
)

DEAL = "deals/<slug:public_id>/"

deal_patterns: list[URLPattern | URLResolver] = [
    path("work/", work.my_work, name="my_work"),
    path("results/<slug:public_id>/request/", licensee.trial_request, name="trial_request"),
    path("deals/", workspace.deals, name="deals"),
    path(DEAL, workspace.deal, name="deal"),
    path(f"{DEAL}history/", workspace.history, name="deal_history"),
    path(f"{DEAL}terms/new/", licensor.propose, name="deal_propose"),
    path(f"{DEAL}terms/check/", licensor.propose_check, name="deal_propose_check"),
    path(f"{DEAL}decline/", licensor.decline, name="deal_decline"),
    path(f"{DEAL}accept/", parties.accept, name="deal_accept"),
    path(f"{DEAL}sign/", parties.sign, name="deal_sign"),
    path(f"{DEAL}withdraw/", licensee.withdraw, name="deal_withdraw"),
    path(f"{DEAL}convert/", licensee.convert, name="deal_convert"),
    path(f"{DEAL}exit/", licensee.leave, name="deal_exit"),
    path("desk/terms/new/", standing.terms_template_new, name="terms_template_new"),
    path("desk/terms/check/", standing.terms_template_check, name="terms_template_check"),
    path("reviews/deals/", desk.approvals, name="approvals"),
    path("parked/", parking.parked_deals, name="parked_deals"),
    path("parked/<slug:public_id>/compute/", parking.parked_compute, name="parked_compute"),
    path("reviews/deals/<slug:public_id>/", desk.approval, name="approval"),
]
REPORTS = f"{DEAL}reports/<slug:period>/"

money_patterns: list[URLPattern | URLResolver] = [
    path(REPORTS, reporting.report_form, name="report_form"),
    path(f"{REPORTS}upload/", reporting.report_upload, name="report_upload"),
    path(f"{REPORTS}check/", reporting.report_check, name="report_check"),
    path("reports/", answers.report_inbox, name="report_inbox"),
    path("reports/<slug:public_id>/", answers.report, name="report"),
    path("reports/<slug:public_id>/accept/", answers.report_accept, name="report_accept"),
    path("reports/<slug:public_id>/question/", answers.report_question, name="report_question"),
    path("statements/<slug:public_id>/", bills.statement, name="statement"),
    path(
        "statements/<slug:public_id>/contract.json",
        bills.statement_contract,
        name="statement_contract",
    ),
    path("statements/<slug:public_id>/dispute/", disputes.dispute_new, name="dispute_new"),
    path("disputes/<slug:public_id>/withdraw/", disputes.dispute_withdraw, name="dispute_withdraw"),
    path("disputes/<slug:public_id>/agree/", disputes.dispute_agree, name="dispute_agree"),
    path("receipts/", takings.receipts, name="receipts"),
    path(f"{DEAL}receipts/new/", takings.receipt_new, name="receipt_new"),
    path(f"{DEAL}instalments.csv", exports.instalments, name="deal_instalments"),
]

REHEARSAL = "rehearsals/<slug:public_id>/"

rehearsal_patterns: list[URLPattern | URLResolver] = [
    path("rehearsals/", rehearsals.rehearsal_list, name="rehearsals"),
    path(f"{DEAL}rehearse/", rehearsals.rehearse_deal, name="rehearse_deal"),
    path(
        "results/<slug:public_id>/rehearse/", rehearsals.rehearse_listing, name="rehearse_listing"
    ),
    path(REHEARSAL, rehearsals.rehearsal, name="rehearsal"),
    path(f"{REHEARSAL}contract.json", rehearsals.rehearsal_contract, name="rehearsal_contract"),
    path(f"{REHEARSAL}copy/", rehearsals.rehearsal_copy, name="rehearsal_copy"),
    path(f"{REHEARSAL}delete/", rehearsals.rehearsal_delete, name="rehearsal_delete"),
    path(
        f"{REHEARSAL}reports/<slug:period>/",
        rehearsal_reports.rehearsal_report,
        name="rehearsal_report",
    ),
    path(
        f"{REHEARSAL}statements/<slug:period>/",
        rehearsal_statements.rehearsal_statement,
        name="rehearsal_statement",
    ),
    path(f"{REHEARSAL}<slug:step>/", rehearsals.rehearsal_step, name="rehearsal_step"),
]

urlpatterns = [*deal_patterns, *money_patterns, *rehearsal_patterns]
api_patterns: list[URLPattern | URLResolver] = [*routes.patterns]
