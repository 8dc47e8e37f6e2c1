"""Granted credits: proposed by finance, confirmed by the head of office, then known to all."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from deals.models import CreditGrant, Deal
from deals.rules.postings import Account
from deals.services import credits, dossiers, invariants, ledger
from deals.services.credits import Grant
from deals.services.positions import position
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import reporting, settling
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

AT = noon("2026-10-01")


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


def propose(deal, cast, *, by=None, **changes):
    values = {"amount_minor": 1_000_000, "usable_from_date": AT.date(), "reason": "prepaid"}
    return credits.propose_credit(
        deal, grant=Grant(**values | changes), by=by or cast.finance_a, at=AT
    )


def granted(deal, cast):
    return credits.confirm_credit(propose(deal, cast), by=cast.head_a, at=AT)


def bill(deal, cast):
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
    reporting.work_off(noon("2026-10-16"))


def test_a_proposed_credit_pays_nothing(deal, cast):
    propose(deal, cast)
    bill(deal, cast)
    assert deal.statements.get().payable_minor == 4_400_000


def test_a_granted_credit_pays_the_next_statement(deal, cast):
    granted(deal, cast)
    bill(deal, cast)
    row = deal.statements.get()
    assert (row.credits_minor, row.payable_minor) == (1_000_000, 3_400_000)
    assert not dict(invariants.broken(Deal.objects.all()))


def test_the_record_says_where_a_credit_was_used(deal, cast):
    granted(deal, cast)
    bill(deal, cast)
    (found,) = position(deal, on=noon("2026-10-16").date()).credits
    (use,) = found.uses
    assert (found.kind, found.key, found.amount, found.left) == (
        "granted", "granted-001", 1_000_000, 0,
    )  # fmt: skip
    assert (use.period.name, use.amount) == ("2026-Q3", 1_000_000)


def test_the_grant_is_a_fact_of_the_contract_file(deal, cast):
    granted(deal, cast)
    assert dossiers.contract_file(deal, as_of=AT.date())["credits"] == [
        {"key": "granted-001", "date": "2026-10-01", "amount": "10000.00"}
    ]


def test_a_refused_credit_is_no_fact(deal, cast):
    row = credits.refuse_credit(propose(deal, cast), by=cast.head_a, at=AT)
    assert row.state == "refused"
    assert not deal.facts.filter(kind="credit").exists()


@pytest.mark.parametrize("verb", [credits.confirm_credit, credits.refuse_credit])
def test_a_credit_is_decided_once(deal, cast, verb):
    row = propose(deal, cast)
    credits.confirm_credit(row, by=cast.head_a, at=AT)
    with pytest.raises(ConflictError, match=r"credit\.decided"):
        verb(row, by=cast.head_a, at=AT)


def test_a_second_proposal_waits_for_the_first(deal, cast):
    propose(deal, cast)
    with pytest.raises(ConflictError, match=r"credit\.waiting"):
        propose(deal, cast)


def test_the_proposer_cannot_confirm(deal, cast):
    row = propose(deal, cast)
    CreditGrant.objects.filter(pk=row.pk).update(proposed_by=cast.head_a.user)
    with pytest.raises(RuleError, match=r"decider\.is_proposer"):
        credits.confirm_credit(row, by=cast.head_a, at=AT)


def test_the_database_refuses_a_decider_who_proposed(deal, cast):
    row = propose(deal, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditGrant.objects.filter(pk=row.pk).update(decided_by=row.proposed_by)


@pytest.mark.parametrize("name", ["officer_a", "head_a", "finance_c", "platform_finance"])
def test_only_the_licensors_finance_proposes(deal, cast, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        propose(deal, cast, by=getattr(cast, name))


@pytest.mark.parametrize("name", ["finance_a", "officer_a", "head_b", "signatory_c", "approver"])
def test_only_the_licensors_head_of_office_confirms(deal, cast, name):
    row = propose(deal, cast)
    with pytest.raises(RuleError, match=r"role\.missing"):
        credits.confirm_credit(row, by=getattr(cast, name), at=AT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_minor": 0}, "amount.not_positive"),
        ({"usable_from_date": date(2026, 9, 30)}, "credit.past"),
        ({"reason": "mood"}, "reason.unknown"),
        ({"reason": "other"}, "note.missing"),
    ],
)
def test_a_wrong_proposal_is_refused(deal, cast, changes, code):
    with pytest.raises(RuleError, match=code.replace(".", r"\.")):
        propose(deal, cast, **changes)
    assert not CreditGrant.objects.exists()


def test_a_decided_credit_can_be_neither_changed_nor_deleted(deal, cast):
    granted(deal, cast)
    for change in (lambda rows: rows.update(amount_minor=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(CreditGrant.objects.all())


def overpaid(cast, **changes):
    deal = settling.make_billed_deal(cast, credits={"order": "fifo", **changes})
    reporting.pay(deal, cast, "B-1", 4_500_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    return deal


def refund(deal, cast, amount, *, on):
    return credits.refund_credits(deal, amount_minor=amount, by=cast.finance_a, at=noon(on))


def test_what_is_left_at_the_end_is_paid_back_when_the_terms_say_so(cast):
    deal = overpaid(cast, refund_on_end=True)
    assert refund(deal, cast, 100_000, on="2031-02-03") == 0
    reporting.work_off(noon("2031-02-03"))
    assert ledger.balances(deal)[Account.CASH, ""] == 4_400_000
    assert ledger.balances(deal)[Account.COMPANY_CREDIT, ""] == 0
    assert not dict(invariants.broken(Deal.objects.all()))


@pytest.mark.parametrize(
    ("agreed", "day", "amount", "code"),
    [
        (False, "2031-02-03", 100_000, "refund.not_agreed"),
        (True, "2026-12-01", 100_000, "refund.too_early"),
        (True, "2031-02-03", 100_001, "refund.too_large"),
        (True, "2031-02-03", 0, "amount.not_positive"),
    ],
)
def test_a_refund_that_is_not_due_is_refused(cast, agreed, day, amount, code):
    deal = overpaid(cast, refund_on_end=agreed)
    with pytest.raises(RuleError, match=code.replace(".", r"\.")):
        refund(deal, cast, amount, on=day)
