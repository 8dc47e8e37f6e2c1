"""Real texts under invented universities: abstracts and patent titles, sorted into industries."""

import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Text:
    """One technology's words; `number` is the real application number of a NASA patent."""

    language: str
    title: str
    description: str
    keywords: tuple[str, ...]
    industry: str
    number: str = ""


BY_DISCIPLINE = {
    "食品科学与工程": "food",
    "中医学/中药学": "biomedicine",
    "材料科学与工程": "new-materials",
    "化学/化学工程与技术": "fine-chemicals",
    "交通运输工程": "rail-ships",
    "园艺学": "agriculture",
    "基础医学/临床医学": "biomedicine",
    "药学": "biomedicine",
    "信息与通信工程": "communications",
    "农业工程": "agriculture",
    "计算机科学与技术": "software",
    "纺织科学与工程": "textiles-creative",
    "水产": "marine",
    "力学": "smart-manufacturing",
    "石油与天然气工程": "new-energy",
    "环境科学与工程": "environment",
    "机械工程": "smart-manufacturing",
    "土木工程": "construction",
    "电子科学与技术": "semiconductors",
    "生物学/生物科学与工程": "synthetic-biology",
    "矿业工程": "nuclear",
    "光学工程": "optoelectronics",
    "作物学": "agriculture",
    "电气工程": "new-energy",
    "船舶与海洋工程": "marine",
    "建筑学": "construction",
    "冶金工程": "new-materials",
    "动力工程及工程热物理": "new-energy",
    "口腔医学": "medical-devices",
    "海洋科学": "marine",
    "畜牧学/兽医学": "agriculture",
    "地质学/地质资源与地质工程": "instruments",
    "测绘科学与技术": "instruments",
    "控制科学与工程": "robotics",
    "水利工程": "construction",
    "林学/林业工程": "environment",
    "核科学与技术": "nuclear",
    "农业资源利用": "agriculture",
    "物理学": "quantum",
    "航空宇航科学与技术": "low-altitude",
    "植物保护": "agriculture",
}

# The first word found in a lower-cased NASA title decides; the order is from special to general.
BY_WORD: tuple[tuple[str, str], ...] = (
    ("quantum", "quantum"),
    ("battery", "new-energy"),
    ("fuel cell", "new-energy"),
    ("solar", "new-energy"),
    ("power", "new-energy"),
    ("laser", "optoelectronics"),
    ("lidar", "optoelectronics"),
    ("optical", "optoelectronics"),
    ("fiber", "optoelectronics"),
    ("robot", "robotics"),
    ("glove", "robotics"),
    ("aircraft", "low-altitude"),
    ("wing", "low-altitude"),
    ("flight", "low-altitude"),
    ("rotor", "low-altitude"),
    ("antenna", "communications"),
    ("communication", "communications"),
    ("radio", "communications"),
    ("semiconductor", "semiconductors"),
    ("circuit", "semiconductors"),
    ("chip", "semiconductors"),
    ("display", "displays"),
    ("learning", "ai"),
    ("neural", "ai"),
    ("algorithm", "ai"),
    ("software", "software"),
    ("data", "software"),
    ("cell", "synthetic-biology"),
    ("bio", "synthetic-biology"),
    ("medical", "medical-devices"),
    ("ultrasound", "medical-devices"),
    ("exercise", "health"),
    ("water", "environment"),
    ("air ", "environment"),
    ("vehicle", "connected-vehicles"),
    ("wireless", "consumer-electronics"),
    ("polymer", "new-materials"),
    ("composite", "new-materials"),
    ("alloy", "new-materials"),
    ("nano", "new-materials"),
    ("coating", "fine-chemicals"),
    ("chemical", "fine-chemicals"),
    ("sensor", "instruments"),
    ("detect", "instruments"),
    ("measure", "instruments"),
)


def chinese() -> list[Text]:
    """The Apache-2.0 abstracts of engineering, medicine, science and agriculture."""
    with gzip.open(DATA / "zh_science_abstracts.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Text(
            language="zh-hans",
            title=row["title"],
            description=row["abstract"],
            keywords=tuple(row["keywords"]),
            industry=BY_DISCIPLINE[row["discipline"]],
        )
        for row in rows
        if row["discipline"] in BY_DISCIPLINE
    ]


def english() -> list[Text]:
    """The titles of NASA's patent portfolio, a work of the United States government."""
    with (DATA / "nasa_patents.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        Text(
            language="en",
            title=row["title"],
            description="",
            keywords=(),
            industry=_industry_of(row["title"].lower()),
            number=row["application_sn"],
        )
        for row in rows
        if row["title"]
    ]


def _industry_of(title: str) -> str:
    return next((code for word, code in BY_WORD if word in title), "smart-manufacturing")
