"""One value of a terms document as people write it, and back: yuan with separators, per cent.

What cannot be read is handed on as it was typed; the calculation's own check then says what is
wrong with it, at its place. No digit is worked out here: a percentage moves its point.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deals.forms.talks import percent_of
from deals.forms.terms.parts import Kind, Leaf
from deals.rules.money import EXPONENTS, MoneyError, format_amount, parse_amount

CONVERSION = "conversion"
EACH_OWNER = "each_owner"
LEAD = "lead:"
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})", re.ASCII)
_DECIMAL = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,12}))?", re.ASCII)
_GROUPS = re.compile(r"\B(?=([0-9]{3})+(?![0-9]))")


@dataclass(frozen=True)
class Setting:
    """What the writing of a value hangs on.

    The currency, whether the stream counts pieces, the names of parties by their public id, and
    the public id behind each name that was typed.
    """

    currency: str = "CNY"
    counts_units: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)


def read(leaf: Leaf, typed: Any, setting: Setting) -> Any:
    """What the document holds for what was typed; None for nothing."""
    if leaf.kind in _NEVER_NOTHING:
        return _NEVER_NOTHING[leaf.kind](leaf, typed, setting)
    if not typed:
        return None
    return _READERS.get(leaf.kind, _as_typed)(leaf, typed, setting)


def write(leaf: Leaf, held: Any, setting: Setting) -> Any:
    """What a form shows for what the document holds."""
    if leaf.kind is Kind.FLAG:
        return held is True
    if leaf.kind is Kind.WORDS:
        return held if isinstance(held, list) else []
    if held is None:
        return ""
    return _WRITERS.get(leaf.kind, _as_held)(leaf, held, setting)


def share_of(percent: str) -> str:
    """`3.5` as `0.035`; anything but a plain number as it is."""
    found = _DECIMAL.fullmatch(percent)
    if found is None:
        return percent
    sign, whole, fraction = found.groups()
    digits = whole.zfill(3)
    fraction = f"{digits[-2:]}{fraction or ''}".rstrip("0")
    whole = digits[:-2].lstrip("0") or "0"
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def grouped(text: str) -> str:
    """A plain number with a comma after every third digit from the right."""
    whole, point, fraction = text.partition(".")
    return f"{_GROUPS.sub(',', whole)}{point}{fraction}"


def setting_of(currency: object, basis: object, parties: Setting) -> Setting:
    """The setting of a stream with this basis in a contract of this currency."""
    known = currency if isinstance(currency, str) and currency in EXPONENTS else "CNY"
    return Setting(known, basis == "units", parties.names, parties.parties)


def _plain(text: str) -> str:
    """Digits from any keyboard, without separators and spaces."""
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")


def _as_typed(_leaf: Leaf, typed: Any, _setting: Setting) -> Any:
    return typed


def _as_held(_leaf: Leaf, held: Any, _setting: Setting) -> Any:
    return str(held)


def _read_amount(_leaf: Leaf, typed: str, setting: Setting) -> str:
    text = _plain(typed)
    try:
        return format_amount(parse_amount(text, setting.currency), setting.currency)
    except MoneyError:
        return text


def _write_amount(leaf: Leaf, held: Any, setting: Setting) -> str:
    text = _read_amount(leaf, str(held), setting)
    return grouped(text) if _DECIMAL.fullmatch(text) else str(held)


def _read_quantity(leaf: Leaf, typed: str, setting: Setting) -> str:
    return _plain(typed) if setting.counts_units else _read_amount(leaf, typed, setting)


def _write_quantity(leaf: Leaf, held: Any, setting: Setting) -> str:
    return str(held) if setting.counts_units else _write_amount(leaf, held, setting)


def _read_share(_leaf: Leaf, typed: str, _setting: Setting) -> str:
    return share_of(_plain(typed).removesuffix("%"))


def _write_share(_leaf: Leaf, held: Any, _setting: Setting) -> str:
    text = str(held)
    return percent_of(text) if _DECIMAL.fullmatch(text) and text[0] != "-" else text


def _read_number(_leaf: Leaf, typed: str, _setting: Setting) -> str:
    return _plain(typed)


def _read_count(_leaf: Leaf, typed: str, _setting: Setting) -> int | str:
    text = _plain(typed)
    return int(text) if _WHOLE.fullmatch(text) else text


def _read_named(leaf: Leaf, typed: str, _setting: Setting) -> str:
    """The code behind a word that the form suggests; any other word is the contract's own."""
    return next((code for code, word in leaf.choices if str(word) == typed), typed)


def _write_named(leaf: Leaf, held: Any, _setting: Setting) -> str:
    return next((str(word) for code, word in leaf.choices if code == held), str(held))


def _read_party(_leaf: Leaf, typed: str, setting: Setting) -> str:
    return setting.parties.get(typed, typed)


def _write_party(_leaf: Leaf, held: Any, setting: Setting) -> str:
    return setting.names.get(str(held), str(held))


def _read_start(_leaf: Leaf, typed: str, _setting: Setting) -> str:
    return typed or CONVERSION


def _read_words(_leaf: Leaf, typed: Any, _setting: Setting) -> list[str]:
    return list(typed or ())


def _read_constant(leaf: Leaf, _typed: Any, _setting: Setting) -> Any:
    return leaf.usual


def _write_start(_leaf: Leaf, held: Any, _setting: Setting) -> str:
    return "" if held == CONVERSION else str(held)


def _read_collection(leaf: Leaf, typed: str, setting: Setting) -> str:
    return f"{LEAD}{_read_party(leaf, typed, setting)}" if typed else EACH_OWNER


def _write_collection(leaf: Leaf, held: Any, setting: Setting) -> str:
    text = str(held)
    if text.startswith(LEAD):
        return _write_party(leaf, text.removeprefix(LEAD), setting)
    return "" if text == EACH_OWNER else text


_NEVER_NOTHING: Mapping[Kind, Callable[[Leaf, Any, Setting], Any]] = {
    Kind.START: _read_start,
    Kind.WORDS: _read_words,
    Kind.CONSTANT: _read_constant,
    Kind.COLLECTION: _read_collection,
}
_READERS: Mapping[Kind, Callable[[Leaf, Any, Setting], Any]] = {
    Kind.AMOUNT: _read_amount,
    Kind.QUANTITY: _read_quantity,
    Kind.SHARE: _read_share,
    Kind.NUMBER: _read_number,
    Kind.COUNT: _read_count,
    Kind.WEIGHT: _read_count,
    Kind.NAMED: _read_named,
    Kind.PARTY: _read_party,
}
_WRITERS: Mapping[Kind, Callable[[Leaf, Any, Setting], Any]] = {
    Kind.AMOUNT: _write_amount,
    Kind.QUANTITY: _write_quantity,
    Kind.SHARE: _write_share,
    Kind.START: _write_start,
    Kind.NAMED: _write_named,
    Kind.PARTY: _write_party,
    Kind.COLLECTION: _write_collection,
}
