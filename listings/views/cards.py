"""A listing as cards, rows and labels show it, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from listings.models import Listing
from listings.rules import tokens
from listings.rules.wording import Run, choose
from marketplace.accounts.models import City, Organisation


@dataclass(frozen=True)
class Tag:
    """A small marked word: its text, tone and icon."""

    text: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Card:
    """What product_card.html and result_row.html ask for."""

    url: str
    title: SafeString
    benefit: SafeString
    university: str
    trl: int
    cover: str
    shelf_code: str
    trial_months: int
    rate: str
    cap: int | None
    industry: str
    patents: int
    tags: tuple[Tag, ...]
    image_url: str = ""


def card(listing: Listing, *, words: Sequence[str] = (), patents: int = 0) -> Card:
    """The card of a listing loaded with `for_cards`; `words` are marked where they occur."""
    industry = listing.industry
    return Card(
        url=reverse("listing", args=[listing.public_id]),
        title=marked(title_of(listing), words),
        benefit=marked(pitch_of(listing), words),
        university=name_of(listing.organisation),
        trl=listing.trl or 1,
        cover=industry.cover if industry else "dots",
        shelf_code=listing.shelf_code or "",
        trial_months=listing.trial_months,
        rate=rate_of(listing),
        cap=listing.cap_minor,
        industry=in_language(industry.name_zh, industry.name_en).text if industry else "",
        patents=patents,
        tags=tuple(_tags(listing)),
    )


def in_language(chinese: str, english: str) -> Run:
    """The text in the page's language, else in the other one."""
    return choose(chinese, english, wanted=get_language() or "")


def title_of(listing: Listing) -> Run:
    """The listing's title."""
    return in_language(listing.title_zh, listing.title_en)


def pitch_of(listing: Listing) -> Run:
    """The sentence under the title."""
    return in_language(listing.pitch_zh, listing.pitch_en)


def name_of(named: Organisation | City) -> str:
    """An organisation's or a city's name."""
    return in_language(named.name_zh, named.name_en).text


def territory_word(territory: str) -> str:
    """The usual territory is a word of ours; any other is the university's own wording."""
    return _("Chinese mainland") if territory == "中国内地" else territory


def rate_of(listing: Listing) -> str:
    """`4% → 3%`, or one rate where the first and the last are the same; words for a price."""
    if listing.terms_template_id and not listing.rate_first and not listing.rate_last:
        return _("a price")
    first, last = _percent(listing.rate_first), _percent(listing.rate_last)
    return first if first == last else f"{first}\u00a0→\u00a0{last}"


def marked(run: Run, words: Sequence[str] = ()) -> SafeString:
    """The run as HTML: matches in <mark>, and its language said where it is not the page's."""
    pieces = format_html_join(
        "", "{}", ((_piece(text, is_hit),) for text, is_hit in _pieces(run.text, words))
    )
    if run.is_fallback:
        return format_html('<span lang="{}">{}</span>', run.language, pieces)
    return pieces


def _piece(text: str, is_hit: bool) -> str:  # noqa: FBT001 - one of a pair, not an option
    return format_html("<mark>{}</mark>", text) if is_hit else text


def _pieces(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in pieces that are all hit or all not; compared as search compares."""
    plain = tokens.normalised(text) if words else ""
    if len(plain) != len(text):
        return [(text, False)]
    hit = [False] * len(text)
    for word in words:
        start = plain.find(word)
        while start >= 0:
            hit[start : start + len(word)] = [True] * len(word)
            start = plain.find(word, start + len(word))
    runs = groupby(zip(text, hit, strict=True), key=lambda pair: pair[1])
    return [("".join(letter for letter, _hit in letters), is_hit) for is_hit, letters in runs]


def _percent(rate: Decimal) -> str:
    """An exact share as percent without superfluous zeros."""
    return f"{(Decimal(rate) * 100).normalize():f}%"


def _tags(listing: Listing) -> list[Tag]:
    """What a chooser should know at a glance, the most decisive first."""
    if listing.is_licensed_exclusively:
        return [Tag(_("Licensed exclusively"), "warn", "lock")]
    tags = []
    if listing.trials_running:
        text = ngettext(
            "%(count)s company on trial", "%(count)s companies on trial", listing.trials_running
        )
        tags.append(Tag(text % {"count": listing.trials_running}, "ok", "check"))
    if not listing.places_left:
        tags.append(Tag(_("Trial places full"), "warn", "hourglass"))
    if listing.is_guaranteed:
        tags.append(Tag(_("Platform guarantee"), "brand", "shield-check"))
    return tags
