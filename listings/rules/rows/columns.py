"""Which column of a file means what: maps of known shapes, a given one, or the header's words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from listings.rules.rows.dates import ORDERS
from listings.rules.rows.faults import FileError

# The first of these that a row fills in is its number; `case` and `id` name no patent.
NUMBERS = ("application", "publication", "case", "id")

# What a file's header may call each field, compared without case, spaces and signs.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title",
        "成果名称",
        "名称",
        "标题",
        "题名",
        "项目名称",
        "专利名称",
        "发明名称",
        "name",
    ),
    "title_zh": ("title_zh", "中文名称", "中文标题"),
    "title_en": ("title_en", "英文名称", "英文标题", "english title"),
    "application": (
        *("application_no", "application number", "application", "ep_application_no"),
        *(
            "application_sn",
            "appl no",
            "申请号",
            "专利申请号",
            "申请（专利）号",
            "专利号",
            "patent number",
        ),
        *("patent no", "patent_no"),
    ),
    "publication": ("publication_no", "publication number", "公开号", "公告号", "公开（公告）号"),
    "case": (
        "case_number",
        "case no",
        "case",
        "docket",
        "docket number",
        "案卷号",
        "内部编号",
        "案号",
    ),
    "id": ("id", "no", "number", "编号", "序号", "成果编号", "record id"),
    "owner": (
        *("university", "organisation", "organization", "owner", "institution", "center", "centre"),
        *(
            "applicant",
            "assignee",
            "高校",
            "学校",
            "单位",
            "完成单位",
            "所属单位",
            "所属高校",
            "专利权人",
        ),
        *("申请人", "机构", "权利人", "学校名称"),
    ),
    "status": ("status", "legal status", "patent_status", "法律状态", "专利状态", "状态"),
    "filed": ("filing_date", "filed", "filing date", "application date", "申请日", "申请日期"),
    "expires": (
        "expiration_date",
        "expires",
        "expiry",
        "expiry date",
        "到期日",
        "失效日",
        "届满日",
    ),
    "kind": ("kind", "patent kind", "patent type", "专利类型", "类型"),
    "office": ("office", "patent office", "受理局"),
    "pitch": ("pitch", "summary", "benefit sentence", "一句话", "一句话说明", "简介", "亮点"),
    "description": ("description", "abstract", "摘要", "描述", "说明", "详细介绍", "成果简介"),
    "keywords": ("keywords", "keyword", "tags", "关键词", "关键字", "标签"),
    "industry": ("industry", "产业", "行业", "所属产业", "产业领域"),
    "trl": ("trl", "readiness", "maturity", "成熟度", "技术成熟度"),
    "trl_evidence": ("trl_evidence", "evidence", "佐证", "佐证材料", "成熟度证据", "成熟度佐证"),
    "trl_missing": ("trl_missing", "still missing", "还缺什么", "下一级还缺"),
    "benefit": ("benefit", "benefit label", "效益", "效益指标", "指标"),
    "benefit_value": ("benefit_value", "value", "效益数值", "数值", "指标值"),
    "benefit_unit": ("benefit_unit", "unit", "效益单位", "计量单位"),
    "benefit_compared_value": (
        "benefit_compared_value",
        "typical value",
        "对照值",
        "对照数值",
        "常规数值",
    ),
    "benefit_compared_with": ("benefit_compared_with", "compared with", "对照", "对照对象"),
    "benefit_method": ("benefit_method", "method", "测量方法", "测试方法", "怎么测的"),
    "terms": ("terms", "terms template", "条款模板", "条款"),
    "inventors": ("inventors", "inventor", "发明人", "成果完成人", "完成人"),
}
FIELDS = tuple(HEADERS)
DEFAULTS = ("office", "kind", "status", "language")
KEYS = ("source", "columns", "recognise", "defaults", "date_order", "title_language", "note")


@dataclass(frozen=True)
class ColumnMap:
    """How to read one kind of file.

    `columns` leads from our field to the file's columns: the first that a row fills in counts,
    for keywords all of them. `source` names where rows come from and is part of their identity.
    """

    source: str
    columns: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, str] = field(default_factory=dict)
    date_order: str | None = None
    recognise: tuple[str, ...] = ()


def read_map(raw: object, *, source: str) -> ColumnMap:
    """A map as its JSON file has it; `source` is used when it names none.

    Raises FileError("map.invalid") for unknown keys, fields or a date order that is none.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("columns"), Mapping):
        raise FileError("map.invalid", reason='it needs "columns"')
    columns, defaults = raw["columns"], raw.get("defaults", {})
    _check_names("key", raw, KEYS)
    _check_names("field", columns, FIELDS)
    if not isinstance(defaults, Mapping):
        raise FileError("map.invalid", reason='"defaults" is no object')
    _check_names("default", defaults, DEFAULTS)
    order = raw.get("date_order")
    if order is not None and order not in ORDERS:
        raise FileError("map.invalid", reason="date_order is mdy or dmy")
    return ColumnMap(
        source=_source(raw.get("source", source)),
        columns={name: _column_names(name, value) for name, value in columns.items()},
        defaults={name: str(value) for name, value in defaults.items()},
        date_order=order,
        recognise=tuple(map(str, raw.get("recognise", ()))),
    )


def _source(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip() or len(raw) > 60:
        raise FileError("map.invalid", reason="source is a name of 1 to 60 characters")
    return raw.strip()


def _check_names(what: str, found: Iterable[str], known: Sequence[str]) -> None:
    unknown = sorted(set(map(str, found)) - set(known))
    if unknown:
        raise FileError("map.invalid", reason=f"unknown {what} {', '.join(unknown)}")


def _column_names(name: str, value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(one, str) and one for one in names):
        raise FileError("map.invalid", reason=f"{name} needs a column's name or a list of them")
    return tuple(names)


def check(column_map: ColumnMap, header: Sequence[str]) -> None:
    """Raise FileError when the map names columns that the header does not have, or no title."""
    named = [column for columns in column_map.columns.values() for column in columns]
    missing = [column for column in named if column not in header]
    if missing:
        raise FileError("map.missing_column", missing=_list(missing), columns=_list(header))
    if not {"title", "title_zh", "title_en"} & set(column_map.columns):
        raise FileError("map.no_title", columns=_list(header))


def _list(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def recognise(header: Sequence[str], known: Iterable[ColumnMap], *, source: str) -> ColumnMap:
    """The map for a header: the known one that was made for just these columns.

    Otherwise the header's own words decide. Raises FileError when no column holds the title.
    """
    for one in known:
        if set(one.recognise) == set(header):
            return one
    return _by_words(header, source)


def _by_words(header: Sequence[str], source: str) -> ColumnMap:
    by_word = {_plain(name): name for name in reversed(header)}
    columns = {
        name: tuple(
            dict.fromkeys(by_word[_plain(word)] for word in words if _plain(word) in by_word)
        )
        for name, words in HEADERS.items()
    }
    found = ColumnMap(source[:60], {name: value for name, value in columns.items() if value})
    check(found, header)
    return found


def _plain(name: str) -> str:
    """A column's name without case, width, spaces and signs."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()
