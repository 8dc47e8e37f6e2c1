"""Shelf codes such as `A-0312-07`: the aisle's letter and six digits."""

import re
import unicodedata

_TYPED = re.compile(r"([A-Z])[\W_]*([0-9]{4})[\W_]*([0-9]{2})", re.ASCII)


def read(typed: str) -> str | None:
    """The code meant by what was typed: any case, any width, any separators; None for no code."""
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    found = _TYPED.fullmatch(plain)
    return "-".join(found.groups()) if found else None
