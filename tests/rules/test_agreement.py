"""What a hash covers, which licences overlap, how two documents differ, how a proposal is made."""

from datetime import date

import pytest

from deals.rules.agreement import Grant, digest, overlaps
from deals.rules.changes import clause_of, deviations, differences
from listings.rules.template import Dates, Offer, Tier, as_terms, standard_template

TIERS = (Tier(200_000_000, "0.04"), Tier(None, "0.03"))
OFFER = Offer(TIERS, allowance=50_000_000, cap=120_000_000)
GRANT = Grant("non_exclusive", "制造", "电池", "中国内地")
DATES = Dates(date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30), date(2031, 12, 31))


def complete(document, dates=DATES):
    return as_terms(document, contract="C-1", version=1, dates=dates, owners=[("U1", 1)])


@pytest.mark.parametrize(
    ("kind", "live", "expected"),
    [
        ("exclusive", [], False),
        ("non_exclusive", ["non_exclusive"], False),
        ("non_exclusive", ["non_exclusive", "exclusive"], True),
        ("non_exclusive", ["sole"], True),
        ("sole", ["non_exclusive"], True),
        ("exclusive", ["non_exclusive"], True),
    ],
)
def test_only_ordinary_licences_stand_side_by_side(kind, live, expected):
    assert overlaps(kind, live) is expected


def test_any_change_changes_the_hash():
    document = complete(standard_template(OFFER))
    people = [{"name": "陈敏", "weight": 1}]
    hashes = {
        digest(document, GRANT, people),
        digest(document | {"min_payable": "1.00"}, GRANT, people),
        digest(document, Grant("sole", "制造", "电池", "中国内地"), people),
        digest(document, GRANT, [{"name": "陈敏", "weight": 2}]),
    }
    assert len(hashes) == 4


def test_equal_documents_have_no_differences():
    document = standard_template(OFFER)
    assert differences(document, standard_template(OFFER)) == ()


def test_a_difference_names_its_leaf_and_its_clause():
    dearer = Offer((Tier(200_000_000, "0.05"), Tier(None, "0.03")), allowance=50_000_000)
    found = differences(standard_template(OFFER), standard_template(dearer))
    assert [(change.path, change.clause) for change in found] == [
        ("caps", "5.5"),
        ("streams[0].tiers.rows[0].rate", "4.7"),
    ]
    assert (found[-1].before, found[-1].after) == ("0.04", "0.05")


def test_a_row_that_is_added_is_a_difference_from_nothing():
    one = Offer((Tier(None, "0.03"),))
    found = differences(
        standard_template(one)["streams"][0]["tiers"],
        standard_template(Offer(TIERS))["streams"][0]["tiers"],
    )
    assert [(change.path, change.before) for change in found][-1] == ("rows[1]", None)


@pytest.mark.parametrize(
    ("path", "clause"),
    [
        ("streams[0].tiers.rows[1].rate", "4.7"),
        ("stages.trial.from", "2.1"),
        ("stages.trial.unconverted_use", "2.3"),
        ("nothing.known", ""),
    ],
)
def test_the_clause_of_a_path_is_that_of_its_longest_known_start(path, clause):
    assert clause_of(path) == clause


def test_a_deals_own_number_parties_and_days_are_no_deviation():
    template = standard_template(OFFER)
    assert deviations(template, complete(template), trial_months=6) == ()


def test_a_longer_trial_is_a_deviation():
    template = standard_template(OFFER)
    longer = Dates(date(2026, 1, 1), date(2026, 1, 1), date(2026, 9, 30), date(2031, 12, 31))
    (found,) = deviations(template, complete(template, longer), trial_months=6)
    assert (found.path, found.before, found.after) == ("stages.trial", "2026-06-30", "2026-09-30")


def test_a_lower_cap_is_a_deviation():
    template = standard_template(OFFER)
    document = complete(standard_template(Offer(TIERS, allowance=50_000_000, cap=100_000_000)))
    (found,) = deviations(template, document, trial_months=6)
    assert (found.path, found.after) == ("caps.lifetime", "1000000.00")
