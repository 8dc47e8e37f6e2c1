"""Addresses of the deal pages and of the deal API."""

from django.urls import URLPattern, URLResolver, path

from deals.api import routes
from deals.views import (
    answers,
    bills,
    desk,
    exports,
    licensee,
    licensor,
    parties,
    reporting,
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
    path(f"{DEAL}decline/", licensor.decline, name="deal_decline"),
    path(f"{DEAL}accept/", parties.accept, name="deal_accept"),
    path(f"{DEAL}sign/", parties.sign, name="deal_sign"),
    path(f"{DEAL}withdraw/", licensee.withdraw, name="deal_withdraw"),
    path(f"{DEAL}convert/", licensee.convert, name="deal_convert"),
    path(f"{DEAL}exit/", licensee.leave, name="deal_exit"),
    path("reviews/deals/", desk.approvals, name="approvals"),
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
    path("receipts/", takings.receipts, name="receipts"),
    path(f"{DEAL}receipts/new/", takings.receipt_new, name="receipt_new"),
    path(f"{DEAL}instalments.csv", exports.instalments, name="deal_instalments"),
]

urlpatterns = [*deal_patterns, *money_patterns]
api_patterns: list[URLPattern | URLResolver] = [*routes.patterns]
