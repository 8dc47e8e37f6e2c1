"""The numbered pages of a search, and the way on by key past the last of them."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from listings.models.catalogue import Found
from listings.rules.paging import LAST_NUMBERED, PAGE_SIZE, Place


@dataclass(frozen=True)
class Page:
    """One link of the pager; `url` is "" for a gap."""

    text: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Pager:
    """What _pager.html shows; addresses are "" where there is nothing to go to.

    `first` and `last` are positions of the shown rows, 0 past the numbered pages.
    """

    first: int
    last: int
    previous_url: str
    next_url: str
    pages: tuple[Page, ...]


def pager(found: Found, params: QueryDict) -> Pager:
    """The pager of a page that was found with these parameters."""
    place = found.place
    first = (place.number - 1) * PAGE_SIZE + 1 if place.is_numbered else 0
    return Pager(
        first=first,
        last=first + len(found.ids) - 1 if first else 0,
        previous_url=_address(params, found.previous),
        next_url=_address(params, found.following),
        pages=tuple(_pages(found, params)),
    )


def _pages(found: Found, params: QueryDict) -> list[Page]:
    current = found.place.number if found.place.is_numbered else 0
    shown = min(found.count, LAST_NUMBERED * PAGE_SIZE)
    numbers = Paginator(range(shown), PAGE_SIZE).get_elided_page_range(
        max(1, current), on_each_side=2, on_ends=1
    )
    return [
        Page(
            str(number),
            _address(params, Place(number=number)) if isinstance(number, int) else "",
            is_current=number == current,
        )
        for number in numbers
    ]


def _address(params: QueryDict, place: Place | None) -> str:
    """This page at another place, "" for none."""
    if place is None:
        return ""
    moved: MultiValueDict[str, str] = params.copy()
    for name in ("page", "after", "before"):
        moved.pop(name, None)
    where = {"after": place.after, "before": place.before}
    if place.is_numbered:
        where = {"page": str(place.number)} if place.number > 1 else {}
    for name, value in where.items():
        if value:
            moved[name] = value
    return f"?{moved.urlencode()}"  # type: ignore[attr-defined]
