"""What a terms document is made of, as an editor shows it: fields, groups of fields, lists of rows.

The names of form fields are the paths of the document with dashes: `streams[0].tiers.rows[1].rate`
is filled in by `streams-0-tiers-rows-1-rate`, so that a fault's place finds its field.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Words = str | Promise


class Kind(StrEnum):
    """How a value is written in the document and in the form (deals.forms.terms.values)."""

    AMOUNT = "amount"
    SHARE = "share"
    QUANTITY = "quantity"
    NUMBER = "number"
    COUNT = "count"
    WEIGHT = "weight"
    FLAG = "flag"
    DAY = "day"
    START = "start"
    TEXT = "text"
    CHOICE = "choice"
    WORDS = "words"
    PARTY = "party"
    CONSTANT = "constant"
    NAMED = "named"
    COLLECTION = "collection"


@dataclass(frozen=True)
class Leaf:
    """One value of the document.

    `usual` stands in an empty form; a group in which nothing departs from it is left out.
    """

    key: str
    kind: Kind
    label: Words = ""
    hint: Words = ""
    choices: Sequence[tuple[str, Words]] = ()
    usual: str | bool | tuple[str, ...] = ""
    is_unusual: bool = False
    unit: Words = ""


@dataclass(frozen=True)
class Group:
    """Values that stand together under a dotted key; "" is the document itself.

    `is_kept`: it stays in the document even if nothing in it departs from the usual.
    """

    key: str
    title: Words
    parts: tuple["Leaf | Group | Rows", ...]
    hint: Words = ""
    is_unusual: bool = False
    is_kept: bool = False


@dataclass(frozen=True)
class Rows:
    """A list of objects; a list of plain values has one part whose key is "".

    `one` is what its button says, `each` what a row is called beside its number.
    `by`: the key of the part whose value names each row in a document that holds them by name.
    `least`: how many rows are shown at least. `is_stated`: the document says so if there are none.
    """

    key: str
    title: Words
    parts: tuple["Leaf | Group | Rows", ...]
    one: Words = ""
    each: Words = ""
    hint: Words = ""
    by: str = ""
    least: int = 0
    is_stated: bool = False
    is_unusual: bool = False


Part = Leaf | Group | Rows
