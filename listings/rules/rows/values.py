"""One cell at a time: from what a file holds to a clean value, or the reason why not."""

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from urllib.parse import parse_qsl, urlsplit


class BadValueError(ValueError):
    """A value that cannot be taken; `code` and `context` name the reason."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.context = context


STATUSES: Mapping[str, tuple[str, ...]] = {
    "granted": (
        "granted",
        "issued",
        "active",
        "in force",
        "授权",
        "有效",
        "有权",
        "专利权维持",
        "已授权",
    ),
    "pending": (
        "pending",
        "application",
        "filed",
        "published",
        "审中",
        "公开",
        "实质审查",
        "申请中",
        "受理",
    ),
    "refused": (
        "refused",
        "withdrawn",
        "rejected",
        "abandoned",
        "驳回",
        "撤回",
        "视为撤回",
        "放弃",
    ),
    "lapsed": ("lapsed", "expired", "失效", "无效", "终止", "届满", "专利权终止"),
}
KINDS: Mapping[str, tuple[str, ...]] = {
    "invention": ("invention", "发明", "发明专利", "发明公开", "发明授权"),
    "utility": ("utility", "utility model", "实用新型", "新型"),
    "design": ("design", "外观设计", "外观"),
}
OFFICES = frozenset(
    {
        *("EP", "CN", "US", "WO", "JP", "DE", "GB", "FR", "KR", "HK", "TW", "MO"),
        *("AU", "CA", "CH", "AT", "ES", "IT", "NL", "SE", "RU", "IN"),
    }
)
# What people write for "how mature", with the level that it usually means.
TRL_WORDS = {"概念": 2, "实验室": 4, "小试": 4, "中试": 6, "示范": 7, "量产": 9, "产业化": 9}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff]")
_NUMBER_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9./()_-]*")
_DECIMAL = re.compile(r"-?\d{1,14}(\.\d{1,4})?", re.ASCII)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def text(raw: object, *, limit: int) -> str:
    """One line: no control characters, single spaces. Raises BadValueError beyond `limit`."""
    found = " ".join(_CONTROL.sub(" ", as_text(raw)).split())
    if len(found) > limit:
        raise BadValueError("text.too_long", limit=limit)
    return found


def long_text(raw: object, *, limit: int) -> str:
    """Several lines, otherwise as `text`."""
    lines = [" ".join(_CONTROL.sub(" ", line).split()) for line in as_text(raw).splitlines()]
    found = "\n".join(lines).strip()
    if len(found) > limit:
        raise BadValueError("text.too_long", limit=limit)
    return found


def as_text(raw: object) -> str:
    """A cell as text: nothing for null, a list joined by semicolons.

    Raises BadValueError for a JSON object, and for half a surrogate pair, which no database stores.
    """
    if raw is None:
        return ""
    if isinstance(raw, dict):
        raise BadValueError("text.nested")
    if isinstance(raw, list):
        return "; ".join(as_text(part) for part in raw)
    found = str(raw)
    if any("\ud800" <= character <= "\udfff" for character in found):
        raise BadValueError("text.damaged")
    return found


def words(raw: object, *, limit: int = 80) -> list[str]:
    """Keywords: a list as it is, or a text cut at semicolons, bars, line breaks and 、 and ，."""
    parts = raw if isinstance(raw, list) else re.split(r"[;|；、，\n]|,(?!\d)", as_text(raw))
    found = (text(part, limit=10_000)[:limit] for part in parts)
    return list(dict.fromkeys(word for word in found if word))


def number(raw: object, *, is_official: bool = False) -> str:
    """A number in one spelling: upper case, no spaces or commas; a link gives what it asks for.

    "" for a blank, and for an official number without any digit from 1 to 9 ("/0", "n/a"),
    which offices never gave out. Raises BadValueError for what is no number.
    """
    written = unicodedata.normalize("NFKC", as_text(raw)).strip()
    if written.lower().startswith(("http://", "https://")):
        written = _from_link(written)
    found = re.sub(r"[\s,]+", "", written).upper().lstrip("#")
    if not found or (is_official and not re.search(r"[1-9]", found)):
        return ""
    if len(found) > 40 or not _NUMBER_SHAPE.fullmatch(found):
        raise BadValueError("number.invalid", text=written[:60])
    return found


def _from_link(link: str) -> str:
    """The number in a register's link: a query's value, else the last part of the path."""
    parts = urlsplit(link)
    asked = [value for _, value in parse_qsl(parts.query) if re.search(r"\d{3}", value)]
    if asked:
        return asked[0].rpartition("=")[2]
    path = [part for part in parts.path.split("/") if re.search(r"\d{3}", part)]
    return path[-1] if path else ""


def record_id(raw: object) -> str:
    """A case number or record id, kept in its own spelling without surrounding space."""
    found = unicodedata.normalize("NFKC", text(raw, limit=1_000))
    if len(found) > 80:
        raise BadValueError("number.invalid", text=found[:60])
    return found


def status(raw: object) -> str:
    """granted, pending, refused or lapsed; "unknown" for any other word."""
    written = text(raw, limit=1_000).casefold().replace("_", " ")
    plain = written.removeprefix("ep ")
    for name, known in STATUSES.items():
        if plain.startswith(known):
            return name
    return "unknown"


def kind(raw: object, patent_number: str) -> str:
    """invention, utility or design: by its word, else by the number's last letter."""
    written = text(raw, limit=1_000).casefold()
    for name, known in KINDS.items():
        if written in known:
            return name
    if patent_number.startswith("CN"):
        return {"U": "utility", "Y": "utility", "S": "design", "D": "design"}.get(
            patent_number[-1], "invention"
        )
    return "invention"


def office(raw: object, patent_number: str) -> str:
    """The office's two letters: its own column, else the start of the number, else ""."""
    written = text(raw, limit=40).upper()
    if written in OFFICES:
        return written
    start = patent_number[:2]
    return "CN" if start == "ZL" else start if start in OFFICES else ""


def trl(raw: object) -> int | None:
    """The level in "6", "TRL 6", "TRL6级" or "6.0"; None for a blank. Raises BadValueError."""
    written = unicodedata.normalize("NFKC", text(raw, limit=1_000))
    if not written:
        return None
    found = re.fullmatch(
        r"(?:TRL|技术成熟度)?[\s:-]*([1-9])(?:\.0)?\s*级?(?:\s*/\s*9)?", written, re.IGNORECASE
    )
    if found:
        return int(found[1])
    usual = next((level for word, level in TRL_WORDS.items() if word in written), None)
    raise BadValueError("trl.invalid", hint=f"; {written} is usually {usual}" if usual else "")


def industry(raw: object, known: Mapping[str, str]) -> str:
    """The code of an industry by its code or either name; "" for a blank. Raises BadValueError.

    `known` leads from each code and casefolded name to the code.
    """
    written = text(raw, limit=1_000)
    if not written:
        return ""
    found = known.get(written.casefold())
    if found:
        return found
    near = get_close_matches(written.casefold(), known, n=1, cutoff=0.5)
    raise BadValueError(
        "industry.unknown", text=written, hint=f"; do you mean {near[0]}?" if near else ""
    )


def decimal_text(raw: object) -> str:
    """A plain number of ASCII digits, up to four decimals; "" if blank. Raises BadValueError."""
    written = as_text(raw).strip().replace("\u2212", "-")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", written, re.ASCII):
        written = written.replace(",", "")
    if written and not _DECIMAL.fullmatch(written):
        raise BadValueError("value.invalid", text=written[:60])
    return written


def inventors(raw: object) -> list[tuple[str, int]]:
    """Names with whole-number shares from "王岚:60; 李珩:40"; a share left out counts as 1."""
    found = []
    for part in words(raw, limit=200):
        name, _, share = part.replace("：", ":").partition(":")
        weight = share.strip().removesuffix("%") or "1"
        if not re.fullmatch(r"[1-9]\d{0,8}", weight, re.ASCII):
            raise BadValueError("weight.invalid", name=name.strip())
        found.append((name.strip()[:80], int(weight)))
    return found


def is_chinese(written: str) -> bool:
    """Whether a text holds Han characters."""
    return bool(_HAN.search(written))
