"""The simulator: invented reports through the calculation that makes the bills."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from deals.rules.facts import load
from deals.rules.statement import compute
from listings.rules.simulator import (
    EXCLUDES,
    INCLUDES,
    QUARTERS,
    Guess,
    Invoicing,
    agreed_vat,
    can_simulate,
    contract_file,
    cost_of,
    guessed_sales,
    next_quarter,
    project,
    rate_of_percent,
    rounding_of,
)
from listings.rules.standards import start_named
from listings.rules.template import Offer, Tier, standard_template
from marketplace.base import clock
from tests.listings.factories import TIERS, PublishedFactory, TermsTemplateFactory

START = date(2027, 1, 1)
SAMPLE = standard_template(Offer(TIERS, allowance=50_000_000, cap=120_000_000))


def test_the_designs_sample_costs_190_367_yuan_in_its_first_year():
    projection = project(SAMPLE, Guess(150_000_000, 8), start=START)
    assert projection.first_year == 19_036_672
    assert projection.payments[:2] == (4_000_000, 4_480_000)


def test_the_designs_sample_reaches_its_cap_in_quarter_15_and_stops():
    projection = project(SAMPLE, Guess(150_000_000, 8), start=START)
    assert projection.cap_quarter == 15
    assert projection.totals[14:] == (120_000_000,) * 6
    assert projection.payments[15:] == (0,) * 5


def test_without_sales_nothing_falls_due():
    assert project(SAMPLE, Guess(150_000_000, 8, "none"), start=START).payments == (0,) * QUARTERS


def test_a_yearly_minimum_falls_due_without_sales():
    terms = standard_template(Offer(TIERS, minimum=3_000_000))
    projection = project(terms, Guess(0, 0), start=START)
    assert projection.payments[:4] == (0, 0, 0, 3_000_000)
    assert projection.cap_quarter is None


@pytest.mark.parametrize("start", [date(2027, 4, 1), date(2028, 10, 1)])
def test_the_quarter_of_the_start_changes_no_amount(start):
    guess = Guess(150_000_000, 8)
    assert project(SAMPLE, guess, start=start) == project(SAMPLE, guess, start=START)


def test_scenarios_count_with_a_share_of_the_sales():
    assert guessed_sales(Guess(100_00, 10, "low"))[:2] == (60_00, 66_00)
    assert guessed_sales(Guess(100_00, 10, "high"))[0] == 140_00


def test_growth_is_rounded_once_from_the_exact_power():
    assert guessed_sales(Guess(1_01, 8))[2] == round(Decimal("1.01") * 108 * 108 / 100)


def test_the_same_file_gives_the_same_sum_as_a_bill():
    guess = Guess(333_333_33, 7)
    result = compute(load(contract_file(SAMPLE, guessed_sales(guess), start=START)))
    assert result.totals.payable == project(SAMPLE, guess, start=START).totals[-1]


def test_the_next_quarter_starts_after_the_day():
    assert next_quarter(date(2026, 12, 31)) == date(2027, 1, 1)
    assert next_quarter(date(2027, 1, 1)) == date(2027, 4, 1)


def test_terms_by_unit_cannot_be_simulated_from_one_amount():
    by_unit = SAMPLE | {"streams": [SAMPLE["streams"][0] | {"basis": "units"}]}
    assert can_simulate(SAMPLE)
    assert not can_simulate(by_unit)


# --- on the page --------------------------------------------------------------------------------


@pytest.fixture
def listing(db):
    return PublishedFactory()


def page(client, listing, query=""):
    return client.get(f"/results/{listing.public_id}/{query}").content.decode()


def test_the_page_shows_the_sample_as_an_estimate(client, listing):
    html = page(client, listing)
    assert "190,367" in html
    assert "估算" in html


def test_inputs_stand_in_the_address(client, listing):
    html = page(client, listing, "?revenue=3000000&growth=0&scenario=base")
    # (3,000,000 - 500,000): 4 % of 2,000,000 and 3 % of 500,000, four times.
    assert "380,000" in html
    assert 'value="3000000"' in html


def test_separators_and_wide_digits_are_read(client, listing):
    assert "380,000" in page(client, listing, "?revenue=３,０００，０００&growth=0")


@pytest.mark.parametrize("bad", ["revenue=abc", "growth=9999", "scenario=rosy", "revenue=-1"])
def test_an_input_that_cannot_be_read_is_kept_and_explained(client, listing, bad):
    response = client.get(f"/results/{listing.public_id}/?{bad}")
    assert response.status_code == 200
    assert "field-error" in response.content.decode()


def test_htmx_is_given_the_simulator_alone_and_the_address_of_the_page(client, listing):
    url = f"/results/{listing.public_id}/simulator/?revenue=3000000&growth=0"
    response = client.get(url, headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<section id="simulator"')
    assert response["HX-Push-Url"] == f"/results/{listing.public_id}/?revenue=3000000&growth=0"


def test_the_fragment_explains_an_input_beside_the_answer(client, listing):
    url = f"/results/{listing.public_id}/simulator/?revenue=abc"
    html = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "首季相关收入：填整数元，例如 1500000。" in html


def test_without_htmx_the_fragment_leads_to_the_page(client, listing):
    response = client.get(f"/results/{listing.public_id}/simulator/?growth=3")
    assert response.url == f"/results/{listing.public_id}/?growth=3#simulator"


def test_terms_that_one_figure_cannot_tell_say_so(client, db):
    by_unit = SAMPLE | {"streams": [SAMPLE["streams"][0] | {"basis": "units"}]}
    listing = PublishedFactory(terms_template=TermsTemplateFactory(document=by_unit))
    assert 'name="revenue"' not in page(client, listing)


def test_terms_that_no_deal_could_be_made_from_cost_nobody_the_page(client, db):
    broken = SAMPLE | {"rounding": {"mode": "by feeling", "unit_minor": 1}}
    listing = PublishedFactory(terms_template=TermsTemplateFactory(document=broken))
    assert 'name="revenue"' not in page(client, listing)


def test_every_quarter_stands_in_the_table(client, listing):
    assert page(client, listing).count('<th scope="row">') >= QUARTERS


def test_a_single_rate_needs_no_second_tier():
    flat = standard_template(Offer((Tier(None, "0.05"),)))
    assert project(flat, Guess(100_00, 0), start=START).payments[0] == 5_00


# --- tax, the most, and the file ------------------------------------------------------------------

HALF_UP = rounding_of(SAMPLE)
SIX = rate_of_percent(6)


@pytest.mark.parametrize(
    ("price", "is_special", "expected"),
    [
        # 100.00 and 0.05 by the terms; 6 % on top is 6.00 and 0.00.
        (EXCLUDES, True, (10_005, 600, 10_605, 600)),
        (EXCLUDES, False, (10_005, 600, 10_605, 0)),
        # Inside the price: 100.00 / 1.06 x 0.06 = 5.66, 0.05 holds 0.00.
        (INCLUDES, True, (10_005, 566, 10_005, 566)),
        (INCLUDES, False, (10_005, 566, 10_005, 0)),
    ],
)
def test_the_cost_hangs_on_price_and_invoice(price, is_special, expected):
    cost = cost_of((10_000, 0, 5), Invoicing(SIX, price, is_special), rounding=HALF_UP)
    assert (cost.fee, cost.vat, cost.paid, cost.deducted) == expected
    assert cost.borne == expected[2] - expected[3]


def test_an_exempt_contract_costs_its_fee():
    assert cost_of((10_000,), Invoicing(0, EXCLUDES, True), rounding=HALF_UP).borne == 10_000


def test_the_terms_say_how_they_are_taxed():
    exempt = SAMPLE | {"tax": {"vat": {"treatment": "exempt_registered", "certificate": "K-1"}}}
    taxed = SAMPLE | {"tax": {"vat": {"treatment": "taxed", "rate": "0.06", "price": "includes"}}}
    assert agreed_vat(SAMPLE) is None
    assert agreed_vat(exempt) == ("0", INCLUDES)
    assert agreed_vat(taxed) == ("0.06", INCLUDES)


def test_what_the_terms_state_is_not_asked_for(client, db):
    taxed = SAMPLE | {"tax": {"vat": {"treatment": "taxed", "rate": "0.06", "price": "includes"}}}
    listing = PublishedFactory(terms_template=TermsTemplateFactory(document=taxed))
    html = page(client, listing)
    assert 'name="vat"' not in html
    assert 'name="invoice"' in html


def test_the_most_is_the_cap(client, listing):
    assert project(SAMPLE, Guess(100_00, 0), start=START).most == 120_000_000
    assert "最多付 120\u00a0万元" in page(client, listing)


def test_terms_without_a_cap_say_so(client, db):
    uncapped = standard_template(Offer(TIERS))
    listing = PublishedFactory(terms_template=TermsTemplateFactory(document=uncapped))
    assert "没有上限" in page(client, listing)


def test_agreed_sums_alone_are_simulated_without_sales():
    buy_out = start_named("buy_out").document
    assert can_simulate(buy_out)
    assert project(buy_out, Guess(0, 0), start=START).payments[0] == 50_000_000


def test_the_estimate_agrees_to_the_fen_with_the_command(client, listing, tmp_path, capsys):
    query = "revenue=1234567&growth=7&scenario=high"
    answer = client.get(f"/results/{listing.public_id}/simulator/contract.json?{query}")
    file = tmp_path / "estimate.json"
    file.write_bytes(answer.content)
    call_command("royalty", str(file))
    result = json.loads(capsys.readouterr().out)
    document = listing.terms_template.document
    guess = Guess(123_456_700, 7, "high")
    expected = project(document, guess, start=next_quarter(clock.today()))
    paid = [Decimal(row["payable"]) * 100 for row in result["statements"]]
    assert paid == list(expected.payments)
    assert Decimal(result["totals"]["payable"]) * 100 == expected.totals[-1]


@pytest.mark.parametrize(
    "change",
    [
        {"streams": [SAMPLE["streams"][0] | {"basis": "units"}]},
        {"rounding": {"mode": "by feeling", "unit_minor": 1}},
    ],
)
def test_terms_that_cannot_be_estimated_have_no_file(client, db, change):
    listing = PublishedFactory(terms_template=TermsTemplateFactory(document=SAMPLE | change))
    path = f"/results/{listing.public_id}/simulator/contract.json"
    assert client.get(path).status_code == 404


def test_the_inputs_go_with_the_request_for_a_trial(client, listing):
    html = page(client, listing, "?revenue=3000000&growth=0&vat=0")
    assert "/request/?revenue=3000000&amp;growth=0&amp;scenario=base&amp;vat=0" in html
