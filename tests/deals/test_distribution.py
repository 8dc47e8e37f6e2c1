"""Distribution: every fen of an owner's part goes through its policy, exactly, and is booked."""

import json
from collections import Counter
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from deals.models import Deal, Distribution, DistributionPolicy
from deals.rules import files
from deals.rules.faults import Refused
from deals.rules.postings import Account
from deals.services import dossiers, invariants, ledger, policies, statements
from deals.services.policies import PolicyDraft
from deals.services.positions import position
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import reporting, settling
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db

AT = noon("2026-07-01")
DAY = AT.date()


def draft(**changes):
    values = {"steps": settling.STEPS, "effective_from": DAY, "source": "校发〔2025〕12 号"}
    return PolicyDraft(**values | changes)


def parts(receipt):
    found = Counter()
    for row in receipt.distributions.all():
        found[row.recipient] += row.amount_minor
    return dict(found)


@pytest.fixture
def deal(cast):
    settling.make_policy(cast)
    return settling.make_billed_deal(cast)


@pytest.fixture
def receipt(deal, cast):
    found = reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    return found


def test_a_receipt_runs_through_the_policy_to_the_fen(receipt):
    # 44,000.00: 2,000.00 of costs; of 42,000.00 the first 30,000.00 give 21,000 and 3,000, the
    # other 12,000.00 give 6,000 and 2,400; the school keeps 9,600. Inventors share 2:1.
    assert parts(receipt) == {
        "costs": 200_000,
        "inventor:陈敏": 1_800_000,
        "inventor:刘航": 900_000,
        "department": 540_000,
        "university": 960_000,
    }
    assert sum(parts(receipt).values()) == 4_400_000


def test_the_ledger_owes_each_group_its_part(deal, cast, receipt):
    party = cast.university_a.public_id
    balances = ledger.balances(deal)
    assert balances[Account.OWNERS_CLEARING, party] == 0
    assert balances[Account.PAYABLE_INVENTOR, party] == -2_700_000
    assert balances[Account.PAYABLE_DEPARTMENT, party] == -540_000
    assert balances[Account.PAYABLE_UNIVERSITY, party] == -960_000
    assert balances[Account.COST_RECOVERY, party] == -200_000
    assert not dict(invariants.broken(Deal.objects.all()))


def test_a_second_receipt_goes_on_where_the_first_ended(deal, cast, receipt):
    second = reporting.pay(deal, cast, "B-2", 100_000, on="2026-11-03")
    reporting.work_off(noon("2026-11-03"))
    assert parts(second) == {}
    reporting.accept(
        deal, cast, "2026-Q4", [reporting.sale(180_800_000, on="2026-11-20")], at=noon("2027-01-18")
    )
    reporting.work_off(noon("2027-01-18"))
    # The surplus is split when it is used: costs are recovered, the second band is open.
    assert parts(second) == {
        "inventor:陈敏": 33_333,
        "inventor:刘航": 16_667,
        "department": 20_000,
        "university": 30_000,
    }


def test_a_reversal_mirrors_the_rows(deal, cast, receipt):
    row = settling.reverse(receipt, cast, on="2026-11-05")
    reporting.work_off(noon("2026-11-05"))
    assert parts(row) == {name: -amount for name, amount in parts(receipt).items()}
    assert ledger.balances(deal)[Account.PAYABLE_INVENTOR, cast.university_a.public_id] == 0
    assert not dict(invariants.broken(Deal.objects.all()))


def test_without_a_policy_the_owner_keeps_its_part_undistributed(cast):
    deal = settling.make_billed_deal(cast)
    found = reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    assert parts(found) == {}
    assert ledger.balances(deal)[Account.OWNERS_CLEARING, cast.university_a.public_id] == -4_400_000


def test_a_receipt_follows_the_version_of_its_day(deal, cast):
    whole = [{"take": "rest", "weights": {"university": 1}}]
    settling.make_policy(cast, since="2026-11-03", steps=whole)
    before = reporting.pay(deal, cast, "B-1", 1_000_000, on="2026-11-02")
    after = reporting.pay(deal, cast, "B-2", 1_000_000, on="2026-11-03")
    reporting.work_off(noon("2026-11-04"))
    assert parts(after) == {"university": 1_000_000}
    assert sum(parts(before).values()) == 1_000_000
    assert "inventor:陈敏" in parts(before)


def test_the_contract_file_holds_the_policy_with_the_deals_people(deal, cast):
    (version,) = dossiers.contract_file(deal, as_of=noon("2026-10-16").date())["policies"][
        f"policy-{cast.university_a.public_id}"
    ]["versions"]
    assert version["effective_from"] == "2026-07-01"
    assert version["steps"][-1] == {
        "take": "inventors", "weights": {"inventor:陈敏": 2, "inventor:刘航": 1},
    }  # fmt: skip


def test_a_distribution_can_be_neither_changed_nor_deleted(receipt):
    for change in (lambda rows: rows.update(amount_minor=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Distribution.objects.all())


def test_computing_again_adds_no_row(deal, receipt):
    count = Distribution.objects.count()
    statements.compute_deal(deal.pk, at=noon("2026-11-04"))
    assert Distribution.objects.count() == count


def test_a_policy_counts_once_it_is_confirmed(cast):
    row = policies.propose_policy(draft(), by=cast.finance_a, at=AT)
    rows = DistributionPolicy.objects
    assert rows.in_force(cast.university_a, DAY) is None
    policies.confirm_policy(row, by=cast.head_a, at=AT)
    assert rows.in_force(cast.university_a, DAY) == row


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"effective_from": date(2026, 6, 30)}, "policy.past"),
        ({"steps": []}, "policy.empty"),
        ({"source": " "}, "source.missing"),
    ],
)
def test_a_wrong_policy_is_refused(cast, changes, code):
    with pytest.raises(RuleError, match=code.replace(".", r"\.")):
        policies.propose_policy(draft(**changes), by=cast.finance_a, at=AT)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"take": "rest", "weights": {"the dean's cousin": 1}}, "party.unknown"),
        ({"take": "inventors", "weights": {"inventor:陈敏": 1}}, "policy.people"),
        ({"take": "rest"}, "key.missing"),
        ({"take": "top_slice", "to": "university", "share": "1.1"}, "number.range"),
    ],
)
def test_steps_that_cannot_run_are_refused(cast, step, code):
    with pytest.raises(Refused) as refused:
        policies.propose_policy(draft(steps=[step]), by=cast.finance_a, at=AT)
    assert code in [fault.code for fault in refused.value.faults]


def test_whoever_proposed_a_policy_cannot_confirm_it(cast):
    row = policies.propose_policy(draft(), by=cast.finance_a, at=AT)
    DistributionPolicy.objects.filter(pk=row.pk).update(proposed_by=cast.head_a.user)
    with pytest.raises(RuleError, match=r"decider\.is_proposer"):
        policies.confirm_policy(row, by=cast.head_a, at=AT)


def test_a_policy_of_another_university_cannot_be_decided(cast):
    row = policies.propose_policy(draft(), by=cast.finance_a, at=AT)
    with pytest.raises(RuleError, match=r"role\.missing"):
        policies.confirm_policy(row, by=cast.head_b, at=AT)


def test_a_decided_policy_stays(cast):
    row = settling.make_policy(cast)
    with pytest.raises(ConflictError, match=r"policy\.decided"):
        policies.refuse_policy(row, by=cast.head_a, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        DistributionPolicy.objects.update(steps=[])


def test_two_versions_cannot_begin_on_one_day(cast):
    settling.make_policy(cast)
    second = policies.propose_policy(draft(), by=cast.finance_a, at=AT)
    with pytest.raises(ConflictError, match=r"policy\.same_day"):
        policies.confirm_policy(second, by=cast.head_a, at=AT)


def test_no_policy_yet_is_nothing_to_warn_the_company_of(cast):
    deal = reporting.make_paying_deal(cast)
    assert position(deal, on=DAY).warnings == ()


def test_the_command_on_the_contract_file_gives_the_same_parts(deal, receipt):
    file = dossiers.contract_file(deal, as_of=noon("2026-11-02").date())
    (share,) = files.answer(json.loads(json.dumps(file)))["allocations"]
    (given,) = share["waterfalls"].values()
    fen = {name: int(amount.replace(".", "")) for name, amount in given.items()}
    assert fen == parts(receipt)
