"""Addresses of the deal API."""

from django.urls import path

from deals.api import disputes, finance, money, steps, views

DEAL = "deals/<slug:public_id>/"
REPORT = "reports/<slug:public_id>/"

patterns = [
    path("listings/<slug:public_id>/request/", steps.RequestTrial.as_view(), name="api_request"),
    path("deals/", views.DealListView.as_view(), name="api_deals"),
    path(DEAL, views.DealView.as_view(), name="api_deal"),
    path(f"{DEAL}contract/", views.ContractFileView.as_view(), name="api_contract"),
    path(f"{DEAL}terms/", views.TermsListView.as_view(), name="api_terms"),
    path(f"{DEAL}propose/", steps.Propose.as_view(), name="api_propose"),
    path(f"{DEAL}accept/", steps.Accept.as_view(), name="api_accept"),
    path(f"{DEAL}approve/", steps.Approve.as_view(), name="api_approve"),
    path(f"{DEAL}send-back/", steps.SendBack.as_view(), name="api_send_back"),
    path(f"{DEAL}refuse/", steps.Refuse.as_view(), name="api_refuse"),
    path(f"{DEAL}decline/", steps.Decline.as_view(), name="api_decline"),
    path(f"{DEAL}withdraw/", steps.Withdraw.as_view(), name="api_withdraw"),
    path(f"{DEAL}sign/", steps.Sign.as_view(), name="api_sign"),
    path(f"{DEAL}convert/", steps.Convert.as_view(), name="api_convert"),
    path(f"{DEAL}exit/", steps.Exit.as_view(), name="api_exit"),
    path(f"{DEAL}reports/", views.ReportListView.as_view(), name="api_reports"),
    path(f"{DEAL}preview/", money.Preview.as_view(), name="api_preview"),
    path(f"{DEAL}report/", money.File.as_view(), name="api_report"),
    path(f"{DEAL}statements/", views.StatementListView.as_view(), name="api_statements"),
    path(f"{DEAL}receipts/", views.ReceiptListView.as_view(), name="api_receipts"),
    path(f"{DEAL}receipt/", money.RecordReceipt.as_view(), name="api_receipt"),
    path(
        "reports/<slug:public_id>/accept/", money.AcceptReport.as_view(), name="api_accept_report"
    ),
    path(
        "reports/<slug:public_id>/question/",
        money.QuestionReport.as_view(),
        name="api_question_report",
    ),
    path("statements/<slug:public_id>/", views.StatementView.as_view(), name="api_statement"),
    path(
        "statements/<slug:public_id>/disputes/",
        disputes.DisputeListView.as_view(),
        name="api_disputes",
    ),
    path(
        "statements/<slug:public_id>/dispute/",
        disputes.OpenDispute.as_view(),
        name="api_dispute",
    ),
    path(
        "disputes/<slug:public_id>/withdraw/",
        disputes.WithdrawDispute.as_view(),
        name="api_withdraw_dispute",
    ),
    path(
        "disputes/<slug:public_id>/agree/",
        disputes.AgreeCorrection.as_view(),
        name="api_agree_correction",
    ),
    path(f"{DEAL}interest/", finance.InterestListView.as_view(), name="api_interest"),
    path(f"{DEAL}credits/", finance.CreditListView.as_view(), name="api_credits"),
    path(f"{DEAL}credit/", finance.ProposeCredit.as_view(), name="api_credit"),
    path(f"{DEAL}distributions/", finance.DistributionListView.as_view(), name="api_distributions"),
    path(
        "interest/<slug:public_id>/charge/",
        finance.ChargeInterest.as_view(),
        name="api_charge_interest",
    ),
    path(
        "interest/<slug:public_id>/waive/",
        finance.WaiveInterest.as_view(),
        name="api_waive_interest",
    ),
    path(
        "receipts/<slug:public_id>/reverse/",
        finance.ReverseReceipt.as_view(),
        name="api_reverse_receipt",
    ),
    path(
        "credits/<slug:public_id>/confirm/",
        finance.ConfirmCredit.as_view(),
        name="api_confirm_credit",
    ),
    path(
        "credits/<slug:public_id>/refuse/",
        finance.RefuseCredit.as_view(),
        name="api_refuse_credit",
    ),
]
