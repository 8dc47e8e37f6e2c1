"""A slow, plain reckoning of one stream's earned royalty, line by line and with fractions only.

It knows one currency and one terms version, looks at nothing of `deals.rules`, and recomputes every
window from its first line for every period. The tests compare it with the fast calculation.
"""

from fractions import Fraction

QUARTER_ENDS = {"1": "03-31", "2": "06-30", "3": "09-30", "4": "12-31"}


def fen(text):
    return Fraction(text) * 100


def rounded(value, rounding):
    unit = rounding["unit_minor"]
    exact = abs(value) / unit
    whole = exact.numerator // exact.denominator
    rest = exact - whole
    half = Fraction(1, 2)
    up = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[rounding["mode"]]
    return (whole + up) * unit * (-1 if value < 0 else 1)


def nets(terms, lines):
    """Return each line with its exact net."""
    stream = terms["streams"][0]
    taxes = []
    rates = {line["vat_rate"] for line in lines}
    exact = [
        fen(line["gross"]) * Fraction(line["vat_rate"]) / (1 + Fraction(line["vat_rate"]))
        for line in lines
    ]
    taxes = list(exact)
    for rate in rates:
        own = [index for index, line in enumerate(lines) if line["vat_rate"] == rate]
        total = sum(exact[index] for index in own)
        largest = max(own, key=lambda index: exact[index])
        taxes[largest] += rounded(total, terms["rounding"]) - total
    left = max(0, sum(fen(line["gross"]) for line in lines) - sum(taxes))
    allowed = {one["type"]: one.get("cap_of_gross") for one in stream["deductions"]}
    claims = {}
    for line in lines:
        for kind, amount in line["deductions"].items():
            if kind in allowed:
                claims[kind] = claims.get(kind, 0) + fen(amount)
    granted = {
        kind: amount if allowed[kind] is None else min(amount, Fraction(allowed[kind]) * left)
        for kind, amount in claims.items()
    }
    if "deduction_cap_of_gross" in stream and sum(granted.values()):
        most = Fraction(stream["deduction_cap_of_gross"]) * left
        share = min(1, most / sum(granted.values()))
        granted = {kind: amount * share for kind, amount in granted.items()}
    found = []
    for line, tax in zip(lines, taxes, strict=True):
        deducted = sum(
            fen(amount) * granted[kind] / claims[kind]
            for kind, amount in line["deductions"].items()
            if claims.get(kind)
        )
        found.append((line, fen(line["gross"]) - tax - deducted))
    return found


def base_of(terms, lines, used):
    """Return the period's base; `used` counts the allowance of its window."""
    stream = terms["streams"][0]
    quantity = sum((net for _, net in lines), Fraction(0))
    counted = sum(
        (
            net
            * Fraction(line["combination"]["A"])
            / (Fraction(line["combination"]["A"]) + Fraction(line["combination"]["B"]))
            if line.get("combination")
            else net
        )
        for line, net in lines
    )
    if stream["negative_net"] == "zero" and quantity < 0:
        return Fraction(0), used
    if "free_allowance" not in stream or quantity <= 0:
        return Fraction(counted), used
    taken = min(quantity, max(0, fen(stream["free_allowance"]["amount"]) - used))
    return counted * (quantity - taken) / quantity, used + taken


def tiers(rows, mode, base):
    base = max(0, base)
    lower, total = Fraction(0), Fraction(0)
    for row in rows:
        upper = None if row["up_to"] is None else fen(row["up_to"])
        inside = upper is None or base <= upper
        if mode == "whole" and inside:
            return base * Fraction(row["rate"]) + (fen(row.get("flat", "0")) if base > 0 else 0)
        if mode == "marginal" and base > lower:
            top = base if inside else upper
            total += (top - lower) * Fraction(row["rate"]) + fen(row.get("flat", "0"))
        lower = upper
    return total


def window_of(kind, period):
    return {"period": period, "lifetime": ""}.get(kind, period[:4])


def earned(terms, reports):
    """Return the earned royalty of each reported quarter, in fen."""
    stream = terms["streams"][0]
    kind = stream["tiers"]["window"]
    per = stream.get("free_allowance", {}).get("per")
    window, base, before = None, Fraction(0), 0
    allowance, used = None, Fraction(0)
    found = {}
    for report in sorted(reports, key=lambda one: one["period"]):
        period = report["period"]
        if allowance != (period if per == "period" else period[:4]):
            allowance, used = (period if per == "period" else period[:4]), Fraction(0)
        more, used = base_of(terms, nets(terms, report["lines"]), used)
        if not report["lines"]:
            found[period] = 0
            continue
        if window != window_of(kind, period):
            window, base, before = window_of(kind, period), min(base, Fraction(0)), 0
        base += more
        after = rounded(
            tiers(stream["tiers"]["rows"], stream["tiers"]["mode"], base), terms["rounding"]
        )
        found[period], before = after - before, after
    return found


def following(period):
    year, quarter = int(period[:4]), int(period[6])
    return f"{year + quarter // 4}-Q{quarter % 4 + 1}"


def known_on(day, reports):
    """Return of each period the highest revision accepted by a day."""
    found = {}
    for report in sorted(reports, key=lambda one: one["revision"]):
        if report["accepted_on"] <= day:
            found[report["period"]] = report
    return list(found.values())


def posted(terms, reports):
    """Return of each statement what it shows as earned and as corrections, in fen."""
    first = {}
    for report in reports:
        day = report["accepted_on"]
        first[report["period"]] = min(first.get(report["period"], day), day)
    shown, corrected, before = {}, {}, {}
    for day in sorted({report["accepted_on"] for report in reports}):
        target = earned(terms, known_on(day, reports))
        final = [period for period, since in first.items() if since < day]
        for period, amount in target.items():
            change = amount - before.get(period, 0)
            if period not in final:
                shown[period] = amount
            elif change:
                on = following(max(final))
                corrected[on] = corrected.get(on, 0) + change
        before = target
    return {
        period: (shown.get(period, 0), corrected.get(period, 0)) for period in {*shown, *corrected}
    }
