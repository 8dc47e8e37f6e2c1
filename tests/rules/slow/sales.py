"""From reported lines to the base of each stream, period and version (S1 to S4)."""

from dataclasses import dataclass, field
from fractions import Fraction

from tests.rules.slow.days import day
from tests.rules.slow.numbers import rounded

ONE = Fraction(1)


@dataclass
class Sale:
    index: int
    stream: str
    version: int
    when: object
    product: str
    currency: str
    vat_rate: Fraction
    gross: Fraction
    units: Fraction
    claims: dict
    third_party: Fraction
    ratio: Fraction
    factor: Fraction
    factor_set: tuple
    vat: Fraction = Fraction(0)
    allowed: Fraction = Fraction(0)
    use: str = "paying"

    @property
    def net(self):
        return self.gross - self.vat - self.allowed


@dataclass
class Segment:
    """What one stream sold in one period under one version."""

    index: int
    stream: dict
    terms: dict
    sales: list
    free_base: Fraction = Fraction(0)
    bases: list = field(default_factory=list)

    @property
    def base(self):
        return sum((base for base, _factor in self.bases), Fraction(0))


def stream_of(terms, key):
    return next(stream for stream in terms["streams"] if stream["key"] == key)


def factors_on(stream, when):
    """Return the numbers of the factors that run on a day, and their product."""
    product, running = ONE, []
    for number, factor in enumerate(stream.get("factors", [])):
        ends = factor.get("to")
        if day(factor["from"]) <= when and (ends is None or when <= day(ends)):
            product *= Fraction(factor["factor"])
            running.append(number)
    return tuple(running), product


def converted(contract, index, line, text):
    """Convert exactly with the last rate of the period, major unit to major unit."""
    if line["currency"] == contract.currency:
        return contract.money(text)
    series = contract.document["rates"][f"{line['currency']}/{contract.currency}"]
    known = [row for row in series if day(row[0]) <= contract.periods.last_day(index)]
    return contract.money(text) * Fraction(max(known)[1])


def round_sums(contract, sales):
    """Round each converted sum once; the difference goes to the largest of its parts."""
    foreign = [sale for sale in sales if sale.currency != contract.currency]
    same_sum = groups(
        foreign,
        lambda each: (
            each.index,
            each.stream,
            each.version,
            each.use,
            each.currency,
            each.factor_set,
        ),
    )
    for together in same_sum.values():
        for kind in {kind for sale in together for kind in sale.claims}:
            for sale in together:
                sale.claims.setdefault(kind, Fraction(0))
            round_sum(contract, [(sale, sale.claims, kind) for sale in together])
        for name in ("gross", "third_party"):
            round_sum(contract, [(sale, vars(sale), name) for sale in together])


def round_sum(contract, places):
    """Round the sum of (sale, mapping, name); the largest sub-sum takes the difference."""
    exact = sum(values[name] for _sale, values, name in places)
    parts = groups(places, lambda place: (place[0].product, place[0].ratio)).values()
    largest = max(parts, key=lambda part: abs(sum(values[name] for _s, values, name in part)))
    _sale, values, name = largest[0]
    values[name] += contract.round(exact) - exact


def read_sale(contract, index, line, known):
    when = day(line["sale_date"])
    terms = contract.version_of_sale(when, known)
    stream = stream_of(terms, line["stream"])
    factor_set, factor = factors_on(stream, when)
    pair = line.get("combination")
    ratio = ONE
    if pair:
        ratio = Fraction(pair["A"]) / (Fraction(pair["A"]) + Fraction(pair["B"]))
    return Sale(
        index=index, stream=line["stream"], version=terms["version"], when=when,
        product=line.get("product", ""), currency=line["currency"],
        vat_rate=Fraction(line.get("vat_rate", "0")),
        gross=converted(contract, index, line, line.get("gross", "0")),
        units=Fraction(line.get("units", "0")),
        claims={
            key: converted(contract, index, line, text)
            for key, text in line.get("deductions", {}).items()
        },
        third_party=converted(contract, index, line, line.get("third_party_royalty", "0")),
        ratio=ratio, factor=factor, factor_set=factor_set,
    )  # fmt: skip


def groups(sales, key):
    found = {}
    for sale in sales:
        found.setdefault(key(sale), []).append(sale)
    return found


def share_tax(contract, sales):
    """Round each tax sum once; the difference goes to the largest sub-sum."""
    mode = contract.first["rounding"]["mode"]
    unit = contract.first["rounding"]["unit_minor"]
    same_sum = groups(
        sales, lambda each: (each.index, each.stream, each.version, each.use, each.currency,
                             each.vat_rate),
    )  # fmt: skip
    for together in same_sum.values():
        for sale in together:
            sale.vat = sale.gross * sale.vat_rate / (1 + sale.vat_rate)
        exact = sum(sale.vat for sale in together)
        parts = groups(together, lambda each: (each.product, each.ratio, each.factor)).values()
        largest = max(parts, key=lambda part: abs(sum(sale.vat for sale in part)))
        largest[0].vat += rounded(exact, mode, unit) - exact


def allow_type(segment, rule, ceiling):
    """Allow one type of deduction up to its cap, shared over lines as they claim."""
    claimed = sum(sale.claims.get(rule["type"], 0) for sale in segment.sales)
    if not claimed:
        return
    granted = claimed
    if "cap_of_gross" in rule:
        granted = min(claimed, Fraction(rule["cap_of_gross"]) * ceiling)
    for sale in segment.sales:
        sale.allowed += granted * sale.claims.get(rule["type"], 0) / claimed


def allow_deductions(segment):
    stream = segment.stream
    ceiling = max(Fraction(0), sum(sale.gross - sale.vat for sale in segment.sales))
    for sale in segment.sales:
        sale.allowed = Fraction(0)
    for rule in stream["deductions"]:
        allow_type(segment, rule, ceiling)
    total = sum(sale.allowed for sale in segment.sales)
    if "deduction_cap_of_gross" in stream and total:
        limit = min(total, Fraction(stream["deduction_cap_of_gross"]) * ceiling)
        for sale in segment.sales:
            sale.allowed *= limit / total


def quantity(segment, sale):
    basis = segment.stream["basis"]
    if basis == "units":
        return sale.units
    return sale.gross - sale.vat if basis == "gross" else sale.net


def net_of_policy(segment, sales):
    """Return [sale, quantity] pairs after the rule for negatives."""
    policy = segment.stream["negative_net"]
    pairs = [[sale, quantity(segment, sale)] for sale in sales]
    if policy == "zero" and sum(amount for _sale, amount in pairs) < 0:
        return [[sale, Fraction(0)] for sale, _amount in pairs]
    if policy == "zero_per_product":
        totals = {}
        for sale, amount in pairs:
            totals[sale.product] = totals.get(sale.product, 0) + amount
        return [
            [sale, amount if totals[sale.product] >= 0 else Fraction(0)] for sale, amount in pairs
        ]
    return pairs


class Allowances:
    """What is left of each free allowance in its period or contract year."""

    def __init__(self, contract):
        self.contract = contract
        self.used = {}

    def take(self, segment, amount):
        rule = segment.stream.get("free_allowance")
        if rule is None or amount <= 0:
            return Fraction(0)
        window = self.contract.periods.window(rule["per"], segment.index)
        key = (segment.stream["key"], window)
        left = max(self.contract.money(rule["amount"]) - self.used.get(key, 0), Fraction(0))
        taken = min(left, amount)
        self.used[key] = self.used.get(key, 0) + taken
        return taken


def set_bases(segment, allowances):
    pairs = net_of_policy(segment, [sale for sale in segment.sales if sale.use == "paying"])
    total = sum((amount for _sale, amount in pairs), Fraction(0))
    taken = allowances.take(segment, total)
    keep = (total - taken) / total if taken else ONE
    segment.bases = [(amount * keep * sale.ratio, sale.factor) for sale, amount in pairs]
    free = net_of_policy(segment, [sale for sale in segment.sales if sale.use == "free"])
    segment.free_base = sum((amount * sale.ratio for sale, amount in free), Fraction(0))


def last_free_day(contract, known, segments):
    """Bring the end of the free stage forward where a limit of `ends_on` is met."""
    last = contract.free_until(known)
    trial = contract.first["stages"].get("trial", {})
    sales = [sale for segment in segments for sale in segment.sales if sale.use == "free"]
    steps = {contract.periods.last_day(sale.index) for sale in sales}
    if trial.get("trigger_granularity") == "line":
        steps = {sale.when for sale in sales}
    for when in sorted(steps):
        reached = [sale for sale in sales if sale.when <= when]
        if any(is_met(contract, limit, reached) for limit in trial.get("ends_on", [])):
            return min(last, when)
    return last


def is_met(contract, limit, sales):
    if "cumulative_net" in limit:
        return sum(sale.net for sale in sales) >= contract.money(limit["cumulative_net"])
    return sum(sale.units for sale in sales) >= Fraction(limit["cumulative_units"])


def use_of(contract, sale, known, last_free):
    """Say whether a sale is free, pays, or is only claimed."""
    if sale.when <= last_free:
        return "free"
    stages = contract.first["stages"]
    if stages.get("trial", {}).get("unconverted_use") != "claim":
        return "paying"
    begins = stages["paying"]["from"]
    paid_from = contract.event_day("conversion", known) if begins == "conversion" else day(begins)
    return "paying" if paid_from is not None and paid_from <= sale.when else "claim"


def make_segments(contract, sales, known, last_free):
    for sale in sales:
        sale.use = use_of(contract, sale, known, last_free)
    share_tax(contract, sales)
    round_sums(contract, sales)
    versions = {terms["version"]: terms for terms in contract.versions}
    same = groups(sales, lambda each: (each.index, each.version, each.stream))
    segments = [
        Segment(index, stream_of(versions[version], key), versions[version], together)
        for (index, version, key), together in sorted(same.items(), key=lambda pair: pair[0])
    ]
    for segment in segments:
        allow_deductions(segment)
    return segments


def read_sales(contract, known):
    return [
        read_sale(contract, index, line, known)
        for index, report in sorted(contract.reports(known).items())
        for line in report["lines"]
    ]


def read_segments(contract, known):
    """Return every segment in order of time and the last free day."""
    sales = read_sales(contract, known)
    segments = make_segments(contract, sales, known, contract.free_until(known))
    last_free = last_free_day(contract, known, segments)
    segments = make_segments(contract, read_sales(contract, known), known, last_free)
    allowances = Allowances(contract)
    for segment in segments:
        set_bases(segment, allowances)
    return segments, last_free
