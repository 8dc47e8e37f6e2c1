"""Addresses of the deal pages and of the deal API."""

from django.urls import URLPattern, URLResolver, path

from deals.api import routes
from deals.views import (
    answers,
    bank_files,
    bills,
    credits,
    desk,
    disputes,
    distribution,
    exports,
    lateness,
    licensee,
    licensor,
    papers,
    parking,
    parties,
    policies,
    rates,
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
    path("statements/<slug:public_id>/statement.pdf", papers.statement_pdf, name="statement_pdf"),
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

finance_patterns: list[URLPattern | URLResolver] = [
    path("receipts/upload/", bank_files.receipts_upload, name="receipts_upload"),
    path("receipts/<slug:public_id>/reverse/", takings.receipt_reverse, name="receipt_reverse"),
    path("receipts/<slug:public_id>/split/", distribution.receipt_split, name="receipt_split"),
    path(f"{DEAL}interest/", lateness.deal_interest, name="deal_interest"),
    path("interest/<slug:public_id>/charge/", lateness.interest_charge, name="interest_charge"),
    path("interest/<slug:public_id>/waive/", lateness.interest_waive, name="interest_waive"),
    path(f"{DEAL}credits/", credits.deal_credits, name="deal_credits"),
    path(f"{DEAL}credits/new/", credits.credit_new, name="credit_new"),
    path(f"{DEAL}credits/refund/", credits.credit_refund, name="credit_refund"),
    path("credits/<slug:public_id>/confirm/", credits.credit_confirm, name="credit_confirm"),
    path("credits/<slug:public_id>/refuse/", credits.credit_refuse, name="credit_refuse"),
    path("rates/", rates.rates, name="rates"),
    path("rates/new/", rates.rate_new, name="rate_new"),
    path("rates/upload/", rates.rates_upload, name="rates_upload"),
    path("distributions/", distribution.distributions, name="distributions"),
    path("distributions.csv", distribution.distributions_file, name="distributions_file"),
    path("income/", distribution.income, name="income"),
    path("policies/", policies.policies, name="policies"),
    path("policies/new/", policies.policy_new, name="policy_new"),
    path("policies/<slug:public_id>/confirm/", policies.policy_confirm, name="policy_confirm"),
    path("policies/<slug:public_id>/refuse/", policies.policy_refuse, name="policy_refuse"),
]

urlpatterns = [*deal_patterns, *money_patterns, *finance_patterns, *rehearsal_patterns]
api_patterns: list[URLPattern | URLResolver] = [*routes.patterns]
