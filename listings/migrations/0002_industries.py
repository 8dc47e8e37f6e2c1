"""The 28 industries of the hall, with their aisle and the family of their covers.

Five names and two figures come from the article that describes the fair; the other names are ours.
The platform edits them in the admin site, so a later change of a row here changes nothing.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDUSTRIES = (
    ("A", "new-energy", "新能源与储能", "New energy and storage", "bars", "ours"),
    ("A", "environment", "绿色环保", "Green and environmental", "leaves", "ours"),
    (
        "A",
        "connected-vehicles",
        "智能网联与新能源汽车",
        "Intelligent connected and new-energy vehicles",
        "bars",
        "ours",
    ),
    (
        "A",
        "low-altitude",
        "低空经济与航空航天",
        "Low-altitude economy and aerospace",
        "streamlines",
        "ours",
    ),
    ("A", "marine", "海洋经济", "Marine economy", "waves", "ours"),
    ("A", "nuclear", "安全应急与核能", "Safety, emergency and nuclear energy", "hexagons", "ours"),
    ("B", "biomedicine", "生物医药", "Biomedicine", "helix", "seed figure"),
    ("B", "medical-devices", "高端医疗器械", "Advanced medical devices", "helix", "ours"),
    ("B", "health", "健康与养老", "Health and ageing", "helix", "ours"),
    ("B", "food", "食品与营养", "Food and nutrition", "leaves", "ours"),
    ("B", "agriculture", "现代农业", "Modern agriculture", "leaves", "ours"),
    (
        "B",
        "synthetic-biology",
        "合成生物与生物制造",
        "Synthetic biology and biomanufacturing",
        "helix",
        "ours",
    ),
    (
        "C",
        "semiconductors",
        "半导体与集成电路",
        "Semiconductors and integrated circuits",
        "circuit",
        "seed figure",
    ),
    ("C", "software", "软件与信息", "Software and information", "circuit", "seed rank"),
    ("C", "ai", "人工智能", "Artificial intelligence", "dots", "ours"),
    ("C", "communications", "新一代通信", "Next-generation communications", "arcs", "ours"),
    ("C", "displays", "超高清与新型显示", "Ultra-HD and new displays", "circuit", "ours"),
    (
        "C",
        "consumer-electronics",
        "智能终端与家电",
        "Smart devices and appliances",
        "circuit",
        "ours",
    ),
    ("C", "optoelectronics", "激光与光电", "Lasers and optoelectronics", "arcs", "ours"),
    ("C", "quantum", "量子与前沿科技", "Quantum and frontier technology", "arcs", "ours"),
    ("D", "smart-manufacturing", "智能制造", "Smart manufacturing", "dots", "seed rank"),
    ("D", "robotics", "机器人", "Robotics", "arcs", "ours"),
    ("D", "new-materials", "前沿新材料", "Advanced new materials", "hexagons", "seed rank"),
    ("D", "fine-chemicals", "精细化工", "Fine chemicals", "hexagons", "ours"),
    ("D", "instruments", "精密仪器", "Precision instruments", "dots", "ours"),
    ("D", "rail-ships", "轨道交通与船舶", "Rail transit and shipbuilding", "streamlines", "ours"),
    (
        "D",
        "construction",
        "绿色建造与智慧城市",
        "Green construction and smart cities",
        "bars",
        "ours",
    ),
    (
        "D",
        "textiles-creative",
        "纺织时尚与数字创意",
        "Textiles, fashion and digital creative",
        "waves",
        "ours",
    ),
)


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the industries and the counter of each aisle."""
    industry = apps.get_model("listings", "Industry")
    counter = apps.get_model("listings", "ShelfCounter")
    industry.objects.bulk_create(
        industry(
            aisle=aisle,
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            cover=cover,
            source=source,
            position=position,
        )
        for position, (aisle, code, name_zh, name_en, cover, source) in enumerate(INDUSTRIES, 1)
    )
    counter.objects.bulk_create(
        counter(aisle=aisle) for aisle in sorted({row[0] for row in INDUSTRIES})
    )


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove them again; refused by the database once a listing stands in one."""
    codes = [row[1] for row in INDUSTRIES]
    apps.get_model("listings", "Industry").objects.filter(code__in=codes).delete()
    apps.get_model("listings", "ShelfCounter").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("listings", "0001_initial")]
    operations = [migrations.RunPython(create, remove)]
