"""The fast calculation against the slow one."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules import strategies
from tests.rules.by_hand import earned, posted
from tests.rules.contracts import compute, contract, report, terms


@st.composite
def plain(draw):
    made = terms(streams=[draw(strategies.streams())], rounding=draw(strategies.ROUNDING))
    for one in made["streams"][0]["deductions"]:
        if draw(st.booleans()):
            one["cap_of_gross"] = draw(st.sampled_from(["0.05", "0.3333333333"]))
    periods = draw(st.lists(st.sampled_from(strategies.QUARTERS), unique=True, min_size=1))
    reports = []
    for period in sorted(periods):
        lines = draw(strategies.lines())
        for one in lines:
            one["deductions"]["freight"] = draw(strategies.AMOUNTS)
            one["combination"] = draw(st.sampled_from([None, None, {"A": "1", "B": "2"}]))
        reports.append(report(period, lines))
    return made, reports


@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(plain())
def test_what_is_earned_agrees_with_the_slow_reckoning(drawn):
    made, reports = drawn
    fast = compute(contract([made], reports))
    assert {one.period.name: one.earned for one in fast.statements} == earned(made, reports)


@settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(plain(), strategies.reports(most=3))
def test_what_is_posted_agrees_with_the_slow_replay(drawn, reports):
    made, _ = drawn
    fast = compute(contract([made], reports))
    assert {one.period.name: (one.earned, one.corrections) for one in fast.statements} == posted(
        made, reports
    )
