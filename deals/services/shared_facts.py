"""What many deals share and each must keep for itself: rates and distribution policies.

A computation works from the deal's own chain of facts. Before it runs, what has been published or
confirmed since is copied into the chain, so that the same figures come out ever after.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from django.db.models import F

from deals.models import Deal, DistributionPolicy, PublishedRate, TermsVersion
from deals.rules.distribution import PERSON, policy_key
from deals.rules.periods import Period, PeriodPlan
from deals.services import rates
from deals.services.dossiers import append_fact
from marketplace.accounts.models import Organisation

Documents = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that a deal's chain lacks."""

    kind: str
    payload: Mapping[str, object]
    effective_date: date


def bring(documents: Documents, *, on: date, at: datetime) -> set[int]:
    """Copy what these contract files lack into their deals' chains; the deals that gained facts.

    `documents` are contract files by deal id; the caller holds the deals' row locks. Deals whose
    terms name neither a rate series nor a distribution policy cost no query.
    """
    quotes = cache(partial(_quotes, on=on))
    found = {pk: [*_lending(document, quotes)] for pk, document in _with_series(documents)}
    for pk, missing in _policies(documents, on):
        found.setdefault(pk, []).append(missing)
    gained = {pk: facts for pk, facts in found.items() if facts}
    for deal in Deal.objects.filter(pk__in=gained).order_by("pk"):
        append_missing(deal, gained[deal.pk], at=at)
    return set(gained)


def append_missing(deal: Deal, missing: Iterable[Missing], *, at: datetime) -> None:
    """Append these facts to the deal's chain; the caller holds the deal's row lock."""
    for fact in missing:
        append_fact(
            deal, kind=fact.kind, payload=fact.payload, effective_date=fact.effective_date, at=at
        )


def exchange_rates(
    document: Mapping[str, Any], currencies: Iterable[str], *, period: Period, plan: PeriodPlan
) -> list[Missing]:
    """The exchange rates that sales of a period in these currencies are converted by.

    Only such as the contract file does not hold yet, and none that a period which was reported
    before would be converted anew by: a rate that was published too late is ignored. None when a
    rate is not published, which the calculation then says.
    Source: docs/rules.md#converting-currencies.
    """
    home = document["terms"][0]["currency"]
    found: list[Missing] = []
    for currency in sorted(set(currencies) - {home}):
        series = f"{currency}/{home}"
        row = rates.last_quote(series, on=period.last)
        held = sorted(date.fromisoformat(day) for day, _ in document["rates"].get(series, []))
        if row is None or row.rate_date in held:
            continue
        reported = _reported(document, currency, plan)
        if not any(_converts_anew(row.rate_date, held, last) for last in reported):
            found.append(_rate(row))
    return found


def _reported(document: Mapping[str, Any], currency: str, plan: PeriodPlan) -> Iterator[date]:
    """The last days of the periods with accepted sales in a currency."""
    for report in document["reports"]:
        period = plan.named(report["period"])
        if period and any(line["currency"] == currency for line in report["lines"]):
            yield period.last


def _converts_anew(rate_date: date, held: list[date], last: date) -> bool:
    used = max((day for day in held if day <= last), default=None)
    return used is not None and used < rate_date <= last


def with_rates(document: dict[str, Any], missing: Iterable[Missing]) -> dict[str, Any]:
    """The contract file as it will be once these rates are among its facts."""
    series = {name: list(rows) for name, rows in document["rates"].items()}
    for fact in missing:
        name = str(fact.payload["series"])
        series.setdefault(name, []).append([fact.payload["date"], fact.payload["value"]])
    return {**document, "rates": series}


def _with_series(documents: Documents) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return (
        (pk, document)
        for pk, document in documents.items()
        if any(_series_of(terms) for terms in document["terms"])
    )


def _series_of(terms: Mapping[str, Any]) -> str:
    rate = (terms.get("late") or {}).get("rate") or {}
    return str(rate.get("series", ""))


def lending_rates(document: Mapping[str, Any], *, on: date) -> Iterator[Missing]:
    """The changes of every lending rate that the terms name, from the one in force at the start.

    A value that is published for a day between two copied ones is late: it would change interest
    that was reckoned already, and is left out.
    """
    yield from _lending(document, partial(_quotes, on=on))


def _quotes(series: str, *, on: date) -> list[PublishedRate]:
    """What is published of a series up to a day, oldest first."""
    rows = PublishedRate.objects.first_values().of(series).filter(rate_date__lte=on)
    return list(rows.order_by("rate_date"))


def _lending(
    document: Mapping[str, Any], quotes: Callable[[str], list[PublishedRate]]
) -> Iterator[Missing]:
    begins = min(date.fromisoformat(terms["effective_from"]) for terms in document["terms"])
    for series in sorted({_series_of(terms) for terms in document["terms"]} - {""}):
        held = sorted(date.fromisoformat(day) for day, _ in document["rates"].get(series, []))
        yield from map(_rate, _changes(quotes(series), begins, held))


def _changes(
    rows: Iterable[PublishedRate], begins: date, held: list[date]
) -> Iterator[PublishedRate]:
    in_force: PublishedRate | None = None
    value = None
    for row in rows:
        if row.rate_date <= begins:
            in_force = row
            continue
        if in_force is not None:
            value = in_force.value
            if _is_new(in_force, held):
                yield in_force
            in_force = None
        if row.value != value and _is_new(row, held):
            yield row
        value = row.value
    if in_force is not None and _is_new(in_force, held):
        yield in_force


def _is_new(row: PublishedRate, held: list[date]) -> bool:
    return not held or row.rate_date > held[-1] or row.rate_date < held[0]


def _rate(row: PublishedRate) -> Missing:
    payload = {
        "series": row.series,
        "date": row.rate_date.isoformat(),
        "value": rates.plain(row.value),
        "source": row.source,
    }
    return Missing("rate", payload, row.rate_date)


def _policies(documents: Documents, on: date) -> Iterator[tuple[int, Missing]]:
    """The confirmed policies of the owners that the terms name, each with the deal's people."""
    named = {pk: set(_keys(document)) for pk, document in documents.items()}
    wanted = {party for parties in named.values() for party in parties}
    if not wanted:
        return
    owners = dict(Organisation.objects.filter(public_id__in=wanted).values_list("pk", "public_id"))
    confirmed = DistributionPolicy.objects.confirmed().filter(organisation__in=owners)
    versions = list(confirmed.order_by("effective_from"))
    people = _people(named)
    for pk, parties in named.items():
        policies = documents[pk].get("policies", {})
        for version in versions:
            party = owners[version.organisation_id]
            held = policies.get(policy_key(party), {}).get("versions", [])
            days = {one["effective_from"] for one in held}
            if party in parties and version.effective_from.isoformat() not in days:
                yield pk, _policy(version, party, people.get(pk, []))


def _keys(document: Mapping[str, Any]) -> Iterator[str]:
    """The parties whose own policy the terms name."""
    for terms in document["terms"]:
        for party, key in (terms.get("waterfalls") or {}).items():
            if key == policy_key(party):
                yield party


def _people(named: Mapping[int, Iterable[str]]) -> dict[int, list[Mapping[str, Any]]]:
    ids = [pk for pk, parties in named.items() if parties]
    rows = TermsVersion.objects.filter(deal__in=ids, deal__terms=F("pk"))
    return dict(rows.values_list("deal_id", "inventors"))


def _policy(version: DistributionPolicy, party: str, people: list[Mapping[str, Any]]) -> Missing:
    steps = list(version.steps)
    weights = {f"{PERSON}{one['name']}": one["weight"] for one in people if one["weight"]}
    if weights:
        steps.append({"take": "inventors", "weights": weights})
    payload = {
        "key": policy_key(party),
        "effective_from": version.effective_from.isoformat(),
        "steps": steps,
    }
    return Missing("policy", payload, version.effective_from)
