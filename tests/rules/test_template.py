"""Standing terms: made, summed up, completed."""

from copy import deepcopy
from datetime import date
from decimal import Decimal

from listings.rules.template import (
    Dates,
    Offer,
    Tier,
    as_terms,
    standard_template,
    summary,
)

TIERS = (Tier(200_000_000, "0.04"), Tier(None, "0.03"))
DATES = Dates(date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30), date(2031, 12, 31))


def document(**changes):
    offer = {"allowance": 50_000_000, "cap": 120_000_000} | changes
    return standard_template(Offer(TIERS, **offer))


def complete(template, dates=DATES):
    return as_terms(template, contract="C-1", version=1, dates=dates, owners=[("U1", 3), ("U2", 1)])


def test_amounts_in_the_document_are_decimal_strings_of_yuan():
    made = document()
    assert made["streams"][0]["free_allowance"] == {"per": "period", "amount": "500000.00"}
    assert made["streams"][0]["tiers"]["rows"] == [
        {"up_to": "2000000.00", "rate": "0.04"},
        {"up_to": None, "rate": "0.03"},
    ]
    assert made["caps"]["lifetime"] == "1200000.00"


def test_the_summary_says_what_the_label_shows():
    said = summary(document(minimum=3_000_000))
    assert (said.rate_first, said.rate_last, said.rate_highest) == (
        Decimal("0.04"),
        Decimal("0.03"),
        Decimal("0.04"),
    )
    assert (said.allowance, said.cap, said.minimum) == (50_000_000, 120_000_000, 3_000_000)


def test_terms_without_limits_say_so():
    said = summary(document(allowance=None, cap=None))
    assert (said.allowance, said.cap, said.has_minimum) == (0, None, False)


def test_terms_without_a_stream_have_no_rate():
    bought_out = document() | {"streams": []}
    assert summary(bought_out).rate_highest == 0


def test_a_deal_adds_its_number_dates_and_owners():
    terms = complete(document())
    assert terms["contract"] == "C-1"
    assert terms["version"] == 1
    assert terms["stages"]["trial"]["to"] == "2026-06-30"
    assert terms["stages"]["trial"]["unconverted_use"] == "paying_rates"
    assert terms["stages"]["paying"] == {"from": "conversion", "to": "2031-12-31"}
    assert terms["owners"] == [{"party": "U1", "weight": 3}, {"party": "U2", "weight": 1}]


def test_completing_leaves_the_template_untouched():
    template = document()
    before = deepcopy(template)
    complete(template)
    assert template == before


def test_a_deal_without_a_trial_has_no_trial_stage():
    terms = complete(document(), Dates(date(2026, 1, 1), None, None, date(2031, 12, 31)))
    assert "trial" not in terms["stages"]
