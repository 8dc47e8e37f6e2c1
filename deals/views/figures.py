"""The points of a contract in words, alone and beside those of another version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals.forms.talks import KIND_WORDS, percent_of
from deals.models import Deal, TermsVersion
from deals.rules.agreement import Grant
from deals.rules.changes import Change, deviations
from deals.rules.money import parse_amount
from deals.rules.points import Points, beyond_points, points_of, points_offered
from deals.services.approvals import departures
from listings.models import Listing
from listings.views.cards import territory_word
from marketplace.base import formats


@dataclass(frozen=True)
class Row:
    """One point: its name and what it says."""

    label: str
    value: str


@dataclass(frozen=True)
class Difference:
    """One row of a comparison; `note` says what the difference means, "" for none."""

    label: str
    before: str
    after: str
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two sides say different things."""
        return self.before != self.after


def rows_of(version: TermsVersion) -> list[Row]:
    """The points of a version, for the rail and the acceptance."""
    points = points_of(version.document, version.grant)
    until = f"{points.paying_to:%Y-%m-%d}" if points.paying_to else ""
    rows = [
        *(Row(label, write(points)) for label, write in _writers()),
        Row(_("Field of use"), version.field_of_use),
        Row(_("Acts"), version.acts),
        Row(_("Late interest"), _late(points)),
        Row(_("Trial days"), _days(points)),
        Row(_("Paying until at most"), until),
    ]
    return [row for row in rows if row.value]


def room_left(deal: Deal) -> list[Row]:
    """What may still be asked for under the cap, once there is a statement that says so."""
    last = deal.statements.order_by("-position").first()
    left = last.figures.get("cap_left") if last is not None else None
    if last is None or left is None:
        return []
    return [Row(_("Left under the cap"), formats.wan(parse_amount(left, last.currency)))]


def against_listing(version: TermsVersion) -> list[Difference]:
    """A version beside the standing terms that its listing is offered under."""
    offered = offered_points(version.deal.listing)
    if offered is None:
        return []
    agreed = points_of(version.document, version.grant)
    return [*_compared(offered, agreed), *_clauses(departures(version))]


def against_version(before: TermsVersion, after: TermsVersion) -> list[Difference]:
    """A version beside the one before it."""
    rows = _compared(
        points_of(before.document, before.grant), points_of(after.document, after.grant)
    )
    texts = [
        (_("Field of use"), before.field_of_use, after.field_of_use),
        (_("Acts"), before.acts, after.acts),
    ]
    return [*rows, *(Difference(*text) for text in texts)]


def of_document(listing: Listing, document: Mapping[str, Any], grant: Grant) -> list[Difference]:
    """A document that is being written beside the standing terms of its listing."""
    template, offered = listing.terms_template, offered_points(listing)
    if template is None or offered is None:
        return []
    changes = deviations(template.document, document, trial_months=template.trial_months)
    return [*_compared(offered, points_of(document, grant)), *_clauses(changes)]


def rows_offered(points: Points) -> list[Row]:
    """The points of terms that nobody has proposed yet."""
    return [Row(label, write(points)) for label, write in _writers()]


def offered_points(listing: Listing) -> Points | None:
    """The points of a listing's standing terms, None without any."""
    template = listing.terms_template
    if template is None:
        return None
    return points_offered(
        template.document,
        trial_months=template.trial_months,
        kind=template.licence_kind,
        territory=template.territory,
    )


def rates(tiers: Sequence[tuple[int | None, str]]) -> str:
    """`4% of the first ¥2,000,000, 3% above`; none for a price that no rate is part of."""
    if not tiers:
        return _("none")
    if len(tiers) == 1:
        return f"{percent_of(tiers[0][1])}%"
    words = []
    for index, (limit, rate) in enumerate(tiers):
        said = {"rate": f"{percent_of(rate)}%", "limit": formats.wan(limit) if limit else ""}
        if limit is None:
            words.append(_("%(rate)s above") % said)
        elif index == 0:
            words.append(_("%(rate)s of the first %(limit)s") % said)
        else:
            words.append(_("%(rate)s up to %(limit)s") % said)
    return reduce(lambda before, after: _("%(a)s, %(b)s") % {"a": before, "b": after}, words)


def _writers() -> list[tuple[str, Callable[[Points], str]]]:
    return [
        (_("Free trial"), _trial),
        (_("Licence"), _licence),
        (_("Royalty"), _royalty),
        (_("Free allowance a quarter"), _allowance),
        (_("Lifetime cap"), lambda points: _amount(points.cap)),
        (_("Minimum a year"), lambda points: _amount(points.minimum)),
    ]


def _royalty(points: Points) -> str:
    return _prices(points.pieces) if points.pieces else rates(points.tiers)


def _prices(pieces: Sequence[tuple[str | None, str]]) -> str:
    """`5.125 a piece up to 1,000, 4 a piece above`: prices in the contract's currency."""
    words = []
    for limit, price in pieces:
        said = {"rate": _("%(amount)s a piece") % {"amount": price}, "limit": limit or ""}
        if limit is not None:
            words.append(_("%(rate)s up to %(limit)s") % said)
        else:
            words.append(said["rate"] if len(pieces) == 1 else _("%(rate)s above") % said)
    return reduce(lambda before, after: _("%(a)s, %(b)s") % {"a": before, "b": after}, words)


def _allowance(points: Points) -> str:
    if points.free_pieces:
        return _("%(number)s pieces") % {"number": points.free_pieces}
    return _amount(points.allowance)


def _licence(points: Points) -> str:
    return f"{KIND_WORDS[points.kind]} · {territory_word(points.territory)}"


def _compared(before: Points, after: Points) -> list[Difference]:
    notes = {
        _("Free trial"): _months_note(before, after),
        _("Lifetime cap"): _cap_note(before, after),
    }
    return [
        Difference(label, write(before), write(after), notes.get(label, ""))
        for label, write in _writers()
    ]


def _clauses(changes: tuple[Change, ...]) -> list[Difference]:
    """What differs and is none of the points: by clause number, in the document's own values."""
    return [
        Difference(
            _("Clause %(clause)s") % {"clause": change.clause},
            _value(change.before),
            _value(change.after),
        )
        for change in beyond_points(changes)
    ]


def _value(value: object) -> str:
    return _("not there") if value is None else str(value)


def _trial(points: Points) -> str:
    if points.trial_months is not None:
        words = ngettext("%(count)s month", "%(count)s months", points.trial_months)
        return words % {"count": points.trial_months}
    return _days(points)


def _days(points: Points) -> str:
    if points.trial_from is None or points.trial_to is None:
        return ""
    return f"{points.trial_from:%Y-%m-%d} – {points.trial_to:%Y-%m-%d}"


def _amount(minor: int | None) -> str:
    return _("none") if minor is None else formats.wan(minor)


def _late(points: Points) -> str:
    if points.late_rate is None:
        return ""
    return _("%(rate)s a year") % {"rate": f"{percent_of(points.late_rate)}%"}


def _months_note(before: Points, after: Points) -> str:
    if before.trial_months is None or after.trial_months is None:
        return ""
    more = after.trial_months - before.trial_months
    said = {"count": abs(more)}
    if more > 0:
        return ngettext("%(count)s month more", "%(count)s months more", more) % said
    return ngettext("%(count)s month less", "%(count)s months less", -more) % said if more else ""


def _cap_note(before: Points, after: Points) -> str:
    if before.cap is None or after.cap is None or before.cap == after.cap:
        return ""
    said = {"amount": formats.wan(abs(after.cap - before.cap))}
    return _("%(amount)s more") % said if after.cap > before.cap else _("%(amount)s less") % said
