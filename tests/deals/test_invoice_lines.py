"""The statement page says what the invoice of an instalment shows of tax."""

import pytest

from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db
TAXED = {"treatment": "taxed", "rate": "0.06", "price": "includes"}
EXEMPT = {"treatment": "exempt_registered", "certificate": "2026-0117"}


@pytest.fixture
def page(sign_in, cast):
    """The page of the statement of a deal with these terms of tax."""

    def shown(tax, language="en"):
        deal = reporting.make_paying_deal(cast, tax=tax)
        lines = [sale(180_800_000, on="2026-08-03")]
        reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
        reporting.work_off(noon("2026-10-16"))
        found = deal.statements.get(period="2026-Q3")
        prefix = "" if language == "zh-hans" else f"/{language}"
        url = f"{prefix}/statements/{found.public_id}/"
        return sign_in(cast.finance_c).get(url).content.decode()

    return shown


def test_tax_inside_the_price_and_what_is_withheld_are_worked_out(page):
    """44,000.00 x 0.06 / 1.06 are 2,490.57; a tenth of the other 41,509.43 is kept back."""
    text = page({"vat": TAXED, "withholding": {"rate": "0.1"}})
    for words in (
        "What the invoice shows",
        "44,000.00 × 6% ÷ (1 + 6%)",
        "2,490.57",
        "44,000.00 − 2,490.57",
        "41,509.43",
        "41,509.43 × 10%",
        "4,150.94",
        "39,849.06",
        "Contract, clause 7.1",
    ):
        assert words in text


def test_tax_on_top_of_the_price_leaves_what_is_payable(page):
    text = page({"vat": {**TAXED, "price": "excludes"}})
    for words in ("44,000.00 × 6%", "2,640.00", "46,640.00", "¥\u00a044,000.00"):
        assert words in text


def test_an_exemption_is_shown_with_its_certificate_in_chinese(page):
    text = page({"vat": EXEMPT, "withholding": None}, "zh-hans")
    for words in ("发票上的金额", "免征增值税", "已登记的合同，证明编号 2026-0117", "不计税"):
        assert words in text


def test_terms_without_tax_have_no_invoice_lines(page):
    assert "What the invoice shows" not in page(None)
