"""The log of facts, and the contract file that it folds into."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from deals.models import Fact
from deals.rules import facts, statement
from deals.services import calendar, dossiers
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


def test_facts_are_numbered_and_chained(deal):
    first, second = deal.facts.order_by("sequence")
    assert (first.sequence, first.kind) == (1, "terms")
    assert (second.sequence, second.kind) == (2, "event")
    assert second.previous_hash == first.hash
    assert dossiers.first_broken_fact(deal) is None


def test_the_same_payload_twice_is_two_inputs(deal):
    hashes = {
        dossiers.append_fact(
            deal,
            kind="event",
            payload={"type": "note", "date": "2026-08-01"},
            effective_date=date(2026, 8, 1),
            at=noon("2026-08-01"),
        ).hash
        for _ in range(2)
    }
    assert len(hashes) == 2


def test_a_changed_payload_breaks_the_chain(deal):
    fact = deal.facts.order_by("sequence").last()
    fact.payload = {**fact.payload, "date": "2026-06-01"}
    assert dossiers.digest(fact) != fact.hash


def test_a_fact_cannot_be_changed_or_taken_back(deal):
    for change in (lambda rows: rows.update(sequence=9), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Fact.objects.filter(deal=deal))


def test_a_sequence_is_given_once(deal):
    fact = deal.facts.order_by("sequence").last()
    fact.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        fact.save(force_insert=True)


def test_the_contract_file_holds_every_fact_in_its_list(cast, deal):
    reporting.accept(deal, cast, "2026-Q3", [sale(100_00, on="2026-08-03")], at=noon("2026-10-16"))
    reporting.pay(deal, cast, "B-1", 500, on="2026-11-02")
    document = dossiers.contract_file(deal, as_of=date(2026, 11, 2))
    assert [row["type"] for row in document["events"]] == ["conversion"]
    assert document["reports"][0]["lines"][0]["gross"] == "100.00"
    assert document["receipts"] == [{"reference": "B-1", "date": "2026-11-02", "amount": "5.00"}]
    assert document["as_of"] == "2026-11-02"


def test_the_contract_file_reads_back_to_the_posted_figures(cast, deal, tmp_path, capsys):
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
    reporting.work_off(noon("2026-10-16"))
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(dossiers.contract_file(deal, as_of=date(2026, 10, 16))))

    call_command("royalty", str(path))

    printed = json.loads(capsys.readouterr().out)["statements"][0]
    posted = deal.statements.get()
    assert printed["payable"] == "44000.00"
    assert {name: printed[name] for name in posted.figures} == posted.figures


def test_workdays_come_from_the_published_table(deal):
    tables = calendar.tables(first_year=2026, last_year=2026)
    assert "2026-10-01" in tables["holidays"]
    assert "2026-02-14" in tables["workdays"]
    assert not any(day.startswith("2025") for day in tables["holidays"])


def test_a_contract_file_is_plain_json_that_the_calculation_takes(deal):
    document = json.loads(json.dumps(dossiers.contract_file(deal, as_of=date(2026, 8, 1))))
    assert statement.compute(facts.load(document)).statements == ()
