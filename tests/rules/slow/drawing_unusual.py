"""The rarer terms and facts, added to a random contract one by one."""

from datetime import timedelta
from fractions import Fraction

from tests.rules.slow.days import Periods, day
from tests.rules.slow.drawing import sometimes
from tests.rules.slow.evaluator import evaluate


def some_day(pick, start, *days):
    return (start + timedelta(days=pick.choice(days))).isoformat()


def add_event(document, kind, when, **more):
    document.setdefault("events", []).append({"type": kind, "date": when, **more})


def draw_trial_ends(pick, document, start):
    """End the trial by its line, or by units; use after it may only be claimed."""
    trial = document["terms"][0]["stages"].get("trial")
    if trial is None:
        return
    units = any(stream["basis"] == "units" for stream in document["terms"][0]["streams"])
    if units and pick.random() < 0.5:
        trial["ends_on"] = [*trial.get("ends_on", []), {"cumulative_units": "100.5"}]
    if "ends_on" in trial:
        sometimes(pick, 0.4, trial, "trigger_granularity", pick.choice(["line", "period"]))
    if document["terms"][0]["stages"]["paying"]["from"] == "conversion":
        sometimes(pick, 0.4, trial, "unconverted_use", "claim")


def draw_bases(pick, document, start):
    for stream in document["terms"][0]["streams"]:
        if stream["basis"] == "profit":
            stream["basis"] = pick.choice(["profit", "added_output_value", "sublicence_income"])


def draw_termination(pick, document, start):
    minimum = document["terms"][0].get("minimum")
    if pick.random() < 0.2:
        add_event(document, "termination", some_day(pick, start, 200, 364, 365, 400, 600))
        if minimum:
            sometimes(pick, 0.8, minimum, "on_termination",
                      pick.choice(["prorate", "waive", "full"]))  # fmt: skip
    if minimum and pick.random() < 0.2:
        first = some_day(pick, start, 0, 100, 350)
        last = day(first) + timedelta(days=pick.choice([0, 1, 40]))
        add_event(document, "suspension", first, to=last.isoformat())


def draw_quarters(pick, document, start):
    terms = document["terms"][0]
    if terms.get("minimum", {}).get("scope") != "quarter":
        return
    minimum = terms["minimum"]
    sometimes(pick, 0.6, minimum, "quarter_excess_counts", pick.choice([True, False]))
    if pick.random() < 0.3:
        del minimum["amount"]
        minimum["schedule"] = ["50.00", "0", "100.00"]


def draw_quarter_recoupment(pick, document, start):
    minimum = document["terms"][0].get("minimum", {})
    if minimum.get("scope") == "quarter" and not minimum.get("quarter_excess_counts"):
        kind = pick.choice(["first_years", "following_years"])
        sometimes(pick, 0.5, minimum, "recoup", {"kind": kind, "years": pick.choice([1, 2, 5])})


def draw_punctual(pick, document, start):
    """Let receipts arrive on a due date, the day after it, or when grace ends."""
    names = [report["period"] for report in document["reports"]]
    periods = Periods(document["terms"][0], start)
    reversals = [receipt for receipt in document["receipts"] if "reverses" in receipt]
    taken = set()
    for receipt in document["receipts"]:
        if names and not reversals and pick.random() < 0.3:
            ends = periods.last_day(periods.numbered(pick.choice(names)))
            when = ends + timedelta(days=pick.choice([40, 41, 45, 46, 70, 71]))
            if when not in taken:
                receipt["date"] = when.isoformat()
        taken.add(day(receipt["date"]))


def draw_returned_units(pick, document, start):
    # Whether returns of free use lower a later window that free use counts in is left open.
    if document["terms"][0]["stages"].get("trial", {}).get("free_counts_toward_tiers"):
        return
    for report in document["reports"]:
        for line in report["lines"]:
            if line.get("units", "0")[0] not in "-0" and pick.random() < 0.15:
                line["units"] = "-" + line["units"]


def without_flats(stream):
    tiers = stream["tiers"]
    return {**tiers, "rows": [{**row, "flat": "0"} for row in tiers["rows"]]}


def draw_third_version(pick, document, start):
    if len(document["terms"]) == 2 and pick.random() < 0.3:
        second = document["terms"][1]
        begins = day(second["effective_from"]) + timedelta(days=pick.choice([1, 90, 200]))
        streams = [{**stream, "tiers": without_flats(document["terms"][0]["streams"][number])}
                   for number, stream in enumerate(second["streams"])]  # fmt: skip
        third = {**second, "version": 3, "effective_from": begins.isoformat(), "streams": streams}
        third.pop("retroactive_from", None)
        document["terms"].append(third)


def draw_decisions(pick, document, start):
    """Let staff charge and waive what is proposed on the last day, and a receipt pay for it."""
    if "late" not in document["terms"][0] or pick.random() < 0.5:
        return
    proposed = [row for row in evaluate(document)["interest"] if row["state"] == "proposed"]
    if not proposed:
        return
    row = pick.choice(proposed)
    for kind in pick.choice([["charged"], ["waived"], ["charged", "waived"]]):
        amount = pick.choice([row["amount"], "0.01", "1.00"])
        if Fraction(amount) <= Fraction(row["amount"]) / 2 or amount == row["amount"]:
            add_event(document, "interest_" + kind, document["as_of"], period=row["period"],
                      amount=amount)  # fmt: skip
    when = day(document["as_of"]) + timedelta(days=pick.choice([1, 30]))
    document["as_of"] = (when + timedelta(days=pick.choice([0, 5]))).isoformat()
    amount = pick.choice(["1.00", "100000.00"])
    late = {"reference": "LATE", "date": when.isoformat(), "amount": amount}
    document["receipts"].append(late)


def draw_lateness(pick, document, start):
    late = document["terms"][0].get("late")
    if late is None:
        return
    sometimes(pick, 0.4, late, "retroactive", True)
    sometimes(pick, 0.6, late, "stops_in_dispute", True)
    names = [report["period"] for report in document["reports"]]
    if names and pick.random() < 0.5:
        first = some_day(pick, start, 130, 200, 230, 400)
        last = day(first) + timedelta(days=pick.choice([0, 10, 200]))
        add_event(document, "dispute", first, to=last.isoformat(), period=pick.choice(names),
                  amount=pick.choice(["10.00", "100.00", "5000.00"]))  # fmt: skip


def draw_guarantees(pick, document, start):
    days = {receipt["date"] for receipt in document["receipts"]}
    when = some_day(pick, start, 333, 433, 633)
    if pick.random() < 0.08 and when not in days and when <= document["as_of"]:
        add_event(document, "guarantee_call", when, amount=pick.choice(["1.00", "1.00", "2.00"]))


def draw_refund(pick, document, start):
    terms = document["terms"][0]
    when = document["as_of"]
    if "credits" in terms and document["credits"] and pick.random() < 0.4:
        terms["credits"]["refund_on_end"] = True
        add_event(document, "refund", when, amount=pick.choice(["1.00", "30.00"]))


def draw_costs(pick, document, start):
    """Put costs on record, which a waterfall's step for costs may take."""
    if "policies" in document:
        for _ in range(pick.choice([0, 1, 2])):
            add_event(document, "cost", some_day(pick, start, 0, 100, 250),
                      amount=pick.choice(["0.01", "15.00", "500.00"]))  # fmt: skip


def draw_workdays(pick, document, start):
    """Weekends of every year on which one works."""
    if pick.random() < 0.3:
        saturdays = [start + timedelta(days=(5 - start.weekday()) % 7 + 7 * week)
                     for week in range(0, 150, 2)]  # fmt: skip
        document["workdays"] = [when.isoformat() for when in saturdays]


def draw_dated_milestone(pick, document, start):
    if "milestones" in document["terms"][0] and pick.random() < 0.4:
        made = {"key": "dated", "date": some_day(pick, start, 0, 90, 300), "amount": "77.00"}
        document["terms"][0]["milestones"].append(made)


def draw_changed_terms(pick, document, start):
    """Let the second version change more than its streams."""
    if len(document["terms"]) == 1:
        return
    first, second = document["terms"][0], document["terms"][1]
    # Nor do they say whether an older table charges its flat for free sales alone.
    if "trial" in first["stages"]:
        drop_flat_on_zero(first, second)
    for key, change in CHANGES.items():
        if key in first and pick.random() < 0.4:
            second[key] = change(pick, first[key])
    draw_other_windows(pick, second)
    if pick.random() < 0.4 and "waterfalls" not in second:
        second["owners"] = [{"party": "U2", "weight": 3}, {"party": "U9", "weight": 7}]
        second["collection"] = "each_owner"
    if pick.random() < 0.25:
        early = day(second["effective_from"]) - timedelta(days=pick.choice([1, 44, 90]))
        second["retroactive_from"] = max(early, start).isoformat()
        # The rules do not say which of the two tables a nil report of such a period is under.
        drop_flat_on_zero(first, second)


def drop_flat_on_zero(*versions):
    for terms in versions:
        for stream in terms["streams"]:
            stream["tiers"].pop("first_tier_flat_on_zero", None)


def draw_other_windows(pick, terms):
    if pick.random() < 0.15:
        for stream in terms["streams"]:
            window = pick.choice(["period", "contract_year", "calendar_year", "lifetime"])
            stream["tiers"] = {**stream["tiers"], "window": window}


def raise_caps(pick, caps):
    return {key: value if key == "includes" else str(float(value) * 2) + "0"
            for key, value in caps.items()}  # fmt: skip


def change_minimum(pick, minimum):
    return {key: value for key, value in minimum.items() if key != "schedule"} | {
        "amount": pick.choice(["150.00", "0"])
    }


def change_milestones(pick, milestones):
    return [{**one, "amount": "60.00"} for one in milestones]


CHANGES = {
    "minimum": change_minimum,
    "caps": raise_caps,
    "milestones": change_milestones,
    "credits": lambda pick, credits: {**credits, "max_share_per_period": "0.25"},
    "late": lambda pick, late: {**late, "rate": {"fixed": "0.07"}},
}


def draw_policy_caps(pick, document, start):
    for policy in document.get("policies", {}).values():
        steps = policy["steps"]
        takers = [step["to"] for step in steps if "to" in step]
        if takers and pick.random() < 0.5:
            place = 1 + max(number for number, step in enumerate(steps) if "to" in step)
            steps.insert(place, {
                "take": "cap", "to": pick.choice(takers), "amount": pick.choice(["5.00", "30.00"]),
                "window": "year", "excess_to": "reserve",
            })  # fmt: skip


def draw_full_reversal(pick, document, start):
    """Reverse one receipt, surplus and all."""
    plain = [one for one in document["receipts"] if "reverses" not in one]
    if len(plain) == len(document["receipts"]) and plain and pick.random() < 0.2:
        receipt = pick.choice(plain)
        when = day(receipt["date"]) + timedelta(days=pick.choice([0, 1, 45, 300]))
        document["receipts"].append(
            {"reference": "R0", "reverses": receipt["reference"], "date": when.isoformat()}
        )


UNUSUAL = [
    draw_punctual, draw_trial_ends, draw_bases, draw_termination, draw_quarters,
    draw_quarter_recoupment, draw_lateness, draw_guarantees, draw_costs, draw_refund,
    draw_workdays, draw_dated_milestone, draw_changed_terms, draw_policy_caps,
    draw_full_reversal, draw_returned_units, draw_third_version, draw_decisions,
]  # fmt: skip


def add_unusual(pick, document, start):
    for draw in UNUSUAL:
        draw(pick, document, start)
