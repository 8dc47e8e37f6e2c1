"""Bytes to text, without guessing: what cannot be told apart is asked for."""

import codecs
from functools import cache

from listings.rules.rows.faults import FileError

# Of the characters beyond ASCII: bytes of Mac Roman, Big5 or Shift JIS often decode as GB18030
# without an error, but then into rare characters (trust: money and imports).
COMMON_SHARE_PERCENT = 85
# Korean bytes decode into common characters too, but not into those that every text uses.
FREQUENT_SHARE_PERCENT = 5

_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国以要时来用生到作地于出就分对成可主年动同工能下过子产种面而方"
    "后多定行学法所经十二三水机性系统研究制备装置技术应合电高材料化及其理设计新与教院城科发明"
    "名称标题申请号校单位专利日期状态项目"
    "這為個國時來於對動過產種後學經機統製備裝術應電發"
)


def decode(data: bytes, *, named: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding taken.

    A named encoding is taken as it is. Otherwise: a byte order mark decides, then strict UTF-8,
    then GB18030 if the text then holds mostly common Han. Raises FileError when nothing fits;
    there is no fall-back that accepts any byte.
    """
    if named:
        return _decode_named(data, named)
    if data.startswith(_UTF_16_MARKS):
        return _decode_strictly(data, "utf-16"), "utf-16"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decode_gb18030(data, error), "gb18030"
    if "\0" in text:
        raise FileError("encoding.binary")
    return text, "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"


def _decode_named(data: bytes, named: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(named).name
    except (LookupError, ValueError) as error:
        raise FileError("encoding.unknown", name=named) from error
    text = _decode_strictly(data, "utf-8-sig" if name == "utf-8" else name)
    return text.removeprefix("\ufeff"), name


def _decode_strictly(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError("encoding.wrong", name=name, line=line) from error
    except LookupError as error:
        raise FileError("encoding.unknown", name=name) from error
    if "\0" in text:
        raise FileError("encoding.binary")
    return text


def _decode_gb18030(data: bytes, not_utf_8: UnicodeDecodeError) -> str:
    line = data.count(b"\n", 0, not_utf_8.start) + 1
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise FileError("encoding.ask", line=line) from error
    if "\0" in text or not is_mostly_common_han(text):
        raise FileError("encoding.ask", line=line)
    return text


def is_mostly_common_han(text: str) -> bool:
    """Whether the characters beyond ASCII are those that Chinese texts are made of."""
    beyond = [character for character in text if character > "\x7f"]
    common = sum(_is_common(character) for character in beyond)
    frequent = sum(character in _FREQUENT for character in beyond)
    return (
        common * 100 >= len(beyond) * COMMON_SHARE_PERCENT
        and frequent * 100 >= len(beyond) * FREQUENT_SHARE_PERCENT
        and frequent > 0
    )


def _is_common(character: str) -> bool:
    return (
        character in _common_han()
        or "\u3000" <= character <= "\u303f"
        or "\uff00" <= character <= "\uffef"
    )


@cache
def _common_han() -> frozenset[str]:
    """The first levels of GB 2312 and Big5: the everyday characters of both scripts."""
    simplified = _characters("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    traditional = _characters("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    return frozenset(
        character for character in simplified | traditional if "\u4e00" <= character <= "\u9fff"
    )


def _characters(encoding: str, leads: range, trails: range | list[int]) -> set[str]:
    decoded = (
        bytes((lead, trail)).decode(encoding, "ignore") for lead in leads for trail in trails
    )
    return {character for character in decoded if len(character) == 1}
