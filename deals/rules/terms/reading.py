"""Turn one terms version from a file into values, refusing every key that has no place."""

from collections.abc import Mapping
from datetime import date

from deals.rules.faults import Fault
from deals.rules.money import EXPONENTS, MODES, Rounding
from deals.rules.periods import MONTHS
from deals.rules.reading import Reader
from deals.rules.terms import model, payments, streams

KEYS = {
    "schema", "contract", "version", "effective_from", "retroactive_from", "reset_windows",
    "currency", "zone", "rounding", "stages", "periods", "streams", "fixed", "milestones",
    "minimum", "caps", "long_stop", "credits", "late", "correction", "tax", "owners",
    "collection", "waterfalls", "min_payable",
}  # fmt: skip
REQUIRED = (
    "schema", "contract", "version", "effective_from", "currency", "rounding", "stages",
    "periods", "streams", "owners",
)  # fmt: skip


def read(value: object, where: str, faults: list[Fault]) -> model.Terms:
    """Read one version; the result counts only if no fault was added."""
    reader = Reader(value, where, faults)
    reader.only(KEYS, REQUIRED)
    reader.integer("schema", 1, 1)
    currency = reader.choice("currency", EXPONENTS) if reader.has("currency") else "CNY"
    currency = currency if currency in EXPONENTS else "CNY"
    stages = reader.below("stages")
    stages.only(("trial", "paying"), ("paying",) if reader.has("stages") else ())
    reader.text("contract")
    paying = _paying(stages.below("paying"))
    effective = reader.day("effective_from")
    starts = paying.start or effective
    return model.Terms(
        version=reader.integer("version", 1, 100_000),
        effective_from=effective,
        retroactive_from=reader.optional_day("retroactive_from"),
        reset_windows=reader.flag("reset_windows"),
        currency=currency,
        zone=reader.text("zone", "Asia/Shanghai"),
        rounding=_rounding(reader.below("rounding")),
        trial=_trial(stages.below("trial"), currency, starts) if stages.has("trial") else None,
        paying=paying,
        calendar=_calendar(reader.below("periods")),
        streams=_streams(reader, currency),
        fixed=tuple(payments.fixed(row, currency) for row in reader.rows("fixed")),
        milestones=tuple(payments.milestone(row, currency) for row in reader.rows("milestones")),
        minimum=payments.minimum(reader, currency),
        caps=payments.caps(reader, currency),
        long_stop=payments.long_stop(reader),
        credits=payments.credit_terms(reader),
        late=payments.late(reader),
        correction_interest=_correction(reader),
        tax=payments.tax(reader),
        owners=_owners(reader),
        collection=reader.text("collection", "each_owner"),
        waterfalls=_waterfalls(reader),
        min_payable=reader.amount("min_payable", currency),
    )


def _rounding(reader: Reader) -> Rounding:
    reader.only(("mode", "unit_minor"), ("mode", "unit_minor"))
    mode = reader.choice("mode", MODES, "half_up")
    return Rounding(mode, reader.integer("unit_minor", 1, 10**9, 1))


def _trial(reader: Reader, currency: str, starts: date) -> model.Trial:
    """Read the free stage; one without a first day starts with the contract."""
    reader.only(
        {
            "from", "to", "ends_on", "trigger_granularity", "free_counts_toward_tiers",
            "unconverted_use", "reports_required", "nothing_due_before",
        },
        ("unconverted_use",),
    )  # fmt: skip
    trial = model.Trial(
        start=reader.optional_day("from") or starts,
        last=reader.optional_day("to"),
        limits=tuple(_limit(row, currency) for row in reader.rows("ends_on")),
        granularity=reader.choice("trigger_granularity", ("period", "line"), "period"),
        counts_toward_tiers=reader.flag("free_counts_toward_tiers"),
        unconverted_use=reader.choice("unconverted_use", ("paying_rates", "claim")),
        reports_required=reader.flag("reports_required"),
        nothing_due_before=reader.choice("nothing_due_before", ("trial_end", "first_revenue"))
        or None,
    )
    if trial.last is not None and trial.last < trial.start:
        reader.refuse("dates.reversed", "to", "the end lies before the beginning")
    return trial


def _limit(reader: Reader, currency: str) -> model.Limit:
    reader.only(("cumulative_net", "cumulative_units"))
    if reader.has("cumulative_net") == reader.has("cumulative_units"):
        reader.refuse("limit.one", "", "one of cumulative_net and cumulative_units is expected")
    return model.Limit(
        net=reader.optional_amount("cumulative_net", currency),
        units=reader.units("cumulative_units") if reader.has("cumulative_units") else None,
    )


def _paying(reader: Reader) -> model.Paying:
    reader.only(("from", "to"), ("from",))
    start: date | None = None
    if reader.raw("from") != "conversion":
        start = reader.optional_day("from")
    last = reader.optional_day("to")
    if start is not None and last is not None and last < start:
        reader.refuse("dates.reversed", "to", "the end lies before the beginning")
    return model.Paying(start, last)


def _calendar(reader: Reader) -> model.Calendar:
    required = ("kind", "anchor", "report_days", "pay_days", "roll")
    reader.only((*required, "min_days_after_final"), required)
    return model.Calendar(
        kind=_known(reader.choice("kind", tuple(MONTHS)), MONTHS, "quarter"),
        anchor=reader.choice("anchor", ("calendar", "contract"), "calendar"),
        report_days=reader.integer("report_days", 0, 3660),
        pay_days=reader.integer("pay_days", 0, 3660),
        min_days_after_final=reader.optional_integer("min_days_after_final", 0, 3660),
        roll=reader.choice("roll", ("none", "following", "preceding"), "none"),
    )


def _known(value: str, known: Mapping[str, int], default: str) -> str:
    return value if value in known else default


def _streams(reader: Reader, currency: str) -> dict[str, model.Stream]:
    found: dict[str, model.Stream] = {}
    for row in reader.rows("streams"):
        stream = streams.read(row, currency)
        if stream.key in found:
            row.refuse("key.repeated", "key", "two streams have the same key")
        found[stream.key] = stream
    return found


def _correction(reader: Reader) -> str:
    correction = reader.below("correction")
    correction.only(("interest_from",))
    return correction.choice("interest_from", ("original_due", "notice"), "notice")


def _owners(reader: Reader) -> tuple[model.Owner, ...]:
    owners: list[model.Owner] = []
    for row in reader.rows("owners"):
        row.only(("party", "weight"), ("party", "weight"))
        owner = model.Owner(row.text("party"), row.weight("weight"))
        if owner.weight <= 0:
            row.refuse("owner.weight", "weight", "a weight must be greater than zero")
        if owner.party in {known.party for known in owners}:
            row.refuse("key.repeated", "party", "two owners have the same name")
        owners.append(owner)
    if reader.has("owners") and not owners:
        reader.refuse("key.missing", "owners", "at least one owner is expected")
    return tuple(owners)


def _waterfalls(reader: Reader) -> dict[str, str]:
    below = reader.below("waterfalls")
    return {party: below.text(party) for party in below.keys()}  # noqa: SIM118
