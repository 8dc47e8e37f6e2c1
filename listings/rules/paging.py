"""Where in a long list a reader stands: a page number, or the key of the row next to the page."""

import re
from dataclasses import dataclass

PAGE_SIZE = 20
LAST_NUMBERED = 50
LARGEST = 2**63 - 1
_KEY = re.compile(r"[0-9]{1,19}(?:-[0-9]{1,19}){1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A numbered page, or the rows right after (or before) the row with a key."""

    number: int = 1
    after: str = ""
    before: str = ""

    @property
    def is_numbered(self) -> bool:
        """Whether it is one of the first pages, which have numbers."""
        return not self.after and not self.before


def write_key(values: tuple[int, ...]) -> str:
    """The key of a row from the whole numbers that it is sorted by."""
    return "-".join(map(str, values))


def read_key(text: str) -> tuple[int, ...]:
    """The numbers of a key. Raises ValueError for anything else, and for more than 64 bits."""
    numbers = tuple(map(int, text.split("-"))) if _KEY.fullmatch(text) else ()
    if not numbers or max(numbers) > LARGEST:
        raise ValueError(text)
    return numbers
