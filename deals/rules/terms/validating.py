"""Check one terms version, and remember what the check of the same document said."""

import marshal
from collections.abc import Mapping
from functools import lru_cache

from deals.rules.faults import Caution, Fault
from deals.rules.terms import checks, reading
from deals.rules.terms.model import Terms
from deals.rules.texts import is_text

Validated = tuple[Terms | None, tuple[Fault, ...], tuple[Caution, ...]]

# 512 documents of at most 16 kB each, and the terms they hold.
_REMEMBERED = 512
_LONGEST = 16_384


def validate(version: Mapping[str, object], where: str = "") -> Validated:
    """Read one terms version for an editor: the terms, what forbids them, what to look at.

    The terms are None when there is a fault. `where` is put before every path. The result hangs on
    nothing but the document, so that a run, which meets the same one in deal after deal, gets
    the same frozen terms again.
    """
    content = _content_of(version)
    return _validated(version, where) if content is None else _remembered(content, where)


def _content_of(version: object) -> bytes | None:
    """Return everything the document says save the contract's number, None if that is too much.

    The number is in no figure; it only has to be a text. Bytes keep apart what compares as equal
    (1, 1.0 and true), and equal bytes are equal documents.
    """
    if type(version) is not dict:
        return None
    number = version.get("contract")
    if not isinstance(number, str) or not is_text(number):
        return None
    try:
        content = marshal.dumps({**version, "contract": "-"}, 2)
    except ValueError:  # nested too deeply, or no JSON
        return None
    return content if len(content) <= _LONGEST else None


@lru_cache(maxsize=_REMEMBERED)
def _remembered(content: bytes, where: str) -> Validated:
    return _validated(marshal.loads(content), where)  # noqa: S302 - written by us, just above


def _validated(version: Mapping[str, object], where: str) -> Validated:
    faults: list[Fault] = []
    terms = reading.read(version, where, faults)
    if not faults:
        faults.extend(checks.faults(terms, where))
    if faults:
        return None, tuple(faults), ()
    return terms, (), tuple(checks.cautions(terms, where))
