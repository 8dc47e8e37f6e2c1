"""Random terms."""

from datetime import timedelta

from tests.rules.slow.days import add_months

BOUNDS = ("1000.00", "2000.00", "5000.00", "10000.00")
RATES = ("0", "0.05", "0.035", "0.0333333333", "0.1")


def sometimes(pick, chance, terms, key, value):
    if pick.random() < chance:
        terms[key] = value


def draw_tiers(pick, units):
    bounds = sorted(pick.sample(BOUNDS, pick.choice([0, 1, 1, 2])), key=float)
    rows = []
    for bound in [*bounds, None]:
        row = {"up_to": bound}
        if units:
            row["up_to"] = bound and str(int(float(bound)) // 10)
            row["unit"] = pick.choice(["5.00", "0.07", "1.333"])
        else:
            row["rate"] = pick.choice(RATES)
        sometimes(pick, 0.15, row, "flat", pick.choice(["10.00", "0.01"]))
        rows.append(row)
    tiers = {
        "mode": pick.choice(["marginal", "marginal", "whole"]),
        "window": pick.choice(["period", "contract_year", "calendar_year", "lifetime"]),
        "rows": rows,
    }
    sometimes(pick, 0.1, tiers, "first_tier_flat_on_zero", True)
    if bounds and pick.random() < 0.15:
        tiers["rows"] = rows[:-1]
        tiers["above_last"] = "use_last"
    return tiers


def draw_stream(pick, key, start):
    basis = pick.choice(["net_sales", "net_sales", "net_sales", "gross", "units", "profit"])
    kinds = pick.sample(["returns", "freight", "discounts"], pick.choice([0, 1, 2]))
    deductions = [{"type": kind} for kind in kinds]
    for rule in deductions:
        sometimes(pick, 0.4, rule, "cap_of_gross", pick.choice(["0.05", "0.1", "0.3333"]))
    stream = {
        "key": key,
        "basis": basis,
        "deductions": deductions,
        "negative_net": pick.choice(["carry_forward", "zero", "zero_per_product"]),
        "tiers": draw_tiers(pick, basis == "units"),
    }
    sometimes(pick, 0.3, stream, "deduction_cap_of_gross", pick.choice(["0.05", "0.2"]))
    if basis != "units":
        allowance = {
            "per": pick.choice(["period", "contract_year"]),
            "amount": pick.choice(["1000.00", "500.00", "10000.00"]),
        }
        sometimes(pick, 0.3, stream, "free_allowance", allowance)
    stacking = {
        "offset_share": pick.choice(["0.5", "1"]),
        "max_reduction": pick.choice(["0.25", "0.5", "1"]),
        "floor_share": pick.choice(["0", "0.5", "0.3333"]),
        "carry_forward": pick.choice([True, False]),
    }
    sometimes(pick, 0.3, stream, "stacking", stacking)
    if pick.random() < 0.25:
        stream["factors"] = draw_factors(pick, start)
        # The rules leave open which factor a negative base brings into a whole window.
        if stream["tiers"]["mode"] == "whole" and stream["negative_net"] == "carry_forward":
            stream["negative_net"] = "zero"
    return stream


def draw_factors(pick, start):
    factors = []
    for reason in pick.choice(["p", "pq"]):
        begins = start + timedelta(days=pick.choice([0, 45, 200, 365]))
        factor = {"reason": reason, "from": begins.isoformat()}
        factor["factor"] = pick.choice(["0.5", "0.3333333333", "0", "1"])
        ends = (begins + timedelta(days=pick.choice([0, 60, 300]))).isoformat()
        sometimes(pick, 0.5, factor, "to", ends)
        factors.append(factor)
    return factors


def draw_fixed(pick, start):
    items = []
    for number in range(pick.choice([1, 1, 2])):
        when = start + timedelta(days=pick.choice([0, 1, 30, 90, 365, 400]))
        item = {"key": f"f{number}", "amount": pick.choice(["1.01", "100.00", "777.77"])}
        item["on"] = pick.choice([when.isoformat(), "prototype"])
        if pick.random() < 0.5:
            item["due_days"] = pick.choice([0, 10])
            sometimes(pick, 0.5, item, "creditable", True)
        items.append(item)
    return items


def draw_minimum(pick, start, kind):
    minimum = {"scope": pick.choice(["contract_year", "calendar_year"])}
    if pick.random() < 0.5:
        minimum["amount"] = pick.choice(["100.00", "300.00", "1000.00"])
    else:
        minimum["schedule"] = [pick.choice(["0", "100.00", "300.00"]) for _ in range(6)]
    sometimes(pick, 0.5, minimum, "first_year", pick.choice(["full", "prorate_days"]))
    recoup = {"kind": pick.choice(["none", "first_years", "following_years"])}
    if recoup["kind"] != "none":
        recoup["years"] = pick.choice([1, 2, 3])
    sometimes(pick, 0.7, minimum, "recoup", recoup)
    if start.day == 1 and kind in ("month", "quarter") and pick.random() < 0.3:
        minimum = {"scope": "quarter", "amount": pick.choice(["100.00", "50.00"])}
    spans = [
        ("2026-03-01", "2026-03-31"),
        ("2026-12-20", "2027-01-05"),
        ("2027-01-05", "2027-01-05"),
    ]
    suspended = [{"from": first, "to": last} for first, last in pick.sample(spans, 2)]
    sometimes(pick, 0.3, minimum, "suspended", suspended)
    return minimum


def draw_milestones(pick):
    return [
        {
            "key": f"m{number}",
            "cumulative_net": pick.choice([*BOUNDS, "20000.00"]),
            "amount": pick.choice(["50.00", "500.00"]),
        }
        for number in range(pick.choice([1, 2]))
    ]


def draw_caps(pick):
    caps = {
        scope: pick.choice(["50.00", "100.00", "250.00", "500.00", "1000.00"])
        for scope in ("period", "contract_year", "calendar_year", "lifetime")
        if pick.random() < 0.4
    }
    if not caps:
        return None
    names = ["earned", "minimum", "milestone", "fixed"]
    return {**caps, "includes": pick.sample(names, pick.choice([1, 2, 4, 4]))}


def draw_late(pick):
    rate = pick.choice([{"fixed": "0.13"}, {"series": "LPR1Y", "multiple": "1.5"}])
    late = {"method": "simple", "basis": pick.choice([365, 360]), "rate": rate}
    sometimes(pick, 0.3, late, "grace_days", pick.choice([1, 5, 30]))
    return late


def draw_trial(pick, start, stages):
    """Put a free stage before the paying one."""
    months = pick.choice([1, 6, 9, 11])
    ends = add_months(start, months) - timedelta(days=pick.choice([1, 1, 10]))
    trial = {
        "from": start.isoformat(),
        "to": ends.isoformat(),
        "unconverted_use": "paying_rates",
        "reports_required": True,
    }
    limit = pick.choice([{"cumulative_net": "1000.00"}, {"cumulative_net": "5000.00"}])
    sometimes(pick, 0.4, trial, "ends_on", [limit])
    sometimes(pick, 0.3, trial, "free_counts_toward_tiers", True)
    stages["trial"] = trial
    following = (ends + timedelta(days=1)).isoformat()
    stages["paying"]["from"] = pick.choice(["conversion", "conversion", following])


def draw_terms(pick, start):
    kind = pick.choice(["month", "quarter", "quarter", "half_year", "year"])
    anchor = pick.choice(["calendar", "contract"])
    ends = add_months(start, pick.choice([12, 24, 36, 60])) - timedelta(
        days=pick.choice([1, 1, 40])
    )
    terms = {
        "schema": 1,
        "contract": pick.choice(["C-HOME", "C-HOME", "C-HOME", "C-ABROAD"]),
        "version": 1,
        "effective_from": start.isoformat(),
        "currency": pick.choice(["CNY", "CNY", "CNY", "JPY", "KWD"]),
        "zone": "Asia/Shanghai",
        "rounding": {
            "mode": pick.choice(["half_up", "half_even", "down", "up"]),
            "unit_minor": pick.choice([1, 1, 1, 10, 100]),
        },
        "stages": {"paying": {"from": start.isoformat(), "to": ends.isoformat()}},
        "periods": {
            "kind": kind,
            "anchor": anchor,
            "report_days": 25,
            "pay_days": 40,
            "roll": pick.choice(["none", "following", "preceding"]),
        },
        "streams": [draw_stream(pick, key, start) for key in pick.choice(["a", "a", "ab"])],
        "owners": pick.choice([
            [{"party": "U1", "weight": 60}, {"party": "U2", "weight": 40}],
            [{"party": "U1", "weight": 1}],
            [{"party": name, "weight": 1} for name in ("U1", "U2", "U3")],
        ]),
        "collection": "lead:U1",
    }  # fmt: skip
    sometimes(pick, 0.5, terms["periods"], "min_days_after_final", 10)
    if pick.random() < 0.3:
        draw_trial(pick, start, terms["stages"])
    caps = draw_caps(pick)
    if caps and pick.random() < 0.5:
        terms["caps"] = caps
        if list(caps) == ["lifetime", "includes"] and len(caps["includes"]) == 4:
            stop = start + timedelta(days=pick.choice([60, 200, 364]))
            balance = pick.choice(["due", "waived"])
            sometimes(pick, 0.5, terms, "long_stop", {"date": stop.isoformat(), "balance": balance})
    if pick.random() < 0.35:
        terms["fixed"] = draw_fixed(pick, start)
    if pick.random() < 0.35:
        terms["minimum"] = draw_minimum(pick, start, kind)
        for year in sorted({"contract_year", "calendar_year"} & set(terms.get("caps", {}))):
            # A cap of the year below its minimum is refused, and most of these must be computed.
            terms["caps"][year] = pick.choice([terms["caps"][year], "1000.00", "1000.00"])
    sometimes(pick, 0.3, terms, "milestones", draw_milestones(pick))
    sometimes(pick, 0.25, terms, "min_payable", pick.choice(["50.00", "200.00"]))
    shared = {"order": "fifo", "max_share_per_period": pick.choice(["0.5", "0.3333", "0"])}
    sometimes(pick, 0.3, terms, "credits", shared)
    if pick.random() < 0.3:
        terms["late"] = draw_late(pick)
        sometimes(
            pick,
            0.5,
            terms,
            "correction",
            {"interest_from": pick.choice(["original_due", "notice"])},
        )
    return terms
