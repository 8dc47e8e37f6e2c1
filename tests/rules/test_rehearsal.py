"""Rehearsals as values: what a day brings, which step may be taken, and what it leads to."""

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from deals.rules.rehearsal import (
    Entry,
    Happening,
    Play,
    Waiting,
    computed,
    contract_file,
    from_document,
    happenings,
    moves,
    open_periods,
    to_document,
)
from deals.rules.rehearsal.happenings import turns
from deals.rules.statement import to_document as printed
from deals.rules.states import DealState, ReportState
from listings.rules.template import Dates, Offer, Tier, as_terms, standard_template

TABLES = {"holidays": [], "workdays": []}
OFFER = Offer((Tier(None, "0.04"),), cap=120_000_000)
LINE = {
    "sale_date": "2027-09-30", "stream": "product", "currency": "CNY", "gross": "1130000.00",
    "vat_rate": "0.13", "deductions": {},
}  # fmt: skip


def play(state="in_trial", *, today="2027-01-01", offer=OFFER, **changes):
    """Six months of trial from New Year 2027, then five years of quarters."""
    terms = as_terms(
        {**standard_template(offer), **changes},
        contract="REHEARSAL",
        version=1,
        dates=Dates(
            date(2027, 1, 1), date(2027, 1, 1), date(2027, 6, 30), paying_to=date(2032, 6, 30)
        ),
        owners=[("U1", 1)],
    )
    lists = {"terms": [terms]}
    return Play(lists, DealState(state), date.fromisoformat(today), 30, 10)


def paying(today="2027-10-15", **changes):
    """The same, converted on the day after its trial, on a day of the first paying quarter."""
    found = moves.advanced(play(**changes), to=date(2027, 7, 1), tables=TABLES)
    found = moves.converted(found, tables=TABLES)
    return moves.advanced(found, to=date.fromisoformat(today), tables=TABLES)


def billed(**changes):
    """Converted, with one accepted report of 1,130,000.00 in the first paying quarter."""
    found = moves.reported(paying(**changes), period="2027-Q3", lines=[LINE])
    return moves.accepted(found, period="2027-Q3", tables=TABLES)


def days(found, kind):
    """The days of one kind of happening, with how far they are from a due date."""
    return [(f"{one.on}", one.days) for one in found if one.kind == kind]


def coming(found, until):
    """Everything up to a day."""
    return happenings(found, computed(found, TABLES), until=date.fromisoformat(until))


def test_letters_go_out_before_the_end_of_the_trial():
    assert days(coming(play(), "2027-12-31"), "trial.letter") == [
        ("2027-05-31", 30), ("2027-06-16", 14), ("2027-06-27", 3),
    ]  # fmt: skip


def test_no_letter_of_the_trial_goes_out_after_the_conversion():
    assert days(coming(paying("2027-07-02"), "2027-12-31"), "trial.letter") == []


def test_the_trial_ends_on_the_day_after_its_last():
    found = turns(play(), until=date(2027, 7, 1))
    assert found == [Happening(date(2027, 7, 1), "trial.ended")]
    assert turns(play(), until=date(2027, 6, 30)) == []


def test_a_decision_lapses_on_the_day_after_its_last():
    found = turns(play(), until=date(2027, 7, 31))
    assert [one.kind for one in found] == ["trial.ended", "decision.expired"]
    assert found[-1].on == date(2027, 7, 31)
    assert len(turns(play(), until=date(2027, 7, 30))) == 1


def test_only_the_decision_is_awaited_after_the_trial():
    found = turns(play("awaiting_decision", today="2027-07-01"), until=date(2028, 1, 1))
    assert [one.kind for one in found] == ["decision.expired"]


@pytest.mark.parametrize("state", ["paying", "settled", "exited", "terminated"])
def test_a_deal_beyond_its_trial_does_not_turn_by_itself(state):
    assert turns(play(state), until=date(2040, 1, 1)) == []


def test_terms_without_a_trial_do_not_turn():
    found = play("paying")
    stages = {**found.lists["terms"][0]["stages"]}
    del stages["trial"]
    terms = {**found.lists["terms"][0], "stages": stages}
    found = Play({"terms": [terms]}, DealState.IN_TRIAL, found.today, 30, 10)
    assert turns(found, until=date(2040, 1, 1)) == []
    assert days(coming(found, "2040-01-01"), "trial.letter") == []


def test_moving_the_date_lets_the_trial_end():
    found = moves.advanced(play(), to=date(2027, 7, 1), tables=TABLES)
    assert (found.state, found.today) == ("awaiting_decision", date(2027, 7, 1))
    assert found.ended is None
    assert Entry(date(2027, 7, 1), "trial.ended") in found.log


def test_silence_ends_the_deal_on_the_day_on_which_it_lapsed():
    found = moves.advanced(play(), to=date(2027, 12, 31), tables=TABLES)
    assert found.state == "expired"
    assert found.ended == date(2027, 7, 31)
    assert {"type": "termination", "date": "2027-07-31"} in found.lists["events"]


def test_nothing_is_reported_after_a_decision_lapsed():
    found = coming(play(), "2028-12-31")
    assert [one.about for one in found if one.kind == "period.ended"] == ["2027-Q1", "2027-Q2"]


def test_a_period_can_be_reported_falls_due_and_is_overdue():
    found = coming(paying("2027-09-30"), "2027-12-31")
    assert [(f"{one.on}", one.kind) for one in found] == [
        ("2027-10-01", "period.ended"), ("2027-10-20", "report.due"),
        ("2027-10-21", "report.overdue"),
    ]  # fmt: skip


def test_a_report_that_waits_is_not_overdue():
    found = moves.reported(paying(), period="2027-Q3", lines=[LINE])
    assert [one.kind for one in coming(found, "2027-12-31")] == []


def test_happenings_stand_in_the_order_of_their_days_and_lie_ahead():
    found = coming(billed(), "2028-12-31")
    assert found == sorted(found)
    assert min(one.on for one in found) > date(2027, 10, 15)
    assert max(one.on for one in found) <= date(2028, 12, 31)


def test_reminders_go_out_around_the_due_date():
    found = coming(billed(), "2028-12-31")
    assert days(found, "payment.letter") == [
        ("2027-10-28", -7), ("2027-11-04", 0), ("2027-11-11", 7), ("2027-11-19", 15),
        ("2027-12-04", 30),
    ]  # fmt: skip
    assert days(found, "payment.overdue") == [("2027-11-05", 0)]


def test_no_reminder_goes_out_before_the_sum_was_asked_for():
    found = moves.reported(paying("2028-03-01"), period="2027-Q3", lines=[LINE])
    found = moves.accepted(found, period="2027-Q3", tables=TABLES)
    assert days(coming(found, "2028-12-31"), "payment.letter")[0] == ("2028-03-14", -7)


def test_what_is_paid_needs_no_reminder():
    found = moves.paid(billed(), amount="40000.00", on=date(2027, 10, 15), tables=TABLES)
    assert days(coming(found, "2028-12-31"), "payment.letter") == []


def test_a_statement_is_final_after_its_days_of_grace():
    found = billed()
    assert found.lists["finals"] == [
        {"period": "2027-Q3", "date": "2027-10-25", "known_from": "2027-10-15"}
    ]
    assert days(coming(found, "2027-12-31"), "statement.final") == [("2027-10-26", 0)]


def test_a_second_revision_does_not_move_the_final_day():
    found = moves.advanced(billed(), to=date(2027, 10, 20), tables=TABLES)
    found = moves.reported(found, period="2027-Q3", lines=[])
    found = moves.accepted(found, period="2027-Q3", tables=TABLES)
    assert len(found.lists["finals"]) == 1
    assert found.lists["finals"][0]["date"] == "2027-10-25"


def test_a_report_counts_from_the_acceptance_on():
    found = moves.reported(paying(), period="2027-Q3", lines=[LINE])
    assert computed(found, TABLES).totals.accrued == 0
    assert found.waiting_for("2027-Q3") == Waiting("2027-Q3", (LINE,))
    found = moves.accepted(found, period="2027-Q3", tables=TABLES)
    assert computed(found, TABLES).totals.accrued == 4_000_000
    assert found.waiting == ()
    assert found.revision_of("2027-Q3")["accepted_on"] == "2027-10-15"


def test_a_restatement_is_the_next_revision():
    found = moves.reported(billed(), period="2027-Q3", lines=[LINE, LINE])
    found = moves.accepted(found, period="2027-Q3", tables=TABLES)
    assert [one["revision"] for one in found.lists["reports"]] == [1, 2]
    assert found.revision_of("2027-Q3")["revision"] == 2
    assert computed(found, TABLES).totals.accrued == 8_000_000


def test_a_nil_report_says_so():
    found = moves.reported(paying(), period="2027-Q3", lines=[])
    found = moves.accepted(found, period="2027-Q3", tables=TABLES)
    assert found.lists["reports"][0]["declared_nil"] is True
    assert "declared_nil" not in billed().lists["reports"][0]


def test_a_report_handed_in_again_replaces_the_one_that_waits():
    found = moves.reported(paying(), period="2027-Q3", lines=[LINE])
    found = moves.reported(found, period="2027-Q2", lines=[])
    found = moves.reported(found, period="2027-Q3", lines=[])
    assert found.waiting == (Waiting("2027-Q2", ()), Waiting("2027-Q3", ()))


def test_a_question_stands_beside_the_report_that_it_is_about():
    found = moves.reported(paying(), period="2027-Q2", lines=[])
    found = moves.reported(found, period="2027-Q3", lines=[LINE])
    found = moves.questioned(found, period="2027-Q3", question="Why?")
    assert found.waiting_for("2027-Q3") == Waiting(
        "2027-Q3", (LINE,), ReportState.QUESTIONED, "Why?"
    )
    assert found.waiting_for("2027-Q2").state == "submitted"


def test_money_gets_a_reference_of_its_own():
    found = moves.paid(billed(), amount="100.00", on=date(2027, 10, 15), tables=TABLES)
    found = moves.paid(found, amount="200.00", on=date(2027, 10, 15), tables=TABLES)
    assert found.lists["receipts"] == [
        {"reference": "REHEARSAL-1", "date": "2027-10-15", "amount": "100.00"},
        {"reference": "REHEARSAL-2", "date": "2027-10-15", "amount": "200.00"},
    ]
    assert computed(found, TABLES).totals.paid == 30_000


def test_a_reference_of_the_copied_deal_is_not_taken_again():
    taken = {"reference": "REHEARSAL-1", "date": "2027-10-01", "amount": "1.00"}
    found = moves.paid(
        billed().added("receipts", taken), amount="2.00", on=date(2027, 10, 2), tables=TABLES
    )
    assert found.lists["receipts"][-1]["reference"] == "REHEARSAL-2"


def test_converting_begins_the_payment_today():
    found = moves.converted(play(today="2027-03-01"), tables=TABLES)
    assert (found.state, found.converted) == ("paying", date(2027, 3, 1))
    assert found.log[-1] == Entry(date(2027, 3, 1), "convert")


def test_leaving_ends_the_contract_today():
    found = moves.left(play(today="2027-03-01"), tables=TABLES)
    assert (found.state, found.ended) == ("exited", date(2027, 3, 1))
    assert found.log[-1].code == "exit"


def test_ending_a_paying_contract_ends_its_reports():
    found = moves.terminated(paying(), tables=TABLES)
    assert (found.state, found.ended) == ("terminated", date(2027, 10, 15))
    asked = [period.name for period in open_periods(found, until=date(2029, 1, 1))]
    assert asked == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]


def test_reports_end_with_the_paying_stage():
    asked = [period.name for period in open_periods(paying(), until=date(2040, 1, 1))]
    assert (asked[0], asked[-1]) == ("2027-Q1", "2032-Q2")


@pytest.mark.parametrize("state", ["exited", "expired", "settled"])
def test_a_deal_that_is_over_owes_no_report(state):
    assert list(open_periods(play(state), until=date(2029, 1, 1))) == []


def test_the_last_day_is_the_earlier_of_the_agreed_and_the_real_end():
    assert play().last_day == date(2032, 6, 30)
    assert moves.terminated(paying(), tables=TABLES).last_day == date(2027, 10, 15)
    found = play()
    found.lists["terms"][0]["stages"]["paying"].pop("to")
    assert found.last_day == date.max


def test_trial_periods_are_asked_for_only_if_the_terms_say_so():
    found = play()
    stages = found.lists["terms"][0]["stages"]
    stages["trial"]["reports_required"] = False
    assert list(open_periods(found, until=date(2027, 7, 1))) == []


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("in_trial", {"convert", "exit"}), ("awaiting_decision", {"convert", "exit"}),
        ("paying", {"terminate"}), ("settled", set()), ("expired", set()), ("exited", set()),
    ],
)  # fmt: skip
def test_the_steps_of_a_state_are_those_of_the_table(state, allowed):
    found = play(state)
    assert {verb for verb in ("convert", "exit", "terminate") if moves.may(found, verb)} == allowed


@pytest.mark.parametrize("state", ["exited", "expired", "refused", "withdrawn"])
def test_nothing_is_reported_where_nothing_was_ever_paid(state):
    assert not moves.may_report(play(state))


@pytest.mark.parametrize(
    "state", ["in_trial", "extended", "awaiting_decision", "paying", "settled", "terminated"]
)
def test_reports_and_payments_may_be_invented_while_a_deal_lives(state):
    assert moves.may_report(play(state))


def test_a_deal_settles_when_the_cap_is_paid_and_reopens_with_room_below_it():
    small = Offer((Tier(None, "0.04"),), cap=1_000_000)
    found = billed(offer=small)
    assert found.state == "paying"
    found = moves.paid(found, amount="10000.00", on=date(2027, 10, 15), tables=TABLES)
    assert (found.state, found.log[-1].code) == ("settled", "settle")
    found = moves.reported(found, period="2027-Q3", lines=[])
    found = moves.accepted(found, period="2027-Q3", tables=TABLES)
    assert (found.state, found.log[-1].code) == ("paying", "reopen")


def test_an_unpaid_cap_does_not_settle():
    small = Offer((Tier(None, "0.04"),), cap=1_000_000)
    found = moves.advanced(billed(offer=small), to=date(2028, 10, 1), tables=TABLES)
    assert found.state == "paying"


def test_the_log_tells_the_days_on_the_way():
    found = moves.advanced(billed(), to=date(2027, 11, 11), tables=TABLES)
    told = [(f"{one.on}", one.code, one.days) for one in found.log[-5:]]
    assert told == [
        ("2027-10-26", "statement.final", 0), ("2027-10-28", "payment.letter", -7),
        ("2027-11-04", "payment.letter", 0), ("2027-11-05", "payment.overdue", 0),
        ("2027-11-11", "payment.letter", 7),
    ]  # fmt: skip
    assert found.log[-1].about == "2027-Q3"


def test_a_rehearsal_survives_being_kept():
    found = moves.reported(billed(), period="2027-Q2", lines=[])
    found = moves.questioned(found, period="2027-Q2", question="?")
    assert from_document(to_document(found)) == found


def test_the_file_of_a_rehearsal_has_its_date():
    found = contract_file(billed(), TABLES)
    assert found["as_of"] == "2027-10-15"
    assert found["holidays"] == []


def test_an_earlier_value_is_never_changed():
    before = billed()
    kept = to_document(before)
    moves.paid(before, amount="1.00", on=date(2027, 10, 15), tables=TABLES)
    moves.terminated(before, tables=TABLES)
    moves.advanced(before, to=date(2030, 1, 1), tables=TABLES)
    assert to_document(before) == kept


def test_moving_in_two_steps_is_moving_in_one():
    at_once = moves.advanced(billed(), to=date(2029, 1, 1), tables=TABLES)
    half = moves.advanced(billed(), to=date(2028, 2, 10), tables=TABLES)
    then = moves.advanced(half, to=date(2029, 1, 1), tables=TABLES)
    assert then.log == at_once.log
    assert printed(computed(then, TABLES)) == printed(computed(at_once, TABLES))


def test_only_a_report_that_waits_is_accepted():
    with pytest.raises(AssertionError):
        moves.accepted(paying(), period="2027-Q3", tables=TABLES)


def test_a_step_without_an_edge_is_a_mistake_of_the_caller():
    with pytest.raises(AssertionError):
        moves.terminated(play(), tables=TABLES)


def test_a_period_is_asked_for_from_the_day_after_its_end():
    found = paying("2027-07-02")
    names = [one.name for one in open_periods(found, until=date(2027, 9, 30))]
    assert names == ["2027-Q1", "2027-Q2"]
    names = [one.name for one in open_periods(found, until=date(2027, 10, 1))]
    assert names == ["2027-Q1", "2027-Q2", "2027-Q3"]


@pytest.mark.parametrize(("day", "last"), [("2027-09-30", "2027-Q3"), ("2027-10-01", "2027-Q4")])
def test_the_period_in_which_a_contract_ends_is_its_last(day, last):
    found = moves.terminated(paying(day), tables=TABLES)
    assert [one.name for one in open_periods(found, until=date(2029, 1, 1))][-1] == last


def test_a_period_that_ends_as_the_decision_lapses_is_not_asked_for():
    found = replace(play(), decision_days=92)
    assert turns(found, until=date(2028, 1, 1))[-1].on == date(2027, 10, 1)
    ended = [one.about for one in coming(found, "2028-12-31") if one.kind == "period.ended"]
    assert ended == ["2027-Q1", "2027-Q2"]


def test_what_happens_today_has_happened():
    assert turns(play("awaiting_decision", today="2027-07-31"), until=date(2028, 1, 1)) == []
    assert "period.ended" not in {one.kind for one in coming(paying("2027-10-01"), "2027-12-31")}


def test_what_happens_on_the_last_day_is_among_it():
    found = coming(paying("2027-09-30"), "2027-10-01")
    assert found == [Happening(date(2027, 10, 1), "period.ended", "2027-Q3")]


def test_a_letter_of_the_trial_is_about_no_period():
    found = coming(play(), "2027-05-31")
    assert found[-1] == Happening(date(2027, 5, 31), "trial.letter", "", 30)


def test_one_fen_is_reminded_of():
    found = moves.paid(billed(), amount="39999.99", on=date(2027, 10, 15), tables=TABLES)
    assert len(days(coming(found, "2028-12-31"), "payment.letter")) == 5


def test_each_step_is_told():
    found = moves.reported(paying(), period="2027-Q3", lines=[LINE])
    found = moves.questioned(found, period="2027-Q3", question="?")
    found = moves.reported(found, period="2027-Q3", lines=[LINE])
    found = moves.accepted(found, period="2027-Q3", tables=TABLES)
    found = moves.paid(found, amount="1.00", on=date(2027, 10, 15), tables=TABLES)
    found = moves.terminated(found, tables=TABLES)
    assert [(one.code, one.about) for one in found.log[-6:]] == [
        ("report.filed", "2027-Q3"), ("report.questioned", "2027-Q3"),
        ("report.filed", "2027-Q3"), ("report.accepted", "2027-Q3"), ("paid", "1.00"),
        ("terminate", ""),
    ]  # fmt: skip


def test_a_report_is_not_questioned_when_it_is_handed_in():
    found = moves.reported(paying(), period="2027-Q3", lines=[])
    assert found.waiting_for("2027-Q3").question == ""


def test_values_cannot_be_changed_in_place():
    found = paying()
    for value, name in (
        (found, "state"), (found.log[0], "code"), (Waiting("2027-Q3", ()), "period"),
        (Happening(date(2027, 1, 1), "report.due"), "on"),
    ):  # fmt: skip
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)
