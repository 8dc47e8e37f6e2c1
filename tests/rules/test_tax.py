"""Tax on what an instalment asks for: the lines of its invoice and what is withheld."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deals.rules.facts import Refused, load
from deals.rules.money import MODES, Rounding
from deals.rules.statement import compute, to_document
from deals.rules.tax import invoice_of
from deals.rules.terms import validate
from deals.rules.terms.taxes import Tax, Vat
from tests.rules.contracts import contract, report, results, terms

SIX = {"treatment": "taxed", "rate": "0.06"}


def tax_lines(tax, gross=("2000.00",), **changes):
    made = terms(tax=tax, **changes)
    found = results(contract([made], [report("2026-Q1", list(gross))]))["statements"][0]["lines"]
    return {row["code"]: row for row in found if row["code"].startswith("tax.")}


def amounts(tax, **changes):
    return {code: row["amount"] for code, row in tax_lines(tax, **changes).items()}


def test_tax_inside_the_amount_comes_out_of_it():
    """100.00 x 0.06 / 1.06 is 5.66 and a bit."""
    assert amounts({"vat": {**SIX, "price": "includes"}}) == {
        "tax.vat": "5.66",
        "tax.price": "94.34",
        "tax.total": "100.00",
    }


def test_tax_on_top_is_added_to_it():
    assert amounts({"vat": {**SIX, "price": "excludes"}}) == {
        "tax.vat": "6.00",
        "tax.price": "100.00",
        "tax.total": "106.00",
    }


def test_what_is_withheld_counts_on_the_price_without_tax():
    """A tenth of 94.34 is 9.434."""
    found = amounts({"vat": {**SIX, "price": "includes"}, "withholding": {"rate": "0.1"}})
    assert (found["tax.withheld"], found["tax.transfer"]) == ("9.43", "90.57")


def test_withholding_alone_counts_on_the_whole_amount():
    assert amounts({"withholding": {"rate": "0.1"}}) == {
        "tax.withheld": "10.00",
        "tax.transfer": "90.00",
    }


def test_an_exemption_names_its_certificate():
    found = tax_lines({"vat": {"treatment": "exempt_registered", "certificate": "2026-0117"}})
    assert found["tax.exempt"]["inputs"]["certificate"] == "2026-0117"
    assert list(found) == ["tax.exempt"]


def test_tax_changes_no_figure_of_the_statement():
    plain = results(contract([terms()], [report("2026-Q1", ["2000.00"])]))
    made = terms(tax={"vat": {**SIX, "price": "excludes"}, "withholding": {"rate": "0.1"}})
    taxed = results(contract([made], [report("2026-Q1", ["2000.00"])]))
    for found in (plain, taxed):
        found["statements"][0].pop("lines")
    assert taxed == plain


def test_each_instalment_has_its_own_invoice():
    made = terms(
        tax={"vat": {**SIX, "price": "excludes"}},
        fixed=[{"key": "entry", "amount": "50.00", "on": "2026-01-10", "due_days": 5}],
    )
    found = results(contract([made], [report("2026-Q1", ["2000.00"])]))["statements"][0]["lines"]
    taxed = [(row["inputs"]["due"], row["amount"]) for row in found if row["code"] == "tax.vat"]
    assert taxed == [("2026-01-15", "3.00"), ("2026-05-10", "6.00")]


def test_a_statement_without_an_instalment_has_no_invoice():
    assert amounts({"vat": {**SIX, "price": "excludes"}}, gross=()) == {}


def test_tax_lines_are_rounded_as_the_terms_say():
    up = {"mode": "up", "unit_minor": 10}
    found = tax_lines({"vat": {**SIX, "price": "includes"}}, rounding=up)
    assert found["tax.vat"]["amount"] == "5.70"
    assert found["tax.vat"]["inputs"]["rounding"] == "up/10"


def test_a_tax_line_can_be_recomputed_from_its_inputs():
    found = tax_lines({"vat": {**SIX, "price": "includes"}, "withholding": {"rate": "0.1"}})
    assert {code: row["formula"] for code, row in found.items()} == {
        "tax.vat": "asked * rate / (1 + rate)",
        "tax.price": "asked - vat",
        "tax.total": "price + vat",
        "tax.withheld": "price * rate",
        "tax.transfer": "total - withheld",
    }
    assert {row["stage"] for row in found.values()} == {"S13"}
    assert found["tax.vat"]["inputs"]["asked"] == "100.00"
    assert found["tax.transfer"]["inputs"]["clause"] == "7.2"


def faults(tax):
    with pytest.raises(Refused) as refusal:
        load(contract([terms(tax=tax)]))
    return [(fault.code, fault.where) for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("tax", "code", "where"),
    [
        ({"vat": {"treatment": "exempt"}}, "tax.certificate", "vat.certificate"),
        (
            {"vat": {"treatment": "exempt", "certificate": "1", "rate": "0.06"}},
            "tax.exempt_rate",
            "vat.rate",
        ),
        ({"vat": SIX}, "key.missing", "vat.price"),
        ({"vat": {}}, "key.missing", "vat.treatment"),
        ({"vat": {**SIX, "price": "both"}}, "choice.unknown", "vat.price"),
        ({"vat": {**SIX, "price": "includes", "kind": "x"}}, "key.unknown", "vat.kind"),
        ({"withholding": {}}, "key.missing", "withholding.rate"),
        ({"withholding": {"rate": "1.1"}}, "number.range", "withholding.rate"),
        ({"withholding": {"rate": "0.1", "of": "x"}}, "key.unknown", "withholding.of"),
        ({"levy": {}}, "key.unknown", "levy"),
    ],
)
def test_tax_terms_that_leave_something_open_are_refused(tax, code, where):
    assert faults(tax) == [(code, f"terms[0].tax.{where}")]


def test_no_tax_and_no_withholding_may_be_said_with_null():
    assert load(contract([terms(tax={"vat": None, "withholding": None})])).terms[0].tax


def test_taxed_without_a_rate_is_warned_of():
    _, _, cautions = validate(terms(tax={"vat": {"treatment": "taxed", "price": "includes"}}))
    assert [(found.code, found.where) for found in cautions] == [("tax.rate_missing", "tax.vat")]


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 10**12),
    st.integers(0, 10**10),
    st.integers(0, 10**10),
    st.sampled_from(["includes", "excludes"]),
    st.builds(Rounding, st.sampled_from(MODES), st.sampled_from([1, 10, 100])),
)
def test_an_invoice_always_adds_up(amount, rate, kept, price, rounding):
    found = invoice_of(amount, Tax(Vat("taxed", "", price, rate), kept), rounding)
    assert found.total == found.price + found.vat
    assert found.transfer + found.withheld == found.total
    assert 0 <= found.withheld <= found.price
    assert (found.total if price == "includes" else found.price) == amount


def test_a_corrected_instalment_has_the_tax_of_its_sum():
    made = terms(tax={"vat": {**SIX, "price": "excludes"}})
    again = report("2026-Q1", ["4000.00"], "2026-05-20", 2)
    result = compute(load(contract([made], [report("2026-Q1", ["2000.00"]), again])))
    found = to_document(result)["statements"]
    taxed = [row["amount"] for one in found for row in one["lines"] if row["code"] == "tax.vat"]
    assert taxed == ["6.00", "6.00"]
