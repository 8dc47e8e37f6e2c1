"""What templates need beyond Django: icons, links of the frame, covers, and written numbers."""

import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, resolve, reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.base import charts, covers, formats, policy, tones
from marketplace.base.words import state_word

register = template.Library()

# Pages below another page of the frame that have a link of their own in it.
LINKED_INSIDE = ("listing_new", "import")
HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}

for written in (
    formats.amount,
    formats.yuan,
    formats.whole_yuan,
    formats.wan,
    formats.wan_short,
    formats.percent,
    formats.minus,
    formats.signed,
):
    register.filter(written.__name__, written)

register.filter("state_tone", tones.tone)
register.filter("state_icon", tones.icon)
register.filter("state_word", state_word)

# --- pictures -----------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A decorative icon of the sprite; `size` is "small" or "large". Words stand beside it."""
    return _icon(name, size)


@lru_cache(maxsize=256)
def _icon(name: str, size: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" icon-{size}" if size else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
def trl_bars(level: int) -> SafeString:
    """The nine small bars of a readiness level; the words "TRL 6" stand beside them."""
    return format_html(
        '<svg viewBox="0 0 87 14" aria-hidden="true"><use href="{}#trl-{}"/></svg>',
        static("icons.svg"),
        level,
    )


@register.simple_tag
def cover(family: str, code: str, shape: str = "") -> SafeString:
    """The drawn cover of a listing; `shape` is "", "wide", "square" or "tiny"."""
    drawing = covers.draw(family, code, "wide" if shape == "wide" else "")
    return format_html(
        '<svg class="cover{}" viewBox="{}" preserveAspectRatio="xMidYMid slice"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        f" cover-{shape}" if shape else "",
        covers.view_of(shape),
        mark_safe(drawing),  # noqa: S308 - drawn by us from numbers only
    )


@register.simple_tag
def spark_points(values: Sequence[int]) -> str:
    """The polyline points of a sparkline 56 wide and 18 high."""
    return charts.spark_points(values)


# --- the frame ----------------------------------------------------------------------------------


@register.simple_tag
def html_language() -> str:
    """The value of the page's `lang`."""
    return HTML_LANGUAGES.get(get_language() or "", "zh-Hans")


@register.simple_tag(takes_context=True)
def language_url(context: Context, code: str) -> str:
    """This page, filters included, in another language."""
    return translate_url(context["request"].get_full_path(), code)


@register.inclusion_tag("components/alternates.html", takes_context=True)
def alternates(context: Context) -> dict[str, object]:
    """Where search engines find this page, filters left out, in each language."""
    path = context["request"].path
    site = settings.SITE_URL.rstrip("/")
    urls = {code: site + translate_url(path, code) for code in HTML_LANGUAGES}
    others = [(HTML_LANGUAGES[code], url) for code, url in urls.items()]
    return {"own": site + path, "others": [*others, ("x-default", urls["zh-hans"])]}


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, words: str, icon_name: str = "") -> SafeString:
    """A list item that links to a named page and knows when it is the current one.

    Empty when there is no such page or the signed-in reader may not open it, so that the frame
    never links to nothing and never to a closed door.
    """
    url = _open_url(context, name)
    if url is None:
        return SafeString("")
    return format_html(
        '<li><a href="{}"{}>{}{}</a></li>',
        url,
        _current(context, name, url),
        _icon(icon_name, "") if icon_name else "",
        words,
    )


@register.simple_tag(takes_context=True)
def rail_link(
    context: Context, name: str, icon_name: str, words: str, count: int = 0
) -> SafeString:
    """A link of the console's rail, with the number of things that wait behind it."""
    url = _open_url(context, name)
    if url is None:
        return SafeString("")
    waiting = format_html('<span class="count">{}</span>', count) if count else ""
    return format_html(
        '<li><a class="rail-link" href="{}"{}>{}{}{}</a></li>',
        url,
        _current(context, name, url),
        _icon(icon_name, ""),
        words,
        waiting,
    )


def _open_url(context: Context, name: str) -> str | None:
    """The page's address; None without such a page, or when its policy refuses the reader.

    A stranger keeps links to pages behind sign-in: they lead there by way of it.
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    actor: policy.Caller | None = context.get("actor")
    declared = _policy_of(url)
    if actor and actor.is_signed_in and declared and not declared.admits(actor):
        return None
    return url


@lru_cache(maxsize=512)
def _policy_of(url: str) -> policy.Policy | None:
    match = resolve(url)
    return policy.policy_of(match.route, match.func)


def _current(context: Context, name: str, url: str) -> SafeString:
    """aria-current: the page itself, or the section a deeper page stands in."""
    request = context.get("request")
    path = request.path if request else ""
    if path == url:
        return SafeString(' aria-current="page"')
    match = request.resolver_match if request else None
    has_own_link = match is not None and match.url_name in LINKED_INSIDE
    is_inside = name != "home" and path.startswith(url) and not has_own_link
    if context.get("section") == name or is_inside:
        return SafeString(' aria-current="true"')
    return SafeString("")


@register.simple_tag(takes_context=True)
def title_prefix(context: Context) -> str:
    """Says "Error:" first in the page's title when a form or a file came back with errors."""
    forms = [context.get(name) for name in ("form", "upload")]
    has_errors = any(
        isinstance(form, BaseForm) and form.is_bound and bool(form.errors) for form in forms
    )
    return _("Error: ") if has_errors or context.get("problems") else ""


@register.filter
def initial(name: str) -> str:
    """One or two characters that stand for a person or an organisation."""
    words = str(name).split()
    if not words:
        return "?"
    if words[0][0].isascii():
        return "".join(word[0] for word in words[:2]).upper()
    return words[0][:1]


# --- geometry and small answers -----------------------------------------------------------------


@register.filter
def share_of(part: int, whole: int) -> int:
    """How many thousandths of the whole a part is, 0 to 1000: the length of a bar."""
    if whole <= 0:
        return 0
    return max(0, min(1000, part * 1000 // whole))


@register.filter
def plus(number: int, other: int) -> int:
    """A position moved by a distance."""
    return number + other


@register.filter
def trl_steps(level: int) -> list[tuple[int, str]]:
    """The nine steps of the ladder with "done", "now" or "" for each."""
    return [(step, _step_state(step, level)) for step in range(1, 10)]


@register.filter
def trl_stages(level: int) -> list[tuple[str, str]]:
    """The four stages under the ladder with the same states."""
    stages = ((3, _("Laboratory")), (6, _("Pilot")), (8, _("Demonstration")), (9, _("Volume")))
    first = 1
    answer = []
    for last, words in stages:
        reached = "now" if first <= level <= last else "done" if level > last else ""
        answer.append((words, reached))
        first = last + 1
    return answer


def _step_state(step: int, current: int) -> str:
    if step == current:
        return "now"
    return "done" if step < current else ""


@register.filter
def error_count(form: BaseForm) -> int:
    """How many things the reader must correct."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def page_numbers(page: Page[Any]) -> Iterable[int | str]:
    """The numbers of a pager around this page, with gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag
def form_key() -> SafeString:
    """A key that makes a form's effect happen once, however often it is sent."""
    return format_html(
        '<input type="hidden" name="form_key" value="{}">', secrets.token_urlsafe(18)
    )
