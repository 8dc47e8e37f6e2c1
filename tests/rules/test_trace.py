"""A stranger recomputes statements from their lines alone."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from deals.rules.facts import Refused
from deals.rules.terms import CLAUSES
from tests.rules import strategies
from tests.rules.contracts import contract, report, results, stream, terms

SETTINGS = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def lines(document):
    return [row for one in results(document)["statements"] for row in one["lines"]]


def share(text):
    return Fraction(text) if "/" in text else Fraction(Decimal(text))


@SETTINGS
@given(strategies.contracts())
def test_a_tier_line_can_be_recomputed_with_a_pocket_calculator(document):
    unit = document["terms"][0]["rounding"]["unit_minor"]
    found = [row for row in lines(document) if row["code"] == "earned.tier"]
    assume(found)
    for row in found:
        given_ = row["inputs"]
        flat = share(given_.get("flat", "0"))
        if "start" in given_:
            slice_ = share(given_["to"]) - share(given_["start"])
            value = slice_ * share(given_["rate"]) * share(given_.get("factor", "1")) + flat
        else:
            value = share(given_["charged"]) * share(given_["rate"]) + flat
            value += share(given_.get("kept", "0")) - share(given_["before"])
        assert abs(value - share(row["amount"])) <= Fraction(unit + 1, 100)


@SETTINGS
@given(strategies.whole_lives())
def test_every_line_has_its_stage_its_formula_its_version_and_plain_texts(document):
    try:
        found = lines(document)
    except Refused:
        assume(False)
    for row in found:
        assert row["stage"][0] == "S"
        assert row["formula"]
        assert row["terms_version"] in (1, 2)
        assert all(isinstance(value, str) for value in row["inputs"].values())
        assert row["inputs"].get("clause", "1.1") in CLAUSES.values()


def test_clauses_are_not_shared():
    assert len(set(CLAUSES.values())) == len(CLAUSES)


def test_lines_of_one_code_are_told_apart():
    two = [{"up_to": "100.00", "rate": "0.1"}, {"up_to": None, "rate": "0.2"}]
    made = terms(streams=[stream(two), stream(two, key="service")])
    sold = report("2026-Q1", ["300.00", {"gross": "400.00", "stream": "service"}])
    found = lines(contract([made], [sold]))
    keys = [(row["code"], row["inputs"].get("line")) for row in found]
    assert len(set(keys)) == len(keys)


def test_a_correction_names_what_it_corrects():
    reports = [report("2026-Q1", ["300.00"]), report("2026-Q1", ["200.00"], "2026-05-01", 2)]
    found = [row for row in lines(contract([terms()], reports)) if row["corrects"]]
    assert [(row["code"], row["corrects"], row["amount"]) for row in found] == [
        (
            "correction.earned",
            {"period": "2026-Q1", "code": "earned", "key": "product"},
            "-5.00",
        )
    ]


def test_a_foreign_sum_shows_what_was_reported_and_its_rate():
    sold = {"currency": "USD", "gross": "0.33"}
    made = contract(
        [terms()],
        [report("2026-Q1", [sold, sold, {"currency": "JPY", "gross": "1000"}, "5.00"])],
        rates={"USD/CNY": [["2026-03-31", "7.1111"]], "JPY/CNY": [["2026-03-31", "0.048"]]},
    )
    gross = next(row for row in lines(made) if row["code"] == "gross")
    assert gross["amount"] == "57.69"
    assert gross["inputs"]["converted"] == "1000 JPY * 0.048 + 0.66 USD * 7.1111"


def test_a_sum_in_the_contract_currency_shows_no_conversion():
    found = lines(contract([terms()], [report("2026-Q1", ["300.00"])]))
    assert all("converted" not in row["inputs"] for row in found)
