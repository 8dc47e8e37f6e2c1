"""Random contracts that use only what the slow evaluator has."""

import random
from datetime import date, timedelta

from tests.rules.slow.days import Periods, day
from tests.rules.slow.drawing import draw_terms, draw_tiers
from tests.rules.slow.drawing_policies import draw_steps
from tests.rules.slow.drawing_unusual import add_unusual

AMOUNTS = ("0", "0.01", "100.00", "999.99", "1000.00", "1000.01", "2000.00", "3333.33", "5000.00",
           "5000.01", "10000.00", "12345.67")  # fmt: skip
EXACT = ("rate", "unit", "units", "vat_rate", "cap_of_gross", "deduction_cap_of_gross", "factor",
         "offset_share", "max_reduction", "floor_share", "multiple", "share",
         "max_share_per_period", "rates")  # fmt: skip


def draw_line(pick, terms, span):
    stream = pick.choice(terms["streams"])
    first, last = span
    when = pick.choice([first, last, first + timedelta(days=pick.randint(0, (last - first).days))])
    line = {"sale_date": when.isoformat(), "stream": stream["key"], "currency": terms["currency"],
            "product": pick.choice("AAB"), "gross": pick.choice(AMOUNTS)}  # fmt: skip
    if stream["basis"] == "units":
        line["units"] = pick.choice(["0", "1", "100", "100.5", "1000", "1001", "2500.25"])
    if pick.random() < 0.4:
        line["vat_rate"] = pick.choice(["0.13", "0.06", "0.03"])
    if pick.random() < 0.4:
        kinds = [rule["type"] for rule in stream["deductions"]] + ["unlisted"]
        line["deductions"] = {pick.choice(kinds): pick.choice(AMOUNTS[:9])}
    if "stacking" in stream and pick.random() < 0.6:
        line["third_party_royalty"] = pick.choice(["0.01", "10.00", "55.55", "200.00"])
    if pick.random() < 0.2 and "free_allowance" not in stream and not foreign(terms):
        # Equal sub-sums would leave open which of them takes the rounding difference.
        line["gross"] = f"{pick.randint(1, 10**6) / 100:.2f}"
        line["combination"] = {"A": pick.choice("123"), "B": pick.choice("012")}
    if foreign(terms) and pick.random() < 0.5:
        line["currency"] = "USD"
    return line


def foreign(terms):
    return terms["contract"] == "C-ABROAD"


def draw_revision(pick, terms, name, accepted, span):
    lines = [draw_line(pick, terms, span) for _ in range(pick.choice([0, 1, 1, 2, 3]))]
    report = {"period": name, "revision": 1, "accepted_on": accepted.isoformat(), "lines": lines}
    if not lines:
        report["declared_nil"] = True
    return report


def restate(pick, terms, report, span):
    """Return later revisions: up, down, to zero and back to the first figures."""
    later = []
    accepted = day(report["accepted_on"])
    kept = report
    for revision in range(2, 2 + pick.choice([0, 0, 0, 1, 2])):
        accepted += timedelta(days=pick.choice([1, 5, 30, 100, 200]))
        new = draw_revision(pick, terms, report["period"], accepted, span)
        if revision == 3 and pick.random() < 0.6:
            new = {**kept, "accepted_on": accepted.isoformat()}
        new["revision"] = revision
        later.append(new)
    return later


def draw_reports(pick, terms, periods):
    reports = []
    index = periods.index(periods.start)
    paying_to = day(terms["stages"]["paying"]["to"])
    count = pick.choice([1, 2, 3, 4, 5, 6, 8])
    for number in range(index, index + count):
        first, last = periods.first_day(number), periods.last_day(number)
        span = max(first, periods.start), min(last, paying_to)
        if span[0] > span[1]:
            break
        if pick.random() < 0.12:
            continue
        accepted = last + timedelta(days=pick.choice([1, 10, 20, 25, 26, 60, 130]))
        report = draw_revision(pick, terms, periods.name(number), accepted, span)
        reports += [report, *restate(pick, terms, report, span)]
    pick.shuffle(reports)
    return reports


def draw_receipts(pick, start, names):
    receipts = []
    when = start
    for number in range(pick.choice([0, 0, 1, 2, 3, 4])):
        when += timedelta(days=pick.choice([1, 30, 60, 91, 200]))
        receipt = {
            "reference": f"B{number}", "date": when.isoformat(),
            "amount": pick.choice(["1.00", "50.00", "100.00", "250.00", "1000.00", "20000.00"]),
        }  # fmt: skip
        if names and pick.random() < 0.2:
            receipt["for"] = pick.choice(names)
        receipts.append(receipt)
    if receipts and pick.random() < 0.2:
        receipts.append(receipts[0])
    return receipts


def draw_reversal(pick, document):
    """Reverse one receipt that cannot have left a surplus behind."""
    receipt = pick.choice(document["receipts"])
    receipt["amount"] = "1.00"
    when = day(receipt["date"]) + timedelta(days=pick.choice([0, 1, 30]))
    reversal = {"reference": "R0", "reverses": receipt["reference"], "date": when.isoformat()}
    document["receipts"].append(reversal)


def draw_finals(pick, reports):
    """Finalise some statements a little later than their acceptance."""
    return [
        {"period": report["period"], "date": (day(report["accepted_on"]) + timedelta(
            days=pick.choice([0, 3, 40]))).isoformat()}
        for report in reports
        if report["revision"] == 1 and pick.random() < 0.5
    ]  # fmt: skip


def draw_credits(pick, start):
    return [
        {"key": pick.choice("abcdef") + str(number),
         "date": (start + timedelta(days=pick.choice([0, 0, 100, 101, 300]))).isoformat(),
         "amount": pick.choice(["1.01", "33.33", "100.00", "1000.00"])}
        for number in range(pick.choice([0, 0, 1, 2, 3]))
    ]  # fmt: skip


def whole_numbers(node):
    """Cut the decimals of every amount, for a currency without a minor unit."""
    if isinstance(node, dict):
        return {key: node[key] if key in EXACT else whole_numbers(node[key]) for key in node}
    if isinstance(node, list):
        return [whole_numbers(each) for each in node]
    if isinstance(node, str) and node.replace(".", "", 1).isdigit():
        return node.partition(".")[0]
    return node


def draw_contract(seed):
    """Return one random contract file."""
    document = draw_document(seed)
    if document["terms"][0]["currency"] == "JPY":
        document = whole_numbers(document)
    return document


def add_events(pick, document, start):
    terms = document["terms"][0]
    days = []
    if any(item["on"] == "prototype" for item in terms.get("fixed", [])):
        days += [("prototype", after) for after in pick.choice([[], [0], [45], [200, 100], [366]])]
    if terms["stages"]["paying"]["from"] == "conversion" and pick.random() < 0.7:
        days.append(("conversion", pick.choice([1, 31, 150, 181, 365])))
    document["events"] = [
        {"type": kind, "date": (start + timedelta(days=after)).isoformat()} for kind, after in days
    ]
    if "late" in terms and pick.random() < 0.3:
        begins = start + timedelta(days=pick.choice([100, 230, 300]))
        ends = begins + timedelta(days=pick.choice([0, 10, 300]))
        document["events"].append(
            {"type": "delay", "date": begins.isoformat(), "to": ends.isoformat()}
        )


def add_finals(pick, document):
    terms = document["terms"][0]
    # A posting before the acceptance cannot know the final day that the file gives for it.
    early = "min_days_after_final" in terms["periods"] and {"fixed", "minimum", "milestones"} & set(
        terms
    )
    if pick.random() < 0.2 and not early:
        finals = draw_finals(pick, document["reports"])
        document["finals"] = [each for each in finals if each["date"] <= document["as_of"]]


def add_policies(pick, document):
    if pick.random() < 0.4:
        for terms in document["terms"]:
            parties = [owner["party"] for owner in terms["owners"]]
            terms["waterfalls"] = {party: pick.choice(["one", "two"]) for party in parties}
        document["policies"] = {key: {"steps": draw_steps(pick)} for key in ("one", "two")}


def add_rates(document):
    terms = document["terms"][0]
    document["rates"] = {
        "LPR1Y": [["2020-01-20", "0.0385"], ["2027-02-20", "0.031"], ["2025-01-20", "0.0345"]],
        f"USD/{terms['currency']}": [
            ["2020-01-01", "7.1234"],
            ["2026-03-31", "7.0501"],
            ["2026-10-01", "6.98765"],
            ["2027-03-31", "0.3071"],
        ],
    }


def add_version(pick, document, start):
    """Change streams, owners or the window from a later day on."""
    first = document["terms"][0]
    begins = start + timedelta(days=pick.choice([1, 45, 181, 184, 365, 500]))
    later = {**first, "version": 2, "effective_from": begins.isoformat()}
    later["reset_windows"] = pick.choice([True, False])
    later["streams"] = [new_stream(pick, stream) for stream in first["streams"]]
    document["terms"].append(later)


def new_stream(pick, stream):
    tiers = draw_tiers(pick, stream["basis"] == "units")
    tiers["window"] = stream["tiers"]["window"]
    if pick.random() < 0.7:
        tiers["mode"] = stream["tiers"]["mode"]
    return {**stream, "tiers": tiers}


def draw_document(seed):
    pick = random.Random(seed)
    start = pick.choice([date(2026, 1, 1), date(2026, 2, 15), date(2026, 7, 1),
                         date(2024, 2, 29)])  # fmt: skip
    terms = draw_terms(pick, start)
    periods = Periods(terms, start)
    reports = draw_reports(pick, terms, periods)
    latest = max((day(each["accepted_on"]) for each in reports), default=start)
    document = {
        "terms": [terms],
        "reports": reports,
        "receipts": draw_receipts(pick, start, [each["period"] for each in reports]),
        "credits": draw_credits(pick, start),
        "as_of": (latest + timedelta(days=pick.choice([-90, 0, 1, 40, 400]))).isoformat(),
    }
    if pick.random() < 0.2:
        add_version(pick, document, start)
    add_events(pick, document, start)
    add_finals(pick, document)
    if document["receipts"] and pick.random() < 0.15:
        draw_reversal(pick, document)
    add_policies(pick, document)
    add_rates(document)
    if pick.random() < 0.3:
        document["holidays"] = [f"{start.year + 1}-{month:02}-10" for month in (2, 5, 8, 11)]
    add_unusual(pick, document, start)
    return document
