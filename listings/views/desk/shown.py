"""What desk pages show of a listing: a line, its checks, its history, what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from listings.models import Listing, Patent
from listings.rules import quality
from listings.rules.states import ListingState
from listings.services.listings import OPEN_STATES, draft_facts, quality_words, why_not
from listings.views.cards import marked, name_of, title_of
from marketplace.accounts.actors import Actor
from marketplace.base import audit
from marketplace.base.words import state_word, words_for

AUTHORS = ("listing.draft", "listing.edit")
AT_THE_DESK = (*AUTHORS, "listing.approve")


@dataclass(frozen=True)
class Line:
    """A row of a desk table."""

    listing: Listing
    title: SafeString
    cover: str
    code: str
    state: str
    state_words: str
    university: str
    url: str
    edit_url: str
    is_open: bool


@dataclass(frozen=True)
class Check:
    """Something that was checked: "ok", "warn" or "danger"."""

    text: str
    state: str


@dataclass(frozen=True)
class Step:
    """What a listing waits for, in words; `url` leads to where it is done, "" for others' work."""

    text: str
    tone: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Event:
    """An entry of the history for the activity log."""

    icon: str
    tone: str
    text: str
    at: datetime


def line(listing: Listing) -> Line:
    """A listing loaded with `for_cards` as a row."""
    title = title_of(listing)
    return Line(
        listing=listing,
        title=marked(title) if title.text else marked(title_of(Listing(title_zh=_("Untitled")))),
        cover=listing.industry.cover if listing.industry else "dots",
        code=listing.shelf_code or listing.public_id,
        state=listing.state,
        state_words=state_word(listing.state),
        url=reverse("listing_at_desk", args=[listing.public_id]),
        university=name_of(listing.organisation),
        edit_url=reverse("listing_step", args=[listing.public_id, "pitch"]),
        is_open=listing.state in OPEN_STATES,
    )


def checks(listing: Listing) -> list[Check]:
    """What the machine can say about a listing before people decide."""
    facts, words = draft_facts(listing), quality_words()
    missing, advice = quality.missing(facts), quality.advice(facts)
    found = [Check(_("Missing: %(what)s") % {"what": words[code]}, "danger") for code in missing]
    if not missing:
        found.append(Check(_("Everything that an office asks for is there."), "ok"))
    found.append(_owner_check(listing))
    found += _patent_checks(listing)
    found += [Check(_("Would help: %(what)s") % {"what": words[code]}, "warn") for code in advice]
    return found


def _owner_check(listing: Listing) -> Check:
    if listing.organisation.is_verified:
        return Check(_("The platform has verified the university."), "ok")
    return Check(_("The platform has not verified the university yet."), "danger")


def _patent_checks(listing: Listing) -> list[Check]:
    patents = list(listing.patents.all())
    dead = [patent.number for patent in patents if patent.status in ("refused", "lapsed")]
    found = []
    if dead:
        found.append(Check(_("Not in force: %(numbers)s") % {"numbers": ", ".join(dead)}, "warn"))
    numbers = [patent.number for patent in patents]
    others = Patent.objects.filter(number__in=numbers).exclude(listing=listing)
    shared = others.exclude(listing__state=ListingState.WITHDRAWN).values_list("number", flat=True)
    repeated = sorted(set(shared))
    if repeated:
        words = _("Also behind another listing: %(numbers)s")
        found.append(Check(words % {"numbers": ", ".join(repeated)}, "warn"))
    return found


def next_step(listing: Listing, actor: Actor) -> Step:
    """What a listing waits for, as the actor's next action where it is the actor's."""
    if listing.state in OPEN_STATES and not any(actor.may(one) for one in AUTHORS):
        return Step(_("Its author completes and submits it."), "info")
    if listing.state in OPEN_STATES:
        url = reverse("listing_step", args=[listing.public_id, "preview"])
        return Step(_("It is yours to complete and submit."), "accent", url, _("Go on editing"))
    if listing.state == ListingState.OFFICE_REVIEW:
        refusal = why_not(listing, "approve", by=actor)
        if refusal:
            own = words_for(refusal) if refusal.code == "approver.is_author" else ""
            return Step(_("The head of the office decides next.") + own, "info")
        url = reverse("listing_approval", args=[listing.public_id])
        return Step(_("It waits for your approval."), "accent", url, _("Decide"))
    if listing.state == ListingState.PLATFORM_REVIEW:
        return Step(_("The platform reviews it next; then it is on the shelf."), "info")
    if listing.state == ListingState.PUBLISHED:
        url = reverse("listing", args=[listing.public_id])
        return Step(_("It stands on the shelf."), "ok", url, _("Open its page"))
    return Step(_("It is off the shelf."), "warn")


VERB_ICONS: Mapping[str, tuple[str, str]] = {
    "created": ("plus", ""),
    "imported": ("table-import", ""),
    "imported_again": ("table-import", ""),
    "edited": ("edit", ""),
    "submit": ("upload", "brand"),
    "approve": ("check", "ok"),
    "publish": ("building-store", "ok"),
    "send_back": ("arrow-left", "danger"),
    "return": ("arrow-left", "danger"),
    "withdraw": ("ban", "danger"),
}


def history(listing: Listing) -> list[Event]:
    """The last twenty things that happened to it, newest first."""
    words = {
        "created": _("%(who)s began the draft"),
        "imported": _("%(who)s imported it"),
        "imported_again": _("%(who)s imported a changed row"),
        "edited": _("%(who)s edited it"),
        "submit": _("%(who)s submitted it to the office"),
        "approve": _("%(who)s approved it for the university"),
        "publish": _("%(who)s put it on the shelf"),
        "send_back": _("%(who)s sent it back to its author"),
        "return": _("%(who)s returned it to the university"),
        "withdraw": _("%(who)s took it off the shelf"),
    }
    found = []
    for entry in audit.entries_of(listing)[:20]:
        icon, tone = VERB_ICONS.get(entry.verb, ("history", ""))
        who = str(entry.actor) if entry.actor else _("The system")
        text = words.get(entry.verb, "%(who)s: " + entry.verb) % {"who": who}
        found.append(Event(icon, tone, text, entry.at))
    return found
