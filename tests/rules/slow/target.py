"""What every period should hold, as known on one day (S5 to S9)."""

from dataclasses import dataclass, field
from fractions import Fraction

from tests.rules.slow.caps import apply_caps
from tests.rules.slow.days import day
from tests.rules.slow.minimum import apply_minimum
from tests.rules.slow.sales import Segment, read_segments
from tests.rules.slow.tiers import Stream

ZERO = Fraction(0)
SUMS = (
    "gross", "vat", "deductions", "net", "base", "earned", "stacking", "milestones",
    "minimum_top_up", "recouped", "clipped", "shortfall_carried", "shortfall_lapsed",
)  # fmt: skip


@dataclass
class Box:
    """One period: its sums, its fixed items by key and what the caps let through."""

    index: int
    sums: dict = field(default_factory=lambda: dict.fromkeys(SUMS, ZERO))
    fixed: dict = field(default_factory=dict)
    own: dict = field(default_factory=dict)
    is_reported: bool = False
    accrued: Fraction = ZERO
    cap_left: Fraction | None = None

    def __getitem__(self, name):
        return sum(self.fixed.values(), ZERO) if name == "fixed" else self.sums[name]

    def __setitem__(self, name, value):
        self.sums[name] = value

    @property
    def running(self):
        return self["earned"] - self["stacking"]

    @property
    def is_empty(self):
        """Tell whether nothing at all happened in the period."""
        return not self.is_reported and not self.holds_a_line

    @property
    def holds_a_line(self):
        posted = ("earned", "stacking", "fixed", "milestones", "minimum_top_up", "recouped",
                  "clipped")  # fmt: skip
        return any(self[name] for name in posted)


@dataclass
class Target:
    contract: object
    known: object
    boxes: dict

    def box(self, index):
        return self.boxes.setdefault(index, Box(index))

    def ordered(self):
        return [self.boxes[index] for index in sorted(self.boxes)]


def add_sales(target, segments):
    for segment in segments:
        box = target.box(segment.index)
        for sale in segment.sales:
            box["gross"] += sale.gross
            box["vat"] += sale.vat
            box["deductions"] += sale.allowed
            box["net"] += sale.net
        if segment.stream["basis"] != "units":
            box["base"] += segment.base


def earn(target, segments, last_free):
    contract = target.contract
    keys = {stream["key"]: None for terms in contract.versions for stream in terms["streams"]}
    for key in keys:
        stream = Stream(contract, key, last_free)
        for index in sorted(target.boxes):
            mine = [each for each in segments if each.index == index and each.stream["key"] == key]
            last = nil_segments(contract, index, key, target.known)
            mine += [each for each in last if each.terms not in [done.terms for done in mine]]
            earned = stream.earn(mine)
            sales = [sale for segment in mine for sale in segment.sales
                     if sale.use == "paying"]  # fmt: skip
            target.box(index)["earned"] += earned
            target.box(index)["stacking"] += stream.stack(index, sales, earned, target.known)


def nil_segments(contract, index, key, known):
    terms = contract.version_of_sale(contract.periods.last_day(index), known)
    found = [stream for stream in terms["streams"] if stream["key"] == key]
    return [Segment(index, stream, terms, []) for stream in found]


def add_milestones(target):
    contract = target.contract
    reached = set()
    for terms in contract.versions:
        for milestone in terms.get("milestones", []):
            if "date" in milestone and milestone["key"] not in reached:
                add_dated(target, milestone, reached)
    total = ZERO
    for box in target.ordered():
        total += box["net"]
        terms = contract.terms_of(box.index, target.known)
        for milestone in terms.get("milestones", []):
            if "date" in milestone or milestone["key"] in reached:
                continue
            is_met = total >= contract.money(milestone["cumulative_net"])
            if is_met and box.index in contract.reports(target.known):
                box["milestones"] += contract.money(milestone["amount"])
                reached.add(milestone["key"])


def add_dated(target, milestone, reached):
    """Post a milestone on its date if the version of that period has it."""
    when = day(milestone["date"])
    if when > target.known:
        return
    box = target.box(target.contract.periods.index(when))
    if milestone in target.contract.terms_of(box.index, target.known).get("milestones", []):
        box["milestones"] += target.contract.money(milestone["amount"])
        reached.add(milestone["key"])


def fixed_day(contract, item, known):
    """Return the day of a fixed item, None while it has not come."""
    if item["on"][:1].isdigit():
        when = day(item["on"])
        return when if when <= known else None
    return contract.event_day(item["on"], known)


def add_fixed(target):
    contract = target.contract
    for item in contract.first.get("fixed", []):
        when = fixed_day(contract, item, target.known)
        if when is not None:
            box = target.box(contract.periods.index(when))
            box.fixed[item["key"]] = contract.money(item["amount"])
            if "due_days" in item:
                box.own[item["key"]] = when


def compute_target(contract, known, pages=()):
    """Compute every period; `pages` are statements that must have a box, posted to or not."""
    target = Target(contract, known, {})
    for index in contract.reports(known):
        target.box(index).is_reported = True
    segments, last_free = read_segments(contract, known)
    add_sales(target, segments)
    earn(target, segments, last_free)
    for index in pages:
        target.box(index)
    add_fixed(target)
    add_milestones(target)
    stop = contract.first.get("long_stop")
    if stop and day(stop["date"]) <= known:
        target.box(contract.periods.index(day(stop["date"])))
    apply_minimum(target, last_free)
    apply_caps(target)
    return target
